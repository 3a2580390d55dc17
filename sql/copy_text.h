/* Rows in PostgreSQL's COPY text format, built in a buffer of one's own (sql_copy_raw sends them).
 *
 * Made for the inner loop of a load: no allocation per row once the buffer has its size, no formatted printing. Texts are
 * valid UTF-8 without NUL. The caller bounds the size: it sends and resets before the buffer grows past what it wants. */
#ifndef SETASIDE_SQL_COPY_TEXT_H
#define SETASIDE_SQL_COPY_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "sql/kind.h"

struct copy_text {
	char *data; /* owned */
	size_t used;
	size_t capacity;
};

void copy_text_free(struct copy_text *out);
/* Each writes one field and a tab; copy_text_end turns the last tab into the end of the row. */
void copy_text_null(struct copy_text *out);
void copy_text_field(struct copy_text *out, const char *value, size_t length);
void copy_text_int(struct copy_text *out, int64_t value);
void copy_text_day(struct copy_text *out, day_t day); /* DAY_NONE is null */
void copy_text_hash(
	struct copy_text *out, const struct kind_hash *hash); /* as uuid; NULL is null */
void copy_text_value(struct copy_text *out, enum kind_type type, const struct kind_value *value);
void copy_text_end(struct copy_text *out);

#endif
