/* The life of findings of records in the database: opened, changed, closed, told to nobody. */
#include "checks/record_run.h"

#include <criterion/criterion.h>

#include "core/mem.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/record_look.h"

static void set_up(void)
{
	district_rig_empty();
	district_rig_hook();
}

TestSuite(record_run, .init = set_up, .fini = district_rig_tear_down, .timeout = 120);

#define CONTRACT_STATE                                                                             \
	"SELECT string_agg(f.state || ' ' || f.episode, ',') FROM finding f "                      \
	"WHERE f.code = 'reserved-mark-missing' AND f.subject = 'HT-1'"

static void add_contract(const char *mark)
{
	_cleanup_free_ char *sql = mem_format(
		"INSERT INTO contract (key, print, batch_id, place, contract_no, project_code, "
		"package_no, unit_code, supplier_uscc, signed_on, amount_fen, currency, "
		"reserve_form, declared_size, reserved_mark, term_unit, clock_basis, status, "
		"supplier_name, buyer_name) VALUES (md5('HT-1')::uuid, md5(random()::text)::uuid, "
		"(SELECT max(batch_id) FROM batch), 0, 'HT-1', 'P-1', '', '001001', '', "
		"'2026-03-02', 100000, 'CNY', 'whole', 'S', %s, '', '', 'active', '', '')",
		mark);

	pg_exec(district.db, sql);
}

Test(record_run, a_text_without_end_is_cut_in_the_finding)
{
	district_batch(district.db);
	pg_exec(district.db,
		"INSERT INTO budget_item VALUES (md5('B')::uuid, md5('B')::uuid, (SELECT "
		"max(batch_id) FROM batch), 0, NULL, 2026, '001001', 'P-2', '', 'initial', "
		"'2026-01-05', 1, '', '', 'goods', 100000, 'CNY', 'whole', 'sme', NULL, NULL, "
		"NULL, '', '', '', NULL, NULL, '', NULL, NULL, '');"
		"INSERT INTO notice VALUES (md5('N')::uuid, md5('N')::uuid, (SELECT "
		"max(batch_id) FROM batch), 0, NULL, 'N-1', '001001', 'P-2', '', '终止公告', '', "
		"'2026-04-01', NULL, NULL, NULL, 'CNY', '', '', NULL, NULL, NULL, "
		"repeat('因', 100000), '', '', NULL, NULL)");
	record_look("2026-06-30");
	cr_assert_str_eq(pg_text(district.db, "SELECT state || ' ' || length(evidence #>> "
					      "'{values,end_reason}') FROM finding "
					      "WHERE code = 'reserved-package-ended'"),
		"open 200");
}

Test(record_run, a_finding_opens_once_closes_when_mended_and_opens_again)
{
	struct record_report report;

	district_batch(district.db);
	add_contract("false");
	report = record_look("2026-06-30");
	cr_expect_geq(report.opened, 1);
	cr_expect_str_eq(pg_text(district.db, CONTRACT_STATE), "open 1");
	report = record_look("2026-06-30");
	cr_expect_eq(report.opened + report.updated + report.closed, 0);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1,
		"nothing differs, nothing is written");
	pg_exec(district.db, "UPDATE contract SET reserved_mark = true");
	report = record_look("2026-07-01");
	cr_expect_eq(report.closed, 1);
	cr_expect_str_eq(pg_text(district.db, CONTRACT_STATE), "closed 1");
	pg_exec(district.db, "UPDATE contract SET reserved_mark = NULL");
	record_look("2026-07-02");
	cr_expect_str_eq(pg_text(district.db, CONTRACT_STATE), "open 2");
	cr_expect_str_eq(pg_text(district.db,
				 "SELECT string_agg(event, ' ' ORDER BY seq) FROM finding_event "
				 "JOIN finding USING (finding_id) WHERE code = "
				 "'reserved-mark-missing'"),
		"opened closed reopened");
}

Test(record_run, an_older_contract_is_asked_for_its_clauses_alone_from_the_horizon_on)
{
	static const char open[] = "SELECT coalesce(string_agg(code, ' ' ORDER BY code), '') FROM "
				   "finding WHERE subject = 'HT-1' AND state <> 'closed'";

	district_batch(district.db);
	add_contract("false");
	pg_exec(district.db,
		"INSERT INTO unit (key, print, batch_id, place, unit_code, uscc, name, "
		"parent_code, kind) SELECT md5('u')::uuid, md5('u')::uuid, max(batch_id), 0, "
		"'001001', '', '某局', '', 'organ' FROM batch");
	pg_exec(district.db,
		"UPDATE contract SET signed_on = '2021-03-02', clock_basis = 'acceptance'");
	record_look("2026-06-30");
	cr_expect_str_eq(pg_text(district.db, open), "clause-no-inspection-period");
	pg_exec(district.db, "UPDATE contract SET inspection_days = 15, agreed_term = 61");
	record_look("2026-06-30");
	cr_expect_str_eq(pg_text(district.db, open), "clause-term-over-cap");
	pg_exec(district.db,
		"UPDATE contract SET agreed_term = 60, payment_clause = '收到第三方款项后支付'");
	record_look("2026-06-30");
	cr_expect_str_eq(pg_text(district.db, open), "clause-pay-when-paid");
	pg_exec(district.db, "UPDATE contract SET payment_clause = '', late_rate_ppm = 10000");
	record_look("2026-06-30");
	cr_expect_str_eq(pg_text(district.db, open), "clause-rate-below-floor");
	pg_exec(district.db,
		"UPDATE rule_parameter SET value = '2021-03-03' WHERE name = 'clause_from'");
	record_look("2026-06-30");
	cr_expect_str_empty(pg_text(district.db, open), "before the horizon");
}

Test(record_run, a_clause_is_asked_about_until_its_contract_is_paid)
{
	static const char open[] =
		"SELECT count(*) FROM finding WHERE code = 'clause-term-over-cap' "
		"AND subject = 'HT-1' AND state <> 'closed'";

	district_batch(district.db);
	add_contract("false");
	pg_exec(district.db,
		"INSERT INTO unit (key, print, batch_id, place, unit_code, uscc, name, "
		"parent_code, kind) SELECT md5('u')::uuid, md5('u')::uuid, max(batch_id), 0, "
		"'001001', '', '某局', '', 'organ' FROM batch");
	pg_exec(district.db, "UPDATE contract SET signed_on = '2026-03-02', agreed_term = 61");
	record_look("2026-06-30");
	cr_assert_eq(pg_int(district.db, open), 1);
	district_batch(district.db);
	pg_exec(district.db,
		"INSERT INTO payment (key, print, batch_id, place, voucher_no, contract_no, "
		"obligation_no, unit_code, payee_uscc, payee_name, amount_fen, currency, "
		"received_on, instrument, reverses_voucher_no) SELECT md5('V')::uuid, "
		"md5('V')::uuid, (SELECT max(batch_id) FROM batch), 0, 'V-1', contract_no, '', "
		"unit_code, supplier_uscc, '', amount_fen, 'CNY', '2026-07-02', 'cash', '' "
		"FROM contract WHERE contract_no = 'HT-1'");
	record_look_at_changes("2026-06-30");
	cr_expect_eq(pg_int(district.db, open), 1, "paid the day after tomorrow");
	record_look_at_changes("2026-07-02");
	cr_expect_eq(pg_int(district.db, open), 0);
}

Test(record_run, a_finding_changes_with_its_amount_and_names_rule_and_article)
{
	district_batch(district.db);
	add_contract("false");
	record_look("2026-06-30");
	cr_expect_str_eq(
		pg_text(district.db, "SELECT concat_ws('|', rule_id, evidence ->> 'citation', "
				     "severity, unit_code) FROM finding WHERE code = "
				     "'reserved-mark-missing'"),
		"Q-7|财库〔2020〕46号《政府采购促进中小企业发展管理办法》第十四条|info|001001");
	pg_exec(district.db, "UPDATE contract SET amount_fen = 100001");
	cr_expect_geq(record_look("2026-06-30").updated, 1);
}

/* Everything of the golden district, beside an evaluation of the law: neither disturbs the other. */
Test(record_run, findings_of_records_are_told_to_nobody_and_leave_the_law_alone)
{
	struct check_report law;
	struct record_report report;
	int64_t messages;

	district_load(district.db, "district", true);
	law = evaluate(district.base, district.link, "2026-10-20");
	messages = pg_int(district.db, "SELECT count(*) FROM message");
	report = record_look("2026-10-20");
	cr_expect_gt(report.opened, 100);
	cr_expect_eq(report.opened, report.findings);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM message"), messages);
	cr_expect_eq(evaluate_changes(district.base, district.link, "2026-10-20").run_id, 0,
		"for the law nothing has changed since run %lld", (long long)law.run_id);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM v_check_run"), 1);
	law = evaluate(district.base, district.link, "2026-10-21");
	cr_expect_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE state = 'open' AND severity = "
			     "'info' AND code = 'reserved-mark-missing'"),
		pg_int(district.db,
			"SELECT count(*) FROM finding_event e JOIN finding USING (finding_id) "
			"WHERE code = 'reserved-mark-missing' AND event = 'opened'"),
		"the law closes none of them");
}

#define MARK "SELECT concat_ws('|', as_of, known_batch) FROM record_mark"

Test(record_run, what_the_last_look_saw_is_not_looked_at_again)
{
	int64_t batch = district_batch(district.db);
	struct record_report report;

	add_contract("false");
	report = record_look_at_changes("2026-06-30");
	cr_expect(report.looked, "nothing was looked at before");
	cr_expect_geq(report.opened, 1);
	cr_expect_eq(report.known_batch, batch);
	pg_exec(district.db, "UPDATE contract SET reserved_mark = true");
	report = record_look_at_changes("2026-06-30");
	cr_expect_not(report.looked, "no batch came, no day passed, the law is the same");
	cr_expect_eq(report.procurements, 0);
	cr_expect_str_eq(pg_text(district.db, CONTRACT_STATE), "open 1");
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1);
}

/* Another law, another budget year: nothing of the last look holds. */
Test(record_run, a_change_of_the_law_or_of_the_year_has_everything_looked_at)
{
	district_batch(district.db);
	add_contract("false");
	record_look_at_changes("2026-06-30");
	cr_expect_eq(record_look_at_changes("2026-07-01").procurements, 0, "a day like any other");
	pg_exec(district.db, "UPDATE contract SET reserved_mark = true;"
			     "UPDATE rule_parameter SET value = '11' WHERE rule_id = 'N-2'");
	cr_expect_eq(record_look_at_changes("2026-07-01").closed, 1);
	pg_exec(district.db, "UPDATE contract SET reserved_mark = false");
	cr_expect_eq(record_look_at_changes("2027-01-04").opened, 1);
	cr_expect_eq(record_look_at_changes("2028-01-04").closed, 1, "older than the year before");
}

Test(record_run, a_batch_without_any_record_moves_the_mark_alone)
{
	district_batch(district.db);
	add_contract("false");
	record_look_at_changes("2026-06-30");
	district_batch(district.db);
	cr_expect(record_look_at_changes("2026-06-30").looked);
	cr_expect_str_eq(pg_text(district.db, MARK), "2026-06-30|2");
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1);
}

/* A later batch was looked at meanwhile: what this one knows is old. */
Test(record_run, a_look_that_was_overtaken_stores_nothing)
{
	struct record_report report;

	district_batch(district.db);
	add_contract("false");
	pg_exec(district.db,
		"INSERT INTO check_run (part, as_of, known_batch, jurisdiction, program, "
		"started_at, obligations, states_written) VALUES ('records', '2026-06-30', "
		"1000, 'beijing-xicheng', 'test', now(), 0, 0)");
	report = record_look("2026-06-30");
	cr_expect(report.overtaken);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM finding"), 0);
	cr_expect_eq(pg_int(district.db, "SELECT count(*) FROM record_mark"), 0);
}

static void never(void *arg, const struct err *err, const struct record_report *report)
{
	(void)arg, (void)err, (void)report;
	cr_assert_fail("called after the cancel");
}

Test(record_run, a_cancelled_look_calls_nobody_at_any_step)
{
	struct err err = ERR_INIT;
	struct record_options options = {
		.as_of = day("2026-10-20"), .jurisdiction = "beijing-xicheng", .full = true
	};

	district_load(district.db, "corner", true);
	for (int wait_ms = 0; wait_ms < 200; wait_ms += 20) {
		struct record_run *run =
			record_run_start(district.base, district.link, &options, never, NULL, &err);
		cr_assert(run, "%s", err.text);
		if (wait_ms > 0)
			pg_loop_for(district.base, wait_ms / 20);
		record_run_cancel(run);
	}
	record_look("2026-10-20");
}
