/* One run of one source, from the pull to the committed batch.
 *
 *   PULLING -> OPENING -> READING -> COMPARING -> SENDING -> COMMITTING -> DONE
 * Any failure leads to FAILED and leaves the ledger as it was. The bytes are archived while PULLING (before anything is
 * written to the ledger) and everything after works from the archive. A file-level fault (torn, not a table, column
 * missing) fails the run; a row-level one goes to quarantine and the run goes on. */
#ifndef SETASIDE_COLLECTORS_SOURCE_H
#define SETASIDE_COLLECTORS_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "collectors/collector.h"
#include "collectors/source_config.h"
#include "core/err.h"
#include "sql/store_batch.h"

struct archive;
struct sql_link;
struct source_run;

struct source_env {
	struct collector_env collector;
	struct sql_link *store;
	struct archive *archive;
};

enum source_state {
	SOURCE_PULLING,
	SOURCE_OPENING,
	SOURCE_READING,
	SOURCE_COMPARING,
	SOURCE_SENDING,
	SOURCE_COMMITTING,
	SOURCE_DONE,
	SOURCE_FAILED
};
const char *source_state_name(enum source_state state);

enum { SOURCE_SAMPLES = 10, SOURCE_SAMPLE_MAX = 512 };

struct source_report {
	char source[128];
	int64_t batch; /* 0 = no batch (nothing new at the source, rehearsal, failure) */
	bool unchanged_at_source;
	bool more;        /* the source has more to be pulled at once; also set beside an error */
	int64_t later_ms; /* nothing now, but there may be something in so long; 0 = not known */
	int held;         /* files that stand there and cannot be taken */
	struct store_batch_counts counts;
	int64_t known; /* of the unchanged and refused rows: not read, their lines stand as they stood */
	int64_t remarks; /* beside values of rows that were read; by column and code in batch.profile */
	double seconds;
	char watermark[STORE_CURSOR_MAX];
	/* The first refusals, for the one who waits; the rest is in quarantine. */
	int samples;
	/* `payment.csv row 12, amount_yuan "12,3": amount-grouping, …` */
	char sample[SOURCE_SAMPLES][SOURCE_SAMPLE_MAX];
};
/* True when rows went to quarantine: exit status 4. */
bool source_report_partial(const struct source_report *report);

struct source_progress {
	enum source_state state;
	int64_t rows, bytes, bytes_total; /* of this state; bytes_total -1 = not known */
	int64_t elapsed_ms;               /* in this state */
};
/* Of this state, 0 to 100, and how much longer it takes at the pace so far; -1 = not known. */
int source_progress_percent(const struct source_progress *progress);
int64_t source_progress_left_ms(const struct source_progress *progress);

/* What a rehearsal shows of one record; everything is lent for the call. */
enum { SOURCE_SHOW_ROWS = 20, SOURCE_SHOW_REMARKS = 200 };
struct source_shown {
	const char *file;
	int64_t place;
	const struct kind *kind; /* NULL when no record came out */
	/* TAKEN: the values of the record in their canonical spelling, and the cells they came from. */
	int values;
	const struct source_shown_value {
		const char *column, *text;
	} *value;
	int cells;
	const struct source_shown_cell {
		const char *header, *text, *column; /* column "" = kept as extra or dropped */
	} *cell;
	/* REFUSED: code is not NULL; REMARKED: the same, and the row is taken all the same. */
	bool remark;
	const char *code, *field, *text, *reason;
};

struct source_options {
	/* Of the batch, see store_batch_options; lent for the call. Not in a rehearsal. */
	const char *guard, *guard_argument;
	bool rehearsal; /* --dry-run: everything but the commit */
	/* In a rehearsal: the first SOURCE_SHOW_ROWS records of every kind, the first SOURCE_SHOW_REMARKS remarks,
	 * and every refusal. NULL = not wanted. */
	void (*show)(void *arg, const struct source_shown *shown);
	/* At most 10 times a second; NULL = nobody wants to know. */
	void (*progress)(void *arg, const struct source_progress *progress);
	void *arg; /* of both */
};

/* done is called exactly once, never inside this call, never after source_run_cancel(); err NULL on success (rows in
 * quarantine are no error). config must outlive the run. NULL + err when it cannot even start. */
typedef void (*source_done_fn)(
	void *arg, const struct source_report *report, const struct err *err);
struct source_run *source_run_start(const struct source_env *env,
	const struct source_config *config, const struct source_options *options,
	source_done_fn done, void *arg, struct err *err);
/* Rolls back, drops interest. NULL is fine. */
void source_run_cancel(struct source_run *run);

#endif
