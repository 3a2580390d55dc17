#include "sql/copy_binary.h"

#include <criterion/criterion.h>
#include <string.h>

static struct copy_bytes out;

static void expect(const char *expected, size_t count)
{
	cr_assert_eq(out.used, count);
	cr_assert_arr_eq(out.data, expected, out.used);
	copy_bytes_free(&out);
}
#define EXPECT(literal) expect(literal, sizeof(literal) - 1)

Test(copy_binary, a_stream_begins_with_the_signature_no_flags_and_no_extension)
{
	copy_binary_head(&out);
	EXPECT("PGCOPY\n\377\r\n\0"
	       "\0\0\0\0"
	       "\0\0\0\0");
}

Test(copy_binary, a_row_says_how_many_fields_and_each_field_how_many_bytes)
{
	copy_binary_row(&out, 3);
	copy_binary_text(&out, "北\t", 4);
	copy_binary_text(&out, "", 0);
	copy_binary_null(&out);
	EXPECT("\0\3"
	       "\0\0\0\4"
	       "北\t"
	       "\0\0\0\0"
	       "\377\377\377\377");
}

Test(copy_binary, numbers_have_the_width_of_their_column_and_the_order_of_the_network)
{
	copy_binary_int16(&out, -2);
	copy_binary_int32(&out, 258);
	copy_binary_int64(&out, INT64_MIN);
	EXPECT("\0\0\0\2"
	       "\377\376"
	       "\0\0\0\4"
	       "\0\0\1\2"
	       "\0\0\0\10"
	       "\200\0\0\0\0\0\0\0");
}

Test(copy_binary, days_count_from_2000_and_documents_carry_their_version)
{
	day_t day;

	cr_assert(day_parse("2000-01-02", 10, &day));
	copy_binary_day(&out, day);
	copy_binary_day(&out, DAY_NONE);
	copy_binary_json(&out, "{}", 2);
	EXPECT("\0\0\0\4"
	       "\0\0\0\1"
	       "\377\377\377\377"
	       "\0\0\0\3"
	       "\1{}");
}

Test(copy_binary, values_by_the_type_of_their_column)
{
	struct kind_column narrow = { .type = KIND_INT, .flags = KIND_INT32 },
			   wide = { .type = KIND_FEN }, flag = { .type = KIND_BOOL };
	struct kind_value five = { .number = 5 }, none = { .null = true };
	struct kind_hash hash = { { 1, [15] = 2 } };

	copy_binary_value(&out, &narrow, &five);
	copy_binary_value(&out, &wide, &none);
	copy_binary_value(&out, &flag, &five);
	copy_binary_hash(&out, &hash);
	copy_binary_hash(&out, NULL);
	EXPECT("\0\0\0\4"
	       "\0\0\0\5"
	       "\377\377\377\377"
	       "\0\0\0\1"
	       "\1"
	       "\0\0\0\20"
	       "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
	       "\377\377\377\377");
}

Test(copy_binary, a_numeric_is_digits_of_base_10000_with_their_weight_and_sign)
{
	copy_binary_numeric(&out, (wide_t)123456789012345678);
	copy_binary_numeric(&out, -10000);
	copy_binary_numeric(&out, 0);
	EXPECT("\0\0\0\22"
	       "\0\5\0\4\0\0\0\0"
	       "\0\14\15\200\36\322\4\322\26\56"
	       "\0\0\0\14"
	       "\0\2\0\1\100\0\0\0"
	       "\0\1\0\0"
	       "\0\0\0\10"
	       "\0\0\0\0\0\0\0\0");
}

Test(copy_binary, prints_and_lists_of_texts)
{
	static const char *const words[] = { "a", "北" };

	copy_binary_uuid(&out, "00ff00000000000000000000000000a1");
	copy_binary_texts(&out, words, 2);
	copy_binary_texts(&out, NULL, 0);
	EXPECT("\0\0\0\20"
	       "\0\377\0\0\0\0\0\0\0\0\0\0\0\0\0\241"
	       "\0\0\0\40"
	       "\0\0\0\1\0\0\0\0\0\0\0\31\0\0\0\2\0\0\0\1"
	       "\0\0\0\1"
	       "a"
	       "\0\0\0\3"
	       "北"
	       "\0\0\0\14"
	       "\0\0\0\0\0\0\0\0\0\0\0\31");
}
