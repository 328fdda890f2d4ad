/* What both C programs of the benchmark need of the wire: buffers, the WebSocket handshake and frames
 * (RFC 6455), and reading members out of JSON text. No I/O here. */
#ifndef BALIE_BENCH_WIRE_H
#define BALIE_BENCH_WIRE_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that grow at the end and shrink at the front. */
struct buf {
    uint8_t *p;
    size_t start, end, cap;
};

void buf_room(struct buf *b, size_t n); /* at least n bytes free after end; exits when memory is gone */
void buf_add(struct buf *b, const void *data, size_t n);
void buf_text(struct buf *b, const char *text);
void buf_number(struct buf *b, int64_t n);
void buf_eat(struct buf *b, size_t n); /* forget n bytes at the front */
void buf_free(struct buf *b);

/* A piece of somebody else's bytes. */
struct slice {
    const char *p;
    size_t n;
};

enum { OP_MORE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct frame {
    int fin, op;
    uint8_t *data; /* unmasked in place */
    size_t n;
};

/* One whole frame at data: its size on the wire, 0 when more bytes are needed, -1 when it is not allowed.
 * from_client: the mask is demanded, otherwise forbidden. */
long ws_parse(uint8_t *data, size_t n, size_t limit, int from_client, struct frame *out);

/* Header of an unmasked frame with n bytes of payload; 2 to 10 bytes. */
size_t ws_head(uint8_t *out, int op, size_t n);

/* A whole masked frame, as clients must send. */
void ws_add_masked(struct buf *out, int op, const void *data, size_t n, uint32_t mask);

/* Sec-WebSocket-Accept for a key: 28 characters and a zero. */
void ws_accept(const char *key, size_t n, char out[29]);

/* Header value in an HTTP head, empty when absent. */
struct slice http_header(const char *head, size_t n, const char *name);

int utf8_ok(const uint8_t *p, size_t n);

/* One pass over an object: where the values of names stand (strings keep their quotes); n = 0 when absent.
 * -1 when the text is not one well-formed JSON object. */
int json_members(struct slice text, const char *const *names, int count, struct slice *values);

/* A string value without its quotes, escapes kept as they are; n = 0 for anything else. */
struct slice json_string(struct slice value);

/* Code points in an escaped string, counting a \uXXXX as one. */
size_t json_length(struct slice escaped);

#endif
