/* Allocation, disputes and the yearly disclosure through the whole judge of a group. */
#include "checks/arrears.h"

#include "checks/disclosure.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/golden.h"
#include "lib/small_facts.h"

#include <criterion/criterion.h>
#include <string.h>

/* allocation.csv ------------------------------------------------------------------------------- */

/* "id|amount|due|yearly rate %|kind": a debt with a contract of its own, because rates are per contract. */
static void add_debt(struct facts *facts, char *fields)
{
	char *rest = fields, *id = next_piece(&rest, '|'), *amount = next_piece(&rest, '|');
	char *due = next_piece(&rest, '|'), *rate = next_piece(&rest, '|');
	struct contract_fact *contract = small_contract(facts, id);
	struct obligation_fact *debt =
		small_debt(facts, id, id, text_yuan(amount, strlen(amount)), day(due));

	contract->late_rate_ppm = facts_csv_percent(rate, strlen(rate));
	if (strcmp(rest, "deposit") == 0)
		debt->kind = KIND_DEPOSIT;
}

/* "voucher|day|amount|obligation|reverses" */
static void add_payment(struct facts *facts, char *fields)
{
	char *rest = fields, *voucher = next_piece(&rest, '|'), *on = next_piece(&rest, '|');
	char *amount = next_piece(&rest, '|'), *obligation = next_piece(&rest, '|');
	struct payment_fact *payment = small_payment(facts, voucher, obligation ? obligation : "",
		day(on), text_yuan(amount, strlen(amount)));

	payment->reverses_voucher_no = facts_text(facts, rest);
}

static void add_all(
	struct facts *facts, const char *list, void (*add)(struct facts *facts, char *fields))
{
	_cleanup_free_ char *copy = mem_text(list);
	char *rest = *copy ? copy : NULL, *piece;

	while ((piece = next_piece(&rest, ';')))
		add(facts, piece);
}

static void expect_outstanding(const char *id, const char *list, const struct facts *facts,
	const struct small_states *states)
{
	_cleanup_free_ char *copy = mem_text(list);
	char *rest = copy, *piece;

	while ((piece = next_piece(&rest, ';'))) {
		char *number = next_piece(&piece, '=');

		cr_expect_eq(small_state(facts, states, number)->outstanding, atoll(piece), "%s %s",
			id, number);
	}
}

Test(arrears, every_golden_row_of_allocation)
{
	struct golden *golden = golden_open("allocation.csv");
	struct law_csv *csv = law_csv_read();

	law_csv_no_roll(csv);
	cr_assert_gt(golden_rows(golden), 20);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		struct facts *facts = small_facts(DEBTOR_ORGAN);
		day_t as_of = cell_day(golden, i, "as_of");
		struct small_states states;

		add_all(facts, golden_cell(golden, i, "obligations"), add_debt);
		add_all(facts, golden_cell(golden, i, "payments"), add_payment);
		small_judge(&csv->law, facts, as_of, as_of, &states);
		expect_outstanding(
			id, golden_cell(golden, i, "expected_outstanding_fen"), facts, &states);
		cr_expect_eq(states.unallocated, cell_int(golden, i, "expected_unallocated_fen"),
			"%s", id);
		small_states_free(&states);
		facts_free(facts);
	}
	law_csv_free(csv);
	golden_free(golden);
}

/* dispute.csv ---------------------------------------------------------------------------------- */

/* "day=amount;…" on the one debt. */
static void add_simple_payments(struct facts *facts, const char *list)
{
	_cleanup_free_ char *copy = mem_text(list);
	char *rest = *copy ? copy : NULL, *piece;
	char voucher[] = "V0";

	while ((piece = next_piece(&rest, ';'))) {
		voucher[1]++;
		small_payment(facts, voucher, "O", text_day(piece, 10),
			text_yuan(piece + 11, strlen(piece + 11)));
	}
}

static void compare_dispute(
	const struct golden *golden, size_t i, const struct obligation_state *state)
{
	const char *id = golden_cell(golden, i, "case_id");

	cr_expect_eq(state->undisputed, cell_int(golden, i, "expected_undisputed_fen"), "%s", id);
	cr_expect_eq(state->disputed, cell_int(golden, i, "expected_disputed_fen"), "%s", id);
	cr_expect_eq(state->overdue, cell_int(golden, i, "expected_overdue_fen"), "%s", id);
	cr_expect_eq(state->overdue_days, cell_int(golden, i, "expected_overdue_days"), "%s", id);
	cr_expect_eq(state->interest, cell_int(golden, i, "expected_interest_fen"), "%s", id);
	cr_expect_str_eq(obligation_status_name(state->status),
		golden_cell(golden, i, "expected_status"), "%s", id);
}

Test(arrears, every_golden_row_of_dispute)
{
	struct golden *golden = golden_open("dispute.csv");
	struct law_csv *csv = law_csv_read();

	cr_assert_gt(golden_rows(golden), 12);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		struct facts *facts = small_facts(DEBTOR_ORGAN);
		day_t as_of = cell_day(golden, i, "as_of");
		struct obligation_fact *debt;
		struct small_states states;

		small_contract(facts, "C");
		debt = small_debt(facts, "O", "C", cell_yuan(golden, i, "amount_yuan"),
			cell_day(golden, i, "due"));
		debt->disputed_fen = cell_yuan(golden, i, "disputed_yuan");
		debt->dispute_opened_on = cell_day(golden, i, "dispute_opened_on");
		debt->dispute_settled_on = cell_day(golden, i, "dispute_settled_on");
		add_simple_payments(facts, golden_cell(golden, i, "payments"));
		small_judge(&csv->law, facts, as_of, as_of, &states);
		compare_dispute(golden, i, &states.items[0]);
		small_states_free(&states);
		facts_free(facts);
	}
	law_csv_free(csv);
	golden_free(golden);
}

/* disclosure.csv ------------------------------------------------------------------------------- */

static void add_payment_of_debt(struct facts *facts, char *fields)
{
	char *rest = fields, *voucher = next_piece(&rest, '|'), *on = next_piece(&rest, '|');
	char *amount = next_piece(&rest, '|');
	struct payment_fact *payment =
		small_payment(facts, voucher, "O", day(on), text_yuan(amount, strlen(amount)));

	payment->reverses_voucher_no = facts_text(facts, rest);
}

Test(arrears, every_golden_row_of_disclosure)
{
	struct golden *golden = golden_open("disclosure.csv");
	struct law_csv *csv = law_csv_read();

	law_csv_no_roll(csv);
	cr_assert_gt(golden_rows(golden), 9);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		struct facts *facts = small_facts(DEBTOR_ORGAN);
		struct facts_index *index;
		struct unit_tree *units;
		struct disclosure disclosure;

		small_contract(facts, "C")->signed_on = day("2024-01-15");
		small_debt(facts, "O", "C", cell_yuan(golden, i, "amount_yuan"),
			cell_day(golden, i, "due"));
		add_all(facts, golden_cell(golden, i, "payments"), add_payment_of_debt);
		index = facts_index_new(facts);
		units = unit_tree_new(facts);
		disclosure_judge(&csv->law, index, units, NULL, cell_day(golden, i, "counted_at"),
			cell_day(golden, i, "known_at"), &disclosure);
		cr_expect_eq(disclosure.organ_and_institution.contracts,
			cell_int(golden, i, "expected_counted"), "%s", id);
		cr_expect_eq(disclosure.organ_and_institution.amount,
			cell_int(golden, i, "expected_amount_fen"), "%s", id);
		disclosure_free(&disclosure);
		unit_tree_free(units);
		facts_index_free(index);
		facts_free(facts);
	}
	law_csv_free(csv);
	golden_free(golden);
}

/* Sums of a unit in a list; fails the test if it is not there. */
static const struct disclosure_sums *disclosed(const struct disclosure_list *list, const char *code)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].code, code) == 0)
			return &list->items[i].sums;
	cr_assert_fail("%s is not in the list", code);
	return NULL;
}

static void disclose(struct facts *facts, const struct law *law, const struct review_book *reviews,
	struct disclosure *ret)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);

	disclosure_judge(law, index, units, reviews, day("2026-12-31"), day("2027-03-31"), ret);
	unit_tree_free(units);
	facts_index_free(index);
}

Test(arrears, enterprises_and_institutions_report_one_by_one_and_none_as_zero)
{
	static const enum debtor_kind kinds[] = { DEBTOR_INSTITUTION, DEBTOR_SOE };
	struct law_csv *csv = law_csv_read();

	for (size_t i = 0; i < 2; i++) {
		struct facts *facts = small_facts(kinds[i]);
		struct unit_fact *other = facts_add_unit(facts), *closed;
		struct disclosure disclosure;
		const struct disclosure_list *list =
			kinds[i] == DEBTOR_SOE ? &disclosure.enterprises : &disclosure.institutions;

		*other = facts->units.items[0];
		other->unit_code = "SILENT";
		closed = facts_add_unit(facts);
		*closed = facts->units.items[0];
		closed->unit_code = "CLOSED";
		closed->valid_to = day("2026-12-30");
		small_contract(facts, "C");
		small_debt(facts, "O", "C", 100000, day("2026-06-30"));
		disclose(facts, &csv->law, NULL, &disclosure);
		cr_assert_eq(list->count, 2, "not the one that is closed");
		cr_expect_eq(disclosed(list, SMALL_UNIT)->contracts, 1);
		cr_expect_eq(disclosed(list, SMALL_UNIT)->amount, 100000);
		cr_expect_eq(disclosed(list, "SILENT")->contracts, 0);
		cr_expect_eq(disclosed(list, "SILENT")->amount, 0);
		cr_expect_eq(disclosure.enterprises.count + disclosure.institutions.count, 2);
		disclosure_free(&disclosure);
		facts_free(facts);
	}
	law_csv_free(csv);
}

static void say(struct review_book *book, const char *number, enum review_verdict verdict,
	const char *since, fen_t overdue)
{
	char name[16], reviewer[] = "王芳";

	snprintf(name, sizeof(name), "%s", number);
	review_book_add(book, &(struct review){ .obligation_no = name,
				      .reviewer = reviewer,
				      .verdict = verdict,
				      .overdue_since = day(since),
				      .overdue = overdue });
}

/* V is verified, R refuted, S nobody looked at, M is more than its reviewer saw; all due on 1 December. */
Test(arrears, disclosure_says_how_much_of_it_a_person_verified_and_how_much_was_refuted)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_INSTITUTION);
	struct review_book *book = review_book_new();
	struct disclosure disclosure;
	const struct disclosure_sums *sums = &disclosure.organ_and_institution;

	small_contract(facts, "C");
	small_debt(facts, "V", "C", 100, day("2026-12-01"));
	small_debt(facts, "R", "C", 2000, day("2026-12-01"));
	small_debt(facts, "S", "C", 30000, day("2026-12-01"));
	small_debt(facts, "M", "C", 400000, day("2026-12-01"));
	say(book, "V", REVIEW_VERIFIED, "2026-12-01", 100);
	say(book, "R", REVIEW_REFUTED, "2026-12-01", 2000);
	say(book, "M", REVIEW_VERIFIED, "2026-12-01", 399999);
	disclose(facts, &csv->law, book, &disclosure);
	cr_expect_eq(sums->contracts, 1);
	cr_expect_eq(sums->obligations, 4, "what the records say stays as it is");
	cr_expect_eq(sums->amount, 432100);
	cr_expect_eq(sums->verified_obligations, 1);
	cr_expect_eq(sums->verified, 100);
	cr_expect_eq(sums->refuted_obligations, 1);
	cr_expect_eq(sums->refuted, 2000);
	cr_expect_eq(disclosed(&disclosure.institutions, SMALL_UNIT)->verified, 100);
	cr_expect_eq(disclosure.by_debtor_kind[DEBTOR_INSTITUTION].refuted, 2000);
	disclosure_free(&disclosure);
	review_book_free(book);
	facts_free(facts);
	law_csv_free(csv);
}

/* What the golden rows do not reach ------------------------------------------------------------- */

Test(arrears, money_without_a_day_or_a_debt_is_reported_and_pays_nothing)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct small_states states;
	day_t as_of = day("2026-11-24");

	small_contract(facts, "C");
	small_debt(facts, "O", "C", 10000, day("2026-03-02"));
	small_payment(facts, "V1", "O", DAY_NONE, 10000);
	small_payment(facts, "V2", "O", day("2026-03-01"), -100);
	small_payment(facts, "V3", "nowhere", day("2026-03-01"), 700);
	small_payment(facts, "V4", "", day("2026-03-01"), 50)->payee_uscc = "91110000000000001X";
	small_judge(&csv->law, facts, as_of, as_of, &states);
	cr_expect_eq(states.items[0].outstanding, 10000);
	cr_expect_eq(states.faults[PAYMENT_DAY_MISSING], 1);
	cr_expect_eq(states.faults[PAYMENT_NEGATIVE], 1);
	cr_expect_eq(states.faults[PAYMENT_UNMATCHED], 1);
	cr_expect_eq(states.unallocated, 750);
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}

Test(arrears, a_debtor_that_is_in_no_register_is_not_covered)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct small_states states;
	day_t as_of = day("2026-11-24");

	small_contract(facts, "C")->unit_code = "999999";
	small_debt(facts, "O", "C", 10000, day("2026-03-02"));
	small_judge(&csv->law, facts, as_of, as_of, &states);
	cr_expect_eq(states.items[0].status, STATUS_NOT_COVERED);
	cr_expect_str_eq(states.items[0].department, DEPARTMENT_UNKNOWN);
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}

Test(arrears, a_debt_of_zero_or_less_is_paid_and_owes_nothing)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct small_states states;
	day_t as_of = day("2026-11-24");

	small_contract(facts, "C");
	small_debt(facts, "O1", "C", 0, day("2026-03-02"));
	small_debt(facts, "O2", "C", -500, day("2026-03-02"));
	small_judge(&csv->law, facts, as_of, as_of, &states);
	for (size_t i = 0; i < 2; i++) {
		cr_expect_eq(states.items[i].status, STATUS_PAID);
		cr_expect_eq(states.items[i].outstanding, 0);
		cr_expect_eq(states.items[i].interest, 0);
	}
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}

Test(arrears, the_largest_amounts_do_not_wrap)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct small_states states;
	day_t as_of = day("2026-11-24");

	small_contract(facts, "C");
	small_debt(facts, "O1", "C", MONEY_FEN_MAX - 1, day("2024-03-04"));
	small_debt(facts, "O2", "C", MONEY_FEN_MAX - 1, day("2024-03-04"));
	small_payment(facts, "V1", "", day("2026-03-01"), MONEY_FEN_MAX - 1);
	small_payment(facts, "V2", "", day("2026-03-02"), MONEY_FEN_MAX - 1);
	small_payment(facts, "V3", "", day("2026-03-03"), MONEY_FEN_MAX - 1);
	small_judge(&csv->law, facts, as_of, as_of, &states);
	cr_expect_eq(states.items[0].status, STATUS_PAID_LATE);
	cr_expect_eq(states.items[1].status, STATUS_PAID_LATE);
	cr_expect_eq(states.unallocated, MONEY_FEN_MAX - 1);
	cr_expect_gt(states.items[0].interest, 0);
	small_states_free(&states);
	facts_free(facts);
	law_csv_free(csv);
}

/* Groups may be streamed: the facts of one group alone give the same states as the whole district. */
static void copy_group(struct facts *part, const struct facts *facts,
	const struct facts_index *index, uint32_t group)
{
	const struct index_lists *lists = &index->group_contracts;

	for (size_t i = 0; i < facts->units.count; i++)
		*facts_add_unit(part) = facts->units.items[i];
	for (size_t i = 0; i < facts->suppliers.count; i++)
		*facts_add_supplier(part) = facts->suppliers.items[i];
	for (uint32_t i = lists->start[group]; i < lists->start[group + 1]; i++) {
		uint32_t row = lists->items[i];

		*facts_add_contract(part) = facts->contracts.items[row];
		for (uint32_t k = index->contract_obligations.start[row];
			k < index->contract_obligations.start[row + 1]; k++)
			*facts_add_obligation(part) =
				facts->obligations.items[index->contract_obligations.items[k]];
		for (uint32_t k = index->contract_amendments.start[row];
			k < index->contract_amendments.start[row + 1]; k++)
			*facts_add_amendment(part) =
				facts->amendments.items[index->contract_amendments.items[k]];
	}
	for (uint32_t i = index->group_payments.start[group];
		i < index->group_payments.start[group + 1]; i++) {
		uint32_t row = index->group_payments.items[i];

		*facts_add_payment(part) = facts->payments.items[row];
		for (uint32_t k = index->payment_reversals.start[row];
			k < index->payment_reversals.start[row + 1]; k++)
			*facts_add_payment(part) =
				facts->payments.items[index->payment_reversals.items[k]];
	}
}

static void expect_same(
	const char *number, const struct obligation_state *a, const struct obligation_state *b)
{
	cr_expect_eq(a->status, b->status, "%s", number);
	cr_expect_eq(a->paid, b->paid, "%s", number);
	cr_expect_eq(a->interest, b->interest, "%s", number);
	cr_expect_eq(a->overdue, b->overdue, "%s", number);
	cr_expect_eq(a->due.rolled, b->due.rolled, "%s", number);
	cr_expect_eq(a->flags, b->flags, "%s", number);
	cr_expect_eq(a->next_change_on, b->next_change_on, "%s", number);
}

Test(arrears, one_group_alone_is_judged_as_in_the_whole_district)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = facts_csv_read("corner");
	struct facts_index *index = facts_index_new(facts);
	day_t as_of = day("2026-10-06");
	struct small_states whole;
	size_t compared = 0;

	small_judge(&csv->law, facts, as_of, as_of, &whole);
	for (uint32_t group = 0; group < index->group_count; group++) {
		struct facts *part = facts_new();
		struct small_states states;

		copy_group(part, facts, index, group);
		small_judge(&csv->law, part, as_of, as_of, &states);
		for (size_t i = 0; i < states.count; i++, compared++) {
			const char *number =
				part->obligations.items[states.items[i].obligation].obligation_no;

			expect_same(number, &states.items[i], small_state(facts, &whole, number));
		}
		small_states_free(&states);
		facts_free(part);
	}
	cr_expect_eq(compared, whole.count);
	small_states_free(&whole);
	facts_index_free(index);
	facts_free(facts);
	law_csv_free(csv);
}
