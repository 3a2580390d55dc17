#include "collectors/ocds_merge.h"

#include <criterion/criterion.h>
#include <string.h>

#include "collectors/frame_json.h"
#include "collectors/json_write.h"
#include "collectors/ocds_process.h"

static struct ocds_processes *processes;

static int add(void *arg, const struct json_record *record, struct err *err)
{
	struct ocds_origin origin = { .file_no = 1, .place = record->offset };
	struct buf text;

	(void)arg;
	buf_init(&text, 1 << 20);
	json_write(&text, record->root);
	int status =
		ocds_processes_add(processes, record->root, text.data, text.used, origin, 0, err);
	buf_free(&text);
	return status;
}

/* Compiles lines of releases of one process; the answer is without ocid, id, date and tag. */
static void expect_compiled(const char *lines, const char *expected)
{
	struct frame_json_options options = { .record_max = 0 };
	struct frame_json *frame = frame_json_new(&options, add, NULL);
	const struct json_node *compiled = NULL;
	struct ocds_origin origin;
	struct err err = ERR_INIT;
	struct buf text;

	processes = ocds_processes_new(&err);
	cr_assert_eq(frame_json_feed(frame, lines, strlen(lines), &err), 0, "%s", err.text);
	cr_assert_eq(frame_json_finish(frame, &err), 0, "%s", err.text);
	cr_assert_eq(ocds_processes_count(processes), 1);
	cr_assert_eq(ocds_process_compile(processes, 0, false, &compiled, &origin, NULL, &err), 0,
		"%s", err.text);
	buf_init(&text, 1 << 20);
	json_write(&text, compiled);
	const char *rest = strstr(text.data, "\"ocid\":\"o\"");
	cr_assert_not_null(rest, "%s", text.data);
	rest += strlen("\"ocid\":\"o\"");
	cr_expect_str_eq(*rest == ',' ? rest + 1 : rest, expected);
	buf_free(&text);
	frame_json_free(frame);
	ocds_processes_free(processes);
}

#define FIRST(rest)  "{\"ocid\":\"o\",\"id\":\"1\",\"date\":\"2024-01-01T00:00:00Z\"," rest "}\n"
#define SECOND(rest) "{\"ocid\":\"o\",\"id\":\"2\",\"date\":\"2024-01-02T00:00:00Z\"," rest "}\n"
#define THIRD(rest)                                                                                \
	"{\"ocid\":\"o\",\"id\":\"3\",\"date\":\"2024-01-02T08:00:00+08:00\"," rest "}\n"

Test(ocds_merge, a_later_value_replaces_an_earlier_one_and_the_rest_stays)
{
	expect_compiled(FIRST("\"tender\":{\"id\":\"t\",\"title\":\"a\",\"status\":\"planned\"}")
				SECOND("\"tender\":{\"status\":\"active\"}"),
		"\"tender\":{\"id\":\"t\",\"title\":\"a\",\"status\":\"active\"}}");
}

Test(ocds_merge, the_order_is_that_of_the_dates_not_of_the_file)
{
	expect_compiled(SECOND("\"tender\":{\"status\":\"active\"}")
				FIRST("\"tender\":{\"status\":\"planned\",\"title\":\"a\"}"),
		"\"tender\":{\"status\":\"active\",\"title\":\"a\"}}");
}

Test(ocds_merge, of_equal_moments_in_different_zones_the_one_that_came_later_counts)
{
	expect_compiled(THIRD("\"tender\":{\"title\":\"third\"}")
				SECOND("\"tender\":{\"title\":\"second\"}"),
		"\"tender\":{\"title\":\"second\"}}");
}

Test(ocds_merge, null_removes_and_a_later_value_may_come_back)
{
	expect_compiled(FIRST("\"tender\":{\"title\":\"a\",\"status\":\"active\"},\"awards\":[{"
			      "\"id\":\"1\"}]")
				SECOND("\"tender\":{\"title\":null},\"awards\":null"),
		"\"tender\":{\"status\":\"active\"}}");
	expect_compiled(
		FIRST("\"language\":null") SECOND("\"language\":\"zh\""), "\"language\":\"zh\"}");
}

Test(ocds_merge, lists_of_objects_are_merged_by_id_and_new_ones_appended)
{
	expect_compiled(
		FIRST("\"awards\":[{\"id\":\"1\",\"status\":\"pending\",\"value\":{"
		      "\"amount\":10.50}},{\"id\":\"2\"}]")
			SECOND("\"awards\":[{\"id\":\"3\"},{\"id\":\"1\",\"status\":\"active\"}]"),
		"\"awards\":[{\"id\":\"1\",\"status\":\"active\",\"value\":{\"amount\":10.50}},{"
		"\"id\":\"2\"},{\"id\":\"3\"}]}");
}

Test(ocds_merge, ids_of_nested_lists_are_merged_within_their_parent)
{
	expect_compiled(FIRST("\"contracts\":[{\"id\":1,\"items\":[{\"id\":\"x\",\"quantity\":1}]},"
			      "{\"id\":2,\"items\":[{\"id\":\"x\",\"quantity\":5}]}]")
				SECOND("\"contracts\":[{\"id\":1,\"items\":[{\"id\":\"x\","
				       "\"quantity\":2},{\"id\":\"y\"}]}]"),
		"\"contracts\":[{\"id\":1,\"items\":[{\"id\":\"x\",\"quantity\":2},{\"id\":\"y\"}]}"
		","
		"{\"id\":2,\"items\":[{\"id\":\"x\",\"quantity\":5}]}]}");
}

Test(ocds_merge, lists_of_texts_and_the_marked_lists_are_replaced_whole)
{
	expect_compiled(FIRST("\"tender\":{\"submissionMethod\":[\"a\",\"b\"]}")
				SECOND("\"tender\":{\"submissionMethod\":[\"c\"]}"),
		"\"tender\":{\"submissionMethod\":[\"c\"]}}");
	expect_compiled(FIRST("\"parties\":[{\"id\":\"p\",\"additionalIdentifiers\":[{\"id\":\"1\"}"
			      ",{\"id\":\"2\"}]}]")
				SECOND("\"parties\":[{\"id\":\"p\",\"additionalIdentifiers\":[{"
				       "\"id\":\"2\",\"scheme\":\"s\"}]}]"),
		"\"parties\":[{\"id\":\"p\",\"additionalIdentifiers\":[{\"id\":\"2\",\"scheme\":"
		"\"s\"}]}]}");
	expect_compiled(
		FIRST("\"tender\":{\"items\":[{\"id\":\"i\",\"additionalClassifications\":[{\"id\":"
		      "\"1\"}]}]}") SECOND("\"tender\":{\"items\":[{\"id\":\"i\","
					   "\"additionalClassifications\":[]}]}"),
		"\"tender\":{\"items\":[{\"id\":\"i\",\"additionalClassifications\":[]}]}}");
}

Test(ocds_merge, an_id_outside_of_a_list_is_a_value_with_versions)
{
	expect_compiled(FIRST("\"tender\":{\"id\":\"t1\",\"title\":\"a\"},\"buyer\":{\"id\":\"b1\","
			      "\"name\":\"n\"}")
				SECOND("\"tender\":{\"id\":\"t2\"},\"buyer\":{\"id\":\"b2\"}"),
		"\"tender\":{\"id\":\"t2\",\"title\":\"a\"},\"buyer\":{\"id\":\"b2\",\"name\":"
		"\"n\"}}");
}

Test(ocds_merge, empty_lists_and_objects_say_nothing)
{
	expect_compiled(FIRST("\"awards\":[{\"id\":\"1\"}],\"planning\":{\"rationale\":\"r\"}")
				SECOND("\"awards\":[],\"planning\":{},\"contracts\":[]"),
		"\"awards\":[{\"id\":\"1\"}],\"planning\":{\"rationale\":\"r\"}}");
}

Test(ocds_merge, objects_without_an_id_are_all_kept)
{
	expect_compiled(FIRST("\"awards\":[{\"title\":\"a\"}]")
				SECOND("\"awards\":[{\"title\":\"a\"}]"),
		"\"awards\":[{\"title\":\"a\"},{\"title\":\"a\"}]}");
}

Test(ocds_merge, amounts_are_kept_digit_for_digit)
{
	expect_compiled(FIRST("\"tender\":{\"value\":{\"amount\":12345678901234567890.10}}")
				SECOND("\"tender\":{\"minValue\":{\"amount\":1E+2}}"),
		"\"tender\":{\"value\":{\"amount\":12345678901234567890.10},\"minValue\":{"
		"\"amount\":1E+2}}}");
}

Test(ocds_merge, a_release_that_comes_again_counts_once)
{
	expect_compiled(FIRST("\"awards\":[{\"title\":\"a\"}]")
				FIRST("\"awards\":[{\"title\":\"b\"}]"),
		"\"awards\":[{\"title\":\"b\"}]}");
}

Test(ocds_merge, the_compiled_release_names_itself)
{
	struct json_arena arena;
	struct buf text;
	struct json_node *release;

	json_arena_init(&arena, 1 << 20);
	buf_init(&text, 1 << 16);
	struct json_node *compiled = ocds_merge_begin(&arena);
	release = json_node_new(&arena, JSON_OBJECT);
	static const char *const members[][2] = { { "ocid", "o-1" }, { "id", "r" },
		{ "date", "2024-01-01T00:00:00Z" } };
	for (size_t i = 0; i < 3; i++) {
		struct json_node *node = json_node_new(&arena, JSON_TEXT);
		json_node_key(&arena, node, members[i][0], strlen(members[i][0]));
		json_node_text(&arena, node, members[i][1], strlen(members[i][1]));
		json_node_add(release, node);
	}
	cr_assert(ocds_merge_add(&arena, compiled, release));
	json_write(&text, compiled);
	cr_expect_str_eq(text.data, "{\"tag\":[\"compiled\"],\"id\":\"o-1-2024-01-01T00:00:00Z\","
				    "\"date\":\"2024-01-01T00:00:00Z\",\"ocid\":\"o-1\"}");
	buf_free(&text);
	json_arena_free(&arena);
}
