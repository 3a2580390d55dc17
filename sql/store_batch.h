/* A batch: the one way records get into the ledger. Everything between open and commit is one transaction under the
 * single writer's lock; the batch number is taken under it, so numbers are in the order of commits.
 *
 * The rows are offered twice, in the same order (the caller parses the archived bytes again):
 *   pass 1  a kind whose table is empty is sent whole, straight into its table; of the others only (key, print) goes to
 *           a temporary table. Refusals go to quarantine.
 *   compare finds repeats within the batch, new and changed rows, moves the versions that end now to history, and closes
 *           vanished rows of this source when it sends everything.
 *   pass 2  the rows that are new or changed are sent straight into the current table (store_batch_pass_two() says
 *           whether there are any).
 *   commit  quarantine, cursors of the source, counts, state version, NOTIFY setaside_batch.
 * A source that sends everything again may say only what differs from its last batch (store_batch_base): then the rows of
 * both passes are those that came, and the keys of those that are gone are told in pass 1.
 * Memory is one bit for each offered row, a few buffers of COPY text, and 24 bytes for each repeated key.
 *
 * Contract of the callbacks: each is called once, never inside the call that asked for it, never after
 * store_batch_abandon(). After a failure (failed is called instead of whatever was awaited) the batch is rolled back
 * and gone; nothing of it is in the ledger. While store_batch_full() is true the caller offers nothing until drained. */
#ifndef SETASIDE_SQL_STORE_BATCH_H
#define SETASIDE_SQL_STORE_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/kind.h"

struct sql_link;
struct store_batch;

enum { STORE_SECRET_BYTES = 32 };

/* The cursors of a source: what the last committed pull left. Texts are at most STORE_CURSOR_MAX - 1 bytes. */
enum { STORE_CURSOR_MAX = 2048, STORE_PROGRAM_MAX = 96 };
struct store_cursor {
	char program[STORE_PROGRAM_MAX]; /* what read its last batch, with its rules; not written */
	char watermark[STORE_CURSOR_MAX];
	char etag[STORE_CURSOR_MAX];
	char last_modified[STORE_CURSOR_MAX];
	char next_link[STORE_CURSOR_MAX];
	char ahead
		[STORE_CURSOR_MAX]; /* a watermark that lies in the future and was not believed; "" = none */
	int64_t whole_age_s; /* since the last batch that held everything; -1 = there was none; not written */
};

/* Reads them outside any batch; all empty (-1) for a source that never committed. call is the caller's and must live until
 * done or store_cursor_cancel(). */
struct sql_job;
struct store_cursor_call {
	struct store_cursor cursor;                     /* filled before done */
	void (*done)(void *arg, const struct err *err); /* err NULL on success */
	void *arg;
	struct sql_job *job;
};
int store_cursor_read(
	struct sql_link *link, const char *source, struct store_cursor_call *call, struct err *err);
void store_cursor_cancel(struct store_cursor_call *call);
/* Notes why a source failed, or that it had nothing new; nothing happens for a source that never committed. Fire and
 * forget. */
void store_source_failed(struct sql_link *link, const char *source, const char *reason);
void store_source_seen(struct sql_link *link, const char *source);
/* Files that stand there and cannot be taken: JSON [{"file": …, "why": …}]. Fire and forget. */
void store_source_held(struct sql_link *link, const char *source, const char *files);
/* What the configuration expects of its sources (JSON, see queries/source_watch.sql). all: no others are watched. Fire and
 * forget. */
void store_source_watch(struct sql_link *link, const char *sources, bool all);

/* Names that stand for a code because a person said so, outside any batch. As store_cursor_read. */
struct store_names_call {
	void (*name)(void *arg, const char *role, const char *name,
		const char *code); /* "supplier", "unit"; lent */
	void (*done)(void *arg, const struct err *err);
	void *arg;
	struct sql_job *job;
};
int store_names_read(struct sql_link *link, struct store_names_call *call, struct err *err);
void store_names_cancel(struct store_names_call *call);

/* Where a row stands: the file within the batch (from 1) and the locator inside it, in one number. */
enum { STORE_PLACE_BITS = 40 };
static inline int64_t store_place(int file_no, int64_t locator)
{
	return (int64_t)(file_no - 1) << STORE_PLACE_BITS | locator;
}
static inline int store_place_file(int64_t place)
{
	return (int)(place >> STORE_PLACE_BITS) + 1;
}
static inline int64_t store_place_locator(int64_t place)
{
	return place & (((int64_t)1 << STORE_PLACE_BITS) - 1);
}

enum store_repeat {
	STORE_REPEAT_REFUSE, /* a key that comes twice in one batch: the later row goes to quarantine */
	STORE_REPEAT_LAST /* the last row of a key counts, the earlier ones are `duplicate` */
};

struct store_batch_options {
	const char *source;      /* name of the source, its row is made when missing */
	const char *source_kind; /* "file", "http", "postgres" */
	const char *program;     /* name and version of what parsed, and by which rules */
	/* The source sends everything: its rows that are not offered are closed. Not in a batch with a refused row whose
	 * key could not be read: it may be any of them. */
	bool complete;
	bool whole_parents; /* the parties of an offered contract or award are all offered with it */
	bool names_only; /* units and suppliers are only named: what another source says of them stays */
	enum store_repeat repeat;
	/* What must hold under the lock, before any row: a statement with $1 = guard_argument that returns the reason
	 * (column 0) why the batch may not come; the batch then fails with ERR_REFUSED. NULL = nothing. The text must
	 * outlive the batch, the argument is copied. */
	const char *guard, *guard_argument;
	bool careful;    /* takes nothing for granted (second try, see failed below) */
	int deadline_ms; /* of the transaction; 0 = one hour */
};

struct store_batch_events {
	void (*opened)(void *arg, int64_t number, const uint8_t secret[STORE_SECRET_BYTES]);
	void (*drained)(void *arg);
	void (*compared)(void *arg);
	void (*committed)(void *arg); /* or rolled back, for a rehearsal; the batch is gone */
	/* again: what was taken for granted does not hold (a first load met a key twice, a row that differs may stand a
	 * second time in what was not read): open again with careful = true. unknown: the commit was sent and its answer
	 * lost. */
	void (*failed)(void *arg, const struct err *err, bool again, bool unknown);
	void *arg;
};

struct store_batch *store_batch_open(struct sql_link *link,
	const struct store_batch_options *options, const struct store_batch_events *events,
	struct err *err);
/* Rolls back, drops interest. NULL is fine. */
void store_batch_abandon(struct store_batch *batch);

/* One file of original bytes. Texts are copied. Before the first row of it. */
struct store_file {
	int file_no; /* from 1 */
	const char *name;
	const struct kind *kind; /* NULL = several kinds */
	const char *format;      /* how to read it again: "canonical", "csv", "ocds" */
	const char *sha256;
	int64_t bytes;
};
void store_batch_file(struct store_batch *batch, const struct store_file *file);

/* After the last file and before the first row: is this the last batch of the source over again (the same files, program
 * and rules), with nothing changed in the ledger since? Then every row would turn out as it did, store_batch_counts() says
 * how, and the caller commits at once. Called once, never inside this call. */
void store_batch_repeats(struct store_batch *batch, void (*answer)(void *arg, bool repeats));

/* What the last batch of the source left, when this one may say only what differs from it. */
struct store_base_file {
	const struct kind *kind; /* NULL = several */
	char *sha256;
};
struct store_base {
	int64_t read, good, refused;  /* rows; none was skipped */
	char *profile;                /* JSON */
	struct store_base_file *file; /* in order */
	int count;
};
/* After the last file and before the first row; not in a careful batch. answer gets NULL when this batch must offer every
 * row. Called once, never inside this call; base is lent for it. */
void store_batch_base(
	struct store_batch *batch, void (*answer)(void *arg, const struct store_base *base));
/* In that answer: the rows that are not offered stand as they stood in the last batch. */
void store_batch_differs(struct store_batch *batch);
/* Pass 1: a row of the last batch, good or refused, that does not stand as it stood. */
void store_batch_gone(
	struct store_batch *batch, const struct kind *kind, const struct kind_hash *key);
/* Before the end of pass 1: how many rows were not offered, because they stand as they stood. */
void store_batch_kept(struct store_batch *batch, int64_t good, int64_t refused);

enum store_offer {
	STORE_OFFER_TAKEN, /* pass 1: noted; pass 2: sent */
	STORE_OFFER_SKIPPED, /* pass 2: not needed (unchanged, or an earlier one under STORE_REPEAT_LAST) */
	STORE_OFFER_DUPLICATE, /* pass 2: repeats an earlier row of the batch in key and print */
	STORE_OFFER_CLASH,     /* pass 2: repeats the key of an earlier row with other values */
	STORE_OFFER_FOREIGN /* pass 2: the number is another owner's, brought by another source (struct kind: owner) */
};
/* row->place is a store_place(). *ret_first (may be NULL) gets the place of the earlier row of a duplicate or clash.
 * The last three answers are for the caller to refuse, with code `duplicate` or `clash`. */
enum store_offer store_batch_offer(struct store_batch *batch, const struct kind_row *row,
	const struct kind_hash *key, const struct kind_hash *print, int64_t *ret_first);

/* A refused row. key NULL = it could not be read. */
struct store_refusal {
	const struct kind *kind; /* NULL when no record came out at all */
	const struct kind_hash *key;
	const char *file;
	int64_t place; /* locator inside the file */
	const char *field;
	const char *value;
	const char *code;
	const char *reason;
	const char *row_text; /* the record as it stood in the source; NULL = "" */
};
/* In pass 1 for what the parser refuses, in pass 2 for repeats only. */
void store_batch_refuse(struct store_batch *batch, const struct store_refusal *refusal);

/* A release of a process, or an organisation that releases name (file_no 0, release 0, no record). */
struct store_release {
	struct kind_hash process;
	int64_t release; /* tells the releases of a process apart */
	int64_t at;      /* microseconds since 1970, UTC; INT64_MIN = not dated */
	int file_no;
	int64_t place; /* of the record that is or holds it */
	int32_t bytes;
	int64_t print; /* of that record; 0 = to be read again when it comes again. Read: 0 also when its rows may not stand
	                  as it left them */
	int32_t rows;  /* that its process gave with it */
	int64_t batch; /* read only, as the next one */
	char sha256[2 * STORE_SECRET_BYTES + 1]; /* of the file; "" for an organisation */
};
/* After the last file and before the first row, for a source of releases: row is called for each one that earlier
 * batches of the source brought, ordered by process; none of them in a complete batch. once: no release will be told
 * twice. Called once, never inside this call. */
void store_batch_releases(struct store_batch *batch, bool once,
	void (*row)(void *arg, const struct store_release *release), void (*answer)(void *arg));
/* In pass 1, after that: kept with the batch. Of one release the last one counts. */
void store_batch_released(struct store_batch *batch, const struct store_release *release);
/* In pass 1: a row of this source that its releases do not give any more. Nothing happens when it is offered as well. */
void store_batch_vanished(
	struct store_batch *batch, const struct kind *kind, const struct kind_hash *key);

bool store_batch_full(const struct store_batch *batch);

/* Ends pass 1; compared is called. */
void store_batch_compare(struct store_batch *batch);
/* After compared: pass 2 is needed. */
bool store_batch_pass_two(const struct store_batch *batch);

/* read = new + changed + unchanged + refused + duplicate + skipped. The first three members are counted by the caller. */
struct store_batch_counts {
	int64_t read, skipped, bytes;
	int64_t new_rows, changed, unchanged, closed, refused, duplicate;
	const char *
		profile; /* commit only: JSON, what the batch looked like (collectors/profile.h); NULL = as its last one */
};
/* The store's members, valid from compared on. */
void store_batch_counts(const struct store_batch *batch, struct store_batch_counts *ret);

/* Ends the batch; committed is called. cursor NULL = the source has none. rehearsal: everything is done, then rolled
 * back. counts: only read, skipped, bytes and profile are looked at. */
void store_batch_commit(struct store_batch *batch, const struct store_batch_counts *counts,
	const struct store_cursor *cursor, bool rehearsal);

#endif
