#include "api/document.h"

#include <event2/buffer.h>

#include "api/internal.h"
#include "api/route.h"
#include "core/mem.h"

enum { P_AS_OF, P_KNOWN_AT, P_YEAR, P_OBLIGATIONS, P_ID = P_YEAR, P_LEGAL };
enum { W_AS_OF, W_UNIT };

const struct route_parameter document_work_list_parameters[] = {
	[W_AS_OF] = { .name = "as_of", .type = ROUTE_DATE },
	[W_UNIT] = { .name = "unit_code", .type = ROUTE_TEXT },
	{ .name = NULL },
};

const struct route_parameter document_snapshot_parameters[] = {
	{ .name = "as_of", .type = ROUTE_DATE },
	{ .name = "known_at", .type = ROUTE_TEXT },
	{ .name = "fiscal_year", .type = ROUTE_INT, .min = 2000, .max = 2199 },
	{ .name = "obligations", .type = ROUTE_BOOL, .fallback = "1" },
	{ .name = NULL },
};

const struct route_parameter document_what_if_parameters[] = {
	{ .name = "as_of", .type = ROUTE_DATE },
	{ .name = "known_at", .type = ROUTE_TEXT },
	{ .name = "fiscal_year", .type = ROUTE_INT, .min = 2000, .max = 2199 },
	{ .name = NULL },
};

const struct route_parameter document_rules_parameters[] = {
	{ .name = "known_at", .type = ROUTE_TEXT },
	{ .name = NULL },
};

const struct route_parameter document_explain_parameters[] = {
	{ .name = "as_of", .type = ROUTE_DATE },
	{ .name = "known_at", .type = ROUTE_TEXT },
	{ .name = "id", .type = ROUTE_TEXT },
	{ .name = "legal_order", .type = ROUTE_BOOL, .fallback = "0" },
	{ .name = NULL },
};

const struct route_parameter document_original_parameters[] = {
	{ .name = "kind", .type = ROUTE_TEXT },
	{ .name = "number", .type = ROUTE_TEXT },
	{ .name = NULL },
};

struct document_run {
	struct api_server *server;
	struct reply *reply;
	void *document;
	bool imagined;
};

/* What is wrong with imagined changes is wrong with the request: nothing was looked for and not found. */
static void answer_error(struct document_run *run, const struct err *err)
{
	if (run->imagined && err->code == ERR_DATA)
		reply_problem(run->reply, 422, "Changes cannot be imagined", err->text);
	else
		reply_error(run->reply, err);
}

static void on_done(void *arg, const struct err *err, const char *json, size_t length)
{
	struct document_run *run = arg;

	if (err && err->code != ERR_NONE) {
		answer_error(run, err);
	} else {
		evbuffer_add(reply_body(run->reply), json, length);
		reply_send(run->reply, 200, "application/json");
	}
	free(run);
}

static void on_cancel(void *arg)
{
	struct document_run *run = arg;

	run->server->options.hooks->document_cancel(run->server->options.owner, run->document);
	free(run);
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static void start(
	struct api_server *server, const struct api_document_options *options, struct reply *reply)
{
	struct document_run *run = mem_zero(1, sizeof(*run));
	struct err err = ERR_INIT;

	run->server = server;
	run->reply = reply;
	run->imagined = options->what_if != NULL;
	run->document =
		server->options.hooks->document(server->options.owner, options, on_done, run, &err);
	if (run->document) {
		reply_on_cancel(reply, on_cancel, run);
		return;
	}
	answer_error(run, &err);
	free(run);
}

void document_snapshot(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_document_options options = {
		.as_of = or_empty(request->value[P_AS_OF]),
		.known_at = or_empty(request->value[P_KNOWN_AT]),
		.fiscal_year = or_empty(request->value[P_YEAR]),
		.with_obligations = strcmp(request->value[P_OBLIGATIONS], "1") == 0,
	};

	start(server, &options, reply);
}

void document_explain(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_document_options options = {
		.as_of = or_empty(request->value[P_AS_OF]),
		.known_at = or_empty(request->value[P_KNOWN_AT]),
		.fiscal_year = "",
		.explain = request->value[P_ID],
		.legal_order = strcmp(request->value[P_LEGAL], "1") == 0,
	};

	if (options.explain)
		start(server, &options, reply);
	else
		reply_problem(reply, 400, "Bad request",
			"id is missing: a figure, a finding, an obligation, a contract");
}

void document_original(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_document_options options = { .original_kind = request->value[0],
		.original_number = request->value[1] };

	if (options.original_kind && options.original_number)
		start(server, &options, reply);
	else
		reply_problem(reply, 400, "Bad request",
			"kind and number are needed: a record kind or quarantine, and its number");
}

void document_rules(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_document_options options = {
		.as_of = "",
		.known_at = or_empty(request->value[0]),
		.fiscal_year = "",
		.explain = "rules",
	};

	start(server, &options, reply);
}

void document_what_if(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_document_options options = {
		.as_of = or_empty(request->value[P_AS_OF]),
		.known_at = or_empty(request->value[P_KNOWN_AT]),
		.fiscal_year = or_empty(request->value[P_YEAR]),
	};

	options.what_if = reply_request_body(reply, &options.what_if_length);
	start(server, &options, reply);
}

void document_work_list(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct api_document_options options = {
		.as_of = or_empty(request->value[W_AS_OF]),
		.known_at = "",
		.fiscal_year = "",
		.unit_code = request->value[W_UNIT],
		.work_list = true,
	};

	start(server, &options, reply);
}

void document_unit_figures(struct api_server *server, const char *fiscal_year,
	const char *unit_code, struct reply *reply)
{
	struct api_document_options options = {
		.as_of = "",
		.known_at = "",
		.fiscal_year = or_empty(fiscal_year),
		.unit_code = unit_code,
		.unit_figures = true,
	};

	start(server, &options, reply);
}
