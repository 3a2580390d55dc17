#include "collectors/ocds_value.h"

#include <string.h>
#include <strings.h>

#include "collectors/value_date.h"

enum { EXPONENT_MAX = 30 };

/* Writes digits with the decimal point behind `whole` of them, padding with zeros on either side. */
static bool write_plain(
	const char *digits, int count, int whole, bool minus, char room[OCDS_NUMBER_MAX])
{
	int first = whole > 0 ? 0 : whole, last = count > whole ? count : whole, used = 0;

	if (last - first + 4 > OCDS_NUMBER_MAX)
		return false;
	if (minus)
		room[used++] = '-';
	if (whole <= 0)
		room[used++] = '0';
	for (int i = first; i < last; i++) {
		if (i == whole || (i == first && whole <= 0))
			room[used++] = '.';
		room[used++] = i >= 0 && i < count ? digits[i] : '0';
	}
	room[used] = '\0';
	return true;
}

bool ocds_number_plain(const char *text, size_t length, char room[OCDS_NUMBER_MAX])
{
	char digits[OCDS_NUMBER_MAX];
	int count = 0, whole = -1;
	int64_t exponent = 0;
	size_t at = 0;
	bool minus = length > 0 && text[0] == '-';

	if (!json_is_number(text, length))
		return false;
	for (at = minus; at < length && text[at] != 'e' && text[at] != 'E'; at++) {
		if (text[at] == '.') {
			whole = count;
			continue;
		}
		if (count == (int)sizeof(digits))
			return false;
		digits[count++] = text[at];
	}
	if (whole < 0)
		whole = count;
	if (at < length) {
		bool down = text[++at] == '-';
		at += text[at] == '-' || text[at] == '+';
		for (; at < length && exponent <= EXPONENT_MAX; at++)
			exponent = exponent * 10 + (text[at] - '0');
		if (exponent > EXPONENT_MAX)
			return false;
		whole += (int)(down ? -exponent : exponent);
	}
	while (count > whole + 2 && count > 0 && digits[count - 1] == '0')
		count--;
	const char *start = digits;
	for (; whole > 1 && count > 1 && *start == '0'; start++, whole--)
		count--;
	if (count == 1 && *start == '0')
		whole = 1;
	return write_plain(start, count, whole, minus, room);
}

const char *ocds_money(const struct json_node *value, bool negative_ok, bool *ret_given,
	fen_t *ret_fen, const char **ret_currency)
{
	const struct json_node *amount = json_get(value, "amount");
	const char *currency = json_text_at(value, "currency");
	char plain[OCDS_NUMBER_MAX];
	fen_t fen = 0;

	*ret_given = false;
	*ret_currency = currency[0] ? currency : OCDS_NO_CURRENCY;
	if (value && (value->type == JSON_NUMBER || value->type == JSON_TEXT))
		amount = value; /* OCDS 1.0 wrote the bare number in places */
	if (!amount || amount->type == JSON_NULL ||
		(amount->type == JSON_TEXT && amount->length == 0))
		return NULL;
	if ((amount->type != JSON_NUMBER && amount->type != JSON_TEXT) ||
		!ocds_number_plain(amount->text, amount->length, plain))
		return "amount-not-number";
	switch (money_parse(plain, strlen(plain), &fen)) {
	case MONEY_PARSE_OK:
		break;
	case MONEY_PARSE_NOT_NUMBER:
		return "amount-not-number";
	case MONEY_PARSE_TOO_PRECISE:
		return "amount-too-precise";
	case MONEY_PARSE_OUT_OF_RANGE:
		return "amount-out-of-range";
	}
	if (fen < 0 && !negative_ok)
		return "amount-negative";
	*ret_given = true;
	*ret_fen = fen;
	return NULL;
}

const char *ocds_day(const struct json_node *date, day_t *ret_day)
{
	static const struct value_date_rule rule = { .order = VALUE_ORDER_NONE };
	struct value_date value;

	*ret_day = DAY_NONE;
	if (!date || date->type == JSON_NULL)
		return NULL;
	if (date->type != JSON_TEXT && date->type != JSON_NUMBER)
		return "date-impossible";
	value_date_read(date->text, date->length, &rule, &value);
	if (value.state == VALUE_REFUSED)
		return value.code;
	if (value.state == VALUE_GIVEN)
		*ret_day = value.day;
	return NULL;
}

/* Exactly n digits at *at, moved behind them; -1 otherwise. */
static int take_digits(const char **at, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++, (*at)++) {
		if (**at < '0' || **at > '9')
			return -1;
		value = value * 10 + (**at - '0');
	}
	return value;
}

/* "Z", "+08:00", "-0600" or nothing, in seconds. */
static bool take_offset(const char *at, int64_t *ret_seconds)
{
	int sign = *at == '-' ? -1 : 1, hours = 0, minutes = 0;

	*ret_seconds = 0;
	if (*at == '\0' || strcasecmp(at, "z") == 0)
		return true;
	if (*at != '+' && *at != '-')
		return false;
	at++;
	hours = take_digits(&at, 2);
	if (*at == ':')
		at++;
	if (*at)
		minutes = take_digits(&at, 2);
	*ret_seconds = sign * (hours * 3600 + minutes * 60);
	return *at == '\0' && hours >= 0 && minutes >= 0;
}

static bool take_clock(const char **at, int64_t *ret_us)
{
	int hour = take_digits(at, 2), minute = -1, second = 0;
	int64_t fraction = 0, unit = 100000;

	if (**at == ':') {
		(*at)++;
		minute = take_digits(at, 2);
	}
	if (**at == ':') {
		(*at)++;
		second = take_digits(at, 2);
	}
	if (**at == '.')
		for ((*at)++; **at >= '0' && **at <= '9'; (*at)++, unit /= 10)
			fraction += (**at - '0') * unit;
	*ret_us = ((int64_t)hour * 3600 + minute * 60 + second) * 1000000 + fraction;
	return hour >= 0 && minute >= 0 && second >= 0;
}

int64_t ocds_instant(const char *text)
{
	const char *at = text + 10;
	int64_t clock = 0, offset = 0;
	day_t day = DAY_NONE;

	if (strlen(text) < 10 || !day_parse(text, 10, &day))
		return INT64_MIN;
	if (*at == 'T' || *at == 't' || *at == ' ') {
		at++;
		if (!take_clock(&at, &clock))
			return INT64_MIN;
	}
	if (!take_offset(at, &offset))
		return INT64_MIN;
	return (int64_t)day * 86400 * 1000000 + clock - offset * 1000000;
}

const char *ocds_size_class(const char *scale)
{
	static const char *const words[][2] = { { "micro", "X" }, { "small", "S" },
		{ "medium", "M" }, { "large", "L" }, { "sme", "SME" } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(scale, words[i][0]) == 0)
			return words[i][1];
	return "";
}
