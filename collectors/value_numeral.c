#include "collectors/value_numeral.h"

#include <stddef.h>

#include "collectors/value_text.h"

enum set { SET_BOTH = 0, SET_FORMAL = 1, SET_EVERYDAY = 2 };

struct sign {
	const char *text;
	int value;
	enum set set;
};

static const struct sign digits[] = {
	{ "零", 0, SET_BOTH },
	{ "〇", 0, SET_BOTH },
	{ "壹", 1, SET_FORMAL },
	{ "贰", 2, SET_FORMAL },
	{ "弍", 2, SET_FORMAL },
	{ "叁", 3, SET_FORMAL },
	{ "弎", 3, SET_FORMAL },
	{ "肆", 4, SET_FORMAL },
	{ "伍", 5, SET_FORMAL },
	{ "陆", 6, SET_FORMAL },
	{ "柒", 7, SET_FORMAL },
	{ "捌", 8, SET_FORMAL },
	{ "玖", 9, SET_FORMAL },
	{ "一", 1, SET_EVERYDAY },
	{ "二", 2, SET_EVERYDAY },
	{ "两", 2, SET_EVERYDAY },
	{ "三", 3, SET_EVERYDAY },
	{ "四", 4, SET_EVERYDAY },
	{ "五", 5, SET_EVERYDAY },
	{ "六", 6, SET_EVERYDAY },
	{ "七", 7, SET_EVERYDAY },
	{ "八", 8, SET_EVERYDAY },
	{ "九", 9, SET_EVERYDAY },
	{ NULL, 0, SET_BOTH },
};

static const struct sign powers[] = {
	{ "拾", 10, SET_FORMAL },
	{ "佰", 100, SET_FORMAL },
	{ "仟", 1000, SET_FORMAL },
	{ "十", 10, SET_EVERYDAY },
	{ "百", 100, SET_EVERYDAY },
	{ "千", 1000, SET_EVERYDAY },
	{ NULL, 0, SET_BOTH },
};

/* Where a reader stands: the text ahead and which of the two sets was seen. */
struct reader {
	const char *at;
	unsigned sets;
};

static int take(struct reader *reader, const struct sign *signs)
{
	for (; signs->text; signs++) {
		if (value_skip(&reader->at, signs->text)) {
			reader->sets |= (unsigned)signs->set;
			return signs->value;
		}
	}
	return -1;
}

int numeral_digit_skip(const char **at)
{
	struct reader reader = { .at = *at };
	int digit = take(&reader, digits);

	*at = reader.at;
	return digit;
}

bool numeral_starts(const char *text)
{
	struct reader reader = { .at = text };
	return take(&reader, digits) >= 0 || take(&reader, powers) >= 0;
}

/* One section below 10000. first: 拾 may stand alone for ten. lone_ok: a single digit need not follow a 零.
 * Returns -1 if malformed, else the value; *ret_any tells whether anything was read. */
static int section(struct reader *reader, bool lone_ok, bool *ret_any)
{
	int sum = 0, last_power = lone_ok ? 10 : 10000, ceiling = 10000;
	bool zero = false;

	*ret_any = false;
	for (;;) {
		int digit = take(reader, digits);
		if (digit == 0) {
			if (zero)
				return -1;
			zero = *ret_any = true;
			continue;
		}
		int power = take(reader, powers);
		if (digit < 0 && power < 0)
			return sum;
		if (digit < 0 && (power != 10 || sum != 0 || zero))
			return -1;
		if (power < 0) {
			/* A digit after 佰 needs a 零 between: 一百二 is said for 120. */
			struct reader ahead = *reader;
			if ((last_power > 10 && !zero) || take(&ahead, digits) >= 0)
				return -1;
			*ret_any = true;
			return sum + digit;
		}
		if (power >= ceiling)
			return -1;
		sum += (digit < 0 ? 1 : digit) * power;
		ceiling = last_power = power;
		zero = false;
		*ret_any = true;
	}
}

/* Sections joined by 万 and 亿. */
static bool integer(struct reader *reader, int64_t *ret, bool *ret_big)
{
	int64_t high = 0, low = 0; /* high counts 亿 */
	bool any, seen = false, wan = false, yi = false;

	for (;;) {
		int value = section(reader, !wan && !yi, &any);
		if (value < 0 || (!any && !seen))
			return false;
		seen = true;
		if (any && value_skip(&reader->at, "万")) {
			if (wan || value == 0)
				return false;
			wan = true;
			low += (int64_t)value * 10000;
		} else if (value_skip(&reader->at, "亿")) {
			if (yi || (low == 0 && value == 0))
				return false;
			yi = true;
			wan = false;
			high = low + value;
			low = 0;
		} else {
			*ret = high * 100000000 + low + value;
			*ret_big = wan || yi;
			return true;
		}
	}
}

/* 捌角玖分 after the 元; leaves nothing behind that belongs to it. */
static bool small_coins(struct reader *reader, int64_t *fen, bool *ret_any)
{
	static const struct sign coins[] = { { "角", 10, SET_BOTH }, { "分", 1, SET_BOTH },
		{ NULL, 0, SET_BOTH } };
	int last = 100;

	*ret_any = false;
	for (;;) {
		int digit = take(reader, digits);
		if (digit < 0)
			return true;
		if (digit == 0) {
			/* 零伍分, and 零角 as some write it */
			int named = take(reader, coins);
			if (named > 0) {
				if (named >= last)
					return false;
				last = named;
				*ret_any = true;
				continue;
			}
			digit = take(reader, digits);
		}
		int coin = digit > 0 ? take(reader, coins) : -1;
		if (coin < 0 || coin >= last)
			return false;
		*fen += digit * coin;
		last = coin;
		*ret_any = true;
	}
}

bool numeral_amount_read(const char *text, struct numeral_amount *ret)
{
	struct reader reader = { .at = text };
	int64_t number = 0, fen = 0;
	bool big = false, yuan = false, coins = false;

	bool whole = integer(&reader, &number, &big) &&
		     ((yuan = value_skip(&reader.at, "元") || value_skip(&reader.at, "圆")) ||
			     *reader.at == '\0' || value_skip(&reader.at, "整") ||
			     value_skip(&reader.at, "正"));
	if (!whole) { /* 伍角, 捌分 without any 元 */
		reader = (struct reader){ .at = text };
		number = 0;
		big = false;
	}
	if (yuan || !whole) {
		if (!small_coins(&reader, &fen, &coins) || (!whole && !coins))
			return false;
		(void)(value_skip(&reader.at, "整") || value_skip(&reader.at, "正"));
	}
	if (*reader.at != '\0' || reader.sets == (SET_FORMAL | SET_EVERYDAY))
		return false;
	ret->unit_stated = yuan || coins || big;
	ret->number = ret->unit_stated ? number * 100 + fen : number;
	return true;
}

bool numeral_small_read(const char *text, int *ret)
{
	struct reader reader = { .at = text };
	bool any;
	int value = section(&reader, true, &any);

	if (!any || value < 1 || value > 99 || *reader.at != '\0')
		return false;
	*ret = value;
	return true;
}
