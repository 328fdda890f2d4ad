/* The C server's store, on a database that Balie's own migrations made: WAL, synchronous=FULL, one open
 * transaction per batch. Conversations live in memory too, since one thread owns them. Any failure of the engine
 * ends the process with its reason. */
#ifndef BALIE_BENCH_STORE_H
#define BALIE_BENCH_STORE_H

#include "wire.h"

struct conversation {
    char visitor[32], contact[32], id[32]; /* id empty: not opened yet */
    int64_t seq, number, last_at, unread;
    uint8_t chain[32];
    struct buf preview; /* the last message as JSON, as the row has it */
    struct conversation *next_changed;
    int changed; /* in the open transaction, row not yet written */
};

struct stored {
    int64_t position, seq, at;
    int repeated; /* the cid was known: seq and at are the first one's */
};

void store_open(const char *path);
void store_begin(void);
void store_commit(void);

/* Makes the contact, the visitor and the conversation with its first fact; n is the length of the body written
 * to body, as JSON. */
size_t store_conversation(struct conversation *c, int64_t now, char *body, size_t room, struct stored *out);

/* One message: unique external id, next seq, fact. body is the fact's body as JSON, text escaped JSON without its
 * quotes. */
void store_message(struct conversation *c, int64_t now, struct slice cid, struct slice text, struct slice body,
                   struct stored *out);

/* A new id: prefix, underscore, 26 characters; time-sorted. */
void store_id(const char *prefix, int64_t now, char out[32]);

#endif
