#include "checks/run.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "alerts/payload.h"
#include "checks/observe.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

enum { PATIENCE_MS = 60000 };

static void add_channels(void)
{
	pg_exec(district.db,
		"INSERT INTO channel (name, kind) VALUES ('office', 'mail'), ('hook', 'webhook');"
		"INSERT INTO channel_recipient VALUES ('office', 'a@x.example'), ('hook', '');"
		"INSERT INTO route VALUES ('quota', 'office', '{Q-1,Q-2,Q-3}', '{*}'), ('all', "
		"'hook', '{*}', '{*}')");
}

static struct check_report run_on(const char *as_of)
{
	return evaluate(district.base, district.link, as_of);
}

/* Counts of all that a run may write: equal texts = nothing was written. */
static char *written(void)
{
	return mem_text(pg_text(district.db,
		"SELECT concat_ws(' ', (SELECT count(*) || '/' || max(run_id) FROM check_run),"
		" (SELECT count(*) || '/' || sum(run_id) FROM obligation_state), (SELECT "
		"sum(run_id) FROM quota_figure),"
		" (SELECT count(*) || '/' || sum(last_run) FROM finding), (SELECT count(*) FROM "
		"finding_event),"
		" (SELECT count(*) FROM message), (SELECT version FROM state_version))"));
}

TestSuite(run, .init = district_rig_empty, .fini = district_rig_tear_down, .timeout = 180);

Test(run, an_empty_ledger_has_figures_of_zero_and_no_findings)
{
	struct check_report report;

	add_channels();
	report = run_on("2026-10-20");
	cr_assert_eq(report.obligations, 0);
	cr_assert_eq(report.findings_opened, 0);
	cr_assert_eq(report.messages_queued, 0);
	cr_assert_str_eq(pg_text(district.db,
				 "SELECT sme_status FROM quota_figure WHERE scope = 'district'"),
		"no-base");
}

Test(run, the_district_is_judged_stored_and_told)
{
	struct check_report report;

	district_load(district.db, "district", true);
	add_channels();
	report = run_on("2026-10-20");
	cr_assert_gt(report.run_id, 0);
	cr_assert_eq(report.obligations, 970);
	cr_assert_eq(report.states_written, 970);
	/* As the expected snapshot has them. */
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM v_finding WHERE code IN ('arrears-overdue', "
			     "'arrears-maybe-paid') AND state = 'open'"),
		135);
	cr_assert_eq(
		pg_int(district.db,
			"SELECT sum(amount_fen) FROM v_finding WHERE code IN ('arrears-overdue', "
			"'arrears-maybe-paid')"),
		49611694159);
	cr_assert_eq(pg_int(district.db,
			     "SELECT sum(overdue_fen) FROM v_obligation_state WHERE coverage = "
			     "'covered'"),
		49611694159);
	cr_assert_eq(pg_int(district.db,
			     "SELECT sum(interest_fen) FROM v_obligation_state WHERE coverage = "
			     "'covered'"),
		8967243735);
	cr_assert_str_eq(
		pg_text(district.db,
			"SELECT concat_ws(' ', rule_id, strict_base_fen, sme_fen, "
			"small_micro_fen, sme_status,"
			" small_micro_status) FROM v_quota_figure WHERE scope = 'district'"),
		"Q-3 256058994255 108298112421 61620404744 met not-met");
	cr_assert_eq(pg_int(district.db, "SELECT amount_fen FROM v_finding WHERE code = "
					 "'quota-shortfall-small-micro'"
					 " AND subject = 'plan/district/2026'"),
		14188273951);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM v_finding WHERE subject = 'plan/001001/2026'"),
		0, "exactly at the floor is met");
	cr_assert_eq(pg_int(district.db, "SELECT amount_fen FROM v_finding WHERE code = "
					 "'quota-shortfall-small-micro'"
					 " AND subject = 'plan/002001/2026'"),
		1, "one fen short");
	cr_assert_str_eq(
		pg_text(district.db,
			"SELECT string_agg(subject || ' ' || amount_fen, ', ') FROM v_finding"
			" WHERE code = 'quota-shortfall-sme'"),
		"plan/008001/2026 2888177829",
		"met after exemptions is no shortfall of a department");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM v_finding WHERE code = 'calendar-missing' "
			     "AND subject = '2027'"),
		1);
	cr_assert_eq(report.messages_queued, pg_int(district.db, "SELECT count(*) FROM message"));
	cr_assert_gt(report.messages_queued, 10);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE coalesce(evidence ->> 'words', "
			     "'') = '' OR coalesce(evidence ->> 'citation', '') = ''"),
		0, "every finding has words and an article");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding f JOIN obligation_state s ON "
			     "s.obligation_no = f.subject JOIN contract c USING (contract_no) "
			     "WHERE f.code LIKE 'arrears-%' AND f.evidence ->> 'citation' LIKE "
			     "CASE WHEN c.signed_on < '2025-06-01' THEN '%802%' ELSE '%728%' END"),
		0, "of the version that governs the contract");
	cr_assert_gt(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE code = 'arrears-overdue' AND "
			     "evidence ->> 'citation' LIKE '%728号第八条%'"),
		0);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM message m CROSS JOIN LATERAL "
			     "jsonb_array_elements(m.payload::jsonb -> 'arrears' -> 'rows') r "
			     "WHERE NOT m.payload::jsonb -> 'citations' @> jsonb_build_array(r -> "
			     "'citation')"),
		0, "a message cites what its rows were judged by");
	cr_assert_gt(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE payload::jsonb ? 'arrears' AND "
			     "jsonb_array_length(payload::jsonb -> 'citations') = 2"),
		0, "contracts of both versions in one unit");
}

Test(run, the_same_run_again_writes_nothing)
{
	_cleanup_free_ char *first = NULL, *second = NULL;
	struct check_report report;

	district_load(district.db, "district", true);
	add_channels();
	run_on("2026-10-20");
	first = written();
	report = run_on("2026-10-20");
	second = written();
	cr_assert_str_eq(first, second);
	cr_assert_eq(report.run_id, 0);
	cr_assert_eq(report.states_written + report.states_removed + report.figures_written, 0);
	cr_assert_eq(report.findings_opened + report.findings_updated + report.findings_closed, 0);
	cr_assert_eq(report.obligations, 970);
}

Test(run, a_batch_that_changes_nothing_tells_nothing)
{
	struct check_report report;

	district_load(district.db, "district", true);
	add_channels();
	run_on("2026-10-20");
	district_batch(district.db);
	report = run_on("2026-10-20");
	cr_assert_gt(report.run_id, 0, "another batch is on record");
	cr_assert_eq(report.states_written + report.states_removed + report.figures_written, 0);
	cr_assert_eq(report.findings_opened + report.findings_updated + report.findings_closed, 0);
	cr_assert_eq(report.messages_queued, 0);
}

/* The largest suspected overdue obligation that nobody has paid a part of. */
static char *an_overdue_obligation(void)
{
	return mem_text(pg_text(district.db,
		"SELECT obligation_no FROM v_obligation_state WHERE coverage = 'covered' AND"
		" status = 'overdue' AND paid_fen = 0 AND overdue_fen = amount_fen"
		" ORDER BY overdue_fen DESC, obligation_no LIMIT 1"));
}

static void pay(const char *obligation_no, const char *part)
{
	int64_t batch = district_batch(district.db);
	_cleanup_free_ char *sql =
		mem_format("INSERT INTO payment SELECT md5('new' || %" PRId64
			   ")::uuid, md5('new')::uuid, %" PRId64 ", 1, NULL,"
			   " 'NEW-%" PRId64 "', o.contract_no, o.obligation_no, c.unit_code, "
			   "c.supplier_uscc, '', o.amount_fen * %s, 'CNY',"
			   " '2026-10-19', NULL, NULL, 'cash', NULL, '' FROM obligation o JOIN "
			   "contract c USING (contract_no)"
			   " WHERE o.obligation_no = '%s'",
			batch, batch, batch, part, obligation_no);
	pg_exec(district.db, sql);
}

static char *state_of_finding(const char *subject)
{
	_cleanup_free_ char *sql =
		mem_format("SELECT state || ' ' || (SELECT string_agg(event, ',' ORDER BY seq) FROM"
			   " finding_event e WHERE e.finding_id = f.finding_id) FROM finding f"
			   " WHERE subject = '%s'",
			subject);
	return mem_text(pg_text(district.db, sql));
}

static void expect_finding(const char *subject, const char *want)
{
	_cleanup_free_ char *have = state_of_finding(subject);

	cr_assert_str_eq(have, want);
}

/* A unit's arrears are told once a day: as if all so far had been told the day before. */
static void told_yesterday(void)
{
	pg_exec(district.db,
		"UPDATE message SET payload = jsonb_set(payload, '{as_of}', '\"2026-10-19\"')");
}

Test(run, a_part_payment_updates_and_a_full_one_closes_in_one_message_of_the_unit)
{
	_cleanup_free_ char *number = NULL;
	struct check_report report;

	district_load(district.db, "district", true);
	add_channels();
	run_on("2026-10-20");
	number = an_overdue_obligation();
	pay(number, "1/2");
	told_yesterday();
	report = run_on("2026-10-20");
	cr_assert_eq(report.states_written, 1);
	cr_assert_eq(report.findings_updated, 1);
	cr_assert_eq(report.messages_queued, 1, "arrears go to the hook alone");
	expect_finding(number, "open opened,updated");
	pay(number, "1/2");
	told_yesterday();
	report = run_on("2026-10-20");
	cr_assert_eq(report.findings_closed, 1);
	cr_assert_eq(report.messages_queued, 1);
	expect_finding(number, "closed opened,updated,closed");
	district_batch(district.db);
	pg_exec(district.db,
		"WITH gone AS (DELETE FROM payment WHERE voucher_no LIKE 'NEW-%' RETURNING *)"
		" INSERT INTO payment_history SELECT gone.*, (SELECT max(batch_id) FROM batch) "
		"FROM gone");
	report = run_on("2026-10-20");
	cr_assert_eq(report.findings_opened, 1);
	expect_finding(number, "open opened,updated,closed,reopened");
}

Test(run, every_payload_keeps_the_contract_of_the_channels)
{
	int64_t count;

	district_load(district.db, "district", true);
	add_channels();
	pg_exec(district.db, "UPDATE installation SET demonstration = true");
	run_on("2026-10-20");
	count = pg_int(district.db, "SELECT count(*) FROM message");
	for (int64_t i = 0; i < count; i++) {
		_cleanup_free_ char *sql =
			mem_format("SELECT payload FROM message ORDER BY message_id OFFSET %" PRId64
				   " LIMIT 1",
				i);
		const char *text = pg_text(district.db, sql);
		struct err err = ERR_INIT;
		struct payload *payload = payload_parse(text, strlen(text), &err);
		cr_assert(payload, "%s: %s", err.text, text);
		cr_assert(payload->demonstration);
		cr_assert_str_neq(payload->unit_name, "");
		payload_free(payload);
	}
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE case_key <> payload->>'case' "
			     "OR event <> payload->>'event'"
			     " OR severity <> payload->>'severity'"),
		0);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE payload::text LIKE '%未达到%'"),
		0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM message WHERE "
					 "jsonb_array_length(payload->'arrears'->'rows') > 50"),
		0);
	/* One message per unit and channel, and together they tell of every finding but the quiet ones
	 * (checks/quota_tell.h) and calendars that nobody can publish yet. */
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM (SELECT 1 FROM message GROUP BY case_key, "
			     "channel, recipient"
			     " HAVING count(*) > 1) x"),
		0);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(DISTINCT finding_id) FROM message_finding JOIN finding "
			     "USING (finding_id) WHERE code NOT LIKE 'quota%'"),
		pg_int(district.db,
			"SELECT count(*) FROM finding WHERE code NOT LIKE 'quota%' AND code NOT "
			"IN ('arrears-maybe-paid', 'arrears-late-dispute', "
			"'acceptance-stalled', 'bill-past-due', 'deposit-not-returned') AND "
			"(code <> "
			"'calendar-missing' OR subject <= '2027')"));
	cr_assert_gt(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE code = 'arrears-maybe-paid'"),
		0);
	cr_assert_eq(pg_int(district.db,
			     "SELECT (payload->'arrears'->>'overdue_fen')::bigint FROM message"
			     " WHERE case_key = 'arrears/001001'"),
		pg_int(district.db,
			"SELECT sum(overdue_fen) FROM obligation_state WHERE unit_code = '001001'"
			" AND coverage = 'covered' AND status = 'overdue' AND NOT 'maybe-paid' = "
			"ANY (flags)"));
}

Test(run, a_budget_that_vanishes_is_not_told_as_a_gap_made_good)
{
	struct check_report report;

	district_load(district.db, "district", true);
	add_channels();
	run_on("2026-10-20");
	district_batch(district.db);
	pg_exec(district.db, "WITH gone AS (DELETE FROM budget_item RETURNING *) INSERT INTO "
			     "budget_item_history SELECT *, 2 FROM gone");
	report = run_on("2026-10-20");
	cr_assert_gt(report.findings_closed, 0);
	cr_assert_eq(report.messages_queued, 0);
}

Test(run, the_next_day_rewrites_only_what_changed_and_the_rest_is_still_exact)
{
	_cleanup_free_ char *document = NULL;
	struct check_report report;
	json_t *root, *row;
	json_error_t fault;
	size_t i;
	int kept = 0, alternatives = 0;

	district_load(district.db, "district", true);
	run_on("2026-10-20");
	report = run_on("2026-10-21");
	cr_assert_lt(report.states_written, 60);
	document = evaluate_snapshot(district.base, district.link, "2026-10-21", NULL, -1);
	root = json_loads(document, 0, &fault);
	cr_assert(root, "%s", fault.text);
	json_array_foreach(json_object_get(root, "obligations"), i, row)
	{
		_cleanup_free_ char *sql = mem_format(
			"SELECT l.overdue_days || ' ' || l.interest_fen || ' ' || "
			"l.interest_alt_fen || ' ' || s.status || ' ' || s.overdue_fen FROM"
			" obligation_state_on('2026-10-21') l JOIN obligation_state s "
			"USING (obligation_no)"
			" WHERE obligation_no = '%s'",
			json_string_value(json_object_get(row, "obligation_no")));
		_cleanup_free_ char *want =
			mem_format("%" JSON_INTEGER_FORMAT " %" JSON_INTEGER_FORMAT
				   " %" JSON_INTEGER_FORMAT " %s %" JSON_INTEGER_FORMAT,
				json_integer_value(json_object_get(row, "overdue_days")),
				json_integer_value(json_object_get(row, "interest_fen")),
				json_integer_value(json_object_get(row, "interest_alt_fen")),
				json_string_value(json_object_get(row, "status")),
				json_integer_value(json_object_get(row, "overdue_fen")));
		cr_assert_str_eq(pg_text(district.db, sql), want, "%s",
			json_string_value(json_object_get(row, "obligation_no")));
		alternatives += json_integer_value(json_object_get(row, "interest_alt_fen")) > 0;
		kept++;
	}
	json_decref(root);
	cr_assert_eq(kept, pg_int(district.db, "SELECT count(*) FROM obligation_state"));
	cr_assert_gt(alternatives, 0, "the law leaves some open");
}

Test(run, a_run_that_is_cut_anywhere_leaves_nothing_and_the_next_one_tells_all_once)
{
	struct check_options options = { .as_of = day("2026-10-20") };
	_cleanup_free_ char *nothing = NULL;
	int cut = 0;

	district_load(district.db, "district", true);
	add_channels();
	nothing = written();
	for (int wait_ms = 0; wait_ms < 400; wait_ms += 20) {
		struct evaluation answer;
		struct check_run *run =
			evaluate_start(district.base, district.link, options, &answer);
		if (wait_ms)
			pg_loop_for(district.base, wait_ms);
		if (answer.done)
			break;
		check_run_cancel(run);
		pg_loop_for(district.base, 20);
		cr_assert(!answer.done);
		_cleanup_free_ char *after = written();
		if (strcmp(after, nothing) != 0) {
			/* Cut while the server was committing: then it is all there. */
			cr_assert_eq(
				pg_int(district.db, "SELECT count(*) FROM obligation_state"), 970);
			cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1);
			break;
		}
		cut++;
	}
	cr_assert_gt(cut, 3);
	run_on("2026-10-20");
	cr_assert_eq(
		pg_int(district.db, "SELECT count(*) FROM finding_event WHERE event <> 'opened'"),
		0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM finding_event"),
		pg_int(district.db, "SELECT count(*) FROM finding"));
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM (SELECT 1 FROM message GROUP BY case_key, "
			     "channel, recipient"
			     " HAVING count(*) > 1) x"),
		0);
}

Test(run, a_session_that_dies_fails_the_run_and_the_next_one_is_whole)
{
	struct check_options options = { .as_of = day("2026-10-20"),
		.full = true }; /* else the second one has nothing to do */
	int failed = 0;

	district_load(district.db, "district", true);
	add_channels();
	for (int wait_ms = 10; wait_ms < 300; wait_ms += 40) {
		struct evaluation answer;

		evaluate_start(district.base, district.link, options, &answer);
		pg_loop_for(district.base, wait_ms);
		if (answer.done)
			break;
		pg_exec(district.db,
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
			" WHERE datname = current_database() AND pid <> pg_backend_pid()");
		pg_loop_until(district.base, &answer.done, PATIENCE_MS);
		failed += answer.err.code != ERR_NONE;
		cr_assert(answer.err.code == ERR_NONE || answer.err.code == ERR_DB_DOWN ||
				  answer.err.code == ERR_DB,
			"%s", answer.err.text);
	}
	cr_assert_gt(failed, 0);
	run_on("2026-10-20");
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_state"), 970);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM finding_event"),
		pg_int(district.db, "SELECT count(*) FROM finding"));
}

Test(run, a_run_of_an_older_batch_does_not_overwrite_a_newer_one)
{
	struct check_report report;

	district_load(district.db, "district", true);
	run_on("2026-10-20");
	pg_exec(district.db, "UPDATE check_run SET known_batch = 99");
	report = run_on("2026-10-20");
	cr_assert(report.overtaken);
	cr_assert_eq(report.run_id, 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1);
}

static int64_t cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Processor time, so that a busy machine does not fail it; sanitizers make the program several times slower than 20 ms. */
Test(run, no_turn_of_the_loop_takes_long)
{
	struct check_options options = { .as_of = day("2026-10-20") };
	struct evaluation answer;
	int64_t longest = 0;

	district_load(district.db, "district", true);
	evaluate_start(district.base, district.link, options, &answer);
	while (!answer.done) {
		int64_t start = cpu_us();
		event_base_loop(district.base, EVLOOP_ONCE);
		if (cpu_us() - start > longest)
			longest = cpu_us() - start;
	}
	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_eq(answer.report.states_written, 970);
	printf("longest turn: %" PRId64 " us of processor time\n", longest);
	cr_assert_lt(longest, 100000);
}

Test(run, explanations_name_what_they_rest_on)
{
	struct err err = ERR_INIT;
	static const char *const ids[] = { "quota/plan/district/2026", "quota/award/001001/2026",
		"obligation/YH24-001001-0000156-01", "YH24-001001-0000156-01",
		"contract/YH24-001001-0000156",
		"budget_item/2026/008001/9911022621020000001-XM003/01", "YH24-001001-0000156" };

	district_load(district.db, "district", true);
	run_on("2026-10-20");
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		_cleanup_free_ char *text =
			evaluate_explain(district.base, district.link, "2026-10-20", ids[i], &err);
		json_error_t fault;
		json_t *root = text ? json_loads(text, JSON_REJECT_DUPLICATES, &fault) : NULL;
		cr_assert(root, "%s: %s", ids[i], err.text);
		json_decref(root);
	}
	for (int i = 0; i < 2; i++) {
		_cleanup_free_ char *id = mem_format("finding/%s",
			pg_text(district.db, i ? "SELECT min(finding_id) FROM finding WHERE "
						 "code = 'arrears-overdue'"
					       : "SELECT min(finding_id) FROM finding WHERE "
						 "code LIKE 'quota%'"));
		_cleanup_free_ char *text =
			evaluate_explain(district.base, district.link, "2026-10-20", id, &err);
		cr_assert(text, "%s: %s", id, err.text);
	}
}

Test(run, the_district_target_knows_no_exemptions)
{
	cr_assert(quota_is_short(QUOTA_NOT_MET, true));
	cr_assert(quota_is_short(QUOTA_NOT_MET, false));
	cr_assert(quota_is_short(QUOTA_MET_AFTER_EXEMPTIONS, true));
	cr_assert(!quota_is_short(QUOTA_MET_AFTER_EXEMPTIONS, false));
	cr_assert(!quota_is_short(QUOTA_MET, true));
	cr_assert(!quota_is_short(QUOTA_NO_BASE, true));
}

Test(run, an_id_that_means_nothing_is_refused)
{
	static const char *const ids[] = { "no-such-thing", "finding/999999", "finding/x",
		"quota/plan/district", "quota/plan/999999/2026", "quota/guess/district/2026",
		"contract/none", "budget_item/2026/008001/none/01", "budget_item/x/008001/none/01",
		"obligation/none" };

	district_load(district.db, "district", true);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct err err = ERR_INIT;
		cr_assert_eq(
			evaluate_explain(district.base, district.link, "2026-10-20", ids[i], &err),
			NULL, "%s", ids[i]);
		cr_assert(
			err.code == ERR_DATA || err.code == ERR_USAGE, "%s: %s", ids[i], err.text);
	}
}

/* A live ledger is not wound back: that would close findings and tell people of it. */
Test(run, a_day_before_the_last_evaluation_is_refused_and_changes_nothing)
{
	struct check_options options = { .as_of = day("2026-10-19"), .full = true };
	struct evaluation answer;

	add_channels();
	district_load(district.db, "district", true);
	run_on("2026-10-20");
	_cleanup_free_ char *before = written();
	answer = evaluate_with(district.base, district.link, options);
	cr_expect_eq(answer.err.code, ERR_REFUSED, "%s", answer.err.text);
	cr_expect(strstr(answer.err.text, "snapshot --as-of 2026-10-19"), "%s", answer.err.text);
	_cleanup_free_ char *after = written();
	cr_expect_str_eq(after, before);
	run_on("2026-10-20");
	run_on("2026-10-21");
}

Test(run, any_day_may_be_asked_for_or_stand_in_a_record)
{
	static const char *const days[] = { "1900-01-01", "1900-12-31", "2199-01-01",
		"2199-12-31" };

	district_load(district.db, "district", true);
	run_on("2026-10-20");
	pg_exec(district.db,
		"UPDATE obligation SET delivered_on = '2199-12-30', accepted_on = '2199-12-31' "
		"WHERE right(obligation_no, 1) IN ('0', '1');"
		"UPDATE obligation SET delivered_on = '1900-01-01', accepted_on = '1900-01-01' "
		"WHERE right(obligation_no, 1) IN ('2', '3');"
		"UPDATE contract SET signed_on = '2199-12-31' WHERE right(contract_no, 1) = '4';"
		"UPDATE contract SET signed_on = '1900-01-01' WHERE right(contract_no, 1) = '5';"
		"UPDATE budget_item SET approved_on = '2199-12-31' WHERE place % 10 = 0;"
		"UPDATE notice SET published_on = '2199-12-31' WHERE place % 10 = 0");
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		free(evaluate_snapshot(district.base, district.link, days[i], NULL, -1));
	run_on("2199-01-01");
	run_on("2199-12-31");
}
