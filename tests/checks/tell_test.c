#include "checks/tell.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>

#include "alerts/payload.h"
#include "core/mem.h"
#include "lib/district.h"
#include "lib/evaluate.h"
#include "lib/pg.h"
#include "sql/link.h"

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
	district_load(db, "district", true);
	pg_exec(db, "INSERT INTO channel (name, kind) VALUES ('hook', 'webhook');"
		    "INSERT INTO channel_recipient VALUES ('hook', '');"
		    "INSERT INTO route VALUES ('all', 'hook', '{*}', '{*}')");
	evaluate(base, sql_link, "2026-10-20");
	district_batch(db);
}

static void tear_down(void)
{
	sql_link_free(sql_link);
	pg_db_free(db);
	pg_loop_free(base);
}

/* The last message of a case. */
static struct payload *last_message(const char *case_key)
{
	_cleanup_free_ char *sql = mem_format("SELECT payload FROM message WHERE case_key = '%s' "
					      "ORDER BY message_id DESC LIMIT 1",
		case_key);
	const char *text = pg_text(db, sql);
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
	return pg_text(db, sql);
}

TestSuite(tell, .init = set_up, .fini = tear_down, .timeout = 120);

Test(tell, a_gap_is_told_with_both_targets_and_soft_words)
{
	struct payload *payload = last_message("quota/2026/district");

	cr_assert_eq(payload->type, PAYLOAD_QUOTA);
	cr_assert_eq(payload->event, PAYLOAD_OPENED);
	cr_assert_str_eq(payload->unit_name, "北京市西城区");
	cr_assert_eq(payload->quota_count, 2);
	cr_assert(!payload->quota[0].small_micro);
	cr_assert_eq(payload->quota[0].base_fen, 256058994255);
	cr_assert_eq(payload->quota[0].gap_fen, 0);
	cr_assert_eq(payload->quota[1].amount_fen, 61620404744);
	cr_assert_eq(payload->quota[1].gap_fen, 14188273951);
	cr_assert_eq(payload->quota[1].floor_ppm, 700000);
	cr_assert_str_eq(payload->rules[0], "Q-3");
	cr_assert_str_eq(payload->citations[0], "西行规发〔2025〕9号第八条");
	cr_assert_str_eq(label_of("quota/2026/district"), "预留缺口提示");
	cr_assert_str_eq(pg_text(db, "SELECT payload->'quota'->>'phase' FROM message WHERE "
				     "case_key = 'quota/2026/district'"),
		"in-year");
	payload_free(payload);
}

Test(tell, a_gap_made_good_is_told_as_closed)
{
	struct check_report report;
	struct payload *payload;

	/* 002001 is one fen short of 70 %. */
	pg_exec(db,
		"UPDATE budget_item SET budget_fen = budget_fen + 100 WHERE key = (SELECT b.key "
		"FROM budget_item b"
		" WHERE fiscal_year = 2026 AND unit_code = '002001' AND reserve_form = 'whole'"
		" AND reserved_for = 'small_micro' AND withdrawn_on IS NULL AND snapshot = "
		"'initial'"
		" AND NOT EXISTS (SELECT FROM budget_item o WHERE o.project_code = b.project_code"
		" AND o.package_no = b.package_no AND o.snapshot <> 'initial') LIMIT 1)");
	report = evaluate(base, sql_link, "2026-10-20");
	cr_assert_eq(report.findings_closed, 1);
	payload = last_message("quota/2026/002001");
	cr_assert_eq(payload->event, PAYLOAD_CLOSED);
	cr_assert_eq(payload->quota[1].gap_fen, 0);
	cr_assert_str_eq(label_of("quota/2026/002001"), "预留缺口已补足");
	payload_free(payload);
}

Test(tell, a_unit_without_anything_overdue_any_more_is_told_so_once)
{
	struct check_report report;
	struct payload *payload;
	int64_t open = pg_int(db, "SELECT count(*) FROM finding WHERE unit_code = '902001' AND "
				  "code = 'arrears-overdue'");

	cr_assert_gt(open, 0);
	pg_exec(db,
		"INSERT INTO payment SELECT md5(o.obligation_no)::uuid, md5('new')::uuid, 2, 1, "
		"NULL,"
		" 'NEW-' || o.obligation_no, o.contract_no, o.obligation_no, c.unit_code, "
		"c.supplier_uscc, '',"
		" s.outstanding_fen, 'CNY', '2026-10-19', NULL, NULL, 'cash', NULL, ''"
		" FROM obligation_state s JOIN obligation o USING (obligation_no) JOIN contract c"
		" ON c.contract_no = o.contract_no WHERE s.unit_code = '902001' AND s.status = "
		"'overdue'");
	report = evaluate(base, sql_link, "2026-10-20");
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

	pg_exec(db, "UPDATE obligation SET amount_fen = amount_fen + 1 WHERE obligation_no = "
		    "(SELECT obligation_no FROM"
		    " obligation_state WHERE unit_code = '001001' AND coverage = 'covered' AND "
		    "status = 'overdue'"
		    " ORDER BY overdue_fen LIMIT 1)");
	before = pg_int(db, "SELECT count(*) FROM obligation_state WHERE unit_code = '001001' AND "
			    "coverage = 'covered'"
			    " AND status = 'overdue'");
	evaluate(base, sql_link, "2026-10-20");
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

Test(tell, a_calendar_that_arrives_closes_its_finding)
{
	struct payload *payload = last_message("calendar/2027");

	cr_assert_eq(payload->calendar_year, 2027);
	cr_assert_gt(payload->calendar_obligations, 0);
	payload_free(payload);
	pg_exec(db, "INSERT INTO calendar_day VALUES ('2027-01-01', 'holiday', '元旦', 'test', 2, "
		    "NULL)");
	evaluate(base, sql_link, "2026-10-20");
	payload = last_message("calendar/2027");
	cr_assert_eq(payload->event, PAYLOAD_CLOSED);
	cr_assert_eq(payload->calendar_obligations, 0);
	cr_assert_str_eq(label_of("calendar/2027"), "工作日历已补充");
	payload_free(payload);
}

Test(tell, a_finding_of_last_year_is_left_alone_by_the_runs_of_this_year)
{
	struct check_report report = evaluate(base, sql_link, "2027-01-15");

	(void)report;
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM finding WHERE code LIKE 'quota%' AND subject "
				"LIKE '%/2026'"
				" AND state = 'closed'"),
		0);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM finding WHERE code LIKE 'quota%' AND subject "
				"LIKE '%/2027'"),
		0);
}
