#include "collectors/value_amount.h"

#include <string.h>

#include "collectors/value_numeral.h"
#include "collectors/value_text.h"

enum { DIGITS_MAX = 36, STORED_DIGITS = 15, EXPONENT_MAX = 100000 }; /* 36 digits fit 128 bits */

static const struct {
	const char *word;
	int unit;
} units[] = {
	{ "千万元", 9 },
	{ "百万元", 8 },
	{ "十万元", 7 },
	{ "千亿元", 13 },
	{ "百亿元", 12 },
	{ "十亿元", 11 },
	{ "亿元", 10 },
	{ "万元", 6 },
	{ "千元", 5 },
	{ "百元", 4 },
	{ "千万", 9 },
	{ "百万", 8 },
	{ "亿", 10 },
	{ "万", 6 },
	{ "元", 2 },
	{ "圆", 2 },
	{ "角", 1 },
	{ "分", 0 },
};

bool amount_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool amount_any_figure(const char *from, const char *end)
{
	for (; from < end; from++) {
		if (amount_is_digit(*from) || numeral_starts(from))
			return true;
	}
	return false;
}

/* A comma-grouped run: groups of three or of four, one kind only. */
struct grouping {
	int groups, current, first,
		later; /* later: size of every group after the first, -1 = mixed */
};

static void grouping_mark(struct grouping *group)
{
	if (group->groups == 0)
		group->first = group->current;
	else if (group->groups == 1)
		group->later = group->current;
	else if (group->later != group->current)
		group->later = -1;
	group->groups++;
	group->current = 0;
}

static bool grouping_ok(const struct grouping *group)
{
	if (group->groups == 0)
		return true;
	int size = group->groups == 1 ? group->current : group->later;
	return (size == 3 || size == 4) && group->current == size && group->first >= 1 &&
	       group->first <= size;
}

static void digits_add(struct amount_digits *digits, int digit, bool after_point)
{
	if (digits->kept < digits->keep) {
		digits->value = digits->value * 10 + (unsigned)digit;
		digits->kept += digits->value != 0;
		digits->fraction += after_point;
		return;
	}
	if (!digits->dropped)
		digits->round_up = digit >= 5;
	digits->dropped = true;
	digits->dropped_nonzero |= digit != 0;
	digits->fraction -= !after_point;
}

/* Digits, groups and point from *at. NULL, or the code of what is wrong. */
static const char *scan_decimal(const char **at, bool decimal_comma, struct amount_digits *digits)
{
	const char mark = decimal_comma ? '.' : ',', point = decimal_comma ? ',' : '.';
	struct grouping group = { .groups = 0 };
	int points = 0;
	bool mark_after_point = false;

	if (!amount_is_digit(**at))
		return "amount-not-number";
	for (; **at != '\0'; (*at)++) {
		char c = **at;
		if (amount_is_digit(c)) {
			digits_add(digits, c - '0', points > 0);
			group.current += points == 0;
		} else if (c == point) {
			points++;
		} else if (c == mark && amount_is_digit((*at)[1])) {
			mark_after_point |= points > 0;
			grouping_mark(&group);
		} else {
			break;
		}
	}
	if (points > 1 || mark_after_point || !grouping_ok(&group))
		return "amount-grouping";
	return (*at)[-1] == point ? "amount-not-number" : NULL;
}

/* "E+06" behind the digits of a numeric cell. */
static const char *scan_exponent(const char **at, bool number, struct amount_digits *digits)
{
	const char *next = *at;
	int exponent = 0;

	if (*next != 'e')
		return NULL;
	next++;
	bool minus = *next == '-';
	next += *next == '-' || *next == '+';
	if (!amount_is_digit(*next))
		return "amount-not-number";
	if (!number)
		return "amount-scientific";
	for (; amount_is_digit(*next); next++) {
		if (exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (*next - '0');
	}
	digits->fraction += minus ? exponent : -exponent;
	*at = next;
	return NULL;
}

static bool scan_unit(const char **at, struct amount *amount)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (value_skip(at, units[i].word)) {
			amount->unit_stated = true;
			amount->unit = units[i].unit;
			(void)(value_skip(at, "整") || value_skip(at, "正"));
			return true;
		}
	}
	return false;
}

static bool scan_sign(const char **at, bool *negative)
{
	if (value_skip(at, "-") || value_skip(at, "−") || value_skip(at, "红字")) {
		*negative = true;
		return true;
	}
	return value_skip(at, "+");
}

static const char *scan_numeral(const char *at, struct amount *amount)
{
	struct numeral_amount numeral;

	if (!numeral_amount_read(at, &numeral))
		return "amount-not-number";
	amount->unit_stated = numeral.unit_stated;
	amount->unit = VALUE_UNIT_FEN;
	amount->digits.value = (unsigned __int128)numeral.number;
	return NULL;
}

const char *amount_scan(const char *at, const struct value_money_rule *rule, struct amount *amount)
{
	*amount = (struct amount){ .digits.keep = rule->number ? STORED_DIGITS : DIGITS_MAX };
	if (value_skip(&at, "大写") || value_skip(&at, "小写"))
		(void)value_skip(&at, ":");
	bool sign = scan_sign(&at, &amount->negative);
	if (numeral_starts(at))
		return scan_numeral(at, amount);
	const char *code = scan_decimal(&at, rule->decimal_comma, &amount->digits);
	if (!code)
		code = scan_exponent(&at, rule->number, &amount->digits);
	if (code)
		return code;
	if (!scan_unit(&at, amount) && !sign)
		(void)scan_sign(&at, &amount->negative);
	if (*at == '\0')
		return NULL;
	return amount->unit_stated && amount_any_figure(at, at + strlen(at)) ? "amount-multiple"
									     : "amount-not-number";
}

static void digits_settle(struct amount_digits *digits, bool number)
{
	if (number && digits->round_up)
		digits->value++;
	while (digits->value != 0 && digits->fraction > 0 && digits->value % 10 == 0) {
		digits->value /= 10;
		digits->fraction--;
	}
}

const char *amount_to_fen(struct amount *amount, const struct value_money_rule *rule, fen_t *ret)
{
	int unit = amount->unit_stated ? amount->unit : rule->column_unit;
	unsigned __int128 value;

	if (unit == VALUE_UNIT_NONE)
		return "amount-unit-unknown";
	digits_settle(&amount->digits, rule->number);
	value = amount->digits.value;
	if (!rule->number && amount->digits.dropped_nonzero && amount->digits.fraction >= 0)
		return "amount-too-precise";
	int shift = unit - amount->digits.fraction;
	if (value != 0 && shift < 0)
		return "amount-too-precise";
	for (; value != 0 && shift > 0 && value <= (unsigned __int128)MONEY_FEN_MAX; shift--)
		value *= 10;
	if (value > (unsigned __int128)MONEY_FEN_MAX)
		return "amount-out-of-range";
	*ret = amount->negative ? -(fen_t)value : (fen_t)value;
	return NULL;
}
