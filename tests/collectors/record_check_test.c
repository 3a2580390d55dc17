#include "collectors/record_check.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/mem.h"

static struct kind_row row;

static struct kind_value *value(const char *column)
{
	return &row.value[kind_column_find(row.kind, column)];
}

static void set_text(const char *column, const char *text)
{
	*value(column) = (struct kind_value){ .text = text, .length = strlen(text) };
}

static void set_number(const char *column, int64_t number)
{
	*value(column) = (struct kind_value){ .number = number };
}

static void start(const char *kind)
{
	row = (struct kind_row){ .kind = kind_find(kind) };
	for (int i = 0; i < row.kind->count; i++)
		row.value[i] = (struct kind_value){ .null = true, .day = DAY_NONE, .text = "" };
}

static void start_payment(int64_t amount)
{
	start("payment");
	set_text("voucher_no", "V1");
	set_number("amount_fen", amount);
}

static void expect_fault(const char *column, const char *code)
{
	struct record_fault fault;

	cr_assert_not(record_check(&row, &fault));
	cr_assert_str_eq(fault.column->name, column);
	cr_assert_str_eq(fault.code, code);
}

Test(record_check, a_row_with_what_is_required_passes)
{
	struct record_fault fault;

	start_payment(100);
	cr_assert(record_check(&row, &fault));
}

Test(record_check, a_missing_required_value_is_named)
{
	start_payment(100);
	set_text("voucher_no", "");
	expect_fault("voucher_no", "value-missing");
	start("event");
	expect_fault("contract_no", "value-missing");
}

Test(record_check, g41_a_negative_payment_names_the_voucher_it_reverses)
{
	struct record_fault fault;

	start_payment(-1);
	expect_fault("amount_fen", "reversal-without-voucher");
	set_text("reverses_voucher_no", "V0");
	cr_assert(record_check(&row, &fault));
	start_payment(0);
	cr_assert(record_check(&row, &fault));
}

Test(record_check, an_amount_below_zero_passes_only_where_the_kind_says_so)
{
	struct record_fault fault;

	start("contract");
	set_text("contract_no", "C1");
	set_number("amount_fen", -1);
	expect_fault("amount_fen", "amount-negative");
	start("amendment");
	set_text("contract_no", "C1");
	set_number("amount_change_fen", -1);
	cr_assert(record_check(&row, &fault));
}

Test(record_check, numbers_and_codes_fit_their_columns)
{
	struct record_fault fault;
	char *code = mem_zero(RECORD_CODE_MAX + 2, 1);

	start("contract");
	memset(code, 'x', RECORD_CODE_MAX);
	set_text("contract_no", code);
	set_number("amount_fen", 1);
	set_number("agreed_term", INT32_MAX);
	cr_assert(record_check(&row, &fault));
	set_number("agreed_term", (int64_t)INT32_MAX + 1);
	expect_fault("agreed_term", "number-out-of-range");
	set_number("agreed_term", -1);
	expect_fault("agreed_term", "amount-negative");
	set_number("agreed_term", 1);
	code[RECORD_CODE_MAX] = 'x';
	set_text("contract_no", code);
	expect_fault("contract_no", "code-too-long");
	free(code);
}

Test(record_check, a_number_too_large_for_any_sum_is_refused)
{
	struct record_fault fault;

	start_payment(RECORD_FEN_MAX);
	cr_assert(record_check(&row, &fault));
	set_number("amount_fen", RECORD_FEN_MAX + 1);
	expect_fault("amount_fen", "amount-out-of-range");
	set_text("reverses_voucher_no", "V0");
	set_number("amount_fen", -RECORD_FEN_MAX);
	cr_assert(record_check(&row, &fault));
	set_number("amount_fen", INT64_MIN);
	expect_fault("amount_fen", "amount-out-of-range");
	start("contract");
	set_text("contract_no", "C1");
	set_number("amount_fen", 1);
	set_number("late_rate_ppm", RECORD_PPM_MAX + 1);
	expect_fault("late_rate_ppm", "number-out-of-range");
}
