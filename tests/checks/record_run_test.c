/* The life of findings of records in the database: opened, changed, closed, told to nobody. */
#include "checks/record_run.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "core/mem.h"
#include "lib/district.h"
#include "lib/evaluate.h"
#include "lib/pg.h"
#include "sql/job.h"
#include "sql/link.h"

enum { PATIENCE_MS = 60000 };

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *sql_link;

static void set_up(void)
{
	struct err err = ERR_INIT;

	base = pg_loop_new();
	db = pg_db_new();
	sql_link = sql_link_new(
		base, &(struct sql_link_options){ .dsn = pg_db_dsn(db), .name = "test" }, &err);
	cr_assert(sql_link, "%s", err.text);
	pg_exec(db, "INSERT INTO channel (name, kind) VALUES ('hook', 'webhook');"
		    "INSERT INTO channel_recipient VALUES ('hook', '');"
		    "INSERT INTO route VALUES ('all', 'hook', '{*}', '{*}')");
}

static void tear_down(void)
{
	sql_link_free(sql_link);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(record_run, .init = set_up, .fini = tear_down, .timeout = 120);

struct heard {
	bool done;
	struct err err;
	struct record_report report;
};

static void on_done(void *arg, const struct err *err, const struct record_report *report)
{
	struct heard *heard = arg;

	heard->done = true;
	if (err)
		heard->err = *err;
	heard->report = *report;
}

static struct record_report look_by(const char *as_of, bool full)
{
	struct heard heard = { 0 };
	struct err err = ERR_INIT;
	struct record_options options = {
		.as_of = evaluate_day(as_of), .jurisdiction = "beijing-xicheng", .full = full
	};

	cr_assert(
		record_run_start(base, sql_link, &options, on_done, &heard, &err), "%s", err.text);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.err.code, ERR_NONE, "%s", heard.err.text);
	return heard.report;
}

/* At everything: for tests that change rows behind the ledger's back. */
static struct record_report look(const char *as_of)
{
	return look_by(as_of, true);
}

/* At what changed since the last look. */
static struct record_report look_at_changes(const char *as_of)
{
	return look_by(as_of, false);
}

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

	pg_exec(db, sql);
}

Test(record_run, a_finding_opens_once_closes_when_mended_and_opens_again)
{
	struct record_report report;

	district_batch(db);
	add_contract("false");
	report = look("2026-06-30");
	cr_expect_geq(report.opened, 1);
	cr_expect_str_eq(pg_text(db, CONTRACT_STATE), "open 1");
	report = look("2026-06-30");
	cr_expect_eq(report.opened + report.updated + report.closed, 0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM check_run"), 1,
		"nothing differs, nothing is written");
	pg_exec(db, "UPDATE contract SET reserved_mark = true");
	report = look("2026-07-01");
	cr_expect_eq(report.closed, 1);
	cr_expect_str_eq(pg_text(db, CONTRACT_STATE), "closed 1");
	pg_exec(db, "UPDATE contract SET reserved_mark = NULL");
	look("2026-07-02");
	cr_expect_str_eq(pg_text(db, CONTRACT_STATE), "open 2");
	cr_expect_str_eq(
		pg_text(db, "SELECT string_agg(event, ' ' ORDER BY seq) FROM finding_event "
			    "JOIN finding USING (finding_id) WHERE code = "
			    "'reserved-mark-missing'"),
		"opened closed reopened");
}

Test(record_run, an_older_contract_is_asked_for_its_clauses_alone_from_the_horizon_on)
{
	static const char open[] = "SELECT coalesce(string_agg(code, ' ' ORDER BY code), '') FROM "
				   "finding WHERE subject = 'HT-1' AND state <> 'closed'";

	district_batch(db);
	add_contract("false");
	pg_exec(db, "INSERT INTO unit (key, print, batch_id, place, unit_code, uscc, name, "
		    "parent_code, kind) SELECT md5('u')::uuid, md5('u')::uuid, max(batch_id), 0, "
		    "'001001', '', '某局', '', 'organ' FROM batch");
	pg_exec(db, "UPDATE contract SET signed_on = '2021-03-02', clock_basis = 'acceptance'");
	look("2026-06-30");
	cr_expect_str_eq(pg_text(db, open), "clause-no-inspection-period");
	pg_exec(db, "UPDATE contract SET inspection_days = 15, agreed_term = 61");
	look("2026-06-30");
	cr_expect_str_eq(pg_text(db, open), "clause-term-over-cap");
	pg_exec(db,
		"UPDATE contract SET agreed_term = 60, payment_clause = '收到第三方款项后支付'");
	look("2026-06-30");
	cr_expect_str_eq(pg_text(db, open), "clause-pay-when-paid");
	pg_exec(db, "UPDATE contract SET payment_clause = '', late_rate_ppm = 10000");
	look("2026-06-30");
	cr_expect_str_eq(pg_text(db, open), "clause-rate-below-floor");
	pg_exec(db, "UPDATE rule_parameter SET value = '2021-03-03' WHERE name = 'clause_from'");
	look("2026-06-30");
	cr_expect_str_empty(pg_text(db, open), "before the horizon");
}

Test(record_run, a_clause_is_asked_about_until_its_contract_is_paid)
{
	static const char open[] =
		"SELECT count(*) FROM finding WHERE code = 'clause-term-over-cap' "
		"AND subject = 'HT-1' AND state <> 'closed'";

	district_batch(db);
	add_contract("false");
	pg_exec(db, "INSERT INTO unit (key, print, batch_id, place, unit_code, uscc, name, "
		    "parent_code, kind) SELECT md5('u')::uuid, md5('u')::uuid, max(batch_id), 0, "
		    "'001001', '', '某局', '', 'organ' FROM batch");
	pg_exec(db, "UPDATE contract SET signed_on = '2026-03-02', agreed_term = 61");
	look("2026-06-30");
	cr_assert_eq(pg_int(db, open), 1);
	district_batch(db);
	pg_exec(db, "INSERT INTO payment (key, print, batch_id, place, voucher_no, contract_no, "
		    "obligation_no, unit_code, payee_uscc, payee_name, amount_fen, currency, "
		    "received_on, instrument, reverses_voucher_no) SELECT md5('V')::uuid, "
		    "md5('V')::uuid, (SELECT max(batch_id) FROM batch), 0, 'V-1', contract_no, '', "
		    "unit_code, supplier_uscc, '', amount_fen, 'CNY', '2026-07-02', 'cash', '' "
		    "FROM contract WHERE contract_no = 'HT-1'");
	look_at_changes("2026-06-30");
	cr_expect_eq(pg_int(db, open), 1, "paid the day after tomorrow");
	look_at_changes("2026-07-02");
	cr_expect_eq(pg_int(db, open), 0);
}

Test(record_run, a_finding_changes_with_its_amount_and_names_rule_and_article)
{
	district_batch(db);
	add_contract("false");
	look("2026-06-30");
	cr_expect_str_eq(pg_text(db, "SELECT concat_ws('|', rule_id, evidence ->> 'citation', "
				     "severity, unit_code) FROM finding WHERE code = "
				     "'reserved-mark-missing'"),
		"Q-7|财库〔2020〕46号《政府采购促进中小企业发展管理办法》第十四条|info|001001");
	pg_exec(db, "UPDATE contract SET amount_fen = 100001");
	cr_expect_geq(look("2026-06-30").updated, 1);
}

/* Everything of the golden district, beside an evaluation of the law: neither disturbs the other. */
Test(record_run, findings_of_records_are_told_to_nobody_and_leave_the_law_alone)
{
	struct check_report law;
	struct record_report report;
	int64_t messages;

	district_load(db, "district", true);
	law = evaluate(base, sql_link, "2026-10-20");
	messages = pg_int(db, "SELECT count(*) FROM message");
	report = look("2026-10-20");
	cr_expect_gt(report.opened, 100);
	cr_expect_eq(report.opened, report.findings);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM message"), messages);
	cr_expect_eq(evaluate_changes(base, sql_link, "2026-10-20").run_id, 0,
		"for the law nothing has changed since run %lld", (long long)law.run_id);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM v_check_run"), 1);
	law = evaluate(base, sql_link, "2026-10-21");
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM finding WHERE state = 'open' AND severity = "
				"'info' AND code = 'reserved-mark-missing'"),
		pg_int(db, "SELECT count(*) FROM finding_event e JOIN finding USING (finding_id) "
			   "WHERE code = 'reserved-mark-missing' AND event = 'opened'"),
		"the law closes none of them");
}

#define MARK "SELECT concat_ws('|', as_of, known_batch) FROM record_mark"

Test(record_run, what_the_last_look_saw_is_not_looked_at_again)
{
	int64_t batch = district_batch(db);
	struct record_report report;

	add_contract("false");
	report = look_at_changes("2026-06-30");
	cr_expect(report.looked, "nothing was looked at before");
	cr_expect_geq(report.opened, 1);
	cr_expect_eq(report.known_batch, batch);
	pg_exec(db, "UPDATE contract SET reserved_mark = true");
	report = look_at_changes("2026-06-30");
	cr_expect_not(report.looked, "no batch came, no day passed, the law is the same");
	cr_expect_eq(report.procurements, 0);
	cr_expect_str_eq(pg_text(db, CONTRACT_STATE), "open 1");
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM check_run"), 1);
}

/* Another law, another budget year: nothing of the last look holds. */
Test(record_run, a_change_of_the_law_or_of_the_year_has_everything_looked_at)
{
	district_batch(db);
	add_contract("false");
	look_at_changes("2026-06-30");
	cr_expect_eq(look_at_changes("2026-07-01").procurements, 0, "a day like any other");
	pg_exec(db, "UPDATE contract SET reserved_mark = true;"
		    "UPDATE rule_parameter SET value = '11' WHERE rule_id = 'N-2'");
	cr_expect_eq(look_at_changes("2026-07-01").closed, 1);
	pg_exec(db, "UPDATE contract SET reserved_mark = false");
	cr_expect_eq(look_at_changes("2027-01-04").opened, 1);
	cr_expect_eq(look_at_changes("2028-01-04").closed, 1, "older than the year before");
}

Test(record_run, a_batch_without_any_record_moves_the_mark_alone)
{
	district_batch(db);
	add_contract("false");
	look_at_changes("2026-06-30");
	district_batch(db);
	cr_expect(look_at_changes("2026-06-30").looked);
	cr_expect_str_eq(pg_text(db, MARK), "2026-06-30|2");
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM check_run"), 1);
}

/* A later batch was looked at meanwhile: what this one knows is old. */
Test(record_run, a_look_that_was_overtaken_stores_nothing)
{
	struct record_report report;

	district_batch(db);
	add_contract("false");
	pg_exec(db, "INSERT INTO check_run (part, as_of, known_batch, jurisdiction, program, "
		    "started_at, obligations, states_written) VALUES ('records', '2026-06-30', "
		    "1000, 'beijing-xicheng', 'test', now(), 0, 0)");
	report = look("2026-06-30");
	cr_expect(report.overtaken);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM finding"), 0);
	cr_expect_eq(pg_int(db, "SELECT count(*) FROM record_mark"), 0);
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
		.as_of = evaluate_day("2026-10-20"), .jurisdiction = "beijing-xicheng", .full = true
	};

	district_load(db, "corner", true);
	for (int wait_ms = 0; wait_ms < 200; wait_ms += 20) {
		struct record_run *run =
			record_run_start(base, sql_link, &options, never, NULL, &err);
		cr_assert(run, "%s", err.text);
		if (wait_ms > 0)
			pg_loop_for(base, wait_ms / 20);
		record_run_cancel(run);
	}
	look("2026-10-20");
}
