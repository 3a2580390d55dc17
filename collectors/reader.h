/* What a format is: archived bytes in, typed rows and refusals out. One table row each in collectors/kinds.c.
 *
 * A reader serves one pass over all files of a batch, in their order. It must be deterministic: the same bytes and
 * configuration give the same calls in the same order, because a batch is read twice. No clock, no input or output, no
 * state outside the reader. Memory stays flat in the number of rows (a format that must hold something per record says
 * so in its header and has a ceiling). Feeding is bounded work: source.c feeds at most 64 KiB at a time. */
#ifndef SETASIDE_COLLECTORS_READER_H
#define SETASIDE_COLLECTORS_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collectors/mapping.h"
#include "core/buf.h"
#include "core/err.h"
#include "sql/kind.h"
#include "sql/store_batch.h"

struct source_config;
struct release_memory;

struct reader_refusal {
	const struct kind *kind; /* NULL when no record came out */
	struct kind_row *
		row; /* its key columns are readable, so the refusal can be resolved later; else NULL */
	int64_t place;
	const char *field; /* as the source or the profile calls it */
	const char *value;
	const char *code; /* static */
	const char *reason;
};

/* file_no: the file a row belongs to, counted from 1 in the order of begin. A negative answer (err set) ends the pass;
 * the reader returns it. Everything is lent for the call. */
struct reader_sink {
	/* The sink numbers repeats (KIND_OCCURRENCE) and completes place in row. */
	int (*row)(void *arg, int file_no, struct kind_row *row, struct err *err);
	int (*refused)(
		void *arg, int file_no, const struct reader_refusal *refusal, struct err *err);
	void (*skipped)(void *arg, int file_no, int64_t place); /* totals and the like */
	/* A column nobody maps, once per reader and header; kept in extra. May be NULL. */
	void (*unknown)(void *arg, int file_no, const char *header);
	/* The header of a table. May be NULL. */
	void (*header)(
		void *arg, int file_no, const struct kind *kind, const struct frame_row *header);
	/* What a totals line says of one amount column; it is skipped as well. May be NULL. */
	void (*total)(void *arg, int file_no, const struct kind *kind, int64_t place, int column,
		fen_t fen);
	/* Something worth knowing beside a value of the row that comes next. May be NULL. */
	void (*remarked)(void *arg, int file_no, const struct kind *kind, int64_t place,
		const struct mapping_note *note);
	/* A part of the file that holds something and was not asked for: a sheet. May be NULL. */
	void (*unread)(void *arg, int file_no, const struct kind *kind, const char *part);
	/* Not NULL: rows may be handed over before it is certain that nothing later replaces them, which keeps memory flat.
	 * When something does, astray is called and the pass fails: read again with a sink that has none. */
	void (*astray)(void *arg);
	/* For formats with releases. What earlier batches brought; NULL = nothing is known. */
	struct release_memory *memory;
	/* A release came, and its rows were handed over. May be NULL. */
	void (*released)(void *arg, const struct store_release *release);
	/* A release came as an earlier batch brought it, and the rows that it gave stand: so many are not handed over.
	 * Negative: they are, after all. NULL = every release is read. */
	void (*passed)(void *arg, int64_t rows);
	/* How many rows of this pass were refused so far, by whomever; goes with passed. */
	int64_t (*refusals)(void *arg);
	/* A row of an earlier batch that the releases do not give any more; only its key counts. May be NULL. */
	int (*vanished)(void *arg, struct kind_row *row, struct err *err);
	void *arg;
};

enum { READER_SCAN_BYTES = 256 };

/* Whether lines of the file that is read may be left out, because an earlier version of the file had them. */
enum reader_lines {
	READER_LINES_NONE, /* never: what a line becomes depends on others */
	READER_LINES_HEAD, /* not yet: the header or the encoding is not known */
	READER_LINES_ROWS  /* every line is a row of its own from here on */
};

struct reader;
struct reader_type {
	const char *format; /* "canonical", "csv", "ocds", "xlsx" */
	struct reader *(*open)(const struct source_config *config, const struct reader_sink *sink,
		struct err *err);
	int (*begin)(struct reader *reader, int file_no, const char *name, struct err *err);
	int (*feed)(struct reader *reader, const char *bytes, size_t count, struct err *err);
	/* The file is complete: torn input is an error here. */
	int (*end)(struct reader *reader, struct err *err);
	/* After the last file; rows that had to wait. Bounded work: called again while *ret_more is set. May be NULL. */
	int (*finish)(struct reader *reader, bool *ret_more, struct err *err);
	/* The record that is being passed to the sink, as it stood in the source (for quarantine). May be NULL. */
	void (*text)(const struct reader *reader, struct buf *out);
	/* The cells of the record that is being passed to the sink, for those who ask what became of them. May be NULL. */
	void (*cells)(const struct reader *reader, mapping_cell_fn each, void *arg);
	/* The record kind of a file, for batch_file; NULL = several or none. May be NULL. */
	const struct kind *(*kind)(const struct source_config *config, const char *name);
	void (*close)(struct reader *reader);
	/* Rows of one key within a batch: refused from the second on, or the last one counts. */
	enum store_repeat repeat;
	bool whole_parents; /* a contract or award comes with all its parties */
	bool names_only; /* units and suppliers are named in passing: their registers know more */
	bool releases;   /* dated releases of processes: sink.memory is wanted */
	/* For formats whose records are lines (collectors/line_diff.h); both NULL for others. pass: so many whole records
	 * of so many bytes are not fed; false when a record is under way. */
	enum reader_lines (*lines)(const struct reader *reader);
	bool (*pass)(struct reader *reader, int64_t records, size_t bytes);
	/* "Show me the original": called with all bytes of a file in order (UTF-8 for text formats); scan is
	 * READER_SCAN_BYTES of zeroed room to keep between the calls. Adds the record's text to out; true = complete. At
	 * the end of the file it is called once with count 0. NULL = the format has no readable records. */
	bool (*find)(void *scan, const char *bytes, size_t count, int64_t place, struct buf *out);
};

extern const struct reader_type *const reader_types[];     /* NULL-terminated */
const struct reader_type *reader_find(const char *format); /* NULL = none */

#endif
