/* Rows in PostgreSQL's binary COPY format: what the server would spend on reading dates, numbers and hashes as text is
 * half of a load.
 *
 * A stream begins with copy_binary_head(), once for each COPY; the end of the COPY ends it. Each row says how many fields
 * it has, each field has exactly the width of its column's type. Texts are valid UTF-8 without NUL. */
#ifndef SETASIDE_SQL_COPY_BINARY_H
#define SETASIDE_SQL_COPY_BINARY_H

#include <stdint.h>

#include "core/day.h"
#include "core/money.h"
#include "sql/copy_bytes.h"
#include "sql/kind.h"

void copy_binary_head(struct copy_bytes *out);
void copy_binary_row(struct copy_bytes *out, int fields);
void copy_binary_null(struct copy_bytes *out);
void copy_binary_text(struct copy_bytes *out, const char *value, size_t length);
void copy_binary_json(struct copy_bytes *out, const char *value, size_t length); /* jsonb */
void copy_binary_int16(struct copy_bytes *out, int16_t value);
void copy_binary_int32(struct copy_bytes *out, int32_t value);
void copy_binary_int64(struct copy_bytes *out, int64_t value);
void copy_binary_bool(struct copy_bytes *out, bool value);
void copy_binary_day(struct copy_bytes *out, day_t day); /* DAY_NONE is null */
void copy_binary_hash(
	struct copy_bytes *out, const struct kind_hash *hash); /* uuid; NULL is null */
void copy_binary_uuid(
	struct copy_bytes *out, const char *digits);            /* 32 hex digits, without hyphens */
void copy_binary_numeric(struct copy_bytes *out, wide_t value); /* numeric, whole numbers */
void copy_binary_texts(struct copy_bytes *out, const char *const *values, int count); /* text[] */
void copy_binary_value(
	struct copy_bytes *out, const struct kind_column *column, const struct kind_value *value);

#endif
