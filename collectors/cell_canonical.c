#include "collectors/cell.h"

#include <string.h>

#include "core/text.h"

enum { CODE_MAX = 256, MONTH_LENGTH = 7 };

void cell_default(const struct kind_column *column, struct kind_value *ret)
{
	*ret = (struct kind_value){ .null = true, .day = DAY_NONE, .text = "" };
	switch (column->type) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_WORD:
	case KIND_MONTH:
		ret->null = false;
		break;
	case KIND_DATE:
	case KIND_FEN:
	case KIND_PPM:
	case KIND_INT:
	case KIND_BOOL:
		break;
	}
}

static const char *give_text(const char *text, size_t length, struct kind_value *ret)
{
	*ret = (struct kind_value){ .day = DAY_NONE, .text = text, .length = length };
	return NULL;
}

static const char *give_number(int64_t number, struct kind_value *ret)
{
	*ret = (struct kind_value){ .number = number, .day = DAY_NONE, .text = "" };
	return NULL;
}

static const char *read_word(
	const struct kind_column *column, const struct frame_cell *cell, struct kind_value *ret)
{
	for (size_t i = 0; column->words[i]; i++) {
		if (strcmp(column->words[i], cell->text) == 0)
			return give_text(column->words[i], cell->length, ret);
	}
	return "word-unknown";
}

static const char *read_date(const struct frame_cell *cell, struct kind_value *ret)
{
	day_t day;

	if (!day_parse(cell->text, cell->length, &day))
		return cell->length == 10 && cell->text[4] == '-' && cell->text[7] == '-'
			       ? "date-impossible"
			       : "date-not-iso";
	*ret = (struct kind_value){ .day = day, .text = "" };
	return NULL;
}

static const char *read_month(const struct frame_cell *cell, struct kind_value *ret)
{
	char first[MONTH_LENGTH + 4];
	day_t day;

	if (cell->length != MONTH_LENGTH)
		return "month-not-read";
	memcpy(first, cell->text, MONTH_LENGTH);
	memcpy(first + MONTH_LENGTH, "-01", 4);
	return day_parse(first, MONTH_LENGTH + 3, &day) ? give_text(cell->text, cell->length, ret)
							: "month-not-read";
}

static const char *read_fen(
	const struct kind_column *column, const struct frame_cell *cell, struct kind_value *ret)
{
	fen_t fen;
	enum money_parse answer = money_parse(cell->text, cell->length, &fen);

	if (answer != MONEY_PARSE_OK)
		return money_parse_name(answer);
	return fen < 0 && !(column->flags & KIND_NEGATIVE) ? "amount-negative"
							   : give_number(fen, ret);
}

static const char *read_share(
	const struct kind_column *column, const struct frame_cell *cell, struct kind_value *ret)
{
	int64_t ppm;

	switch (money_parse_percent(cell->text, cell->length, &ppm)) {
	case MONEY_PARSE_OK:
		return ppm < 0 && !(column->flags & KIND_NEGATIVE) ? "share-negative"
								   : give_number(ppm, ret);
	case MONEY_PARSE_NOT_NUMBER:
		return "share-not-number";
	case MONEY_PARSE_TOO_PRECISE:
		return "share-too-precise";
	case MONEY_PARSE_OUT_OF_RANGE:
		return "share-out-of-range";
	}
	return "share-not-number";
}

static const char *read_int(
	const struct kind_column *column, const struct frame_cell *cell, struct kind_value *ret)
{
	int64_t number;

	if (!text_to_int64(cell->text, &number))
		return "int-not-number";
	if ((column->flags & KIND_INT32) && (number > INT32_MAX || number < INT32_MIN))
		return "int-out-of-range";
	return give_number(number, ret);
}

static const char *read_bool(const struct frame_cell *cell, struct kind_value *ret)
{
	if (cell->length != 1 || (cell->text[0] != '0' && cell->text[0] != '1'))
		return "bool-unknown";
	return give_number(cell->text[0] == '1', ret);
}

static const char *read_value(
	const struct kind_column *column, const struct frame_cell *cell, struct kind_value *ret)
{
	switch (column->type) {
	case KIND_TEXT:
		return give_text(cell->text, cell->length, ret);
	case KIND_CODE:
		return cell->length > CODE_MAX ? "code-too-long"
					       : give_text(cell->text, cell->length, ret);
	case KIND_WORD:
		return read_word(column, cell, ret);
	case KIND_DATE:
		return read_date(cell, ret);
	case KIND_MONTH:
		return read_month(cell, ret);
	case KIND_FEN:
		return read_fen(column, cell, ret);
	case KIND_PPM:
		return read_share(column, cell, ret);
	case KIND_INT:
		return read_int(column, cell, ret);
	case KIND_BOOL:
		return read_bool(cell, ret);
	}
	return "word-unknown";
}

const char *cell_read_canonical(
	const struct kind_column *column, const struct frame_cell *cell, struct kind_value *ret)
{
	if (cell->length > 0 && cell->text)
		return read_value(column, cell, ret);
	cell_default(column, ret);
	if (!column->fallback)
		return NULL;
	struct frame_cell fallback = { .text = column->fallback,
		.length = strlen(column->fallback) };
	return read_value(column, &fallback, ret);
}
