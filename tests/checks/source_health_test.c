/* A source that leaves the checks blind is a finding of its own, told to those who run the monitor, and closed again. */
#include <criterion/criterion.h>
#include <string.h>
#include <xlsxwriter.h>

#include "alerts/payload.h"
#include "alerts/wording.h"
#include "collectors/source_watch.h"
#include "core/mem.h"
#include "lib/evaluate.h"
#include "lib/pull_rig.h"
#include "lib/sql_run.h"

enum { HOUR_MS = 3600 * 1000 };

static struct source_config config;
static char path[DIR_PATH_MAX + 32];

static void set_up(void)
{
	pull_rig_set_up();
	pg_exec(pull.db, "INSERT INTO channel (name, kind) VALUES ('ops', 'webhook');"
			 "INSERT INTO channel_recipient VALUES ('ops', '');"
			 "INSERT INTO route VALUES ('ops', 'ops', '{OPS-1}', '{*}')");
	snprintf(path, sizeof(path), "%s/pay.csv", pull.data);
	config = pulled_config("file");
	config.name = (char *)"treasury";
	config.path = path;
	config.complete = true;
	config.late_after_ms = HOUR_MS;
	config.shrink_percent = 30;
}

TestSuite(source_health, .init = set_up, .fini = pull_rig_tear_down, .timeout = 120);

#define HEADER "voucher_no,unit_code,payee_name,amount_yuan,cleared_on\n"
#define FINDING                                                                                    \
	"SELECT concat_ws(' ', state, subject, (SELECT string_agg(f ->> 'fault', ',' ORDER BY f "  \
	"->> 'fault') FROM jsonb_array_elements(evidence -> 'faults') f)) FROM v_finding WHERE "   \
	"code = 'source-health'"
#define MESSAGES                                                                                   \
	"SELECT string_agg(event, ' ' ORDER BY message_id) FROM v_message WHERE case_key = "       \
	"'source/treasury'"

/* Nobody hears its end: what the link is asked next is answered after it. */
static void watch(const struct source_config *watched, int count, bool anew)
{
	source_watch(pull.link, watched, count, anew);
	sql_run(pull.base, pull.link, "SELECT 1");
}

static void judge(void)
{
	evaluate_changes(pull.base, pull.link, "2026-10-20");
}

/* Collects the file that holds these bytes, as the configured source, and evaluates. */
static void collect(const char *text)
{
	dir_write(pull.data, "pay.csv", text);
	source_watch(pull.link, &config, 1, false);
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	judge();
}

/* That many payments of unit 026 and amounts around 1,234.50 yuan. */
static char *payments(const char *header, const char *unit, int rows, const char *amount)
{
	char *text = mem_text(header);

	for (int i = 0; i < rows; i++) {
		char *longer = mem_format(
			"%sV%d,%s,甲,%s,2026-03-%02d\n", text, i, unit, amount, 1 + i % 28);
		free(text);
		text = longer;
	}
	return text;
}

static void collect_rows(const char *unit, int rows, const char *amount)
{
	_cleanup_free_ char *text = payments(HEADER, unit, rows, amount);

	collect(text);
}

Test(source_health, a_source_that_shrinks_is_told_and_closed_when_it_is_whole_again)
{
	collect_rows("026", 20, "1234.50");
	EXPECT(FINDING, "");
	collect_rows("026", 15, "1234.50");
	EXPECT(FINDING, "");
	collect_rows("026", 13, "1234.50");
	EXPECT(FINDING, "open treasury shrunk");
	EXPECT(MESSAGES, "opened");
	collect_rows("026", 12, "1234.50");
	EXPECT(MESSAGES, "opened");
	collect_rows("026", 20, "1234.50");
	EXPECT(FINDING, "closed treasury shrunk");
	EXPECT(MESSAGES, "opened closed");
	collect_rows("026", 5, "1234.50");
	EXPECT(FINDING, "open treasury shrunk");
	EXPECT(MESSAGES, "opened closed reopened");
}

Test(source_health, the_same_bytes_again_keep_the_finding_and_a_person_may_accept_it)
{
	collect_rows("026", 20, "1234.50");
	collect_rows("026", 5, "1234.50");
	collect_rows("026", 5, "1234.50");
	EXPECT(FINDING, "open treasury shrunk");
	pg_exec(pull.db, "UPDATE source SET accepted_batch = (SELECT max(batch_id) FROM batch)");
	judge();
	EXPECT(FINDING, "closed treasury shrunk");
}

Test(source_health, an_answer_without_rows_is_a_fault_unless_it_is_usual)
{
	collect_rows("026", 20, "1234.50");
	config.complete = false;
	collect(HEADER);
	EXPECT(FINDING, "open treasury empty");
	config.may_be_empty = true;
	watch(&config, 1, false);
	judge();
	EXPECT(FINDING, "closed treasury empty");
}

Test(source_health, other_columns_are_told_by_name)
{
	collect_rows("026", 20, "1234.50");
	_cleanup_free_ char *text = payments(
		"voucher_no,unit_code,收款方,amount_yuan,cleared_on\n", "026", 20, "1234.50");
	config.map = (char *[]){ (char *)"收款方 -> payee_name", NULL };
	collect(text);
	EXPECT(FINDING, "open treasury columns");
	EXPECT("SELECT (evidence -> 'faults' -> 0) - 'fault' FROM v_finding",
		"{\"kind\": \"payment\", \"more\": [\"收款方\"], \"fewer\": [\"payee_name\"]}");
}

Test(source_health, amounts_of_another_unit_and_codes_without_their_zeros_are_suspect)
{
	collect_rows("026", 20, "12345678.00");
	collect_rows("26", 20, "1234.57");
	EXPECT(FINDING, "open treasury unit-suspect,zeros-lost");
	collect_rows("026", 20, "12345678.00");
	EXPECT(FINDING, "closed treasury unit-suspect,zeros-lost");
}

Test(source_health, a_totals_line_that_does_not_add_up_is_told_with_both_sums)
{
	collect(HEADER "V1,026,甲,100.00,2026-03-01\nV2,026,甲,50.00,2026-03-01\n小计,,,150.00,\n"
		       "V3,026,甲,1.00,2026-03-01\n小计,,,1.00,\n合计,,,151.00,\n");
	EXPECT(FINDING, "");
	collect(HEADER "V1,026,甲,100.00,2026-03-01\nV2,026,甲,5x.00,2026-03-01\nV3,026,甲,1.00,"
		       "2026-03-01\n合计,,,151.00,\n");
	EXPECT(FINDING, "open treasury totals");
	EXPECT("SELECT concat_ws(' ', f ->> 'row', f ->> 'stated_fen', f ->> 'taken_fen') FROM "
	       "v_finding, jsonb_array_elements(evidence -> 'faults') f",
		"5 15100 10100");
}

Test(source_health, a_late_source_is_told_once_it_was_watched_long_enough)
{
	collect_rows("026", 20, "1234.50");
	pg_exec(pull.db, "UPDATE source SET last_success_at = now() - interval '2 hours', "
			 "last_failure = 'connection refused'");
	judge();
	EXPECT(FINDING, "");
	pg_exec(pull.db, "UPDATE source SET watch_started_at = now() - interval '90 minutes'");
	judge();
	EXPECT(FINDING, "open treasury late");
	EXPECT("SELECT evidence #>> '{faults,0,why}' FROM v_finding", "connection refused");
	/* The monitor starts anew: what is late stays late. */
	watch(&config, 1, true);
	judge();
	EXPECT(FINDING, "open treasury late");
	collect_rows("026", 20, "1234.50");
	EXPECT(FINDING, "closed treasury late");
	EXPECT(MESSAGES, "opened closed");
}

Test(source_health, data_that_never_comes_is_told_although_the_folder_is_looked_at)
{
	config.data_within_ms = HOUR_MS;
	watch(&config, 1, true);
	pg_exec(pull.db, "UPDATE source SET last_success_at = now(), "
			 "watched_since = now() - interval '2 hours'");
	judge();
	EXPECT(FINDING, "open treasury no-data");
	collect_rows("026", 20, "1234.50");
	EXPECT(FINDING, "closed treasury no-data");
}

Test(source_health, a_source_that_left_the_configuration_is_watched_no_more)
{
	collect_rows("026", 20, "1234.50");
	collect_rows("026", 5, "1234.50");
	EXPECT(FINDING, "open treasury shrunk");
	watch(NULL, 0, true);
	judge();
	EXPECT(FINDING, "closed treasury shrunk");
	/* What was imported by hand never was. */
	dir_write(pull.data, "payment.csv", HEADER);
	pull_import(&pull, false);
	judge();
	EXPECT("SELECT count(*) FROM v_finding WHERE code = 'source-health' AND state <> 'closed'",
		"0");
}

Test(source_health, a_stamp_in_the_future_is_told_until_it_is_put_right)
{
	collect_rows("026", 20, "1234.50");
	pg_exec(pull.db, "UPDATE source SET ahead = '2162-01-01 00:00:00+08' WHERE watched");
	judge();
	EXPECT(FINDING, "open treasury ahead");
	EXPECT(MESSAGES, "opened");
	pg_exec(pull.db, "UPDATE source SET ahead = '' WHERE watched");
	judge();
	EXPECT(FINDING, "closed treasury ahead");
}

Test(source_health, the_message_says_in_words_what_is_wrong)
{
	struct wording text;
	struct err err = ERR_INIT;

	collect_rows("026", 20, "12345678.00");
	collect_rows("26", 10, "1234.57");
	const char *json = pg_text(pull.db, "SELECT payload::text FROM v_message");
	struct payload *payload = payload_parse(json, strlen(json), &err);
	cr_assert_not_null(payload, "%s", err.text);
	cr_assert_eq(wording_render(&text, payload, "A-1", false,
			     &(struct wording_options){ .contact = "", .link = "" }, &err),
		0, "%s", err.text);
	cr_expect(strstr(text.body.text.data, "数据来源“treasury”出现下列异常"), "%s",
		text.body.text.data);
	cr_expect(strstr(text.body.text.data, "此前20行，最近一批10行"), "%s", text.body.text.data);
	cr_expect(strstr(text.body.text.data, "疑似单位"), "%s", text.body.text.data);
	cr_expect(strstr(text.body.text.data, "前导零"), "%s", text.body.text.data);
	cr_expect(strstr(text.subject, "数据来源异常：treasury"), "%s", text.subject);
	wording_free(&text);
	payload_free(payload);
}

/* Two registers that contradict each other do not take turns. */
Test(source_health, of_two_full_registers_the_first_is_believed_and_the_difference_is_told)
{
	struct source_config registers[2] = { config, config };
	char paths[2][DIR_PATH_MAX + 32];

	for (int i = 0; i < 2; i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%d.csv", pull.data, i);
		registers[i].name = (char *)(i ? "second" : "first");
		registers[i].record = (char *)"supplier";
		registers[i].path = paths[i];
	}
	dir_write(pull.data, "0.csv", "uscc,name,size_class\nS1,甲公司,S\nS2,乙公司,M\n");
	dir_write(pull.data, "1.csv", "uscc,name,size_class\nS1,甲公司,L\nS3,丙公司,X\n");
	source_watch(pull.link, registers, 2, true);
	for (int round = 0; round < 4; round++) {
		pull_run(&pull, &registers[(round + 1) % 2], NULL);
		cr_assert_not(pull.failed, "%s", pull.err.text);
	}
	EXPECT("SELECT string_agg(uscc || size_class, ' ' ORDER BY uscc) FROM supplier",
		"S1S S2M S3X");
	/* It gave way once, to the one that is believed, and never came back. */
	EXPECT("SELECT string_agg(size_class, '') FROM supplier_history", "L");
	judge();
	EXPECT(FINDING, "open second conflict");
	EXPECT("SELECT concat_ws(' ', kind, code, believed, source) FROM v_organisation_conflict",
		"supplier S1 first second");
	dir_write(pull.data, "1.csv", "uscc,name,size_class\nS1,甲公司,S\nS3,丙公司,X\n");
	pull_run(&pull, &registers[1], NULL);
	judge();
	EXPECT(FINDING, "closed second conflict");
}

static void write_sheet(lxw_workbook *book, const char *name, const char *voucher)
{
	lxw_worksheet *sheet = workbook_add_worksheet(book, name);
	const char *header[] = { "voucher_no", "payee_name", "amount_yuan" };

	for (lxw_col_t i = 0; i < 3; i++)
		worksheet_write_string(sheet, 0, i, header[i], NULL);
	worksheet_write_string(sheet, 1, 0, voucher, NULL);
	worksheet_write_string(sheet, 1, 1, "甲", NULL);
	worksheet_write_number(sheet, 1, 2, 5, NULL);
}

Test(source_health, a_sheet_that_is_not_read_is_told_until_it_is_asked_for)
{
	lxw_workbook *book = workbook_new(path);
	write_sheet(book, "1月", "V1");
	write_sheet(book, "2月", "V2");
	cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
	config.format = "xlsx";
	config.sheet = (char *)"";
	source_watch(pull.link, &config, 1, false);
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	judge();
	EXPECT(FINDING, "open treasury unread-sheet");
	EXPECT("SELECT concat_ws(' ', detail ->> 'file', detail ->> 'more') FROM v_source_fault",
		"pay.csv [\"2月\"]");

	config.sheet = (char *)"*";
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	judge();
	EXPECT(FINDING, "closed treasury unread-sheet");
	EXPECT("SELECT string_agg(voucher_no, ' ' ORDER BY voucher_no) FROM payment", "V1 V2");
}

Test(source_health, a_file_that_cannot_be_taken_is_told_in_words)
{
	source_watch(pull.link, &config, 1, false);
	store_source_held(
		pull.link, "treasury", "[{\"file\":\"甲.csv\",\"why\":\"no permission\"}]");
	judge();
	EXPECT(FINDING, "open treasury unread-file");
	EXPECT("SELECT count(*) FROM v_message WHERE payload::text LIKE '%no permission%甲.csv%'",
		"1");
	store_source_held(pull.link, "treasury", "[]");
	judge();
	EXPECT(FINDING, "closed treasury unread-file");
}

Test(source_health, of_faults_without_end_as_many_are_told_as_a_finding_holds)
{
	_cleanup_free_ char *why = mem_zero(2001, 1);
	_cleanup_free_ char *held = mem_text("[{\"file\":\"甲.csv\",\"why\":\"no permission\"}");

	memset(why, 'x', 2000);
	for (int i = 0; i < 60; i++) {
		char *longer = mem_format("%s,{\"file\":\"乙%d.csv\",\"why\":\"%s\"}%s", held, i,
			why, i == 59 ? "]" : "");
		free(held);
		held = longer;
	}
	source_watch(pull.link, &config, 1, false);
	store_source_held(pull.link, "treasury", held);
	judge();
	EXPECT("SELECT concat_ws(' ', state, jsonb_array_length(evidence -> 'faults')) FROM "
	       "v_finding "
	       "WHERE code = 'source-health'",
		"open 20");
}
