#include "api/server.h"

#include <criterion/criterion.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include "api/route.h"
#include "core/mem.h"
#include "lib/api_world.h"

Test(api_server, every_statement_of_the_route_table_runs_on_an_empty_ledger)
{
	struct world *w = world_new();

	for (const struct route *route = route_table; route->pattern; route++) {
		if (route->shape == ROUTE_CUSTOM)
			continue;
		if (strstr(route->pattern, "{}")) {
			char path[200];

			snprintf(path, sizeof(path), "%.*sNOTHING",
				(int)(strstr(route->pattern, "{}") - route->pattern),
				route->pattern);
			cr_expect_eq(
				world_ask(w, path), 404, "%s: %d %s", path, w->status, w->body);
		} else {
			json_decref(world_ask_json(w, route->pattern));
		}
	}
	cr_assert_eq(world_ask(w, "/api/v1/figures"), 404);
	world_free(w);
}

Test(api_server, a_row_of_the_arrears_says_what_a_person_found_out_and_who)
{
	static const char *const wanted[] = { "suspected", "", "verified", "王芳" };
	struct world *w = world_new();
	json_t *page, *item;

	world_add_debts(w);
	pg_exec(w->db,
		"INSERT INTO obligation_review (obligation_no, verdict, reviewer, "
		"overdue_since, overdue_fen) VALUES ('O2', 'verified', '王芳', '2026-09-30', 500)");
	page = world_ask_json(w, "/api/v1/arrears?limit=2");
	for (size_t i = 0; i < 2; i++) {
		item = json_array_get(json_object_get(page, "items"), i);
		cr_expect_str_eq(
			json_string_value(json_object_get(item, "standing")), wanted[2 * i]);
		cr_expect_str_eq(
			json_string_value(json_object_get(item, "reviewer")), wanted[2 * i + 1]);
	}
	json_decref(page);
	world_free(w);
}

Test(api_server, lists_page_by_cursor_without_loss_or_repetition)
{
	struct world *w = world_new();
	json_t *page;
	char path[300];

	world_add_debts(w);
	page = world_ask_json(w, "/api/v1/arrears?limit=2");
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 2);
	cr_assert_str_eq(json_string_value(json_object_get(page, "next")), "500:O2");
	cr_assert_eq(json_integer_value(json_object_get(
			     json_array_get(json_object_get(page, "items"), 0), "overdue_days")),
		20);
	snprintf(path, sizeof(path), "/api/v1/arrears?limit=2&cursor=%s",
		json_string_value(json_object_get(page, "next")));
	json_decref(page);
	page = world_ask_json(w, path);
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 1);
	cr_assert_str_eq(
		json_string_value(json_object_get(
			json_array_get(json_object_get(page, "items"), 0), "obligation_no")),
		"O3");
	cr_assert(json_is_null(json_object_get(page, "next")));
	json_decref(page);
	page = world_ask_json(w, "/api/v1/overview");
	cr_assert_eq(json_integer_value(json_object_get(page, "overdue_fen")), 1400);
	cr_assert_eq(json_integer_value(json_object_get(page, "overdue_obligations")), 3);
	json_decref(page);
	cr_assert_eq(world_ask(w, "/api/v1/arrears?cursor=nonsense"), 400);
	world_free(w);
}

Test(api_server, debts_that_are_not_overdue_page_by_number)
{
	struct world *w = world_new();
	json_t *page;

	world_add_debts(w);
	pg_exec(w->db, "UPDATE obligation_state SET status = 'not-due', overdue_fen = 0, "
		       "overdue_since = NULL");
	page = world_ask_json(w, "/api/v1/arrears?status=not-due&limit=2");
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 2);
	cr_assert_str_eq(json_string_value(json_object_get(page, "next")), "0:O2");
	json_decref(page);
	page = world_ask_json(w, "/api/v1/arrears?status=not-due&limit=2&cursor=0:O2");
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 1);
	cr_assert_str_eq(
		json_string_value(json_object_get(
			json_array_get(json_object_get(page, "items"), 0), "obligation_no")),
		"O3");
	cr_assert(json_is_null(json_object_get(page, "next")));
	json_decref(page);
	cr_assert_eq(world_ask(w, "/api/v1/arrears"), 200);
	world_free(w);
}

Test(api_server, both_interests_of_a_debt_are_of_the_last_runs_day)
{
	struct world *w = world_new();
	json_t *debt;

	world_add_debts(w); /* as of 20 October */
	pg_exec(w->db,
		"UPDATE obligation_state SET rate_basis = 'floor', rate_ppm = 36500, day_product "
		"= 1000000, accruing_fen = 50000, interest_fen = 100, interest_alt_fen = 500, "
		"alt_rate_ppm = 182500, alt_day_base = 365;"
		"UPDATE check_run SET as_of = '2026-10-22'");
	debt = world_ask_json(w, "/api/v1/arrears/O1");
	cr_expect_str_eq(json_string_value(json_object_get(debt, "as_of")), "2026-10-22");
	cr_expect_eq(json_integer_value(json_object_get(debt, "interest_fen")), 110);
	cr_expect_eq(json_integer_value(json_object_get(debt, "interest_alt_fen")), 550);
	json_decref(debt);
	world_free(w);
}

Test(api_server, figures_are_the_stored_bodies_with_the_departments_names)
{
	struct world *w = world_new();
	json_t *figures, *departments;

	pg_exec(w->db, world_run_row);
	pg_exec(w->db, "INSERT INTO quota_figure SELECT 2026, s, n, 'Q-3', 'CNY', 1, 1, 1, 1, "
		       "'met', 'met', 0,"
		       " jsonb_build_object('rule', 'Q-3', 'plan', jsonb_build_object('sme_fen', "
		       "9007199254740993)), '2026-10-20', 1"
		       " FROM (VALUES ('district', ''), ('001001', E'</script>\"\\n'), ('?', '')) "
		       "v (s, n)");
	figures = world_ask_json(w, "/api/v1/figures?fiscal_year=2026");
	departments = json_object_get(json_object_get(figures, "quota"), "departments");
	cr_assert_eq(json_object_size(departments), 2);
	cr_assert_str_eq(
		json_string_value(json_object_get(json_object_get(figures, "names"), "001001")),
		"</script>\"\n");
	cr_assert_null(strstr(w->body, "</script>"));
	cr_assert_not_null(strstr(w->body, "9007199254740993"));
	json_decref(figures);
	cr_assert_eq(world_ask(w, "/api/v1/figures?fiscal_year=2025"), 404);
	cr_assert_eq(world_ask(w, "/api/v1/figures?fiscal_year=20x5"), 400);
	world_free(w);
}

Test(api_server, the_description_names_every_route_and_column)
{
	struct world *w = world_new();
	json_t *document = world_ask_json(w, "/api/v1/openapi.json"),
	       *paths = json_object_get(document, "paths");
	size_t routes = 0;

	for (const struct route *route = route_table; route->pattern; route++)
		routes++;
	cr_assert_eq(json_object_size(paths), routes);
	cr_assert_not_null(json_object_get(paths, "/api/v1/arrears/{id}"));
	cr_assert_not_null(strstr(w->body,
		"\"overdue_days\":{\"type\":[\"integer\",\"null\"],\"format\":\"int64\"}"));
	cr_assert_not_null(strstr(w->body, "\"minimum\":1,\"maximum\":500"));
	json_decref(document);
	world_free(w);
}

Test(api_server, health_speaks_without_the_database)
{
	struct world *w = world_new();

	cr_assert_eq(world_ask(w, "/healthz"), 200);
	cr_assert_eq(world_ask(w, "/readyz"), 200);
	w->source_late = true;
	cr_assert_eq(world_ask(w, "/readyz"), 503);
	w->source_late = w->database_up = false;
	cr_assert_eq(world_ask(w, "/readyz"), 503);
	cr_assert_eq(world_ask(w, "/metrics"), 200);
	cr_assert_not_null(strstr(w->body, "setaside_database_up 0\n"));
	cr_assert_not_null(strstr(w->body, "{source=\"a\\\"b\"} 5\n"));
	world_free(w);
}

Test(api_server, unknown_paths_and_methods_are_problems_not_pages)
{
	struct world *w = world_new();
	struct evhttp_connection *connection;

	cr_assert_eq(world_ask(w, "/api/v1/nothing"), 404);
	cr_assert_str_eq(w->type, "application/problem+json");
	cr_assert_eq(world_ask(w, "/../etc/passwd"), 404);
	cr_assert_eq(world_ask(w, "/api/v1/arrears?limit=501"), 400);
	connection = world_send(w, EVHTTP_REQ_POST, "/api/v1/arrears", NULL);
	pg_loop_until(w->base, &w->answered, 5000);
	cr_assert_eq(w->status, 405);
	evhttp_connection_free(connection);
	world_free(w);
}

Test(api_server, the_page_has_an_etag_and_answers_304)
{
	struct world *w = world_new();
	struct evhttp_connection *connection;
	char *etag;

	cr_assert_eq(world_ask(w, "/"), 200);
	cr_assert_str_eq(w->type, "text/html; charset=utf-8");
	etag = mem_text(w->etag);
	connection = world_send(w, EVHTTP_REQ_GET, "/", etag);
	pg_loop_until(w->base, &w->answered, 5000);
	cr_assert_eq(w->status, 304);
	cr_assert_str_empty(w->body);
	evhttp_connection_free(connection);
	free(etag);
	world_free(w);
}

Test(api_server, a_document_is_answered_when_it_is_done)
{
	struct world *w = world_new();
	struct evhttp_connection *connection =
		world_send(w, EVHTTP_REQ_GET, "/api/v1/snapshot?as_of=2026-10-20", NULL);

	world_until_document(w);
	w->document_done(w->document_arg, NULL, "{\"as_of\":1}", 11);
	pg_loop_until(w->base, &w->answered, 5000);
	cr_assert_eq(w->status, 200);
	cr_assert_str_eq(w->body, "{\"as_of\":1}");
	evhttp_connection_free(connection);
	cr_assert_eq(world_ask(w, "/api/v1/snapshot?known_at=never"), 400);
	cr_assert_eq(w->documents_cancelled, 0);
	world_free(w);
}

Test(api_server, imagined_changes_are_posted_and_answered_with_the_document)
{
	struct world *w = world_new();
	static const char body[] = "{\"changes\":[]}";
	static const char path[] = "/api/v1/what-if?as_of=2026-10-20";
	struct evhttp_connection *connection =
		world_post_document(w, path, "application/json; charset=utf-8", body, strlen(body));

	cr_assert_str_eq(w->imagined, body);
	w->document_done(w->document_arg, NULL, "{\"scopes\":{}}", 13);
	pg_loop_until(w->base, &w->answered, 5000);
	cr_expect_eq(w->status, 200);
	cr_expect_str_eq(w->body, "{\"scopes\":{}}");
	evhttp_connection_free(connection);
	world_free(w);
}

Test(api_server, changes_that_cannot_be_imagined_are_named)
{
	struct world *w = world_new();
	static const char path[] = "/api/v1/what-if";
	struct err missing = ERR_INIT;
	struct evhttp_connection *connection;

	cr_expect_eq(world_refused(w, path, "application/json", "{}", 2), 422);
	cr_expect_not_null(strstr(w->body, "\\\"changes\\\" is missing"), "%s", w->body);
	connection = world_post_document(w, path, "application/json", "[]", 2);
	err_set(&missing, ERR_DATA, "change 1: there is no such budget row");
	w->document_done(w->document_arg, &missing, NULL, 0);
	pg_loop_until(w->base, &w->answered, 5000);
	cr_expect_eq(w->status, 422);
	cr_expect_not_null(strstr(w->body, "change 1"), "%s", w->body);
	evhttp_connection_free(connection);
	world_free(w);
}

Test(api_server, a_post_has_its_path_its_type_and_its_ceiling)
{
	struct world *w = world_new();
	enum { TOO_MUCH = (1 << 20) + 1 };
	char *much = mem_zero(1, TOO_MUCH);

	memset(much, ' ', TOO_MUCH);
	signal(SIGPIPE, SIG_IGN); /* what is too much is not read to its end */
	cr_expect_eq(world_ask(w, "/api/v1/what-if"), 405);
	cr_expect_eq(world_refused(w, "/api/v1/snapshot", "application/json", "{}", 2), 405);
	cr_expect_eq(world_refused(w, "/", "application/json", "{}", 2), 405);
	cr_expect_eq(
		world_refused(w, "/api/v1/what-if", "text/plain", "{\"changes\":[]}", 14), 415);
	cr_expect_eq(world_refused(w, "/api/v1/what-if", NULL, "{\"changes\":[]}", 14), 415);
	/* the connection may be closed before the client has said all of it */
	int status = world_refused(w, "/api/v1/what-if", "application/json", much, TOO_MUCH);
	cr_expect(status == 413 || status == 0, "%d", status);
	cr_expect_null(w->imagined);
	free(much);
	world_free(w);
}

Test(api_server, an_explanation_needs_an_id)
{
	struct world *w = world_new();

	cr_expect_eq(world_ask(w, "/api/v1/explain"), 400);
	cr_expect_eq(world_ask(w, "/api/v1/original"), 400);
	cr_expect_eq(world_ask(w, "/api/v1/original?kind=payment"), 400);
	world_free(w);
}

Test(api_server, stopping_cancels_what_is_pending_and_refuses_what_is_new)
{
	struct world *w = world_new();
	struct evhttp_connection *pending = world_send(w, EVHTTP_REQ_GET, "/api/v1/snapshot", NULL);

	world_until_document(w);
	cr_assert_not(api_server_drained(w->server));
	api_server_stop(w->server);
	api_server_free(w->server);
	w->server = NULL;
	cr_assert_eq(w->documents_cancelled, 1);
	evhttp_connection_free(pending);
	world_free(w);
}

static bool is_drained(void *server)
{
	return api_server_drained(server);
}

Test(api_server, a_client_that_leaves_does_not_hurt_the_answer)
{
	struct world *w = world_new();
	struct evhttp_connection *connection =
		world_send(w, EVHTTP_REQ_GET, "/api/v1/snapshot", NULL);
	struct err none = ERR_INIT;

	world_until_document(w);
	evhttp_connection_free(connection);
	pg_loop_for(w->base, 100);
	if (w->documents_cancelled == 0)
		w->document_done(w->document_arg, &none, "{}", 2);
	pg_loop_until_true(w->base, is_drained, w->server, 5000);
	cr_assert_eq(world_ask(w, "/healthz"), 200);
	world_free(w);
}

Test(api_server, only_loopback_and_unix_sockets_are_listened_on)
{
	static const char *const bad[] = { "0.0.0.0:8870", "192.0.2.1:80", "[::]:8870",
		"example.org:80", "unix:relative", "" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char *text = mem_format("api { listen = \"%s\" }\n", bad[i]);
		static const struct conf_section sections[] = {
			{ .name = "api", .keys = api_conf_keys }, { .name = NULL }
		};
		struct conf_errors errors = CONF_ERRORS_INIT;
		struct conf *conf = conf_parse("x.conf", text, strlen(text), sections, &errors);
		struct api_config config = { 0 };

		cr_expect(!conf || api_config_read(conf_block(conf, "api", 0), &config, &errors) ==
					   -1,
			"%s", bad[i]);
		api_config_free(&config);
		conf_free(conf);
		conf_errors_free(&errors);
		free(text);
	}
}

Test(api_server, a_pull_that_runs_shows_how_far_it_is)
{
	struct world *w = world_new();

	cr_assert_eq(world_ask(w, "/api/v1/pulls"), 200);
	cr_expect_str_eq(w->body, "{\"items\":[],\"next\":null}\n");
	w->source_running = true;
	cr_assert_eq(world_ask(w, "/api/v1/pulls"), 200);
	cr_expect_str_eq(w->body,
		"{\"items\":[{\"source\":\"a\\\"b\",\"state\":\"reading\",\"rows\":41,\"bytes\":"
		"500,"
		"\"bytes_total\":1000,\"percent\":50,\"seconds_left\":null}],\"next\":null}\n");
	world_free(w);
}
