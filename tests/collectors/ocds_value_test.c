#include <criterion/criterion.h>

#include "collectors/ocds_value.h"

static const char *plain(const char *text)
{
	static char room[OCDS_NUMBER_MAX];

	return ocds_number_plain(text, strlen(text), room) ? room : "refused";
}

Test(ocds_value, numbers_lose_exponent_and_surplus_zeros_and_nothing_else)
{
	static const char *const cases[][2] = { { "93007", "93007" }, { "0", "0" },
		{ "-12.5", "-12.5" }, { "626953300.0", "626953300.0" }, { "1.100", "1.10" },
		{ "1.101", "1.101" }, { "1.5e3", "1500" }, { "15E2", "1500" }, { "0.5e3", "500" },
		{ "5e-1", "0.5" }, { "5e-3", "0.005" }, { "500e-5", "0.005" },
		{ "12345e-2", "123.45" }, { "1.25e+1", "12.5" }, { "0.05", "0.05" }, { "0e5", "0" },
		{ "1e31", "refused" }, { "1x", "refused" }, { "NaN", "refused" },
		{ "123456789012345678.91", "123456789012345678.91" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_expect_str_eq(
			plain(cases[i][0]), cases[i][1], "%s: %s", cases[i][0], plain(cases[i][0]));
}

static struct json_arena arena;

static struct json_node *member(
	struct json_node *parent, const char *key, enum json_type type, const char *text)
{
	struct json_node *node = json_node_new(&arena, type);

	json_node_text(&arena, node, text, strlen(text));
	json_node_key(&arena, node, key, strlen(key));
	json_node_add(parent, node);
	return node;
}

static const char *money(enum json_type type, const char *amount, bool negative_ok, fen_t *ret)
{
	struct json_node *value = json_node_new(&arena, JSON_OBJECT);
	const char *currency = NULL, *code = NULL;
	bool given = false;

	member(value, "amount", type, amount);
	member(value, "currency", JSON_TEXT, "GBP");
	code = ocds_money(value, negative_ok, &given, ret, &currency);
	cr_expect_str_eq(currency, "GBP");
	cr_expect_eq(given, code == NULL);
	return code ? code : "";
}

Test(ocds_value, amounts_are_exact_or_refused)
{
	const char *currency = NULL;
	bool given = true;
	fen_t fen = 0;

	json_arena_init(&arena, 1 << 20);
	cr_expect_str_eq(money(JSON_NUMBER, "93007", false, &fen), "");
	cr_expect_eq(fen, 9300700);
	cr_expect_str_eq(money(JSON_TEXT, "15890000000", false, &fen), "", "a number in quotes");
	cr_expect_eq(fen, 1589000000000);
	cr_expect_str_eq(money(JSON_NUMBER, "10.005", false, &fen), "amount-too-precise");
	cr_expect_str_eq(
		money(JSON_NUMBER, "93007.10000000001", false, &fen), "amount-too-precise");
	cr_expect_str_eq(
		money(JSON_NUMBER, "92233720368547758.08", false, &fen), "amount-out-of-range");
	cr_expect_str_eq(money(JSON_NUMBER, "-1", false, &fen), "amount-negative");
	cr_expect_str_eq(money(JSON_NUMBER, "-1", true, &fen), "");
	cr_expect_eq(fen, -100);
	cr_expect_str_eq(money(JSON_TEXT, "1,000", false, &fen), "amount-not-number");
	cr_expect_str_eq(money(JSON_BOOL, "true", false, &fen), "amount-not-number");
	cr_expect_null(ocds_money(NULL, false, &given, &fen, &currency), "no value is no fault");
	cr_expect_not(given);
	cr_expect_str_eq(currency, "XXX", "a missing currency must never become CNY");
	json_arena_free(&arena);
}

static const char *day(const char *text)
{
	static char room[DAY_TEXT_MAX];
	struct json_node node = {
		.type = JSON_TEXT, .text = text, .length = (uint32_t)strlen(text)
	};
	day_t value = DAY_NONE;
	const char *code = ocds_day(&node, &value);

	return code ? code : day_text(value, room);
}

Test(ocds_value, dates_move_to_shanghai_unless_they_are_midnight_as_written)
{
	day_t value = 0;

	cr_expect_str_eq(day("2024-12-22T00:00:00Z"), "2024-12-22");
	cr_expect_str_eq(day("2016-04-08T00:00:00-06:00"), "2016-04-08");
	cr_expect_str_eq(day("2026-03-01T16:00:00Z"), "2026-03-02");
	cr_expect_str_eq(day("2026-03-01T15:59:59Z"), "2026-03-01");
	cr_expect_str_eq(day("2025-04-23T23:59:59+01:00"), "2025-04-24");
	cr_expect_str_eq(day("2012-05-31T12:00:00Z"), "2012-05-31");
	cr_expect_str_eq(day("2026-02-30"), "date-impossible");
	cr_expect_null(ocds_day(NULL, &value));
	cr_expect_eq(value, DAY_NONE);
}

Test(ocds_value, instants_order_releases_across_offsets)
{
	cr_expect_eq(ocds_instant("1970-01-01T00:00:01Z"), 1000000);
	cr_expect_eq(ocds_instant("1970-01-01T00:00:00.5Z"), 500000);
	cr_expect_eq(ocds_instant("1970-01-01"), 0);
	cr_expect_eq(
		ocds_instant("2025-01-23T22:10:19Z"), ocds_instant("2025-01-24T06:10:19+08:00"));
	cr_expect_eq(
		ocds_instant("2025-01-23T22:10:19Z"), ocds_instant("2025-01-23T16:10:19-0600"));
	cr_expect_eq(
		ocds_instant("2020-01-01T00:00:00.0000009Z") - ocds_instant("2020-01-01T00:00Z"),
		0);
	cr_expect_lt(
		ocds_instant("2025-01-23T22:10:19+01:00"), ocds_instant("2025-01-23T22:10:19Z"));
	static const char *const bad[] = { "", "2025", "2025-13-01T00:00:00Z", "2025-01-01Tx",
		"2025-01-01T10:00:00Q", "2025-01-01T10:00:00+", "2025-01-01T10:00:00+08:00x" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_eq(ocds_instant(bad[i]), INT64_MIN, "%s", bad[i]);
}

Test(ocds_value, sme_is_a_class_of_its_own_and_other_words_none)
{
	cr_expect_str_eq(ocds_size_class("sme"), "SME");
	cr_expect_str_eq(ocds_size_class("micro"), "X");
	cr_expect_str_eq(ocds_size_class("LARGE"), "L");
	cr_expect_str_eq(ocds_size_class(""), "");
	cr_expect_str_eq(ocds_size_class("selfEmployed"), "");
}
