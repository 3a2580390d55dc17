/* The named corner cases of the set-aside, each through the whole judgement. */
#include "lib/days.h"
#include "lib/district_rig.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <string.h>

static struct law_csv *csv;
static struct facts *facts;
static struct quota_case judged;

static void set_up(void)
{
	csv = law_csv_read();
	facts = quota_facts();
}

static void tear_down(void)
{
	quota_case_free(&judged);
	facts_free(facts);
	law_csv_free(csv);
}

/* The scope's figures on the day. */
static const struct scope_figures *on(const char *as_of, const char *scope)
{
	quota_case_free(&judged);
	judged = quota_case_judge(&csv->law, facts, as_of);
	return quota_case_figures(&judged, scope);
}

static struct quota_verdict verdict(const struct scope_figures *scope)
{
	return quota_judge(quota_floor_of(&csv->law, QUOTA_YEAR, !*scope->scope), scope->plan);
}

TestSuite(quota_case, .init = set_up, .fini = tear_down);

static void expect_share(fen_t reserved, fen_t rest, enum quota_status status, fen_t gap)
{
	facts_free(facts);
	facts = quota_facts();
	quota_reserved(facts, "100", "A", reserved, RESERVED_FOR_SMALL_MICRO);
	quota_item(facts, "100", "B", rest);
	for (int i = 0; i < 2; i++) { /* department by Q-2, district by Q-3 */
		struct quota_verdict found = verdict(on("2026-06-30", i ? "" : "100"));

		cr_expect_eq(found.sme, status);
		cr_expect_eq(found.sme_gap, gap);
	}
	cr_expect_eq(quota_case_outlook(&judged, "100")->sme.gap, gap);
}

Test(quota_case, q2_q3_exactly_forty_percent_is_met)
{
	expect_share(4000000000000, 6000000000000, QUOTA_MET, 0);
}

Test(quota_case, q2_q3_one_fen_below_is_not_met_and_lacks_one_fen)
{
	expect_share(3999999999999, 6000000000001, QUOTA_NOT_MET, 1);
}

Test(quota_case, q2_q3_one_fen_above_is_met)
{
	expect_share(4000000000001, 5999999999999, QUOTA_MET, 0);
}

Test(quota_case, q8_zero_base_has_no_verdict_and_no_outlook)
{
	const struct scope_figures *scope = on("2026-06-30", "100");

	cr_expect_eq(verdict(scope).sme, QUOTA_NO_BASE);
	cr_expect_eq(verdict(scope).small_micro, QUOTA_UNDEFINED);
	cr_expect_eq(quota_case_outlook(&judged, "100")->outlook, OUTLOOK_NONE);
	quota_item(facts, "100", "A", 0);
	quota_item(facts, "200", "B", 100);
	scope = on("2026-06-30", "100");
	cr_expect_eq(scope->plan_items, 1);
	cr_expect_eq(verdict(scope).sme, QUOTA_NO_BASE);
	cr_expect_eq(quota_case_outlook(&judged, "100")->outlook, OUTLOOK_NONE);
}

Test(quota_case, q8_zero_reserved_is_undefined_for_small_and_micro)
{
	const struct scope_figures *scope;

	quota_item(facts, "100", "A", 1000);
	quota_item(facts, "200", "B", 100);
	scope = on("2026-06-30", "100");
	cr_expect_eq(verdict(scope).sme, QUOTA_NOT_MET);
	cr_expect_eq(verdict(scope).small_micro, QUOTA_UNDEFINED);
	cr_expect_eq(quota_case_outlook(&judged, "100")->small_micro.outlook, OUTLOOK_NONE);
	cr_expect_eq(quota_case_outlook(&judged, "100")->to_reserve, 400);
	cr_expect_eq(quota_case_outlook(&judged, "100")->to_reserve_small_micro, 280);
}

/* Fewer than three qualified: stopped and announced anew without reservation (Q-7, G-11). */
Test(quota_case, q7_g11_a_terminated_package_leaves_the_numerator_from_that_day)
{
	struct budget_item_fact *package;

	package = quota_reserved(facts, "100", "A", 500, RESERVED_FOR_SMALL_MICRO);
	package->package_no = "2";
	package->reserve_form = RESERVE_PACKAGE;
	package->notice_on = day("2026-04-01");
	package->withdrawn_on = day("2026-05-20");
	quota_item(facts, "100", "A", 500)->package_no = "1";
	quota_item(facts, "200", "B", 100);
	cr_expect_eq(on("2026-05-19", "100")->plan.sme, 500);
	cr_expect_eq(on("2026-05-20", "100")->plan.sme, 0);
	cr_expect_eq(on("2026-05-20", "100")->plan.strict_base, 1000);
	cr_expect_eq(quota_case_outlook(&judged, "100")->reservable, 500, "announced already");
}

Test(quota_case, q9_g19_a_unit_that_moves_in_mid_year_counts_by_the_day)
{
	struct unit_fact *later;

	facts->units.items[1].valid_to = day("2026-06-30");
	later = facts_add_unit(facts);
	*later = facts->units.items[1];
	later->parent_code = "200";
	later->valid_from = day("2026-07-01");
	later->valid_to = DAY_NONE;
	quota_item(facts, "101", "A", 700)->approved_on = day("2026-06-30");
	quota_item(facts, "101", "B", 50)->approved_on = day("2026-07-01");
	quota_contract(facts, "101", "A", 600)->signed_on = day("2026-07-02");
	cr_expect_eq(on("2026-12-31", "100")->plan.strict_base, 700);
	cr_expect_eq(on("2026-12-31", "200")->plan.strict_base, 50);
	cr_expect_eq(on("2026-12-31", "200")->award.strict_base, 600);
	cr_expect_eq(on("2026-12-31", "")->plan.strict_base, 750);
}

Test(quota_case, q8_g10_a_withdrawn_exemption_makes_the_row_suitable_again)
{
	struct budget_item_fact *exempt, *again;

	exempt = quota_item(facts, "100", "A", 900);
	exempt->exemption_code = "2";
	exempt->exemption_reason = exempt->exemption_approver = "x";
	exempt->exemption_on = day("2026-02-01");
	again = quota_item(facts, "100", "A", 900); /* the adjusted budget says nothing of it */
	again->snapshot = SNAPSHOT_ADJUSTED;
	again->approved_on = day("2026-07-10");
	quota_item(facts, "200", "B", 100);
	cr_expect_eq(on("2026-07-09", "100")->plan.adjusted_base, 0);
	cr_expect_eq(quota_case_outlook(&judged, "100")->reservable, 0);
	cr_expect_eq(on("2026-07-10", "100")->plan.adjusted_base, 900);
	cr_expect_eq(quota_case_outlook(&judged, "100")->reservable, 900);
}

Test(quota_case, q5_g10_a_revised_snapshot_takes_the_place_of_the_older_one)
{
	struct budget_item_fact *adjusted, *last;

	quota_item(facts, "100", "A", 100);
	adjusted = quota_item(facts, "100", "A", 250);
	adjusted->snapshot = SNAPSHOT_ADJUSTED;
	adjusted->approved_on = day("2026-08-01");
	last = quota_item(facts, "100", "A", 240);
	last->snapshot = SNAPSHOT_FINAL;
	last->approved_on = day("2026-08-01");
	cr_expect_eq(on("2026-07-31", "100")->plan.strict_base, 100);
	cr_expect_eq(on("2026-08-01", "100")->plan.strict_base, 240);
	cr_expect_eq(on("2026-08-01", "100")->plan_items, 1);
}

static struct budget_item_fact *in_snapshot(const char *unit, const char *project, fen_t budget,
	enum snapshot_kind kind, const char *approved)
{
	struct budget_item_fact *item = quota_item(facts, unit, project, budget);

	item->snapshot = kind;
	item->approved_on = day(approved);
	return item;
}

static void expect_snapshot(const struct scope_figures *scope, enum snapshot_kind kind, fen_t base,
	int64_t items, int64_t own)
{
	const struct snapshot_sums *snapshot = &scope->snapshots[kind];

	cr_expect_eq(snapshot->sums.strict_base, base, "%s: %ld, not %ld",
		figures_snapshot_name(kind), (long)snapshot->sums.strict_base, (long)base);
	cr_expect_eq(snapshot->items, items, "%s: %ld rows", figures_snapshot_name(kind),
		(long)snapshot->items);
	cr_expect_eq(snapshot->own_items, own, "%s: %ld own rows", figures_snapshot_name(kind),
		(long)snapshot->own_items);
}

Test(quota_case, q5_the_budget_stands_in_each_of_its_snapshots_whatever_is_in_force)
{
	const struct scope_figures *scope;

	in_snapshot("100", "A", 100, SNAPSHOT_INITIAL, "2026-01-15");
	in_snapshot("100", "A", 250, SNAPSHOT_ADJUSTED, "2026-08-01");
	in_snapshot("100", "A", 260, SNAPSHOT_ADJUSTED, "2026-09-01");
	in_snapshot("100", "A", 240, SNAPSHOT_FINAL, "2026-12-20");
	in_snapshot("100", "B", 1000, SNAPSHOT_INITIAL, "2026-01-15"); /* never adjusted */
	in_snapshot("100", "C", 7, SNAPSHOT_ADJUSTED, "2026-08-01");   /* new in the adjustment */

	scope = on("2026-07-31", "100");
	expect_snapshot(scope, SNAPSHOT_INITIAL, 1100, 2, 2);
	expect_snapshot(scope, SNAPSHOT_ADJUSTED, 1100, 2, 0);
	scope = on("2026-08-01", "100");
	expect_snapshot(scope, SNAPSHOT_INITIAL, 1100, 2, 2);
	expect_snapshot(scope, SNAPSHOT_ADJUSTED, 1257, 3, 2);
	expect_snapshot(scope, SNAPSHOT_FINAL, 1257, 3, 0);
	scope = on("2026-12-31", "100");
	expect_snapshot(scope, SNAPSHOT_INITIAL, 1100, 2, 2);
	expect_snapshot(scope, SNAPSHOT_ADJUSTED, 1267, 3, 2);
	expect_snapshot(scope, SNAPSHOT_FINAL, 1247, 3, 1);
	cr_expect_eq(scope->plan.strict_base, 1247);
}

Test(quota_case, q5_g10_a_later_row_of_a_lower_snapshot_is_in_force_and_leaves_the_final_one)
{
	const struct scope_figures *scope;

	in_snapshot("100", "A", 300, SNAPSHOT_FINAL, "2026-02-01");
	in_snapshot("100", "A", 200, SNAPSHOT_ADJUSTED, "2026-05-01");
	in_snapshot("100", "A", 100, SNAPSHOT_INITIAL, "2026-09-01");
	scope = on("2026-10-01", "100");
	cr_expect_eq(scope->plan.strict_base, 100);
	expect_snapshot(scope, SNAPSHOT_INITIAL, 100, 1, 1);
	expect_snapshot(scope, SNAPSHOT_ADJUSTED, 200, 1, 1);
	expect_snapshot(scope, SNAPSHOT_FINAL, 300, 1, 1);
}

Test(quota_case, q5_g19_the_initial_budget_of_a_unit_that_moved_stays_with_its_department)
{
	struct unit_fact *moved;

	facts->units.items[1].valid_to = day("2026-06-30");
	moved = facts_add_unit(facts);
	*moved = facts->units.items[1];
	moved->parent_code = "200";
	moved->valid_from = day("2026-07-01");
	moved->valid_to = DAY_NONE;
	in_snapshot("101", "A", 100, SNAPSHOT_INITIAL, "2026-01-15");
	in_snapshot("101", "A", 150, SNAPSHOT_ADJUSTED, "2026-08-01");
	expect_snapshot(on("2026-09-01", "100"), SNAPSHOT_INITIAL, 100, 1, 1);
	cr_expect_eq(on("2026-09-01", "100")->plan_items, 0);
	expect_snapshot(on("2026-09-01", "200"), SNAPSHOT_INITIAL, 0, 0, 0);
	expect_snapshot(on("2026-09-01", "200"), SNAPSHOT_ADJUSTED, 150, 1, 1);
	expect_snapshot(on("2026-09-01", ""), SNAPSHOT_INITIAL, 100, 1, 1);
}

Test(quota_case, q7_g23_a_contract_cancelled_after_its_award_leaves_the_award_basis)
{
	struct contract_fact *contract;

	quota_reserved(facts, "100", "A", 500, RESERVED_FOR_SME);
	contract = quota_contract(facts, "100", "A", 450);
	contract->reserve_form = RESERVE_WHOLE;
	contract->declared_size = SIZE_SMALL;
	contract->cancelled_on = day("2026-09-01");
	cr_expect_eq(on("2026-08-31", "100")->award.small_micro, 450);
	cr_expect_eq(on("2026-09-01", "100")->award.strict_base, 0);
	cr_expect_eq(on("2026-09-01", "100")->plan.sme, 500, "the plan stands");
	cr_expect_eq(quota_case_outlook(&judged, "100")->nameable, 500, "open again");
}

Test(quota_case, q7_g26_a_consortium_of_medium_and_small_is_sme_wholly_and_small_by_its_share)
{
	struct contract_fact *contract;

	quota_item(facts, "100", "A", 1000);
	contract = quota_contract(facts, "100", "A", 1001);
	contract->reserve_form = RESERVE_CONSORTIUM;
	contract->declared_size = SIZE_MEDIUM;
	contract->sme_share_ppm = 1000000;
	contract->small_micro_share_ppm = 350000;
	cr_expect_eq(on("2026-06-30", "100")->award.sme, 1001);
	cr_expect_eq(on("2026-06-30", "100")->award.small_micro, 350, "350.35");
}

Test(quota_case, q11_goods_without_the_makers_declaration_count_in_the_upper_value_only)
{
	struct contract_fact *contract;
	const struct band *band;

	facts_add_supplier(facts)->uscc = "91110000000000000X";
	facts->suppliers.items[0].size_class = SIZE_MICRO;
	quota_reserved(facts, "100", "A", 1000, RESERVED_FOR_SME)->class = CLASS_GOODS;
	contract = quota_contract(facts, "100", "A", 900);
	contract->reserve_form = RESERVE_WHOLE;
	contract->supplier_uscc = "91110000000000000X";
	cr_expect_eq(on("2026-06-30", "100")->award.sme, 900, "G-25 as it stands");
	band = &judged.outlook.bands.district.award;
	cr_expect_eq(band->sme_lower, 0);
	cr_expect_eq(band->sme_upper, 900);
	cr_assert_eq(judged.outlook.bands.question_count, 1);
	cr_expect_eq(judged.outlook.bands.questions[0].kind, ASK_MAKER);
	facts->contracts.items[0].declared_size = SIZE_SMALL;
	on("2026-06-30", "100");
	cr_expect_eq(judged.outlook.bands.district.award.sme_lower, 900);
	facts->contracts.items[0].declared_size = SIZE_BLANK;
	facts->budget_items.items[0].class = CLASS_SERVICES;
	on("2026-06-30", "100");
	cr_expect_eq(judged.outlook.bands.district.award.sme_lower, 900);
}

Test(quota_case, q6_what_was_paid_on_a_contract_of_unknown_size_has_a_band)
{
	static const fen_t paid[] = { 300, 200, 50 };
	const struct band *band;

	quota_contract(facts, "100", "A", 900)->reserve_form = RESERVE_WHOLE; /* size unknown */
	quota_contract(facts, "100", "B", 400)->reserve_form = RESERVE_SUBCONTRACT;
	facts->contracts.items[1].sme_share_ppm = 500000;
	quota_contract(facts, "100", "C", 50); /* not reserved */
	judged = quota_case_judge_paid(&csv->law, facts, "2026-06-30", paid);
	band = &judged.outlook.bands.district.paid;
	cr_expect_eq(quota_case_figures(&judged, "")->paid.strict_base, 550);
	cr_expect_eq(band->sme_lower, 100, "half of the 200");
	cr_expect_eq(band->sme_upper, 400, "and all of the 300");
	cr_expect_eq(band->small_micro_lower, 0);
	cr_expect_eq(band->small_micro_upper, 300);
	cr_expect_eq(band->unknown, 1);
}

Test(quota_case, q11_what_was_paid_for_goods_without_the_makers_declaration_may_be_nothing)
{
	static const fen_t paid[] = { 300 };
	struct contract_fact *contract;
	struct supplier_fact *supplier;

	quota_reserved(facts, "100", "A", 900, RESERVED_FOR_SME)->class = CLASS_GOODS;
	contract = quota_contract(facts, "100", "A", 900);
	contract->reserve_form = RESERVE_WHOLE;
	supplier = facts_add_supplier(facts);
	contract->supplier_uscc = supplier->uscc = "91110000000000000X";
	supplier->size_class = SIZE_SMALL;
	judged = quota_case_judge_paid(&csv->law, facts, "2026-06-30", paid);
	cr_expect_eq(quota_case_figures(&judged, "")->paid.sme, 300, "by the dealer's class");
	cr_expect_eq(judged.outlook.bands.district.paid.sme_lower, 0);
	cr_expect_eq(judged.outlook.bands.district.paid.sme_upper, 300);
}

Test(quota_case, q6_the_small_and_micro_band_ends_at_what_is_not_awarded_and_what_they_won)
{
	struct contract_fact *contract;
	const struct band *band;

	quota_reserved(facts, "100", "A", 100, RESERVED_FOR_SMALL_MICRO);
	quota_reserved(facts, "100", "B", 1000, RESERVED_FOR_SME); /* not awarded */
	quota_reserved(facts, "100", "C", 500, RESERVED_FOR_SME);  /* won by a medium one */
	quota_reserved(facts, "100", "D", 300, RESERVED_FOR_SME);  /* won by a micro one */
	contract = quota_contract(facts, "100", "C", 480);
	contract->reserve_form = RESERVE_WHOLE;
	contract->declared_size = SIZE_MEDIUM;
	contract = quota_contract(facts, "100", "D", 290);
	contract->reserve_form = RESERVE_WHOLE;
	contract->declared_size = SIZE_MICRO;
	on("2026-06-30", "100");
	band = &judged.outlook.bands.district.plan;
	cr_expect_eq(band->small_micro_lower, 100);
	cr_expect_eq(band->small_micro_upper, 1400);
	cr_expect_eq(band->sme_lower, 1900);
	cr_expect_eq(band->sme_upper, 1900);
}

Test(quota_case, q7_reserved_amounts_without_a_form_count_as_given)
{
	struct budget_item_fact *item = quota_item(facts, "100", "A", 1000);

	item->reserve_form = RESERVE_UNSTATED;
	item->reserved_fen = 600;
	item->reserved_small_micro_fen = 450;
	cr_expect_eq(on("2026-06-30", "100")->plan.sme, 600);
	cr_expect_eq(on("2026-06-30", "100")->plan.small_micro, 450);
	cr_expect_eq(judged.outlook.bands.district.plan.small_micro_upper, 600);
	facts->budget_items.items[0].reserved_fen = NUMBER_NONE;
	facts->budget_items.items[0].reserved_small_micro_fen = NUMBER_NONE;
	cr_expect_eq(on("2026-06-30", "100")->plan.sme, 0);
	cr_expect_eq(judged.outlook.bands.district.plan.sme_upper, 1000);
	cr_expect_eq(judged.outlook.bands.questions[0].kind, ASK_PLAN_AMOUNT);
}
