#include "alerts/robot_text.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct robot_weights weights = { .line = 1, .link = 3 };

static const char *escaped(const char *data)
{
	static char room[1000];
	struct buf out;

	buf_init(&out, sizeof(room));
	robot_escape(&out, data, strlen(data));
	snprintf(room, sizeof(room), "%s", out.data);
	buf_free(&out);
	return room;
}

Test(robot_text, signs_that_format_become_their_full_width_forms)
{
	cr_expect_str_eq(escaped("甲公司"), "甲公司");
	cr_expect_str_eq(escaped("<@all>[x](http://e)"), "＜＠all＞［x］(http：//e)");
	cr_expect_str_eq(
		escaped("**1#楼** `a` ~b~ | \\ & !"), "＊＊1＃楼＊＊ ｀a｀ ～b～ ｜ ＼ ＆ ！");
	cr_expect_str_eq(escaped("HT_2026_1 _x_ \"q\""), "HT_2026_1 ＿x＿ ＂q＂");
	cr_expect_str_eq(escaped("a\r\nb\x01\xE2\x80\xAE"), "a b");
	/* Behind a joiner, which holds on to whatever follows it. */
	cr_expect_str_eq(
		escaped("\xF0\x9F\x91\xA9\xE2\x80\x8D`x`"), "\xF0\x9F\x91\xA9\xE2\x80\x8D｀x｀");
	cr_expect_str_eq(escaped("a\xE2\x80\x8D<@all>"), "a\xE2\x80\x8D＜＠all＞");
}

struct cut {
	struct robot_text text;
	struct robot_range ranges[4];
	int parts, left;
};

static void cut(struct cut *cut, const char *data, size_t max)
{
	robot_text_init(&cut->text, &weights);
	robot_text_add(&cut->text, data, strlen(data));
	cut->parts = robot_text_cut(&cut->text, max, 4, cut->ranges, &cut->left);
}

static const char *part(struct cut *cut, int index)
{
	static char room[1000];
	struct buf out;

	buf_init(&out, sizeof(room));
	robot_markdown(&out, &cut->text, cut->ranges[index], "\n");
	snprintf(room, sizeof(room), "%s", out.data);
	buf_free(&out);
	return room;
}

Test(robot_text, is_cut_at_line_ends_where_it_can_be)
{
	struct cut c;

	cut(&c, "aaaa\nbbbb\ncccc\n\n", 10);
	cr_expect_eq(c.parts, 2);
	cr_expect_str_eq(part(&c, 0), "aaaa\nbbbb");
	cr_expect_str_eq(part(&c, 1), "cccc");
	cr_expect_eq(c.left, 0);
	robot_text_free(&c.text);
}

Test(robot_text, is_never_cut_inside_a_character_its_marks_or_an_escape)
{
	struct cut c;

	cut(&c, "中文字<e\xCC\x81<", 7);
	cr_expect_eq(c.parts, 3);
	cr_expect_str_eq(part(&c, 0), "中文");
	cr_expect_str_eq(part(&c, 1), "字＜");
	cr_expect_str_eq(part(&c, 2), "e\xCC\x81＜");
	robot_text_free(&c.text);
}

Test(robot_text, a_mark_at_the_begin_of_a_line_is_left_out)
{
	static const char data[] = "\xEF\xB8\x8F\xCC\x81"
				   "a\n\xEF\xB8\x8F\n e\xCC\x81_x";
	struct robot_text text;
	struct buf out;

	robot_text_init(&text, &weights);
	robot_text_add(&text, data, strlen(data));
	buf_init(&out, 100);
	robot_markdown(&out, &text, (struct robot_range){ 0, text.count }, "\n");
	cr_expect_str_eq(out.data, "a\n\n e\xCC\x81＿x");
	buf_free(&out);
	robot_text_free(&text);
}

Test(robot_text, a_link_goes_whole_into_the_next_part)
{
	struct cut c;

	robot_text_init(&c.text, &weights);
	robot_text_add(&c.text, "aaaaaaaaaa", 10);
	cr_assert_eq(robot_text_link(&c.text, "l", "https://x.example/"), 0);
	c.parts = robot_text_cut(&c.text, 24, 4, c.ranges, &c.left);
	cr_expect_eq(c.parts, 2);
	cr_expect_str_eq(part(&c, 1), "[l](https://x.example/)");
	robot_text_free(&c.text);
}

Test(robot_text, addresses_that_markdown_could_not_hold_are_no_links)
{
	struct robot_text text;

	robot_text_init(&text, &weights);
	cr_expect_eq(robot_text_link(&text, "l", "javascript:alert(1)"), -1);
	cr_expect_eq(robot_text_link(&text, "l", "https://x/)("), -1);
	cr_expect_eq(robot_text_link(&text, "l", "https://x/ y"), -1);
	cr_expect_eq(text.count, 0);
	robot_text_free(&text);
}

Test(robot_text, says_what_did_not_fit)
{
	struct cut c;

	cut(&c, "aaaaabbbbbcccccdddddeeeee", 5);
	cr_expect_eq(c.parts, 4);
	cr_expect_eq(c.left, 5);
	robot_text_free(&c.text);
}
