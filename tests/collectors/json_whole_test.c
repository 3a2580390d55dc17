#include <criterion/criterion.h>

#include "collectors/frame_json.h"
#include "collectors/json_whole.h"
#include "core/buf.h"
#include "core/mem.h"

static const struct json_whole_limits limits = { .levels = JSON_WHOLE_LEVELS, .names = 8 };

static enum json_whole look(const char *text, size_t count, size_t *ret_used)
{
	struct json_arena arena;
	struct json_node *root = NULL;

	json_arena_init(&arena, 1 << 20);
	/* A copy of exactly so many bytes: reading past them is seen. */
	char *bytes = mem_alloc(count);
	memcpy(bytes, text, count);
	enum json_whole found = json_whole_read(&arena, &limits, bytes, count, &root, ret_used);
	free(bytes);
	json_arena_free(&arena);
	return found;
}

static void describe(struct buf *out, const struct json_node *node)
{
	buf_format(out, "%d%s=", (int)node->type, node->key ? node->key : "");
	buf_add(out, node->text, node->length);
	for (const struct json_node *child = node->first; child; child = child->next)
		describe(out, child);
	buf_format(out, "/%d;", node->count);
}

static int take(void *arg, const struct json_record *record, struct err *err)
{
	(void)err;
	buf_format(arg, "%lld-%lld%s ", (long long)record->offset, (long long)record->end,
		record->nul ? " nul" : "");
	describe(arg, record->root);
	return 0;
}

/* What comes of the text, or the fault. With nan_absent everything goes through yajl. */
static void frame(const char *text, bool by_yajl, struct buf *out)
{
	struct frame_json_options options = { .nan_absent = by_yajl };
	struct frame_json *json = frame_json_new(&options, take, out);
	struct err err = ERR_INIT;

	buf_init(out, 1 << 20);
	if (frame_json_feed(json, text, strlen(text), &err) < 0 ||
		frame_json_finish(json, &err) < 0)
		buf_format(out, "%s", err.text);
	frame_json_free(json);
}

static void reads_alike(const char *text)
{
	struct buf quick, slow;

	frame(text, false, &quick);
	frame(text, true, &slow);
	size_t same = 0;

	while (quick.data[same] && quick.data[same] == slow.data[same])
		same++;
	cr_expect_str_eq(quick.data, slow.data, "%.200s: from %zu on %.200s, by yajl %.200s", text,
		same, quick.data + same, slow.data + same);
	buf_free(&quick);
	buf_free(&slow);
}

static const char *const plain[] = {
	"{}",
	"{ \"a\" : [ ] , \"b\":{\"c\":[{},[],null,true,false]} }",
	"{\"a\":-0,\"b\":0.10,\"c\":1e5,\"d\":-12.5E-3,\"\":\"\"}",
	"{\"a\":\"\\\"\\\\\\/"
	"\\b\\f\\n\\r\\t\",\"\\u0061\\u4e2d\":\"\\ud83d\\ude00\\u00e9\\u20AC\"}",
	"{\"中文\":\"北京市西城区财政局\",\"long enough for words of eight\":\"0123456789abcdef\"}",
	"{\"v\":{\"$numberLong\":\"15\"},\"d\":{\"$date\":5},\"o\":{\"$oid\":\"5f\"}}",
};

static const char *const others[] = {
	"{\"a\":1,\"a\":2}",
	"{\"a\":1,\"\\u0061\":2}",
	"{\"a\":01}",
	"{\"a\":+1}",
	"{\"a\":1.}",
	"{\"a\":.5}",
	"{\"a\":nul}",
	"{\"a\":1,}",
	"{,\"a\":1}",
	"{\"a\":[1,]}",
	"{\"a\":[1 2]}",
	"{\"a\" 1}",
	"{\"a\":1 \"b\":2}",
	"{a:1}",
	"{\"a\":'x'}",
	"{\"a\":[1}}",
	"{\"a\":\"\tx\"}",
	"{\"a\":\"\\x\"}",
	"{\"a\":\"\\u12g4\"}",
	"{\"a\":\"\\u0000\"}",
	"{\"a\":\"\\ud800\"}",
	"{\"a\":\"\\udc00\\ud800\"}",
	"{\"a\":\"\\ud800\\u0041\"}",
	"{\"a\":\"\xed\xa0\x80\"}",
	"{\"a\":\"\xc0\xaf\"}",
	"{\"a\":\"\xff\"}",
	"{\"\xff\":1}",
	"{\"a\":\"\\\"}",
};

Test(json_whole, plain_objects_become_the_tree_that_yajl_makes)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		size_t used = 0;
		cr_expect_eq(
			look(plain[i], strlen(plain[i]), &used), JSON_WHOLE_TAKEN, "%s", plain[i]);
		cr_expect_eq(used, strlen(plain[i]), "%s", plain[i]);
		reads_alike(plain[i]);
	}
}

Test(json_whole, an_object_that_goes_on_behind_the_bytes_is_short_wherever_they_end)
{
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		for (size_t count = 1; count < strlen(plain[i]); count++) {
			size_t used = 0;
			cr_expect_eq(look(plain[i], count, &used), JSON_WHOLE_SHORT, "%zu of %s",
				count, plain[i]);
		}
}

Test(json_whole, what_is_not_plain_is_left_to_yajl_and_its_words)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t used = 0;
		cr_expect_neq(look(others[i], strlen(others[i]), &used), JSON_WHOLE_TAKEN, "%s",
			others[i]);
		reads_alike(others[i]);
	}
}

Test(json_whole, records_around_one_that_is_not_plain_are_read_alike)
{
	reads_alike("{\"a\":1}\n{\"a\":\"\\u0000\"}\n{\"a\":\"\\ud800\"}\n 5 \n{\"b\":2}\n");
	reads_alike("[{\"a\":1},{\"a\":\"\\u0000\"},{\"a\":2},7,{\"a\":3},[{}],{\"a\":4}]");
	reads_alike("[{\"a\":1},{\"a\":2},,{\"a\":3}]");
	reads_alike("[{\"a\":1}{\"a\":2}]");
	reads_alike("[,{\"a\":1}]");
	reads_alike("[{\"a\":1},]");
	reads_alike("{\"a\":1},{\"a\":2}");
	reads_alike("{\"a\":1}]");
	reads_alike("[{\"a\":1},{\"a\":2}");
	reads_alike("{\"a\":1}{\"a\":");
	reads_alike("[] \"abc");
	reads_alike("5 \"abc");
	reads_alike("5 6 true \"a\" null {\"a\":1} 7");
}

Test(json_whole, too_many_names_and_levels_are_left_to_yajl)
{
	size_t used = 0;
	const char *names =
		"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1}";
	struct buf deep;

	cr_expect_eq(look(names, strlen(names), &used), JSON_WHOLE_OTHER);
	for (int levels = JSON_WHOLE_LEVELS; levels <= JSON_WHOLE_LEVELS + 1; levels++) {
		buf_init(&deep, 4096);
		for (int i = 1; i < levels; i++)
			buf_add_text(&deep, "{\"a\":");
		buf_add_text(&deep, "{}");
		for (int i = 1; i < levels; i++)
			buf_add_char(&deep, '}');
		cr_expect_eq(look(deep.data, deep.used, &used),
			levels <= JSON_WHOLE_LEVELS ? JSON_WHOLE_TAKEN : JSON_WHOLE_OTHER);
		reads_alike(deep.data);
		buf_free(&deep);
	}
}

/* Larger than what is waited for: found by yajl, the ones behind it at once again. */
Test(json_whole, a_record_larger_than_what_is_waited_for_is_read_all_the_same)
{
	struct buf text;

	buf_init(&text, 8 << 20);
	for (int i = 0; i < 3; i++) {
		buf_add_text(&text, "{\"a\":\"");
		for (int k = 0; k < (i == 1 ? 90000 : 5); k++)
			buf_add_text(&text, "西城");
		buf_add_text(&text, "\"}\n");
	}
	reads_alike(text.data);
	buf_free(&text);
}
