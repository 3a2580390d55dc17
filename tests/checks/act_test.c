/* The acts of article 31: which findings name one, and against whom. */
#include "checks/act.h"

#include <criterion/criterion.h>
#include <string.h>

#include "checks/observe.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

static const struct {
	const char *code, *act;
} acts[] = {
	{ CODE_OVERDUE, "31-1" },
	{ CODE_STALLED, "31-2" },
	{ CODE_LATE_BILL, "31-3" },
	{ "clause-audit-basis", "31-4" },
	{ "deposit-over-limit", "31-5" },
	{ CODE_DEPOSIT, "31-5" },
};

Test(act, each_finding_names_the_act_of_a_public_body)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		cr_expect_str_eq(act_of_finding(acts[i].code, DEBTOR_ORGAN), acts[i].act);
		cr_expect_str_eq(act_of_finding(acts[i].code, DEBTOR_INSTITUTION), acts[i].act);
	}
}

Test(act, an_enterprise_commits_none_of_them)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		cr_expect_null(act_of_finding(acts[i].code, DEBTOR_LARGE_ENTERPRISE));
		cr_expect_null(act_of_finding(acts[i].code, DEBTOR_SOE));
		cr_expect_null(act_of_finding(acts[i].code, DEBTOR_UNKNOWN));
	}
}

Test(act, a_dispute_or_a_debt_that_may_be_paid_is_none)
{
	cr_expect_null(act_of_finding(CODE_LATE_DISPUTE, DEBTOR_ORGAN));
	cr_expect_null(act_of_finding(CODE_MAYBE_PAID, DEBTOR_ORGAN));
	cr_expect_null(act_of_finding("clause-term-over-cap", DEBTOR_ORGAN));
}

Test(act, all_seven_have_words)
{
	for (int act = 1; act <= ACTS; act++)
		cr_expect(*act_words(act), "%d", act);
}

/* Against the corner cases ------------------------------------------------------------------- */

TestSuite(act_found, .init = district_rig_corner_judged, .fini = district_rig_tear_down,
	.timeout = 120);

#define OPEN                                                                                       \
	"SELECT count(*) FROM finding f JOIN obligation_state s ON s.obligation_no = f.subject "   \
	"WHERE f.state <> 'closed' AND "
#define PUBLIC "s.debtor_kind IN ('organ', 'institution', 'group')"

Test(act_found, the_evidence_of_a_debt_names_the_act_of_a_public_body_and_of_nobody_else)
{
	cr_expect_gt(pg_int(district.db, OPEN "f.evidence->>'act' = '31-1'"), 0);
	cr_expect_eq(pg_int(district.db, OPEN "f.evidence ? 'act' AND NOT " PUBLIC), 0);
	cr_expect_gt(pg_int(district.db, OPEN "f.code = 'arrears-overdue' AND NOT " PUBLIC), 0);
	cr_expect_eq(
		pg_int(district.db, OPEN "f.code = 'arrears-overdue' AND NOT f.evidence ? 'act' "
					 "AND " PUBLIC),
		0);
}

Test(act_found, every_stalled_acceptance_of_a_covered_debt_is_found)
{
	cr_expect_gt(pg_int(district.db, OPEN "f.code = 'acceptance-stalled'"), 0);
	cr_expect_eq(pg_int(district.db, OPEN "f.code = 'acceptance-stalled'"),
		pg_int(district.db,
			"SELECT count(*) FROM obligation_state WHERE coverage = 'covered' AND "
			"'acceptance-stalled' = ANY (flags)"));
	cr_expect_eq(pg_int(district.db, OPEN "f.code = 'acceptance-stalled' AND " PUBLIC
					      " AND f.evidence->>'act' IS DISTINCT FROM '31-2'"),
		0);
}

Test(act_found, a_stalled_acceptance_is_closed_when_it_was_accepted)
{
	district_batch(district.db);
	pg_exec(district.db,
		"UPDATE obligation SET batch_id = (SELECT max(batch_id) FROM batch), "
		"accepted_on = '2026-10-01' WHERE obligation_no IN (SELECT subject FROM "
		"finding WHERE code = 'acceptance-stalled')");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_expect_eq(pg_int(district.db, OPEN "f.code = 'acceptance-stalled'"), 0);
}

Test(act_found, a_bill_that_matures_after_the_due_day_is_found_until_it_is_taken_back)
{
	static const char bill[] = OPEN "f.code = 'bill-past-due' AND f.subject = 'G19-001-01' AND "
					"f.evidence->>'act' = '31-3'";

	cr_expect_eq(pg_int(district.db, bill), 0);
	district_batch(district.db);
	pg_exec(district.db,
		"INSERT INTO payment SELECT (jsonb_populate_record(NULL::payment, to_jsonb(p) || "
		"jsonb_build_object('key', md5('bill')::uuid, 'batch_id', (SELECT max(batch_id) "
		"FROM batch), 'voucher_no', 'BILL-1', 'contract_no', '', 'obligation_no', "
		"'G19-001-01', 'amount_fen', 1000, 'voucher_on', '2026-10-01', 'cleared_on', NULL, "
		"'received_on', NULL, 'instrument', 'bill', 'matures_on', '2027-04-01', "
		"'reverses_voucher_no', ''))).* FROM payment p LIMIT 1");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_expect_eq(pg_int(district.db, bill), 1);
	district_batch(district.db);
	pg_exec(district.db,
		"WITH ended AS (DELETE FROM payment WHERE voucher_no = 'BILL-1' RETURNING *) "
		"INSERT INTO payment_history SELECT ended.*, (SELECT max(batch_id) FROM batch) "
		"FROM ended");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_expect_eq(pg_int(district.db, bill), 0);
}

Test(act_found, a_deposit_that_is_not_given_back_is_found_and_no_debt_for_goods)
{
	district_batch(district.db);
	pg_exec(district.db,
		"UPDATE obligation SET batch_id = (SELECT max(batch_id) FROM batch), kind = "
		"'deposit', contract_due_on = '2026-03-02' WHERE obligation_no = 'G19-001-01'");
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_expect_eq(pg_int(district.db, OPEN "f.code = 'deposit-not-returned' AND f.subject = "
					      "'G19-001-01' AND f.evidence->>'act' = '31-5'"),
		1);
	cr_expect_eq(
		pg_int(district.db, OPEN "f.code = 'arrears-overdue' AND f.subject = 'G19-001-01'"),
		0);
}
