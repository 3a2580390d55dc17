#include "collectors/value_money.h"

#include <string.h>

#include "collectors/value_amount.h"
#include "collectors/value_text.h"

static const fen_t SUSPECT_FEN = 1000000000000000;

static const char *const words_not_applicable[] = { "-", "--", "---", "—", "——", "–", "−", "/",
	"\\", "无", "n/a", "na", "不涉及", "不适用", NULL };
static const char *const words_not_stated[] = { "面议", "待定", "暂无", "详见附件", "见附件",
	"公告未明确列示", "未明确", "未公布", NULL };
static const char *const words_rate[] = { "%", "‰", "费率", "折扣", "下浮", "上浮", "优惠率",
	NULL };
static const char *const words_range[] = { "约", "不超过", "不低于", "不高于", "不少于", "不大于",
	"不小于", "以上", "以下", "以内", "左右", "至", "到", "近", "超过", "≥", "≤", ">", "<", "~",
	"～", NULL };

static const char *const words_yuan[] = { "元", "圆", "角", "分", NULL };

/* Marks of currencies, in folded lower-case text. Longer ones first, so that 港元 is not read as 元. */
static const struct {
	const char *mark;
	const char *code;
} currencies[] = {
	{ "hk$", "HKD" },
	{ "us$", "USD" },
	{ "港币", "HKD" },
	{ "港元", "HKD" },
	{ "美元", "USD" },
	{ "美金", "USD" },
	{ "欧元", "EUR" },
	{ "英镑", "GBP" },
	{ "日元", "JPY" },
	{ "韩元", "KRW" },
	{ "加元", "CAD" },
	{ "澳元", "AUD" },
	{ "台币", "TWD" },
	{ "卢布", "RUB" },
	{ "瑞士法郎", "CHF" },
	{ "usd", "USD" },
	{ "eur", "EUR" },
	{ "gbp", "GBP" },
	{ "hkd", "HKD" },
	{ "jpy", "JPY" },
	{ "krw", "KRW" },
	{ "cad", "CAD" },
	{ "aud", "AUD" },
	{ "twd", "TWD" },
	{ "rub", "RUB" },
	{ "chf", "CHF" },
	{ "sgd", "SGD" },
	{ "inr", "INR" },
	{ "uah", "UAH" },
	{ "mop", "MOP" },
	{ "mxn", "MXN" },
	{ "cop", "COP" },
	{ "pyg", "PYG" },
	{ "afn", "AFN" },
	{ "$", "USD" },
	{ "€", "EUR" },
	{ "£", "GBP" },
	{ "₩", "KRW" },
	{ "₹", "INR" },
	{ "₴", "UAH" },
	{ "人民币", "CNY" },
	{ "rmb", "CNY" },
	{ "cny", "CNY" },
	{ "¥", "CNY" },
};

static const char *const CODE_NOT_NUMBER = "amount-not-number";

/* Every mark of the allowed currency becomes a blank; any other currency's mark ends it with false. */
static bool strip_currency(char *text, const char *allowed)
{
	char *to = text;

	for (const char *from = text; *from != '\0';) {
		const char *code = NULL, *start = from;
		for (size_t i = 0; i < sizeof(currencies) / sizeof(*currencies) && !code; i++) {
			if (value_skip(&from, currencies[i].mark))
				code = currencies[i].code;
		}
		/* ¥ is also the yen */
		if (code && strcmp(allowed, "JPY") == 0 && strncmp(start, "¥", strlen("¥")) == 0)
			code = "JPY";
		if (code && strcmp(code, allowed) != 0)
			return false;
		*to++ = code ? ' ' : *from++;
	}
	*to = '\0';
	return true;
}

static void delete_blanks(char *text)
{
	char *to = text;
	for (const char *from = text; *from != '\0'; from++) {
		if (*from != ' ')
			*to++ = *from;
	}
	*to = '\0';
}

/* The sign of an exponent belongs to its number. */
static bool exponent_sign(const char *text, const char *at)
{
	return at > text + 1 && at[-1] == 'e' && amount_is_digit(at[-2]) && amount_is_digit(at[1]);
}

/* A blank between two pieces of numbers: "1 000" has no reading of its own. */
static bool blank_splits(const char *text, const char *at)
{
	const char *next = at + strspn(at, " ");
	return at > text && strchr("0123456789.,", at[-1]) && *next != '\0' &&
	       strchr("0123456789.,", *next);
}

/* True if one of the marks has figures on both sides. */
static bool splits(const char *text, const char *const *marks)
{
	const char *end = text + strlen(text);

	for (const char *at = text; at < end; at++) {
		for (size_t i = 0; marks[i]; i++) {
			const char *next = at;
			if (!value_skip(&next, marks[i]) || exponent_sign(text, at))
				continue;
			if (amount_any_figure(text, at) && amount_any_figure(next, end))
				return true;
		}
	}
	return false;
}

static bool is_range(const char *text)
{
	static const char *const dashes[] = { "-", "—", "–", "−", NULL };
	return value_contains(text, words_range) || splits(text, dashes);
}

static bool is_multiple(const char *text)
{
	static const char *const marks[] = { ";", "、", "/", "+", "|", NULL };

	for (const char *at = text; *at != '\0'; at++) {
		if (*at == ' ' && blank_splits(text, at))
			return true;
	}
	return splits(text, marks);
}

/* 人民币伍拾玖万元整(¥590000.00): both readings must agree. A side without a unit word then counts yuan. */
static const char *read_pair(char *text, const struct value_money_rule *rule, fen_t *ret)
{
	char *inner = strchr(text, '(');
	size_t length = strlen(inner);
	struct amount left, right;
	struct value_money_rule yuan = *rule;
	fen_t first, second;

	if (inner[length - 1] != ')')
		return CODE_NOT_NUMBER;
	inner[length - 1] = '\0';
	*inner++ = '\0';
	const char *code = amount_scan(text, rule, &left);
	if (!code)
		code = amount_scan(inner, rule, &right);
	if (code)
		return code;
	if (left.unit_stated || right.unit_stated)
		yuan.column_unit = VALUE_UNIT_YUAN;
	code = amount_to_fen(&left, &yuan, &first);
	if (!code)
		code = amount_to_fen(&right, &yuan, &second);
	if (code)
		return code;
	if (first != second)
		return "amount-conflict";
	*ret = first;
	return NULL;
}

static const char *read_single(char *text, const struct value_money_rule *rule, fen_t *ret)
{
	size_t length = strlen(text);
	struct amount amount;
	bool accounting = text[0] == '(' && text[length - 1] == ')';

	if (accounting) {
		text[length - 1] = '\0';
		text++;
		if (strpbrk(text, "()+-") ||
			value_contains(text, (const char *const[]){ "−", "红字", NULL }))
			return CODE_NOT_NUMBER;
	}
	const char *code = amount_scan(text, rule, &amount);
	if (code)
		return code;
	amount.negative |= accounting;
	return amount_to_fen(&amount, rule, ret);
}

/* {"$numberLong":"15890000000"}, the wrapper of a document database: its inner text, in place. */
static char *unwrap(char *text)
{
	static const char *const heads[] = { "{\"$numberlong\":\"", "{\"$numberdecimal\":\"",
		"{\"$numberint\":\"", NULL };
	size_t length = strlen(text);

	for (size_t i = 0; heads[i]; i++) {
		const char *inner = text;
		if (value_skip(&inner, heads[i]) && value_ends_with(text, length, "\"}")) {
			text[length - 2] = '\0';
			return text + (inner - text);
		}
	}
	return text;
}

/* Words that make a cell null. */
static const char *null_reason(const char *text)
{
	if (*text == '\0')
		return "empty";
	if (value_one_of(text, words_not_applicable))
		return "not-applicable";
	return value_one_of(text, words_not_stated) ? "not-stated" : NULL;
}

/* Folded text with its blanks to fen. NULL, or the code; the order of the tests is that of G-63. */
static const char *read_folded(char *text, const struct value_money_rule *rule, fen_t *ret)
{
	const char *allowed = rule->currency ? rule->currency : "CNY";

	if (!strip_currency(text, allowed))
		return "currency";
	if (strcmp(allowed, "CNY") != 0 && value_contains(text, words_yuan))
		return "currency";
	if (value_contains(text, words_rate))
		return "amount-is-rate";
	if (is_range(text))
		return "amount-range";
	if (is_multiple(text))
		return "amount-multiple";
	delete_blanks(text);
	if (*text == '\0')
		return CODE_NOT_NUMBER;
	const char *code = strchr(text, '(') > text ? read_pair(text, rule, ret)
						    : read_single(text, rule, ret);
	if (!code && *ret < 0 && !rule->negative_ok)
		code = "amount-negative";
	return code;
}

static void lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
	}
}

/* "-1234.56": what nearly every cell is. It holds no word, mark or group, so none is looked for. */
static bool plain_decimal(const char *text)
{
	text += *text == '-';
	size_t whole = strspn(text, "0123456789");
	if (whole == 0 || (text[whole] != '\0' && text[whole] != '.'))
		return false;
	if (text[whole] == '\0')
		return true;
	size_t decimals = strspn(text + whole + 1, "0123456789");
	return decimals > 0 && text[whole + 1 + decimals] == '\0';
}

static const char *read_plain(char *text, const struct value_money_rule *rule, fen_t *ret)
{
	const char *code = read_single(text, rule, ret);
	return !code && *ret < 0 && !rule->negative_ok ? "amount-negative" : code;
}

void value_money_read(const char *text, size_t length, const struct value_money_rule *rule,
	struct value_money *ret)
{
	char room[VALUE_MONEY_TEXT_MAX], word[VALUE_MONEY_TEXT_MAX];
	fen_t fen = 0;

	*ret = (struct value_money){ .state = VALUE_REFUSED, .code = CODE_NOT_NUMBER };
	if (!value_fold(text, length, room, sizeof(room)))
		return;
	const char *code;
	if (!rule->decimal_comma && plain_decimal(room)) {
		code = read_plain(room, rule, &fen);
	} else {
		if (!value_fold_word(text, length, word, sizeof(word)))
			return;
		code = null_reason(word);
		if (code) {
			ret->state = VALUE_NULL;
			ret->code = code;
			return;
		}
		lower(room);
		code = read_folded(unwrap(room), rule, &fen);
	}
	if (code) {
		ret->code = code;
		return;
	}
	*ret = (struct value_money){ .state = VALUE_GIVEN, .fen = fen, .code = "" };
	if (fen > SUSPECT_FEN || fen < -SUSPECT_FEN)
		ret->code = "unit-suspect";
}
