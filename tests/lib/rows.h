/* What a reader gives, collected as text for tests: one line per row, per refusal, and counts. */
#ifndef SETASIDE_TESTS_LIB_ROWS_H
#define SETASIDE_TESTS_LIB_ROWS_H

#include "collectors/reader.h"
#include "core/buf.h"

struct rows {
	struct buf
		text; /* "award award_id=a/1 amount_fen=100 …\n": values that are given, in column order */
	int count[KIND_COUNT];
	int64_t sum[KIND_COUNT]; /* of the first amount column that is given */
	int refused, skipped;
	struct reader_sink sink;
	struct reader *reader; /* lent: its text() is asked for at refusals */
	const struct reader_type *type;
};
void rows_init(struct rows *rows);
void rows_free(struct rows *rows);
int rows_of(const struct rows *rows, const char *kind);
int64_t rows_sum(const struct rows *rows, const char *kind);
/* True if the text holds a line that begins so. */
bool rows_has(const struct rows *rows, const char *line_start);

/* Runs the whole reader over one file's bytes in pieces; the status of the first failure. */
int rows_read(struct rows *rows, const struct reader_type *type, const struct source_config *config,
	const char *bytes, size_t count, size_t piece, struct err *err);

/* Whole file (free), or NULL when it is not there. Real data: see rows_real(). */
char *rows_slurp(const char *path, size_t *ret_length);
/* A file of the real samples by its path below them ("ocds/x.json"), from SETASIDE_REAL_DATA or beside the source;
 * NULL when absent (the caller prints "skipped"). */
char *rows_real(const char *name, size_t *ret_length);

#endif
