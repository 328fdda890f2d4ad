#define _GNU_SOURCE
#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

int running, measuring;

static struct peer **visitors;
static int64_t run_id; /* tells this run's cids from others' */
static char filler[TEXT_MAX + 1];
static int64_t total_sent, delivered, doubled, skipped, refused, mismatched, foreign;
static int64_t measured, measure_start, measure_end;
struct samples {
    uint32_t *us;
    size_t count, room;
};
static struct samples delivery, acks, last;
static double cpu_start, cpu_end, own_start, own_end;

void prepare(void) {
    run_id = (int64_t)time(NULL) * 1000 + getpid() % 1000;
    visitors = calloc((size_t)visitor_count, sizeof *visitors);
    for (int i = 0; i < peer_count; i++) {
        if (!peers[i].agent) visitors[peers[i].index] = &peers[i];
        else peers[i].expected = calloc((size_t)visitor_count, sizeof(uint32_t));
    }
    const char *phrase = "Mijn jaarnota klopt niet, kunt u even meekijken met mij? ";
    for (int i = 0; i < options.text; i++) filler[i] = phrase[(size_t)i % strlen(phrase)];
    delivery.room = acks.room = last.room = 1 << 22;
    delivery.us = malloc(delivery.room * sizeof *delivery.us);
    acks.us = malloc(acks.room * sizeof *acks.us);
    last.us = malloc(last.room * sizeof *last.us);
}

static void took(struct samples *s, struct peer *sender, unsigned number) {
    if (s->count < s->room) s->us[s->count++] = (uint32_t)(now_us() - sender->sent_at[number % (WINDOW_MAX * 4)]);
}

static double pid_cpu(int pid) {
    char path[64], text[1024];
    unsigned long user, system;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *f = fopen(path, "r");
    if (!f) return 0;
    size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = 0;
    char *rest = strrchr(text, ')');
    if (!rest || sscanf(rest + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) give_up("%s", path);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* Seconds of processor time of the server's processes, all their threads and living children. */
static double server_cpu(void) {
    char path[64];
    double sum = 0;
    int pid, child;
    for (const char *p = options.pids; p && (pid = atoi(p)) > 0; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL) {
        sum += pid_cpu(pid);
        snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
        FILE *f = fopen(path, "r");
        if (!f) give_up("the server is gone");
        while (fscanf(f, "%d", &child) == 1) sum += pid_cpu(child);
        fclose(f);
    }
    return sum;
}

static double own_cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* A UUIDv7 that carries the visitor's index (24 bits) and the message's number (32 bits). */
void send_message(struct peer *p) {
    char text[TEXT_MAX + 300];
    unsigned v = (unsigned)p->index, n = p->sent;
    int64_t t = run_id;
    int len = snprintf(text, sizeof text, "{\"t\":\"send\",\"d\":{\"cid\":\"%08x-%04x-7%03x-8%03x-%04x%08x\",\"text\":\"%s\"",
                       (unsigned)(t >> 16), (unsigned)(t & 0xffff), v >> 12 & 0xfff, v & 0xfff, 0xba11, n, filler);
    if (p->conversation[0]) len += snprintf(text + len, sizeof text - (size_t)len, ",\"conversation\":\"%s\"", p->conversation);
    len += snprintf(text + len, sizeof text - (size_t)len, "}}");
    p->sent_at[n % (WINDOW_MAX * 4)] = now_us();
    p->arrived[n % (WINDOW_MAX * 4)] = 0;
    p->sent++;
    p->unacked++;
    total_sent++;
    say(p, text, (size_t)len);
    if (!running) flush(p);
}

void fill_window(struct peer *p) {
    while (p->unacked < options.window) send_message(p);
    flush(p);
}

/* The visitor and number in one of our cids; 0 when it is somebody else's. */
static int read_cid(struct slice cid, unsigned *visitor, unsigned *number) {
    char text[40];
    unsigned a, b, high, low, tag;
    if (cid.n != 36) return 0;
    memcpy(text, cid.p, 36);
    text[36] = 0;
    if (sscanf(text, "%8x-%4x-7%3x-8%3x-%4x%8x", &a, &b, &high, &low, &tag, number) != 6) return 0;
    *visitor = high << 12 | low;
    return tag == 0xba11 && a == (unsigned)(run_id >> 16) && b == (unsigned)(run_id & 0xffff) && *visitor < (unsigned)visitor_count;
}

static void on_message(struct peer *agent, struct slice cid) {
    unsigned visitor, number;
    if (!read_cid(cid, &visitor, &number)) {
        foreign++;
        return;
    }
    uint32_t *expected = &agent->expected[visitor];
    if (number < *expected) {
        doubled++;
        return;
    }
    skipped += number - *expected;
    *expected = number + 1;
    delivered++;
    int everybody = ++visitors[visitor]->arrived[number % (WINDOW_MAX * 4)] == agent_count;
    if (!measuring) return;
    if (everybody) took(&last, visitors[visitor], number);
    measured++;
    took(&delivery, visitors[visitor], number);
}

static void on_ack(struct peer *p, struct slice data) {
    static const char *const names[] = {"cid", "conversation"};
    struct slice v[2], conversation;
    unsigned visitor, number;
    if (json_members(data, names, 2, v) < 0) give_up("an ack that is no JSON");
    if (!read_cid(json_string(v[0]), &visitor, &number) || (int)visitor != p->index || number != p->acked) mismatched++;
    else if (measuring) took(&acks, p, number);
    conversation = json_string(v[1]);
    if (!p->conversation[0] && conversation.n < sizeof p->conversation) memcpy(p->conversation, conversation.p, conversation.n);
    p->acked++;
    p->unacked--;
    if (running && options.rate == 0) fill_window(p);
}

static void on_fact(struct peer *p, struct slice data) {
    static const char *const names[] = {"kind", "body"}, *const inner[] = {"cid"};
    struct slice v[2], cid;
    if (json_members(data, names, 2, v) < 0) give_up("a fact that is no JSON");
    struct slice kind = json_string(v[0]);
    if (kind.n != 13 || memcmp(kind.p, "message_added", 13) != 0) return;
    if (json_members(v[1], inner, 1, &cid) < 0) give_up("a body that is no JSON");
    if (p->agent) on_message(p, json_string(cid));
    else p->echoed++;
}

void on_text(struct peer *p, struct slice text) {
    static const char *const names[] = {"t", "d"}, *const inner[] = {"cid"};
    struct slice v[2], cid;
    if (json_members(text, names, 2, v) < 0) give_up("a frame that is no JSON: %.*s", (int)text.n, text.p);
    struct slice t = json_string(v[0]);
#define IS(name) (t.n == sizeof(name) - 1 && memcmp(t.p, name, t.n) == 0)
    if (IS("fact")) on_fact(p, v[1]);
    else if (IS("ack")) on_ack(p, v[1]);
    else if (IS("send") && p->agent && json_members(v[1], inner, 1, &cid) == 0) on_message(p, json_string(cid)); /* the relay */
    else if (IS("welcome")) p->state = WELCOMED;
    else if (IS("resync")) p->state = READY;
    else if (IS("refuse")) {
        if (!refused++) fprintf(stderr, "load: %.*s\n", (int)text.n, text.p);
    }
}

int64_t unacked(void) {
    int64_t n = 0;
    for (int i = 0; i < visitor_count; i++) n += visitors[i]->unacked;
    return n;
}

int64_t missing(void) { return total_sent * agent_count - delivered; }

void start_measuring(int64_t now) {
    measuring = 1;
    measure_start = now;
    cpu_start = server_cpu();
    own_start = own_cpu();
}

void stop_measuring(int64_t now) {
    measuring = 0;
    measure_end = now;
    cpu_end = server_cpu();
    own_end = own_cpu();
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static double share(const struct samples *s, double p) {
    return s->count ? s->us[(size_t)((double)(s->count - 1) * p)] / 1000.0 : 0;
}

int report(void) {
    double seconds = (double)(measure_end - measure_start) / 1e6, messages = (double)measured / agent_count;
    int64_t echoed = 0, open = unacked();
    for (int i = 0; i < visitor_count; i++) echoed += visitors[i]->echoed;
    qsort(delivery.us, delivery.count, sizeof *delivery.us, by_size);
    qsort(last.us, last.count, sizeof *last.us, by_size);
    qsort(acks.us, acks.count, sizeof *acks.us, by_size);
    printf("{\"sockets\":%d,\"conversations\":%d,\"agents\":%d,\"window\":%d,\"seconds\":%.3f,\"messages\":%.0f,\"per_second\":%.1f,"
           "\"p50_ms\":%.3f,\"p95_ms\":%.3f,\"p99_ms\":%.3f,\"ack_p50_ms\":%.3f,\"ack_p99_ms\":%.3f,\"last_p50_ms\":%.3f,\"last_p99_ms\":%.3f,"
           "\"cpu_ms_per_message\":%.5f,\"server_busy\":%.3f,\"generator_busy\":%.3f,"
           "\"sent\":%lld,\"delivered\":%lld,\"echoed\":%lld,\"lost\":%lld,\"doubled\":%lld,\"out_of_order\":%lld,\"unacked\":%lld,"
           "\"refused\":%lld,\"wrong_acks\":%lld,\"foreign\":%lld}\n",
           peer_count, visitor_count, agent_count, options.window, seconds, messages, messages / seconds, share(&delivery, 0.5),
           share(&delivery, 0.95), share(&delivery, 0.99), share(&acks, 0.5), share(&acks, 0.99), share(&last, 0.5), share(&last, 0.99),
           messages > 0 ? (cpu_end - cpu_start) * 1000 / messages : 0, (cpu_end - cpu_start) / seconds,
           (own_end - own_start) / seconds, (long long)total_sent, (long long)delivered, (long long)echoed, (long long)missing(),
           (long long)doubled, (long long)skipped, (long long)open, (long long)refused, (long long)mismatched, (long long)foreign);
    return missing() || doubled || skipped || open || refused || mismatched;
}
