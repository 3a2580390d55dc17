#include "checks/tell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/json_out.h"
#include "checks/tell_body.h"
#include "checks/tell_quota.h"
#include "core/mem.h"

struct tell {
	struct tell_context context;
	struct tell_change *changes; /* ordered by unit and code, as the store gives them */
	size_t count, cap;
	size_t next;
	struct tell_counts counts;
	struct tell_quotas *quotas;
	const struct quota_told_row *kept;
	struct buf payload;
	char case_key[256], subject[256];
};

enum { PAYLOAD_BYTES_MAX = 1 << 20 };

struct tell *tell_new(const struct tell_context *context)
{
	struct tell *tell = mem_zero(1, sizeof(*tell));
	tell->context = *context;
	tell->quotas = tell_quotas_new(&tell->context);
	buf_init(&tell->payload, PAYLOAD_BYTES_MAX);
	return tell;
}

void tell_free(struct tell *tell)
{
	if (!tell)
		return;
	for (size_t i = 0; i < tell->count; i++) {
		free(tell->changes[i].subject);
		free(tell->changes[i].unit_code);
		free(tell->changes[i].department);
		free(tell->changes[i].rule_id);
	}
	free(tell->changes);
	tell_quotas_free(tell->quotas);
	buf_free(&tell->payload);
	free(tell);
}

static enum tell_event event_of(const char *name)
{
	if (strcmp(name, "opened") == 0)
		return TELL_OPENED;
	if (strcmp(name, "reopened") == 0)
		return TELL_REOPENED;
	return strcmp(name, "closed") == 0 ? TELL_CLOSED : TELL_UPDATED;
}

/* For those who look into a debt, and no reason to write to anybody. */
static bool is_quiet(const char *code)
{
	static const char *const quiet[] = { CODE_MAYBE_PAID, CODE_LATE_DISPUTE, CODE_STALLED,
		CODE_LATE_BILL, CODE_DEPOSIT };

	for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++)
		if (strcmp(code, quiet[i]) == 0)
			return true;
	return false;
}

static enum tell_case case_of(const char *code)
{
	if (strcmp(code, CODE_OVERDUE) == 0 || strcmp(code, CODE_DUE_SOON) == 0)
		return TELL_ARREARS;
	if (is_quiet(code))
		return TELL_NOBODY;
	if (strcmp(code, CODE_SOURCE) == 0)
		return TELL_SOURCE;
	return strcmp(code, CODE_CALENDAR) == 0 ? TELL_CALENDAR : TELL_QUOTA;
}

static void count_change(struct tell *tell, enum tell_event event)
{
	if (event == TELL_CLOSED)
		tell->counts.closed++;
	else if (event == TELL_UPDATED)
		tell->counts.updated++;
	else
		tell->counts.opened++;
}

void tell_change(void *arg, const struct finding_change *change)
{
	struct tell *tell = arg;
	enum tell_event event = event_of(change->event);
	/* What was held back has been counted by the run that made it. */
	if (!change->held)
		count_change(tell, event);
	if (case_of(change->code) == TELL_NOBODY)
		return;
	MEM_GROW(tell->changes, tell->count, tell->cap);
	tell->changes[tell->count++] = (struct tell_change){
		.finding_id = change->finding_id,
		.event = event,
		.what = case_of(change->code),
		.small_micro = strcmp(change->code, CODE_QUOTA_SMALL_MICRO) == 0,
		.due_soon = strcmp(change->code, CODE_DUE_SOON) == 0,
		.doubted = change->doubted,
		.subject = mem_text(change->subject),
		.unit_code = mem_text(change->unit_code),
		.department = mem_text(change->department),
		.rule_id = mem_text(change->rule_id),
		.severity = strcmp(change->severity, "notice") == 0 ? "notice" : "warning",
		.amount_before = change->amount_before,
	};
}

struct tell_counts tell_counts(const struct tell *tell)
{
	return tell->counts;
}

void tell_quota_told(void *arg, const struct quota_told_row *row)
{
	struct tell *tell = arg;
	tell_quotas_take(tell->quotas, row);
}

void tell_past(struct tell *tell, const struct quota_year *past)
{
	tell_quotas_past(tell->quotas, past);
}

const struct quota_told_row *tell_kept(const struct tell *tell)
{
	return tell->kept;
}

bool tell_waits(const struct tell *tell)
{
	return tell->count > 0;
}

/* One case = one unit's changes of one kind and, but for arrears, of one subject. */
static bool same_case(const struct tell_change *a, const struct tell_change *b)
{
	return a->what == b->what && strcmp(a->unit_code, b->unit_code) == 0 &&
	       (a->what == TELL_ARREARS || strcmp(a->subject, b->subject) == 0);
}

/* The store orders by unit and code, so a case's changes are neighbours. */
static size_t end_of_case(const struct tell *tell, size_t start)
{
	size_t end = start + 1;
	while (end < tell->count && same_case(&tell->changes[start], &tell->changes[end]))
		end++;
	return end;
}

static void draft_key(
	struct tell *tell, const struct tell_change *first, const struct tell_quota *quota)
{
	if (first->what == TELL_ARREARS)
		snprintf(tell->case_key, sizeof(tell->case_key), "arrears/%s", first->unit_code);
	else if (first->what == TELL_CALENDAR)
		snprintf(tell->case_key, sizeof(tell->case_key), "calendar/%s", first->subject);
	else if (first->what == TELL_SOURCE)
		snprintf(tell->case_key, sizeof(tell->case_key), "source/%s", first->subject);
	else
		snprintf(tell->case_key, sizeof(tell->case_key), "quota/%d/%s",
			quota->year->fiscal_year, first->unit_code);
}

static const char *codes_of(enum tell_case what)
{
	switch (what) {
	case TELL_ARREARS:
		return "{" CODE_OVERDUE "," CODE_DUE_SOON "}";
	case TELL_CALENDAR:
		return "{" CODE_CALENDAR "}";
	case TELL_SOURCE:
		return "{" CODE_SOURCE "}";
	default:
		return "{" CODE_QUOTA_SME "," CODE_QUOTA_SMALL_MICRO "}";
	}
}

/* The next case of changes, then of gaps. */
static bool next_case(struct tell *tell, struct tell_case_view *view)
{
	tell->kept = NULL;
	while (tell->next < tell->count) {
		size_t start = tell->next;
		tell->next = end_of_case(tell, start);
		if (tell->changes[start].what == TELL_QUOTA)
			continue;
		*view = (struct tell_case_view){
			.changes = &tell->changes[start],
			.count = tell->next - start,
		};
		return true;
	}
	return tell_quotas_next(tell->quotas, view, &tell->kept);
}

/* The change that names rule and severity: of a unit's arrears an overdue one before one that is due soon. */
static const struct tell_change *lead_of(const struct tell_case_view *view)
{
	for (size_t i = 0; i < view->count; i++)
		if (!view->changes[i].due_soon)
			return &view->changes[i];
	return view->changes;
}

bool tell_next(struct tell *tell, struct message_draft *ret_draft)
{
	struct tell_case_view view;
	while (next_case(tell, &view)) {
		const struct tell_change *lead = view.lead = lead_of(&view);
		draft_key(tell, lead, view.quota);
		view.case_key = tell->case_key;
		buf_reset(&tell->payload);
		if (!tell_body(&tell->context, &view, &tell->payload))
			continue; /* nothing to say: see tell_body.h */
		*ret_draft = (struct message_draft){
			.run_id = tell->context.run_id,
			.case_key = tell->case_key,
			.event = tell_event_name(view.event),
			.rule_id = lead->rule_id,
			.severity = lead->severity,
			.unit_code = lead->unit_code,
			.department = lead->department,
			.payload = tell->payload.data,
			.codes = codes_of(lead->what),
			.subject = lead->what == TELL_ARREARS ? NULL : lead->subject,
			.as_of = tell->context.as_of,
			.once_a_day = lead->what == TELL_ARREARS,
		};
		return true;
	}
	return false;
}
