#include "core/money.h"

#include <inttypes.h>

#include "core/err.h"

bool money_add(fen_t a, fen_t b, fen_t *ret)
{
	fen_t sum;

	if (__builtin_add_overflow(a, b, &sum))
		return false;
	*ret = sum;
	return true;
}

bool money_sub(fen_t a, fen_t b, fen_t *ret)
{
	fen_t difference;

	if (__builtin_sub_overflow(a, b, &difference))
		return false;
	*ret = difference;
	return true;
}

bool money_mul(fen_t a, int64_t n, fen_t *ret)
{
	fen_t product;

	if (__builtin_mul_overflow(a, n, &product))
		return false;
	*ret = product;
	return true;
}

int money_ratio_compare(fen_t a, fen_t b, fen_t p, fen_t q)
{
	wide_t left = (wide_t)a * q, right = (wide_t)p * b;

	return (left > right) - (left < right);
}

bool money_share_met(fen_t part, fen_t whole, int64_t ppm)
{
	return (wide_t)part * 1000000 >= (wide_t)whole * ppm;
}

bool money_round_div(wide_t numerator, wide_t den, fen_t *ret)
{
	bool negative = numerator < 0;
	wide_t size, quotient;

	if (den <= 0)
		BUG("division of money by a number that is not positive");
	size = negative ? -numerator : numerator;
	quotient = size / den;
	/* half away from zero, without doubling the remainder past 128 bits */
	if (size % den >= den - size % den)
		quotient++;
	if (quotient > INT64_MAX)
		return false;
	*ret = negative ? -(fen_t)quotient : (fen_t)quotient;
	return true;
}

bool money_scale(fen_t amount, int64_t num, int64_t den, fen_t *ret)
{
	return money_round_div((wide_t)amount * num, den, ret);
}

bool money_scale_up(fen_t amount, int64_t num, int64_t den, fen_t *ret)
{
	wide_t product = (wide_t)amount * num, quotient;

	if (amount < 0 || num < 0 || den <= 0)
		BUG("money_scale_up takes amounts and shares that are not negative");
	quotient = product / den + (product % den ? 1 : 0);
	if (quotient > INT64_MAX)
		return false;
	*ret = (fen_t)quotient;
	return true;
}

/* Unsigned size of an amount; right for INT64_MIN too. */
static uint64_t size_of(fen_t amount)
{
	return amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
}

char *money_text(fen_t amount, char room[MONEY_TEXT_MAX])
{
	uint64_t size = size_of(amount);

	snprintf(room, MONEY_TEXT_MAX, "%s%" PRIu64 ".%02" PRIu64, amount < 0 ? "-" : "",
		size / 100, size % 100);
	return room;
}

char *money_text_grouped(fen_t amount, char room[MONEY_TEXT_MAX])
{
	char plain[MONEY_TEXT_MAX], *out = room;
	size_t digits;

	money_text(amount, plain);
	const char *in = plain;
	if (*in == '-')
		*out++ = *in++;
	digits = strcspn(in, ".");
	for (; *in; in++) {
		*out++ = *in;
		if (digits > 0 && --digits > 0 && digits % 3 == 0)
			*out++ = ',';
	}
	*out = 0;
	return room;
}

char *money_text_wan(fen_t amount, char room[MONEY_TEXT_MAX])
{
	uint64_t size = size_of(amount);
	size_t end;

	snprintf(room, MONEY_TEXT_MAX, "%s%" PRIu64 ".%06" PRIu64, amount < 0 ? "-" : "",
		size / 1000000, size % 1000000);
	end = strlen(room);
	while (room[end - 1] == '0')
		end--;
	if (room[end - 1] == '.')
		end--;
	room[end] = 0;
	return room;
}

/* Reads -?digits[.digits] into value * 10^decimals; trailing zeros past the precision do not count.
 */
static enum money_parse parse_decimal(const char *text, size_t length, int decimals, int64_t *ret)
{
	uint64_t value = 0, limit = INT64_MAX;
	bool negative = length > 0 && text[0] == '-', point = false;
	int left = decimals;
	size_t i = negative ? 1 : 0, first = i;

	for (; i < length; i++) {
		char c = text[i];

		if (c == '.' && !point && i > first && i + 1 < length) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			return MONEY_PARSE_NOT_NUMBER;
		if (point && left == 0) {
			if (c != '0')
				return MONEY_PARSE_TOO_PRECISE;
			continue;
		}
		if (__builtin_mul_overflow(value, 10u, &value) ||
			__builtin_add_overflow(value, (uint64_t)(c - '0'), &value))
			return MONEY_PARSE_OUT_OF_RANGE;
		left -= point ? 1 : 0;
	}
	if (i == first)
		return MONEY_PARSE_NOT_NUMBER;
	for (; left > 0; left--)
		if (__builtin_mul_overflow(value, 10u, &value))
			return MONEY_PARSE_OUT_OF_RANGE;
	if (value > limit)
		return MONEY_PARSE_OUT_OF_RANGE;
	*ret = negative ? -(int64_t)value : (int64_t)value;
	return MONEY_PARSE_OK;
}

enum money_parse money_parse(const char *text, size_t length, fen_t *ret)
{
	return parse_decimal(text, length, 2, ret);
}

enum money_parse money_parse_percent(const char *text, size_t length, int64_t *ret_ppm)
{
	return parse_decimal(text, length, 4, ret_ppm);
}

const char *money_parse_name(enum money_parse code)
{
	switch (code) {
	case MONEY_PARSE_OK:
		return "ok";
	case MONEY_PARSE_NOT_NUMBER:
		return "amount-not-number";
	case MONEY_PARSE_TOO_PRECISE:
		return "amount-too-precise";
	case MONEY_PARSE_OUT_OF_RANGE:
		return "amount-out-of-range";
	}
	BUG("money parse code %d", (int)code);
}
