#include "api/figures.h"

#include <event2/buffer.h>

#include "api/document.h"
#include "api/internal.h"
#include "api/serialise.h"
#include "core/mem.h"
#include "sql/embed.h"

enum { P_YEAR, P_UNIT };
/* Columns of api_figures.sql. */
enum { COL_YEAR, COL_AS_OF, COL_RUN, COL_SCOPE, COL_NAME, COL_BODY };

const struct route_parameter figures_parameters[] = {
	[P_YEAR] = { .name = "fiscal_year", .type = ROUTE_INT, .min = 2000, .max = 2199 },
	[P_UNIT] = { .name = "unit_code", .type = ROUTE_TEXT },
	{ .name = NULL },
};

/* The rows come district first, then the departments in order of their codes. */
struct figures_run {
	struct reply *reply;
	struct sql_job *job;
	struct evbuffer *names;
	int departments;
	bool district;
};

static void add_district(struct figures_run *run, const struct sql_row *row)
{
	struct evbuffer *out = reply_body(run->reply);

	evbuffer_add_printf(out,
		"{\"as_of\":\"%s\",\"fiscal_year\":%s,\"run_id\":%s,\"quota\":{\"district\":",
		sql_row_text(row, COL_AS_OF), sql_row_text(row, COL_YEAR),
		sql_row_text(row, COL_RUN));
	evbuffer_add(out, sql_row_text(row, COL_BODY), sql_row_length(row, COL_BODY));
	evbuffer_add_printf(out, ",\"departments\":{");
	run->district = true;
}

static void add_named(struct evbuffer *out, int index, const struct sql_row *row)
{
	evbuffer_add_printf(out, "%s", index ? ",\n" : "\n");
	serialise_text(out, sql_row_text(row, COL_SCOPE), sql_row_length(row, COL_SCOPE));
	evbuffer_add(out, ":", 1);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct figures_run *run = arg;
	struct evbuffer *out = reply_body(run->reply);

	if (!run->district) {
		add_district(run, row);
		return;
	}
	add_named(out, run->departments, row);
	evbuffer_add(out, sql_row_text(row, COL_BODY), sql_row_length(row, COL_BODY));
	add_named(run->names, run->departments, row);
	serialise_text(run->names, sql_row_text(row, COL_NAME), sql_row_length(row, COL_NAME));
	run->departments++;
}

static void figures_free(struct figures_run *run)
{
	evbuffer_free(run->names);
	free(run);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct figures_run *run = arg;
	struct evbuffer *out = reply_body(run->reply);

	if (outcome->err.code != ERR_NONE) {
		reply_error(run->reply, &outcome->err);
	} else if (!run->district) {
		reply_problem(run->reply, 404, "Not found",
			"No evaluation has stored figures of that year yet");
	} else {
		evbuffer_add_printf(out, "}},\"names\":{");
		evbuffer_add_buffer(out, run->names);
		evbuffer_add_printf(out, "}}\n");
		reply_send(run->reply, 200, "application/json");
	}
	figures_free(run);
}

static void on_cancel(void *arg)
{
	struct figures_run *run = arg;

	sql_job_cancel(run->job);
	figures_free(run);
}

static void stored_figures(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	struct figures_run *run = mem_zero(1, sizeof(*run));
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = { .text = sql_text_api_figures,
		.params = &params,
		.row = on_row,
		.done = on_done,
		.arg = run };

	run->reply = reply;
	run->names = evbuffer_new();
	if (!run->names)
		BUG("no memory for a reply");
	sql_param_text(&params, request->value[P_YEAR]);
	run->job = sql_submit(api_read_link(server), &call, &err);
	if (!run->job) {
		figures_free(run);
		reply_error(reply, &err);
		return;
	}
	reply_on_cancel(reply, on_cancel, run);
}

/* What is stored is of departments; a unit below one is computed. */
void figures_handle(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	if (request->value[P_UNIT] && *request->value[P_UNIT])
		document_unit_figures(
			server, request->value[P_YEAR], request->value[P_UNIT], reply);
	else
		stored_figures(server, request, reply);
}
