/* The generator's two halves: load.c has sockets and time, talk.c has messages, checks and figures. */
#ifndef BALIE_BENCH_LOAD_H
#define BALIE_BENCH_LOAD_H

#include "../c_server/wire.h"

enum { WINDOW_MAX = 64, TEXT_MAX = 4000 };
enum state { CLOSED, UPGRADING, GREETING, WELCOMED, READY };

struct options {
    int port, window, text, idle;
    const char *pids; /* of the server, with commas */
    double seconds, warmup, rate;
};

struct peer {
    int fd, port, agent, index, watching_out;
    enum state state;
    char *path, *origin;
    struct buf in, out;
    char conversation[40];
    uint32_t sent, acked, echoed; /* numbers of messages: sent so far, next ack expected, next own fact expected */
    int unacked;
    int64_t sent_at[WINDOW_MAX * 4];
    int arrived[WINDOW_MAX * 4]; /* agents who have the message */
    uint32_t *expected; /* agents: the next number of each visitor */
};

extern struct options options;
extern struct peer *peers;
extern int peer_count, visitor_count, agent_count, running, measuring;

int64_t now_us(void);
void give_up(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void say(struct peer *p, const char *text, size_t n);
void flush(struct peer *p);

void prepare(void);
void on_text(struct peer *p, struct slice text);
void send_message(struct peer *p);
void fill_window(struct peer *p);
int64_t missing(void); /* messages that some agent has not got yet */
int64_t unacked(void);
void start_measuring(int64_t now);
void stop_measuring(int64_t now);
int report(void); /* the exit code: 1 when anything was lost, doubled or out of order */

#endif
