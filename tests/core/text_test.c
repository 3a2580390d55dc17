#include "core/text.h"

#include <criterion/criterion.h>

Test(text, invalid_utf8_is_found_at_its_offset)
{
	static const struct {
		const char *bytes;
		size_t count, at;
	} bad[] = { { "abcdefgh\xff", 9, 8 }, { "a\xc0\xaf", 3, 1 }, { "\xed\xa0\x80", 3, 0 },
		{ "\xf4\x90\x80\x80", 4, 0 }, { "ab\0c", 4, 2 }, { "\xe4\xb8", 2, 0 },
		{ "\xe0\x80\x80", 3, 0 }, { "1234567\0", 8, 7 } };
	size_t at;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		at = 99;
		cr_expect_not(text_utf8_valid(bad[i].bytes, bad[i].count, &at), "%zu", i);
		cr_expect_eq(at, bad[i].at, "%zu: %zu", i, at);
	}
	cr_assert(text_utf8_valid("采购预算abcdefgh\xf0\x9f\x98\x80", 24, NULL));
}

Test(text, a_cut_never_splits_a_character_or_a_cluster)
{
	const char *text = "e\xcc\x81x"; /* e + combining acute, x */

	cr_assert_eq(text_cut(text, 4, 1), 0);
	cr_assert_eq(text_cut(text, 4, 2), 0);
	cr_assert_eq(text_cut(text, 4, 3), 3);
	cr_assert_eq(text_cut("采购", 6, 5), 3);
	cr_assert_eq(text_cut("采购", 6, 6), 6);
	cr_assert_eq(text_cut("采购", 6, 2), 0);
	cr_assert_eq(text_cut("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9!", 12, 8), 0);
}

Test(text, partial_sequences_at_the_end_are_removed)
{
	char a[] = "ab\xe4\xb8", b[] = "采", c[] = "x\xf0", d[] = "";

	text_trim_partial(a);
	text_trim_partial(b);
	text_trim_partial(c);
	text_trim_partial(d);
	cr_assert_str_eq(a, "ab");
	cr_assert_str_eq(b, "采");
	cr_assert_str_eq(c, "x");
	cr_assert_str_eq(d, "");
}

Test(text, control_bytes_are_escaped_within_the_room)
{
	char room[8];

	cr_assert_eq(text_escape_control("a\nb", room, sizeof(room)), 6);
	cr_assert_str_eq(room, "a\\x0Ab");
	cr_assert_eq(text_escape_control("采采采", room, sizeof(room)), 6);
	cr_assert_str_eq(room, "采采");
}

Test(text, trims_every_kind_of_blank_and_normalises_width)
{
	char text[] = "\xef\xbb\xbf \xe3\x80\x80金额\xc2\xa0\xe2\x80\x8b";
	char *narrow = text_nfkc("（１２）", strlen("（１２）"));

	cr_assert_str_eq(text_trim(text), "金额");
	cr_assert_str_eq(narrow, "(12)");
	free(narrow);
	cr_assert_null(text_nfkc("\xff", 1));
}

Test(text, integers_are_read_whole_or_not_at_all)
{
	int64_t value = 3;

	cr_assert(text_to_int64("-42", &value) && value == -42);
	cr_assert_not(text_to_int64("4 2", &value));
	cr_assert_not(text_to_int64("", &value));
	cr_assert_not(text_to_int64("+1", &value));
	cr_assert_not(text_to_int64("9223372036854775808", &value));
	cr_assert_eq(value, -42);
}
