/* Breaching clauses of contracts, and disputes that were opened only after the due day. */
#include "checks/clause.h"

#include <criterion/criterion.h>
#include <string.h>

#include "checks/findings.h"
#include "checks/interest.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/small_facts.h"

/* The rule ------------------------------------------------------------------------------------- */

static struct law_csv *csv;

static void set_up_law(void)
{
	csv = law_csv_read();
}

static void tear_down_law(void)
{
	law_csv_free(csv);
}

TestSuite(clause, .init = set_up_law, .fini = tear_down_law);

static unsigned found(struct facts *facts, const char *as_of)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	unsigned bits = clauses_of(&csv->law, index, units, 0, day(as_of));

	unit_tree_free(units);
	facts_index_free(index);
	return bits;
}

/* Signed on 15 January 2026. */
static struct contract_fact *one_contract(struct facts **facts, enum debtor_kind debtor)
{
	*facts = small_facts(debtor);
	return small_contract(*facts, "C");
}

Test(clause, every_clause_is_a_kind_of_finding_with_its_rule)
{
	for (int clause = 0; clause < CLAUSES; clause++) {
		const struct finding_kind *kind =
			finding_kind_find(clause_code((enum clause)clause));

		cr_assert_not_null(kind, "%s", clause_code((enum clause)clause));
		cr_expect_str_eq(kind->rule_id, clause_rule((enum clause)clause));
	}
}

Test(clause, a_contract_that_says_nothing_wrong_has_none)
{
	struct facts *facts;

	one_contract(&facts, DEBTOR_ORGAN);
	cr_expect_eq(found(facts, "2026-06-30"), 0);
	facts_free(facts);
}

Test(clause, e4_a_public_body_must_not_let_the_contractor_finance_the_project)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_ORGAN);

	contract->payment_clause = "由施工单位垫资至竣工";
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_PREFINANCED);
	contract->payment_clause = "承包人无需垫资";
	cr_expect_eq(found(facts, "2026-06-30"), 0);
	facts->units.items[0].kind = DEBTOR_LARGE_ENTERPRISE;
	contract->payment_clause = "由施工单位垫资至竣工";
	cr_expect_eq(found(facts, "2026-06-30") & 1u << CLAUSE_PREFINANCED, 0, "an enterprise");
	facts_free(facts);
}

Test(clause, sixty_days_are_allowed_and_sixty_one_are_not_for_a_public_body)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_ORGAN);

	contract->agreed_term = 60;
	cr_expect_eq(found(facts, "2026-06-30"), 0);
	contract->agreed_term = 61;
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_TERM_OVER_CAP);
	facts_free(facts);
	contract = one_contract(&facts, DEBTOR_LARGE_ENTERPRISE);
	contract->agreed_term = 90;
	cr_expect_eq(found(facts, "2026-06-30"), 0, "the cap is for public bodies");
	facts_free(facts);
}

Test(clause, a_term_in_working_days_is_over_the_cap_when_it_ends_after_sixty_days)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_ORGAN);

	contract->term_unit = TERM_WORKDAY;
	contract->agreed_term = 30;
	cr_expect_eq(found(facts, "2026-06-30"), 0);
	contract->agreed_term = 45;
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_TERM_OVER_CAP);
	facts_free(facts);
}

Test(clause, without_a_calendar_a_term_in_working_days_is_told_only_where_it_cannot_be_otherwise)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_ORGAN);

	/* The calendar ends with 2026: of the sixty days to 13 February 2027 seventeen are known, twelve of them working. */
	contract->signed_on = day("2026-12-15");
	contract->term_unit = TERM_WORKDAY;
	contract->agreed_term = 12;
	cr_expect_eq(found(facts, "2026-12-31"), 0, "over by the end of the year");
	contract->agreed_term = 13;
	cr_expect_eq(found(facts, "2026-12-31"), 1u << CLAUSE_TERM_UNTOLD);
	contract->agreed_term = 56;
	cr_expect_eq(found(facts, "2026-12-31"), 1u << CLAUSE_TERM_UNTOLD, "12 + 44 days");
	contract->agreed_term = 57;
	cr_expect_eq(found(facts, "2026-12-31"), 1u << CLAUSE_TERM_OVER_CAP,
		"even if every day of 2027 were a working day");
	facts_free(facts);
}

Test(clause, acceptance_without_a_period_and_a_rate_under_the_floor_are_found)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_ORGAN);

	contract->clock_basis = CLOCK_ACCEPTANCE;
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_NO_INSPECTION_PERIOD);
	contract->inspection_days = 0;
	cr_expect_eq(found(facts, "2026-06-30"), 0);
	contract->late_rate_ppm = 30000; /* the LPR of that day */
	cr_expect_eq(found(facts, "2026-06-30"), 0);
	contract->late_rate_ppm = 29999;
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_RATE_BELOW_FLOOR);
	facts_free(facts);
}

Test(clause, words_of_the_payment_clause_are_found_as_they_stand)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_LARGE_ENTERPRISE);

	contract->payment_clause = "收到业主拨付的工程款后10日内支付";
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_PAY_WHEN_PAID);
	contract->payment_clause = "本合同为背靠背付款，以审计结果作为结算依据";
	cr_expect_eq(
		found(facts, "2026-06-30"), 1u << CLAUSE_PAY_WHEN_PAID | 1u << CLAUSE_AUDIT_BASIS);
	contract->payment_clause = "财政资金到位后支付";
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_FUND_ARRIVAL);
	contract->payment_clause = "验收合格后30日内支付";
	cr_expect_eq(found(facts, "2026-06-30"), 0);
	contract->payment_clause = "不采用背靠背付款，不以审计结果作为结算依据";
	cr_expect_eq(found(facts, "2026-06-30"), 0, "ruled out");
	contract->payment_clause = "审计后支付";
	contract->signed_on = day("2025-05-31");
	cr_expect_eq(found(facts, "2026-06-30"), 0, "the earlier regulation allowed it");
	contract->signed_on = day("2025-06-01");
	cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_AUDIT_BASIS);
	facts_free(facts);
}

Test(clause, only_money_of_a_payer_from_above_brings_the_alternative_of_the_lpr)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_LARGE_ENTERPRISE);
	static const char *const signing[] = { "2025-05-31", "2025-06-01" };

	for (int i = 0; i < 2; i++) {
		contract->signed_on = day(signing[i]); /* both versions of the regulation */
		contract->payment_clause = "甲方收到发包人支付的相应工程款后30日内向乙方支付";
		cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_PAY_WHEN_PAID);
		cr_expect_eq(late_rate_of(&csv->law, contract).alternative, ALTERNATIVE_LPR);
		contract->payment_clause = "财政资金到位后支付";
		cr_expect_eq(found(facts, "2026-06-30"), 1u << CLAUSE_FUND_ARRIVAL);
		cr_expect_eq(late_rate_of(&csv->law, contract).alternative, ALTERNATIVE_NONE);
		contract->payment_clause = "发包人应于结算完成后30日内支付";
		cr_expect_eq(found(facts, "2026-06-30"), 0);
		cr_expect_eq(late_rate_of(&csv->law, contract).alternative, ALTERNATIVE_NONE);
	}
	facts_free(facts);
}

Test(clause, a_contract_that_is_paid_in_full_asks_for_nothing_any_more)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_ORGAN);
	struct amendment_fact *change;

	contract->agreed_term = 61;
	contract->amount_fen = 100000;
	small_debt(facts, "O", "C", 100000, day("2026-06-30"));
	small_payment(facts, "V", "O", day("2026-06-20"), 60000);
	small_payment(facts, "W", "", day("2026-06-21"), 40000)->contract_no = "C";
	cr_expect_eq(found(facts, "2026-06-20"), 1u << CLAUSE_TERM_OVER_CAP, "in part");
	cr_expect_eq(found(facts, "2026-06-21"), 0);
	change = facts_add_amendment(facts);
	change->contract_no = "C";
	change->amended_on = day("2026-06-25");
	change->amount_change_fen = 1;
	cr_expect_eq(found(facts, "2026-06-24"), 0);
	cr_expect_eq(found(facts, "2026-06-25"), 1u << CLAUSE_TERM_OVER_CAP, "it grew");
	small_payment(facts, "X", "", day("2026-06-26"), 1)->contract_no = "C";
	cr_expect_eq(found(facts, "2026-06-26"), 0);
	small_payment(facts, "R", "", day("2026-06-28"), 60000)->reverses_voucher_no = "V";
	cr_expect_eq(found(facts, "2026-06-27"), 0);
	cr_expect_eq(found(facts, "2026-06-28"), 1u << CLAUSE_TERM_OVER_CAP, "taken back");
	facts_free(facts);
}

Test(clause, contracts_not_known_cancelled_or_not_covered_ask_for_nothing)
{
	struct facts *facts;
	struct contract_fact *contract = one_contract(&facts, DEBTOR_ORGAN);

	contract->agreed_term = 90;
	cr_expect_eq(found(facts, "2026-01-14"), 0, "signed the day after");
	cr_expect_neq(found(facts, "2026-01-15"), 0);
	contract->cancelled_on = day("2026-03-01");
	contract->cancelled = true;
	cr_expect_neq(found(facts, "2026-02-28"), 0);
	cr_expect_eq(found(facts, "2026-03-01"), 0);
	contract->cancelled = false;
	contract->cancelled_on = DAY_NONE;
	contract->declared_size = SIZE_LARGE;
	cr_expect_eq(found(facts, "2026-06-30"), 0, "a large creditor");
	facts_free(facts);
}

/* Over a ledger -------------------------------------------------------------------------------- */

TestSuite(late_dispute, .init = district_rig_corner_judged, .fini = district_rig_tear_down,
	.timeout = 120);

/* What the finding says of the interest beside it, less 2 yuan for each day from the due day to this one. */
static int64_t interest_beside_until(const char *day)
{
	_cleanup_free_ char *sql = mem_format(
		"SELECT (f.evidence->>'interest_beside_fen')::bigint - 200 * (DATE '%s' - "
		"s.due_on) FROM "
		"v_finding f JOIN obligation_state s ON s.obligation_no = f.subject WHERE f.code = "
		"'arrears-late-dispute' AND f.subject = 'G19-001-01'",
		day);
	return pg_int(district.db, sql);
}

Test(late_dispute, a_dispute_opened_after_the_due_day_is_found_with_the_interest_beside_it)
{
	static const char late[] = "SELECT coalesce((SELECT state FROM finding WHERE code = "
				   "'arrears-late-dispute' AND subject = 'G19-001-01'), '')";

	cr_assert_str_empty(pg_text(district.db, late));
	district_batch(district.db);
	pg_exec(district.db,
		"UPDATE obligation SET batch_id = (SELECT max(batch_id) FROM batch), "
		"disputed_fen = 400000, dispute_opened_on = '2026-09-01' WHERE obligation_no "
		"= 'G19-001-01'");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(pg_text(district.db, late), "open");
	/* 0.05 % a day on 4,000 yuan from the due day on. */
	cr_assert_eq(interest_beside_until("2026-10-06"), 0);
	/* The finding stays as it is, the interest does not. */
	evaluate_changes(district.base, district.link, "2026-10-09");
	cr_assert_str_eq(pg_text(district.db, "SELECT changed_on FROM finding WHERE code = "
					      "'arrears-late-dispute' AND subject = 'G19-001-01'"),
		"2026-10-06");
	cr_assert_eq(interest_beside_until("2026-10-09"), 0);
	/* Settled: what is left of it is owed, with a clock of its own, and no more runs beside. */
	district_batch(district.db);
	pg_exec(district.db,
		"UPDATE obligation SET batch_id = (SELECT max(batch_id) FROM batch), "
		"dispute_settled_on = '2026-09-21' WHERE obligation_no = 'G19-001-01'");
	evaluate_changes(district.base, district.link, "2026-10-09");
	cr_assert_str_eq(pg_text(district.db, late), "open");
	cr_assert_eq(interest_beside_until("2026-09-21"), 0);
	evaluate_changes(district.base, district.link, "2026-10-12");
	cr_assert_eq(interest_beside_until("2026-09-21"), 0);
	/* Paid: there is nothing left to ask for. */
	district_batch(district.db);
	pg_exec(district.db,
		"INSERT INTO payment (key, print, batch_id, place, voucher_no, contract_no, "
		"obligation_no, unit_code, payee_uscc, payee_name, amount_fen, currency, "
		"cleared_on, "
		"instrument, reverses_voucher_no) SELECT md5('p')::uuid, md5('p')::uuid, (SELECT "
		"max(batch_id) FROM batch), 0, 'P-LATE', contract_no, obligation_no, unit_code, "
		"supplier_uscc, '', outstanding_fen, 'CNY', '2026-10-12', 'cash', '' FROM "
		"obligation_state WHERE obligation_no = 'G19-001-01'");
	evaluate_changes(district.base, district.link, "2026-10-12");
	cr_assert_str_eq(pg_text(district.db, late), "closed");
}

Test(late_dispute, a_dispute_record_speaks_for_a_debt_whose_row_says_nothing_of_one)
{
	static const char disputed[] = "SELECT disputed_fen FROM obligation_state WHERE "
				       "obligation_no = 'G19-001-01'";
	char *json;

	district_batch(district.db);
	pg_exec(district.db,
		"INSERT INTO dispute (key, print, batch_id, place, dispute_id, obligation_no, "
		"opened_on, amount_fen, ground) SELECT md5('d')::uuid, md5('d')::uuid, "
		"max(batch_id), 0, 'D1', 'G19-001-01', '2026-09-01', 300000, '质量' FROM batch");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_eq(pg_int(district.db, disputed), 300000);
	json = evaluate_snapshot(district.base, district.link, "2026-10-06", NULL, -1);
	cr_assert_not_null(strstr(json, "\"late-dispute\""));
	free(json);
	district_batch(district.db);
	pg_exec(district.db,
		"WITH ended AS (DELETE FROM dispute RETURNING *) INSERT INTO dispute_history "
		"SELECT ended.*, (SELECT max(batch_id) FROM batch) FROM ended");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_eq(pg_int(district.db, disputed), 0);
}

/* G19-001-01: 10,000.00 owed wholly. */
Test(late_dispute, every_record_of_a_dispute_counts_in_what_is_stored)
{
	static const char columns[] = "SELECT concat_ws('|', outstanding_fen - %s, disputed_fen) "
				      "FROM obligation_state WHERE obligation_no = 'G19-001-01'";
	_cleanup_free_ char *before =
		mem_text(pg_text(district.db, "SELECT outstanding_fen FROM obligation_state WHERE "
					      "obligation_no = 'G19-001-01'"));
	_cleanup_free_ char *figures = mem_format(columns, before);

	district_batch(district.db);
	pg_exec(district.db,
		"INSERT INTO dispute (key, print, batch_id, place, dispute_id, obligation_no, "
		"opened_on, amount_fen, ground, settled_on, agreed_fen) SELECT md5(v.id)::uuid, "
		"md5(v.id)::uuid, max(batch_id), 0, v.id, 'G19-001-01', v.opened_on, v.fen, '', "
		"v.settled_on, v.agreed FROM batch, (VALUES "
		"('D1', date '2026-01-20', 100000, NULL::date, NULL::bigint), "
		"('D2', '2026-09-01', 50000, '2026-10-08', 20000), "
		"('D3', '2026-11-01', 10000, NULL, NULL)) v (id, opened_on, fen, settled_on, "
		"agreed) GROUP BY v.id, v.opened_on, v.fen, v.settled_on, v.agreed");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(pg_text(district.db, figures), "0|150000");
	evaluate_changes(district.base, district.link, "2026-10-08");
	cr_assert_str_eq(pg_text(district.db, figures), "-30000|100000");
	evaluate_changes(district.base, district.link, "2026-11-01");
	cr_assert_str_eq(pg_text(district.db, figures), "-30000|110000");
}
