/* Just enough JSON: find the members of one object and check its shape on the way. Values are not decoded. */
#include "wire.h"

#include <string.h>

enum { DEPTH = 32 };

static const char *skip_value(const char *p, const char *end, int depth);

static const char *space(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r')) p++;
    return p;
}

/* p stands on the opening quote; returns what follows the closing one, NULL when malformed. */
static const char *skip_string(const char *p, const char *end) {
    for (p++; p < end; p++) {
        if (*p == '"') return p + 1;
        if ((unsigned char)*p < 0x20) return NULL;
        if (*p != '\\') continue;
        if (++p >= end) return NULL;
        if (*p == 'u') {
            if (end - p < 5) return NULL;
            for (int i = 1; i <= 4; i++) {
                char c = p[i];
                if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) return NULL;
            }
            p += 4;
        } else if (!strchr("\"\\/bfnrt", *p)) {
            return NULL;
        }
    }
    return NULL;
}

static const char *skip_list(const char *p, const char *end, int depth) {
    p = space(p + 1, end);
    if (p < end && *p == ']') return p + 1;
    for (;;) {
        p = skip_value(p, end, depth);
        if (!p) return NULL;
        p = space(p, end);
        if (p < end && *p == ']') return p + 1;
        if (p >= end || *p != ',') return NULL;
        p++;
    }
}

/* Walks an object; each member named in names leaves its value in values. */
static const char *walk(const char *p, const char *end, int depth, const char *const *names, int count,
                        struct slice *values) {
    p = space(p + 1, end);
    if (p < end && *p == '}') return p + 1;
    for (;;) {
        p = space(p, end);
        if (p >= end || *p != '"') return NULL;
        const char *name = p + 1;
        p = skip_string(p, end);
        if (!p) return NULL;
        size_t len = (size_t)(p - 1 - name);
        p = space(p, end);
        if (p >= end || *p != ':') return NULL;
        const char *value = space(p + 1, end);
        p = skip_value(value, end, depth);
        if (!p) return NULL;
        for (int i = 0; i < count; i++)
            if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
                values[i] = (struct slice){value, (size_t)(p - value)};
        p = space(p, end);
        if (p < end && *p == '}') return p + 1;
        if (p >= end || *p != ',') return NULL;
        p++;
    }
}

static const char *skip_value(const char *p, const char *end, int depth) {
    p = space(p, end);
    if (p >= end || depth >= DEPTH) return NULL;
    if (*p == '"') return skip_string(p, end);
    if (*p == '{') return walk(p, end, depth + 1, NULL, 0, NULL);
    if (*p == '[') return skip_list(p, end, depth + 1);
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(end - p) >= n && memcmp(p, words[i], n) == 0) return p + n;
    }
    const char *number = p;
    while (p < end && *p && strchr("+-.eE0123456789", *p)) p++;
    return p > number ? p : NULL;
}

int json_members(struct slice text, const char *const *names, int count, struct slice *values) {
    const char *end = text.p + text.n, *p = space(text.p, end);
    memset(values, 0, sizeof *values * (size_t)count);
    if (p >= end || *p != '{') return -1;
    p = walk(p, end, 0, names, count, values);
    return p && space(p, end) == end ? 0 : -1;
}

struct slice json_string(struct slice value) {
    if (value.n < 2 || *value.p != '"') return (struct slice){NULL, 0};
    return (struct slice){value.p + 1, value.n - 2};
}

size_t json_length(struct slice s) {
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\\') i += s.p[i + 1] == 'u' ? 5 : 1;
        else if (((unsigned char)s.p[i] & 0xc0) == 0x80) continue;
        count++;
    }
    return count;
}
