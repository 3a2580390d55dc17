/* What the files of source share. */
#ifndef SETASIDE_COLLECTORS_SOURCE_OWN_H
#define SETASIDE_COLLECTORS_SOURCE_OWN_H

#include <event2/event.h>

#include "collectors/archive.h"
#include "collectors/fingerprint.h"
#include "collectors/identity.h"
#include "collectors/occurrence.h"
#include "collectors/profile.h"
#include "collectors/release_memory.h"
#include "collectors/reader.h"
#include "collectors/source.h"

struct source_delta;

enum { SOURCE_SLICE_BYTES = 64 * 1024, SOURCE_TEXT_MAX = 64 * 1024 };

struct source_file {
	char *name;
	struct archive_entry entry;
};

struct source_run {
	struct source_env env;
	const struct source_config *config;
	struct source_options options;
	char *guard_argument;
	source_done_fn done;
	void *arg;
	enum source_state state;
	struct event *step; /* the next slice of work, or a failure to be told */
	int64_t started_ms, entered_ms, progress_ms; /* entered: the state */

	/* PULLING */
	struct store_cursor_call cursor;
	struct store_names_call names;
	struct release_memory *memory; /* of releases, for formats that have them; else NULL */
	struct identity *identity;     /* what people decided, as of the start */
	const struct collector *collector;
	struct collector_pull *pull; /* NULL = not running */
	struct archive_writer *writer;
	bool storing; /* the archive syncs the last file */
	bool pulled;  /* the collector has ended */
	enum collector_end end;
	char *file_name;
	bool origin_given;
	struct collector_origin origin;
	struct source_file *files;
	int file_count, file_capacity;
	struct store_cursor *next; /* cursors to store with the batch, or NULL */

	/* READING and SENDING */
	struct store_batch *batch;
	bool careful;
	bool patient; /* rows are handed over only when nothing later can replace them */
	bool astray;  /* the reader met what replaces a row that it had handed over */
	struct fingerprint *fingerprint;
	struct occurrence *occurrence;
	struct profile *profile; /* of the first pass */
	bool passed;             /* rows that stand as they stood were not read */
	int64_t refusals;        /* of this pass */
	const struct reader_type *type;
	struct reader *reader;
	struct archive_reader *original;
	struct source_delta *delta; /* NULL = every row is offered */
	int file_at;                /* being read; file_count = the reader finishes */
	bool waiting;               /* for the store to drain */
	bool finished;              /* everything of this pass was read */
	struct buf text;
	int shown[KIND_COUNT]; /* records of each kind that were shown */
	int remarks_shown;
	char slice[SOURCE_SLICE_BYTES];

	int64_t rows, bytes, bytes_total;
	struct source_report report;
	struct err failure;
	enum source_state failed_in;
};

/* Moves to a state and does what its row of the table says. */
void source_enter(struct source_run *run, enum source_state state);
/* Ends the run with an error; done is called from the loop, not from here. The first call counts. */
void source_fail(struct source_run *run, const struct err *err);
void source_again(struct source_run *run); /* source_step soon */
void source_tell(struct source_run *run);  /* progress, at most 10 times a second */

/* What was taken for granted does not hold: the batch is opened again and everything is read anew. */
void source_start_over(struct source_run *run);

/* What reads this run's bytes and by which rules (batch.program): the same bytes become the same rows only under it. */
void source_program(const struct source_run *run, char room[STORE_PROGRAM_MAX]);

/* source_pull.c */
void source_pull_start(struct source_run *run);
void source_pull_cancel(struct source_run *run);
/* source_read.c: one pass over the archived files. */
void source_read_start(struct source_run *run);
void source_read_slice(struct source_run *run);
void source_read_stop(struct source_run *run);
/* The archived bytes of a file of this run, from their beginning. NULL + err */
struct archive_reader *source_open_file(
	struct source_run *run, const struct source_file *file, struct err *err);
/* source_delta.c: reads what differs from the files of the last batch. */
struct source_delta *source_delta_new(struct source_run *run, const struct store_base *base);
void source_delta_free(struct source_delta *delta);
/* The beginning of a pass. -1 + err */
int source_delta_start(struct source_delta *delta, struct err *err);
/* A piece of the file run->file_at; moves on to the next one. -1 + err; sets *ret_lost when everything must be read. */
int source_delta_step(struct source_delta *delta, bool *ret_lost, struct err *err);
/* After the last file of pass 1: adds up what was not offered. False: everything must be read. */
bool source_delta_end(struct source_delta *delta);
/* source_rows.c: what the reader hands over. */
struct reader_sink source_rows_sink(struct source_run *run);
/* Text of a value for people and for quarantine. */
const char *source_value_text(
	const struct kind_column *column, const struct kind_value *value, char *room, size_t size);
/* source_show.c: what a rehearsal tells. */
void source_show_row(struct source_run *run, int file_no, const struct kind_row *row);
void source_show_remark(
	struct source_run *run, int file_no, int64_t place, const struct mapping_note *note);
void source_show_refusal(struct source_run *run, const struct store_refusal *refusal);

#endif
