/* What must hold in every district: a thousand made-up ones, each from its own number. */
#include "checks/explain.h"
#include "checks/what_if.h"

#include "checks/snapshot_parts.h"
#include "core/mem.h"
#include "lib/made_quota.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

enum { DISTRICTS = 1000, DOCUMENT_MAX = 4 << 20, COMPLETIONS_MAX = 256 };

static struct law_csv *csv;
static struct register_book *book;

static void set_up(void)
{
	csv = law_csv_read();
}

static void tear_down(void)
{
	register_book_free(book);
	law_csv_free(csv);
}

/* Every other district has registers. */
static struct facts *made(uint64_t number, enum made_size size)
{
	struct facts *facts = made_quota(number, size);

	register_book_free(book);
	book = number % 2 ? made_registers(number, facts) : NULL;
	csv->law.registers = book;
	return facts;
}

TestSuite(quota_property, .init = set_up, .fini = tear_down, .timeout = 120);

/* Something odd of every contract, of some more than it was for. */
static fen_t *paid_in(const struct facts *facts, uint64_t number)
{
	fen_t *paid = mem_zero(facts->contracts.count + 1, sizeof(*paid));

	for (size_t i = 0; i < facts->contracts.count; i++)
		paid[i] = facts->contracts.items[i].amount_fen > 0
				  ? facts->contracts.items[i].amount_fen / 3 *
					    (fen_t)((number + i) % 5)
				  : 0;
	return paid;
}

/* Department sums ------------------------------------------------------------------------------ */

static void add_sums(struct quota_sums *sum, const struct quota_sums *part)
{
	sum->strict_base += part->strict_base;
	sum->adjusted_base += part->adjusted_base;
	sum->sme += part->sme;
	sum->small_micro += part->small_micro;
}

static void expect_equal(
	uint64_t number, const char *what, const void *sum, const void *whole, size_t size)
{
	cr_assert(memcmp(sum, whole, size) == 0, "district %lu: the departments' %s",
		(unsigned long)number, what);
}

static void add_band(struct band *sum, const struct band *part)
{
	sum->sme_lower += part->sme_lower;
	sum->sme_upper += part->sme_upper;
	sum->small_micro_lower += part->small_micro_lower;
	sum->small_micro_upper += part->small_micro_upper;
	sum->unknown += part->unknown;
}

static void expect_sums(uint64_t number, const struct quota_case *judged)
{
	const struct year_figures *figures = &judged->figures;
	const struct year_outlook *outlook = &judged->outlook;
	struct scope_figures sum = { .scope = "" };
	struct scope_bands bands = { .scope = "" };
	fen_t reservable = 0, nameable = 0;

	for (size_t i = 0; i < figures->department_count; i++) {
		const struct scope_figures *department = &figures->departments[i];

		add_sums(&sum.plan, &department->plan);
		add_sums(&sum.award, &department->award);
		add_sums(&sum.paid, &department->paid);
		add_sums(&sum.q4_goods_services, &department->q4_goods_services);
		add_sums(&sum.q4_works, &department->q4_works);
		sum.plan_items += department->plan_items;
		for (int kind = 0; kind < SNAPSHOT_KINDS; kind++) {
			add_sums(&sum.snapshots[kind].sums, &department->snapshots[kind].sums);
			sum.snapshots[kind].items += department->snapshots[kind].items;
			sum.snapshots[kind].own_items += department->snapshots[kind].own_items;
		}
		sum.award_contracts += department->award_contracts;
		sum.q4_below_not_reserved += department->q4_below_not_reserved;
		add_band(&bands.plan, &outlook->bands.departments[i].plan);
		add_band(&bands.award, &outlook->bands.departments[i].award);
		add_band(&bands.paid, &outlook->bands.departments[i].paid);
		reservable += outlook->departments[i].reservable;
		nameable += outlook->departments[i].nameable;
	}
	memcpy(sum.forms, figures->district.forms, sizeof(sum.forms));
	sum.scope = figures->district.scope;
	expect_equal(number, "figures", &sum, &figures->district, sizeof(sum));
	expect_equal(number, "plan bands", &bands.plan, &outlook->bands.district.plan,
		sizeof(bands.plan));
	expect_equal(number, "award bands", &bands.award, &outlook->bands.district.award,
		sizeof(bands.award));
	expect_equal(number, "paid bands", &bands.paid, &outlook->bands.district.paid,
		sizeof(bands.paid));
	cr_assert_eq(reservable, outlook->district.reservable);
	cr_assert_eq(nameable, outlook->district.nameable);
}

/* A figure, its band and its outlook agree with each other. */
static void expect_sane(uint64_t number, const struct scope_figures *figures,
	const struct scope_bands *bands, const struct scope_outlook *outlook)
{
	cr_assert(bands->plan.sme_lower == figures->plan.sme &&
			  bands->plan.sme_upper >= figures->plan.sme &&
			  bands->plan.small_micro_lower == figures->plan.small_micro &&
			  bands->plan.small_micro_upper >= figures->plan.small_micro,
		"district %lu: plan", (unsigned long)number);
	cr_assert(bands->award.sme_lower <= figures->award.sme &&
			  bands->award.sme_upper >= figures->award.sme &&
			  bands->award.small_micro_lower <= figures->award.small_micro &&
			  bands->award.small_micro_upper >= figures->award.small_micro,
		"district %lu: award", (unsigned long)number);
	cr_assert(figures->plan.sme >= figures->plan.small_micro &&
		  figures->plan.strict_base >= figures->plan.adjusted_base);
	if (outlook->sme.outlook == OUTLOOK_ON_TARGET)
		cr_assert_eq(outlook->sme.gap, 0);
	if (outlook->sme.outlook == OUTLOOK_GAP_FIXABLE)
		cr_assert_geq(outlook->sme.capacity, outlook->sme.gap);
}

Test(quota_property, departments_add_up_to_the_district_and_bands_hold_the_figures)
{
	for (uint64_t number = 0; number < DISTRICTS; number++) {
		struct facts *facts = made(number, number % 20 ? MADE_SMALL : MADE_LARGE);
		_cleanup_free_ fen_t *paid = paid_in(facts, number);
		struct quota_case judged =
			quota_case_judge_paid(&csv->law, facts, "2026-06-30", paid);
		const struct year_outlook *outlook = &judged.outlook;

		expect_sums(number, &judged);
		expect_sane(number, &judged.figures.district, &outlook->bands.district,
			&outlook->district);
		for (size_t i = 0; i < judged.figures.department_count; i++)
			expect_sane(number, &judged.figures.departments[i],
				&outlook->bands.departments[i], &outlook->departments[i]);
		quota_case_free(&judged);
		facts_free(facts);
	}
}

/* Explanations --------------------------------------------------------------------------------- */

static json_t *explained(const struct quota_case *judged, const char *basis, const char *scope)
{
	struct err err = ERR_INIT;
	struct json_out out;
	struct buf buf;
	json_t *document;

	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(explain_quota(&csv->law, judged->index, judged->units, basis, scope,
			     QUOTA_YEAR, judged->figures.as_of, &out, &err),
		0, "%s", err.text);
	cr_assert_eq(json_finish(&out), 0);
	document = json_loads(buf.data, 0, NULL);
	buf_free(&buf);
	cr_assert(document);
	return document;
}

static json_int_t sum_of(const json_t *document, const char *part, const char *member)
{
	const json_t *rows = json_object_get(document, "rows");
	json_int_t sum = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		if (!part || strcmp(part, json_string_value(json_object_get(row, "part"))) == 0)
			sum += json_integer_value(
				json_object_get(json_object_get(row, "adds"), member));
	}
	return sum;
}

static void expect_rows(
	const json_t *document, const char *part, const char *base, const struct quota_sums *sums)
{
	cr_assert_eq(sum_of(document, part, base), sums->strict_base);
	cr_assert_eq(sum_of(document, part, "sme_fen"), sums->sme);
	cr_assert_eq(sum_of(document, part, "small_micro_fen"), sums->small_micro);
}

static void expect_mixed_and_snapshots(
	const struct quota_case *judged, const struct scope_figures *scope)
{
	json_t *mixed = explained(judged, "mixed", scope->scope);

	cr_assert_eq(sum_of(mixed, NULL, "plan_sme_fen"), scope->plan.sme);
	cr_assert_eq(sum_of(mixed, NULL, "award_small_micro_fen"), scope->award.small_micro);
	json_decref(mixed);
	for (int kind = 0; kind < SNAPSHOT_KINDS; kind++) {
		const struct quota_sums *sums = &scope->snapshots[kind].sums;
		json_t *snapshot = explained(
			judged, figures_snapshot_name((enum snapshot_kind)kind), scope->scope);

		expect_rows(snapshot, NULL, "strict_base_fen", sums);
		cr_assert_eq(sum_of(snapshot, NULL, "adjusted_base_fen"), sums->adjusted_base);
		json_decref(snapshot);
	}
}

static void expect_explained(const struct quota_case *judged, const struct scope_figures *scope)
{
	json_t *plan = explained(judged, "plan", scope->scope);
	json_t *award = explained(judged, "award", scope->scope);
	json_t *q4 = explained(judged, "q4", scope->scope);

	expect_rows(plan, NULL, "strict_base_fen", &scope->plan);
	cr_assert_eq(sum_of(plan, NULL, "adjusted_base_fen"), scope->plan.adjusted_base);
	expect_rows(award, NULL, "base_fen", &scope->award);
	expect_rows(q4, "works", "base_fen", &scope->q4_works);
	expect_rows(q4, "goods_services", "base_fen", &scope->q4_goods_services);
	json_decref(plan);
	json_decref(award);
	json_decref(q4);
	expect_mixed_and_snapshots(judged, scope);
}

Test(quota_property, explained_rows_add_up_to_every_figure)
{
	for (uint64_t number = 0; number < DISTRICTS; number++) {
		struct facts *facts = made(number, number % 4 ? MADE_TINY : MADE_SMALL);
		struct quota_case judged = quota_case_judge(&csv->law, facts, "2026-06-30");

		expect_explained(&judged, &judged.figures.district);
		/* One department a district, another each time. */
		expect_explained(&judged,
			&judged.figures.departments[number % judged.figures.department_count]);
		quota_case_free(&judged);
		facts_free(facts);
	}
}

/* What-if of nothing --------------------------------------------------------------------------- */

static void print(const struct quota_case *judged, struct buf *buf)
{
	struct quota_view view = { &csv->law, judged->index->facts, &judged->figures,
		&judged->outlook };
	struct json_out out;

	buf_init(buf, DOCUMENT_MAX);
	json_out_init(&out, buf, NULL, NULL);
	json_object_begin(&out, NULL);
	write_quota(&out, "quota", &view);
	write_open_items(&out, "open_items", &view);
	json_object_end(&out);
	cr_assert_eq(json_finish(&out), 0);
}

/* The same as a file that changes each row to what it is. */
static void to_itself(struct what_if *what_if, const struct facts *facts)
{
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];

		if (item->fiscal_year != QUOTA_YEAR || strcmp(item->currency, "CNY") != 0 ||
			day_known(item->approved_on, text_day("2026-06-30", 10)) == DAY_NONE)
			continue;
		MEM_GROW(what_if->items, what_if->count, what_if->capacity);
		what_if->items[what_if->count++] = (struct change){ .kind = CHANGE_BUDGET,
			.unit_code = item->unit_code,
			.project_code = item->project_code,
			.package_no = item->package_no,
			.contract_no = "",
			.budget_fen = NUMBER_NONE };
	}
}

static void expect_untouched(uint64_t number)
{
	struct facts *facts = made(number, MADE_SMALL), changed;
	struct what_if_question question = { &csv->law, facts, QUOTA_YEAR,
		text_day("2026-06-30", 10) };
	struct what_if nothing = { 0 }, all = { 0 };
	struct quota_case before = quota_case_judge(&csv->law, facts, "2026-06-30"), after;
	struct buf was, is, still;
	struct err err = ERR_INIT;

	print(&before, &was);
	cr_assert_eq(what_if_apply(&question, &nothing, &changed, NULL, &err), 0);
	after = quota_case_judge(&csv->law, &changed, "2026-06-30");
	print(&after, &is);
	cr_assert_str_eq(was.data, is.data, "district %lu", (unsigned long)number);
	quota_case_free(&after);
	what_if_release(&changed);
	quota_case_free(&before);
	to_itself(&all, facts);
	cr_assert_eq(what_if_apply(&question, &all, &changed, NULL, &err), 0, "%s", err.text);
	what_if_release(&changed);
	before = quota_case_judge(&csv->law, facts, "2026-06-30");
	print(&before, &still);
	cr_assert_str_eq(was.data, still.data, "the facts themselves were touched");
	quota_case_free(&before);
	free(all.items);
	buf_free(&was);
	buf_free(&is);
	buf_free(&still);
	facts_free(facts);
}

Test(quota_property, what_if_of_nothing_changes_nothing_and_no_change_touches_the_facts)
{
	for (uint64_t number = 0; number < DISTRICTS; number++)
		expect_untouched(number);
}

/* Every completion ----------------------------------------------------------------------------- */

static void expect_within(uint64_t number, int completion, const struct quota_case *judged,
	const struct year_bands *bands)
{
	const struct scope_figures *figures = &judged->figures.district;
	const struct band *plan = &bands->district.plan, *award = &bands->district.award,
			  *paid = &bands->district.paid;

	cr_assert(figures->plan.sme >= plan->sme_lower && figures->plan.sme <= plan->sme_upper,
		"district %lu, completion %d: plan sme %ld not in %ld … %ld", (unsigned long)number,
		completion, (long)figures->plan.sme, (long)plan->sme_lower, (long)plan->sme_upper);
	cr_assert(figures->plan.small_micro >= plan->small_micro_lower &&
			  figures->plan.small_micro <= plan->small_micro_upper,
		"district %lu, completion %d: plan small/micro", (unsigned long)number, completion);
	cr_assert(figures->award.sme >= award->sme_lower && figures->award.sme <= award->sme_upper,
		"district %lu, completion %d: award sme %ld not in %ld … %ld",
		(unsigned long)number, completion, (long)figures->award.sme, (long)award->sme_lower,
		(long)award->sme_upper);
	cr_assert(figures->award.small_micro >= award->small_micro_lower &&
			  figures->award.small_micro <= award->small_micro_upper,
		"district %lu, completion %d: award small/micro", (unsigned long)number,
		completion);
	cr_assert(figures->paid.sme >= paid->sme_lower && figures->paid.sme <= paid->sme_upper,
		"district %lu, completion %d: paid sme %ld not in %ld … %ld", (unsigned long)number,
		completion, (long)figures->paid.sme, (long)paid->sme_lower, (long)paid->sme_upper);
	cr_assert(figures->paid.small_micro >= paid->small_micro_lower &&
			  figures->paid.small_micro <= paid->small_micro_upper,
		"district %lu, completion %d: paid small/micro", (unsigned long)number, completion);
}

Test(quota_property, bands_contain_every_completion_of_the_unknowns)
{
	int64_t completions = 0, unknowns = 0;

	for (uint64_t number = 0; number < DISTRICTS; number++) {
		struct facts *facts = made(number, MADE_TINY);
		_cleanup_free_ fen_t *paid = paid_in(facts, number);
		struct quota_case unknown =
			quota_case_judge_paid(&csv->law, facts, "2026-06-30", paid);
		struct made_unknowns choices = made_unknowns(facts, unknown.index);

		unknowns += choices.count;
		for (int i = 0; i < choices.completions && i < COMPLETIONS_MAX; i++) {
			struct quota_case complete;

			made_complete(facts, &choices, i);
			complete = quota_case_judge_paid(&csv->law, facts, "2026-06-30", paid);
			expect_within(number, i, &complete, &unknown.outlook.bands);
			quota_case_free(&complete);
			completions++;
		}
		quota_case_free(&unknown);
		facts_free(facts);
	}
	cr_expect_gt(unknowns, DISTRICTS);
	cr_expect_gt(completions, 5 * DISTRICTS);
	printf("%ld unknowns, %ld completions\n", (long)unknowns, (long)completions);
}
