#include "api/route.h"

#include <criterion/criterion.h>

#include "api/serialise.h"
#include "collectors/record_check.h"

static const struct route_parameter parameters[] = {
	{ .name = "limit", .type = ROUTE_INT, .min = 1, .max = 500, .fallback = "50" },
	{ .name = "as_of", .type = ROUTE_DATE },
	{ .name = "full", .type = ROUTE_BOOL },
	{ .name = "unit_code", .type = ROUTE_TEXT },
	{ .name = NULL },
};
static const struct route route = { .pattern = "/x", .parameters = parameters };

Test(api_route, segments_are_decoded_after_matching)
{
	struct route_request request;

	cr_assert(route_match("/api/v1/arrears/{}", "/api/v1/arrears/YH%2F26-1", &request));
	cr_assert_eq(request.segment_count, 1);
	cr_assert_str_eq(request.segment[0], "YH/26-1");
	cr_assert(route_match("/a/{}/b", "/a/%E9%87%87/b", &request));
	cr_assert_str_eq(request.segment[0], "采");
}

Test(api_route, empty_broken_and_overlong_segments_do_not_match)
{
	static const char *const bad[] = { "/a/", "/a/b/c", "/a/%00", "/a/x%00y", "/a/%ff", "/b/x",
		"/a" };
	struct route_request request;
	char longest[ROUTE_TEXT_MAX * 4];

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_expect_not(route_match("/a/{}", bad[i], &request), "%s", bad[i]);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	memcpy(longest, "/a/", 3);
	cr_assert_not(route_match("/a/{}", longest, &request));
}

Test(api_route, the_longest_code_of_the_ledger_matches)
{
	struct route_request request;
	char path[3 + RECORD_CODE_MAX + 1] = "/a/";

	memset(path + 3, 'x', RECORD_CODE_MAX);
	cr_assert(route_match("/a/{}", path, &request));
	cr_assert_eq(strlen(request.segment[0]), RECORD_CODE_MAX);
}

Test(api_route, parameters_are_checked_and_default)
{
	struct route_request request = { 0 };
	struct err err = ERR_INIT;

	cr_assert_eq(route_read_query(
			     &route, "as_of=2026-10-20&unit_code=%E9%87%87&full=1", &request, &err),
		0);
	cr_assert_str_eq(request.value[0], "50");
	cr_assert_str_eq(request.value[1], "2026-10-20");
	cr_assert_str_eq(request.value[2], "1");
	cr_assert_str_eq(request.value[3], "采");
	request = (struct route_request){ 0 };
	cr_assert_eq(route_read_query(&route, NULL, &request, &err), 0);
	cr_assert_null(request.value[1]);
}

Test(api_route, wrong_parameters_are_refused_by_name)
{
	static const char *const bad[] = { "limit=0", "limit=501", "limit=1x",
		"limit=", "as_of=2026-02-30", "full=2", "other=1", "limit=1&limit=2",
		"unit_code=%ff" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct route_request request = { 0 };
		struct err err = ERR_INIT;

		cr_expect_eq(route_read_query(&route, bad[i], &request, &err), -1, "%s", bad[i]);
		cr_expect_eq(err.code, ERR_USAGE);
	}
}

Test(api_route, every_list_route_has_limit_and_cursor_and_every_route_its_summary)
{
	for (const struct route *r = route_table; r->pattern; r++) {
		bool limit = false, cursor = false;

		cr_expect_not_null(r->summary, "%s", r->pattern);
		cr_expect_eq(r->shape == ROUTE_CUSTOM, r->handle != NULL, "%s", r->pattern);
		cr_expect_eq(r->shape != ROUTE_CUSTOM, r->sql && r->columns, "%s", r->pattern);
		for (const struct route_parameter *p = r->parameters; p && p->name; p++) {
			limit = limit || strcmp(p->name, "limit") == 0;
			cursor = cursor || strcmp(p->name, "cursor") == 0;
		}
		cr_expect(r->shape != ROUTE_LIST || (limit && cursor), "%s", r->pattern);
	}
}
