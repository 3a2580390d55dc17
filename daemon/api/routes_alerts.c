/* Findings, the messages about them, and every try to deliver one: what is shown of them, and what they are searched by. */
#include "api/routes_own.h"

static const char *const finding_states[] = { "open", "acknowledged", "closed", NULL };
static const char *const severities[] = { "info", "notice", "warning", "urgent", NULL };
static const char *const message_states[] = { "queued", "sending", "acknowledged", "rejected",
	"retry", "unknown", "failed", "superseded", NULL };
static const char *const message_events[] = { "opened", "updated", "closed", "reopened", NULL };
static const char *const classes[] = { "acknowledged", "rejected-permanent", "retry-later",
	"unknown", NULL };

/* since and until are days in Shanghai, both included. ref is the beginning of a reference. */
const struct route_parameter route_finding_parameters[] = {
	{ .name = "state", .type = ROUTE_TEXT, .words = finding_states },
	{ .name = "rule_id", .type = ROUTE_TEXT },
	{ .name = "unit_code", .type = ROUTE_TEXT },
	{ .name = "severity", .type = ROUTE_TEXT, .words = severities },
	{ .name = "since", .type = ROUTE_DATE },
	{ .name = "until", .type = ROUTE_DATE },
	{ .name = "ref", .type = ROUTE_TEXT },
	PAGE_PARAMETERS,
	{ .name = NULL },
};
const struct route_parameter route_alert_parameters[] = {
	{ .name = "state", .type = ROUTE_TEXT, .words = message_states },
	{ .name = "channel", .type = ROUTE_TEXT },
	{ .name = "recipient", .type = ROUTE_TEXT },
	{ .name = "unit_code", .type = ROUTE_TEXT },
	{ .name = "rule_id", .type = ROUTE_TEXT },
	{ .name = "severity", .type = ROUTE_TEXT, .words = severities },
	{ .name = "event", .type = ROUTE_TEXT, .words = message_events },
	{ .name = "since", .type = ROUTE_DATE },
	{ .name = "until", .type = ROUTE_DATE },
	{ .name = "ref", .type = ROUTE_TEXT },
	PAGE_PARAMETERS,
	{ .name = NULL },
};
const struct route_parameter route_delivery_parameters[] = {
	{ .name = "class", .type = ROUTE_TEXT, .words = classes },
	{ .name = "channel", .type = ROUTE_TEXT },
	{ .name = "recipient", .type = ROUTE_TEXT },
	{ .name = "unit_code", .type = ROUTE_TEXT },
	{ .name = "rule_id", .type = ROUTE_TEXT },
	{ .name = "since", .type = ROUTE_DATE },
	{ .name = "until", .type = ROUTE_DATE },
	{ .name = "ref", .type = ROUTE_TEXT },
	PAGE_PARAMETERS,
	{ .name = NULL },
};

const struct route_column route_finding_columns[] = {
	{ "finding_id", ROUTE_INT },
	{ "rule_id", ROUTE_TEXT },
	{ "code", ROUTE_TEXT },
	{ "subject_kind", ROUTE_TEXT },
	{ "subject", ROUTE_TEXT },
	{ "unit_code", ROUTE_TEXT },
	{ "department", ROUTE_TEXT },
	{ "severity", ROUTE_TEXT },
	{ "state", ROUTE_TEXT },
	{ "episode", ROUTE_INT },
	{ "opened_on", ROUTE_DATE },
	{ "changed_on", ROUTE_DATE },
	{ "closed_on", ROUTE_DATE },
	{ "amount_fen", ROUTE_INT },
	{ "currency", ROUTE_TEXT },
	{ NULL, ROUTE_TEXT },
};

const struct route_column route_finding_one_columns[] = {
	{ "finding_id", ROUTE_INT },
	{ "rule_id", ROUTE_TEXT },
	{ "code", ROUTE_TEXT },
	{ "subject_kind", ROUTE_TEXT },
	{ "subject", ROUTE_TEXT },
	{ "unit_code", ROUTE_TEXT },
	{ "department", ROUTE_TEXT },
	{ "severity", ROUTE_TEXT },
	{ "state", ROUTE_TEXT },
	{ "episode", ROUTE_INT },
	{ "opened_on", ROUTE_DATE },
	{ "changed_on", ROUTE_DATE },
	{ "closed_on", ROUTE_DATE },
	{ "amount_fen", ROUTE_INT },
	{ "currency", ROUTE_TEXT },
	{ "evidence", ROUTE_JSON },
	{ "events", ROUTE_JSON },
	{ "messages", ROUTE_JSON },
	{ "assignee", ROUTE_TEXT },
	{ NULL, ROUTE_TEXT },
};

const struct route_column route_alert_columns[] = {
	{ "message_id", ROUTE_INT },
	{ "ref", ROUTE_TEXT },
	{ "event", ROUTE_TEXT },
	{ "rule_id", ROUTE_TEXT },
	{ "severity", ROUTE_TEXT },
	{ "unit_code", ROUTE_TEXT },
	{ "channel", ROUTE_TEXT },
	{ "recipient", ROUTE_TEXT },
	{ "state", ROUTE_TEXT },
	{ "attempts", ROUTE_INT },
	{ "created_at", ROUTE_TEXT },
	{ "last_class", ROUTE_TEXT },
	{ "last_answer", ROUTE_TEXT },
	{ NULL, ROUTE_TEXT },
};

const struct route_column route_delivery_columns[] = {
	{ "delivery_no", ROUTE_INT },
	{ "ref", ROUTE_TEXT },
	{ "attempt", ROUTE_INT },
	{ "channel", ROUTE_TEXT },
	{ "recipient", ROUTE_TEXT },
	{ "started_at", ROUTE_TEXT },
	{ "finished_at", ROUTE_TEXT },
	{ "bytes", ROUTE_INT },
	{ "class", ROUTE_TEXT },
	{ "answer", ROUTE_TEXT },
	{ NULL, ROUTE_TEXT },
};

const struct route_column route_channel_columns[] = {
	{ "name", ROUTE_TEXT },
	{ "kind", ROUTE_TEXT },
	{ "enabled", ROUTE_BOOL },
	{ "disabled_reason", ROUTE_TEXT },
	{ "broken_since", ROUTE_TEXT },
	{ "failures", ROUTE_INT },
	{ NULL, ROUTE_TEXT },
};
