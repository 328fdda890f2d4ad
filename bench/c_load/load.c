/* The load generator: visitors that send with at most W unacked messages each, agents that read, all in one
 * epoll loop. It speaks Balie's wire, so it drives Balie, the C server and the bare relay alike.
 *
 *   load PORT PLAN [--window 4] [--seconds 5] [--warmup 1] [--text 60] [--rate 0] [--pid SERVER,…] [--idle]
 *
 * PLAN has a line "visitor|agent PATH ORIGIN [PORT]" for each socket. Prints one JSON object. With --idle it only opens the
 * sockets, prints, and holds them until its standard input ends. */
#define _GNU_SOURCE
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
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

enum { EVENTS = 512, READ = 262144, CONNECTING_AT_ONCE = 64, STALL_S = 20, PING_S = 15 };

struct options options = {.window = 4, .seconds = 5, .warmup = 1, .text = 60};
struct peer *peers;
int peer_count, visitor_count, agent_count;

static int epoll, ready_count, opened_count;

int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void give_up(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fprintf(stderr, "load: ");
    vfprintf(stderr, format, list);
    fprintf(stderr, "\n");
    va_end(list);
    exit(1);
}

static uint32_t mask(void) {
    static uint32_t x = 0x9e3779b9;
    x ^= x << 13, x ^= x >> 17, x ^= x << 5;
    return x;
}

void say(struct peer *p, const char *text, size_t n) { ws_add_masked(&p->out, OP_TEXT, text, n, mask()); }

void flush(struct peer *p) {
    while (p->out.end > p->out.start) {
        ssize_t n = send(p->fd, p->out.p + p->out.start, p->out.end - p->out.start, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno != EAGAIN) give_up("%s %d: %s", p->agent ? "agent" : "visitor", p->index, strerror(errno));
        if (n < 0) break;
        buf_eat(&p->out, (size_t)n);
    }
    int want = p->out.end > p->out.start;
    if (want == p->watching_out) return;
    p->watching_out = want;
    struct epoll_event e = {.events = EPOLLIN | (want ? (uint32_t)EPOLLOUT : 0), .data.ptr = p};
    epoll_ctl(epoll, EPOLL_CTL_MOD, p->fd, &e);
}

static void connect_peer(struct peer *p) {
    int on = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)p->port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (p->fd < 0) give_up("socket: %s (ulimit -n?)", strerror(errno));
    if (connect(p->fd, (struct sockaddr *)&a, sizeof a) < 0 && errno != EINPROGRESS) give_up("connect: %s", strerror(errno));
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    buf_text(&p->out, "GET ");
    buf_text(&p->out, p->path);
    buf_text(&p->out, " HTTP/1.1\r\nHost: 127.0.0.1:");
    buf_number(&p->out, p->port);
    buf_text(&p->out, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: ");
    buf_text(&p->out, p->origin);
    buf_text(&p->out, "\r\n\r\n");
    p->state = UPGRADING;
    p->watching_out = 1;
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = p};
    epoll_ctl(epoll, EPOLL_CTL_ADD, p->fd, &e);
}

static void on_upgraded(struct peer *p) {
    char *head = (char *)p->in.p + p->in.start;
    char *end = memmem(head, p->in.end - p->in.start, "\r\n\r\n", 4);
    if (!end) return;
    if (memcmp(head, "HTTP/1.1 101", 12) != 0) give_up("%s: %.*s", p->path, (int)(end - head), head);
    struct slice accept = http_header(head, (size_t)(end - head) + 2, "Sec-WebSocket-Accept");
    if (accept.n != 28 || memcmp(accept.p, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", 28) != 0) give_up("wrong Sec-WebSocket-Accept");
    buf_eat(&p->in, (size_t)(end - head) + 4);
    p->state = GREETING;
    const char *hello = "{\"t\":\"hello\",\"d\":{\"dev\":\"bench\"}}";
    say(p, hello, strlen(hello));
    flush(p);
}

static void on_readable(struct peer *p) {
    for (;;) {
        buf_room(&p->in, p->state == READY ? 4096 : READ);
        ssize_t n = recv(p->fd, p->in.p + p->in.end, p->in.cap - p->in.end, 0);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
        if (n <= 0) give_up("%s %d: the server hung up in state %d", p->agent ? "agent" : "visitor", p->index, p->state);
        int full = p->in.end + (size_t)n == p->in.cap;
        p->in.end += (size_t)n;
        if (p->state == UPGRADING) on_upgraded(p);
        while (p->state > UPGRADING) {
            struct frame f;
            long size = ws_parse(p->in.p + p->in.start, p->in.end - p->in.start, 256u << 20, 0, &f);
            if (size == 0) break;
            if (size < 0 || !f.fin) give_up("a frame that is not allowed");
            if (f.op == OP_CLOSE)
                give_up("%s %d was closed: %d %.*s", p->agent ? "agent" : "visitor", p->index,
                        f.n >= 2 ? f.data[0] << 8 | f.data[1] : 0, f.n > 2 ? (int)f.n - 2 : 0, f.n > 2 ? (char *)f.data + 2 : "");
            if (f.op == OP_PING) ws_add_masked(&p->out, OP_PONG, f.data, f.n, mask());
            enum state before = p->state;
            if (f.op == OP_TEXT) on_text(p, (struct slice){(char *)f.data, f.n});
            ready_count += before != READY && p->state == READY;
            buf_eat(&p->in, (size_t)size);
        }
        if (!full) break;
    }
    if (p->in.start == p->in.end && options.idle) buf_free(&p->in);
    if (p->out.end > p->out.start) flush(p);
}

static void turn(int timeout_us) {
    struct epoll_event ready[EVENTS];
    struct timespec t = {timeout_us / 1000000, timeout_us % 1000000 * 1000};
    int n = epoll_pwait2(epoll, ready, EVENTS, &t, NULL);
    for (int i = 0; i < n; i++) {
        struct peer *p = ready[i].data.ptr;
        if (!p) continue; /* standard input, looked at by hold() */
        if (ready[i].events & EPOLLOUT) flush(p);
        if (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(p);
    }
}

static void read_plan(const char *path) {
    FILE *f = fopen(path, "r");
    char line[1024], role[16], url[512], origin[400];
    if (!f) give_up("%s: %s", path, strerror(errno));
    int room = 0;
    while (fgets(line, sizeof line, f)) {
        int port = options.port;
        if (sscanf(line, "%15s %511s %399s %d", role, url, origin, &port) < 3) give_up("%s: bad line: %s", path, line);
        if (peer_count == room) peers = realloc(peers, sizeof *peers * (size_t)(room = room ? room * 2 : 64));
        struct peer *p = &peers[peer_count++];
        memset(p, 0, sizeof *p);
        p->port = port;
        p->agent = strcmp(role, "agent") == 0;
        p->index = p->agent ? agent_count++ : visitor_count++;
        p->path = strdup(url);
        p->origin = strdup(origin);
    }
    fclose(f);
}

/* Agents first, so that they see every conversation open. */
static void connect_all(void) {
    int64_t last = now_us();
    for (int round = 1; round >= 0; round--) {
        int target = ready_count, known = ready_count;
        for (int i = 0; i < peer_count; i++) {
            if (peers[i].agent != round) continue;
            connect_peer(&peers[i]);
            target++;
            while (target - ready_count >= CONNECTING_AT_ONCE) turn(100000);
        }
        while (ready_count < target) {
            turn(100000);
            if (ready_count != known) known = ready_count, last = now_us();
            if (now_us() - last > STALL_S * 1000000ll) give_up("%d sockets are not greeted", target - ready_count);
        }
    }
}

static void open_conversations(void) {
    int64_t end = now_us() + STALL_S * 1000000ll;
    for (int i = 0; i < peer_count; i++)
        if (!peers[i].agent) send_message(&peers[i]);
    do {
        turn(100000);
        opened_count = 0;
        for (int i = 0; i < peer_count; i++) opened_count += !peers[i].agent && peers[i].unacked == 0;
        if (now_us() > end) give_up("%d conversations did not open", visitor_count - opened_count);
    } while (opened_count < visitor_count || missing() > 0);
}

/* Whole pressure: every visitor keeps its window full. With a rate: that many messages a second over all. */
static void press(int64_t start, int64_t *issued) {
    static int next;
    if (options.rate == 0) {
        for (int i = 0; i < peer_count; i++)
            if (!peers[i].agent) fill_window(&peers[i]);
        return;
    }
    int64_t due = (int64_t)((double)(now_us() - start) * options.rate / 1e6);
    for (int tried = 0; *issued < due && tried < peer_count; tried++) {
        struct peer *p = &peers[next++ % peer_count];
        if (p->agent || p->unacked >= options.window) continue;
        send_message(p);
        flush(p);
        ++*issued;
    }
}

static void measure(void) {
    int64_t start = now_us(), issued = 0, begin = start + (int64_t)(options.warmup * 1e6);
    int64_t end = begin + (int64_t)(options.seconds * 1e6);
    running = 1;
    press(start, &issued);
    for (int64_t now = start; now < end; now = now_us()) {
        if (!measuring && now >= begin) start_measuring(now);
        if (options.rate > 0) press(start, &issued);
        turn(options.rate > 0 ? 200 : 100000);
    }
    stop_measuring(now_us());
    running = 0;
    for (int64_t wait = now_us() + STALL_S * 1000000ll; (missing() > 0 || unacked() > 0) && now_us() < wait;) turn(100000);
}

static void hold(void) {
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &e);
    printf("{\"ready\":%d}\n", ready_count);
    fflush(stdout);
    int64_t ping = now_us() + PING_S * 1000000ll;
    char byte;
    for (;;) {
        struct epoll_event ready;
        turn(100000);
        if (epoll_wait(epoll, &ready, 1, 0) > 0 && !ready.data.ptr && read(0, &byte, 1) == 0) return;
        if (now_us() < ping) continue;
        ping = now_us() + PING_S * 1000000ll;
        for (int i = 0; i < peer_count; i++) say(&peers[i], "{\"t\":\"ping\"}", 12), flush(&peers[i]);
    }
}

int main(int argc, char **argv) {
    if (argc < 3) give_up("usage: load PORT PLAN [options]");
    options.port = atoi(argv[1]);
    for (int i = 3; i < argc; i++) {
        const char *name = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(name, "--idle")) options.idle = 1;
        else if (!strcmp(name, "--window")) options.window = atoi(value), i++;
        else if (!strcmp(name, "--seconds")) options.seconds = atof(value), i++;
        else if (!strcmp(name, "--warmup")) options.warmup = atof(value), i++;
        else if (!strcmp(name, "--text")) options.text = atoi(value), i++;
        else if (!strcmp(name, "--rate")) options.rate = atof(value), i++;
        else if (!strcmp(name, "--pid")) options.pids = value, i++;
        else give_up("unknown option %s", name);
    }
    if (options.window < 1 || options.window > WINDOW_MAX || options.text < 1 || options.text > TEXT_MAX) give_up("window or text");
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    read_plan(argv[2]);
    prepare();
    epoll = epoll_create1(EPOLL_CLOEXEC);
    connect_all();
    if (options.idle) {
        hold();
        return 0;
    }
    open_conversations();
    measure();
    return report();
}
