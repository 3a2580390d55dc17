#include "checks/json_out.h"

#include "core/err.h"
#include "core/mem.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

Test(json_out, every_kind_of_value_reads_back)
{
	struct buf buf;
	struct json_out out;
	json_t *read;

	buf_init(&buf, 4096);
	json_out_init(&out, &buf, NULL, NULL);
	json_object_begin(&out, NULL);
	json_text(&out, "text", "引号\" 反斜\\ 行\n 制\x01 尾");
	json_int(&out, "number", INT64_MIN);
	json_bool(&out, "yes", true);
	json_null_value(&out, "nothing");
	json_day(&out, "day", 0);
	json_day(&out, "no_day", DAY_NONE);
	json_array_begin(&out, "list");
	json_array_begin(&out, NULL);
	json_array_end(&out);
	json_line(&out);
	json_int(&out, NULL, 7);
	json_array_end(&out);
	json_object_end(&out);
	cr_assert_eq(json_finish(&out), 0);
	read = json_loads(buf.data, 0, NULL);
	cr_assert_not_null(read, "%s", buf.data);
	cr_expect_str_eq(
		json_string_value(json_object_get(read, "text")), "引号\" 反斜\\ 行\n 制\x01 尾");
	cr_expect_eq(json_integer_value(json_object_get(read, "number")), INT64_MIN);
	cr_expect(json_is_true(json_object_get(read, "yes")));
	cr_expect(json_is_null(json_object_get(read, "nothing")));
	cr_expect_str_eq(json_string_value(json_object_get(read, "day")), "1970-01-01");
	cr_expect_str_eq(json_string_value(json_object_get(read, "no_day")), "");
	cr_expect_eq(json_array_size(json_object_get(read, "list")), 2);
	json_decref(read);
	buf_free(&buf);
}

Test(json_out, past_the_ceiling_it_fails_and_stays_failed)
{
	struct buf buf;
	struct json_out out;

	buf_init(&buf, 16);
	json_out_init(&out, &buf, NULL, NULL);
	json_array_begin(&out, NULL);
	json_text(&out, NULL, "longer than sixteen bytes");
	json_int(&out, NULL, 1);
	json_array_end(&out);
	cr_expect_eq(json_finish(&out), -1);
	buf_free(&buf);
}

static int count_bytes(void *arg, const char *bytes, size_t count)
{
	(void)bytes;
	*(size_t *)arg += count;
	return 0;
}

static int refuse(void *arg, const char *bytes, size_t count)
{
	(void)arg;
	(void)bytes;
	(void)count;
	return -1;
}

static void write_many(struct json_out *out)
{
	json_array_begin(out, NULL);
	for (int i = 0; i < 100000; i++)
		json_int(out, NULL, 1000000 + i);
	json_array_end(out);
}

Test(json_out, with_a_sink_a_long_document_needs_little_memory)
{
	struct buf buf;
	struct json_out out;
	size_t bytes = 0;

	buf_init(&buf, 128 * 1024);
	json_out_init(&out, &buf, count_bytes, &bytes);
	write_many(&out);
	cr_expect_eq(json_finish(&out), 0);
	cr_expect_eq(bytes, 2 + 100000 * 7 + 99999);
	buf_free(&buf);
}

Test(json_out, a_sink_that_refuses_fails_the_document)
{
	struct buf buf;
	struct json_out out;

	buf_init(&buf, 128 * 1024);
	json_out_init(&out, &buf, refuse, NULL);
	write_many(&out);
	cr_expect_eq(json_finish(&out), -1);
	buf_free(&buf);
}

Test(json_out, an_amount_past_the_range_is_noted)
{
	struct buf buf;
	struct json_out out;

	buf_init(&buf, 4096);
	json_out_init(&out, &buf, NULL, NULL);
	json_fen(&out, NULL, 1);
	cr_expect_not(out.out_of_range);
	json_fen(&out, NULL, MONEY_FEN_MAX);
	cr_expect(out.out_of_range);
	buf_free(&buf);
}
