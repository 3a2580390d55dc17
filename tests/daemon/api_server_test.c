#include "api/server.h"

#include <criterion/criterion.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <jansson.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#include "api/route.h"
#include "core/mem.h"
#include "lib/pg.h"
#include "sql/link.h"

/* One server on a port of its own, over a private database, and a client on the same loop. */
struct world {
	struct event_base *base;
	struct pg_db *db;
	struct sql_link *link;
	struct api_server *server;
	bool database_up, source_late, source_running;
	api_document_fn document_done; /* a document that waits */
	void *document_arg;
	int documents_cancelled;
	char acted[600];          /* the last act, its members joined by '|' */
	enum err_code refusal;    /* how the next act ends */
	api_document_fn act_done; /* an act that waits */
	void *act_arg;
	int acts_cancelled;
	char *imagined; /* the changes that came with a request */
	/* last answer */
	bool answered;
	int status;
	char *body, *etag, *type;
};

static void fill_status(void *owner, struct api_status *ret_status)
{
	struct world *w = owner;
	static struct api_source_status source = { .name = "a\"b", .last_success = 5 };

	source.late = w->source_late;
	source.running = w->source_running;
	source.state = "reading";
	source.rows = 41;
	source.bytes = 500;
	source.bytes_total = 1000;
	source.percent = 50;
	source.seconds_left = -1;
	*ret_status = (struct api_status){ .database_up = w->database_up,
		.schema_ok = true,
		.state_version = 7,
		.sources = &source,
		.source_count = 1 };
}

static void *start_document(void *owner, const struct api_document_options *options,
	api_document_fn done, void *arg, struct err *err)
{
	struct world *w = owner;

	if (strcmp(options->known_at, "never") == 0) {
		err_set(err, ERR_USAGE, "known_at is not a time");
		return NULL;
	}
	if (options->what_if) {
		free(w->imagined);
		w->imagined = mem_text_n(options->what_if, options->what_if_length);
		if (strcmp(w->imagined, "{}") == 0) {
			err_set(err, ERR_DATA, "\"changes\" is missing");
			return NULL;
		}
	}
	w->document_done = done;
	w->document_arg = arg;
	return w;
}

static void cancel_document(void *owner, void *document)
{
	cr_assert_eq(owner, document);
	((struct world *)owner)->documents_cancelled++;
}

static void *start_act(
	void *owner, const struct api_act *act, api_document_fn done, void *arg, struct err *err)
{
	struct world *w = owner;

	snprintf(w->acted, sizeof(w->acted), "%s|%s|%s|%s|%s|%s", act->subject, act->word,
		act->reason, act->person, act->overdue_since, act->overdue_fen);
	if (w->refusal == ERR_USAGE) {
		err_set(err, ERR_USAGE, "verdict must be one of the list");
		return NULL;
	}
	w->act_done = done;
	w->act_arg = arg;
	return w;
}

static void cancel_act(void *owner, void *act)
{
	cr_assert_eq(owner, act);
	((struct world *)owner)->acts_cancelled++;
}

static const struct api_hooks hooks = { fill_status, start_document, cancel_document, start_act,
	cancel_act };

/* Port 0 is not a configuration, so the socket comes from outside, as under systemd. */
static int listening_socket(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(bind(fd, (struct sockaddr *)&any, sizeof(any)), 0);
	cr_assert_eq(listen(fd, 16), 0);
	return fd;
}

static struct world *world_with(const char *person_header)
{
	int fd = listening_socket();
	struct world *w = mem_zero(1, sizeof(*w));
	struct err err = ERR_INIT;

	w->base = pg_loop_new();
	w->db = pg_db_new();
	w->database_up = true;
	w->link = sql_link_new(w->base,
		&(struct sql_link_options){ .dsn = pg_db_dsn(w->db), .name = "read-1" }, &err);
	cr_assert_not_null(w->link, "%s", err.text);
	w->server = api_server_new(&(struct api_options){ .base = w->base,
					   .fds = &fd,
					   .fd_count = 1,
					   .read = &w->link,
					   .read_count = 1,
					   .person_header = person_header,
					   .hooks = &hooks,
					   .owner = w },
		&err);
	cr_assert_not_null(w->server, "%s", err.text);
	return w;
}

static struct world *world_new(void)
{
	return world_with("X-Remote-User");
}

static void forget_answer(struct world *w)
{
	free(w->body);
	free(w->etag);
	free(w->type);
	w->body = w->etag = w->type = NULL;
	w->answered = false;
	w->status = 0;
}

static void world_free(struct world *w)
{
	forget_answer(w);
	free(w->imagined);
	api_server_free(w->server);
	sql_link_free(w->link);
	pg_loop_free(w->base);
	pg_db_free(w->db);
	free(w);
}

static char *header(struct evhttp_request *request, const char *name)
{
	const char *value = evhttp_find_header(evhttp_request_get_input_headers(request), name);

	return mem_text(value ? value : "");
}

static void on_answer(struct evhttp_request *request, void *arg)
{
	struct world *w = arg;
	struct evbuffer *in = request ? evhttp_request_get_input_buffer(request) : NULL;

	w->answered = true;
	if (!request)
		return;
	w->status = evhttp_request_get_response_code(request);
	w->body = mem_text_n((const char *)evbuffer_pullup(in, -1), evbuffer_get_length(in));
	w->etag = header(request, "ETag");
	w->type = header(request, "Content-Type");
}

static struct evhttp_connection *send_request(
	struct world *w, enum evhttp_cmd_type method, const char *path, const char *if_none_match)
{
	const char *port = strrchr(api_server_address(w->server), ':');
	struct evhttp_connection *connection = evhttp_connection_base_new(
		w->base, NULL, "127.0.0.1", (unsigned short)strtol(port + 1, NULL, 10));
	struct evhttp_request *request = evhttp_request_new(on_answer, w);

	forget_answer(w);
	evhttp_add_header(evhttp_request_get_output_headers(request), "Host", "localhost");
	if (if_none_match)
		evhttp_add_header(
			evhttp_request_get_output_headers(request), "If-None-Match", if_none_match);
	cr_assert_eq(evhttp_make_request(connection, request, method, path), 0);
	return connection;
}

/* POSTs and waits for the answer only where the hook is not reached; type NULL = none. */
static struct evhttp_connection *post_document(
	struct world *w, const char *path, const char *type, const char *body, size_t length)
{
	const char *port = strrchr(api_server_address(w->server), ':');
	struct evhttp_connection *connection = evhttp_connection_base_new(
		w->base, NULL, "127.0.0.1", (unsigned short)strtol(port + 1, NULL, 10));
	struct evhttp_request *request = evhttp_request_new(on_answer, w);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	forget_answer(w);
	w->document_done = NULL;
	evhttp_add_header(headers, "Host", "localhost");
	if (type)
		evhttp_add_header(headers, "Content-Type", type);
	evbuffer_add(evhttp_request_get_output_buffer(request), body, length);
	cr_assert_eq(evhttp_make_request(connection, request, EVHTTP_REQ_POST, path), 0);
	while (!w->document_done && !w->answered)
		event_base_loop(w->base, EVLOOP_ONCE);
	return connection;
}

static int refused(
	struct world *w, const char *path, const char *type, const char *body, size_t length)
{
	evhttp_connection_free(post_document(w, path, type, body, length));
	cr_expect(w->answered);
	return w->status;
}

static int ask(struct world *w, const char *path)
{
	struct evhttp_connection *connection = send_request(w, EVHTTP_REQ_GET, path, NULL);

	pg_loop_until(w->base, &w->answered, 15000);
	evhttp_connection_free(connection);
	return w->status;
}

/* The body as JSON; the caller releases it. */
static json_t *ask_json(struct world *w, const char *path)
{
	json_error_t error;
	json_t *json;

	cr_assert_eq(ask(w, path), 200, "%s: %d %s", path, w->status, w->body);
	json = json_loads(w->body, JSON_REJECT_DUPLICATES, &error);
	cr_assert_not_null(json, "%s: %s in %s", path, error.text, w->body);
	return json;
}

static const char run_row[] =
	"INSERT INTO check_run (as_of, known_batch, jurisdiction, program, started_at, "
	"obligations, "
	"states_written) VALUES ('2026-10-20', 0, 'beijing-xicheng', 'test', now(), 3, 3);";

static void add_debts(struct world *w)
{
	pg_exec(w->db, run_row);
	pg_exec(w->db, "INSERT INTO obligation_state (obligation_no, contract_no, unit_code, "
		       "supplier_uscc, department, kind, debtor_kind,"
		       " coverage, status, due_on, due_source, amount_fen, paid_fen, "
		       "outstanding_fen, undisputed_fen, disputed_fen,"
		       " overdue_fen, overdue_since, rate_basis, interest_fen, interest_alt_fen, "
		       "evidence, as_of, run_id,"
		       " rate_ppm, day_base, day_product, accruing_fen, print)"
		       " SELECT 'O' || n, 'C' || n, '001001', 'S', '001001', 'delivery', 'organ', "
		       "'covered', 'overdue', '2026-09-30',"
		       " 'agreed', 500, 0, 500, 500, 0, CASE WHEN n < 3 THEN 500 ELSE 400 END, "
		       "'2026-09-30', 'statutory', 5, 0,"
		       " '{\"why\":\"<b>\"}', '2026-10-20', 1, 182500, 365, 10000, 500, "
		       "md5(n::text)::uuid FROM generate_series(1, 3) n");
}

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
			cr_expect_eq(ask(w, path), 404, "%s: %d %s", path, w->status, w->body);
		} else {
			json_decref(ask_json(w, route->pattern));
		}
	}
	cr_assert_eq(ask(w, "/api/v1/figures"), 404);
	world_free(w);
}

Test(api_server, lists_page_by_cursor_without_loss_or_repetition)
{
	struct world *w = world_new();
	json_t *page;
	char path[300];

	add_debts(w);
	page = ask_json(w, "/api/v1/arrears?limit=2");
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 2);
	cr_assert_str_eq(json_string_value(json_object_get(page, "next")), "500:O2");
	cr_assert_eq(json_integer_value(json_object_get(
			     json_array_get(json_object_get(page, "items"), 0), "overdue_days")),
		20);
	snprintf(path, sizeof(path), "/api/v1/arrears?limit=2&cursor=%s",
		json_string_value(json_object_get(page, "next")));
	json_decref(page);
	page = ask_json(w, path);
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 1);
	cr_assert_str_eq(
		json_string_value(json_object_get(
			json_array_get(json_object_get(page, "items"), 0), "obligation_no")),
		"O3");
	cr_assert(json_is_null(json_object_get(page, "next")));
	json_decref(page);
	page = ask_json(w, "/api/v1/overview");
	cr_assert_eq(json_integer_value(json_object_get(page, "overdue_fen")), 1400);
	cr_assert_eq(json_integer_value(json_object_get(page, "overdue_obligations")), 3);
	json_decref(page);
	cr_assert_eq(ask(w, "/api/v1/arrears?cursor=nonsense"), 400);
	world_free(w);
}

Test(api_server, debts_that_are_not_overdue_page_by_number)
{
	struct world *w = world_new();
	json_t *page;

	add_debts(w);
	pg_exec(w->db, "UPDATE obligation_state SET status = 'not-due', overdue_fen = 0, "
		       "overdue_since = NULL");
	page = ask_json(w, "/api/v1/arrears?status=not-due&limit=2");
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 2);
	cr_assert_str_eq(json_string_value(json_object_get(page, "next")), "0:O2");
	json_decref(page);
	page = ask_json(w, "/api/v1/arrears?status=not-due&limit=2&cursor=0:O2");
	cr_assert_eq(json_array_size(json_object_get(page, "items")), 1);
	cr_assert_str_eq(
		json_string_value(json_object_get(
			json_array_get(json_object_get(page, "items"), 0), "obligation_no")),
		"O3");
	cr_assert(json_is_null(json_object_get(page, "next")));
	json_decref(page);
	cr_assert_eq(ask(w, "/api/v1/arrears"), 200);
	world_free(w);
}

Test(api_server, figures_are_the_stored_bodies_with_the_departments_names)
{
	struct world *w = world_new();
	json_t *figures, *departments;

	pg_exec(w->db, run_row);
	pg_exec(w->db, "INSERT INTO quota_figure SELECT 2026, s, n, 'Q-3', 'CNY', 1, 1, 1, 1, "
		       "'met', 'met', 0,"
		       " jsonb_build_object('rule', 'Q-3', 'plan', jsonb_build_object('sme_fen', "
		       "9007199254740993)), '2026-10-20', 1"
		       " FROM (VALUES ('district', ''), ('001001', E'</script>\"\\n'), ('?', '')) "
		       "v (s, n)");
	figures = ask_json(w, "/api/v1/figures?fiscal_year=2026");
	departments = json_object_get(json_object_get(figures, "quota"), "departments");
	cr_assert_eq(json_object_size(departments), 2);
	cr_assert_str_eq(
		json_string_value(json_object_get(json_object_get(figures, "names"), "001001")),
		"</script>\"\n");
	cr_assert_null(strstr(w->body, "</script>"));
	cr_assert_not_null(strstr(w->body, "9007199254740993"));
	json_decref(figures);
	cr_assert_eq(ask(w, "/api/v1/figures?fiscal_year=2025"), 404);
	cr_assert_eq(ask(w, "/api/v1/figures?fiscal_year=20x5"), 400);
	world_free(w);
}

Test(api_server, the_description_names_every_route_and_column)
{
	struct world *w = world_new();
	json_t *document = ask_json(w, "/api/v1/openapi.json"),
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

	cr_assert_eq(ask(w, "/healthz"), 200);
	cr_assert_eq(ask(w, "/readyz"), 200);
	w->source_late = true;
	cr_assert_eq(ask(w, "/readyz"), 503);
	w->source_late = w->database_up = false;
	cr_assert_eq(ask(w, "/readyz"), 503);
	cr_assert_eq(ask(w, "/metrics"), 200);
	cr_assert_not_null(strstr(w->body, "setaside_database_up 0\n"));
	cr_assert_not_null(strstr(w->body, "{source=\"a\\\"b\"} 5\n"));
	world_free(w);
}

Test(api_server, unknown_paths_and_methods_are_problems_not_pages)
{
	struct world *w = world_new();
	struct evhttp_connection *connection;

	cr_assert_eq(ask(w, "/api/v1/nothing"), 404);
	cr_assert_str_eq(w->type, "application/problem+json");
	cr_assert_eq(ask(w, "/../etc/passwd"), 404);
	cr_assert_eq(ask(w, "/api/v1/arrears?limit=501"), 400);
	connection = send_request(w, EVHTTP_REQ_POST, "/api/v1/arrears", NULL);
	pg_loop_until(w->base, &w->answered, 5000);
	cr_assert_eq(w->status, 405);
	evhttp_connection_free(connection);
	world_free(w);
}

/* What a person writes ------------------------------------------------------------------------ */

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
	const char *port = strrchr(api_server_address(w->server), ':');
	struct evhttp_connection *connection = evhttp_connection_base_new(
		w->base, NULL, "127.0.0.1", (unsigned short)strtol(port + 1, NULL, 10));
	struct evhttp_request *request = evhttp_request_new(on_answer, w);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	forget_answer(w);
	w->acted[0] = 0;
	w->act_done = NULL;
	evhttp_add_header(headers, "Host", "localhost");
	if (posting->type)
		evhttp_add_header(headers, "Content-Type", posting->type);
	if (posting->person)
		evhttp_add_header(headers, "X-Remote-User", posting->person);
	evbuffer_add(
		evhttp_request_get_output_buffer(request), posting->body, strlen(posting->body));
	cr_assert_eq(evhttp_make_request(connection, request, EVHTTP_REQ_POST, path), 0);
	return connection;
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

	while (!w->act_done)
		event_base_loop(w->base, EVLOOP_ONCE);
	if (code)
		err_set(&err, code, "O1 is refuted: it cannot be verified from there");
	w->act_done(
		w->act_arg, code ? &err : NULL, code ? NULL : "{\"review_id\":1}", code ? 0 : 15);
	pg_loop_until(w->base, &w->answered, 5000);
}

Test(api_server, a_signed_in_person_reviews_a_debt_and_a_refusal_is_named)
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

Test(api_server, nobody_writes_who_is_not_signed_in)
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

Test(api_server, a_form_of_another_page_cannot_write)
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

Test(api_server, a_body_that_is_not_what_the_route_asks_for_does_nothing)
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

Test(api_server, reading_a_path_of_writing_and_the_reverse_are_not_allowed)
{
	struct world *w = world_new();
	struct posting posting = { "application/json", "王芳", review_body };

	cr_expect_eq(ask(w, review_path), 405);
	cr_expect_eq(post_refused(w, "/api/v1/arrears", &posting), 405);
	world_free(w);
}

Test(api_server, an_act_under_way_is_let_go_when_the_server_ends)
{
	struct world *w = world_new();
	struct posting posting = { "application/json", "王芳", review_body };
	struct evhttp_connection *connection = post(w, review_path, &posting);

	while (!w->act_done)
		event_base_loop(w->base, EVLOOP_ONCE);
	api_server_free(w->server);
	w->server = NULL;
	cr_expect_eq(w->acts_cancelled, 1);
	evhttp_connection_free(connection);
	world_free(w);
}

Test(api_server, the_page_has_an_etag_and_answers_304)
{
	struct world *w = world_new();
	struct evhttp_connection *connection;
	char *etag;

	cr_assert_eq(ask(w, "/"), 200);
	cr_assert_str_eq(w->type, "text/html; charset=utf-8");
	etag = mem_text(w->etag);
	connection = send_request(w, EVHTTP_REQ_GET, "/", etag);
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
		send_request(w, EVHTTP_REQ_GET, "/api/v1/snapshot?as_of=2026-10-20", NULL);

	while (!w->document_done)
		event_base_loop(w->base, EVLOOP_ONCE);
	w->document_done(w->document_arg, NULL, "{\"as_of\":1}", 11);
	pg_loop_until(w->base, &w->answered, 5000);
	cr_assert_eq(w->status, 200);
	cr_assert_str_eq(w->body, "{\"as_of\":1}");
	evhttp_connection_free(connection);
	cr_assert_eq(ask(w, "/api/v1/snapshot?known_at=never"), 400);
	cr_assert_eq(w->documents_cancelled, 0);
	world_free(w);
}

Test(api_server, imagined_changes_are_posted_and_answered_with_the_document)
{
	struct world *w = world_new();
	static const char body[] = "{\"changes\":[]}";
	static const char path[] = "/api/v1/what-if?as_of=2026-10-20";
	struct evhttp_connection *connection =
		post_document(w, path, "application/json; charset=utf-8", body, strlen(body));

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

	cr_expect_eq(refused(w, path, "application/json", "{}", 2), 422);
	cr_expect_not_null(strstr(w->body, "\\\"changes\\\" is missing"), "%s", w->body);
	connection = post_document(w, path, "application/json", "[]", 2);
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
	cr_expect_eq(ask(w, "/api/v1/what-if"), 405);
	cr_expect_eq(refused(w, "/api/v1/snapshot", "application/json", "{}", 2), 405);
	cr_expect_eq(refused(w, "/", "application/json", "{}", 2), 405);
	cr_expect_eq(refused(w, "/api/v1/what-if", "text/plain", "{\"changes\":[]}", 14), 415);
	cr_expect_eq(refused(w, "/api/v1/what-if", NULL, "{\"changes\":[]}", 14), 415);
	/* the connection may be closed before the client has said all of it */
	int status = refused(w, "/api/v1/what-if", "application/json", much, TOO_MUCH);
	cr_expect(status == 413 || status == 0, "%d", status);
	cr_expect_null(w->imagined);
	free(much);
	world_free(w);
}

Test(api_server, an_explanation_needs_an_id)
{
	struct world *w = world_new();

	cr_expect_eq(ask(w, "/api/v1/explain"), 400);
	world_free(w);
}

Test(api_server, stopping_cancels_what_is_pending_and_refuses_what_is_new)
{
	struct world *w = world_new();
	struct evhttp_connection *pending =
		send_request(w, EVHTTP_REQ_GET, "/api/v1/snapshot", NULL);

	while (!w->document_done)
		event_base_loop(w->base, EVLOOP_ONCE);
	cr_assert_not(api_server_drained(w->server));
	api_server_stop(w->server);
	api_server_free(w->server);
	w->server = NULL;
	cr_assert_eq(w->documents_cancelled, 1);
	evhttp_connection_free(pending);
	world_free(w);
}

Test(api_server, a_client_that_leaves_does_not_hurt_the_answer)
{
	struct world *w = world_new();
	struct evhttp_connection *connection =
		send_request(w, EVHTTP_REQ_GET, "/api/v1/snapshot", NULL);
	struct err none = ERR_INIT;

	while (!w->document_done)
		event_base_loop(w->base, EVLOOP_ONCE);
	evhttp_connection_free(connection);
	pg_loop_for(w->base, 100);
	if (w->documents_cancelled == 0)
		w->document_done(w->document_arg, &none, "{}", 2);
	pg_loop_for(w->base, 100);
	cr_assert(api_server_drained(w->server));
	cr_assert_eq(ask(w, "/healthz"), 200);
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

	cr_assert_eq(ask(w, "/api/v1/pulls"), 200);
	cr_expect_str_eq(w->body, "{\"items\":[],\"next\":null}\n");
	w->source_running = true;
	cr_assert_eq(ask(w, "/api/v1/pulls"), 200);
	cr_expect_str_eq(w->body,
		"{\"items\":[{\"source\":\"a\\\"b\",\"state\":\"reading\",\"rows\":41,\"bytes\":"
		"500,"
		"\"bytes_total\":1000,\"percent\":50,\"seconds_left\":null}],\"next\":null}\n");
	world_free(w);
}
