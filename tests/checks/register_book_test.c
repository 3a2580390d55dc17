/* What the registers do to the figures: each effect through the whole judgement, and what has none. */
#include "checks/register_book.h"

#include "checks/explain.h"
#include "lib/days.h"
#include "lib/small_facts.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#define SUPPLIER "91110102MA00TEST01"

static struct law_csv *csv;
static struct facts *facts;
static struct register_book *book;
static struct quota_case judged;

static void set_up(void)
{
	csv = law_csv_read();
	facts = quota_facts();
	book = register_book_new();
	csv->law.registers = book;
}

static void tear_down(void)
{
	quota_case_free(&judged);
	facts_free(facts);
	register_book_free(book);
	law_csv_free(csv);
}

TestSuite(register_book, .init = set_up, .fini = tear_down);

/* An entry that is good from the beginning of the year, to be changed by the test. */
static struct register_entry entry(const char *number, enum register_name name, const char *value)
{
	return (struct register_entry){ .entry_no = number,
		.name = name,
		.unit_code = "",
		.project_code = "",
		.package_no = "",
		.supplier_uscc = "",
		.contract_no = "",
		.field = "",
		.value = value,
		.value_ppm = NUMBER_NONE,
		.reason = "只有一家",
		.evidence = "批复1号",
		.approver = "王芳",
		.valid_from = day("2026-01-01"),
		.valid_to = DAY_NONE,
		.withdrawn_on = DAY_NONE };
}

static struct register_entry of_project(const char *number, const char *value)
{
	struct register_entry made = entry(number, REGISTER_EXEMPTION, value);

	made.fiscal_year = QUOTA_YEAR;
	made.unit_code = "100";
	made.project_code = "A";
	return made;
}

static struct register_entry of_supplier(
	const char *number, enum register_name name, const char *value)
{
	struct register_entry made = entry(number, name, value);

	made.supplier_uscc = SUPPLIER;
	return made;
}

static const struct scope_figures *on(const char *as_of, const char *scope)
{
	quota_case_free(&judged);
	judged = quota_case_judge(&csv->law, facts, as_of);
	return quota_case_figures(&judged, scope);
}

/* A reserved contract of the supplier whose size nobody states. */
static struct contract_fact *reserved_contract(const char *project, fen_t amount)
{
	struct contract_fact *contract = quota_contract(facts, "100", project, amount);

	contract->supplier_uscc = SUPPLIER;
	contract->reserve_form = RESERVE_WHOLE;
	return contract;
}

/* Award basis of department 100 on 30 June. */
static struct band award_band(void)
{
	const struct year_bands *bands;

	on("2026-06-30", "100");
	bands = &judged.outlook.bands;
	for (size_t i = 0; i < bands->department_count; i++)
		if (strcmp(bands->departments[i].scope, "100") == 0)
			return bands->departments[i].award;
	cr_assert_fail("no band of 100");
	return (struct band){ 0 };
}

/* Exemptions (Q-8) ------------------------------------------------------------------------------ */

Test(register_book, q8_g14_a_registered_exemption_lowers_the_adjusted_base_and_ends_the_gap)
{
	struct register_entry made = of_project("D-1", "2");

	quota_item(facts, "100", "A", 600);
	quota_reserved(facts, "100", "B", 400, RESERVED_FOR_SMALL_MICRO);
	quota_item(facts, "100", "C", 200);
	cr_expect_eq(quota_judge(quota_floor_of(&csv->law, QUOTA_YEAR, false),
			     on("2026-06-30", "100")->plan)
			     .sme,
		QUOTA_NOT_MET);
	register_book_add(book, &made);
	cr_expect_eq(on("2026-06-30", "100")->plan.adjusted_base, 600);
	cr_expect_eq(quota_case_figures(&judged, "100")->plan.strict_base, 1200);
	cr_expect_eq(quota_judge(quota_floor_of(&csv->law, QUOTA_YEAR, false),
			     quota_case_figures(&judged, "100")->plan)
			     .sme,
		QUOTA_MET_AFTER_EXEMPTIONS);
	cr_expect_eq(quota_case_outlook(&judged, "100")->reservable, 200, "A cannot be reserved");
}

Test(register_book, q8_a_withdrawal_in_mid_year_restores_the_base_from_its_day_on)
{
	struct register_entry made = of_project("D-1", "2");

	quota_item(facts, "100", "A", 600)->notice_on = day("2026-03-01");
	made.withdrawn_on = day("2026-06-15");
	register_book_add(book, &made);
	cr_expect_eq(on("2026-06-14", "100")->plan.adjusted_base, 0);
	cr_expect_eq(on("2026-06-15", "100")->plan.adjusted_base, 600);
	cr_expect_eq(on("2026-12-31", "100")->plan.adjusted_base, 600);
}

Test(register_book, q8_an_exemption_must_hold_on_the_day_of_the_announcement_or_while_there_is_none)
{
	struct register_entry made = of_project("D-1", "2");
	struct budget_item_fact *item = quota_item(facts, "100", "A", 600);

	made.valid_from = day("2026-02-01");
	made.valid_to = day("2026-05-31");
	register_book_add(book, &made);
	cr_expect_eq(on("2026-01-31", "100")->plan.adjusted_base, 600, "not yet");
	cr_expect_eq(on("2026-02-01", "100")->plan.adjusted_base, 0, "first day");
	cr_expect_eq(on("2026-05-31", "100")->plan.adjusted_base, 0, "last day");
	cr_expect_eq(on("2026-06-01", "100")->plan.adjusted_base, 600, "lapsed");
	item->notice_on = day("2026-05-31");
	cr_expect_eq(on("2026-12-01", "100")->plan.adjusted_base, 0, "announced while it held");
	item->notice_on = day("2026-06-01");
	cr_expect_eq(on("2026-12-01", "100")->plan.adjusted_base, 600, "announced after it");
	item->notice_on = day("2026-01-31");
	cr_expect_eq(on("2026-04-01", "100")->plan.adjusted_base, 600, "announced before it");
}

Test(register_book, q8_an_exemption_that_lapses_with_the_year_still_holds_for_it)
{
	struct register_entry made = of_project("D-1", "2");

	quota_item(facts, "100", "A", 600);
	made.valid_to = day("2026-12-31");
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(on("2026-12-31", "100")->plan.adjusted_base, 0);
	cr_expect_eq(
		on("2027-02-01", "100")->plan.adjusted_base, 0, "a new year takes nothing back");
}

Test(register_book, q8_without_a_notice_the_earliest_contract_says_when_an_exemption_must_hold)
{
	struct register_entry made = of_project("D-1", "2");
	struct contract_fact *contract;

	quota_item(facts, "100", "A", 600)->package_no = "1";
	quota_contract(facts, "100", "A", 90)->signed_on =
		day("2025-06-01"); /* the code of last year */
	quota_contract(facts, "100", "A", 90)->package_no = "2";
	quota_contract(facts, "101", "A", 90)->signed_on = day("2026-02-01");
	contract = quota_contract(facts, "100", "A", 90);
	contract->cancelled = true;
	contract->signed_on = day("2026-02-01");
	contract = quota_contract(facts, "100", "A", 90); /* of all packages */
	contract->signed_on = day("2026-05-10");
	made.valid_from = day("2026-05-01");
	made.valid_to = day("2026-05-31");
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(on("2026-04-30", "100")->plan.adjusted_base, 600, "not yet");
	cr_expect_eq(on("2026-06-01", "100")->plan.adjusted_base, 0, "signed while it held");
	cr_expect_eq(on("2027-02-01", "100")->plan.adjusted_base, 0, "nor after the year");
	facts->budget_items.items[0].first_signed_on = DAY_NONE;
	facts->contracts.items[4].signed_on = day("2026-06-01");
	register_book_correct(book, facts);
	cr_expect_eq(on("2026-05-20", "100")->plan.adjusted_base, 0, "nothing was signed yet");
	cr_expect_eq(on("2026-06-01", "100")->plan.adjusted_base, 600, "signed after it");
}

Test(register_book, q8_an_exemption_of_one_package_leaves_the_others_and_other_years)
{
	struct register_entry made = of_project("D-1", "2");

	made.package_no = "1";
	register_book_add(book, &made);
	made = of_project("D-2", "2");
	made.project_code = "B";
	made.fiscal_year = QUOTA_YEAR - 1;
	register_book_add(book, &made);
	quota_item(facts, "100", "A", 600)->package_no = "1";
	quota_item(facts, "100", "A", 50)->package_no = "2";
	quota_item(facts, "100", "B", 7);
	quota_item(facts, "200", "A", 3);
	cr_expect_eq(on("2026-06-30", "")->plan.adjusted_base, 60);
}

Test(register_book, q8_g14_a_registered_exemption_supplies_what_the_row_lacks)
{
	struct register_entry made = of_project("D-1", "3");
	struct budget_item_fact *item = quota_item(facts, "100", "A", 600);

	item->exemption_code = "3";
	cr_expect_eq(
		plan_item_judge(book, item, day("2026-06-30")).findings, PLAN_EXEMPTION_INCOMPLETE);
	register_book_add(book, &made);
	cr_expect_eq(plan_item_judge(book, item, day("2026-06-30")).findings, 0);
}

Test(register_book, q8_g14_a_circumstance_outside_one_to_five_exempts_nothing)
{
	struct register_entry made = of_project("D-1", "6");

	register_book_add(book, &made);
	quota_item(facts, "100", "A", 600);
	cr_expect_eq(on("2026-06-30", "100")->plan.adjusted_base, 600);
}

Test(register_book, q8_g15_a_reservation_stands_against_a_registered_exemption)
{
	struct register_entry made = of_project("D-1", "2");
	struct budget_item_fact *item =
		quota_reserved(facts, "100", "A", 600, RESERVED_FOR_SMALL_MICRO);

	register_book_add(book, &made);
	cr_expect_eq(on("2026-06-30", "100")->plan.adjusted_base, 600);
	cr_expect_eq(quota_case_figures(&judged, "100")->plan.sme, 600);
	cr_expect(
		plan_item_judge(book, item, day("2026-06-30")).findings & PLAN_EXEMPT_AND_RESERVED);
}

/* Deemed small or micro (Q-13) ------------------------------------------------------------------ */

Test(register_book, q13_a_deemed_unit_counts_wholly_even_if_controlled_by_a_large_enterprise)
{
	struct register_entry made = of_supplier("D-1", REGISTER_DEEMED, "prison");
	struct supplier_fact *supplier = facts_add_supplier(facts);

	supplier->uscc = facts_text(facts, SUPPLIER);
	supplier->large_controlled = TRI_YES;
	supplier->size_class = SIZE_LARGE;
	reserved_contract("A", 100);
	cr_expect_eq(on("2026-06-30", "100")->award.small_micro, 0);
	register_book_add(book, &made);
	cr_expect_eq(on("2026-06-30", "100")->award.sme, 100);
	cr_expect_eq(quota_case_figures(&judged, "100")->award.small_micro, 100);
}

Test(register_book, q13_the_day_of_signing_must_lie_within_the_validity)
{
	struct register_entry made = of_supplier("D-1", REGISTER_DEEMED, "disabled_welfare");

	made.valid_from = day("2026-03-01");
	made.valid_to = day("2026-04-30");
	register_book_add(book, &made);
	reserved_contract("A", 1)->signed_on = day("2026-02-28");
	reserved_contract("B", 20)->signed_on = day("2026-03-01");
	reserved_contract("C", 300)->signed_on = day("2026-04-30");
	reserved_contract("D", 4000)->signed_on = day("2026-05-01");
	cr_expect_eq(on("2026-12-31", "100")->award.small_micro, 320);
}

Test(register_book, q13_a_withdrawn_status_counts_no_contract_from_its_day_on)
{
	struct register_entry made = of_supplier("D-1", REGISTER_DEEMED, "disabled_welfare");

	made.withdrawn_on = day("2026-09-01");
	register_book_add(book, &made);
	reserved_contract("A", 100);
	cr_expect_eq(on("2026-08-31", "100")->award.small_micro, 100);
	cr_expect_eq(on("2026-09-01", "100")->award.small_micro, 0);
}

/* Size answers (Q-14, Z-5) ---------------------------------------------------------------------- */

Test(register_book, q14_an_answer_narrows_the_band_to_one_value)
{
	struct register_entry made = of_supplier("D-1", REGISTER_SIZE, "S");
	struct band band;

	quota_item(facts, "100", "A", 100);
	reserved_contract("A", 100);
	band = award_band();
	cr_expect_eq(band.small_micro_lower, 0);
	cr_expect_eq(band.small_micro_upper, 100);
	cr_expect_eq(band.unknown, 1);
	register_book_add(book, &made);
	band = award_band();
	cr_expect_eq(band.small_micro_lower, 100);
	cr_expect_eq(band.small_micro_upper, 100);
	cr_expect_eq(band.unknown, 0);
}

Test(register_book, q14_an_answer_goes_before_the_declaration_and_one_contract_before_all)
{
	struct register_entry all = of_supplier("D-1", REGISTER_SIZE, "L");
	struct register_entry one = entry("D-2", REGISTER_SIZE, "M");

	reserved_contract("A", 100)->declared_size = SIZE_MICRO;
	reserved_contract("B", 7)->declared_size = SIZE_MICRO;
	one.contract_no = facts->contracts.items[1].contract_no;
	register_book_add(book, &all);
	register_book_add(book, &one);
	cr_expect_eq(on("2026-06-30", "100")->award.sme, 7);
	cr_expect_eq(quota_case_figures(&judged, "100")->award.small_micro, 0);
}

Test(register_book, q11_only_an_answer_for_the_contract_says_who_made_the_goods)
{
	struct register_entry dealer = of_supplier("D-1", REGISTER_SIZE, "S");
	struct register_entry maker = entry("D-2", REGISTER_SIZE, "S");

	quota_reserved(facts, "100", "A", 100, RESERVED_FOR_SME)->class = CLASS_GOODS;
	maker.contract_no = reserved_contract("A", 100)->contract_no;
	register_book_add(book, &dealer);
	cr_expect_eq(award_band().sme_lower, 0);
	cr_expect_eq(award_band().sme_upper, 100);
	register_book_add(book, &maker);
	cr_expect_eq(award_band().sme_lower, 100);
}

Test(register_book, z5_an_answer_decides_whether_a_debt_is_protected)
{
	struct register_entry made = entry("D-1", REGISTER_SIZE, "L");
	struct facts *debts = small_facts(DEBTOR_ORGAN);
	struct small_states states;

	made.supplier_uscc = SMALL_SUPPLIER;
	small_contract(debts, "C");
	small_debt(debts, "O", "C", 100, day("2026-03-01"));
	small_judge(&csv->law, debts, day("2026-06-30"), day("2026-06-30"), &states);
	cr_expect_eq(small_state(debts, &states, "O")->coverage, COVERAGE_COVERED);
	small_states_free(&states);
	register_book_add(book, &made);
	small_judge(&csv->law, debts, day("2026-06-30"), day("2026-06-30"), &states);
	cr_expect_eq(small_state(debts, &states, "O")->coverage, COVERAGE_NOT_COVERED);
	small_states_free(&states);
	facts_free(debts);
}

/* Corrections ----------------------------------------------------------------------------------- */

Test(register_book, q7_a_correction_says_what_the_record_should_have_said)
{
	struct register_entry made = of_project("D-1", "30");

	quota_reserved(facts, "100", "A", 1000, RESERVED_FOR_SME)->reserve_form =
		RESERVE_CONSORTIUM;
	made.name = REGISTER_CORRECTION;
	made.field = "required_share_percent";
	made.value_ppm = 300000;
	register_book_add(book, &made);
	made.entry_no = "D-2";
	made.field = "reserved_for";
	made.value = "small_micro";
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(on("2026-06-30", "100")->plan.sme, 300);
	cr_expect_eq(quota_case_figures(&judged, "100")->plan.small_micro, 300);
}

Test(register_book, q7_of_two_corrections_of_one_field_the_one_of_the_package_then_the_newer_counts)
{
	struct register_entry made = of_project("D-1", "none");
	const struct register_entry *entry;

	quota_reserved(facts, "100", "A", 1000, RESERVED_FOR_SME)->package_no = "1";
	made.name = REGISTER_CORRECTION;
	made.field = "reserve_form";
	made.package_no = "1";
	register_book_add(book, &made);
	made.entry_no = "D-2";
	made.value = "whole";
	made.package_no = "";
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(on("2026-06-30", "100")->plan.sme, 0, "the package goes before the project");
	entry = register_correction_of_item(book, &facts->budget_items.items[0], NULL);
	cr_assert_str_eq(entry->entry_no, "D-1");
	cr_expect_null(register_correction_of_item(book, &facts->budget_items.items[0], entry),
		"an explanation names the one that counts");
	made.entry_no = "D-3";
	made.package_no = "1";
	made.valid_from = day("2026-01-02");
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(on("2026-06-30", "100")->plan.sme, 1000, "the newer one");
}

Test(register_book, q7_of_two_corrections_of_one_contract_the_newer_counts)
{
	struct register_entry made = entry("D-2", REGISTER_CORRECTION, "whole");

	made.contract_no = quota_contract(facts, "100", "A", 100)->contract_no;
	made.field = "reserve_form";
	register_book_add(book, &made);
	made.entry_no = "D-1";
	made.value = "none";
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(facts->contracts.items[0].reserve_form, RESERVE_WHOLE);
}

Test(register_book, q7_a_correction_that_is_withdrawn_or_of_other_days_corrects_nothing)
{
	struct register_entry made = entry("D-1", REGISTER_CORRECTION, "whole");
	struct contract_fact *contract = quota_contract(facts, "100", "A", 100);

	made.field = "reserve_form";
	made.contract_no = contract->contract_no;
	made.withdrawn_on = day("2026-12-01");
	register_book_add(book, &made);
	made.entry_no = "D-2";
	made.withdrawn_on = DAY_NONE;
	made.valid_to = day("2026-02-28"); /* signed on 1 March */
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(facts->contracts.items[0].reserve_form, RESERVE_NONE);
	made.entry_no = "D-3";
	made.valid_to = day("2026-03-01");
	register_book_add(book, &made);
	register_book_correct(book, facts);
	cr_expect_eq(facts->contracts.items[0].reserve_form, RESERVE_WHOLE);
}

/* What is shown --------------------------------------------------------------------------------- */

static json_t *explain(const char *basis)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct buf buf;
	struct json_out out;
	struct err err = ERR_INIT;
	json_t *document;

	buf_init(&buf, 1 << 20);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(explain_quota(&csv->law, index, units, basis, "100", QUOTA_YEAR,
			     day("2026-06-30"), &out, &err),
		0, "%s", err.text);
	cr_assert_eq(json_finish(&out), 0);
	document = json_loads(buf.data, JSON_REJECT_DUPLICATES, NULL);
	cr_assert(document);
	buf_free(&buf);
	unit_tree_free(units);
	facts_index_free(index);
	return document;
}

static void expect_entry(const char *basis, const char *number, const char *article)
{
	json_t *document = explain(basis);
	json_t *row = json_array_get(json_object_get(document, "rows"), 0);
	json_t *shown = json_array_get(json_object_get(row, "register"), 0);

	cr_expect_str_eq(json_string_value(json_object_get(shown, "entry_no")), number);
	cr_expect_str_eq(json_string_value(json_object_get(shown, "approver")), "王芳");
	cr_expect_str_eq(json_string_value(json_object_get(shown, "evidence")), "批复1号");
	cr_expect_not_null(strstr(json_string_value(json_object_get(shown, "article")), article));
	json_decref(document);
}

Test(register_book, an_explanation_names_entry_approver_and_article)
{
	struct register_entry exempt = of_project("D-8", "2");
	struct register_entry deemed = of_supplier("D-13", REGISTER_DEEMED, "prison");

	quota_item(facts, "100", "A", 600);
	reserved_contract("A", 100);
	register_book_add(book, &exempt);
	register_book_add(book, &deemed);
	expect_entry("plan", "D-8", "46号第六条");
	expect_entry("award", "D-13", "68号");
}

Test(register_book, a_row_without_entry_shows_no_register)
{
	json_t *document;

	quota_item(facts, "100", "A", 600);
	document = explain("plan");
	cr_expect_null(
		json_object_get(json_array_get(json_object_get(document, "rows"), 0), "register"));
	json_decref(document);
}
