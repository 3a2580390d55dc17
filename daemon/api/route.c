#include "api/route.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

#include "api/assets.h"
#include "api/health.h"
#include "api/internal.h"
#include "api/serialise.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/link.h"

enum { BODY_MAX = 4 << 20, QUERY_DEADLINE_MS = 8000 };

/* One request that waits for its rows. */
struct query_run {
	struct reply *reply;
	const struct route *route;
	struct sql_job *job;
	int rows;
	bool too_long;
	char cursor[ROUTE_TEXT_MAX];
	int64_t limit;
};

static bool decode_segment(const char *from, size_t length, char *room)
{
	char raw[ROUTE_TEXT_MAX * 3 + 1];
	char *text;
	size_t n;
	bool fits;

	if (length >= sizeof(raw))
		return false;
	memcpy(raw, from, length);
	raw[length] = 0;
	text = evhttp_uridecode(raw, 0, &n);
	if (!text)
		return false;
	fits = n > 0 && n < ROUTE_TEXT_MAX && text_utf8_valid(text, n, NULL);
	if (fits)
		memcpy(room, text, n + 1);
	free(text);
	return fits;
}

bool route_match(const char *pattern, const char *path, struct route_request *ret_request)
{
	ret_request->segment_count = 0;
	while (*pattern) {
		size_t length;

		if (strncmp(pattern, "{}", 2) != 0) {
			if (*pattern++ != *path++)
				return false;
			continue;
		}
		length = strcspn(path, "/");
		if (ret_request->segment_count == ROUTE_SEGMENTS_MAX ||
			!decode_segment(
				path, length, ret_request->segment[ret_request->segment_count]))
			return false;
		ret_request->segment_count++;
		path += length;
		pattern += 2;
	}
	return *path == 0;
}

static int check_word(const struct route_parameter *parameter, const char *text, struct err *err)
{
	char known[200] = "";
	int used = 0;

	for (int i = 0; parameter->words[i]; i++) {
		if (strcmp(parameter->words[i], text) == 0)
			return 0;
		if ((size_t)used < sizeof(known))
			used += snprintf(known + used, sizeof(known) - (size_t)used, "%s%s",
				i > 0 ? ", " : "", parameter->words[i]);
	}
	return err_set(err, ERR_USAGE, "%s must be one of: %s", parameter->name, known);
}

int route_check_value(
	const struct route_parameter *parameter, const char *text, size_t max, struct err *err)
{
	int64_t number;
	day_t day;

	switch (parameter->type) {
	case ROUTE_INT:
		if (!text_to_int64(text, &number) || number < parameter->min ||
			number > parameter->max)
			return err_set(err, ERR_USAGE, "%s must be an integer from %lld to %lld",
				parameter->name, (long long)parameter->min,
				(long long)parameter->max);
		return 0;
	case ROUTE_DATE:
		if (!day_parse(text, strlen(text), &day))
			return err_set(
				err, ERR_USAGE, "%s must be a date YYYY-MM-DD", parameter->name);
		return 0;
	case ROUTE_BOOL:
		if (strcmp(text, "0") != 0 && strcmp(text, "1") != 0)
			return err_set(err, ERR_USAGE, "%s must be 0 or 1", parameter->name);
		return 0;
	case ROUTE_TEXT:
	case ROUTE_JSON:
		break;
	}
	if (strlen(text) >= max || !text_utf8_valid(text, strlen(text), NULL))
		return err_set(err, ERR_USAGE, "%s is too long or not UTF-8", parameter->name);
	return parameter->words ? check_word(parameter, text, err) : 0;
}

static int take_parameter(const struct route *route, const char *name, const char *text,
	struct route_request *request, struct err *err)
{
	for (int i = 0; route->parameters && route->parameters[i].name; i++) {
		if (strcmp(route->parameters[i].name, name) != 0)
			continue;
		if (request->value[i] == request->room[i])
			return err_set(err, ERR_USAGE, "%s is given twice", name);
		if (route_check_value(&route->parameters[i], text, ROUTE_TEXT_MAX, err))
			return -1;
		snprintf(request->room[i], ROUTE_TEXT_MAX, "%s", text);
		request->value[i] = request->room[i];
		return 0;
	}
	return err_set(err, ERR_USAGE, "unknown parameter %.60s", name);
}

static const char *value_of(
	const struct route *route, const struct route_request *request, const char *name)
{
	for (int i = 0; route->parameters && route->parameters[i].name; i++)
		if (strcmp(route->parameters[i].name, name) == 0)
			return request->value[i];
	return NULL;
}

/* Both were read as days, so their texts compare as they do. */
static int check_span(
	const struct route *route, const struct route_request *request, struct err *err)
{
	const char *since = value_of(route, request, "since");
	const char *until = value_of(route, request, "until");

	if (since && until && strcmp(until, since) < 0)
		return err_set(err, ERR_USAGE, "until, %s, lies before since, %s", until, since);
	return 0;
}

int route_read_query(const struct route *route, const char *query, struct route_request *request,
	struct err *err)
{
	struct evkeyvalq pairs;
	struct evkeyval *pair;
	int result = 0;

	for (int i = 0; route->parameters && route->parameters[i].name; i++)
		request->value[i] = route->parameters[i].fallback;
	if (!query || !*query)
		return 0;
	if (evhttp_parse_query_str(query, &pairs))
		return err_set(err, ERR_USAGE, "the query string does not parse");
	for (pair = pairs.tqh_first; pair && result == 0; pair = pair->next.tqe_next)
		result = take_parameter(route, pair->key, pair->value, request, err);
	evhttp_clear_headers(&pairs);
	return result == 0 ? check_span(route, request, err) : result;
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct query_run *run = arg;
	struct evbuffer *out = reply_body(run->reply);
	int columns = sql_row_columns(row);

	if (evbuffer_get_length(out) > BODY_MAX) {
		run->too_long = true;
		return;
	}
	if (run->route->shape == ROUTE_ONE && run->rows > 0)
		return;
	if (run->route->shape == ROUTE_LIST) {
		evbuffer_add_printf(out, "%s", run->rows ? ",\n" : "{\"items\":[\n");
		snprintf(run->cursor, sizeof(run->cursor), "%s", sql_row_text(row, columns - 1));
	}
	serialise_row(out, run->route->columns, row);
	run->rows++;
}

static void finish_list(struct query_run *run)
{
	struct evbuffer *out = reply_body(run->reply);

	evbuffer_add_printf(out, "%s],\"next\":", run->rows ? "" : "{\"items\":[");
	if (run->rows && run->rows == run->limit)
		serialise_text(out, run->cursor, strlen(run->cursor));
	else
		evbuffer_add_printf(out, "null");
	evbuffer_add_printf(out, "}\n");
	reply_send(run->reply, 200, "application/json");
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct query_run *run = arg;

	/* every other parameter was checked before, so it is a cursor that never was one of ours */
	if (sql_fault(outcome) == SQL_FAULT_DATA)
		reply_problem(run->reply, 400, "Bad request", "The cursor is not one of this list");
	else if (outcome->err.code != ERR_NONE)
		reply_error(run->reply, &outcome->err);
	else if (run->too_long)
		reply_problem(run->reply, 413, "Too large", "Ask for fewer rows");
	else if (run->route->shape == ROUTE_LIST)
		finish_list(run);
	else if (run->rows == 0)
		reply_problem(run->reply, 404, "Not found", "There is no such thing");
	else
		reply_send(run->reply, 200, "application/json");
	free(run);
}

static void on_cancel(void *arg)
{
	struct query_run *run = arg;

	sql_job_cancel(run->job);
	free(run);
}

static void fill_params(
	const struct route *route, const struct route_request *request, struct sql_params *params)
{
	for (int i = 0; i < request->segment_count; i++)
		sql_param_text(params, request->segment[i]);
	for (int i = 0; route->parameters && route->parameters[i].name; i++)
		sql_param_text(params, request->value[i]);
}

static int64_t limit_of(const struct route *route, const struct route_request *request)
{
	const char *text = value_of(route, request, "limit");
	int64_t limit = 0;

	if (text)
		text_to_int64(text, &limit);
	return limit;
}

static void start_query(struct api_server *server, const struct route *route,
	const struct route_request *request, struct reply *reply)
{
	struct query_run *run = mem_zero(1, sizeof(*run));
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = { .text = route->sql,
		.params = &params,
		.row = on_row,
		.done = on_done,
		.arg = run,
		.deadline_ms = QUERY_DEADLINE_MS };

	run->reply = reply;
	run->route = route;
	run->limit = limit_of(route, request);
	fill_params(route, request, &params);
	run->job = sql_submit(api_read_link(server), &call, &err);
	if (!run->job) {
		free(run);
		reply_error(reply, &err);
		return;
	}
	reply_on_cancel(reply, on_cancel, run);
}

static bool is_json(const char *type)
{
	size_t length = type ? strcspn(type, "; ") : 0;

	return length == strlen("application/json") &&
	       strncmp(type, "application/json", length) == 0;
}

/* False: the request is answered. No form of a foreign page can send this type. */
static bool sends_json(struct evhttp_request *http, struct reply *reply)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(http);

	if (is_json(evhttp_find_header(headers, "Content-Type")))
		return true;
	reply_problem(reply, 415, "Unsupported media type", "Send application/json");
	return false;
}

/* The name that the proxy in front gives to whoever signed in. Without it nothing can be written. */
static int read_person(const struct api_server *server, struct evkeyvalq *headers,
	struct route_request *request, struct err *err)
{
	const char *name = server->options.person_header ? server->options.person_header : "";
	const char *person = *name ? evhttp_find_header(headers, name) : NULL;

	if (!*name)
		return err_set(err, ERR_REFUSED,
			"Nothing can be written here: api.person-header does not name the header "
			"in "
			"which the proxy gives the person");
	if (!person || !*person || strlen(person) >= sizeof(request->person) ||
		!text_utf8_valid(person, strlen(person), NULL))
		return err_set(
			err, ERR_REFUSED, "Nobody is signed in: the header %s is missing", name);
	snprintf(request->person, sizeof(request->person), "%s", person);
	return 0;
}

/* False: the request is answered. */
static bool read_post(struct api_server *server, const struct route *route,
	struct evhttp_request *http, struct route_request *request, struct reply *reply)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(http);
	struct evbuffer *body = evhttp_request_get_input_buffer(http);
	size_t length = evbuffer_get_length(body);
	struct err err = ERR_INIT;

	if (!sends_json(http, reply))
		return false;
	if (read_person(server, headers, request, &err) == 0 &&
		route_read_body(
			route, (const char *)evbuffer_pullup(body, -1), length, request, &err) == 0)
		return true;
	reply_error(reply, &err);
	return false;
}

static void run_route(struct api_server *server, const struct route *route,
	struct evhttp_request *http, struct route_request *request, struct reply *reply)
{
	const char *query = evhttp_uri_get_query(evhttp_request_get_evhttp_uri(http));
	struct err err = ERR_INIT;

	if (route->asks && !sends_json(http, reply))
		return;
	if (route->body && !read_post(server, route, http, request, reply))
		return;
	if (route_read_query(route, query, request, &err))
		reply_error(reply, &err);
	else if (route->shape == ROUTE_CUSTOM)
		route->handle(server, request, reply);
	else
		start_query(server, route, request, reply);
}

/* The route of path and method; NULL with *ret_other when the path is one of another method. */
static const struct route *find_route(
	const char *path, bool post, struct route_request *request, bool *ret_other)
{
	*ret_other = false;
	for (const struct route *route = route_table; route->pattern; route++) {
		if (!route_match(route->pattern, path, request))
			continue;
		if ((route->body || route->asks) == post)
			return route;
		*ret_other = true;
	}
	return NULL;
}

void route_dispatch(struct api_server *server, struct evhttp_request *request)
{
	bool post = evhttp_request_get_command(request) == EVHTTP_REQ_POST, other;
	const struct route *route;
	const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(request);
	const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
	struct reply *reply = reply_new(server, request);
	struct route_request parsed = { 0 };

	if (!reply)
		return;
	if (!path || evhttp_uri_get_host(uri)) {
		reply_problem(reply, 400, "Bad request", "Only paths are served here");
		return;
	}
	route = find_route(path, post, &parsed, &other);
	if (route) {
		run_route(server, route, request, &parsed, reply);
		return;
	}
	if (other || post) {
		reply_header(reply, "Allow", post ? "GET, HEAD" : "POST");
		reply_problem(reply, 405, "Not allowed",
			post ? "This path is asked with GET" : "This path is asked with POST");
		return;
	}
	if (!assets_serve(path, reply))
		reply_problem(reply, 404, "Not found", "There is no such path");
}
