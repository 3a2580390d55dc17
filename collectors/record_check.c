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

/* Register entries ------------------------------------------------------------------------------------------------- */

enum {
	ENTRY_REGISTER,
	ENTRY_YEAR,
	ENTRY_UNIT,
	ENTRY_PROJECT,
	ENTRY_SUPPLIER,
	ENTRY_CONTRACT,
	ENTRY_FIELD,
	ENTRY_VALUE,
	ENTRY_FROM,
	ENTRY_TO,
	ENTRY_WITHDRAWN,
	ENTRY_WITHDRAWN_BY,
	ENTRY_WITHDRAWN_REASON,
	ENTRY_COLUMNS
};

struct entry {
	const struct kind_row *row;
	int column[ENTRY_COLUMNS];
};

static struct entry entry_of(const struct kind_row *row)
{
	static const char *const names[ENTRY_COLUMNS] = { "register", "fiscal_year", "unit_code",
		"project_code", "supplier_uscc", "contract_no", "field", "value", "valid_from",
		"valid_to", "withdrawn_on", "withdrawn_by", "withdrawn_reason" };
	struct entry entry = { .row = row };

	for (int i = 0; i < ENTRY_COLUMNS; i++)
		entry.column[i] = kind_column_find(row->kind, names[i]);
	return entry;
}

static const struct kind_value *entry_value(const struct entry *entry, int which)
{
	return &entry->row->value[entry->column[which]];
}

static bool entry_given(const struct entry *entry, int which)
{
	return given(&entry->row->kind->columns[entry->column[which]], entry_value(entry, which));
}

static bool entry_is(const struct entry *entry, int which, const char *const *words)
{
	const struct kind_value *value = entry_value(entry, which);

	for (; *words; words++)
		if (value->length == strlen(*words) &&
			memcmp(value->text, *words, value->length) == 0)
			return true;
	return false;
}

#define ONE_OF(...) ((const char *const[]){ __VA_ARGS__, NULL })

static bool entry_fault(const struct entry *entry, int which, const char *code, const char *reason,
	struct record_fault *ret)
{
	return fault(ret, &entry->row->kind->columns[entry->column[which]], code, reason);
}

static bool is_digit(const struct kind_value *value, size_t at)
{
	return at < value->length && value->text[at] >= '0' && value->text[at] <= '9';
}

/* A percentage up to 100 with up to four decimals, as the profile writes it. */
static bool is_share(const struct kind_value *value)
{
	size_t at = 0, decimals = 0;
	int whole = 0;

	for (; is_digit(value, at) && at < 3; at++)
		whole = whole * 10 + value->text[at] - '0';
	if (at == 0 || whole > 100)
		return false;
	if (at == value->length)
		return true;
	for (at++; is_digit(value, at); at++)
		decimals++;
	return value->text[at - decimals - 1] == '.' && at == value->length && decimals >= 1 &&
	       decimals <= 4 && whole < 100;
}

static bool check_correction(const struct entry *entry, struct record_fault *ret)
{
	bool contract = entry_given(entry, ENTRY_CONTRACT);
	bool share, known;

	if (!contract && !(entry_given(entry, ENTRY_YEAR) && entry_given(entry, ENTRY_UNIT) &&
				 entry_given(entry, ENTRY_PROJECT)))
		return entry_fault(entry, ENTRY_CONTRACT, "register-subject",
			"a correction names a contract, or year, unit and project of a budget row",
			ret);
	share = contract ? entry_is(entry, ENTRY_FIELD,
				   ONE_OF("sme_share_percent", "small_micro_share_percent"))
			 : entry_is(entry, ENTRY_FIELD, ONE_OF("required_share_percent"));
	if (share)
		known = is_share(entry_value(entry, ENTRY_VALUE));
	else if (entry_is(entry, ENTRY_FIELD, ONE_OF("reserve_form")))
		known = entry_is(entry, ENTRY_VALUE,
			ONE_OF("none", "whole", "package", "consortium", "subcontract"));
	else if (contract && entry_is(entry, ENTRY_FIELD, ONE_OF("declared_size")))
		known = entry_is(entry, ENTRY_VALUE, ONE_OF("L", "M", "S", "X"));
	else if (!contract && entry_is(entry, ENTRY_FIELD, ONE_OF("reserved_for")))
		known = entry_is(entry, ENTRY_VALUE, ONE_OF("sme", "small_micro"));
	else
		return entry_fault(entry, ENTRY_FIELD, "register-field",
			"this field cannot be corrected by the register", ret);
	return known || entry_fault(entry, ENTRY_VALUE, "register-value",
				"the field cannot have this value", ret);
}

static bool check_of_supplier(
	const struct entry *entry, const char *const *words, struct record_fault *ret)
{
	if (entry_given(entry, ENTRY_SUPPLIER) == entry_given(entry, ENTRY_CONTRACT))
		return entry_fault(entry, ENTRY_SUPPLIER, "register-subject",
			"the entry names either a supplier or one contract", ret);
	return entry_is(entry, ENTRY_VALUE, words) ||
	       entry_fault(
		       entry, ENTRY_VALUE, "register-value", "not a value of this register", ret);
}

static bool check_exemption(const struct entry *entry, struct record_fault *ret)
{
	if (!entry_given(entry, ENTRY_YEAR) || !entry_given(entry, ENTRY_UNIT) ||
		!entry_given(entry, ENTRY_PROJECT) || entry_given(entry, ENTRY_SUPPLIER) ||
		entry_given(entry, ENTRY_CONTRACT))
		return entry_fault(entry, ENTRY_PROJECT, "register-subject",
			"an exemption names year, unit and project of a budget row, and no other",
			ret);
	return entry_is(entry, ENTRY_VALUE, ONE_OF("1", "2", "3", "4", "5")) ||
	       entry_fault(entry, ENTRY_VALUE, "register-value",
		       "an exemption has one of the circumstances 1 to 5 (Q-8)", ret);
}

static bool check_days(const struct entry *entry, struct record_fault *ret)
{
	if (entry_given(entry, ENTRY_TO) &&
		entry_value(entry, ENTRY_TO)->day < entry_value(entry, ENTRY_FROM)->day)
		return entry_fault(entry, ENTRY_TO, "register-validity",
			"the last day lies before the first", ret);
	if (entry_given(entry, ENTRY_WITHDRAWN) &&
		!(entry_given(entry, ENTRY_WITHDRAWN_BY) &&
			entry_given(entry, ENTRY_WITHDRAWN_REASON)))
		return entry_fault(entry, ENTRY_WITHDRAWN_BY, "register-withdrawal",
			"a withdrawal names who withdrew the entry, and why", ret);
	return true;
}

/* What the store's columns cannot say: which subject and value belong to which register (checks/register_book.h). */
static bool check_register_entry(const struct kind_row *row, struct record_fault *ret)
{
	struct entry entry = entry_of(row);
	bool good;

	if (entry_is(&entry, ENTRY_REGISTER, ONE_OF("exemption")))
		good = check_exemption(&entry, ret);
	else if (entry_is(&entry, ENTRY_REGISTER, ONE_OF("deemed")))
		good = check_of_supplier(&entry, ONE_OF("disabled_welfare", "prison"), ret);
	else if (entry_is(&entry, ENTRY_REGISTER, ONE_OF("size")))
		good = check_of_supplier(&entry, ONE_OF("L", "M", "S", "X"), ret);
	else
		good = check_correction(&entry, ret);
	return good && check_days(&entry, ret);
}

bool record_check(const struct kind_row *row, struct record_fault *ret)
{
	for (int i = 0; i < row->kind->count; i++) {
		if (!check_value(&row->kind->columns[i], &row->value[i], ret))
			return false;
	}
	if (strcmp(row->kind->name, "payment") == 0)
		return check_payment(row, ret);
	return strcmp(row->kind->name, "register_entry") != 0 || check_register_entry(row, ret);
}
