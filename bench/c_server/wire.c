#define _GNU_SOURCE
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Buffers */

void buf_room(struct buf *b, size_t n) {
    if (b->cap - b->end >= n) return;
    if (b->start > 0) {
        memmove(b->p, b->p + b->start, b->end - b->start);
        b->end -= b->start;
        b->start = 0;
        if (b->cap - b->end >= n) return;
    }
    size_t cap = b->cap ? b->cap : 256;
    while (cap - b->end < n) cap *= 2;
    b->p = realloc(b->p, cap);
    if (!b->p) {
        perror("realloc");
        exit(1);
    }
    b->cap = cap;
}

void buf_add(struct buf *b, const void *data, size_t n) {
    buf_room(b, n);
    memcpy(b->p + b->end, data, n);
    b->end += n;
}

void buf_text(struct buf *b, const char *text) { buf_add(b, text, strlen(text)); }

void buf_number(struct buf *b, int64_t n) {
    char digits[24];
    buf_add(b, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)n));
}

void buf_eat(struct buf *b, size_t n) {
    b->start += n;
    if (b->start == b->end) b->start = b->end = 0;
}

void buf_free(struct buf *b) {
    free(b->p);
    memset(b, 0, sizeof *b);
}

/* WebSocket */

long ws_parse(uint8_t *d, size_t n, size_t limit, int from_client, struct frame *out) {
    if (n < 2) return 0;
    if (d[0] & 0x70) return -1; /* no extension was agreed on */
    size_t head = 2, len = d[1] & 0x7f;
    int masked = d[1] >> 7;
    if (masked != from_client) return -1;
    out->fin = d[0] >> 7;
    out->op = d[0] & 0x0f;
    if (out->op >= OP_CLOSE && (len > 125 || !out->fin)) return -1;
    if (len == 126) {
        if (n < 4) return 0;
        len = (size_t)d[2] << 8 | d[3];
        head = 4;
    } else if (len == 127) {
        if (n < 10) return 0;
        len = 0;
        for (int i = 2; i < 10; i++) len = len << 8 | d[i];
        head = 10;
    }
    if (len > limit) return -1;
    if (masked) head += 4;
    if (n < head + len) return 0;
    out->data = d + head;
    out->n = len;
    if (masked) {
        uint8_t key[8];
        memcpy(key, d + head - 4, 4);
        memcpy(key + 4, key, 4);
        uint64_t wide, x;
        memcpy(&wide, key, 8);
        size_t i = 0;
        for (; i + 8 <= len; i += 8) {
            memcpy(&x, out->data + i, 8);
            x ^= wide;
            memcpy(out->data + i, &x, 8);
        }
        for (; i < len; i++) out->data[i] ^= key[i & 3];
    }
    return (long)(head + len);
}

size_t ws_head(uint8_t *out, int op, size_t n) {
    out[0] = (uint8_t)(0x80 | op);
    if (n < 126) {
        out[1] = (uint8_t)n;
        return 2;
    }
    if (n < 65536) {
        out[1] = 126;
        out[2] = (uint8_t)(n >> 8);
        out[3] = (uint8_t)n;
        return 4;
    }
    out[1] = 127;
    for (int i = 0; i < 8; i++) out[2 + i] = (uint8_t)((uint64_t)n >> (56 - 8 * i));
    return 10;
}

void ws_add_masked(struct buf *out, int op, const void *data, size_t n, uint32_t mask) {
    buf_room(out, n + 14);
    uint8_t *p = out->p + out->end;
    size_t head = ws_head(p, op, n);
    p[1] |= 0x80;
    uint8_t key[4];
    memcpy(key, &mask, 4);
    memcpy(p + head, key, 4);
    head += 4;
    const uint8_t *from = data;
    for (size_t i = 0; i < n; i++) p[head + i] = from[i] ^ key[i & 3];
    out->end += head + n;
}

static uint32_t roll(uint32_t x, int k) { return x << k | x >> (32 - k); }

static void sha1_block(uint32_t h[5], const uint8_t *p) {
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < 80; i++) w[i] = roll(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (int i = 0; i < 80; i++) {
        uint32_t f, k;
        if (i < 20) f = (b & c) | (~b & d), k = 0x5a827999;
        else if (i < 40) f = b ^ c ^ d, k = 0x6ed9eba1;
        else if (i < 60) f = (b & c) | (b & d) | (c & d), k = 0x8f1bbcdc;
        else f = b ^ c ^ d, k = 0xca62c1d6;
        uint32_t t = roll(a, 5) + f + e + k + w[i];
        e = d, d = c, c = roll(b, 30), b = a, a = t;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

void ws_accept(const char *key, size_t n, char out[29]) {
    static const char salt[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    static const char abc[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t text[128] = {0}, sum[21] = {0};
    if (n > 64) n = 64;
    memcpy(text, key, n);
    memcpy(text + n, salt, 36);
    size_t len = n + 36, padded = len + 9 <= 64 ? 64 : 128;
    text[len] = 0x80;
    for (int i = 0; i < 8; i++) text[padded - 1 - i] = (uint8_t)((uint64_t)len * 8 >> (8 * i));
    uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    for (size_t i = 0; i < padded; i += 64) sha1_block(h, text + i);
    for (int i = 0; i < 20; i++) sum[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
    for (int i = 0; i < 7; i++) {
        uint32_t three = (uint32_t)sum[3 * i] << 16 | (uint32_t)sum[3 * i + 1] << 8 | sum[3 * i + 2];
        for (int j = 0; j < 4; j++) out[4 * i + j] = abc[three >> (18 - 6 * j) & 63];
    }
    out[27] = '='; /* 20 bytes: the last group holds two */
    out[28] = 0;
}

struct slice http_header(const char *head, size_t n, const char *name) {
    size_t want = strlen(name);
    const char *end = head + n;
    for (const char *line = head; line && line < end;) {
        const char *next = memmem(line, (size_t)(end - line), "\r\n", 2);
        size_t len = next ? (size_t)(next - line) : (size_t)(end - line);
        if (len > want && line[want] == ':' && strncasecmp(line, name, want) == 0) {
            const char *v = line + want + 1, *stop = line + len;
            while (v < stop && *v == ' ') v++;
            while (stop > v && stop[-1] == ' ') stop--;
            return (struct slice){v, (size_t)(stop - v)};
        }
        line = next ? next + 2 : NULL;
    }
    return (struct slice){NULL, 0};
}

int utf8_ok(const uint8_t *p, size_t n) {
    size_t i = 0;
    while (i < n) {
        uint8_t c = p[i];
        if (c < 0x80) {
            i++;
            continue;
        }
        size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        if (c < 0xc2 || c > 0xf4 || i + more >= n) return 0;
        uint8_t low = 0x80, high = 0xbf; /* overlong forms, surrogates and beyond U+10FFFF */
        if (c == 0xe0) low = 0xa0;
        if (c == 0xed) high = 0x9f;
        if (c == 0xf0) low = 0x90;
        if (c == 0xf4) high = 0x8f;
        if (p[i + 1] < low || p[i + 1] > high) return 0;
        for (size_t k = 2; k <= more; k++)
            if ((p[i + k] & 0xc0) != 0x80) return 0;
        i += more + 1;
    }
    return 1;
}
