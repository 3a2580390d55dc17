#include "checks/tell_body.h"

#include <stdlib.h>
#include <string.h>

#include "checks/json_out.h"
#include "checks/regulation.h"
#include "core/mem.h"

const char *tell_event_name(enum tell_event event)
{
	static const char *const names[] = { "opened", "updated", "reopened", "closed" };
	return names[event];
}

/* Common members ------------------------------------------------------------------------------ */

static const char *unit_name(
	const struct ledger *ledger, const struct unit_tree *units, day_t as_of, const char *code)
{
	const struct unit_fact *unit;
	if (strcmp(code, UNIT_DISTRICT) == 0)
		return ledger->jurisdiction_name;
	unit = unit_tree_row(units, code, as_of);
	if (unit)
		return unit->name;
	/* No longer valid on the day: the last name it had. */
	for (size_t i = ledger->facts->units.count; i-- > 0;)
		if (strcmp(ledger->facts->units.items[i].unit_code, code) == 0)
			return ledger->facts->units.items[i].name;
	return code;
}

void tell_write_unit(const struct ledger *ledger, const struct unit_tree *units, day_t as_of,
	struct json_out *out, const char *key, const char *code)
{
	json_object_begin(out, key);
	json_text(out, "code", code);
	json_text_cut(out, "name", unit_name(ledger, units, as_of, code), JSON_NAME_MAX);
	json_object_end(out);
}

static void write_unit(
	const struct tell_context *context, struct json_out *out, const char *key, const char *code)
{
	tell_write_unit(context->ledger, context->units, context->as_of, out, key, code);
}

static void write_common(const struct tell_context *context, const struct tell_case_view *view,
	const char *type, const char *label, struct json_out *out)
{
	const struct tell_change *first = view->lead;
	struct told_coverage coverage = told_coverage(context->told);
	json_text(out, "type", type);
	json_text(out, "event", tell_event_name(view->event));
	json_text(out, "label", label);
	json_text(out, "timestamp", context->started_at);
	json_day(out, "as_of", context->as_of);
	json_text(out, "case", view->case_key);
	json_text(out, "severity", first->severity);
	json_bool(out, "demonstration", context->ledger->demonstration);
	json_text(out, "jurisdiction", context->ledger->jurisdiction);
	json_text(out, "jurisdiction_name", context->ledger->jurisdiction_name);
	json_text(out, "program", context->program);
	write_unit(context, out, "unit", first->unit_code);
	if (*first->department)
		write_unit(context, out, "department", first->department);
	json_object_begin(out, "coverage");
	json_int(out, "known_batch", context->ledger->known_batch);
	json_text(out, "known_at", context->ledger->known_at);
	json_int(out, "contracts_ppm", coverage.contracts_ppm);
	json_int(out, "payments_ppm", coverage.payments_ppm);
	json_object_end(out);
	json_array_begin(out, "findings");
	for (size_t i = 0; i < view->count && i < TELL_FINDINGS_MAX; i++)
		json_int(out, NULL, view->changes[i].finding_id);
	json_array_end(out);
}

static void write_rules(struct json_out *out, const char *const *rules, size_t count)
{
	json_array_begin(out, "rules");
	for (size_t i = 0; i < count; i++)
		json_text(out, NULL, rules[i]);
	json_array_end(out);
}

static void write_citation(struct json_out *out, const char *citation)
{
	json_array_begin(out, "citations");
	if (*citation)
		json_text(out, NULL, citation);
	json_array_end(out);
}

/* What the message says of the whole case, of which `open` findings are open now: opened or reopened only when nothing of
 * it was told before, closed only when nothing is open. */
static enum tell_event whole_event(const struct tell_case_view *view, size_t open)
{
	size_t seen[4] = { 0 };
	for (size_t i = 0; i < view->count; i++)
		seen[view->changes[i].event]++;
	if (open == 0)
		return TELL_CLOSED;
	if (seen[TELL_OPENED] + seen[TELL_REOPENED] < open || seen[TELL_CLOSED] > 0)
		return TELL_UPDATED;
	return seen[TELL_OPENED] > 0 ? TELL_OPENED : TELL_REOPENED;
}

/* Quota --------------------------------------------------------------------------------------- */

static void write_target(struct json_out *out, const char *name, int64_t floor_ppm,
	const struct outlook_target *target, fen_t told_before)
{
	json_object_begin(out, NULL);
	json_text(out, "target", name);
	json_int(out, "floor_ppm", floor_ppm);
	json_int(out, "base_fen", target->base);
	json_int(out, "amount_fen", target->reached);
	json_int(out, "gap_fen", target->gap);
	json_int(out, "capacity_fen", target->capacity);
	json_day(out, "last_day", target->last_day);
	if (target->workdays_left >= 0)
		json_int(out, "workdays_left", target->workdays_left);
	if (target->last_day == DAY_NONE && target->last_day_at_most != DAY_NONE)
		json_day(out, "last_day_at_most", target->last_day_at_most);
	json_bool(out, "quiet", target->gap > 0 && target->quiet);
	json_text(out, "outlook", quota_outlook_name(target->outlook));
	if (told_before > 0)
		json_int(out, "gap_before_fen", told_before);
	json_object_end(out);
}

static void write_quota(
	const struct tell_quota *quota, struct quota_floor floor, struct json_out *out)
{
	const struct scope_outlook *outlook = quota->outlook;
	const struct quota_sums *plan = &quota->figures->plan;
	json_object_begin(out, "quota");
	json_int(out, "fiscal_year", quota->year->fiscal_year);
	json_text(out, "basis", "plan");
	json_text(out, "view", outlook->sme.base == plan->strict_base ? "strict" : "adjusted");
	json_text(out, "phase", quota_phase_name(quota->year->phase.phase));
	json_text(out, "outlook", quota_outlook_name(outlook->outlook));
	json_array_begin(out, "rows");
	write_target(out, "sme", floor.sme_ppm, &outlook->sme, quota->before.sme_gap);
	write_target(out, "small_micro", floor.small_micro_ppm, &outlook->small_micro,
		quota->before.small_micro_gap);
	json_array_end(out);
	json_int(out, "reservable_fen", outlook->reservable);
	json_int(out, "nameable_fen", outlook->nameable);
	json_int(out, "strict_base_fen", plan->strict_base);
	json_int(out, "adjusted_base_fen", plan->adjusted_base);
	json_int(out, "coverage_ppm", outlook->coverage_ppm);
	json_object_end(out);
}

static const char *label_of(const struct tell_case_view *view)
{
	if (view->event == TELL_CLOSED)
		return "预留缺口已补足";
	return view->quota->grade == QUOTA_FINAL ? "未达到，请作说明" : "预留缺口提示";
}

static bool tell_quota(
	const struct tell_context *context, struct tell_case_view *view, struct json_out *out)
{
	const char *rule = view->changes->rule_id;
	bool district = strcmp(view->changes->unit_code, UNIT_DISTRICT) == 0;
	struct quota_floor floor =
		quota_floor_of(&context->ledger->law, view->quota->year->fiscal_year, district);
	json_object_begin(out, NULL);
	write_common(context, view, "sme.quota.gap", label_of(view), out);
	write_rules(out, &rule, 1);
	write_citation(out, ledger_citation(context->ledger, rule, "sme_floor_ppm"));
	write_quota(view->quota, floor, out);
	json_object_end(out);
	return true;
}

/* Arrears ------------------------------------------------------------------------------------- */

static void write_row(const struct told_row *row, struct json_out *out)
{
	json_object_begin(out, NULL);
	json_text(out, "obligation_no", row->obligation_no);
	json_text(out, "contract_no", row->contract_no);
	json_text_cut(out, "supplier_name", row->supplier_name, JSON_NAME_MAX);
	json_text(out, "supplier_uscc", row->supplier_uscc);
	json_day(out, "due_on", row->overdue_since);
	json_int(out, "overdue_days", row->overdue_days);
	json_int(out, "overdue_fen", row->overdue);
	if (row->disputed)
		json_int(out, "disputed_fen", row->disputed);
	if (row->interest != TOLD_NO_INTEREST)
		json_int(out, "interest_fen", row->interest);
	json_text(out, "due_source", row->due_source);
	if (*row->citation)
		json_text(out, "citation", row->citation);
	json_text(out, "rule", "P-4");
	json_bool(out, "new", row->fresh);
	json_bool(out, "changed", row->changed);
	json_bool(out, "verified", row->verified);
	json_object_end(out);
}

/* Closed, and not because the debt may be paid: that is not known yet. */
static bool is_cleared(const struct tell_change *change)
{
	return !change->due_soon && change->event == TELL_CLOSED && !change->doubted;
}

/* Writes the numbers and returns how many there are. */
static int64_t write_cleared(const struct tell_case_view *view, struct json_out *out)
{
	int64_t cleared = 0;
	json_array_begin(out, "cleared");
	for (size_t i = 0; i < view->count; i++) {
		if (!is_cleared(&view->changes[i]))
			continue;
		if (cleared < TELL_ROWS_MAX)
			json_text(out, NULL, view->changes[i].subject);
		cleared++;
	}
	json_array_end(out);
	return cleared;
}

/* T-10 working days of E-6: what the unit has to pay soon. Absent when there is nothing. */
static void write_due_soon(const struct told_unit *unit, struct json_out *out)
{
	if (unit->due_total == 0)
		return;
	json_object_begin(out, "due_soon");
	json_int(out, "rows_total", unit->due_total);
	json_int(out, "amount_fen", unit->due);
	json_array_begin(out, "rows");
	for (size_t i = 0; i < unit->due_count; i++) {
		const struct told_due *row = &unit->due_rows[i];
		json_object_begin(out, NULL);
		json_text(out, "obligation_no", row->obligation_no);
		json_text(out, "contract_no", row->contract_no);
		json_text_cut(out, "supplier_name", row->supplier_name, JSON_NAME_MAX);
		json_day(out, "due_on", row->due_on);
		json_int(out, "amount_fen", row->amount);
		json_object_end(out);
	}
	json_array_end(out);
	json_object_end(out);
}

static void write_arrears(
	const struct tell_case_view *view, const struct told_unit *unit, struct json_out *out)
{
	json_object_begin(out, "arrears");
	json_int(out, "rows_total", unit->rows_total);
	json_int(out, "overdue_fen", unit->overdue);
	json_int(out, "rows_new", unit->rows_new);
	json_array_begin(out, "rows");
	for (size_t i = 0; i < unit->count; i++)
		write_row(&unit->rows[i], out);
	json_array_end(out);
	json_int(out, "rows_cleared", write_cleared(view, out));
	write_due_soon(unit, out);
	json_object_end(out);
}

enum { CITATIONS_MAX = 8 }; /* more than there are provisions on terms */

static void cite(const char *seen[CITATIONS_MAX], size_t *count, const char *citation)
{
	if (!*citation || *count == CITATIONS_MAX)
		return;
	for (size_t i = 0; i < *count; i++)
		if (strcmp(seen[i], citation) == 0)
			return;
	seen[(*count)++] = citation;
}

/* What the rows shown were judged by, each article once: contracts of one unit may stand under either version of the
 * regulation. Without rows, the version in force on the day. */
static void write_term_citations(const struct tell_context *context, const char *unit_code,
	const struct told_unit *unit, struct json_out *out)
{
	const char *seen[CITATIONS_MAX];
	size_t count = 0;

	for (size_t i = 0; i < unit->count; i++)
		cite(seen, &count, unit->rows[i].citation);
	for (size_t i = 0; i < unit->due_count; i++)
		cite(seen, &count, unit->due_rows[i].citation);
	if (count == 0)
		cite(seen, &count,
			regulation_article(regulation_of(&context->ledger->law, context->as_of),
				provision_of_term(unit_tree_kind(
					context->units, unit_code, context->as_of))));
	json_array_begin(out, "citations");
	for (size_t i = 0; i < count; i++)
		json_text(out, NULL, seen[i]);
	json_array_end(out);
}

struct arrears_news {
	bool overdue; /* something to say of overdue debts */
	bool due_soon;
};

static struct arrears_news news_of(const struct tell_case_view *view)
{
	struct arrears_news news = { false, false };
	for (size_t i = 0; i < view->count; i++) {
		const struct tell_change *change = &view->changes[i];
		if (change->due_soon)
			news.due_soon = news.due_soon || change->event != TELL_CLOSED;
		else
			news.overdue =
				news.overdue || change->event != TELL_CLOSED || is_cleared(change);
	}
	return news;
}

static bool tell_arrears(
	const struct tell_context *context, struct tell_case_view *view, struct json_out *out)
{
	static const char *const rules[] = { "P-1", "P-2", "P-3", "P-4" };
	static const char *const reminder[] = { "P-2", "P-3", "E-6" };
	static const struct told_unit nothing = { 0 };
	const struct told_unit *unit = told_unit(context->told, view->changes->unit_code);
	struct arrears_news news = news_of(view);
	if (!news.overdue && !news.due_soon)
		return false;
	if (!unit)
		unit = &nothing;
	view->event = whole_event(view, (size_t)(unit->rows_total + unit->due_total));
	json_object_begin(out, NULL);
	write_common(context, view, "sme.arrears.suspected",
		unit->rows_total             ? "疑似逾期（待核实）"
		: view->event != TELL_CLOSED ? "到期提醒"
					     : "疑似逾期提示已解除",
		out);
	if (unit->rows_total || view->event == TELL_CLOSED)
		write_rules(out, rules, sizeof(rules) / sizeof(rules[0]));
	else
		write_rules(out, reminder, sizeof(reminder) / sizeof(reminder[0]));
	write_term_citations(context, view->changes->unit_code, unit, out);
	write_arrears(view, unit, out);
	json_object_end(out);
	return true;
}

/* Calendar ------------------------------------------------------------------------------------ */

static bool tell_calendar(
	const struct tell_context *context, struct tell_case_view *view, struct json_out *out)
{
	static const char *const rules[] = { "DT-6" };
	const char *year = view->changes->subject;
	int64_t waiting = 0;
	for (size_t i = 0; i < observations_count(context->observations); i++) {
		const struct observation *observation = observations_at(context->observations, i);
		if (observation->what == OBSERVED_CALENDAR &&
			observation->year == (int)strtol(year, NULL, 10))
			waiting = observation->waiting;
	}
	if (strtol(year, NULL, 10) > day_year(context->as_of) + 1)
		return false; /* nobody can publish it yet */
	view->event = whole_event(view, waiting > 0);
	if (view->event == TELL_UPDATED)
		view->event = TELL_OPENED; /* it came near: see fill_calendar() of observe.c */
	json_object_begin(out, NULL);
	write_common(context, view, "sme.calendar.missing",
		waiting ? "工作日历待补充" : "工作日历已补充", out);
	write_rules(out, rules, 1);
	json_object_begin(out, "calendar");
	json_int(out, "year", strtol(year, NULL, 10));
	json_int(out, "obligations", waiting);
	json_object_end(out);
	json_object_end(out);
	return true;
}

/* Sources ------------------------------------------------------------------------------------- */

static bool tell_source(
	const struct tell_context *context, struct tell_case_view *view, struct json_out *out)
{
	static const char *const rules[] = { RULE_SOURCE };
	const char *faults = "[]", *name = view->changes->subject;
	for (size_t i = 0; i < observations_count(context->observations); i++) {
		const struct observation *observation = observations_at(context->observations, i);
		if (observation->what == OBSERVED_SOURCE && strcmp(observation->source, name) == 0)
			faults = observation->faults;
	}
	view->event = view->changes[view->count - 1].event;
	json_object_begin(out, NULL);
	write_common(context, view, "sme.source.health",
		view->event == TELL_CLOSED ? "数据来源已恢复" : "数据来源异常", out);
	write_rules(out, rules, 1);
	json_object_begin(out, "source");
	json_text(out, "name", name);
	json_raw(out, "faults", faults);
	json_object_end(out);
	json_object_end(out);
	return true;
}

bool tell_body(const struct tell_context *context, struct tell_case_view *view, struct buf *payload)
{
	struct json_out out;
	bool told;
	json_out_init(&out, payload, NULL, NULL);
	if (view->changes->what == TELL_ARREARS)
		told = tell_arrears(context, view, &out);
	else if (view->changes->what == TELL_CALENDAR)
		told = tell_calendar(context, view, &out);
	else if (view->changes->what == TELL_SOURCE)
		told = tell_source(context, view, &out);
	else
		told = tell_quota(context, view, &out);
	if (told && json_finish(&out) < 0)
		BUG("a payload of one case above its ceiling");
	return told;
}
