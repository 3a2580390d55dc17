/* Figures that several members need are judged once: one pass over all groups fills the arrears
 * sums, the paid basis, the findings and the rows of obligations. */
#include "checks/snapshot.h"

#include "checks/findings.h"
#include "checks/index.h"
#include "checks/observe.h"
#include "checks/snapshot_parts.h"
#include "checks/unit_alone.h"
#include "core/mem.h"

#include <string.h>

enum { FINDING_KINDS = 64 };

struct finding_count {
	char code[64];
	int64_t count;
};

struct making {
	const struct law *law;
	const struct facts *facts;
	struct facts_index *index;
	struct unit_tree *units;
	day_t as_of;
	int fiscal_year;
	unsigned members;
	const char *unit_code;
	struct arrears_report report;
	struct ageing_table ageing[AGEING_BY_COUNT];
	struct practice practice;
	const struct review_book *reviews;
	const struct told_before *before;
	const struct worklist_order *work_order;
	bool legal_order;
	bool nothing_of_unit;
	fen_t *paid_of_contract;
	struct year_figures figures; /* for quota and open_items */
	struct year_outlook outlook;
	struct obligation_state *states;
	size_t state_count, state_capacity;
	struct finding_count findings[FINDING_KINDS];
	size_t finding_count;
};

static struct finding_count *finding_kind(struct making *making, const char *code)
{
	size_t i = 0;

	while (i < making->finding_count && strcmp(making->findings[i].code, code) != 0)
		i++;
	if (i == making->finding_count) {
		if (i == FINDING_KINDS)
			BUG("more kinds of findings than there are names");
		snprintf(making->findings[i].code, sizeof(making->findings[i].code), "%s", code);
		making->finding_count++;
	}
	return &making->findings[i];
}

static void count_finding(void *arg, const struct data_finding *finding)
{
	finding_kind(arg, finding->code)->count++;
}

struct before {
	const struct making *making;
	struct worklist *list;
};

static bool is_wanted_unit(const struct making *making, const char *unit)
{
	return !making->unit_code || !*making->unit_code || strcmp(making->unit_code, unit) == 0;
}

static bool of_wanted_unit(const struct making *making, const struct obligation_state *state)
{
	return is_wanted_unit(making, making->facts->contracts.items[state->contract].unit_code);
}

static void keep_state(struct making *making, const struct obligation_state *state)
{
	if (!of_wanted_unit(making, state))
		return;
	MEM_GROW(making->states, making->state_count, making->state_capacity);
	making->states[making->state_count++] = *state;
}

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct making *making = arg;

	(void)group;
	arrears_report_add(&making->report, states, count);
	figures_paid_of_contract(making->facts, making->paid_of_contract, states, count);
	for (size_t i = 0; i < count; i++) {
		if (states[i].coverage == COVERAGE_COVERED) {
			for (int by = 0; by < AGEING_BY_COUNT; by++)
				ageing_table_add(&making->ageing[by], &states[i]);
			practice_add(&making->practice, &states[i]);
		}
		if (making->members & SNAPSHOT_FINDING_COUNTS)
			findings_of_state(making->facts, &states[i], count_finding, making);
		if (making->members & (SNAPSHOT_OBLIGATIONS | SNAPSHOT_WORK_LIST))
			keep_state(making, &states[i]);
	}
}

static void on_fault(void *arg, enum payment_fault fault, uint32_t payment)
{
	struct making *making = arg;

	findings_of_payment(making->facts, fault, payment, count_finding, making);
}

/* 存量 and 新增 are told apart by a date that the district sets. */
static day_t baseline(const struct making *making)
{
	int64_t day = parameter_near(making->law->parameters, PARAM_E7_BASELINE, making->as_of);

	return day == PARAMETER_NONE ? DAY_NONE : (day_t)day;
}

static void judge_arrears(struct making *making)
{
	struct arrears_question question = { making->law, making->index, making->units,
		making->as_of, making->as_of, making->legal_order };
	struct arrears_visitor visitor = { .group = on_group, .fault = on_fault, .arg = making };

	arrears_report_init(&making->report, making->facts, making->units, making->as_of);
	for (int by = 0; by < AGEING_BY_COUNT; by++)
		ageing_table_init(
			&making->ageing[by], making->facts, (enum ageing_by)by, baseline(making));
	practice_init(&making->practice, making->as_of);
	arrears_report_finish(&making->report, arrears_judge_all(&question, &visitor));
	for (int by = 0; by < AGEING_BY_COUNT; by++)
		ageing_table_finish(&making->ageing[by]);
	practice_finish(&making->practice);
}

static void judge_quota(struct making *making)
{
	figures_judge(making->law, making->index, making->units, making->fiscal_year, making->as_of,
		making->paid_of_contract, &making->figures);
	outlook_judge(making->law, making->index, making->units, &making->figures,
		making->paid_of_contract, &making->outlook);
}

static void make_arrears(struct making *making, struct json_out *out)
{
	write_arrears(out, "arrears", &making->report, making->ageing, &making->practice,
		making->facts, making->as_of);
}

/* The states of the day before, by the same records. */
static void on_group_before(
	void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct before *before = arg;

	(void)group;
	for (size_t i = 0; i < count; i++)
		if (of_wanted_unit(before->making, &states[i]))
			worklist_add_before(before->list, &states[i]);
}

static void look_back(struct making *making, struct worklist *list)
{
	struct before before = { making, list };
	struct arrears_question question = { making->law, making->index, making->units,
		making->as_of - 1, making->as_of - 1, making->legal_order };
	struct arrears_visitor visitor = { .group = on_group_before, .arg = &before };

	arrears_judge_all(&question, &visitor);
}

/* The findings are of the usual order of payments, and of no use beside figures by another one. */
static bool was_told(const struct making *making)
{
	return making->before && making->before->day != DAY_NONE && !making->legal_order;
}

static void recall(struct making *making, struct worklist *list)
{
	const struct told_before *before = making->before;

	list->since = before->day;
	for (size_t i = 0; i < before->count; i++)
		if (is_wanted_unit(making, before->debts[i].unit_code))
			worklist_add_told(list, &before->debts[i],
				map_get(&making->index->obligations,
					before->debts[i].obligation_no));
}

static void make_work_list(struct making *making, struct json_out *out)
{
	struct worklist list;

	worklist_init(&list, making->facts, making->reviews,
		making->work_order ? making->work_order : &worklist_default, making->as_of);
	if (was_told(making))
		recall(making, &list);
	else
		look_back(making, &list);
	for (size_t i = 0; i < making->state_count; i++)
		worklist_add(&list, &making->states[i]);
	worklist_finish(&list);
	write_work_list(out, "work_list", &list);
	worklist_free(&list);
}

static void make_complaints(struct making *making, struct json_out *out)
{
	write_complaints(out, "complaints", making->law, making->facts, making->as_of);
}

static day_t year_end(int year, day_t as_of)
{
	day_t last = as_of;

	day_from_civil(year, 12, 31, &last);
	return last < as_of ? last : as_of;
}

static void make_quota(struct making *making, struct json_out *out)
{
	struct quota_view view = { making->law, making->facts, &making->figures, &making->outlook };

	write_quota(out, "quota", &view);
}

/* {"scope": its code, …as a department's}. The floors are those of departments. */
static bool write_quota_unit(
	struct json_out *out, const struct quota_view *view, const char *unit_code)
{
	const struct scope_figures *scope = figures_department(view->figures, unit_code);

	if (!scope)
		return false;
	json_object_begin(out, "quota_unit");
	json_text(out, "scope", unit_code);
	write_scope(out, "figures", view, scope);
	json_object_end(out);
	return true;
}

static bool write_quota_alone(struct making *making, struct json_out *out)
{
	struct year_figures figures;
	struct year_outlook outlook;
	struct unit_alone alone;
	bool written;

	if (!unit_alone_make(making->facts, making->unit_code, &alone))
		return false;
	figures_judge(making->law, alone.index, alone.units, making->fiscal_year, making->as_of,
		making->paid_of_contract, &figures);
	outlook_judge(making->law, alone.index, alone.units, &figures, making->paid_of_contract,
		&outlook);
	written = write_quota_unit(out,
		&(struct quota_view){ making->law, &alone.facts, &figures, &outlook },
		making->unit_code);
	outlook_free(&outlook);
	figures_free(&figures);
	unit_alone_free(&alone);
	return written;
}

static void make_quota_unit(struct making *making, struct json_out *out)
{
	struct quota_view view = { making->law, making->facts, &making->figures, &making->outlook };

	if (!making->unit_code || !*making->unit_code ||
		strcmp(making->unit_code, UNIT_DISTRICT) == 0)
		return;
	making->nothing_of_unit =
		!write_quota_unit(out, &view, making->unit_code) && !write_quota_alone(making, out);
}

static void make_open_items(struct making *making, struct json_out *out)
{
	struct quota_view view = { making->law, making->facts, &making->figures, &making->outlook };

	write_open_items(out, "open_items", &view);
}

static void make_notice(struct making *making, struct json_out *out)
{
	static const char *const keys[] = { "previous_year", "this_year_to_date" };

	json_object_begin(out, "notice");
	for (int i = 0; i < 2; i++) {
		struct year_figures figures;
		int year = making->fiscal_year - 1 + i;

		figures_judge(making->law, making->index, making->units, year,
			year_end(year, making->as_of), NULL, &figures);
		json_line(out);
		write_notice(out, keys[i], &figures);
		figures_free(&figures);
	}
	json_object_end(out);
}

static void make_notice_projects(struct making *making, struct json_out *out)
{
	write_notice_projects(out, "notice_projects", making->law, making->index, making->units,
		making->fiscal_year, year_end(making->fiscal_year, making->as_of), making->as_of);
}

static void make_disclosure(struct making *making, struct json_out *out)
{
	day_t counted_at[] = { year_end(day_year(making->as_of) - 1, making->as_of),
		making->as_of };
	static const char *const keys[] = { "previous_year", "this_year_to_date" };

	json_object_begin(out, "disclosure");
	for (int i = 0; i < 2; i++) {
		struct disclosure disclosure;

		disclosure_judge(making->law, making->index, making->units, making->reviews,
			counted_at[i], making->as_of, &disclosure);
		json_line(out);
		write_disclosure(out, keys[i], &disclosure);
		disclosure_free(&disclosure);
	}
	json_object_end(out);
}

static int compare_codes(const void *a, const void *b)
{
	return strcmp(
		((const struct finding_count *)a)->code, ((const struct finding_count *)b)->code);
}

static void make_finding_counts(struct making *making, struct json_out *out)
{
	/* Rows without a date are in no figure at all: their number is always said, also when it is
	 * 0. */
	finding_kind(making, "budget-approved-on-missing");
	findings_of_records(making->law, making->index, making->units, making->fiscal_year,
		making->as_of, count_finding, making);
	qsort(making->findings, making->finding_count, sizeof(making->findings[0]), compare_codes);
	json_object_begin(out, "finding_counts");
	for (size_t i = 0; i < making->finding_count; i++)
		json_int(out, making->findings[i].code, making->findings[i].count);
	json_object_end(out);
}

static void write_finding(void *arg, const struct data_finding *finding)
{
	struct json_out *out = arg;

	json_line(out);
	json_object_begin(out, NULL);
	json_text(out, "code", finding->code);
	json_text(out, "words", finding_words(finding->code));
	json_text(out, "rule", finding->rule_id);
	json_text(out, "subject_kind", finding->subject_kind);
	json_text(out, "subject", finding->subject);
	json_text(out, "unit_code", finding->unit_code);
	if (finding->amount != NUMBER_NONE)
		json_fen(out, "amount_fen", finding->amount);
	json_object_end(out);
}

static void make_record_findings(struct making *making, struct json_out *out)
{
	json_array_begin(out, "record_findings");
	findings_of_records(making->law, making->index, making->units, making->fiscal_year,
		making->as_of, write_finding, out);
	json_line(out);
	json_array_end(out);
}

static void make_awards(struct making *making, struct json_out *out)
{
	struct award_bands bands;

	award_bands_judge(making->law->registers, making->facts, 0, making->as_of, &bands);
	write_awards(out, "awards", &bands);
	award_bands_free(&bands);
}

static int compare_states(const void *a, const void *b, void *facts)
{
	const struct obligation_state *x = a, *y = b;
	const struct obligation_fact *rows = ((const struct facts *)facts)->obligations.items;

	return strcmp(rows[x->obligation].obligation_no, rows[y->obligation].obligation_no);
}

static void make_obligations(struct making *making, struct json_out *out)
{
	if (making->state_count > 1)
		qsort_r(making->states, making->state_count, sizeof(*making->states),
			compare_states, (void *)making->facts);
	json_array_begin(out, "obligations");
	for (size_t i = 0; i < making->state_count; i++) {
		json_line(out);
		write_obligation(out, NULL, making->facts, &making->states[i]);
	}
	json_line(out);
	json_array_end(out);
}

static void make_members(struct making *making, struct json_out *out)
{
	static const struct {
		enum snapshot_member member;
		void (*make)(struct making *making, struct json_out *out);
	} makers[] = {
		{ SNAPSHOT_QUOTA, make_quota },
		{ SNAPSHOT_QUOTA_UNIT, make_quota_unit },
		{ SNAPSHOT_NOTICE, make_notice },
		{ SNAPSHOT_NOTICE_PROJECTS, make_notice_projects },
		{ SNAPSHOT_ARREARS, make_arrears },
		{ SNAPSHOT_DISCLOSURE, make_disclosure },
		{ SNAPSHOT_COMPLAINTS, make_complaints },
		{ SNAPSHOT_FINDING_COUNTS, make_finding_counts },
		{ SNAPSHOT_AWARDS, make_awards },
		{ SNAPSHOT_OPEN_ITEMS, make_open_items },
		{ SNAPSHOT_RECORD_FINDINGS, make_record_findings },
		{ SNAPSHOT_WORK_LIST, make_work_list },
		{ SNAPSHOT_OBLIGATIONS, make_obligations },
	};

	json_object_begin(out, NULL);
	json_line(out);
	json_day(out, "as_of", making->as_of);
	json_int(out, "fiscal_year", making->fiscal_year);
	if (making->legal_order)
		json_text(out, "payment_order", "costs-interest-principal");
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		if (!(making->members & makers[i].member))
			continue;
		json_line(out);
		makers[i].make(making, out);
	}
	json_line(out);
	json_object_end(out);
}

static void making_free(struct making *making)
{
	figures_free(&making->figures);
	outlook_free(&making->outlook);
	arrears_report_free(&making->report);
	for (int by = 0; by < AGEING_BY_COUNT; by++)
		ageing_table_free(&making->ageing[by]);
	practice_free(&making->practice);
	free(making->paid_of_contract);
	free(making->states);
	unit_tree_free(making->units);
	facts_index_free(making->index);
}

int snapshot_write(const struct law *law, const struct facts *facts,
	const struct snapshot_options *options, struct json_out *out, struct err *err)
{
	struct making making = { .law = law,
		.facts = facts,
		.as_of = options->as_of,
		.fiscal_year =
			options->fiscal_year ? options->fiscal_year : day_year(options->as_of),
		.members = options->members ? options->members : SNAPSHOT_ALL,
		.unit_code = options->unit_code,
		.reviews = options->reviews,
		.before = options->before,
		.work_order = options->work_order,
		.legal_order = options->legal_order };

	making.index = facts_index_new(facts);
	making.units = unit_tree_new(facts);
	making.paid_of_contract = mem_zero(facts->contracts.count + 1, sizeof(fen_t));
	if (making.members &
		(SNAPSHOT_QUOTA | SNAPSHOT_QUOTA_UNIT | SNAPSHOT_ARREARS | SNAPSHOT_FINDING_COUNTS |
			SNAPSHOT_OBLIGATIONS | SNAPSHOT_WORK_LIST))
		judge_arrears(&making);
	if (making.members & (SNAPSHOT_QUOTA | SNAPSHOT_QUOTA_UNIT | SNAPSHOT_OPEN_ITEMS))
		judge_quota(&making);
	make_members(&making, out);
	making_free(&making);
	if (making.nothing_of_unit)
		return err_set(err, ERR_DATA, "no department and no unit \"%s\" has figures in %d",
			making.unit_code, making.fiscal_year);
	if (json_finish(out) < 0)
		return err_set(err, ERR_LIMIT, "the snapshot could not be written in full");
	if (out->out_of_range)
		return err_set(err, ERR_LIMIT,
			"an amount in the snapshot is larger than can be computed with");
	return 0;
}
