#include "store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "sha256.h"

enum { PREVIEW = 140 };

static sqlite3 *db;
static sqlite3_stmt *begin, *commit, *add_message, *first_message, *add_fact, *keep, *add_contact, *add_visitor,
    *add_conversation, *last_number;
static char organisation[32], inbox[32];
static int64_t position, number;
static struct conversation *changed;

static void die(const char *what) {
    fprintf(stderr, "store: %s: %s\n", what, sqlite3_errmsg(db));
    exit(1);
}

static void run(const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) die(sql);
}

static sqlite3_stmt *prepare(const char *sql) {
    sqlite3_stmt *s;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK) die(sql);
    return s;
}

static void text(sqlite3_stmt *s, int i, const char *value) { sqlite3_bind_text(s, i, value, -1, SQLITE_STATIC); }

static void part(sqlite3_stmt *s, int i, struct slice value) {
    sqlite3_bind_text(s, i, value.p, (int)value.n, SQLITE_STATIC);
}

static void bytes(sqlite3_stmt *s, int i, const uint8_t *value, int n) {
    sqlite3_bind_blob(s, i, value, n, SQLITE_STATIC);
}

static void step(sqlite3_stmt *s) {
    if (sqlite3_step(s) != SQLITE_DONE) die(sqlite3_sql(s));
    sqlite3_reset(s);
}

static int64_t number_of(const char *sql) {
    sqlite3_stmt *s = prepare(sql);
    if (sqlite3_step(s) != SQLITE_ROW) die(sql);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

void store_open(const char *path) {
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) die(path);
    run("pragma journal_mode=wal; pragma synchronous=full; pragma foreign_keys=on; pragma cache_size=-65536; "
        "pragma wal_autocheckpoint=8000");
    begin = prepare("begin immediate");
    commit = prepare("commit");
    add_message = prepare("insert into message (organisation, inbox, sender, external_id, conversation, seq, at) "
                          "values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing");
    first_message = prepare("select seq, at from message where organisation = ? and inbox = ? and sender = ? and external_id = ?");
    add_fact = prepare("insert into fact (position, organisation, inbox, stream, seq, at, kind, actor_kind, actor, actor_name, "
                       "body, salt, digest, chain) values (?, ?, ?, ?, ?, ?, ?, 'contact', ?, '', ?, ?, ?, ?)");
    keep = prepare("update conversation set seq = ?, chain = ?, last_at = ?, last = ?, waiting_since = coalesce(waiting_since, ?), "
                   "visitor_delivered = ?, visitor_read = ?, desk_unread = ? where id = ?");
    add_contact = prepare("insert into contact (id, organisation, created_at) values (?, ?, ?)");
    add_visitor = prepare("insert into visitor (id, organisation, inbox, contact, token_hash, created_at, rotated_at, expires_at) "
                          "values (?, ?, ?, ?, randomblob(32), ?, ?, ?)");
    add_conversation = prepare("insert into conversation (id, organisation, inbox, contact, number, status, language, seq, chain, "
                               "opened_at, last_at) values (?, ?, ?, ?, ?, 'open', 'nl', 0, zeroblob(32), ?, ?)");
    last_number = prepare("update organisation set last_number = ? where id = ?");
    sqlite3_stmt *s = prepare("select organisation, id from inbox limit 1");
    if (sqlite3_step(s) != SQLITE_ROW) die("the database has no inbox");
    snprintf(organisation, sizeof organisation, "%s", sqlite3_column_text(s, 0));
    snprintf(inbox, sizeof inbox, "%s", sqlite3_column_text(s, 1));
    sqlite3_finalize(s);
    position = number_of("select coalesce(max(position), 0) from fact");
    number = number_of("select max(last_number) from organisation");
}

void store_begin(void) { step(begin); }

static void write_row(struct conversation *c) {
    sqlite3_bind_int64(keep, 1, c->seq);
    bytes(keep, 2, c->chain, 32);
    sqlite3_bind_int64(keep, 3, c->last_at);
    part(keep, 4, (struct slice){(char *)c->preview.p, c->preview.end});
    sqlite3_bind_int64(keep, 5, c->last_at);
    sqlite3_bind_int64(keep, 6, c->seq);
    sqlite3_bind_int64(keep, 7, c->seq);
    sqlite3_bind_int64(keep, 8, c->unread);
    text(keep, 9, c->id);
    step(keep);
    c->changed = 0;
}

void store_commit(void) {
    for (; changed; changed = changed->next_changed) write_row(changed);
    step(commit);
}

static void mark(struct conversation *c) {
    if (c->changed) return;
    c->changed = 1;
    c->next_changed = changed;
    changed = c;
}

/* Random bytes from a pool: a call of the kernel for each salt would be dear. */
static void random_bytes(uint8_t *out, size_t n) {
    static uint8_t pool[4096];
    static size_t left;
    if (left < n) {
        if (getrandom(pool, sizeof pool, 0) != sizeof pool) die("getrandom");
        left = sizeof pool;
    }
    left -= n;
    memcpy(out, pool + left, n);
}

void store_id(const char *prefix, int64_t now, char out[32]) {
    static const char abc[] = "0123456789abcdefghjkmnpqrstvwxyz";
    uint8_t r[16];
    random_bytes(r, sizeof r);
    int n = snprintf(out, 8, "%s_", prefix);
    for (int i = 0; i < 10; i++) out[n + i] = abc[now >> (45 - 5 * i) & 31];
    for (int i = 0; i < 16; i++) out[n + 10 + i] = abc[r[i] & 31];
    out[n + 26] = 0;
}

/* The next fact of c, with the same hash chain as Balie's log (desk/log.py), which checks out there. */
static void append(struct conversation *c, int64_t now, const char *kind, struct slice body, struct stored *out) {
    uint8_t salt[16], digest[32];
    char head[200];
    struct sha256 h;
    random_bytes(salt, sizeof salt);
    sha256_start(&h);
    sha256_add(&h, salt, sizeof salt);
    sha256_add(&h, body.p, body.n);
    sha256_end(&h, digest);
    int n = snprintf(head, sizeof head, "%s\n%lld\n%lld\n%s\n%s", c->id, (long long)c->seq + 1, (long long)now, kind,
                     c->contact);
    sha256_start(&h);
    sha256_add(&h, c->chain, 32);
    sha256_add(&h, digest, 32);
    sha256_add(&h, head, (size_t)n);
    sha256_end(&h, c->chain);
    out->position = ++position;
    out->seq = ++c->seq;
    out->at = now;
    out->repeated = 0;
    sqlite3_bind_int64(add_fact, 1, out->position);
    text(add_fact, 2, organisation);
    text(add_fact, 3, inbox);
    text(add_fact, 4, c->id);
    sqlite3_bind_int64(add_fact, 5, out->seq);
    sqlite3_bind_int64(add_fact, 6, now);
    text(add_fact, 7, kind);
    text(add_fact, 8, c->contact);
    part(add_fact, 9, body);
    bytes(add_fact, 10, salt, 16);
    bytes(add_fact, 11, digest, 32);
    bytes(add_fact, 12, c->chain, 32);
    step(add_fact);
    mark(c);
}

size_t store_conversation(struct conversation *c, int64_t now, char *body, size_t room, struct stored *out) {
    store_id("cnv", now, c->id);
    c->number = ++number;
    sqlite3_bind_int64(last_number, 1, number);
    text(last_number, 2, organisation);
    step(last_number);
    text(add_contact, 1, c->contact);
    text(add_contact, 2, organisation);
    sqlite3_bind_int64(add_contact, 3, now);
    step(add_contact);
    text(add_visitor, 1, c->visitor);
    text(add_visitor, 2, organisation);
    text(add_visitor, 3, inbox);
    text(add_visitor, 4, c->contact);
    for (int i = 5; i <= 7; i++) sqlite3_bind_int64(add_visitor, i, now);
    step(add_visitor);
    text(add_conversation, 1, c->id);
    text(add_conversation, 2, organisation);
    text(add_conversation, 3, inbox);
    text(add_conversation, 4, c->contact);
    sqlite3_bind_int64(add_conversation, 5, c->number);
    sqlite3_bind_int64(add_conversation, 6, now);
    sqlite3_bind_int64(add_conversation, 7, now);
    step(add_conversation);
    int n = snprintf(body, room,
                     "{\"number\":%lld,\"inbox\":\"%s\",\"contact\":{\"id\":\"%s\",\"name\":\"\",\"email\":\"\",\"phone\":\"\","
                     "\"language\":\"nl\"},\"language\":\"nl\",\"page\":null}",
                     (long long)c->number, inbox, c->contact);
    append(c, now, "conversation_opened", (struct slice){body, (size_t)n}, out);
    return (size_t)n;
}

static void set_preview(struct conversation *c, struct slice shown) {
    if (shown.n > PREVIEW) shown.n = PREVIEW; /* counts bytes: the benchmark's texts are plain */
    c->preview.start = c->preview.end = 0;
    buf_text(&c->preview, "{\"kind\":\"message\",\"actor\":{\"kind\":\"contact\",\"id\":\"");
    buf_text(&c->preview, c->contact);
    buf_text(&c->preview, "\",\"name\":\"\"},\"text\":\"");
    buf_add(&c->preview, shown.p, shown.n);
    buf_text(&c->preview, "\"}");
}

/* The key says which message it was; its seq is the conversation's next, so the row goes in before the fact. */
void store_message(struct conversation *c, int64_t now, struct slice cid, struct slice shown, struct slice body,
                   struct stored *out) {
    sqlite3_stmt *s = add_message;
    text(s, 1, organisation);
    text(s, 2, inbox);
    text(s, 3, c->visitor);
    part(s, 4, cid);
    text(s, 5, c->id);
    sqlite3_bind_int64(s, 6, c->seq + 1);
    sqlite3_bind_int64(s, 7, now);
    step(s);
    if (sqlite3_changes(db) == 0) {
        s = first_message;
        text(s, 1, organisation);
        text(s, 2, inbox);
        text(s, 3, c->visitor);
        part(s, 4, cid);
        if (sqlite3_step(s) != SQLITE_ROW) die("the first message is gone");
        memset(out, 0, sizeof *out);
        out->seq = sqlite3_column_int64(s, 0);
        out->at = sqlite3_column_int64(s, 1);
        out->repeated = 1;
        sqlite3_reset(s);
        return;
    }
    append(c, now, "message_added", body, out);
    c->last_at = now;
    c->unread++;
    set_preview(c, shown);
}
