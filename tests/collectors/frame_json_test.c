#include <criterion/criterion.h>

#include "collectors/frame_json.h"
#include "core/buf.h"
#include "core/mem.h"

/* Records as one line of text each: "number@offset-end type/count text". */
struct seen {
	struct buf text;
	int stop_at; /* the callback fails at this record */
	bool nul;
};

static void describe(struct buf *out, const struct json_node *node)
{
	static const char *const open[] = { "null", "b", "n", "'", "{", "[" };

	buf_add_text(out, open[node->type]);
	buf_add(out, node->text, node->length);
	for (const struct json_node *child = node->first; child; child = child->next) {
		if (child->key)
			buf_format(out, "%s:", child->key);
		describe(out, child);
		buf_add_text(out, child->next ? "," : "");
	}
	if (node->type == JSON_OBJECT || node->type == JSON_ARRAY)
		buf_add_char(out, node->type == JSON_OBJECT ? '}' : ']');
}

static int take(void *arg, const struct json_record *record, struct err *err)
{
	struct seen *seen = arg;

	seen->nul = seen->nul || record->nul;
	if (record->number == seen->stop_at)
		return err_set(err, ERR_CANCELLED, "the test had enough");
	buf_format(&seen->text, "%lld@%lld-%lld ", (long long)record->number,
		(long long)record->offset, (long long)record->end);
	describe(&seen->text, record->root);
	buf_add_char(&seen->text, '\n');
	return 0;
}

static const char *const paths[] = { "releases", "result.rows", NULL };

/* Feeds in pieces of `piece` bytes; returns the status and leaves the description in seen. */
static int parse(struct seen *seen, const struct frame_json_options *options, const char *text,
	size_t length, size_t piece, struct err *err)
{
	struct frame_json *frame = frame_json_new(options, take, seen);
	int status = 0;

	buf_init(&seen->text, 64 << 20);
	for (size_t at = 0; at < length && status == 0; at += piece)
		status = frame_json_feed(
			frame, text + at, length - at < piece ? length - at : piece, err);
	if (status == 0)
		status = frame_json_finish(frame, err);
	frame_json_free(frame);
	return status;
}

static void gives(const char *text, const char *want)
{
	struct frame_json_options options = { .paths = paths };

	for (size_t piece = 1; piece <= strlen(text); piece++) {
		struct seen seen = { .stop_at = -1 };
		struct err err = ERR_INIT;
		int status = parse(&seen, &options, text, strlen(text), piece, &err);
		cr_expect_eq(status, 0, "%s: %s", text, err.text);
		cr_expect_str_eq(seen.text.data, want, "pieces of %zu: %s", piece, seen.text.data);
		buf_free(&seen.text);
	}
}

static void refuses(
	const char *text, bool package, enum err_code code, const char *word, long offset)
{
	struct frame_json_options options = {
		.paths = paths, .package = package, .record_max = 1000
	};
	char at[32];

	snprintf(at, sizeof(at), "at byte %ld", offset);
	for (size_t piece = 1; piece <= strlen(text) + 1; piece = piece * 2 + 1) {
		struct seen seen = { .stop_at = -1 };
		struct err err = ERR_INIT;
		int status = parse(&seen, &options, text, strlen(text), piece, &err);
		cr_expect_lt(status, 0, "%.60s: accepted", text);
		cr_expect_eq(err.code, code, "%s", err.text);
		cr_expect(strstr(err.text, word), "%.60s: %s", text, err.text);
		cr_expect(offset < 0 || strstr(err.text, at), "%.60s: %s", text, err.text);
		buf_free(&seen.text);
	}
}

Test(frame_json, a_package_gives_the_elements_of_its_array)
{
	gives("{\"uri\":\"u\",\"releases\":[{\"a\":1},{\"b\":[true,null]}],\"links\":{\"next\":"
	      "\"n\"}}",
		"1@23-30 {a:n1}\n2@31-48 {b:[btrue,null]}\n");
	gives("{\"releases\":[]}", "");
	gives("{\"result\":{\"rows\":[1,\"x\"],\"releases\":[7]}}", "1@19-20 n1\n2@20-24 'x\n");
}

Test(frame_json, an_array_and_lines_and_a_single_object_are_records_too)
{
	gives("[{\"a\":1},{\"a\":2}]", "1@1-8 {a:n1}\n2@9-16 {a:n2}\n");
	gives("{\"a\":1}\n{\"a\":2}\r\n", "1@0-7 {a:n1}\n2@8-15 {a:n2}\n");
	gives(" {\"ocid\":\"x\"}", "1@1-13 {ocid:'x}\n");
	gives("{\"releases\":[{\"a\":1}]}\n{\"releases\":[{\"a\":2}]}\n",
		"1@13-20 {a:n1}\n2@36-43 {a:n2}\n");
}

Test(frame_json, a_name_deeper_inside_a_record_is_no_record_path)
{
	gives("[{\"releases\":[1,2]}]", "1@1-19 {releases:[n1,n2]}\n");
	gives("{\"x\":{\"releases\":[1]}}", "1@0-22 {x:{releases:[n1]}}\n");
	gives("{\"result\":[{\"rows\":[1]}]}", "1@0-25 {result:[{rows:[n1]}]}\n");
}

Test(frame_json, numbers_stay_as_they_are_written)
{
	gives("[123456789012345678.91,1.10,-0.5e+10,626953300.0]",
		"1@1-22 n123456789012345678.91\n2@22-27 n1.10\n3@27-36 n-0.5e+10\n4@36-48 "
		"n626953300.0\n");
}

Test(frame_json, a_byte_order_mark_is_dropped_and_counted)
{
	gives("\xef\xbb\xbf[{}]", "1@4-6 {}\n");
}

Test(frame_json, wrappers_of_document_databases_are_opened)
{
	gives("[{\"v\":{\"$numberLong\":\"15890000000\"}},{\"v\":{\"$date\":1606867235000}},"
	      "{\"v\":{\"$oid\":\"5f\"}}]",
		"1@1-36 {v:n15890000000}\n2@37-66 {v:n1606867235000}\n3@67-86 {v:'5f}\n");
	gives("[{\"v\":{\"$numberLong\":\"1x\"}},{\"v\":{\"$numberLong\":\"1\",\"b\":2}}]",
		"1@1-27 {v:{$numberLong:'1x}}\n2@28-59 {v:{$numberLong:'1,b:n2}}\n");
}

Test(frame_json, texts_are_decoded_and_a_nul_is_reported)
{
	struct frame_json_options options = { .paths = NULL };
	const char *text = "[\"\\u4e2d\\n\"]", *nul = "[{\"a\":\"x\\u0000y\"}]";
	struct seen seen = { .stop_at = -1 };

	cr_assert_eq(parse(&seen, &options, text, strlen(text), 3, NULL), 0);
	cr_assert(strstr(seen.text.data, "'中\n"));
	cr_assert_not(seen.nul);
	buf_free(&seen.text);
	cr_assert_eq(parse(&seen, &options, nul, strlen(nul), 3, NULL), 0);
	cr_assert(seen.nul);
	buf_free(&seen.text);
}

Test(frame_json, faults_are_named_with_their_place)
{
	refuses("", false, ERR_DATA, "not-json: the input is empty", -1);
	refuses(" \n\n", false, ERR_DATA, "not-json: the input is empty", -1);
	refuses("\n\n\n  <!DOCTYPE html><html>", false, ERR_DATA, "not-json", -1);
	refuses("[{\"a\":NaN}]", false, ERR_DATA, "json-syntax: NaN is not a JSON number", -1);
	refuses("[{\"a\":Infinity}]", false, ERR_DATA, "json-syntax: Infinity is not", -1);
	refuses("[{\"a\":-Infinity}]", false, ERR_DATA, "json-syntax: Infinity is not", -1);
	refuses("{\"a\" 1}", false, ERR_DATA, "json-syntax", 6);
	refuses("[1,]", false, ERR_DATA, "json-syntax", -1);
	refuses("[\"\xff\"]", false, ERR_DATA, "bad-encoding", 4);
	refuses("[\"\xed\xa7\x94\"]", false, ERR_DATA, "bad-encoding", 6); /* a surrogate */
	refuses("[\"\xc0\xaf\"]", false, ERR_DATA, "bad-encoding", 5);     /* longer than need be */
	refuses("[{\"\xf4\x90\x80\x80\":1}]", false, ERR_DATA, "bad-encoding", -1);
	refuses("[\"\\u0000\xff\"]", false, ERR_DATA, "bad-encoding", -1);
	refuses("[{\"a\":1},{\"a\"", false, ERR_DATA, "json-torn", 13);
	/* A text that begins behind a whole value and does not end. */
	refuses("[]\"abc", false, ERR_DATA, "json-torn", 6);
	refuses("{\"a\":1} \"abc", false, ERR_DATA, "json-torn", 12);
	refuses("5 \"abc", false, ERR_DATA, "json-torn", 6);
	refuses("{\"releases\":[{\"a\":1}", true, ERR_DATA, "json-torn", 20);
	refuses("[{\"a\":1,\"b\":2,\"a\":3}]", false, ERR_DATA, "json-repeat", 17);
	refuses("[{\"a\":1,\"\\u0061\":3}]", false, ERR_DATA, "json-repeat", 16);
}

Test(frame_json, a_package_is_demanded_where_one_is_configured)
{
	refuses("{\"message\":\"rate limited\"}", true, ERR_DATA, "json-shape", -1);
	refuses("[{\"a\":1}]", true, ERR_DATA, "json-shape", -1);
	refuses("{\"releases\":null}", true, ERR_DATA, "json-shape", -1);
	refuses("{\"releases\":[]} {\"releases\":[]}", true, ERR_DATA, "json-shape", -1);
}

static char *repeat(const char *open, int count, const char *close)
{
	size_t one = strlen(open), two = strlen(close);
	char *text = mem_alloc((one + two) * (size_t)count + 1);

	for (int i = 0; i < count; i++)
		memcpy(text + one * (size_t)i, open, one);
	for (int i = 0; i < count; i++)
		memcpy(text + one * (size_t)count + two * (size_t)i, close, two);
	text[(one + two) * (size_t)count] = '\0';
	return text;
}

Test(frame_json, depth_size_and_width_have_ceilings)
{
	char *deep = repeat("[", 100000, ""), *fine = repeat("[", 64, "]");
	char *blanks = repeat(" ", 2000, ""), *string = repeat("x", 2000, "");
	char *text = mem_format("[%s1]", blanks), *quoted = mem_format("[\"%s\"]", string);
	char *list = repeat("1,", 600, ""), *record = mem_format("[[%s1]]", list);
	struct frame_json_options options = { .record_max = 1000 };
	struct seen seen = { .stop_at = -1 };

	refuses(deep, false, ERR_LIMIT, "json-deep", 65);
	refuses(text, false, ERR_LIMIT, "json-large", -1);
	refuses(quoted, false, ERR_LIMIT, "json-large", -1);
	refuses(record, false, ERR_LIMIT, "json-large", -1);
	cr_assert_eq(parse(&seen, &options, fine, strlen(fine), 7, NULL), 0, "64 levels are fine");
	buf_free(&seen.text);
	free(deep), free(fine), free(blanks), free(string), free(text), free(quoted), free(list),
		free(record);
}

Test(frame_json, too_many_names_in_one_object_are_refused)
{
	struct frame_json_options options = { .paths = NULL };
	struct seen seen = { .stop_at = -1 };
	struct err err = ERR_INIT;
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_add_text(&text, "[{\"n\":0");
	for (int i = 0; i < 1024; i++)
		buf_format(&text, ",\"n%d\":0", i);
	buf_add_text(&text, "}]");
	cr_assert_lt(parse(&seen, &options, text.data, text.used, 4096, &err), 0);
	cr_assert(strstr(err.text, "json-wide"), "%s", err.text);
	buf_free(&text);
	buf_free(&seen.text);
}

Test(frame_json, many_small_records_need_the_memory_of_one)
{
	struct frame_json_options options = { .record_max = 100 };
	struct seen seen = { .stop_at = -1 };
	char *records = repeat("{\"a\":[1,2,3]}\n", 20000, "");

	cr_assert_eq(parse(&seen, &options, records, strlen(records), 1000, NULL), 0);
	cr_assert(strstr(seen.text.data, "20000@279986-279999 {a:[n1,n2,n3]}\n"));
	buf_free(&seen.text);
	free(records);
}

Test(frame_json, the_receivers_failure_ends_the_parse_with_its_error)
{
	struct frame_json_options options = { .paths = paths };
	struct seen seen = { .stop_at = 2 };
	struct err err = ERR_INIT;

	cr_assert_lt(parse(&seen, &options, "[1,2,3]", 7, 7, &err), 0);
	cr_assert_str_eq(err.text, "the test had enough");
	cr_assert_str_eq(seen.text.data, "1@1-2 n1\n");
	buf_free(&seen.text);
}

/* Wherever the pieces end, and with the offsets of the bytes as they are. */
Test(frame_json, a_bare_nan_is_null_for_a_source_that_says_so)
{
	struct frame_json_options options = { .paths = paths, .nan_absent = true };
	const char *text = "[{\"a\":NaN,\"NaN\":\"NaN \\\"NaN\"},[NaN ,NaN],NaN]";

	for (size_t piece = 1; piece <= strlen(text); piece++) {
		struct seen seen = { .stop_at = -1 };
		struct err err = ERR_INIT;
		int status = parse(&seen, &options, text, strlen(text), piece, &err);
		cr_expect_eq(status, 0, "%s", err.text);
		cr_expect_str_eq(seen.text.data,
			"1@1-28 {a:null,NaN:'NaN \"NaN}\n2@29-39 [null,null]\n3@39-43 null\n",
			"pieces of %zu: %s", piece, seen.text.data);
		buf_free(&seen.text);
	}
}

Test(frame_json, what_only_resembles_nan_stays_a_fault)
{
	struct frame_json_options options = { .paths = paths, .nan_absent = true };
	static const char *const faults[] = { "[Nan]", "[N", "[Na", "[NaNN]", "[1NaN]", "[-NaN]",
		"[Infinity]", "{NaN:1}" };

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		for (size_t piece = 1; piece <= strlen(faults[i]); piece++) {
			struct seen seen = { .stop_at = -1 };
			struct err err = ERR_INIT;
			int status =
				parse(&seen, &options, faults[i], strlen(faults[i]), piece, &err);
			cr_expect_lt(status, 0, "%s", faults[i]);
			cr_expect_eq(err.code, ERR_DATA, "%s: %s", faults[i], err.text);
			buf_free(&seen.text);
		}
}

static int drop(void *arg, const struct json_record *record, struct err *err)
{
	(void)arg, (void)record, (void)err;
	return 0;
}

Test(frame_json, the_envelope_is_readable_after_the_records)
{
	struct frame_json_options options = { .paths = paths, .package = true };
	const char *text =
		"{\"links\":{\"next\":\"http:\\/\\/x\\/2\"},\"releases\":[{\"links\":1}],\"n\":7}";
	struct frame_json *frame = frame_json_new(&options, drop, NULL);

	cr_assert_eq(frame_json_feed(frame, text, strlen(text), NULL), 0);
	cr_assert_eq(frame_json_finish(frame, NULL), 0);
	const struct json_node *envelope = frame_json_envelope(frame);
	cr_assert_str_eq(json_text_at(json_path(envelope, "links"), "next"), "http://x/2");
	cr_assert_str_eq(json_path(envelope, "links.next")->text, "http://x/2");
	cr_assert_str_eq(json_text_at(envelope, "n"), "7");
	cr_assert_null(json_path(envelope, "links.previous"));
	cr_assert_null(json_path(envelope, "releases.0"));
	cr_assert_str_empty(json_text_at(envelope, "links"), "an object is no text");
	frame_json_free(frame);
}

Test(frame_json, the_number_grammar_is_jsons)
{
	static const char *const good[] = { "0", "-0", "10", "1.5", "1e5", "1E-5", "-1.25e+3" };
	static const char *const bad[] = { "", "-", "01", "1.", ".5", "1e", "1e+", "+1", "1x", " 1",
		"0x1" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(json_is_number(good[i], strlen(good[i])), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(json_is_number(bad[i], strlen(bad[i])), "%s", bad[i]);
}
