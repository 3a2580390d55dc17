/* What the files of store_batch share. */
#ifndef SETASIDE_SQL_STORE_BATCH_OWN_H
#define SETASIDE_SQL_STORE_BATCH_OWN_H

#include "sql/copy_bytes.h"
#include "sql/job.h"
#include "sql/store_batch.h"

/* Streams of rows to the server: one for each kind's table, then these. */
enum {
	BATCH_STREAM_INCOMING = KIND_COUNT,
	BATCH_STREAM_GONE,
	BATCH_STREAM_RELEASED,
	BATCH_STREAM_RELEASE_KNOWN,
	BATCH_STREAM_REFUSED,
	BATCH_STREAMS
};

/* The statements of a kind under sql/kinds/, in the order of kind_table. */
struct batch_statements {
	const char *copy;
	const char *compare;
	const char *merge;
	const char *close;
};
extern const struct batch_statements batch_statements[KIND_COUNT];

struct batch_chunk {
	int stream;
	struct copy_bytes rows;
};

/* Chunks of COPY data waiting for the one COPY that runs at a time. A COPY stays open while the next chunk is for the
 * same table; each one costs the server a thousand row slots, so a chunk is some thousand rows. */
enum { BATCH_CHUNK_BYTES = 1024 * 1024, BATCH_QUEUE = 4, BATCH_PIECE = 64 * 1024 };
struct batch_copy {
	struct copy_bytes filling[BATCH_STREAMS];
	struct batch_chunk queue[BATCH_STREAMS + BATCH_QUEUE];
	int queued;
	size_t sent;           /* bytes of queue[0] that were given to the COPY */
	struct sql_copy *copy; /* NULL = none open */
	int stream;            /* of the open COPY */
	bool ready;            /* the server wants data */
	bool ending;
	struct copy_bytes spare;                    /* an empty buffer to use again */
	void (*flushed)(struct store_batch *batch); /* waits for everything to be sent and closed */
	bool was_full;
};

/* A row that pass 2 must not send. */
struct batch_repeat {
	int64_t ordinal;
	int64_t first_place;
	enum store_offer answer;
};

struct batch_file {
	int file_no;
	char *name;
	char *kind;
	char *format;
	char *sha256;
	int64_t bytes;
};

enum batch_phase { BATCH_OPENING, BATCH_PASS_ONE, BATCH_COMPARING, BATCH_PASS_TWO, BATCH_ENDING };

struct batch_kind_state {
	bool empty;     /* the table had no row */
	bool direct;    /* first load: straight into the table in pass 1 */
	bool offered;   /* a row or a file of it came */
	bool vanished;  /* rows of it are in `gone`, whatever else the batch says */
	bool unread;    /* a refused row came whose key could not be read */
	int64_t narrow; /* rows offered for comparison, refused ones excluded */
	int64_t new_rows, changed;
	int owner; /* column of the kind's owner, -1 = none */
};

struct store_batch {
	struct sql_link *link;
	struct sql_tx *tx;
	struct store_batch_events events;
	char *source, *source_kind, *program;
	char *profile; /* NULL = that of the source's last batch */
	const char *guard;
	char *guard_argument;
	struct err guard_err; /* it said why not */
	bool complete, whole_parents, names_only, careful, rehearsal;
	bool differs;    /* says only what differs from the last batch of the source */
	bool astray;     /* that was not possible, or a first load met a key twice */
	bool unread;     /* something was refused of which not even the kind is known */
	bool committing; /* the end of the transaction was sent, tx is gone */
	bool abandoned;  /* while committing */
	enum store_repeat repeat;
	int deadline_ms;

	enum batch_phase phase;
	int64_t number;
	int64_t source_id;
	uint8_t secret[STORE_SECRET_BYTES];
	struct batch_kind_state kind[KIND_COUNT];
	int at;                                  /* the kind that a loop over kinds has reached */
	void (*next)(struct store_batch *batch); /* the step after the running statement */
	int64_t affected;                        /* rows of the last statement */

	int64_t offered;  /* ordinals given in the running pass */
	int64_t compared; /* ordinals given in pass 1 */
	uint8_t *wanted;  /* one bit for each ordinal of pass 1 */
	struct batch_repeat *repeats;
	int repeat_count, repeat_capacity, repeat_at;

	struct batch_file *files;
	int file_count, file_capacity, file_at;
	struct batch_copy copy;
	struct store_batch_counts counts;
	bool again; /* row_repeats saw the batch it repeats */
	void (*answer)(void *arg, bool repeats);
	bool releases;       /* of a source that has them */
	bool release_direct; /* none is known, none comes twice: straight into their table */
	void (*release_row)(void *arg, const struct store_release *release);
	void (*release_answer)(void *arg);
	void (*released)(struct store_batch *batch); /* the step after batch_release_keep */
	struct store_base base;
	int base_capacity;
	void (*base_answer)(void *arg, const struct store_base *base);
	void (*doubtless)(struct store_batch *batch); /* the step after batch_doubts */
	struct store_cursor *cursor;                  /* NULL = leave as it is */
};

/* Notes a row that pass 2 must not send; false when there are too many (told by the next step). */
void batch_note(
	struct store_batch *batch, int64_t ordinal, int64_t first_place, enum store_offer answer);
/* Runs one statement in the transaction, then next. row may be NULL. On an error the batch fails. */
void batch_call(struct store_batch *batch, const char *text, const struct sql_params *params,
	sql_row_fn row, void (*next)(struct store_batch *batch));
/* As batch_call with a result that may be long. */
void batch_stream(struct store_batch *batch, const char *text, const struct sql_params *params,
	sql_row_fn row, void (*next)(struct store_batch *batch));
void batch_free(struct store_batch *batch);
/* Rolls back, tells the caller, frees. */
void batch_fail(struct store_batch *batch, const struct sql_outcome *outcome);

/* store_batch_copy.c: a row was added to a stream; sends when enough is there. */
void batch_copy_row_done(struct store_batch *batch, int stream);
/* Everything to the server and the COPY closed, then flushed. */
void batch_copy_flush(struct store_batch *batch, void (*flushed)(struct store_batch *batch));
void batch_copy_free(struct batch_copy *copy);

/* store_batch_base.c: ends the batch, the caller opens it again and reads everything. */
void batch_go_astray(struct store_batch *batch);
/* Then next, unless rows that were not read may matter. */
void batch_doubts(struct store_batch *batch, void (*next)(struct store_batch *batch));
void batch_base_free(struct store_batch *batch);

/* store_batch_release.c: keeps what the releases of the batch were, then next. */
void batch_release_keep(struct store_batch *batch, void (*next)(struct store_batch *batch));

/* store_batch_merge.c: the steps from the end of pass 1 to `compared`. */
void batch_compare_start(struct store_batch *batch);
/* store_batch_finish.c: the steps from the end of the rows to the commit. */
void batch_finish_start(struct store_batch *batch);

#endif
