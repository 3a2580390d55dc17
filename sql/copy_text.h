/* Rows in PostgreSQL's COPY text format, for the small streams; records go as sql/copy_binary.h. No formatted printing.
 * Texts are valid UTF-8 without NUL. */
#ifndef SETASIDE_SQL_COPY_TEXT_H
#define SETASIDE_SQL_COPY_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "sql/copy_bytes.h"
#include "sql/kind.h"

/* Each writes one field and a tab; copy_text_end turns the last tab into the end of the row. */
void copy_text_null(struct copy_bytes *out);
void copy_text_field(struct copy_bytes *out, const char *value, size_t length);
void copy_text_int(struct copy_bytes *out, int64_t value);
void copy_text_day(struct copy_bytes *out, day_t day); /* DAY_NONE is null */
void copy_text_hash(
	struct copy_bytes *out, const struct kind_hash *hash); /* as uuid; NULL is null */
void copy_text_end(struct copy_bytes *out);

#endif
