#include "collectors/cell_reading.h"

#include <ctype.h>
#include <string.h>

#include "collectors/value_money.h"
#include "collectors/value_text.h"
#include "core/text.h"
#include "core/uscc.h"

enum { CODE_MAX = 256, FOLD_MAX = 1024, STORED_DIGITS = 15 };

void cell_refuse(struct cell_reading *reading, const char *code)
{
	reading->answer->state = VALUE_REFUSED;
	reading->answer->code = code;
}

/* Nothing stated: the default stays. */
void cell_nothing(struct cell_reading *reading, const char *code)
{
	reading->answer->state = VALUE_NULL;
	reading->answer->code = code;
}

static void give_number(struct cell_reading *reading, int64_t number)
{
	reading->value->null = false;
	reading->value->number = number;
}

void cell_give_static(struct cell_reading *reading, const char *text)
{
	reading->value->text = text;
	reading->value->length = strlen(text);
}

static void give_text(struct cell_reading *reading, const char *text, size_t length)
{
	buf_reset(reading->room);
	if (buf_add(reading->room, text, length) < 0) {
		cell_refuse(reading, "text-too-long");
		return;
	}
	reading->value->text = reading->room->data;
	reading->value->length = length;
}

bool cell_is_column(const struct cell_reading *reading, const char *name)
{
	const char *csv = reading->rule->column->csv;
	return csv && strcmp(csv, name) == 0;
}

static void read_canonical(struct cell_reading *reading, const char *text)
{
	struct frame_cell cell = { .text = text, .length = strlen(text) };
	const char *code = cell_read_canonical(reading->rule->column, &cell, reading->value);

	if (code)
		cell_refuse(reading, code);
	else if (cell.length == 0)
		cell_nothing(reading, "empty");
}

/* The source's own value map goes before every other reading. */
static bool read_mapped(struct cell_reading *reading)
{
	const struct mapping_option *option = reading->rule->option;
	char word[VALUE_WORD_MAX];

	if (option->word_count == 0 ||
		!value_word_normal(reading->cell->text, reading->cell->length, word))
		return false;
	for (size_t i = 0; i < option->word_count; i++) {
		if (strcmp(option->words[i].from, word) == 0) {
			read_canonical(reading, option->words[i].to);
			return true;
		}
	}
	return false;
}

static bool is_name(const struct cell_reading *reading)
{
	const char *csv = reading->rule->column->csv;

	return csv && value_ends_with(csv, strlen(csv), "name");
}

/* A line break in a name comes from the page it was copied from: between Latin words a blank, else nothing. */
static void give_unbroken(struct cell_reading *reading, const char *from, const char *end)
{
	const char *start = from;

	buf_reset(reading->room);
	for (; from < end; from++) {
		if (*from != '\n' && *from != '\r') {
			buf_add_char(reading->room, *from);
			continue;
		}
		const char *before = from - 1;
		while (from + 1 < end && (from[1] == '\n' || from[1] == '\r'))
			from++;
		if (before >= start && isalnum((unsigned char)*before) && from + 1 < end &&
			isalnum((unsigned char)from[1]))
			buf_add_char(reading->room, ' ');
	}
	reading->value->text = reading->room->data;
	reading->value->length = reading->room->used;
}

static void read_text(struct cell_reading *reading)
{
	const char *from = reading->cell->text, *end = from + reading->cell->length;

	for (bool again = true; again;)
		again = value_skip(&from, " ") || value_skip(&from, "\t") ||
			value_skip(&from, "\n") || value_skip(&from, "\r") ||
			value_skip(&from, "\u3000") || value_skip(&from, "\u00A0") ||
			value_skip(&from, "\uFEFF");
	while (end > from) {
		size_t length = (size_t)(end - from);
		if (strchr(" \t\r\n", end[-1]))
			end--;
		else if (value_ends_with(from, length, "\u3000"))
			end -= strlen("\u3000");
		else if (value_ends_with(from, length, "\u00A0"))
			end -= strlen("\u00A0");
		else
			break;
	}
	if (is_name(reading) && memchr(from, '\n', (size_t)(end - from)))
		give_unbroken(reading, from, end);
	else
		give_text(reading, from, (size_t)(end - from));
}

static const char *uscc_remark(enum uscc_reason reason)
{
	switch (reason) {
	case USCC_OK:
	case USCC_EMPTY:
		return "";
	case USCC_BAD_LENGTH:
		return "uscc-length";
	case USCC_BAD_ALPHABET:
		return "uscc-alphabet";
	case USCC_BAD_DIVISION:
		return "uscc-division";
	case USCC_BAD_OUTER_CHECK:
		return "uscc-outer-check";
	case USCC_BAD_INNER_CHECK:
		return "uscc-inner-check";
	}
	return "";
}

/* A wrong credit code is kept and remarked: it may still be the only name a record has. */
static void read_uscc(struct cell_reading *reading, const char *folded)
{
	struct uscc code;

	uscc_read(folded, strlen(folded), &code);
	reading->answer->code = uscc_remark(code.reason);
	if (strlen(code.text) + 4 < sizeof(code.text))
		give_text(reading, code.text, strlen(code.text));
	else
		give_text(reading, folded, strlen(folded));
}

static void read_currency(struct cell_reading *reading, const char *folded)
{
	const char *known = value_word_find("", "currency", folded, strlen(folded));
	char code[4];

	if (known) {
		cell_give_static(reading, known);
		return;
	}
	if (strlen(folded) != 3) {
		cell_refuse(reading, "currency-unknown");
		return;
	}
	for (size_t i = 0; i < 3; i++)
		code[i] = folded[i] >= 'a' && folded[i] <= 'z' ? (char)(folded[i] - 'a' + 'A')
							       : folded[i];
	code[3] = '\0';
	if (strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
		cell_refuse(reading, "currency-unknown");
	else
		give_text(reading, code, 3);
}

/* What a spreadsheet shows of a long number, and saves as text: 1.1E+17. */
static bool is_scientific(const char *text)
{
	size_t at = strspn(text, "0123456789");

	if (at == 0)
		return false;
	if (text[at] == '.')
		at += 1 + strspn(text + at + 1, "0123456789");
	if ((text[at] != 'E' && text[at] != 'e') || text[at + 1] != '+')
		return false;
	size_t power = strspn(text + at + 2, "0123456789");
	return power > 0 && text[at + 2 + power] == '\0';
}

static void read_code(struct cell_reading *reading)
{
	static const char *const blanks[] = { "-", "--", "—", "/", "无", NULL };
	char folded[FOLD_MAX];

	if (!value_fold(reading->cell->text, reading->cell->length, folded, sizeof(folded)) ||
		strlen(folded) > CODE_MAX) {
		cell_refuse(reading, "code-too-long");
		return;
	}
	size_t digits = strspn(folded, "0123456789");
	if (is_scientific(folded) ||
		(reading->cell->number && (digits > STORED_DIGITS || folded[digits] != '\0'))) {
		cell_refuse(reading, "code-digits-lost");
		return;
	}
	if (*folded == '\0' || value_one_of(folded, blanks))
		cell_nothing(reading, *folded == '\0' ? "empty" : "not-applicable");
	else if (cell_is_column(reading, "currency"))
		read_currency(reading, folded);
	else if (reading->rule->column->csv && value_ends_with(reading->rule->column->csv,
						       strlen(reading->rule->column->csv), "uscc"))
		read_uscc(reading, folded);
	else
		give_text(reading, folded, strlen(folded));
}

static void read_date(struct cell_reading *reading)
{
	struct value_date date;
	struct value_date_rule rule = { .order = reading->rule->option->order,
		.pick = reading->rule->option->pick,
		.open_ok = reading->rule->column->flags & KIND_OPEN,
		.date1904 = reading->cell->date1904 };

	value_date_read(reading->cell->text, reading->cell->length, &rule, &date);
	reading->answer->state = date.state;
	reading->answer->code = date.code;
	if (date.state != VALUE_GIVEN)
		return;
	reading->value->null = false;
	reading->value->day = date.day;
}

static void read_month(struct cell_reading *reading)
{
	char month[8];

	if (value_month_read(reading->cell->text, reading->cell->length, month))
		give_text(reading, month, strlen(month));
	else
		cell_refuse(reading, "month-not-read");
}

static int amount_unit(const struct cell_rule *rule)
{
	switch (rule->unit) {
	case HEADER_UNIT_YUAN:
		return VALUE_UNIT_YUAN;
	case HEADER_UNIT_WAN:
		return VALUE_UNIT_WAN;
	case HEADER_UNIT_YI:
		return VALUE_UNIT_YI;
	case HEADER_UNIT_NONE:
	case HEADER_UNIT_PERCENT:
	case HEADER_UNIT_DAY:
	case HEADER_UNIT_WORKDAY:
	case HEADER_UNIT_PERSON:
		break;
	}
	if (rule->option->unit != VALUE_UNIT_NONE)
		return rule->option->unit;
	return rule->canonical_header ? VALUE_UNIT_YUAN : VALUE_UNIT_NONE;
}

static void read_fen(struct cell_reading *reading)
{
	struct value_money money;
	struct value_money_rule rule = { .column_unit = amount_unit(reading->rule),
		.negative_ok = reading->rule->column->flags & KIND_NEGATIVE,
		.number = reading->cell->number,
		.decimal_comma = reading->rule->option->decimal_comma,
		.currency = reading->currency };

	value_money_read(reading->cell->text, reading->cell->length, &rule, &money);
	reading->answer->state = money.state;
	reading->answer->code = money.code;
	if (money.state == VALUE_GIVEN)
		give_number(reading, money.fen);
}

/* Digits, signs and groups only, over the amount reader: value times 10^unit. NULL or a code of the amount reader. */
static const char *read_plain(
	struct cell_reading *reading, const char *folded, int unit, int64_t *ret)
{
	struct value_money number;
	struct value_money_rule rule = { .column_unit = unit,
		.negative_ok = true,
		.number = reading->cell->number,
		.decimal_comma = reading->rule->option->decimal_comma };
	const char *figures = reading->cell->number ? "0123456789.,+-Ee" : "0123456789.,+-";

	if (folded[strspn(folded, figures)] != '\0')
		return "amount-not-number";
	value_money_read(folded, strlen(folded), &rule, &number);
	if (number.state != VALUE_GIVEN)
		return number.code;
	*ret = number.fen;
	return NULL;
}

static int share_unit(const struct cell_rule *rule, bool percent_sign)
{
	if (percent_sign || rule->unit == HEADER_UNIT_PERCENT)
		return MAPPING_SHARE_PERCENT;
	if (rule->option->share != MAPPING_SHARE_NONE)
		return rule->option->share;
	return rule->canonical_header ? MAPPING_SHARE_PERCENT : MAPPING_SHARE_NONE;
}

static void read_share(struct cell_reading *reading)
{
	static const char *const blanks[] = { "-", "--", "—", "/", "无", "n/a", "不涉及", NULL };
	char folded[FOLD_MAX];
	int64_t ppm;

	if (!value_fold_word(reading->cell->text, reading->cell->length, folded, sizeof(folded))) {
		cell_refuse(reading, "share-not-number");
		return;
	}
	size_t length = strlen(folded);
	bool sign = length > 0 && folded[length - 1] == '%';
	if (sign)
		folded[length - 1] = '\0';
	int unit = share_unit(reading->rule, sign);
	if (value_one_of(folded, blanks)) {
		cell_nothing(reading, "not-applicable");
		return;
	}
	const char *code = unit == MAPPING_SHARE_NONE ? "share-unit-unknown"
						      : read_plain(reading, folded, unit, &ppm);
	if (!code && ppm < 0 && !(reading->rule->column->flags & KIND_NEGATIVE))
		code = "share-negative";
	if (!code)
		give_number(reading, ppm);
	else if (strcmp(code, "amount-too-precise") == 0)
		cell_refuse(reading, "share-too-precise");
	else if (strcmp(code, "amount-out-of-range") == 0)
		cell_refuse(reading, "share-out-of-range");
	else
		cell_refuse(reading, strncmp(code, "share", 5) == 0 ? code : "share-not-number");
}

static void read_int(struct cell_reading *reading)
{
	static const char *const blanks[] = { "-", "--", "—", "/", "无", "n/a", "不涉及", NULL };
	static const char *const tails[] = { "人", "天", "日", "年度", "年", NULL };
	char folded[FOLD_MAX];
	int64_t number = 0;

	if (!value_fold_word(reading->cell->text, reading->cell->length, folded, sizeof(folded))) {
		cell_refuse(reading, "int-not-number");
		return;
	}
	if (value_one_of(folded, blanks)) {
		cell_nothing(reading, "not-applicable");
		return;
	}
	/* 30工作日 is not a number of days: only words that change nothing are taken off */
	for (size_t i = 0; tails[i]; i++) {
		size_t length = strlen(folded), tail = strlen(tails[i]);
		if (length > tail && value_ends_with(folded, length, tails[i])) {
			folded[length - tail] = '\0';
			break;
		}
	}
	const char *code = read_plain(reading, folded, 0, &number);
	if (code)
		cell_refuse(reading, strcmp(code, "amount-out-of-range") == 0 ? "int-out-of-range"
									      : "int-not-number");
	else if (number < 0)
		cell_refuse(reading, "int-negative");
	else if ((reading->rule->column->flags & KIND_INT32) && number > INT32_MAX)
		cell_refuse(reading, "int-out-of-range");
	else
		give_number(reading, number);
}

static void read_bool(struct cell_reading *reading)
{
	switch (value_bool_read(reading->cell->text, reading->cell->length)) {
	case VALUE_BOOL_YES:
		give_number(reading, 1);
		break;
	case VALUE_BOOL_NO:
		give_number(reading, 0);
		break;
	case VALUE_BOOL_UNKNOWN:
		cell_nothing(reading, "not-stated");
		break;
	case VALUE_BOOL_REFUSED:
		cell_refuse(reading, "bool-unknown");
		break;
	}
}

static void read_typed(struct cell_reading *reading)
{
	switch (reading->rule->column->type) {
	case KIND_TEXT:
		read_text(reading);
		break;
	case KIND_CODE:
		read_code(reading);
		break;
	case KIND_WORD:
		cell_read_word(reading);
		break;
	case KIND_DATE:
		read_date(reading);
		break;
	case KIND_MONTH:
		read_month(reading);
		break;
	case KIND_FEN:
		read_fen(reading);
		break;
	case KIND_PPM:
		read_share(reading);
		break;
	case KIND_INT:
		read_int(reading);
		break;
	case KIND_BOOL:
		read_bool(reading);
		break;
	}
}

void cell_read_free(const struct cell_rule *rule, const struct frame_cell *cell,
	const char *currency, struct buf *room, struct kind_value *ret, struct cell_answer *answer)
{
	struct cell_reading reading = { rule, cell, currency, room, ret, answer };
	struct frame_row alone = { .cell = cell, .count = 1 };

	*answer = (struct cell_answer){ .state = VALUE_GIVEN, .code = "" };
	if (frame_row_is_blank(&alone))
		cell_nothing(&reading, "empty");
	else if (!read_mapped(&reading))
		read_typed(&reading);
}
