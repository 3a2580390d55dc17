/* Payments that name a number nobody knows: they may have paid a debt to the same payee until the number becomes known. */
#include <criterion/criterion.h>

#include "core/mem.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

TestSuite(
	astray, .init = district_rig_corner_judged, .fini = district_rig_tear_down, .timeout = 120);

#define DEBT   "G19-001-01"
#define NEWEST "(SELECT max(batch_id) FROM batch)"

/* What is overdue comes as one voucher to the same payee, from a unit or "" for the one that owes. */
static void pay_from(const char *unit, const char *contract_no, const char *obligation_no)
{
	_cleanup_free_ char *sql = mem_format(
		"INSERT INTO payment (key, print, batch_id, place, voucher_no, contract_no, "
		"obligation_no, unit_code, payee_uscc, payee_name, amount_fen, currency, "
		"voucher_on, instrument, reverses_voucher_no) SELECT md5('v')::uuid, "
		"md5('v')::uuid, " NEWEST ", 0, 'V-ASTRAY', '%s', '%s', coalesce(nullif('%s', ''), "
		"unit_code), supplier_uscc, '', overdue_fen, 'CNY', '2026-10-01', 'cash', '' FROM "
		"obligation_state WHERE obligation_no = '" DEBT "'",
		contract_no, obligation_no, unit);

	district_batch(district.db);
	pg_exec(district.db, sql);
	evaluate_changes(district.base, district.link, "2026-10-06");
}

static void pay(const char *contract_no, const char *obligation_no)
{
	pay_from("", contract_no, obligation_no);
}

static const char *stands(void)
{
	return pg_text(district.db,
		"SELECT concat_ws(' ', s.status, v.standing, f.code) FROM "
		"obligation_state s LEFT JOIN v_obligation_standing v USING "
		"(obligation_no) LEFT JOIN finding f ON f.subject = s.obligation_no AND "
		"f.state = 'open' WHERE s.obligation_no = '" DEBT "'");
}

static int64_t unmatched(void)
{
	return pg_int(district.db,
		"SELECT count(*) FROM v_unmatched_payment WHERE voucher_no = 'V-ASTRAY'");
}

/* The voucher's day becomes another. */
static void pay_on(const char *day)
{
	_cleanup_free_ char *sql = mem_format(
		"CREATE TEMP TABLE was AS SELECT * FROM payment WHERE voucher_no = 'V-ASTRAY'; "
		"INSERT INTO payment_history SELECT was.*, " NEWEST " FROM was; UPDATE payment "
		"SET voucher_on = '%s', batch_id = " NEWEST " WHERE voucher_no = 'V-ASTRAY'; "
		"DROP TABLE was",
		day);

	district_batch(district.db);
	pg_exec(district.db, sql);
	evaluate_changes(district.base, district.link, "2026-10-06");
}

/* A run over everything finds nothing that the run over the changes left. */
static void expect_complete(void)
{
	struct check_report report = evaluate(district.base, district.link, "2026-10-06");

	cr_expect_eq(report.states_written + report.states_removed + report.findings_opened +
			     report.findings_updated + report.findings_closed,
		0);
}

Test(astray, a_debt_may_be_paid_until_the_contract_that_the_voucher_names_is_known)
{
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue");
	pay("HT-LATER", "");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid", "nobody is alerted");
	expect_complete();
	cr_assert_str_eq(
		pg_text(district.db, "SELECT stated_contract_no FROM v_unmatched_payment WHERE "
				     "voucher_no = 'V-ASTRAY'"),
		"HT-LATER");
	/* The contract comes, of another payee: the money was for that. */
	district_batch(district.db);
	pg_exec(district.db, "CREATE TEMP TABLE come AS SELECT * FROM contract WHERE contract_no = "
			     "'G30-002'; UPDATE come SET key = md5('c')::uuid, batch_id = " NEWEST
			     ", contract_no = 'HT-LATER'; INSERT INTO contract SELECT * FROM come");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue");
	expect_complete();
	/* And goes again. */
	district_batch(district.db);
	pg_exec(district.db,
		"WITH gone AS (DELETE FROM contract WHERE contract_no = 'HT-LATER' RETURNING "
		"*) INSERT INTO contract_history SELECT gone.*, " NEWEST " FROM gone");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
	expect_complete();
}

Test(astray, an_obligation_that_comes_later_takes_its_payment)
{
	pay("", "O-LATER");
	cr_expect_eq(unmatched(), 1);
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
	expect_complete();
	district_batch(district.db);
	pg_exec(district.db,
		"CREATE TEMP TABLE come AS SELECT * FROM obligation WHERE obligation_no = "
		"'" DEBT "'; UPDATE come SET key = md5('o')::uuid, batch_id = " NEWEST
		", obligation_no = 'O-LATER'; INSERT INTO obligation SELECT * FROM come");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue");
	cr_expect_eq(unmatched(), 0, "its number ties it to a contract");
	cr_assert_eq(pg_int(district.db, "SELECT outstanding_fen FROM obligation_state WHERE "
					 "obligation_no = 'O-LATER'"),
		0);
	expect_complete();
}

Test(astray, a_payment_taken_back_or_ended_may_have_paid_nothing)
{
	pay("HT-LATER", "");
	district_batch(district.db);
	pg_exec(district.db,
		"CREATE TEMP TABLE back AS SELECT * FROM payment WHERE voucher_no = "
		"'V-ASTRAY'; UPDATE back SET key = md5('r')::uuid, batch_id = " NEWEST
		", voucher_no = 'R-ASTRAY', reverses_voucher_no = 'V-ASTRAY'; INSERT INTO "
		"payment SELECT * FROM back");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue", "taken back");
	expect_complete();
	district_batch(district.db);
	pg_exec(district.db,
		"WITH gone AS (DELETE FROM payment WHERE voucher_no = 'R-ASTRAY' RETURNING *) "
		"INSERT INTO payment_history SELECT gone.*, " NEWEST " FROM gone");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
	district_batch(district.db);
	pg_exec(district.db,
		"WITH gone AS (DELETE FROM payment WHERE voucher_no = 'V-ASTRAY' RETURNING *) "
		"INSERT INTO payment_history SELECT gone.*, " NEWEST " FROM gone");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue");
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM payment_astray"), 0);
	expect_complete();
}

/* A contract of the other unit with the payee of the debt: what it paid was for that. */
static void sign_elsewhere(void)
{
	district_batch(district.db);
	pg_exec(district.db,
		"CREATE TEMP TABLE IF NOT EXISTS signed AS SELECT * FROM contract WHERE "
		"contract_no = (SELECT contract_no FROM obligation_state WHERE obligation_no = "
		"'" DEBT "'); UPDATE signed SET key = md5('c')::uuid, batch_id = " NEWEST
		", contract_no = 'HT-ELSEWHERE', unit_code = 'U-OTHER'; INSERT INTO contract "
		"SELECT * FROM signed");
	evaluate_changes(district.base, district.link, "2026-10-06");
}

Test(astray, what_a_unit_without_a_contract_paid_may_have_paid_the_debt_of_another_unit)
{
	pay_from("U-OTHER", "", "");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
	expect_complete();
	sign_elsewhere();
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue",
		"it pays its own contracts before those of others");
	expect_complete();
	district_batch(district.db);
	pg_exec(district.db,
		"WITH gone AS (DELETE FROM contract WHERE contract_no = 'HT-ELSEWHERE' "
		"RETURNING *) INSERT INTO contract_history SELECT gone.*, " NEWEST " FROM gone");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
	expect_complete();
}

Test(astray, a_number_nobody_knows_on_another_units_voucher_may_mean_any_debt_to_the_payee)
{
	sign_elsewhere();
	pay_from("U-OTHER", "HT-LATER", "");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
	expect_complete();
	/* The voucher is corrected: it was to somebody else. */
	district_batch(district.db);
	pg_exec(district.db,
		"CREATE TEMP TABLE was AS SELECT * FROM payment WHERE voucher_no = 'V-ASTRAY'; "
		"INSERT INTO payment_history SELECT was.*, " NEWEST " FROM was; UPDATE payment "
		"SET payee_uscc = 'SOMEBODY', batch_id = " NEWEST " WHERE voucher_no = 'V-ASTRAY'");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue");
	expect_complete();
}

Test(astray, money_of_another_unit_cannot_have_paid_a_debt_that_was_not_there_yet)
{
	const char *signed_on =
		pg_text(district.db, "SELECT least(c.signed_on, o.delivered_on) - 1 FROM "
				     "obligation o JOIN contract c USING "
				     "(contract_no) WHERE obligation_no = '" DEBT "'");
	_cleanup_free_ char *before = mem_text(signed_on);

	pay_from("U-OTHER", "", "");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
	pay_on(before);
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue");
	expect_complete();
	pay_on(pg_text(district.db,
		"SELECT least(c.signed_on, o.delivered_on) FROM obligation o JOIN contract c USING "
		"(contract_no) WHERE obligation_no = '" DEBT "'"));
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
}

Test(astray, one_amount_leaves_no_more_debts_in_doubt_than_it_covers)
{
	district_batch(district.db);
	pg_exec(district.db,
		"CREATE TEMP TABLE second AS SELECT * FROM obligation WHERE obligation_no = "
		"'" DEBT "'; UPDATE second SET key = md5('o')::uuid, batch_id = " NEWEST
		", obligation_no = 'Z-SECOND'; INSERT INTO obligation SELECT * FROM second");
	evaluate_changes(district.base, district.link, "2026-10-06");
	pay_from("U-OTHER", "", "");
	cr_assert_str_eq(pg_text(district.db, "SELECT string_agg(standing, ' ' ORDER BY "
					      "obligation_no) FROM v_obligation_standing WHERE "
					      "obligation_no IN ('" DEBT "', 'Z-SECOND')"),
		"maybe-paid suspected");
	expect_complete();
}

Test(astray, another_units_voucher_that_is_taken_back_or_not_yet_due_has_paid_nothing)
{
	pay_from("U-OTHER", "", "");
	district_batch(district.db);
	pg_exec(district.db,
		"CREATE TEMP TABLE back AS SELECT * FROM payment WHERE voucher_no = "
		"'V-ASTRAY'; UPDATE back SET key = md5('r')::uuid, batch_id = " NEWEST
		", voucher_no = 'R-ASTRAY', reverses_voucher_no = 'V-ASTRAY', voucher_on = "
		"'2026-10-08'; INSERT INTO payment SELECT * FROM back");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid", "not known yet");
	expect_complete();
	evaluate_changes(district.base, district.link, "2026-10-08");
	cr_assert_str_eq(stands(), "overdue suspected arrears-overdue", "by its day alone");
	district_batch(district.db);
	pg_exec(district.db,
		"WITH gone AS (DELETE FROM payment WHERE voucher_no = 'R-ASTRAY' RETURNING *) "
		"INSERT INTO payment_history SELECT gone.*, " NEWEST " FROM gone");
	evaluate_changes(district.base, district.link, "2026-10-08");
	cr_assert_str_eq(stands(), "overdue maybe-paid arrears-maybe-paid");
}
