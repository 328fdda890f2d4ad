/* A crowd of browsers that come back by themselves, as the widget does: with the resume ticket that the desk gave them,
 * else with a ticket over HTTP; the socket, hello with what they have seen. All in one epoll loop.
 *
 *   crowd PORT [--sockets 10000] [--rate 100] [--talkers 50] [--agent COOKIE CSRF]
 *
 * Reads commands from its standard input, one a line, and answers with one JSON object a line: "open" everybody comes
 * in; "say" everybody sends one message; "talk" the talkers begin, one message at a time each; "wait" until everybody
 * is back from wherever the server went; "stop" the talkers fall silent and everything is counted. Ends with its input.
 *
 * Each browser has one of many loopback addresses, since one address has no more than 28,000 ports. */
#define _GNU_SOURCE
#include "../c_server/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 512, READ = 65536, AT_ONCE = 128, ADDRESSES = 32, SETTLE_S = 60, OPEN_S = 240, AGENT = 0 };
enum state { AWAY, TICKET, UPGRADING, GREETING, HERE };

struct browser {
    int fd, number, attempt, asked, known;
    enum state state;
    int64_t due; /* when to come again, while away */
    struct buf in, out;
    char token[128], conversation[40], resume[64]; /* resume: the ticket to come back with, if any */
    int64_t spread, lost_at;                       /* us: over how long to return, and since when it is gone */
    int64_t seen;                 /* last seq of the conversation; of the agent: last position */
    uint32_t sent, acked, echoed; /* numbers of messages, as in load.c */
    int64_t sent_at;
};

static struct browser *all;
static int port, count = 10000, talkers = 50, epoll, coming, here, dropped, resyncs, first_time = 1;
static double rate = 100;
static const char *cookie = "", *csrf = "";
static char epoch[64];
static int64_t run_id, gone_at, answers_at, back_at;
static int64_t sent, acked, delivered, doubled, skipped, resent, refused;
static uint32_t *expected, waits[1 << 20];
static size_t wait_count;
static int talking, opening, over_http;

static const char *const SITE = "http://site.example";

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void give_up(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fprintf(stderr, "crowd: ");
    vfprintf(stderr, format, list);
    fprintf(stderr, "\n");
    va_end(list);
    exit(1);
}

static double chance(void) { return (double)random() / RAND_MAX; }

static void watch(struct browser *b) {
    struct epoll_event e = {.events = EPOLLIN | (b->out.end > b->out.start ? (uint32_t)EPOLLOUT : 0), .data.ptr = b};
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, b->fd, &e) < 0) epoll_ctl(epoll, EPOLL_CTL_ADD, b->fd, &e);
}

static void hang_up(struct browser *b) {
    close(b->fd);
    buf_free(&b->in);
    buf_free(&b->out);
    b->in = b->out = (struct buf){0};
}

/* Gone, whether it failed or was sent away. Comes back as the widget does (web/link/src/backoff.ts): at the moment the
 * server named, else after a random part of 250 ms, which doubles with each failure up to 15 s, or 0.8 s while a message
 * waits; in the first 20 s up to what the server said its crowd needs. */
static void lose(struct browser *b) {
    if (b->state == HERE) {
        here--;
        dropped++;
        b->lost_at = now_us();
        if (!gone_at) gone_at = b->lost_at;
    } else if (b->state != AWAY)
        coming--;
    hang_up(b);
    b->state = AWAY;
    if (b->asked) b->asked = 0;
    else {
        double window = 250e3 * (double)(1 << (b->attempt < 10 ? b->attempt : 10)), longest = b->acked < b->sent ? 0.8e6 : 15e6;
        double spread = b->spread > 250000 ? (double)b->spread : 250e3;
        if (b->spread && now_us() - b->lost_at < 20000000 && spread < longest) longest = spread;
        b->due = now_us() + (int64_t)(chance() * (window < longest ? window : longest));
    }
    b->attempt++;
}

static int push(struct browser *b) {
    while (b->out.end > b->out.start) {
        ssize_t n = send(b->fd, b->out.p + b->out.start, b->out.end - b->out.start, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno != EAGAIN && errno != ENOTCONN && errno != EINPROGRESS) return 0;
        if (n < 0) break;
        buf_eat(&b->out, (size_t)n);
    }
    watch(b);
    return 1;
}

static void say(struct browser *b, const char *text, size_t n) {
    ws_add_masked(&b->out, OP_TEXT, text, n, (uint32_t)random());
}

static int dial(struct browser *b) {
    int on = 1;
    struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + (uint32_t)(b->number % ADDRESSES));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    b->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (b->fd < 0) give_up("socket: %s (ulimit -n?)", strerror(errno));
    setsockopt(b->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(b->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(b->fd, (struct sockaddr *)&from, sizeof from) < 0) give_up("bind: %s", strerror(errno));
    return connect(b->fd, (struct sockaddr *)&to, sizeof to) == 0 || errno == EINPROGRESS;
}

static void ask(struct browser *b, const char *format, ...) {
    char text[2048];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    buf_add(&b->out, text, (size_t)n);
}

static void knock(struct browser *b, const char *ticket) {
    ask(b, "GET /v1/socket/%s%s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: ",
        b->number == AGENT ? "agent" : "visitor", ticket[0] ? "?ticket=" : "", ticket, port);
    if (b->number == AGENT) ask(b, "http://127.0.0.1:%d\r\n\r\n", port);
    else ask(b, "%s\r\n\r\n", SITE);
    watch(b);
}

static void come(struct browser *b) {
    coming++;
    b->state = b->resume[0] ? UPGRADING : TICKET;
    if (!dial(b)) {
        lose(b);
        return;
    }
    if (b->resume[0]) {
        knock(b, "");
        return;
    }
    over_http++;
    const char *head = "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%sContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\n%s%s%s%s%s\r\n%s";
    const char *body = "{\"inbox\":\"bench\"}";
    char origin[64];
    snprintf(origin, sizeof origin, "Origin: %s\r\n", SITE);
    if (b->number == AGENT) {
        snprintf(origin, sizeof origin, "Origin: http://127.0.0.1:%d\r\n", port);
        ask(b, head, "/v1/session/ticket", port, origin, (size_t)2, "Cookie: ", cookie, "\r\nX-CSRF-Token: ", csrf, "\r\n", "{}");
    } else if (b->token[0])
        ask(b, head, "/v1/visitor/tickets", port, origin, (size_t)0, "Authorization: Bearer ", b->token, "\r\n", "", "", "");
    else
        ask(b, head, "/v1/visitor/sessions", port, origin, strlen(body), "", "", "", "", "", body);
    watch(b);
}

/* The HTTP answer with its ticket is there: leave that connection and open the socket. */
static void on_ticket(struct browser *b) {
    static const char *const names[] = {"ticket", "token"};
    struct slice v[2];
    char *head = (char *)b->in.p + b->in.start, *end = memmem(head, b->in.end - b->in.start, "\r\n\r\n", 4), ticket[160];
    if (!end) return;
    struct slice length = http_header(head, (size_t)(end - head) + 2, "Content-Length");
    size_t n = length.n ? (size_t)atoi(length.p) : 0, have = (size_t)((char *)b->in.p + b->in.end - end - 4);
    if (have < n) return;
    if (memcmp(head, "HTTP/1.1 20", 11) != 0) {
        if (!refused++) fprintf(stderr, "crowd: %.*s\n", (int)(b->in.end - b->in.start), head);
        lose(b);
        return;
    }
    if (!answers_at) answers_at = now_us();
    if (json_members((struct slice){end + 4, n}, names, 2, v) < 0) give_up("no JSON: %.*s", (int)n, end + 4);
    struct slice t = json_string(v[0]), token = json_string(v[1]);
    snprintf(ticket, sizeof ticket, "%.*s", (int)t.n, t.p);
    if (token.n) snprintf(b->token, sizeof b->token, "%.*s", (int)token.n, token.p);
    hang_up(b);
    b->state = UPGRADING;
    if (!dial(b)) {
        lose(b);
        return;
    }
    knock(b, ticket);
}

static void on_upgraded(struct browser *b) {
    char *head = (char *)b->in.p + b->in.start, *end = memmem(head, b->in.end - b->in.start, "\r\n\r\n", 4), hello[400];
    if (!end) return;
    if (memcmp(head, "HTTP/1.1 101", 12) != 0) {
        if (!refused++) fprintf(stderr, "crowd: %.*s\n", (int)(end - head), head);
        lose(b);
        return;
    }
    if (!answers_at) answers_at = now_us();
    buf_eat(&b->in, (size_t)(end - head) + 4);
    b->state = GREETING;
    int n = snprintf(hello, sizeof hello, "{\"t\":\"hello\",\"d\":{\"dev\":\"bench\",\"resume\":\"%s\"", b->resume);
    b->resume[0] = 0; /* once shown it is spent */
    if (b->known) {
        n += snprintf(hello + n, sizeof hello - (size_t)n, ",\"epoch\":\"%s\"", epoch);
        if (b->number == AGENT) n += snprintf(hello + n, sizeof hello - (size_t)n, ",\"position\":%lld", (long long)b->seen);
        else if (b->conversation[0])
            n += snprintf(hello + n, sizeof hello - (size_t)n, ",\"streams\":{\"%s\":%lld}", b->conversation, (long long)b->seen);
    }
    n += snprintf(hello + n, sizeof hello - (size_t)n, "}}");
    say(b, hello, (size_t)n);
}

static void send_message(struct browser *b, uint32_t number) {
    char text[400];
    int n = snprintf(text, sizeof text,
                     "{\"t\":\"send\",\"d\":{\"cid\":\"%08x-%04x-7%03x-8%03x-ba11%08x\",\"text\":\"Mijn jaarnota klopt niet, kunt u "
                     "even meekijken met mij? %u\"",
                     (unsigned)(run_id >> 16), (unsigned)(run_id & 0xffff), b->number >> 12 & 0xfff, b->number & 0xfff, number, number);
    if (b->conversation[0]) n += snprintf(text + n, sizeof text - (size_t)n, ",\"conversation\":\"%s\"", b->conversation);
    n += snprintf(text + n, sizeof text - (size_t)n, "}}");
    say(b, text, (size_t)n);
}

static void next_message(struct browser *b) {
    send_message(b, b->sent++);
    b->sent_at = now_us();
    sent++;
    if (!push(b)) lose(b);
}

static void greeted(struct browser *b) {
    b->state = HERE;
    b->attempt = 0;
    b->known = 1;
    coming--;
    if (++here == count) {
        back_at = now_us();
        first_time = 0;
    }
    for (uint32_t i = b->acked; i < b->sent; i++, resent++) send_message(b, i);
}

static int read_cid(struct slice cid, unsigned *who, unsigned *number) {
    char text[40];
    unsigned a, c, high, low, tag;
    if (cid.n != 36) return 0;
    memcpy(text, cid.p, 36);
    text[36] = 0;
    return sscanf(text, "%8x-%4x-7%3x-8%3x-%4x%8x", &a, &c, &high, &low, &tag, number) == 6 && tag == 0xba11 &&
           a == (unsigned)(run_id >> 16) && c == (unsigned)(run_id & 0xffff) && (*who = high << 12 | low) < (unsigned)count;
}

static int64_t integer(struct slice s) { return s.n ? strtoll(s.p, NULL, 10) : 0; }

static void on_fact(struct browser *b, struct slice data) {
    static const char *const names[] = {"kind", "body", "pos", "seq", "stream"}, *const inner[] = {"cid"};
    struct slice v[5], cid;
    unsigned who, number;
    if (json_members(data, names, 5, v) < 0) give_up("a fact that is no JSON");
    struct slice kind = json_string(v[0]), stream = json_string(v[4]);
    int64_t at = integer(b->number == AGENT ? v[2] : v[3]);
    if (b->number != AGENT && stream.n < sizeof b->conversation && !b->conversation[0]) memcpy(b->conversation, stream.p, stream.n);
    if (at <= b->seen) {
        doubled++;
        return;
    }
    if (b->number != AGENT) skipped += at - b->seen - 1;
    b->seen = at;
    if (kind.n != 13 || memcmp(kind.p, "message_added", 13) != 0 || b->number != AGENT) return;
    if (json_members(v[1], inner, 1, &cid) < 0 || !read_cid(json_string(cid), &who, &number)) return;
    if (number < expected[who]) {
        doubled++;
        return;
    }
    skipped += number - expected[who];
    expected[who] = number + 1;
    delivered++;
}

static void on_ack(struct browser *b, struct slice data) {
    static const char *const names[] = {"cid"};
    struct slice v[1];
    unsigned who, number;
    if (json_members(data, names, 1, v) < 0 || !read_cid(json_string(v[0]), &who, &number)) give_up("a strange ack");
    if (number != b->acked) return; /* of a repeat */
    b->acked++;
    acked++;
    if (wait_count < sizeof waits / sizeof *waits) waits[wait_count++] = (uint32_t)(now_us() - b->sent_at);
}

static void on_text(struct browser *b, struct slice text) {
    static const char *const names[] = {"t", "d"}, *const welcome[] = {"epoch", "resumed"}, *const again[] = {"afterMs", "spreadMs"};
    static const char *const given[] = {"ticket", "spreadMs"};
    static const char *const resync[] = {"agent"}, *const snapshot[] = {"position"};
    struct slice v[2], w[2];
    if (json_members(text, names, 2, v) < 0) give_up("a frame that is no JSON: %.*s", (int)text.n, text.p);
    struct slice t = json_string(v[0]);
#define IS(name) (t.n == sizeof(name) - 1 && memcmp(t.p, name, t.n) == 0)
    if (IS("fact")) on_fact(b, v[1]);
    else if (IS("ack")) on_ack(b, v[1]);
    else if (IS("welcome")) {
        json_members(v[1], welcome, 2, w);
        snprintf(epoch, sizeof epoch, "%.*s", (int)json_string(w[0]).n, json_string(w[0]).p);
        if (w[1].n == 4) greeted(b); /* resumed: true */
    } else if (IS("resync")) {
        if (b->known) resyncs++;
        if (b->number == AGENT && json_members(v[1], resync, 1, w) == 0 && json_members(w[0], snapshot, 1, w) == 0)
            b->seen = integer(w[0]);
        greeted(b);
    } else if (IS("reconnect")) {
        json_members(v[1], again, 2, w);
        b->asked = 1;
        b->spread = 1000 * integer(w[1]);
        b->due = now_us() + 1000 * integer(w[0]) + (int64_t)(chance() * 1000 * (double)integer(w[1]));
    } else if (IS("resume")) {
        json_members(v[1], given, 2, w);
        snprintf(b->resume, sizeof b->resume, "%.*s", (int)json_string(w[0]).n, json_string(w[0]).p);
        b->spread = 1000 * integer(w[1]);
    } else if (IS("refuse")) {
        if (!refused++) fprintf(stderr, "crowd: %.*s\n", (int)text.n, text.p);
    }
}

static void on_readable(struct browser *b) {
    buf_room(&b->in, b->state == HERE && b->number != AGENT ? 2048 : READ);
    ssize_t n = recv(b->fd, b->in.p + b->in.end, b->in.cap - b->in.end, 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) {
        lose(b);
        return;
    }
    b->in.end += (size_t)n;
    if (b->state == TICKET) {
        on_ticket(b);
        return;
    }
    if (b->state == UPGRADING) on_upgraded(b);
    while (b->state >= GREETING) {
        struct frame f;
        long size = ws_parse(b->in.p + b->in.start, b->in.end - b->in.start, 256u << 20, 0, &f);
        if (size == 0) break;
        if (size < 0 || !f.fin) give_up("a frame that is not allowed: %.100s", (char *)b->in.p + b->in.start);
        if (f.op == OP_CLOSE) {
            lose(b);
            return;
        }
        if (f.op == OP_PING) ws_add_masked(&b->out, OP_PONG, f.data, f.n, (uint32_t)random());
        if (f.op == OP_TEXT) on_text(b, (struct slice){(char *)f.data, f.n});
        buf_eat(&b->in, (size_t)size);
    }
    if (b->state == AWAY) return;
    if (b->in.start == b->in.end) buf_free(&b->in), b->in = (struct buf){0};
    if (b->out.end > b->out.start && !push(b)) lose(b);
}

static void turn(int timeout_ms) {
    struct epoll_event ready[EVENTS];
    int n = epoll_wait(epoll, ready, EVENTS, timeout_ms);
    for (int i = 0; i < n; i++) {
        struct browser *b = ready[i].data.ptr;
        if (!b || b->state == AWAY) continue;
        if ((ready[i].events & EPOLLOUT) && !push(b)) lose(b);
        if (b->state != AWAY && (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) on_readable(b);
    }
    int64_t now = now_us();
    static int64_t looked;
    static int next;
    if (opening && now - looked > 5000) {
        looked = now;
        for (int tried = 0; tried < count && coming < AT_ONCE; tried++) {
            struct browser *b = &all[next++ % count];
            if (b->state == AWAY && b->due <= now) come(b);
        }
    }
    static int64_t begun, issued;
    if (!talking) begun = now, issued = 0;
    for (int tried = 0; talking && tried < talkers && issued < (int64_t)((double)(now - begun) * rate / 1e6); tried++, issued++) {
        struct browser *b = &all[1 + (int)(issued % talkers)];
        if (b->state == HERE && b->sent == b->acked) next_message(b);
    }
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int until(int64_t *done, int64_t goal) {
    int64_t end = now_us() + SETTLE_S * 1000000ll;
    while (*done < goal && now_us() < end) turn(2);
    return *done >= goal;
}

static void answer(const char *what) {
    int64_t open = sent - acked, lost = sent - delivered;
    qsort(waits, wait_count, sizeof *waits, by_size);
    printf("{\"what\":\"%s\",\"here\":%d,\"dropped\":%d,\"over_http\":%d,\"resyncs\":%d,\"refused\":%lld,\"sent\":%lld,\"unacked\":%lld,\"lost\":%lld,"
           "\"doubled\":%lld,\"out_of_order\":%lld,\"resent\":%lld,\"ack_p99_ms\":%.2f,\"away_s\":%.3f,\"return_s\":%.3f}\n",
           what, here, dropped, over_http, resyncs, (long long)refused, (long long)sent, (long long)open, (long long)lost, (long long)doubled,
           (long long)skipped, (long long)resent, wait_count ? waits[(wait_count - 1) * 99 / 100] / 1000.0 : 0.0,
           gone_at && back_at > gone_at ? (double)(back_at - gone_at) / 1e6 : 0.0,
           answers_at && back_at > answers_at ? (double)(back_at - answers_at) / 1e6 : 0.0);
    fflush(stdout);
}

static void obey(const char *word) {
    if (!strcmp(word, "open")) {
        int64_t end = now_us() + OPEN_S * 1000000ll;
        opening = 1;
        while (here < count && now_us() < end) turn(2);
    } else if (!strcmp(word, "say")) {
        for (int i = 1; i < count; i++) {
            if (all[i].state == HERE) next_message(&all[i]);
            if (i % 64 == 0) turn(0);
        }
        until(&delivered, sent);
        until(&acked, sent);
    } else if (!strcmp(word, "talk")) talking = 1;
    else if (!strcmp(word, "leave")) { /* before the server goes: what is measured begins here */
        gone_at = answers_at = back_at = dropped = over_http = 0;
        wait_count = 0;
    } else if (!strcmp(word, "wait")) {
        int64_t end = now_us() + SETTLE_S * 1000000ll;
        while ((here < count || !gone_at || back_at < gone_at) && now_us() < end) turn(2);
    } else if (!strcmp(word, "stop")) {
        talking = 0;
        until(&delivered, sent);
        until(&acked, sent);
    }
    answer(word);
}

static void read_commands(void) {
    static char line[64];
    static size_t n;
    char byte;
    while (read(0, &byte, 1) == 1) {
        if (byte != '\n') {
            if (n < sizeof line - 1) line[n++] = byte;
            continue;
        }
        line[n] = 0;
        n = 0;
        obey(line);
        return;
    }
    exit(0);
}

int main(int argc, char **argv) {
    if (argc < 2) give_up("usage: crowd PORT [options]");
    port = atoi(argv[1]);
    for (int i = 2; i < argc; i++) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(name, "--sockets")) count = atoi(value), i++;
        else if (!strcmp(name, "--talkers")) talkers = atoi(value), i++;
        else if (!strcmp(name, "--rate")) rate = atof(value), i++;
        else if (!strcmp(name, "--agent") && i + 2 < argc) cookie = argv[i + 1], csrf = argv[i + 2], i += 2;
        else give_up("unknown option %s", name);
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    srandom((unsigned)getpid());
    run_id = (int64_t)time(NULL) * 1000 + getpid() % 1000;
    count++; /* and the agent, who is number 0 */
    if (talkers > count - 1) talkers = count - 1;
    all = calloc((size_t)count, sizeof *all);
    expected = calloc((size_t)count, sizeof *expected);
    for (int i = 0; i < count; i++) all[i].number = i;
    epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL}, ready;
    int input = epoll_create1(EPOLL_CLOEXEC);
    epoll_ctl(input, EPOLL_CTL_ADD, 0, &e);
    for (;;) {
        turn(2);
        if (epoll_wait(input, &ready, 1, 0) > 0) read_commands();
    }
}
