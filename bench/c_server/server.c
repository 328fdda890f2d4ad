/* The raw limit: a single-threaded epoll WebSocket server on SQLite that does the work of Balie's message path
 * and nothing else. Frames of all ready sockets share one commit (WAL, synchronous=FULL); then come the acks to
 * the senders and the facts to sender and agents. No resume, no rights, no HTTP: a yardstick, not a product.
 *
 *   server PORT DATABASE
 *
 * Tickets: /v1/socket/visitor?ticket=vN is visitor N, /v1/socket/agent?ticket=aN an agent who reads everything. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

enum { VISITORS = 200000, FRAME_LIMIT = 65536, TEXT_LIMIT = 8000, BACKLOG_LIMIT = 4 << 20, EVENTS = 512, PENDING = 4096, READ = 65536 };
enum role { NOBODY, VISITOR, AGENT };

struct client {
    int fd, index, upgraded, greeted, watching_out, touched, dead;
    enum role role;
    struct conversation *conversation;
    struct buf in, out;
    struct client *next_agent, *next_touched, *next_dead;
};

/* What one stored message sends out after the commit; offsets into arena. */
struct pending {
    struct client *sender;
    size_t ack, own, fact, end;
};

static int epoll;
static struct conversation *conversations[VISITORS];
static struct client *agents, *touched, *dead;
static struct buf arena;
static struct pending pending[PENDING];
static size_t pending_count;
static volatile sig_atomic_t stopping;

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void drop(struct client *c) {
    if (c->dead) return;
    c->dead = 1;
    close(c->fd);
    c->next_dead = dead;
    dead = c;
    for (struct client **a = &agents; *a; a = &(*a)->next_agent)
        if (*a == c) {
            *a = c->next_agent;
            break;
        }
}

static void touch(struct client *c) {
    if (c->touched || c->dead) return;
    c->touched = 1;
    c->next_touched = touched;
    touched = c;
}

static void queue_frame(struct client *c, int op, const void *data, size_t n) {
    uint8_t head[10];
    size_t h = ws_head(head, op, n);
    if (c->out.end - c->out.start + n > BACKLOG_LIMIT) {
        drop(c);
        return;
    }
    buf_add(&c->out, head, h);
    buf_add(&c->out, data, n);
    touch(c);
}

static void flush(struct client *c) {
    c->touched = 0;
    while (!c->dead && c->out.end > c->out.start) {
        ssize_t n = send(c->fd, c->out.p + c->out.start, c->out.end - c->out.start, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno != EAGAIN) drop(c);
        if (n < 0) break;
        buf_eat(&c->out, (size_t)n);
    }
    int want = c->out.end > c->out.start;
    if (c->dead || want == c->watching_out) return;
    c->watching_out = want;
    struct epoll_event e = {.events = EPOLLIN | (want ? (uint32_t)EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &e);
}

static void fail(struct client *c, int code, const char *why) {
    uint8_t body[64] = {(uint8_t)(code >> 8), (uint8_t)code};
    size_t n = strlen(why);
    memcpy(body + 2, why, n);
    queue_frame(c, OP_CLOSE, body, n + 2);
    flush(c);
    drop(c);
}

/* Frames of the wire */

static size_t add_fact(struct conversation *c, const struct stored *s, int64_t position, const char *kind,
                       const char *body, size_t n) {
    size_t at = arena.end;
    char head[400];
    int len = snprintf(head, sizeof head,
                       "{\"t\":\"fact\",\"d\":{\"pos\":%lld,\"stream\":\"%s\",\"seq\":%lld,\"at\":%lld,"
                       "\"kind\":\"%s\",\"actor\":{\"kind\":\"contact\",\"id\":\"%s\",\"name\":\"\"},\"body\":",
                       (long long)position, c->id, (long long)s->seq, (long long)s->at, kind, c->contact);
    buf_add(&arena, head, (size_t)len);
    buf_add(&arena, body, n);
    buf_add(&arena, "}}", 2);
    return at;
}

static void remember(struct client *c, struct conversation *v, const struct stored *s, struct slice cid,
                     const char *kind, const char *body, size_t n) {
    struct pending *p = &pending[pending_count++];
    p->sender = c;
    p->ack = arena.end;
    if (cid.n) {
        char ack[256];
        int len = snprintf(ack, sizeof ack,
                           "{\"t\":\"ack\",\"d\":{\"cid\":\"%.*s\",\"conversation\":\"%s\",\"seq\":%lld,\"at\":%lld}}",
                           (int)cid.n, cid.p, v->id, (long long)s->seq, (long long)s->at);
        buf_add(&arena, ack, (size_t)len);
    }
    p->own = p->fact = arena.end;
    if (!s->repeated) {
        add_fact(v, s, 0, kind, body, n);
        p->fact = add_fact(v, s, s->position, kind, body, n);
    }
    p->end = arena.end;
}

static int is_cid(struct slice s) {
    if (s.n != 36) return 0;
    for (int i = 0; i < 36; i++) {
        int dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s.p[i] != '-' : !strchr("0123456789abcdef", s.p[i])) return 0;
    }
    return s.p[14] == '7';
}

static void on_send(struct client *c, struct slice data) {
    static const char *const names[] = {"cid", "text", "conversation"};
    static struct buf body;
    struct slice v[3];
    struct stored s;
    if (c->role != VISITOR || json_members(data, names, 3, v) < 0) {
        fail(c, 4400, "bad send");
        return;
    }
    struct slice cid = json_string(v[0]), text = json_string(v[1]);
    int64_t now = now_ms();
    struct slice named = json_string(v[2]);
    struct conversation *conversation = c->conversation;
    if (!is_cid(cid) || text.n == 0 || json_length(text) > TEXT_LIMIT ||
        (named.n && (named.n != strlen(conversation->id) || memcmp(named.p, conversation->id, named.n) != 0))) {
        fail(c, 4400, "bad message");
        return;
    }
    if (pending_count == 0) store_begin();
    if (!conversation->id[0]) {
        char opened[256];
        size_t n = store_conversation(conversation, now, opened, sizeof opened, &s);
        remember(c, conversation, &s, (struct slice){NULL, 0}, "conversation_opened", opened, n);
    }
    body.start = body.end = 0;
    buf_text(&body, "{\"cid\":\"");
    buf_add(&body, cid.p, cid.n);
    buf_text(&body, "\",\"text\":\"");
    buf_add(&body, text.p, text.n);
    buf_text(&body, "\",\"sentAt\":null}");
    store_message(conversation, now, cid, text, (struct slice){(char *)body.p, body.end}, &s);
    remember(c, conversation, &s, cid, "message_added", (char *)body.p, body.end);
}

static void on_hello(struct client *c) {
    char text[256], session[32];
    store_id("ses", now_ms(), session);
    int n = snprintf(text, sizeof text,
                     "{\"t\":\"welcome\",\"d\":{\"session\":\"%s\",\"epoch\":\"c\",\"at\":%lld,\"resumed\":false}}", session,
                     (long long)now_ms());
    queue_frame(c, OP_TEXT, text, (size_t)n);
    const char *resync = c->role == AGENT ? "{\"t\":\"resync\",\"d\":{\"reason\":\"first\",\"agent\":{\"position\":0}}}"
                                          : "{\"t\":\"resync\",\"d\":{\"reason\":\"first\",\"visitor\":{\"conversations\":[]}}}";
    queue_frame(c, OP_TEXT, resync, strlen(resync));
    if (c->role == AGENT && !c->greeted) {
        c->next_agent = agents;
        agents = c;
    }
    c->greeted = 1;
}

static void on_text(struct client *c, uint8_t *data, size_t n) {
    static const char *const names[] = {"t", "d"};
    struct slice v[2], text = {(char *)data, n};
    if (!utf8_ok(data, n) || json_members(text, names, 2, v) < 0) {
        fail(c, 4400, "bad frame");
        return;
    }
    struct slice t = json_string(v[0]);
    if (t.n == 4 && memcmp(t.p, "send", 4) == 0 && c->greeted) on_send(c, v[1]);
    else if (t.n == 5 && memcmp(t.p, "hello", 5) == 0) on_hello(c);
    else if (t.n == 4 && memcmp(t.p, "ping", 4) == 0) queue_frame(c, OP_TEXT, "{\"t\":\"pong\",\"d\":{}}", 20);
    else fail(c, 4400, "unknown frame");
}

static void commit_and_tell(void) {
    store_commit();
    for (size_t i = 0; i < pending_count; i++) {
        struct pending *p = &pending[i];
        if (!p->sender->dead && p->own > p->ack) queue_frame(p->sender, OP_TEXT, arena.p + p->ack, p->own - p->ack);
        if (p->fact == p->own) continue;
        if (!p->sender->dead) queue_frame(p->sender, OP_TEXT, arena.p + p->own, p->fact - p->own);
        for (struct client *a = agents, *next; a; a = next) {
            next = a->next_agent;
            queue_frame(a, OP_TEXT, arena.p + p->fact, p->end - p->fact);
        }
    }
    pending_count = 0;
    arena.start = arena.end = 0;
}

static int upgrade(struct client *c) {
    char *head = (char *)c->in.p + c->in.start;
    size_t n = c->in.end - c->in.start;
    char *end = memmem(head, n, "\r\n\r\n", 4);
    if (!end) {
        if (n > 16384) drop(c);
        return 0;
    }
    size_t size = (size_t)(end - head) + 4;
    struct slice key = http_header(head, size, "Sec-WebSocket-Key");
    char visitor[] = "GET /v1/socket/visitor?ticket=v", agent[] = "GET /v1/socket/agent?ticket=a";
    int is_visitor = size > sizeof visitor && memcmp(head, visitor, sizeof visitor - 1) == 0;
    int is_agent = size > sizeof agent && memcmp(head, agent, sizeof agent - 1) == 0;
    if (!key.n || !(is_visitor || is_agent)) {
        drop(c);
        return 0;
    }
    c->role = is_visitor ? VISITOR : AGENT;
    c->index = atoi(head + (is_visitor ? sizeof visitor : sizeof agent) - 1);
    if (c->index < 0 || c->index >= VISITORS) {
        drop(c);
        return 0;
    }
    if (is_visitor) {
        struct conversation **v = &conversations[c->index];
        if (!*v) {
            *v = calloc(1, sizeof **v);
            store_id("con", now_ms(), (*v)->contact);
            store_id("vis", now_ms(), (*v)->visitor);
        }
        c->conversation = *v;
    }
    char accept[29];
    ws_accept(key.p, key.n, accept);
    buf_text(&c->out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
    buf_text(&c->out, accept);
    buf_text(&c->out, "\r\n\r\n");
    touch(c);
    buf_eat(&c->in, size);
    return c->upgraded = 1;
}

static void take_frames(struct client *c) {
    if (!c->upgraded && !upgrade(c)) return;
    while (!c->dead) {
        struct frame f;
        if (pending_count + 2 > PENDING) commit_and_tell();
        long n = ws_parse(c->in.p + c->in.start, c->in.end - c->in.start, FRAME_LIMIT, 1, &f);
        if (n == 0) break;
        if (n < 0 || (f.op == OP_TEXT && !f.fin) || f.op == OP_MORE || f.op == OP_BINARY) {
            fail(c, 4400, "bad frame");
            break;
        }
        if (f.op == OP_TEXT) on_text(c, f.data, f.n);
        else if (f.op == OP_PING) queue_frame(c, OP_PONG, f.data, f.n);
        else if (f.op == OP_CLOSE) {
            queue_frame(c, OP_CLOSE, f.data, f.n < 2 ? 0 : 2);
            flush(c);
            drop(c);
        }
        buf_eat(&c->in, (size_t)n);
    }
}

static void on_readable(struct client *c) {
    buf_room(&c->in, READ);
    ssize_t n = recv(c->fd, c->in.p + c->in.end, c->in.cap - c->in.end, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) drop(c);
    if (n <= 0) return;
    c->in.end += (size_t)n;
    take_frames(c);
    if (c->in.start == c->in.end && c->in.cap) buf_free(&c->in); /* an idle socket holds no buffer */
}

static void accept_all(int listener) {
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;
        if (fd < 0) return;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct client *c = calloc(1, sizeof *c);
        c->fd = fd;
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e);
    }
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    socklen_t size = sizeof a;
    if (bind(fd, (struct sockaddr *)&a, size) < 0 || listen(fd, 4096) < 0 || getsockname(fd, (struct sockaddr *)&a, &size) < 0) {
        perror("listen");
        exit(1);
    }
    printf("listening %d\n", ntohs(a.sin_port));
    fflush(stdout);
    return fd;
}

static void on_signal(int signal) {
    (void)signal;
    stopping = 1;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: server PORT DATABASE\n");
        return 2;
    }
    struct sigaction act = {.sa_handler = on_signal};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGINT, &act, NULL);
    store_open(argv[2]);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on(atoi(argv[1]));
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL}, ready[EVENTS];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &e);
    while (!stopping) {
        int n = epoll_wait(epoll, ready, EVENTS, -1);
        for (int i = 0; i < n; i++) {
            struct client *c = ready[i].data.ptr;
            if (!c) accept_all(listener);
            else if (!c->dead && (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) on_readable(c);
            else if (!c->dead) touch(c);
        }
        if (pending_count) commit_and_tell();
        while (touched) {
            struct client *c = touched;
            touched = c->next_touched;
            flush(c);
        }
        while (dead) {
            struct client *c = dead;
            dead = c->next_dead;
            buf_free(&c->in);
            buf_free(&c->out);
            free(c);
        }
    }
    return 0;
}
