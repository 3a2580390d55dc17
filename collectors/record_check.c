#include "collectors/record_check.h"

#include <string.h>

static bool given(const struct kind_column *column, const struct kind_value *value)
{
	switch (column->type) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_WORD:
	case KIND_MONTH:
		return value->length > 0;
	case KIND_DATE:
		return !value->null && value->day != DAY_NONE;
	default:
		return !value->null;
	}
}

static bool fault(struct record_fault *ret, const struct kind_column *column, const char *code,
	const char *reason)
{
	*ret = (struct record_fault){ column, code, reason };
	return false;
}

static bool too_large(const struct kind_column *column, int64_t number)
{
	int64_t limit = column->type == KIND_FEN   ? RECORD_FEN_MAX
			: column->type == KIND_PPM ? RECORD_PPM_MAX
						   : INT64_MAX;

	if (column->flags & KIND_INT32)
		return number > INT32_MAX || number < INT32_MIN;
	return number > limit || number < -limit;
}

static bool check_value(
	const struct kind_column *column, const struct kind_value *value, struct record_fault *ret)
{
	if (!given(column, value)) {
		if (column->flags & KIND_REQUIRED)
			return fault(ret, column, "value-missing", "this value must be given");
		return true;
	}
	if (column->type == KIND_CODE && value->length > RECORD_CODE_MAX)
		return fault(ret, column, "code-too-long", "a code has at most 512 bytes");
	if (column->type != KIND_FEN && column->type != KIND_PPM && column->type != KIND_INT)
		return true;
	if (value->number < 0 && !(column->flags & KIND_NEGATIVE))
		return fault(ret, column, "amount-negative", "this value cannot be below zero");
	if (too_large(column, value->number))
		return column->type == KIND_FEN
			       ? fault(ret, column, "amount-out-of-range",
					 "no amount is that large: another column's number?")
			       : fault(ret, column, "number-out-of-range",
					 "this number is too large");
	return true;
}

/* G-41: money that came back must say which payment it belongs to. */
static bool check_payment(const struct kind_row *row, struct record_fault *ret)
{
	static int amount = -1, reverses = -1;

	if (amount < 0) {
		reverses = kind_column_find(row->kind, "reverses_voucher_no");
		amount = kind_column_find(row->kind, "amount_fen");
	}
	if (row->value[amount].null || row->value[amount].number >= 0 ||
		row->value[reverses].length > 0)
		return true;
	return fault(ret, &row->kind->columns[amount], "reversal-without-voucher",
		"a negative payment must name the voucher it reverses (G-41)");
}

bool record_check(const struct kind_row *row, struct record_fault *ret)
{
	for (int i = 0; i < row->kind->count; i++) {
		if (!check_value(&row->kind->columns[i], &row->value[i], ret))
			return false;
	}
	return strcmp(row->kind->name, "payment") != 0 || check_payment(row, ret);
}
