#include "sql/copy_text.h"

#include <criterion/criterion.h>
#include <string.h>

static struct copy_bytes out;

static void expect(const char *expected)
{
	cr_assert_eq(out.used, strlen(expected));
	cr_assert_arr_eq(out.data, expected, out.used);
	copy_bytes_free(&out);
}

Test(copy_text, every_byte_with_a_meaning_is_escaped)
{
	copy_text_field(&out, "a\tb\nc\rd\\e\b\f\v.", 13);
	copy_text_field(&out, "", 0);
	copy_text_field(&out, "\\N", 2);
	copy_text_field(&out, "北京\x01\x7f", 8);
	copy_text_end(&out);
	expect("a\\tb\\nc\\rd\\\\e\\b\\f\\v.\t\t\\\\N\t北京\x01\x7f\n");
}

Test(copy_text, numbers_of_every_size)
{
	copy_text_int(&out, 0);
	copy_text_int(&out, -7);
	copy_text_int(&out, INT64_MAX);
	copy_text_int(&out, INT64_MIN);
	copy_text_end(&out);
	expect("0\t-7\t9223372036854775807\t-9223372036854775808\n");
}

Test(copy_text, nulls_days_and_hashes)
{
	struct kind_hash hash = { { 0x00, 0x01, 0xab, [15] = 0xff } };
	day_t day;

	cr_assert(day_parse("2026-02-28", 10, &day));
	copy_text_null(&out);
	copy_text_day(&out, day);
	copy_text_day(&out, DAY_NONE);
	copy_text_hash(&out, &hash);
	copy_text_hash(&out, NULL);
	copy_text_end(&out);
	expect("\\N\t2026-02-28\t\\N\t0001ab000000000000000000000000ff\t\\N\n");
}

Test(copy_text, rows_grow_the_buffer_and_keep_their_order)
{
	for (int i = 0; i < 10000; i++) {
		copy_text_int(&out, i);
		copy_text_end(&out);
	}
	cr_assert_eq(out.used, 48890);
	cr_assert_arr_eq(out.data + out.used - 10, "9998\n9999\n", 10);
	copy_bytes_free(&out);
}
