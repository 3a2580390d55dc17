#include "lib/api_world.h"

#include <criterion/criterion.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "api/route.h"
#include "core/mem.h"
#include "sql/link.h"

enum { PATIENCE_MS = 15000 };

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
	if (act->entry) {
		size_t used = strlen(w->acted);

		snprintf(w->acted + used, sizeof(w->acted) - used, "|%s|%s", act->entry->approver,
			act->entry->valid_from);
	}
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

struct world *world_with(const char *person_header)
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

struct world *world_new(void)
{
	return world_with("X-Remote-User");
}

void world_forget(struct world *w)
{
	free(w->body);
	free(w->etag);
	free(w->type);
	w->body = w->etag = w->type = NULL;
	w->answered = false;
	w->status = 0;
}

void world_free(struct world *w)
{
	world_forget(w);
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

void world_on_answer(struct evhttp_request *request, void *arg)
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

static struct evhttp_connection *open_connection(struct world *w)
{
	const char *port = strrchr(api_server_address(w->server), ':');

	return evhttp_connection_base_new(
		w->base, NULL, "127.0.0.1", (unsigned short)strtol(port + 1, NULL, 10));
}

struct evhttp_connection *world_send(
	struct world *w, enum evhttp_cmd_type method, const char *path, const char *if_none_match)
{
	struct evhttp_connection *connection = open_connection(w);
	struct evhttp_request *request = evhttp_request_new(world_on_answer, w);

	world_forget(w);
	evhttp_add_header(evhttp_request_get_output_headers(request), "Host", "localhost");
	if (if_none_match)
		evhttp_add_header(
			evhttp_request_get_output_headers(request), "If-None-Match", if_none_match);
	cr_assert_eq(evhttp_make_request(connection, request, method, path), 0);
	return connection;
}

struct evhttp_connection *world_post(struct world *w, const char *path, const char *type,
	const char *person, const char *body, size_t length)
{
	struct evhttp_connection *connection = open_connection(w);
	struct evhttp_request *request = evhttp_request_new(world_on_answer, w);
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	world_forget(w);
	w->act_done = w->document_done = NULL;
	evhttp_add_header(headers, "Host", "localhost");
	if (type)
		evhttp_add_header(headers, "Content-Type", type);
	if (person)
		evhttp_add_header(headers, "X-Remote-User", person);
	evbuffer_add(evhttp_request_get_output_buffer(request), body, length);
	cr_assert_eq(evhttp_make_request(connection, request, EVHTTP_REQ_POST, path), 0);
	return connection;
}

static bool document_or_answer(void *arg)
{
	const struct world *w = arg;

	return w->document_done || w->answered;
}

static bool document_waits(void *arg)
{
	return ((const struct world *)arg)->document_done;
}

static bool act_waits(void *arg)
{
	return ((const struct world *)arg)->act_done;
}

void world_until_document(struct world *w)
{
	pg_loop_until_true(w->base, document_waits, w, PATIENCE_MS);
}

void world_until_act(struct world *w)
{
	pg_loop_until_true(w->base, act_waits, w, PATIENCE_MS);
}

struct evhttp_connection *world_post_document(
	struct world *w, const char *path, const char *type, const char *body, size_t length)
{
	struct evhttp_connection *connection = world_post(w, path, type, NULL, body, length);

	pg_loop_until_true(w->base, document_or_answer, w, PATIENCE_MS);
	return connection;
}

int world_refused(
	struct world *w, const char *path, const char *type, const char *body, size_t length)
{
	evhttp_connection_free(world_post_document(w, path, type, body, length));
	cr_expect(w->answered);
	return w->status;
}

int world_ask(struct world *w, const char *path)
{
	struct evhttp_connection *connection = world_send(w, EVHTTP_REQ_GET, path, NULL);

	pg_loop_until(w->base, &w->answered, 15000);
	evhttp_connection_free(connection);
	return w->status;
}

/* The body as JSON; the caller releases it. */
json_t *world_ask_json(struct world *w, const char *path)
{
	json_error_t error;
	json_t *json;

	cr_assert_eq(world_ask(w, path), 200, "%s: %d %s", path, w->status, w->body);
	json = json_loads(w->body, JSON_REJECT_DUPLICATES, &error);
	cr_assert_not_null(json, "%s: %s in %s", path, error.text, w->body);
	return json;
}

const char world_run_row[] =
	"INSERT INTO check_run (as_of, known_batch, jurisdiction, program, started_at, "
	"obligations, "
	"states_written) VALUES ('2026-10-20', 0, 'beijing-xicheng', 'test', now(), 3, 3);";

void world_add_debts(struct world *w)
{
	pg_exec(w->db, world_run_row);
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
