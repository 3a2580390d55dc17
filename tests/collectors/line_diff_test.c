#include "collectors/line_diff.h"

#include <criterion/criterion.h>
#include <string.h>

#include "collectors/line_replay.h"
#include "core/buf.h"
#include "core/mem.h"

struct text {
	const char *bytes;
	size_t left, piece;
};

static struct err err;

static ssize_t read_text(void *arg, void *room, size_t size, struct err *ret_err)
{
	struct text *text = arg;
	size_t count = text->left < size ? text->left : size;

	(void)ret_err;
	count = count < text->piece ? count : text->piece;
	memcpy(room, text->bytes, count);
	text->bytes += count;
	text->left -= count;
	return (ssize_t)count;
}

/* "=2 -1 +1": so many records kept, gone, came, in order. */
static void expect(const char *old, const char *fresh, const char *expected)
{
	struct text a = { old, strlen(old), 7 }, b = { fresh, strlen(fresh), 5 };
	struct line_diff *diff = line_diff_new(read_text, &a, read_text, &b);
	struct line_run run;
	struct buf told, again;
	int status = 0;

	err = (struct err)ERR_INIT;
	buf_init(&told, 1 << 16);
	buf_init(&again, 8 << 20);
	while ((status = line_diff_next(diff, INT64_MAX, &run, &err)) > 0) {
		buf_format(
			&told, "%s%c%d", told.used ? " " : "", "=-+"[run.kind], (int)run.records);
		if (run.kind != LINE_GONE)
			buf_add(&again, run.bytes, run.length);
	}
	cr_assert_eq(status, 0, "%s", err.text);
	cr_assert_str_eq(told.data, expected);
	cr_assert_str_eq(again.data, fresh, "kept and came are not the new file");
	line_diff_free(diff);
	buf_free(&told);
	buf_free(&again);
}

Test(line_diff, equal_files_are_kept_whole_and_empty_ones_have_nothing)
{
	expect("a\nb\n", "a\nb\n", "=2");
	expect("", "", "");
	expect("", "a\n", "+1");
	expect("a\nb\n", "", "-2");
}

Test(line_diff, a_changed_a_new_and_a_vanished_record_are_told_apart)
{
	expect("a\nb\nc\n", "a\nB\nc\n", "=1 -1 +1 =1");
	expect("a\nc\n", "a\nb\nc\n", "=1 +1 =1");
	expect("a\nb\nc\n", "a\nc\n", "=1 -1 =1");
	expect("a\nb\n", "a\nb\nc\nd\n", "=2 +2");
}

Test(line_diff, a_line_end_inside_quotes_ends_no_record)
{
	expect("a\n\"b\nc\"\nd\n", "a\n\"b\nC\"\nd\n", "=1 -1 +1 =1");
	expect("x,\"1\"\"\n2\"\ny\n", "x,\"1\"\"\n2\"\ny\n", "=2");
}

Test(line_diff, what_a_parser_must_see_is_never_kept)
{
	expect("a\nb", "a\nb", "=1 -1 +1");
	expect("a\r\nb\r\n", "a\r\nb\r\n", "=2");
	expect("a\rb\nc\n", "a\rb\nc\n", "-1 +1 =1");
	expect("a\n\"b\n", "a\n\"b\n", "=1 -1 +1");
}

Test(line_diff, thousands_of_new_records_do_not_lose_the_rest)
{
	struct buf old, fresh;

	buf_init(&old, 1 << 20);
	buf_init(&fresh, 1 << 20);
	for (int i = 0; i < 3000; i++)
		buf_format(&fresh, "new %d\n", i);
	for (int i = 0; i < 9000; i++) {
		buf_format(&old, "row %d\n", i);
		buf_format(&fresh, "row %d\n", i);
	}
	expect(old.data, fresh.data, "+3000 =9000");
	buf_free(&old);
	buf_free(&fresh);
}

Test(line_diff, a_record_longer_than_the_buffers_is_said_to_be_too_long)
{
	size_t size = 3 * (size_t)LINE_DIFF_BYTES;
	_cleanup_free_ char *old = mem_zero(size + 1, 1), *fresh = mem_zero(size + 1, 1);

	memset(old, 'a', size);
	memset(fresh, 'b', size);
	struct text a = { old, size, 65536 }, b = { fresh, size, 65536 };
	struct line_diff *diff = line_diff_new(read_text, &a, read_text, &b);
	struct line_run run;
	err = (struct err)ERR_INIT;
	cr_assert_lt(line_diff_next(diff, INT64_MAX, &run, &err), 0);
	cr_assert_eq(err.code, ERR_LIMIT);
	line_diff_free(diff);
}

Test(line_replay, runs_of_a_file_come_again_joined_and_past_the_ceiling_nothing_does)
{
	struct line_replay *replay = line_replay_new(4096);
	struct line_run passed = { LINE_KEPT, "", 10, 2 }, fed = { LINE_CAME, "ab\n", 3, 1 }, run;

	line_replay_add(replay, 0, &fed);
	line_replay_add(replay, 0, &fed);
	line_replay_add(replay, 0, &passed);
	line_replay_add(replay, 2, &fed);
	cr_assert(line_replay_whole(replay));
	cr_assert(line_replay_next(replay, 0, &run));
	cr_assert_eq(run.records, 2);
	cr_assert_arr_eq(run.bytes, "ab\nab\n", run.length);
	cr_assert(line_replay_next(replay, 0, &run));
	cr_assert_eq(run.kind, LINE_KEPT);
	cr_assert_not(line_replay_next(replay, 0, &run));
	cr_assert(line_replay_next(replay, 2, &run));
	for (int i = 0; i < 2000; i++)
		line_replay_add(replay, 3, &fed);
	cr_assert_not(line_replay_whole(replay));
	line_replay_free(replay);
}
