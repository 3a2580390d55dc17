#include "sql/copy_binary.h"

#include <endian.h>
#include <string.h>

#include "core/err.h"

enum {
	DAYS_TO_2000 = 10957,
	JSONB_VERSION = 1,
	UUID_BYTES = 16,
	NUMERIC_BASE = 10000,
	NUMERIC_DIGITS_MAX = 10, /* of that base in 128 bits */
	NUMERIC_NEGATIVE = 0x4000,
	TEXT_OID = 25
};

static void add(struct copy_bytes *out, const void *bytes, size_t count)
{
	memcpy(copy_bytes_room(out, count), bytes, count);
	out->used += count;
}

static void add_length(struct copy_bytes *out, int32_t length)
{
	uint32_t bits = htobe32((uint32_t)length);

	add(out, &bits, sizeof(bits));
}

void copy_binary_head(struct copy_bytes *out)
{
	static const char head[19] = "PGCOPY\n\377\r\n\0"; /* then no flags, no extension */

	add(out, head, sizeof(head));
}

void copy_binary_row(struct copy_bytes *out, int fields)
{
	uint16_t bits = htobe16((uint16_t)fields);

	add(out, &bits, sizeof(bits));
}

void copy_binary_null(struct copy_bytes *out)
{
	add_length(out, -1);
}

void copy_binary_text(struct copy_bytes *out, const char *value, size_t length)
{
	add_length(out, (int32_t)length);
	if (length > 0)
		add(out, value, length);
}

void copy_binary_json(struct copy_bytes *out, const char *value, size_t length)
{
	char version = JSONB_VERSION;

	add_length(out, (int32_t)length + 1);
	add(out, &version, 1);
	add(out, value, length);
}

/* One field of a fixed width, its length before it. */
#define FIXED(name, type, bits_type, to_network)                                                   \
	void name(struct copy_bytes *out, type value)                                              \
	{                                                                                          \
		bits_type bits = to_network((bits_type)value);                                     \
                                                                                                   \
		add_length(out, sizeof(bits));                                                     \
		add(out, &bits, sizeof(bits));                                                     \
	}
FIXED(copy_binary_int16, int16_t, uint16_t, htobe16)
FIXED(copy_binary_int32, int32_t, uint32_t, htobe32)
FIXED(copy_binary_int64, int64_t, uint64_t, htobe64)
FIXED(copy_binary_bool, bool, uint8_t, )

void copy_binary_day(struct copy_bytes *out, day_t day)
{
	if (day == DAY_NONE)
		copy_binary_null(out);
	else
		copy_binary_int32(out, day - DAYS_TO_2000);
}

void copy_binary_hash(struct copy_bytes *out, const struct kind_hash *hash)
{
	if (hash == NULL) {
		copy_binary_null(out);
		return;
	}
	add_length(out, sizeof(hash->byte));
	add(out, hash->byte, sizeof(hash->byte));
}

static uint8_t hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (uint8_t)(digit - '0');
	if (digit >= 'a' && digit <= 'f')
		return (uint8_t)(digit - 'a' + 10);
	BUG("not a hex digit: %d", digit);
}

void copy_binary_uuid(struct copy_bytes *out, const char *digits)
{
	uint8_t bytes[UUID_BYTES];

	for (int i = 0; i < UUID_BYTES; i++)
		bytes[i] = (uint8_t)(hex_value(digits[2 * i]) << 4 | hex_value(digits[2 * i + 1]));
	add_length(out, UUID_BYTES);
	add(out, bytes, UUID_BYTES);
}

static void add_16(struct copy_bytes *out, int value)
{
	uint16_t bits = htobe16((uint16_t)value);

	add(out, &bits, sizeof(bits));
}

/* Digits of base 10000, the most significant first; how many, the weight of the first, sign, digits after the point. */
void copy_binary_numeric(struct copy_bytes *out, wide_t value)
{
	unsigned __int128 rest = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
	int digits[NUMERIC_DIGITS_MAX], count = 0;

	for (; rest > 0; rest /= NUMERIC_BASE)
		digits[count++] = (int)(rest % NUMERIC_BASE);
	add_length(out, 8 + 2 * count);
	add_16(out, count);
	add_16(out, count > 0 ? count - 1 : 0);
	add_16(out, value < 0 ? NUMERIC_NEGATIVE : 0);
	add_16(out, 0);
	while (count > 0)
		add_16(out, digits[--count]);
}

/* One dimension that begins at 1, or none when it is empty; no nulls. */
void copy_binary_texts(struct copy_bytes *out, const char *const *values, int count)
{
	size_t at = out->used;
	uint32_t bits;

	add_length(out, 0);
	add_length(out, count > 0);
	add_length(out, 0);
	add_length(out, TEXT_OID);
	if (count > 0) {
		add_length(out, count);
		add_length(out, 1);
	}
	for (int i = 0; i < count; i++)
		copy_binary_text(out, values[i], strlen(values[i]));
	bits = htobe32((uint32_t)(out->used - at - sizeof(bits)));
	memcpy(out->data + at, &bits, sizeof(bits));
}

static void number(
	struct copy_bytes *out, const struct kind_column *column, const struct kind_value *value)
{
	if (value->null)
		copy_binary_null(out);
	else if (column->type == KIND_BOOL)
		copy_binary_bool(out, value->number != 0);
	else if (column->flags & KIND_INT32)
		copy_binary_int32(out, (int32_t)value->number);
	else
		copy_binary_int64(out, value->number);
}

void copy_binary_value(
	struct copy_bytes *out, const struct kind_column *column, const struct kind_value *value)
{
	switch (column->type) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_WORD:
	case KIND_MONTH:
		copy_binary_text(out, value->text, value->length);
		return;
	case KIND_DATE:
		copy_binary_day(out, value->null ? DAY_NONE : value->day);
		return;
	case KIND_FEN:
	case KIND_PPM:
	case KIND_INT:
	case KIND_BOOL:
		number(out, column, value);
		return;
	}
	BUG("column type %d", (int)column->type);
}
