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

/* A register entry that may pass. */
static void start_entry(const char *name, const char *value_text)
{
	start("register_entry");
	set_text("entry_no", "D-1");
	set_text("register", name);
	set_text("value", value_text);
	set_text("reason", "只有一家");
	set_text("approver", "王芳");
	set_text("recorded_by", "李明");
	*value("valid_from") = (struct kind_value){ .day = 100 };
}

static void set_project(void)
{
	set_number("fiscal_year", 2026);
	set_text("unit_code", "001001");
	set_text("project_code", "A");
}

static void expect_good(void)
{
	struct record_fault fault;

	cr_expect(record_check(&row, &fault), "%s", row.value[9].text);
}

Test(record_check, an_entry_of_a_register_needs_approver_reason_and_first_day)
{
	static const char *const needed[] = { "approver", "reason", "recorded_by", "value" };

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		start_entry("deemed", "prison");
		set_text("supplier_uscc", "S");
		expect_good();
		set_text(needed[i], "");
		expect_fault(needed[i], "value-missing");
	}
	start_entry("deemed", "prison");
	set_text("supplier_uscc", "S");
	*value("valid_from") = (struct kind_value){ .null = true, .day = DAY_NONE };
	expect_fault("valid_from", "value-missing");
}

Test(record_check, q8_an_exemption_names_a_project_and_one_of_five_circumstances)
{
	start_entry("exemption", "3");
	expect_fault("project_code", "register-subject");
	set_project();
	expect_good();
	set_text("supplier_uscc", "S");
	expect_fault("project_code", "register-subject");
	start_entry("exemption", "6");
	set_project();
	expect_fault("value", "register-value");
}

Test(record_check, q13_q14_an_entry_about_a_supplier_names_him_or_one_contract)
{
	start_entry("size", "S");
	expect_fault("supplier_uscc", "register-subject");
	set_text("supplier_uscc", "S");
	expect_good();
	set_text("contract_no", "C");
	expect_fault("supplier_uscc", "register-subject");
	set_text("supplier_uscc", "");
	expect_good();
	set_text("value", "small");
	expect_fault("value", "register-value");
	start_entry("deemed", "L");
	set_text("supplier_uscc", "S");
	expect_fault("value", "register-value");
}

Test(record_check, q7_a_correction_names_a_field_that_can_be_corrected_and_a_value_it_can_have)
{
	static const char *const shares[] = { "0", "30", "100", "33.3", "0.0001" };
	static const char *const none[] = { "", "1000", "100.5", "33.", ".5", "33.33333", "-1",
		"a" };

	start_entry("correction", "30");
	expect_fault("contract_no", "register-subject");
	set_text("contract_no", "C");
	expect_fault("field", "register-field");
	set_text("field", "sme_share_percent");
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		set_text("value", shares[i]);
		expect_good();
	}
	for (size_t i = 1; i < sizeof(none) / sizeof(none[0]); i++) {
		set_text("value", none[i]);
		expect_fault("value", "register-value");
	}
	set_text("field", "amount_yuan");
	expect_fault("field", "register-field");
	set_text("field", "reserve_form");
	set_text("value", "consortium");
	expect_good();
	start_entry("correction", "small_micro");
	set_project();
	set_text("field", "reserved_for");
	expect_good();
	set_text("field", "declared_size"); /* no field of a budget row */
	expect_fault("field", "register-field");
}

Test(record_check, an_entry_ends_after_it_begins_and_a_withdrawal_says_who_and_why)
{
	start_entry("size", "S");
	set_text("supplier_uscc", "S");
	*value("valid_to") = (struct kind_value){ .day = 99 };
	expect_fault("valid_to", "register-validity");
	*value("valid_to") = (struct kind_value){ .day = 100 };
	expect_good();
	*value("withdrawn_on") = (struct kind_value){ .day = 120 };
	expect_fault("withdrawn_by", "register-withdrawal");
	set_text("withdrawn_by", "王芳");
	expect_fault("withdrawn_by", "register-withdrawal");
	set_text("withdrawn_reason", "错误");
	expect_good();
}
