#include "collectors/value_money.h"

#include <string.h>

#include <criterion/criterion.h>

#include "lib/golden.h"

static struct value_money read_with(const char *text, struct value_money_rule rule)
{
	struct value_money value;
	value_money_read(text, strlen(text), &rule, &value);
	return value;
}

static struct value_money read_yuan(const char *text)
{
	return read_with(text,
		(struct value_money_rule){ .column_unit = VALUE_UNIT_YUAN, .negative_ok = true });
}

static void expect_code(const char *text, const char *code)
{
	struct value_money value = read_yuan(text);
	cr_expect_eq(value.state, VALUE_REFUSED, "%s", text);
	cr_expect_str_eq(value.code, code, "%s: %s", text, value.code);
}

static void expect_fen(const char *text, fen_t fen)
{
	struct value_money value = read_yuan(text);
	cr_expect_eq(value.state, VALUE_GIVEN, "%s: %s", text, value.code);
	cr_expect_eq(value.fen, fen, "%s: %lld", text, (long long)value.fen);
}

Test(value_money, every_golden_row_holds)
{
	struct golden *golden = golden_open("money_text.csv");
	cr_assert_geq(golden_rows(golden), 124);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		const char *unit = golden_cell(golden, i, "column_unit");
		const char *fen = golden_cell(golden, i, "expected_fen");
		struct value_money_rule rule = {
			.column_unit = strcmp(unit, "yuan") == 0  ? VALUE_UNIT_YUAN
				       : strcmp(unit, "wan") == 0 ? VALUE_UNIT_WAN
								  : VALUE_UNIT_NONE,
			.negative_ok = golden_cell(golden, i, "negative_ok")[0] == '1',
			.number = strcmp(golden_cell(golden, i, "cell"), "number") == 0,
		};
		struct value_money value = read_with(golden_cell(golden, i, "text"), rule);
		cr_expect_str_eq(value.code, golden_cell(golden, i, "expected_code"), "%s %s", id,
			value.code);
		cr_expect_eq(value.state == VALUE_GIVEN, fen[0] != '\0', "%s", id);
		if (fen[0] != '\0')
			cr_expect_eq(value.fen, strtoll(fen, NULL, 10), "%s %lld", id,
				(long long)value.fen);
	}
	golden_free(golden);
}

Test(value_money, numerals_follow_the_strict_grammar)
{
	expect_fen("零元整", 0);
	expect_fen("伍角", 50);
	expect_fen("人民币捌分", 8);
	expect_fen("壹万零贰佰元", 1020000);
	expect_fen("玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分", 9999999999);
	expect_fen("三十一万五千元", 31500000);
	expect_fen("壹万亿元整", 100000000000000);
	expect_code("一百二元", "amount-not-number");
	expect_code("一万二元", "amount-not-number");
	expect_code("壹贰叁元", "amount-not-number");
	expect_code("拾佰元", "amount-not-number");
	expect_code("壹元捌分玖角", "amount-not-number");
	expect_code("壹万万元", "amount-not-number");
	expect_code("壹亿亿元", "amount-not-number");
}

Test(value_money, joined_figures_never_become_one_number)
{
	expect_code("1000 2000", "amount-multiple");
	expect_code("1000¥2000", "amount-multiple");
	expect_code("1000\n2000", "amount-multiple");
	expect_code("1000元，2000元", "amount-multiple");
	expect_code("1000+2000", "amount-multiple");
	expect_code("1000②", "amount-not-number");
	expect_code("1000²", "amount-not-number");
}

Test(value_money, two_readings_must_agree)
{
	expect_fen("12万元（大写：壹拾贰万元整）", 12000000);
	expect_code("12万元(含税)", "amount-not-number");
	struct value_money value = read_with("伍拾玖万元整(¥590000.00)",
		(struct value_money_rule){ .column_unit = VALUE_UNIT_WAN });
	cr_expect_eq(value.fen, 59000000);
}

Test(value_money, configured_currency_is_read_and_others_are_not)
{
	struct value_money_rule euro = { .column_unit = VALUE_UNIT_YUAN, .currency = "EUR" };
	cr_expect_eq(read_with("€ 1,135,550.25", euro).fen, 113555025);
	cr_expect_eq(read_with("100万欧元", euro).fen, 100000000);
	cr_expect_str_eq(read_with("¥ 1", euro).code, "currency");
	cr_expect_str_eq(read_with("1元", euro).code, "currency");
	cr_expect_str_eq(read_with("£1", euro).code, "currency");
	cr_expect_str_eq(read_with("55.700.00", euro).code, "amount-grouping");
	cr_expect_str_eq(read_with("N/A", euro).code, "not-applicable");
}

Test(value_money, decimal_comma_is_configuration)
{
	struct value_money_rule comma = { .column_unit = VALUE_UNIT_YUAN, .decimal_comma = true };
	cr_expect_eq(read_with("1.234,56", comma).fen, 123456);
	cr_expect_str_eq(read_with("1,234.56", comma).code, "amount-grouping");
}

Test(value_money, extremes_are_refused_and_not_wrapped)
{
	expect_code("9223372036854775808亿元", "amount-out-of-range");
	expect_code("0.00000000000000000000000000000000000000000001", "amount-too-precise");
	expect_code("123456789012345678901234567890123456789012345", "amount-out-of-range");
	expect_fen("0000000000000000000000000000000000000000000000000000000000001", 100);
	struct value_money_rule cell = { .column_unit = VALUE_UNIT_YUAN, .number = true };
	cr_expect_str_eq(read_with("1E400", cell).code, "amount-out-of-range");
	cr_expect_str_eq(read_with("1E-400", cell).code, "amount-too-precise");
	cr_expect_str_eq(read_with("1E99999999999999999999", cell).code, "amount-out-of-range");
	cr_expect_eq(read_with("0E99999999999999999999", cell).fen, 0);
}
