#include "api/act.h"

#include <event2/buffer.h>
#include <stdlib.h>

#include "api/internal.h"
#include "core/mem.h"

enum { B_VERDICT, B_DECISION = B_VERDICT, B_REASON, B_SINCE, B_OVERDUE };

const struct route_parameter act_review_body[] = {
	[B_VERDICT] = { .name = "verdict", .type = ROUTE_TEXT },
	[B_REASON] = { .name = "reason", .type = ROUTE_TEXT },
	[B_SINCE] = { .name = "overdue_since", .type = ROUTE_DATE },
	[B_OVERDUE] = { .name = "overdue_fen", .type = ROUTE_INT, .min = 1, .max = INT64_MAX },
	{ .name = NULL },
};

const struct route_parameter act_decide_body[] = {
	[B_DECISION] = { .name = "decision", .type = ROUTE_TEXT },
	[B_REASON] = { .name = "reason", .type = ROUTE_TEXT },
	{ .name = NULL },
};

enum { B_ACT, B_WHY, B_TO, B_UNTIL };
const struct route_parameter act_case_body[] = {
	[B_ACT] = { .name = "act", .type = ROUTE_TEXT },
	[B_WHY] = { .name = "reason", .type = ROUTE_TEXT },
	[B_TO] = { .name = "to", .type = ROUTE_TEXT, .fallback = "" },
	[B_UNTIL] = { .name = "until", .type = ROUTE_DATE, .fallback = "" },
	{ .name = NULL },
};

enum {
	B_VALUE,
	B_APPROVER,
	B_BECAUSE,
	B_FROM,
	B_LAST,
	B_EVIDENCE,
	B_FIELD,
	B_YEAR,
	B_UNIT,
	B_PROJECT,
	B_PACKAGE,
	B_SUPPLIER,
	B_CONTRACT
};
#define OPTIONAL(member)                                                                           \
	{                                                                                          \
		.name = member, .type = ROUTE_TEXT, .fallback = ""                                 \
	}
const struct route_parameter act_register_body[] = {
	[B_VALUE] = { .name = "value", .type = ROUTE_TEXT },
	[B_APPROVER] = { .name = "approver", .type = ROUTE_TEXT },
	[B_BECAUSE] = { .name = "reason", .type = ROUTE_TEXT },
	[B_FROM] = { .name = "valid_from", .type = ROUTE_DATE },
	[B_LAST] = { .name = "valid_to", .type = ROUTE_DATE, .fallback = "" },
	[B_EVIDENCE] = OPTIONAL("evidence"),
	[B_FIELD] = OPTIONAL("field"),
	[B_YEAR] = OPTIONAL("fiscal_year"),
	[B_UNIT] = OPTIONAL("unit_code"),
	[B_PROJECT] = OPTIONAL("project_code"),
	[B_PACKAGE] = OPTIONAL("package_no"),
	[B_SUPPLIER] = OPTIONAL("supplier_uscc"),
	[B_CONTRACT] = OPTIONAL("contract_no"),
	{ .name = NULL },
};

enum { B_WHO, B_GROUND, B_DAY };
const struct route_parameter act_withdraw_body[] = {
	[B_WHO] = { .name = "approver", .type = ROUTE_TEXT },
	[B_GROUND] = { .name = "reason", .type = ROUTE_TEXT },
	[B_DAY] = { .name = "on", .type = ROUTE_DATE, .fallback = "" },
	{ .name = NULL },
};

enum { B_CAUSE, B_CHANGES };
const struct route_parameter act_settle_body[] = {
	[B_CAUSE] = { .name = "reason", .type = ROUTE_TEXT },
	{ .name = NULL },
};
const struct route_parameter act_correct_body[] = {
	[B_CAUSE] = { .name = "reason", .type = ROUTE_TEXT },
	[B_CHANGES] = { .name = "changes", .type = ROUTE_JSON },
	{ .name = NULL },
};

struct act_run {
	struct api_server *server;
	struct reply *reply;
	void *act;
};

static void on_done(void *arg, const struct err *err, const char *json, size_t length)
{
	struct act_run *run = arg;

	if (err && err->code == ERR_REFUSED) {
		reply_problem(run->reply, 409, "Refused", err->text);
	} else if (err && err->code != ERR_NONE) {
		reply_error(run->reply, err);
	} else {
		evbuffer_add(reply_body(run->reply), json, length);
		reply_send(run->reply, 201, "application/json");
	}
	free(run);
}

static void on_cancel(void *arg)
{
	struct act_run *run = arg;

	run->server->options.hooks->act_cancel(run->server->options.owner, run->act);
	free(run);
}

static void start(struct api_server *server, const struct api_act *act, struct reply *reply)
{
	struct act_run *run = mem_zero(1, sizeof(*run));
	struct err err = ERR_INIT;

	run->server = server;
	run->reply = reply;
	run->act = server->options.hooks->act(server->options.owner, act, on_done, run, &err);
	if (run->act) {
		reply_on_cancel(reply, on_cancel, run);
		return;
	}
	free(run);
	reply_error(reply, &err);
}

void act_review(struct api_server *server, const struct route_request *request, struct reply *reply)
{
	start(server,
		&(struct api_act){
			.action = API_REVIEW,
			.subject = request->segment[0],
			.word = request->body[B_VERDICT],
			.reason = request->body[B_REASON],
			.person = request->person,
			.overdue_since = request->body[B_SINCE],
			.overdue_fen = request->body[B_OVERDUE],
		},
		reply);
}

void act_decide(struct api_server *server, const struct route_request *request, struct reply *reply)
{
	start(server,
		&(struct api_act){
			.action = API_DECIDE,
			.subject = request->segment[0],
			.word = request->body[B_DECISION],
			.reason = request->body[B_REASON],
			.person = request->person,
			.overdue_since = "",
			.overdue_fen = "",
		},
		reply);
}

void act_case(struct api_server *server, const struct route_request *request, struct reply *reply)
{
	start(server,
		&(struct api_act){
			.action = API_CASE,
			.subject = request->segment[0],
			.word = request->body[B_ACT],
			.reason = request->body[B_WHY],
			.person = request->person,
			.overdue_since = "",
			.overdue_fen = "",
			.to = request->body[B_TO],
			.until = request->body[B_UNTIL],
		},
		reply);
}

void act_register(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	const char *const *body = request->body;
	const struct api_entry entry = { .value = body[B_VALUE],
		.field = body[B_FIELD],
		.fiscal_year = body[B_YEAR],
		.unit_code = body[B_UNIT],
		.project_code = body[B_PROJECT],
		.package_no = body[B_PACKAGE],
		.supplier_uscc = body[B_SUPPLIER],
		.contract_no = body[B_CONTRACT],
		.evidence = body[B_EVIDENCE],
		.approver = body[B_APPROVER],
		.valid_from = body[B_FROM],
		.valid_to = body[B_LAST] };

	start(server,
		&(struct api_act){
			.action = API_REGISTER,
			.subject = "",
			.word = request->segment[0],
			.reason = body[B_BECAUSE],
			.person = request->person,
			.overdue_since = "",
			.overdue_fen = "",
			.entry = &entry,
		},
		reply);
}

void act_withdraw(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	const struct api_entry entry = { .approver = request->body[B_WHO],
		.valid_from = request->body[B_DAY] };

	start(server,
		&(struct api_act){
			.action = API_WITHDRAW,
			.subject = request->segment[0],
			.word = "",
			.reason = request->body[B_GROUND],
			.person = request->person,
			.overdue_since = "",
			.overdue_fen = "",
			.entry = &entry,
		},
		reply);
}

static void act_on_refused(struct api_server *server, const struct route_request *request,
	enum api_action action, const char *changes, struct reply *reply)
{
	start(server,
		&(struct api_act){
			.action = action,
			.subject = request->segment[0],
			.word = "",
			.reason = request->body[B_CAUSE],
			.person = request->person,
			.overdue_since = "",
			.overdue_fen = "",
			.changes = changes,
		},
		reply);
}

void act_settle(struct api_server *server, const struct route_request *request, struct reply *reply)
{
	act_on_refused(server, request, API_SETTLE, NULL, reply);
}

void act_correct(
	struct api_server *server, const struct route_request *request, struct reply *reply)
{
	act_on_refused(server, request, API_CORRECT, request->body[B_CHANGES], reply);
}
