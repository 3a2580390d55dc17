#include "checks/observe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/act.h"
#include "checks/evidence.h"
#include "checks/json_out.h"
#include "checks/regulation.h"
#include "checks/sums.h"
#include "core/mem.h"

/* A subject holds the longest code (512 bytes) between its prefix and the year. */
enum { TEXT_BYTES_MAX = 65536, SUBJECT_MAX = 640, PRINT_MAX = 256 };

struct observations {
	const struct ledger *ledger;
	const struct judgement *judgement;
	day_t as_of;
	int fiscal_year;
	bool quota; /* the figures of the year were looked at */
	struct observation *items;
	size_t count, cap;
	struct buf evidence;
	char judged[1024];
	char subject[SUBJECT_MAX], print[PRINT_MAX];
};

static void add(struct observations *observations, const struct observation *observation)
{
	MEM_GROW(observations->items, observations->count, observations->cap);
	observations->items[observations->count++] = *observation;
}

/* Quota ------------------------------------------------------------------------------------- */

bool quota_is_short(enum quota_status sme, bool district)
{
	return sme == QUOTA_NOT_MET || (district && sme == QUOTA_MET_AFTER_EXEMPTIONS);
}

static void observe_scope(
	struct observations *observations, const struct scope_figures *scope, bool district)
{
	struct quota_floor floor =
		quota_floor_of(&observations->ledger->law, observations->fiscal_year, district);
	struct quota_verdict verdict = quota_judge(floor, scope->plan);
	struct observation observation = {
		.rule_id = floor.rule_id,
		.unit_code = district ? UNIT_DISTRICT : scope->scope,
		.department = district ? "" : scope->scope,
		.scope = scope,
	};
	if (verdict.sme == QUOTA_NO_BASE)
		return;
	if (quota_is_short(verdict.sme, district)) {
		observation.what = OBSERVED_SME;
		observation.amount = verdict.sme_gap;
		add(observations, &observation);
	}
	if (verdict.small_micro == QUOTA_NOT_MET) {
		observation.what = OBSERVED_SMALL_MICRO;
		observation.amount = verdict.small_micro_gap;
		add(observations, &observation);
	}
}

void observations_add_quota(struct observations *observations, const struct year_figures *figures)
{
	observations->quota = true;
	observe_scope(observations, &figures->district, true);
	for (size_t i = 0; i < figures->department_count; i++) {
		/* "?" holds rows without a department: a gap in the records, nobody's shortfall. */
		if (strcmp(figures->departments[i].scope, DEPARTMENT_UNKNOWN) != 0)
			observe_scope(observations, &figures->departments[i], false);
	}
}

/* Obligations and calendar ------------------------------------------------------------------------------- */

/* What is observed of a debt. provision: what it rests on; PROVISION_COUNT = the article that set its due day. */
static const struct debt_kind {
	const char *code, *rule_id, *severity;
	const char *words; /* zh-CN */
	enum provision provision;
} debt_kinds[] = {
	[OBSERVED_OVERDUE] = { CODE_OVERDUE, "P-4", "warning", "疑似逾期（待核实）",
		PROVISION_COUNT },
	[OBSERVED_MAYBE_PAID] = { CODE_MAYBE_PAID, "P-8", "info",
		"疑似逾期，但有待匹配支付可能已付清，核实前不提醒", PROVISION_COUNT },
	[OBSERVED_DUE_SOON] = { CODE_DUE_SOON, "E-6", "notice", "即将到期，尚无支付安排",
		PROVISION_COUNT },
	[OBSERVED_LATE_DISPUTE] = { CODE_LATE_DISPUTE, "P-6", "notice", "应付日之后才提出异议",
		PROVISION_DISPUTE },
	[OBSERVED_STALLED] = { CODE_STALLED, "P-3", "notice",
		"交付已久而未验收，合同未约定验收期限", PROVISION_INSPECTION },
	[OBSERVED_LATE_BILL] = { CODE_LATE_BILL, "P-5", "notice", "商业汇票的到期日晚于应付日",
		PROVISION_BILL },
	[OBSERVED_DEPOSIT] = { CODE_DEPOSIT, "P-9", "notice", "保证金到期未退还",
		PROVISION_DEPOSIT },
};

static const char *debt_citation(const struct observations *observations, enum observed what,
	const struct obligation_state *state)
{
	const struct law *law = &observations->ledger->law;
	const struct facts *facts = observations->ledger->facts;

	if (debt_kinds[what].provision == PROVISION_COUNT)
		return evidence_term_article(law, facts, state);
	return regulation_article(
		regulation_of(law, facts->contracts.items[state->contract].signed_on),
		debt_kinds[what].provision);
}

static bool of_obligation(enum observed what)
{
	return what < sizeof(debt_kinds) / sizeof(debt_kinds[0]) && debt_kinds[what].code;
}

static void observe_debt(struct observations *observations, const struct observation *of_state,
	enum observed what, fen_t amount)
{
	struct observation observation = *of_state;
	observation.what = what;
	observation.rule_id = debt_kinds[what].rule_id;
	observation.amount = amount;
	add(observations, &observation);
}

/* Of the disputes that were opened only after the due day, those of which something is still open. */
struct late_disputes {
	fen_t open;
	int64_t count;
	day_t opened, last_opened; /* the first and the last one */
	day_t settled;             /* of the last one; DAY_NONE = not all are */
};

static struct late_disputes late_disputes_of(const struct obligation_state *state)
{
	struct late_disputes late = { .opened = DAY_NONE, .settled = DAY_NONE };
	bool all_settled = true;

	for (size_t i = 0; i < state->part_count; i++) {
		const struct obligation_part *part = state_part(state, i);

		if (!part->late || part->open == 0)
			continue;
		if (late.count == 0 || part->opened_on < late.opened)
			late.opened = part->opened_on;
		if (late.count == 0 || part->opened_on > late.last_opened)
			late.last_opened = part->opened_on;
		if (part->settled_on > late.settled)
			late.settled = part->settled_on;
		all_settled = all_settled && part->settled_on != DAY_NONE;
		sum_add(&late.open, part->open);
		late.count++;
	}
	if (!all_settled)
		late.settled = DAY_NONE;
	return late;
}

/* What stands beside a debt's being overdue or not, and asks nobody to pay. */
static void observe_beside(struct observations *observations, const struct observation *of_state,
	const struct obligation_state *state)
{
	if (state->hints & HINT_LATE_DISPUTE && late_disputes_of(state).open > 0)
		observe_debt(observations, of_state, OBSERVED_LATE_DISPUTE,
			late_disputes_of(state).open);
	if (state->flags & FLAG_ACCEPTANCE_STALLED && state->coverage == COVERAGE_COVERED)
		observe_debt(observations, of_state, OBSERVED_STALLED, state->outstanding);
	if (state->hints & HINT_LATE_BILL)
		observe_debt(observations, of_state, OBSERVED_LATE_BILL, state->outstanding);
	if (state->coverage == COVERAGE_DEPOSIT && state->overdue > 0)
		observe_debt(observations, of_state, OBSERVED_DEPOSIT, state->overdue);
}

/* A refuted row is nobody's arrears; a row that may be paid is on record, but nobody is alerted. */
static void observe_obligation(
	struct observations *observations, const struct obligation_state *state, size_t index)
{
	const struct facts *facts = observations->ledger->facts;
	enum standing standing = standing_of(
		state, review_of(observations->ledger->reviews,
			       facts->obligations.items[state->obligation].obligation_no, state));
	struct observation observation = {
		.unit_code = facts->contracts.items[state->contract].unit_code,
		.department = state->department,
		.state = index,
		.verified = standing == STANDING_VERIFIED,
	};
	observe_beside(observations, &observation, state);
	if (standing == STANDING_REFUTED)
		return;
	if (standing == STANDING_MAYBE_PAID)
		observe_debt(observations, &observation, OBSERVED_MAYBE_PAID, state->overdue);
	else if (standing != STANDING_NONE)
		observe_debt(observations, &observation, OBSERVED_OVERDUE, state->overdue);
	else if (state->hints & HINT_DUE_SOON)
		observe_debt(observations, &observation, OBSERVED_DUE_SOON, state->due_soon);
}

void observations_add_states(
	struct observations *observations, const uint32_t *states, size_t count)
{
	for (size_t i = 0; i < count; i++)
		observe_obligation(observations,
			judgement_state(observations->judgement, states[i]), states[i]);
}

void observations_add_year(struct observations *observations, int year, int64_t waiting)
{
	add(observations, &(struct observation){
				  .what = OBSERVED_CALENDAR,
				  .rule_id = "DT-6",
				  .unit_code = UNIT_DISTRICT,
				  .department = "",
				  .year = year,
				  .waiting = waiting,
			  });
}

void observations_add_source(struct observations *observations, const char *source,
	const char *print, const char *faults)
{
	add(observations, &(struct observation){
				  .what = OBSERVED_SOURCE,
				  .rule_id = RULE_SOURCE,
				  .unit_code = UNIT_DISTRICT,
				  .department = "",
				  .source = mem_text(source),
				  .print = mem_text(print),
				  .faults = mem_text(faults),
			  });
}

struct observations *observations_new(const struct ledger *ledger,
	const struct judgement *judgement, day_t as_of, int fiscal_year)
{
	struct observations *observations = mem_zero(1, sizeof(*observations));
	observations->ledger = ledger;
	observations->judgement = judgement;
	observations->as_of = as_of;
	observations->fiscal_year = fiscal_year;
	buf_init(&observations->evidence, TEXT_BYTES_MAX);
	return observations;
}

void observations_free(struct observations *observations)
{
	if (!observations)
		return;
	buf_free(&observations->evidence);
	for (size_t i = 0; i < observations->count; i++) {
		free(observations->items[i].source);
		free(observations->items[i].print);
		free(observations->items[i].faults);
	}
	free(observations->items);
	free(observations);
}

size_t observations_count(const struct observations *observations)
{
	return observations->count;
}

const struct observation *observations_at(const struct observations *observations, size_t index)
{
	return &observations->items[index];
}

/* extra: "" or more members of the entry, after a comma. */
static void judge_code(
	struct observations *observations, const char *code, const char *pattern, const char *extra)
{
	size_t used = strlen(observations->judged);
	int more = snprintf(observations->judged + used, sizeof(observations->judged) - used,
		"%s{\"code\":\"%s\",\"pattern\":\"%s\"%s}", used == 0 ? "[" : ",", code, pattern,
		extra);
	if (more < 0 || used + (size_t)more + 2 > sizeof(observations->judged))
		BUG("the list of what was judged is longer than %zu", sizeof(observations->judged));
}

const char *observations_judged(struct observations *observations, bool all_obligations)
{
	const char *changed = all_obligations ? ",\"changed\":false" : ",\"changed\":true";
	char quota[64];
	size_t used;
	observations->judged[0] = 0;
	if (observations->quota) {
		snprintf(quota, sizeof(quota), "plan/%%/%d", observations->fiscal_year);
		judge_code(observations, CODE_QUOTA_SME, quota, "");
		judge_code(observations, CODE_QUOTA_SMALL_MICRO, quota, "");
	}
	judge_code(observations, CODE_OVERDUE, "%", changed);
	judge_code(observations, CODE_MAYBE_PAID, "%", changed);
	judge_code(observations, CODE_DUE_SOON, "%", changed);
	judge_code(observations, CODE_LATE_DISPUTE, "%", changed);
	judge_code(observations, CODE_STALLED, "%", changed);
	judge_code(observations, CODE_LATE_BILL, "%", changed);
	judge_code(observations, CODE_DEPOSIT, "%", changed);
	judge_code(observations, CODE_CALENDAR, "%", "");
	judge_code(observations, CODE_SOURCE, "%", "");
	used = strlen(observations->judged);
	observations->judged[used] = ']'; /* judge_code() leaves room */
	observations->judged[used + 1] = 0;
	return observations->judged;
}

/* As findings ------------------------------------------------------------------------------- */

static void fill_quota(struct observations *observations, const struct observation *observation,
	struct json_out *out, struct finding_seen *seen)
{
	const struct quota_sums *plan = &observation->scope->plan;
	bool sme = observation->what == OBSERVED_SME;
	struct quota_floor floor = quota_floor_of(&observations->ledger->law,
		observations->fiscal_year, strcmp(observation->unit_code, UNIT_DISTRICT) == 0);
	seen->code = sme ? CODE_QUOTA_SME : CODE_QUOTA_SMALL_MICRO;
	seen->subject_kind = "quota";
	snprintf(observations->subject, SUBJECT_MAX, "plan/%s/%d", observation->unit_code,
		observations->fiscal_year);
	snprintf(observations->print, PRINT_MAX, "%s|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64,
		observation->rule_id, plan->strict_base, plan->adjusted_base, plan->sme,
		plan->small_micro);
	json_text(out, "rule", observation->rule_id);
	json_text(out, "words",
		sme ? "面向中小企业的预留份额尚有差额" : "面向小微企业的预留份额尚有差额");
	json_int(out, "fiscal_year", observations->fiscal_year);
	json_text(out, "basis", "plan");
	json_int(out, "strict_base_fen", plan->strict_base);
	json_int(out, "adjusted_base_fen", plan->adjusted_base);
	json_int(out, "sme_fen", plan->sme);
	json_int(out, "small_micro_fen", plan->small_micro);
	json_int(out, "floor_ppm", sme ? floor.sme_ppm : floor.small_micro_ppm);
	json_int(out, "gap_fen", observation->amount);
	json_text(out, "citation",
		ledger_citation(observations->ledger, observation->rule_id,
			sme ? "sme_floor_ppm" : "small_micro_floor_ppm"));
}

/* The day that, with the amount, makes the finding another one. */
static day_t day_of_obligation(
	const struct observation *observation, const struct obligation_state *state)
{
	switch (observation->what) {
	case OBSERVED_DUE_SOON:
		return state->due_soon_on;
	case OBSERVED_LATE_BILL:
		return state->due.rolled;
	case OBSERVED_LATE_DISPUTE:
		return late_disputes_of(state).opened;
	case OBSERVED_STALLED:
		return state->days.delivered;
	default:
		return state->overdue_since;
	}
}

static void fill_late_dispute(struct observations *observations,
	const struct obligation_state *state, struct json_out *out)
{
	struct late_disputes late = late_disputes_of(state);
	size_t used = strlen(observations->print);

	snprintf(observations->print + used, PRINT_MAX - used, "|%" PRId32 "|%" PRId64 "|%" PRId32,
		late.settled, late.count, late.last_opened);
	json_day(out, "dispute_opened_on", late.opened);
	json_day(out, "dispute_settled_on", late.settled);
	json_int(out, "disputes", late.count);
	json_int(out, "interest_beside_fen", arrears_interest_beside(state));
}

static void fill_obligation(struct observations *observations,
	const struct observation *observation, struct json_out *out, struct finding_seen *seen)
{
	const struct facts *facts = observations->ledger->facts;
	const struct obligation_state *state =
		judgement_state(observations->judgement, observation->state);
	const struct obligation_fact *obligation = &facts->obligations.items[state->obligation];
	const char *act;
	seen->code = debt_kinds[observation->what].code;
	seen->subject_kind = "obligation";
	seen->subject = obligation->obligation_no;
	snprintf(observations->print, PRINT_MAX, "%" PRId64 "|%" PRId32, observation->amount,
		day_of_obligation(observation, state));
	json_text(out, "rule", observation->rule_id);
	json_text(out, "words", debt_kinds[observation->what].words);
	json_text(out, "citation", debt_citation(observations, observation->what, state));
	json_text(out, "contract_no", obligation->contract_no);
	json_text(out, "supplier_uscc", facts->contracts.items[state->contract].supplier_uscc);
	json_day(out, "start_on", state->due.start);
	json_day(out, "due_on", state->due.rolled);
	json_day(out, "overdue_since", state->overdue_since);
	json_text(out, "due_source", due_source_name(state->due.source));
	json_int(out, "amount_fen", state->amount);
	json_int(out, "paid_fen", state->paid);
	json_int(out, "overdue_fen", state->overdue);
	json_int(out, "disputed_fen", state->disputed);
	json_text(out, "rate_basis", rate_basis_name(state->rate.basis));
	act = act_of_finding(seen->code, state->debtor_kind); /* E-3 */
	if (act)
		json_text(out, "act", act);
	if (observation->what == OBSERVED_DUE_SOON)
		json_day(out, "next_due_on", state->due_soon_on);
	if (observation->what == OBSERVED_STALLED)
		json_day(out, "delivered_on", state->days.delivered);
	if (observation->what == OBSERVED_LATE_DISPUTE)
		fill_late_dispute(observations, state, out);
}

static void fill_calendar(struct observations *observations, const struct observation *observation,
	struct json_out *out, struct finding_seen *seen)
{
	seen->code = CODE_CALENDAR;
	seen->subject_kind = "calendar";
	snprintf(observations->subject, SUBJECT_MAX, "%d", observation->year);
	/* A far year becomes one that somebody is told of with the turn of a year. */
	snprintf(observations->print, PRINT_MAX, "%d%s", observation->year,
		observation->year > day_year(observations->as_of) + 1 ? "|far" : "");
	json_text(out, "rule", observation->rule_id);
	json_text(out, "words", "缺少该年度工作日历，相关应付日暂不能推算");
	json_text(out, "citation", parameter_defs[PARAM_DT5_ROLL].citation);
	json_int(out, "year", observation->year);
	json_int(out, "obligations", observation->waiting);
}

static void fill_source(
	const struct observation *observation, struct json_out *out, struct finding_seen *seen)
{
	seen->code = CODE_SOURCE;
	seen->subject_kind = "source";
	seen->subject = observation->source;
	seen->print = observation->print;
	json_text(out, "rule", observation->rule_id);
	json_text(out, "words", "数据来源待处理");
	json_text(out, "citation", "本系统约定：取数不全时测算结果仅供参考");
	json_raw(out, "faults", observation->faults);
}

static const char *severity_of(enum observed what)
{
	if (of_obligation(what))
		return debt_kinds[what].severity;
	return what == OBSERVED_CALENDAR ? "notice" : "warning";
}

void observations_fill(void *arg, size_t index, struct finding_seen *ret_seen)
{
	struct observations *observations = arg;
	const struct observation *observation = &observations->items[index];
	struct json_out out;
	*ret_seen = (struct finding_seen){
		.rule_id = observation->rule_id,
		.unit_code = observation->unit_code,
		.department = observation->department,
		.severity = severity_of(observation->what),
		.amount = observation->amount,
		.currency = "CNY",
		.subject = observations->subject,
		.print = observations->print,
	};
	buf_reset(&observations->evidence);
	json_out_init(&out, &observations->evidence, NULL, NULL);
	json_object_begin(&out, NULL);
	json_day(&out, "as_of", observations->as_of);
	json_int(&out, "known_batch", observations->ledger->known_batch);
	if (of_obligation(observation->what))
		fill_obligation(observations, observation, &out, ret_seen);
	else if (observation->what == OBSERVED_CALENDAR)
		fill_calendar(observations, observation, &out, ret_seen);
	else if (observation->what == OBSERVED_SOURCE)
		fill_source(observation, &out, ret_seen);
	else
		fill_quota(observations, observation, &out, ret_seen);
	json_object_end(&out);
	if (json_finish(&out) < 0)
		BUG("evidence of one finding above %d bytes", TEXT_BYTES_MAX);
	ret_seen->evidence = observations->evidence.data;
}
