#include "core/uscc.h"

#include <string.h>

#include <criterion/criterion.h>

#include "lib/golden.h"

static struct uscc read_text(const char *text)
{
	struct uscc code;
	uscc_read(text, strlen(text), &code);
	return code;
}

Test(uscc, every_golden_row_holds)
{
	struct golden *golden = golden_open("uscc.csv");
	cr_assert_geq(golden_rows(golden), 40);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		struct uscc code = read_text(golden_cell(golden, i, "input"));
		bool valid = strcmp(golden_cell(golden, i, "expected_valid"), "1") == 0;
		cr_expect_str_eq(
			code.text, golden_cell(golden, i, "expected_normalized"), "%s", id);
		cr_expect_str_eq(uscc_reason_name(code.reason),
			golden_cell(golden, i, "expected_reason"), "%s", id);
		cr_expect_eq(code.reason == USCC_OK, valid, "%s", id);
		cr_expect_str_eq(code.unknown_prefix ? "unknown-prefix" : "",
			golden_cell(golden, i, "expected_warning"), "%s", id);
	}
	golden_free(golden);
}

Test(uscc, prefix_gives_the_kind_of_body)
{
	cr_expect_eq(uscc_kind("11500233711629462C"), USCC_KIND_ORGAN);
	cr_expect_eq(uscc_kind("12100000400002259P"), USCC_KIND_INSTITUTION);
	cr_expect_eq(uscc_kind("916101116631787669"), USCC_KIND_ENTERPRISE);
	cr_expect_eq(uscc_kind("92141127MA0KD1Y64A"), USCC_KIND_INDIVIDUAL);
	cr_expect_eq(uscc_kind("21110102076543212F"), USCC_KIND_UNKNOWN);
	cr_expect_eq(uscc_kind(""), USCC_KIND_UNKNOWN);
	cr_expect_str_eq(uscc_kind_name(USCC_KIND_SOCIAL_ORGANISATION), "social_organisation");
}

Test(uscc, organisation_code_alone_has_its_own_check)
{
	cr_expect(uscc_org_code_valid("000014349"));
	cr_expect(uscc_org_code_valid("014032126"));
	cr_expect(uscc_org_code_valid("42500615X"));
	cr_expect_not(uscc_org_code_valid("014032127"));
	cr_expect_not(uscc_org_code_valid("01403"));
	cr_expect_not(uscc_org_code_valid("01403212x"));
}

Test(uscc, bytes_that_are_no_text_are_outside_the_alphabet)
{
	struct uscc code = read_text("1210000040000225\xffP");
	cr_expect_eq(code.reason, USCC_BAD_ALPHABET);
	uscc_read("1210000040000225\0P", 18, &code);
	cr_expect_eq(code.reason, USCC_BAD_ALPHABET);
}

Test(uscc, long_input_is_cut_between_characters)
{
	char text[3 * 100 + 1] = "";
	for (size_t i = 0; i < 100; i++)
		memcpy(text + 3 * i, "码", 4);
	struct uscc code = read_text(text);
	cr_expect_eq(code.reason, USCC_BAD_LENGTH);
	cr_expect_eq(strlen(code.text) % 3, 0);
	cr_expect_eq(strlen(code.text), 63);
}

Test(uscc, g60_the_first_test_that_fails_in_their_order_is_the_reason)
{
	cr_expect_eq(read_text("").reason, USCC_EMPTY);
	cr_expect_eq(read_text("9111010200000000I").reason, USCC_BAD_LENGTH, "also a wrong letter");
	cr_expect_eq(read_text("91I1010200000000I1").reason, USCC_BAD_ALPHABET, "also no division");
	cr_expect_eq(read_text("91AA0102000000000X").reason, USCC_BAD_DIVISION, "also no check");
	cr_expect_eq(read_text("121000004000022590").reason, USCC_BAD_OUTER_CHECK);
}
