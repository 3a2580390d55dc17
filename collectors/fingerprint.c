#include "collectors/fingerprint.h"

#include <endian.h>
#include <openssl/evp.h>
#include <openssl/crypto.h>
#include <string.h>
#include <xxhash.h>

#include "core/mem.h"

enum { NEAR_BYTES = 32, NEAR_MAX = 1000000000 };
enum { SECRET_BYTES = 192, NUMBER_BYTES = 9, LENGTH_BYTES = 4, SHA512_BYTES = 64 };

struct fingerprint {
	uint8_t secret[SECRET_BYTES];
	uint8_t *room; /* the serialised row */
	size_t capacity;
};

/* SHA-512 over (counter, secret): 192 bytes that only the holder of the installation's secret can make. */
static void derive_secret(const uint8_t *secret, size_t count, uint8_t out[SECRET_BYTES])
{
	_cleanup_free_ uint8_t *input = mem_alloc(count + 1);

	memcpy(input + 1, secret, count);
	for (uint8_t block = 0; block < SECRET_BYTES / SHA512_BYTES; block++) {
		input[0] = block;
		if (EVP_Digest(input, count + 1, out + block * SHA512_BYTES, NULL, EVP_sha512(),
			    NULL) != 1)
			BUG("SHA-512 is not available");
	}
	OPENSSL_cleanse(input, count + 1);
}

struct fingerprint *fingerprint_new(const uint8_t *secret, size_t count)
{
	struct fingerprint *fingerprint = mem_zero(1, sizeof(*fingerprint));

	derive_secret(secret, count, fingerprint->secret);
	return fingerprint;
}

void fingerprint_free(struct fingerprint *fingerprint)
{
	if (fingerprint == NULL)
		return;
	OPENSSL_cleanse(fingerprint->secret, sizeof(fingerprint->secret));
	free(fingerprint->room);
	free(fingerprint);
}

static bool is_text(enum kind_type type)
{
	return type == KIND_TEXT || type == KIND_CODE || type == KIND_WORD || type == KIND_MONTH;
}

/* Makes room for the whole row once, so that the writers below need not look. */
static int reserve(struct fingerprint *fingerprint, const struct kind_row *row, struct err *err)
{
	size_t need = strlen(row->kind->name) + 2 * LENGTH_BYTES;

	need += row->extra != NULL ? strlen(row->extra) : 0;
	for (int i = 0; i < row->kind->count; i++)
		need += is_text(row->kind->columns[i].type) ? row->value[i].length + LENGTH_BYTES
							    : NUMBER_BYTES;
	if (need > FINGERPRINT_ROW_MAX)
		return err_set(err, ERR_LIMIT,
			"a %s row of %zu bytes is longer than the limit of %d", row->kind->name,
			need, FINGERPRINT_ROW_MAX);
	if (need > fingerprint->capacity) {
		fingerprint->capacity = need * 2;
		fingerprint->room = mem_resize(fingerprint->room, fingerprint->capacity, 1);
	}
	return 0;
}

static uint8_t *put_text(uint8_t *at, const char *text, size_t length)
{
	for (int i = 0; i < LENGTH_BYTES; i++)
		*at++ = (uint8_t)(length >> (8 * i));
	if (length > 0)
		memcpy(at, text, length);
	return at + length;
}

static uint8_t *put_number(uint8_t *at, bool given, int64_t number)
{
	uint64_t bits = given ? (uint64_t)number : 0;

	*at++ = given;
	for (int i = 0; i < 8; i++)
		*at++ = (uint8_t)(bits >> (8 * i));
	return at;
}

static uint8_t *put_value(uint8_t *at, enum kind_type type, const struct kind_value *value)
{
	if (is_text(type))
		return put_text(at, value->text, value->length);
	if (type == KIND_DATE)
		return put_number(at, !value->null && value->day != DAY_NONE, value->day);
	return put_number(at, !value->null, value->number);
}

static void hash(const struct fingerprint *fingerprint, const uint8_t *end, struct kind_hash *ret)
{
	XXH128_hash_t value = XXH3_128bits_withSecret(fingerprint->room,
		(size_t)(end - fingerprint->room), fingerprint->secret, SECRET_BYTES);
	XXH128_canonical_t canonical;

	XXH128_canonicalFromHash(&canonical, value);
	memcpy(ret->byte, canonical.digest, sizeof(ret->byte));
}

static uint8_t *put_name(struct fingerprint *fingerprint, const struct kind *kind)
{
	return put_text(fingerprint->room, kind->name, strlen(kind->name));
}

uint32_t fingerprint_near(uint32_t number, const char *text, size_t length)
{
	for (size_t at = length > NEAR_BYTES ? length - NEAR_BYTES : 0; at < length; at++) {
		if (text[at] >= '0' && text[at] <= '9')
			number = number % (NEAR_MAX / 10) * 10 + (uint32_t)(text[at] - '0');
	}
	return number;
}

/* The last digits of the numbers in the key: rows that stand together in a source mostly carry following ones. */
static uint32_t neighbourhood(const struct kind_row *row)
{
	uint32_t number = 0;

	for (int i = 0; i < row->kind->count; i++) {
		const struct kind_value *value = &row->value[i];
		if (!(row->kind->columns[i].flags & KIND_KEY) ||
			!is_text(row->kind->columns[i].type))
			continue;
		number = fingerprint_near(number, value->text, value->length);
	}
	return number;
}

static void hash_key(struct fingerprint *fingerprint, const struct kind_row *row, unsigned without,
	struct kind_hash *ret)
{
	uint32_t near = htobe32(neighbourhood(row));
	uint8_t *at = put_name(fingerprint, row->kind);

	for (int i = 0; i < row->kind->count; i++) {
		const struct kind_column *column = &row->kind->columns[i];
		if ((column->flags & KIND_KEY) && !(column->flags & without))
			at = put_value(at, column->type, &row->value[i]);
	}
	hash(fingerprint, at, ret);
	memcpy(ret->byte, &near, sizeof(near));
}

int fingerprint_key(struct fingerprint *fingerprint, const struct kind_row *row,
	bool without_occurrence, struct kind_hash *ret_key, struct err *err)
{
	if (reserve(fingerprint, row, err) < 0)
		return -1;
	hash_key(fingerprint, row, without_occurrence ? KIND_OCCURRENCE : 0, ret_key);
	return 0;
}

int fingerprint_row(struct fingerprint *fingerprint, const struct kind_row *row,
	struct kind_hash *ret_key, struct kind_hash *ret_print, struct err *err)
{
	if (fingerprint_key(fingerprint, row, false, ret_key, err) < 0)
		return -1;
	uint8_t *at = put_name(fingerprint, row->kind);
	for (int i = 0; i < row->kind->count; i++)
		at = put_value(at, row->kind->columns[i].type, &row->value[i]);
	at = put_text(at, row->extra, row->extra != NULL ? strlen(row->extra) : 0);
	hash(fingerprint, at, ret_print);
	return 0;
}
