#include "checks/tell.h"

#include <criterion/criterion.h>
#include <string.h>

#include "alerts/payload.h"
#include "alerts/wording.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

static void set_up(void)
{
	district_rig_set_up();
	district_rig_hook();
	evaluate(district.base, district.link, "2026-10-20");
	district_batch(district.db);
}

/* The last message of a case. */
static struct payload *last_message(const char *case_key)
{
	_cleanup_free_ char *sql = mem_format("SELECT payload FROM message WHERE case_key = '%s' "
					      "ORDER BY message_id DESC LIMIT 1",
		case_key);
	const char *text = pg_text(district.db, sql);
	struct err err = ERR_INIT;
	struct payload *payload = payload_parse(text, strlen(text), &err);

	cr_assert(payload, "%s: %s: %s", case_key, err.text, text);
	return payload;
}

static const char *label_of(const char *case_key)
{
	_cleanup_free_ char *sql = mem_format("SELECT payload->>'label' FROM message WHERE "
					      "case_key = '%s' ORDER BY message_id DESC LIMIT 1",
		case_key);
	return pg_text(district.db, sql);
}

/* A unit's arrears are told once a day: as if all so far had been told the day before. */
static void told_yesterday(void)
{
	pg_exec(district.db,
		"UPDATE message SET payload = jsonb_set(payload, '{as_of}', '\"2026-10-19\"')");
}

/* Rows changed behind the ledger's back: the next run takes every state as changed, as a review does with its debt. */
static void touch_states(void)
{
	pg_exec(district.db,
		"UPDATE obligation_state SET print = '00000000-0000-0000-0000-000000000000';"
		"UPDATE obligation_group SET print = '00000000-0000-0000-0000-000000000000'");
}

TestSuite(tell, .init = set_up, .fini = district_rig_tear_down, .timeout = 120);

Test(tell, a_gap_is_told_after_exemptions_with_what_can_still_be_reserved_and_soft_words)
{
	struct payload *payload = last_message("quota/2026/008001");

	cr_assert_eq(payload->type, PAYLOAD_QUOTA);
	cr_assert_eq(payload->event, PAYLOAD_OPENED);
	cr_assert_eq(payload->quota_count, 2);
	cr_assert(payload->adjusted, "the floor of a department is judged after exemptions");
	cr_assert_eq(payload->phase, PAYLOAD_IN_YEAR);
	cr_assert(!payload->quota[0].small_micro);
	cr_assert_eq(payload->quota[0].gap_fen, 2742749179);
	cr_assert_not(payload->quota[0].quiet);
	cr_assert_eq(payload->quota[0].floor_ppm, 400000);
	cr_assert_eq(payload->quota[0].outlook, PAYLOAD_OUT_OF_REACH);
	cr_assert_eq(payload->quota[0].last_day, DAY_NONE, "15 October is over");
	cr_assert_str_eq(payload->severity, "urgent");
	cr_assert_eq(payload->quota[1].gap_fen, 2330367522);
	cr_assert(payload->quota[1].quiet, "the upper value of the band meets the floor");
	cr_assert_str_eq(payload->rules[0], "Q-2");
	cr_assert_str_eq(label_of("quota/2026/008001"), "预留缺口提示");
	payload_free(payload);
}

Test(tell, a_finding_whose_gap_is_quiet_stays_internal)
{
	/* The district's upper value meets the floor; 002001 is one fen short. */
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE state = 'open' AND subject IN "
			     "('plan/district/2026', 'plan/002001/2026')"),
		2);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM message WHERE case_key IN "
					 "('quota/2026/district', 'quota/2026/002001')"),
		0);
	cr_assert_str_eq(pg_text(district.db,
				 "SELECT string_agg(DISTINCT unit_code, ' ' ORDER BY unit_code) "
				 "FROM message WHERE case_key LIKE 'quota/%'"),
		"004001 008001");
}

Test(tell, a_gap_made_good_is_told_as_closed)
{
	struct check_report report;
	struct payload *payload;

	pg_exec(district.db,
		"UPDATE budget_item SET reserved_for = 'small_micro' WHERE fiscal_year = 2026 "
		"AND unit_code LIKE '004%' AND reserved_for = 'sme'");
	report = evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(report.messages_queued, 1);
	payload = last_message("quota/2026/004001");
	cr_assert_eq(payload->event, PAYLOAD_CLOSED);
	cr_assert_eq(payload->quota[0].gap_fen, 0);
	cr_assert_eq(payload->quota[1].gap_fen, 0);
	cr_assert_str_eq(label_of("quota/2026/004001"), "预留缺口已补足");
	payload_free(payload);
	cr_assert_eq(evaluate(district.base, district.link, "2026-10-20").messages_queued, 0);
}

Test(tell, what_nobody_was_sent_is_told_once_somebody_listens)
{
	pg_exec(district.db,
		"DELETE FROM quota_told; DELETE FROM message_finding; DELETE FROM message; "
		"UPDATE route SET units = '{001001}'");
	cr_assert_eq(evaluate(district.base, district.link, "2026-10-20").messages_queued, 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM quota_told"), 0);
	pg_exec(district.db, "UPDATE route SET units = '{*}'");
	cr_assert_eq(evaluate(district.base, district.link, "2026-10-20").messages_queued, 2);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM quota_told"), 2);
}

Test(tell, a_unit_without_anything_overdue_any_more_is_told_so_once)
{
	struct check_report report;
	struct payload *payload;
	int64_t open =
		pg_int(district.db, "SELECT count(*) FROM finding WHERE unit_code = '902001' AND "
				    "code = 'arrears-overdue'");

	cr_assert_gt(open, 0);
	pg_exec(district.db,
		"INSERT INTO payment SELECT md5(o.obligation_no)::uuid, md5('new')::uuid, 2, 1, "
		"NULL,"
		" 'NEW-' || o.obligation_no, o.contract_no, o.obligation_no, c.unit_code, "
		"c.supplier_uscc, '',"
		" s.outstanding_fen, 'CNY', '2026-10-19', NULL, NULL, 'cash', NULL, ''"
		" FROM obligation_state s JOIN obligation o USING (obligation_no) JOIN contract c"
		" ON c.contract_no = o.contract_no WHERE s.unit_code = '902001' AND (s.status = "
		"'overdue' OR 'due-soon' = ANY (s.flags))");
	told_yesterday();
	report = evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(report.messages_queued, 1);
	payload = last_message("arrears/902001");
	cr_assert_eq(payload->event, PAYLOAD_CLOSED);
	cr_assert_eq(payload->rows_total, 0);
	cr_assert_eq(payload->overdue_fen, 0);
	cr_assert_eq(payload->rows_cleared, open);
	cr_assert_str_eq(label_of("arrears/902001"), "疑似逾期提示已解除");
	payload_free(payload);
}

Test(tell, new_rows_come_first_and_the_rest_of_the_unit_stands_below)
{
	struct payload *payload;
	int64_t before;

	pg_exec(district.db,
		"UPDATE obligation SET amount_fen = amount_fen + 1 WHERE obligation_no = "
		"(SELECT obligation_no FROM"
		" obligation_state WHERE unit_code = '001001' AND coverage = 'covered' AND "
		"status = 'overdue'"
		" ORDER BY overdue_fen LIMIT 1)");
	before = pg_int(district.db,
		"SELECT count(*) FROM obligation_state WHERE unit_code = '001001' AND "
		"coverage = 'covered'"
		" AND status = 'overdue'");
	told_yesterday();
	evaluate(district.base, district.link, "2026-10-20");
	payload = last_message("arrears/001001");
	cr_assert_eq(payload->event, PAYLOAD_UPDATED);
	cr_assert_eq(payload->rows_total, before);
	cr_assert_eq(payload->row_count, before < TELL_ROWS_MAX ? before : TELL_ROWS_MAX);
	cr_assert_eq(payload->rows_new, 0);
	for (int i = 1; i < payload->row_count; i++)
		cr_assert_lt(payload->rows[0].overdue_fen, payload->rows[i].overdue_fen,
			"the smallest of all stands first: it is the one that changed");
	payload_free(payload);
}

/* The row of a message as the text of a mail shows it. */
static void expect_mail_text(const struct payload *payload, bool interest, const char *text)
{
	struct wording_options options = {
		.language = WORDING_ZH, .contact = "经发局", .link = "", .interest = interest
	};
	struct err err = ERR_INIT;
	struct wording wording;

	cr_assert_eq(
		wording_render(&wording, payload, "A-1", false, &options, &err), 0, "%s", err.text);
	cr_expect_eq(strstr(wording.body.text.data, text) != NULL, interest, "%s in:\n%s", text,
		wording.body.text.data);
	wording_free(&wording);
}

Test(tell, the_interest_of_the_day_told_is_shown_by_a_channel_that_is_to_show_it_and_by_no_other)
{
	struct payload *payload;
	int with_interest = 0;

	touch_states();
	told_yesterday();
	evaluate(district.base, district.link, "2026-11-03");
	payload = last_message("arrears/001001");
	for (int i = 0; i < payload->row_count; i++) {
		const struct payload_arrears_row *row = &payload->rows[i];
		_cleanup_free_ char *sql =
			mem_format("SELECT interest_fen FROM obligation_state_on('2026-11-03') "
				   "WHERE obligation_no = '%s'",
				row->obligation_no);

		cr_assert(
			row->has_interest, "%s: every covered debt has a rate", row->obligation_no);
		cr_expect_eq(row->interest_fen, pg_int(district.db, sql), "%s", row->obligation_no);
		with_interest += row->interest_fen > 0;
	}
	cr_assert_gt(with_interest, 0);
	expect_mail_text(payload, false, "利息");
	expect_mail_text(payload, true, "利息");
	for (int i = 0; i < 3 && i < payload->row_count; i++) {
		char room[MONEY_TEXT_MAX];

		expect_mail_text(
			payload, true, money_text_grouped(payload->rows[i].interest_fen, room));
	}
	payload_free(payload);
}

Test(tell, a_calendar_that_arrives_closes_its_finding)
{
	struct payload *payload = last_message("calendar/2027");

	cr_assert_eq(payload->calendar_year, 2027);
	cr_assert_gt(payload->calendar_obligations, 0);
	payload_free(payload);
	pg_exec(district.db,
		"INSERT INTO calendar_day VALUES ('2027-01-01', 'holiday', '元旦', 'test', 2, "
		"NULL)");
	evaluate(district.base, district.link, "2026-10-20");
	payload = last_message("calendar/2027");
	cr_assert_eq(payload->event, PAYLOAD_CLOSED);
	cr_assert_eq(payload->calendar_obligations, 0);
	cr_assert_str_eq(label_of("calendar/2027"), "工作日历已补充");
	payload_free(payload);
}

Test(tell, a_calendar_that_nobody_can_publish_yet_is_asked_for_when_its_year_is_next)
{
	pg_exec(district.db,
		"UPDATE obligation SET kind = 'retention', contract_due_on = '2028-03-04' WHERE "
		"obligation_no = (SELECT obligation_no FROM obligation_state WHERE coverage = "
		"'covered' AND status = 'overdue' AND kind <> 'deposit' ORDER BY 1 LIMIT 1)");
	evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE code = 'calendar-missing' AND "
			     "subject = '2028' AND state = 'open'"),
		1);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE case_key = 'calendar/2028'"),
		0);
	evaluate(district.base, district.link, "2027-01-01");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE case_key = 'calendar/2028' AND "
			     "event = 'opened'"),
		1);
	evaluate(district.base, district.link, "2027-01-02");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE case_key = 'calendar/2028'"),
		1);
}

Test(tell, a_finding_of_last_year_is_left_alone_by_the_runs_of_this_year)
{
	struct check_report report = evaluate(district.base, district.link, "2027-01-15");

	(void)report;
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE code LIKE 'quota%' AND subject "
			     "LIKE '%/2026'"
			     " AND state = 'closed'"),
		0);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE code LIKE 'quota%' AND subject "
			     "LIKE '%/2027'"),
		0);
}

/* The smallest debt of the unit that is told as overdue, or due soon. */
static const char *a_debt_of(const char *unit, const char *code)
{
	_cleanup_free_ char *sql =
		mem_format("SELECT subject FROM finding WHERE unit_code = '%s' AND code = '%s' AND "
			   "state = 'open' ORDER BY amount_fen, subject LIMIT 1",
			unit, code);
	return pg_text(district.db, sql);
}

static void pay_in_full(const char *number)
{
	_cleanup_free_ char *sql =
		mem_format("INSERT INTO payment SELECT md5('new' || o.obligation_no)::uuid, "
			   "md5('new')::uuid, 2, 1, NULL, 'NEW-' || "
			   "o.obligation_no, o.contract_no, o.obligation_no, s.unit_code, "
			   "s.supplier_uscc, '', s.outstanding_fen, "
			   "'CNY', '2026-10-19', NULL, NULL, 'cash', NULL, '' FROM "
			   "obligation_state s JOIN obligation o USING "
			   "(obligation_no) WHERE obligation_no = '%s'",
			number);
	pg_exec(district.db, sql);
}

static int64_t messages_of(const char *case_key)
{
	_cleanup_free_ char *sql =
		mem_format("SELECT count(*) FROM message WHERE case_key = '%s'", case_key);
	return pg_int(district.db, sql);
}

Test(tell, a_unit_is_told_once_a_day_and_what_was_held_back_goes_with_the_next_message)
{
	_cleanup_free_ char *first = mem_text(a_debt_of("001001", "arrears-overdue"));
	struct check_report report;
	struct payload *payload;

	pay_in_full(first);
	report = evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(report.findings_closed, 1);
	cr_assert_eq(report.messages_queued, 0, "the unit was told something today");
	cr_assert_eq(messages_of("arrears/001001"), 1);
	cr_assert_gt(pg_int(district.db, "SELECT count(*) FROM untold"), 0);
	told_yesterday();
	/* Another day: nothing new happened but what was held back. */
	pg_exec(district.db, "UPDATE check_run SET as_of = '2026-10-19'");
	report = evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(report.findings_closed, 0, "counted when it happened");
	cr_assert_eq(messages_of("arrears/001001"), 2);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM untold"), 0);
	payload = last_message("arrears/001001");
	cr_assert_eq(payload->rows_cleared, 1);
	cr_assert_str_eq(
		pg_text(district.db,
			"SELECT payload->'arrears'->'cleared'->>0 FROM message WHERE case_key = "
			"'arrears/001001' ORDER BY message_id DESC LIMIT 1"),
		first);
	payload_free(payload);
	report = evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(report.messages_queued, 0);
}

Test(tell, what_came_and_went_within_a_day_is_never_told)
{
	_cleanup_free_ char *number = mem_text(a_debt_of("001001", "arrears-overdue"));

	pay_in_full(number);
	evaluate(district.base, district.link, "2026-10-20");
	pg_exec(district.db, "DELETE FROM payment WHERE voucher_no LIKE 'NEW-%'");
	evaluate(district.base, district.link, "2026-10-20");
	pay_in_full(number);
	evaluate(district.base, district.link, "2026-10-20");
	pg_exec(district.db, "DELETE FROM payment WHERE voucher_no LIKE 'NEW-%'");
	told_yesterday();
	evaluate(district.base, district.link, "2026-10-20");
	/* closed, reopened, closed, reopened: it is where it was, told as changed once at most. */
	cr_assert_leq(messages_of("arrears/001001"), 2);
	cr_assert_eq(
		pg_int(district.db, "SELECT (payload->'arrears'->>'rows_cleared')::integer FROM "
				    "message WHERE case_key = "
				    "'arrears/001001' ORDER BY message_id DESC LIMIT 1"),
		0);
}

Test(tell, a_debt_that_a_stray_payment_could_cover_is_told_to_nobody_until_somebody_looked)
{
	_cleanup_free_ char *number = mem_text(a_debt_of("001001", "arrears-overdue")), *sql = NULL;
	struct payload *payload;
	int64_t rows;

	payload = last_message("arrears/001001");
	rows = payload->rows_total;
	payload_free(payload);
	pay_in_full(number);
	pg_exec(district.db, "UPDATE payment SET obligation_no = 'MISTYPED' WHERE "
			     "voucher_no LIKE 'NEW-%'");
	told_yesterday();
	evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(messages_of("arrears/001001"), 1, "not told as cleared either");
	sql = mem_format(
		"SELECT code FROM finding WHERE subject = '%s' AND state = 'open'", number);
	cr_assert_str_eq(pg_text(district.db, sql), "arrears-maybe-paid");
	/* Looked at: it is for something else. */
	free(sql);
	sql = mem_format("INSERT INTO obligation_review (obligation_no, verdict, reviewer, "
			 "overdue_since, overdue_fen) "
			 "SELECT obligation_no, 'not-paid', 'wang', overdue_since, overdue_fen "
			 "FROM obligation_state "
			 "WHERE obligation_no = '%s'",
		number);
	pg_exec(district.db, sql);
	touch_states();
	evaluate(district.base, district.link, "2026-10-20");
	payload = last_message("arrears/001001");
	cr_assert_eq(payload->rows_total, rows);
	cr_assert_str_eq(payload->rows[0].obligation_no, number);
	cr_assert(!payload->rows[0].verified);
	payload_free(payload);
}

Test(tell, a_verified_row_says_so_and_a_refuted_one_is_gone)
{
	_cleanup_free_ char *number = mem_text(a_debt_of("001001", "arrears-overdue"));
	struct payload *payload;

	pg_exec(district.db,
		"INSERT INTO obligation_review (obligation_no, verdict, reviewer, "
		"overdue_since, overdue_fen) "
		"SELECT obligation_no, 'verified', 'wang', overdue_since, overdue_fen FROM "
		"obligation_state WHERE "
		"unit_code = '001001' AND coverage = 'covered' AND overdue_fen > 0");
	pay_in_full(number);
	told_yesterday();
	evaluate(district.base, district.link, "2026-10-20");
	payload = last_message("arrears/001001");
	cr_assert_gt(payload->row_count, 0);
	for (int i = 0; i < payload->row_count; i++)
		cr_expect(payload->rows[i].verified, "%s", payload->rows[i].obligation_no);
	payload_free(payload);
	pg_exec(district.db, "UPDATE obligation_review SET verdict = 'refuted'");
	touch_states();
	evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM finding WHERE unit_code = '001001' AND code "
			     "= 'arrears-overdue' "
			     "AND state = 'open'"),
		0);
}

Test(tell, a_unit_is_reminded_of_what_falls_due_soon_in_the_same_message)
{
	_cleanup_free_ char *unit = mem_text(pg_text(district.db,
				    "SELECT unit_code FROM finding WHERE code = 'arrears-due-soon' "
				    "ORDER BY unit_code LIMIT 1")),
			    *case_key = NULL, *sql = NULL;
	struct payload *payload;

	cr_assert_str_neq(unit, "");
	case_key = mem_format("arrears/%s", unit);
	payload = last_message(case_key);
	sql = mem_format("SELECT count(*) FROM v_obligation_state WHERE unit_code = '%s' AND "
			 "'due-soon' = ANY (flags) "
			 "AND overdue_fen = 0",
		unit);
	cr_assert_eq(payload->due_total, pg_int(district.db, sql));
	cr_assert_gt(payload->due_count, 0);
	for (int i = 0; i < payload->due_count; i++) {
		cr_expect_geq(payload->due_rows[i].due_on, day("2026-10-20"));
		cr_expect_gt(payload->due_rows[i].amount_fen, 0);
	}
	payload_free(payload);
}

Test(tell, the_reminder_names_the_day_that_lies_ahead)
{
	_cleanup_free_ char *number = mem_text(pg_text(district.db,
				    "SELECT subject FROM finding WHERE code = "
				    "'arrears-due-soon' ORDER BY subject LIMIT 1")),
			    *sql = NULL, *case_key = NULL;
	struct payload *payload;
	int found = 0;

	/* Due before, but in dispute until today. */
	sql = mem_format("UPDATE obligation SET delivered_on = delivered_on - 60, accepted_on = "
			 "accepted_on - 60, settled_on = settled_on - 60, contract_due_on = "
			 "contract_due_on - 60, "
			 "disputed_fen = amount_fen, dispute_opened_on = '2026-08-01', "
			 "dispute_settled_on = '2026-10-20' WHERE obligation_no = '%s'",
		number);
	pg_exec(district.db, sql);
	told_yesterday();
	evaluate(district.base, district.link, "2026-10-20");
	case_key = mem_format(
		"arrears/%s", pg_text(district.db, "SELECT unit_code FROM finding WHERE code = "
						   "'arrears-due-soon' ORDER BY subject LIMIT 1"));
	payload = last_message(case_key);
	for (int i = 0; i < payload->due_count; i++)
		if (strcmp(payload->due_rows[i].obligation_no, number) == 0) {
			cr_expect_eq(payload->due_rows[i].due_on, day("2026-10-20"));
			found++;
		}
	cr_assert_eq(found, 1);
	payload_free(payload);
}

Test(tell, a_case_that_is_open_is_not_opened_again)
{
	_cleanup_free_ char *unit = mem_text(pg_text(district.db,
				    "SELECT unit_code FROM finding WHERE code = 'arrears-overdue' "
				    "ORDER BY unit_code LIMIT 1")),
			    *case_key = mem_format("arrears/%s", unit), *sql = NULL;
	struct payload *payload;

	/* As if other debts had been told before: all of today's findings are new. */
	sql = mem_format("CREATE TEMP TABLE gone AS SELECT finding_id FROM finding WHERE unit_code "
			 "= '%s' AND code LIKE "
			 "'arrears%%'; DELETE FROM message_finding WHERE finding_id IN (SELECT * "
			 "FROM gone); DELETE FROM "
			 "finding_event WHERE finding_id IN (SELECT * FROM gone); DELETE FROM "
			 "finding WHERE finding_id IN "
			 "(SELECT * FROM gone)",
		unit);
	pg_exec(district.db, sql);
	touch_states();
	told_yesterday();
	evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(messages_of(case_key), 2);
	payload = last_message(case_key);
	cr_assert_eq(payload->event, PAYLOAD_UPDATED);
	payload_free(payload);
}

Test(tell, a_name_without_end_is_cut_in_the_message)
{
	_cleanup_free_ char *paid = mem_text(a_debt_of("001001", "arrears-overdue"));
	struct payload *payload;

	pg_exec(district.db, "UPDATE supplier SET name = repeat('名', 349000);"
			     "UPDATE unit SET name = repeat('单', 349000)");
	pay_in_full(paid);
	told_yesterday();
	pg_exec(district.db, "UPDATE check_run SET as_of = '2026-10-19'");
	evaluate(district.base, district.link, "2026-10-20");
	cr_assert_eq(messages_of("arrears/001001"), 2);
	payload = last_message("arrears/001001");
	cr_assert_gt(payload->row_count, 1);
	cr_assert_eq(strlen(payload->rows[0].supplier_name), 399);
	payload_free(payload);
}
