/* What a person writes by HTTP (api/act.h). */
#include <criterion/criterion.h>
#include <event2/buffer.h>
#include <event2/event.h>

#include "api/server.h"
#include "core/mem.h"
#include "lib/api_world.h"

static const char review_path[] = "/api/v1/arrears/O1/reviews";
static const char review_body[] = "{\"verdict\":\"verified\",\"reason\":\"电话核实\","
				  "\"overdue_since\":\"2026-09-30\",\"overdue_fen\":500}";

struct posting {
	const char *type, *person, *body;
};

/* The caller frees the connection after the answer. */
static struct evhttp_connection *post(
	struct world *w, const char *path, const struct posting *posting)
{
	w->acted[0] = 0;
	return world_post(
		w, path, posting->type, posting->person, posting->body, strlen(posting->body));
}

static int post_refused(struct world *w, const char *path, const struct posting *posting)
{
	struct evhttp_connection *connection = post(w, path, posting);

	pg_loop_until(w->base, &w->answered, 5000);
	cr_expect_str_empty(w->acted, "nothing may have been done: %s", w->acted);
	evhttp_connection_free(connection);
	return w->status;
}

static void answer_act(struct world *w, enum err_code code)
{
	struct err err = ERR_INIT;

	world_until_act(w);
	if (code)
		err_set(&err, code, "O1 is refuted: it cannot be verified from there");
	w->act_done(
		w->act_arg, code ? &err : NULL, code ? NULL : "{\"review_id\":1}", code ? 0 : 15);
	pg_loop_until(w->base, &w->answered, 5000);
}

Test(api_act, a_signed_in_person_reviews_a_debt_and_a_refusal_is_named)
{
	struct world *w = world_new();
	struct posting posting = { "application/json; charset=utf-8", "王芳", review_body };
	struct evhttp_connection *connection = post(w, review_path, &posting);

	answer_act(w, ERR_NONE);
	cr_expect_eq(w->status, 201);
	cr_expect_str_eq(w->acted, "O1|verified|电话核实|王芳|2026-09-30|500");
	cr_expect_str_eq(w->body, "{\"review_id\":1}");
	evhttp_connection_free(connection);
	connection = post(w, review_path, &posting);
	answer_act(w, ERR_REFUSED);
	cr_expect_eq(w->status, 409);
	cr_expect_not_null(strstr(w->body, "cannot be verified from there"));
	evhttp_connection_free(connection);
	world_free(w);
}

Test(api_act, nobody_writes_who_is_not_signed_in)
{
	struct posting posting = { "application/json", NULL, review_body };
	struct world *w = world_new();

	cr_expect_eq(post_refused(w, review_path, &posting), 403);
	world_free(w);
	w = world_with(NULL);
	posting.person = "王芳";
	cr_expect_eq(post_refused(w, review_path, &posting), 403, "no header is trusted");
	world_free(w);
}

Test(api_act, a_form_of_another_page_cannot_write)
{
	struct world *w = world_new();
	struct posting posting = { "text/plain", "王芳", review_body };

	cr_expect_eq(post_refused(w, review_path, &posting), 415);
	posting.type = "application/x-www-form-urlencoded";
	cr_expect_eq(post_refused(w, review_path, &posting), 415);
	posting.type = "application/jsonp";
	cr_expect_eq(post_refused(w, review_path, &posting), 415);
	world_free(w);
}

Test(api_act, a_body_that_is_not_what_the_route_asks_for_does_nothing)
{
	static const char *const bodies[] = { "", "[]", "{", "{\"verdict\":\"verified\"}",
		"{\"verdict\":1,\"reason\":\"x\",\"overdue_since\":\"2026-09-30\",\"overdue_fen\":"
		"5}",
		"{\"verdict\":\"v\",\"reason\":\"x\",\"overdue_since\":\"2026-02-30\",\"overdue_"
		"fen\":5}",
		"{\"verdict\":\"v\",\"reason\":\"x\",\"overdue_since\":\"2026-09-30\",\"overdue_"
		"fen\":0}",
		"{\"verdict\":\"v\",\"reason\":\"x\",\"overdue_since\":\"2026-09-30\",\"overdue_"
		"fen\":5,\"by\":\"y\"}",
		"{\"verdict\":\"v\",\"verdict\":\"v\",\"reason\":\"x\",\"overdue_since\":\"2026-09-"
		"30\",\"overdue_fen\":5}" };
	struct world *w = world_new();

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		struct posting posting = { "application/json", "王芳", bodies[i] };

		cr_expect_eq(post_refused(w, review_path, &posting), 400, "%s", bodies[i]);
	}
	world_free(w);
}

Test(api_act, reading_a_path_of_writing_and_the_reverse_are_not_allowed)
{
	struct world *w = world_new();
	struct posting posting = { "application/json", "王芳", review_body };

	cr_expect_eq(world_ask(w, review_path), 405);
	cr_expect_eq(post_refused(w, "/api/v1/arrears", &posting), 405);
	world_free(w);
}

Test(api_act, an_entry_of_a_register_is_approved_by_one_and_recorded_by_another)
{
	static const char path[] = "/api/v1/registers/deemed/entries";
	static const char body[] = "{\"value\":\"prison\",\"supplier_uscc\":\"S1\",\"approver\":"
				   "\"监狱局\",\"reason\":\"证明\",\"valid_from\":\"2026-01-01\"}";
	static const char back[] = "{\"approver\":\"监狱局\",\"reason\":\"错误\"}";
	struct world *w = world_new();
	struct posting posting = { "application/json", "王芳", body };
	struct evhttp_connection *connection = post(w, path, &posting);

	answer_act(w, ERR_NONE);
	cr_expect_eq(w->status, 201);
	cr_expect_str_eq(w->acted, "|deemed|证明|王芳|||监狱局|2026-01-01");
	evhttp_connection_free(connection);
	posting.body = back;
	connection = post(w, "/api/v1/register-entries/2026-0001/withdrawal", &posting);
	answer_act(w, ERR_REFUSED);
	cr_expect_eq(w->status, 409);
	cr_expect_str_eq(w->acted, "2026-0001||错误|王芳|||监狱局|");
	evhttp_connection_free(connection);
	cr_expect_eq(post_refused(w, path, &posting), 400, "no value");
	posting.person = NULL;
	posting.body = body;
	cr_expect_eq(post_refused(w, path, &posting), 403);
	world_free(w);
}

Test(api_act, an_act_under_way_is_let_go_when_the_server_ends)
{
	struct world *w = world_new();
	struct posting posting = { "application/json", "王芳", review_body };
	struct evhttp_connection *connection = post(w, review_path, &posting);

	world_until_act(w);
	api_server_free(w->server);
	w->server = NULL;
	cr_expect_eq(w->acts_cancelled, 1);
	evhttp_connection_free(connection);
	world_free(w);
}
