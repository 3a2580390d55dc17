#include "core/money.h"

#include <criterion/criterion.h>

Test(money, overflow_is_refused_and_leaves_the_result_alone)
{
	fen_t value = 5;

	cr_assert_not(money_add(INT64_MAX, 1, &value));
	cr_assert_not(money_sub(INT64_MIN, 1, &value));
	cr_assert_not(money_mul(INT64_MAX / 2, 3, &value));
	cr_assert_not(money_scale(INT64_MAX, 3, 2, &value));
	cr_assert_not(money_scale_up(INT64_MAX, 2, 1, &value));
	cr_assert_eq(value, 5);
}

Test(money, shares_are_met_at_exact_equality_and_not_one_fen_below)
{
	cr_assert(money_share_met(40000000, 100000000, 400000));
	cr_assert_not(money_share_met(39999999, 100000000, 400000));
	cr_assert(money_share_met(INT64_MAX, INT64_MAX, 1000000));
	cr_assert_lt(money_ratio_compare(1, 3, 333334, 1000000), 0);
	cr_assert_eq(money_ratio_compare(2, 5, 400000, 1000000), 0);
}

Test(money, scaling_rounds_half_away_from_zero_once)
{
	fen_t value;

	cr_assert(money_scale(1, 1, 2, &value) && value == 1);
	cr_assert(money_scale(-1, 1, 2, &value) && value == -1);
	cr_assert(money_scale(1, 499999, 1000000, &value) && value == 0);
	cr_assert(money_scale(33333, 1, 3, &value) && value == 11111);
	cr_assert(money_scale_up(5, 2, 5, &value) && value == 2);
	cr_assert(money_scale_up(6, 2, 5, &value) && value == 3);
	cr_assert(money_scale_up(0, 2, 5, &value) && value == 0);
}

Test(money, prints_exactly)
{
	char room[MONEY_TEXT_MAX];

	cr_assert_str_eq(money_text(-5, room), "-0.05");
	cr_assert_str_eq(money_text(INT64_MIN, room), "-92233720368547758.08");
	cr_assert_str_eq(money_text_grouped(123456789, room), "1,234,567.89");
	cr_assert_str_eq(money_text_grouped(-99999, room), "-999.99");
	cr_assert_str_eq(money_text_grouped(100000, room), "1,000.00");
	cr_assert_str_eq(money_text_grouped(INT64_MIN, room), "-92,233,720,368,547,758.08");
	cr_assert_str_eq(money_text_wan(12345600, room), "12.3456");
	cr_assert_str_eq(money_text_wan(-1, room), "-0.000001");
	cr_assert_str_eq(money_text_wan(0, room), "0");
	cr_assert_str_eq(money_text_wan(10000000, room), "10");
}

static enum money_parse parse(const char *text, fen_t *ret)
{
	return money_parse(text, strlen(text), ret);
}

Test(money, reads_canonical_yuan_and_refuses_everything_else)
{
	static const char *const bad[] = { "", "-", ".5", "5.", "1,000", " 1", "1 ", "+1", "1e3",
		"0x10", "--1", "1.2.3", "１" };
	fen_t value = 7;

	cr_assert(parse("1234.5", &value) == MONEY_PARSE_OK && value == 123450);
	cr_assert(parse("-0.01", &value) == MONEY_PARSE_OK && value == -1);
	cr_assert(parse("1.5000", &value) == MONEY_PARSE_OK && value == 150);
	cr_assert(parse("92233720368547758.07", &value) == MONEY_PARSE_OK && value == INT64_MAX);
	cr_assert_eq(parse("92233720368547758.08", &value), MONEY_PARSE_OUT_OF_RANGE);
	cr_assert_eq(parse("99999999999999999999", &value), MONEY_PARSE_OUT_OF_RANGE);
	cr_assert_eq(parse("1.005", &value), MONEY_PARSE_TOO_PRECISE);
	cr_assert_eq(parse("1.00x", &value), MONEY_PARSE_NOT_NUMBER);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_eq(parse(bad[i], &value), MONEY_PARSE_NOT_NUMBER, "'%s'", bad[i]);
	cr_assert_eq(value, INT64_MAX);
	cr_assert(money_parse_percent("66.6667", 7, &value) == MONEY_PARSE_OK && value == 666667);
	cr_assert_eq(money_parse_percent("1.00001", 7, &value), MONEY_PARSE_TOO_PRECISE);
}
