#include "api/reply.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <jansson.h>

#include "api/internal.h"
#include "core/log.h"
#include "core/mem.h"

enum { REPLIES_MAX = 256, REPLY_DEADLINE_S = 10 };

struct reply {
	struct api_server *server;
	struct evhttp_request *request;
	struct evbuffer *body;
	struct event *deadline;
	void (*cancel)(void *arg);
	void *cancel_arg;
	struct reply *next, **back;
};

static void unlink_reply(struct reply *reply)
{
	*reply->back = reply->next;
	if (reply->next)
		reply->next->back = reply->back;
	reply->server->replies.count--;
}

static void add_common_headers(struct evhttp_request *request)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);

	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
	evhttp_add_header(headers, "X-Frame-Options", "DENY");
	evhttp_add_header(headers, "Content-Security-Policy",
		"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src "
		"'self' data:; "
		"connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
	if (!evhttp_find_header(headers, "Cache-Control"))
		evhttp_add_header(headers, "Cache-Control", "no-store");
}

void reply_send(struct reply *reply, int status, const char *content_type)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(reply->request);

	unlink_reply(reply);
	event_free(reply->deadline);
	if (content_type)
		evhttp_add_header(headers, "Content-Type", content_type);
	add_common_headers(reply->request);
	evhttp_send_reply(reply->request, status, NULL, reply->body);
	evbuffer_free(reply->body);
	free(reply);
}

void reply_problem(struct reply *reply, int status, const char *title, const char *detail)
{
	json_t *problem =
		json_pack("{s:s, s:i, s:s}", "title", title, "status", status, "detail", detail);
	char *text = json_dumps(problem, JSON_COMPACT);

	evbuffer_drain(reply->body, evbuffer_get_length(reply->body));
	evbuffer_add_printf(reply->body, "%s\n", text ? text : "{}");
	free(text);
	json_decref(problem);
	reply_send(reply, status, "application/problem+json");
}

void reply_error(struct reply *reply, const struct err *err)
{
	switch (err->code) {
	case ERR_USAGE:
		reply_problem(reply, 400, "Bad request", err->text);
		return;
	case ERR_DATA:
		reply_problem(reply, 404, "Not found", err->text);
		return;
	case ERR_REFUSED:
		reply_problem(reply, 403, "Refused", err->text);
		return;
	case ERR_DB_DOWN:
	case ERR_TIMEOUT:
	case ERR_LIMIT:
		reply_problem(reply, 503, "Not available now",
			"The database does not answer; try again later");
		return;
	case ERR_NONE:
	case ERR_IO:
	case ERR_DB:
	case ERR_CANCELLED:
		break;
	}
	log_error("api", "%s", err->text);
	reply_problem(reply, 500, "Failed", "The request failed; the log of the monitor says why");
}

static void cancel_work(struct reply *reply)
{
	void (*cancel)(void *) = reply->cancel;

	reply->cancel = NULL;
	if (cancel)
		cancel(reply->cancel_arg);
}

static void on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct reply *reply = arg;

	(void)fd;
	(void)what;
	cancel_work(reply);
	reply_problem(reply, 503, "Not available now", "The answer took longer than 10 seconds");
}

struct reply *reply_new(struct api_server *server, struct evhttp_request *request)
{
	struct reply *reply = mem_zero(1, sizeof(*reply));
	struct timeval wait = { REPLY_DEADLINE_S, 0 };

	reply->server = server;
	reply->request = request;
	reply->body = evbuffer_new();
	reply->deadline = evtimer_new(server->base, on_deadline, reply);
	if (!reply->body || !reply->deadline || evtimer_add(reply->deadline, &wait))
		BUG("no memory for a reply");
	reply->next = server->replies.first;
	reply->back = &server->replies.first;
	if (reply->next)
		reply->next->back = &reply->next;
	server->replies.first = reply;
	if (server->replies.count++ < REPLIES_MAX && !server->stopping)
		return reply;
	reply_problem(reply, 503, "Not available now",
		server->stopping ? "The monitor is stopping" : "Too many requests");
	return NULL;
}

void reply_on_cancel(struct reply *reply, void (*cancel)(void *arg), void *arg)
{
	reply->cancel = cancel;
	reply->cancel_arg = arg;
}

struct evbuffer *reply_body(struct reply *reply)
{
	return reply->body;
}

const char *reply_if_none_match(const struct reply *reply)
{
	const char *value = evhttp_find_header(
		evhttp_request_get_input_headers(reply->request), "If-None-Match");

	return value ? value : "";
}

const char *reply_request_body(const struct reply *reply, size_t *ret_length)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(reply->request);
	const char *bytes = (const char *)evbuffer_pullup(in, -1);

	*ret_length = evbuffer_get_length(in);
	return bytes ? bytes : "";
}

void reply_header(struct reply *reply, const char *name, const char *value)
{
	evhttp_add_header(evhttp_request_get_output_headers(reply->request), name, value);
}

void reply_list_abort(struct reply_list *list)
{
	while (list->first) {
		cancel_work(list->first);
		reply_problem(list->first, 503, "Not available now", "The monitor is stopping");
	}
}
