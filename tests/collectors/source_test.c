#include "collectors/source.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "collectors/archive.h"
#include "core/mem.h"
#include "lib/pg.h"
#include "lib/pull.h"
#include "lib/pulled.h"

static struct pull pull;

static void setup(void)
{
	pull_setup(&pull);
}

static void teardown(void)
{
	pull_teardown(&pull);
}

TestSuite(source, .init = setup, .fini = teardown, .timeout = 120);

#define EXPECT(sql_text, expected) cr_assert_str_eq(pg_text(pull.db, sql_text), expected)
#define GOLDEN                     SETASIDE_SOURCE_DIR "/tests/golden/"

static void import(bool complete)
{
	pull_import(&pull, complete);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	const struct store_batch_counts *counts = &pull.report.counts;
	cr_assert_eq(counts->read, counts->new_rows + counts->changed + counts->unchanged +
					   counts->refused + counts->duplicate + counts->skipped);
}

static void expect_counts(
	int64_t fresh, int64_t changed, int64_t unchanged, int64_t closed, int64_t refused)
{
	const struct store_batch_counts *counts = &pull.report.counts;

	cr_assert_eq(counts->new_rows, fresh, "%lld new", (long long)counts->new_rows);
	cr_assert_eq(counts->changed, changed, "%lld changed", (long long)counts->changed);
	cr_assert_eq(counts->unchanged, unchanged, "%lld unchanged", (long long)counts->unchanged);
	cr_assert_eq(counts->closed, closed, "%lld closed", (long long)counts->closed);
	cr_assert_eq(counts->refused, refused, "%lld refused", (long long)counts->refused);
}

static void expect_refusal(const char *expected)
{
	pull_import(&pull, false);
	cr_assert(pull.failed, "it was taken");
	cr_assert_not_null(strstr(pull.err.text, expected), "%s", pull.err.text);
	EXPECT("SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM source) + (SELECT "
	       "count(*) FROM quarantine)",
		"0");
}

#define AMENDMENTS "contract_no,amended_on,amount_change_yuan\n"
#define PAYMENTS                                                                                   \
	"voucher_no,contract_no,unit_code,payee_uscc,amount_yuan,voucher_on,reverses_voucher_no\n"

/* The golden district ---------------------------------------------------------------------------------------------- */

Test(source, the_golden_district_comes_in_whole_and_a_second_time_changes_nothing)
{
	dir_copy(GOLDEN "district", pull.data);
	import(false);
	expect_counts(3482, 0, 0, 0, 0);
	EXPECT("SELECT concat_ws(',', (SELECT count(*) FROM unit), (SELECT count(*) FROM "
	       "supplier), (SELECT count(*) FROM "
	       "budget_item), (SELECT count(*) FROM contract), (SELECT count(*) FROM amendment), "
	       "(SELECT count(*) FROM "
	       "obligation), (SELECT count(*) FROM payment), (SELECT count(*) FROM complaint))",
		"25,170,758,600,30,1090,802,7");
	EXPECT("SELECT string_agg(name, ' ' ORDER BY file_no) FROM batch_file",
		"unit.csv supplier.csv budget_item.csv contract.csv amendment.csv obligation.csv "
		"payment.csv complaint.csv");
	EXPECT("SELECT concat_ws('|', amount_fen, late_rate_ppm, inspection_days, status, "
	       "currency) FROM contract WHERE "
	       "contract_no = 'YH26-008001-0000001'",
		"55567879|65000|5|active|CNY");
	import(false);
	expect_counts(0, 0, 3482, 0, 0);
}

Test(source, the_corner_district_keeps_its_repeats_in_file_order)
{
	dir_copy(GOLDEN "corner", pull.data);
	import(false);
	cr_assert_eq(pull.report.counts.refused, 0);
	EXPECT("SELECT string_agg(occurrence || ':' || budget_fen, ',' ORDER BY place) FROM "
	       "budget_item WHERE "
	       "project_code = 'G10-XM03' AND snapshot = 'adjusted'",
		"1:12000000,2:12500000");
	import(false);
	cr_assert_eq(pull.report.counts.new_rows + pull.report.counts.changed, 0);
}

/* The same bytes again ---------------------------------------------------------------------------------------------- */

static void import_data_as(const char *name)
{
	struct source_config config;

	source_config_import(&config, name, pull.data, false);
	pull_run(&pull, &config, NULL);
	source_config_free(&config);
	cr_assert_not(pull.failed, "%s", pull.err.text);
}

Test(source, the_same_bytes_again_are_a_batch_that_reads_no_rows)
{
	dir_write(pull.data, "amendment.csv",
		AMENDMENTS "C1,2026-01-01,10.00\nC2,2026-01-02,20.00\nC3,2026-01-02,2O\n");
	import_data_as("first");
	expect_counts(2, 0, 0, 0, 1);
	/* Seen from outside: a row that is compared would come back. */
	pg_exec(pull.db, "DELETE FROM amendment WHERE contract_no = 'C2'");
	import_data_as("first");
	expect_counts(0, 0, 2, 0, 1);
	EXPECT("SELECT count(*) FROM amendment", "1");
	EXPECT("SELECT string_agg(concat_ws('/', rows_read, rows_new, rows_unchanged, "
	       "rows_refused), ' ' "
	       "ORDER BY batch_id) FROM batch",
		"3/2/0/1 3/0/2/1");
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "1");
	EXPECT("SELECT count(*) FROM batch_file", "2");
}

Test(source, the_same_bytes_are_read_again_when_the_ledger_moved_meanwhile)
{
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C1,2026-01-01,10.00\n");
	import_data_as("first");
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C1,2026-01-01,11.00\n");
	import_data_as("second");
	expect_counts(0, 1, 0, 0, 0);
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C1,2026-01-01,10.00\n");
	import_data_as("first");
	expect_counts(0, 1, 0, 0, 0);
	EXPECT("SELECT amount_change_fen FROM amendment", "1000");
}

/* History ---------------------------------------------------------------------------------------------------------- */

Test(source, a_changed_row_makes_history_and_the_past_can_be_asked)
{
	dir_write(pull.data, "amendment.csv",
		AMENDMENTS "C1,2026-01-01,10.00\nC2,2026-01-02,20.00\n");
	import(false);
	dir_write(pull.data, "amendment.csv",
		AMENDMENTS "C1,2026-01-01,10.00\nC2,2026-01-02,25.00\n");
	import(false);
	expect_counts(0, 1, 1, 0, 0);
	EXPECT("SELECT concat_ws('/', contract_no, amount_change_fen, batch_id, to_batch) FROM "
	       "amendment_history",
		"C2/2000/1/2");
	EXPECT("SELECT sum(amount_change_fen) FROM (SELECT amount_change_fen, batch_id, NULL AS "
	       "to_batch FROM amendment UNION "
	       "ALL SELECT amount_change_fen, batch_id, to_batch FROM amendment_history) v WHERE "
	       "batch_id <= 1 AND (to_batch "
	       "IS NULL OR 1 < to_batch)",
		"3000");
}

Test(source, complete_closes_what_is_missing_but_not_in_files_that_are_missing)
{
	dir_write(pull.data, "amendment.csv",
		AMENDMENTS "C1,2026-01-01,10.00\nC2,2026-01-02,20.00\n");
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	import(true);
	expect_counts(3, 0, 0, 0, 0);
	dir_remove(pull.data);
	dir_make(pull.data);
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C2,2026-01-02,20.00\n");
	import(true);
	expect_counts(0, 0, 1, 1, 0);
	EXPECT("SELECT count(*) FROM complaint", "1");
	EXPECT("SELECT contract_no || to_batch FROM amendment_history", "C12");
}

Test(source, equal_rows_of_a_kind_that_may_repeat_are_all_kept)
{
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C1,,5.00\nC1,,5.00\nC1,,7.00\n");
	import(false);
	expect_counts(3, 0, 0, 0, 0);
	EXPECT("SELECT string_agg(occurrence || '=' || amount_change_fen, ',' ORDER BY occurrence) "
	       "FROM amendment",
		"1=500,2=500,3=700");
}

/* Quarantine ------------------------------------------------------------------------------------------------------- */

Test(source, refused_rows_stand_in_quarantine_and_good_ones_go_on)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\n"
			 "V2,C1,001,91,\"12,3\",2026-03-01,\n"
			 "V3,C1,001,91,1.00,2026-02-30,\n"
			 "V4,C1,001,91,-5.00,2026-03-01,\n"
			 ",C1,001,91,5.00,2026-03-01,\n"
			 "V6,C1,001,91,-5.00,2026-03-01,V1\n"
			 "V7,C1,001,91,1.234,2026-03-01,\n");
	import(false);
	expect_counts(2, 0, 0, 0, 5);
	cr_assert(source_report_partial(&pull.report));
	EXPECT("SELECT string_agg(voucher_no, ',' ORDER BY voucher_no) FROM payment", "V1,V6");
	EXPECT("SELECT string_agg(concat_ws('|', file, place, field, value), ' ' ORDER BY place) "
	       "FROM quarantine",
		"payment.csv|3|amount_yuan|12,3 payment.csv|4|voucher_on|2026-02-30 "
		"payment.csv|5|amount_yuan|-5.00 payment.csv|6|voucher_no| "
		"payment.csv|8|amount_yuan|1.234");
	EXPECT("SELECT row_text FROM quarantine WHERE place = 3",
		"V2,C1,001,91,\"12,3\",2026-03-01,");
	EXPECT("SELECT code FROM quarantine WHERE place = 5", "reversal-without-voucher");
	cr_assert_eq(pull.report.samples, 5);
	cr_assert_not_null(
		strstr(pull.report.sample[0], "payment.csv row 3, amount_yuan \"12,3\": "), "%s",
		pull.report.sample[0]);
	EXPECT("SELECT count(*) FROM quarantine WHERE row_key IS NULL", "1");
}

Test(source, a_corrected_row_settles_its_refusal)
{
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,x,2026-03-01,\n");
	import(false);
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,3.00,2026-03-01,\n");
	import(false);
	EXPECT("SELECT resolved_batch FROM quarantine", "2");
}

Test(source, a_refused_row_without_a_key_is_settled_when_its_file_comes_without_it)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS ",C1,001,91,3.00,2026-03-01,\nV2,C1,001,91,x,2026-03-01,\n"
			 "V4,C1,001,91,4.00,2026-03-01,\n");
	import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
	/* The same bytes again say nothing new. */
	import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
	dir_write(pull.data, "unit.csv", "unit_code,name\n001,甲\n");
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V3,C1,001,91,3.00,2026-03-01,\nV4,C1,001,91,4.00,2026-03-01,\n");
	import(false);
	EXPECT("SELECT row_key IS NULL FROM quarantine WHERE resolved_batch = 3", "t");
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "1");
	/* Everything was sent: the other one is gone as well. */
	import(true);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "0");
}

Test(source, a_file_of_the_same_name_with_other_rows_settles_nothing)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS ",C1,001,91,3.00,2026-03-01,\nV4,C1,001,91,4.00,2026-03-01,\n");
	import(false);
	/* Another unit, another month. */
	dir_write(pull.data, "payment.csv", PAYMENTS "V8,C8,002,91,8.00,2026-04-01,\n");
	import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "1");
	/* A part of its rows proves nothing either. */
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V5,C1,001,91,3.00,2026-03-01,\n,C9,001,91,9.00,2026-03-01,\n"
			 "V6,C1,001,91,9.00,2026-03-01,\n");
	import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
	dir_write(pull.data, "payment.csv", PAYMENTS "V6,C1,001,91,9.00,2026-03-01,\n");
	import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
}

Test(source, what_is_remarked_beside_values_stands_in_the_report_of_the_batch)
{
	static char *map[] = { "凭证号 -> voucher_no", "清算日期 -> cleared_on",
		"收款人代码 -> payee_uscc", NULL };
	struct source_config config = pulled_config("file");
	char path[DIR_PATH_MAX + 32];

	snprintf(path, sizeof(path), "%s/pay.csv", pull.data);
	config.path = path;
	config.map = map;
	dir_write(pull.data, "pay.csv",
		"凭证号,支付金额(元),清算日期,收款人代码\nV1,1.00,2026-03-05,\nV2,1.00,三月五日,\n"
		"V3,2.00,2026.3.,91110102MA01234\n");
	pull_run(&pull, &config, NULL);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_eq(pull.report.remarks, 3);
	EXPECT("SELECT string_agg(concat_ws('|', r ->> 'column', r ->> 'code', r ->> 'n', r ->> "
	       "'file', r ->> 'row', r ->> 'value'), ' ') FROM v_batch, "
	       "jsonb_array_elements(remarks) r",
		"cleared_on|text-date|2|pay.csv|3|三月五日 "
		"payee_uscc|uscc-length|1|pay.csv|4|91110102MA01234");
}

Test(source, a_number_given_twice_is_refused_and_names_both_rows)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,C1,001,91,1.00,2026-03-01,\nV1,C2,001,"
			 "91,13.00,2026-03-01,\n"
			 "V2,C1,001,91,1.00,2026-03-01,\n");
	import(false);
	expect_counts(2, 0, 0, 0, 1);
	cr_assert_eq(pull.report.counts.duplicate, 1);
	EXPECT("SELECT string_agg(concat_ws('|', place, field, value, code, reason), ' ' ORDER BY "
	       "place) FROM quarantine",
		"4|voucher_no|V1|clash|row 2 has the same key and other values "
		"5|voucher_no|V2|duplicate|row 3 has the same key and the same values");
	EXPECT("SELECT amount_fen FROM payment WHERE voucher_no = 'V1'", "1200");
	import(false);
	expect_counts(0, 0, 2, 0, 1);
	EXPECT("SELECT count(*) FROM quarantine", "2");
}

/* Files that are refused as a whole --------------------------------------------------------------------------------- */

Test(source, a_file_that_ends_inside_quotes_changes_nothing)
{
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,\"C1,001,91,1");
	expect_refusal("payment.csv: torn");
}

Test(source, a_file_that_ends_in_half_a_row_changes_nothing)
{
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,C1,00");
	expect_refusal("payment.csv: torn");
}

Test(source, a_web_page_saved_as_csv_changes_nothing)
{
	dir_write(pull.data, "payment.csv",
		"\n <!DOCTYPE html><html><body>Login, please</body></html>\n");
	expect_refusal("payment.csv: not-a-table");
}

Test(source, a_file_without_a_required_column_changes_nothing)
{
	dir_write(pull.data, "payment.csv", "voucher_no,contract_no\nV1,C1\n");
	expect_refusal("payment.csv: column-missing");
	cr_assert_not_null(strstr(pull.err.text, "amount_yuan"), "%s", pull.err.text);
}

Test(source, bytes_that_are_not_utf8_change_nothing)
{
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C\xb1\xb1\n");
	expect_refusal("complaint.csv: ");
}

Test(source, a_misspelt_file_is_named_and_nothing_is_read)
{
	dir_write(pull.data, "payments.csv", PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\n");
	expect_refusal("payments.csv is no file of the exchange profile");
}

Test(source, an_empty_directory_and_a_missing_one_are_errors)
{
	expect_refusal("holds no file of the exchange profile");
	dir_remove(pull.data);
	pull_import(&pull, false);
	cr_assert(pull.failed);
	cr_assert_eq(pull.err.code, ERR_IO);
	dir_make(pull.data);
}

Test(source, a_failure_is_noted_at_a_source_that_worked_before)
{
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	import(false);
	dir_write(pull.data, "complaint.csv", "complaint_no\n\"T");
	pull_import(&pull, false);
	cr_assert(pull.failed);
	pg_loop_for(pull.base, 200);
	EXPECT("SELECT last_failure LIKE '%torn%' AND last_failure_at IS NOT NULL FROM source",
		"t");
	EXPECT("SELECT count(*) FROM complaint", "1");
}

/* The rest ---------------------------------------------------------------------------------------------------------- */

Test(source, original_bytes_can_be_read_again_under_the_hash_of_the_batch)
{
	char sha256[ARCHIVE_SHA_TEXT], room[256];
	const char *text = "complaint_no,contract_no\nT1,C1\n";
	struct err err = ERR_INIT;

	dir_write(pull.data, "complaint.csv", text);
	import(false);
	snprintf(sha256, sizeof(sha256), "%s", pg_text(pull.db, "SELECT sha256 FROM batch_file"));
	struct archive_reader *reader = archive_open(pull.archive, sha256, &err);
	cr_assert_not_null(reader, "%s", err.text);
	cr_assert_eq(archive_read(reader, room, sizeof(room), &err), (ssize_t)strlen(text));
	cr_assert_arr_eq(room, text, strlen(text));
	archive_close(reader);
	EXPECT("SELECT bytes FROM batch_file", "31");
}

Test(source, a_rehearsal_reports_and_leaves_the_ledger_alone)
{
	struct source_options options = { .rehearsal = true };
	struct source_config config;

	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	source_config_import(&config, "import", pull.data, false);
	pull_run(&pull, &config, &options);
	source_config_free(&config);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	expect_counts(1, 0, 0, 0, 0);
	cr_assert_eq(pull.report.batch, 0);
	EXPECT("SELECT (SELECT count(*) FROM complaint) + (SELECT count(*) FROM batch)", "0");
}

static void on_done(void *arg, const struct source_report *report, const struct err *err)
{
	(void)report;
	cr_assert_null(err);
	*(bool *)arg = true;
}

Test(source, cancelled_at_any_moment_it_calls_nobody_and_the_next_run_is_whole)
{
	struct source_config config;
	struct err err = ERR_INIT;
	bool done = false;
	int cancelled = 0;

	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\n");
	source_config_import(&config, "import", pull.data, false);
	for (int turns = 0; !done && turns < 200; turns++) {
		struct source_run *run =
			source_run_start(&pull.env, &config, NULL, on_done, &done, &err);
		cr_assert_not_null(run, "%s", err.text);
		for (int i = 0; i < turns && !done; i++)
			event_base_loop(pull.base, EVLOOP_ONCE);
		if (done)
			break;
		source_run_cancel(run);
		cancelled++;
		pg_loop_for(pull.base, 5);
		cr_assert_not(done, "called after cancel");
	}
	source_config_free(&config);
	cr_assert_gt(cancelled, 20);
	import(false);
	EXPECT("SELECT (SELECT count(*) FROM complaint) || '/' || (SELECT count(*) FROM payment)",
		"1/1");
}

Test(source, a_canonical_file_may_have_a_byte_order_mark_any_column_order_and_extra_columns)
{
	dir_write(pull.data, "complaint.csv",
		"\xef\xbb\xbf备注,contract_no,complaint_no,extended\r\n\"说,\"\"明\"\"\",C1,T1,"
		"1\r\n");
	import(false);
	EXPECT("SELECT concat_ws('|', complaint_no, contract_no, extended, extra ->> '备注') FROM "
	       "complaint",
		"T1|C1|t|说,\"明\"");
}

Test(source, one_table_with_a_mapping_comes_in_by_configuration_alone)
{
	char path[2 * DIR_PATH_MAX];
	char *rules[] = { "Trans No -> voucher_no", "Amount -> amount_yuan unit=yuan currency=GBP",
		"Paid Date -> voucher_on order=dmy", "Supplier Name -> payee_name", NULL };
	struct source_config config;

	dir_write(pull.data, "spend.csv",
		"Client,Paid Date,Trans No,Amount,Supplier Name\r\nOCC,09/01/2018,46296351 - "
		"1,\"5,000.00\",GENERAL\r\n"
		"OCC,16/13/2018,46296394 - 1,2745.94,HMRC\r\n");
	snprintf(path, sizeof(path), "%s/spend.csv", pull.data);
	source_config_import(&config, "spend", path, false);
	config.format = "csv";
	free(config.record);
	config.record = mem_text("payment");
	char **none = config.map;
	config.map = rules;
	pull_run(&pull, &config, NULL);
	config.map = none;
	source_config_free(&config);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	expect_counts(1, 0, 0, 0, 1);
	EXPECT("SELECT concat_ws('|', voucher_no, amount_fen, currency, voucher_on, payee_name, "
	       "extra ->> 'Client') FROM "
	       "payment",
		"46296351 - 1|500000|GBP|2018-01-09|GENERAL|OCC");
	EXPECT("SELECT concat_ws('|', place, field, value) FROM quarantine",
		"3|voucher_on|16/13/2018");
}

#define RELEASE(name)                                                                              \
	"{\"ocid\":\"o1\",\"id\":\"r1\",\"date\":\"2026-03-01T00:00:00Z\",\"tag\":[\"award\"],"    \
	"\"parties\":[{\"id\":\"p1\",\"name\":\"" name "\",\"roles\":[\"supplier\"]},"             \
	"{\"id\":\"p2\",\"name\":\"无名公司\",\"roles\":[\"supplier\"]}],"                     \
	"\"awards\":[{\"id\":\"a1\",\"status\":\"active\",\"value\":{\"amount\":5,\"currency\":"   \
	"\"CNY\"},"                                                                                \
	"\"suppliers\":[{\"id\":\"p1\"},{\"id\":\"p2\"}]}]}\n"

static void pull_releases(const char *text)
{
	char path[2 * DIR_PATH_MAX];
	struct source_config config;

	dir_write(pull.data, "portal.jsonl", text);
	snprintf(path, sizeof(path), "%s/portal.jsonl", pull.data);
	source_config_import(&config, "portal", path, false);
	config.format = "ocds";
	pull_run(&pull, &config, NULL);
	source_config_free(&config);
	cr_assert_not(pull.failed, "%s", pull.err.text);
}

Test(source, a_portal_that_only_names_a_supplier_does_not_erase_what_the_register_says)
{
	dir_write(pull.data, "supplier.csv",
		"uscc,name,size_class,industry_code\np1,登记名称,S,I\np3,另一公司,M,I\n");
	import(false);
	pull_releases(RELEASE("门户名称"));
	EXPECT("SELECT string_agg(concat_ws('|', uscc, name, size_class), ' ' ORDER BY uscc) FROM "
	       "supplier",
		"p1|登记名称|S p2|无名公司| p3|另一公司|M");
	EXPECT("SELECT count(*) FROM supplier_history", "0");
	import(false);
	cr_assert_eq(pull.report.counts.changed, 0);
}

static void on_progress(void *arg, const struct source_progress *progress)
{
	int64_t *most = arg;

	cr_assert_geq(progress->bytes_total, progress->bytes);
	if (progress->rows > *most)
		*most = progress->rows;
}

Test(source, a_long_import_tells_its_progress_and_lets_the_loop_breathe)
{
	enum { ROWS = 60000 };
	int64_t most = 0;
	struct source_options options = { .progress = on_progress, .arg = &most };
	struct source_config config;
	char *text = mem_zero(ROWS + 10, 24);
	size_t used = (size_t)snprintf(text, 100, "complaint_no,contract_no\n");

	for (int i = 0; i < ROWS; i++)
		used += (size_t)snprintf(text + used, 24, "T%d,C%d\n", i, i);
	dir_write(pull.data, "complaint.csv", text);
	free(text);
	source_config_import(&config, "import", pull.data, false);
	pull_run(&pull, &config, &options);
	source_config_free(&config);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	expect_counts(ROWS, 0, 0, 0, 0);
	cr_assert_gt(most, 0);
}

Test(source, an_archive_without_room_fails_the_run_before_the_ledger_is_touched)
{
	struct err err = ERR_INIT;

	archive_free(pull.archive);
	pull.archive = archive_new(pull.base, pull.state, 10, &err);
	pull.env.archive = pull.archive;
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	expect_refusal("is full");
}

Test(source, two_sources_on_one_link_come_in_one_after_the_other)
{
	struct source_config first, second;
	struct err err = ERR_INIT;
	bool done[2] = { false, false };

	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	source_config_import(&first, "first", pull.data, false);
	source_config_import(&second, "second", pull.data, false);
	cr_assert_not_null(source_run_start(&pull.env, &first, NULL, on_done, &done[0], &err));
	cr_assert_not_null(source_run_start(&pull.env, &second, NULL, on_done, &done[1], &err));
	pg_loop_until(pull.base, &done[0], 30000);
	pg_loop_until(pull.base, &done[1], 30000);
	source_config_free(&first);
	source_config_free(&second);
	EXPECT("SELECT string_agg(concat_ws('/', rows_new, rows_unchanged), ' ' ORDER BY batch_id) "
	       "FROM batch",
		"1/0 0/1");
}

static void import_as(const char *name, const char *payments)
{
	struct source_config config;

	dir_write(pull.data, "payment.csv", payments);
	source_config_import(&config, name, pull.data, false);
	pull_run(&pull, &config, NULL);
	source_config_free(&config);
	cr_assert_not(pull.failed, "%s", pull.err.text);
}

Test(source, a_number_that_another_source_gave_to_another_unit_is_refused)
{
	import_as("bureau",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,C1,001,91,12.00,2026-03-01,\n");
	import_as("street",
		PAYMENTS "V1,C9,002,92,99.00,2026-03-01,\nV2,C1,001,91,13.00,2026-03-01,\n"
			 "V3,C1,002,91,1.00,2026-03-01,\n");
	expect_counts(1, 1, 0, 0, 1);
	EXPECT("SELECT string_agg(concat_ws('/', voucher_no, unit_code, amount_fen), ' ' ORDER BY "
	       "voucher_no) FROM payment",
		"V1/001/1200 V2/001/1300 V3/002/100");
	EXPECT("SELECT concat_ws('|', place, field, value, code, reason) FROM quarantine",
		"2|voucher_no|V1|clash|another source gave this number to another unit_code");
	/* Its own source may correct the unit. */
	import_as("bureau", PAYMENTS "V1,C1,003,91,12.00,2026-03-01,\n");
	expect_counts(0, 1, 0, 0, 0);
}

Test(source, progress_is_per_cent_and_time_at_the_pace_so_far)
{
	struct source_progress progress = { .bytes = 250, .bytes_total = 1000, .elapsed_ms = 4000 };

	cr_expect_eq(source_progress_percent(&progress), 25);
	cr_expect_eq(source_progress_left_ms(&progress), 12000);
	progress.bytes_total = -1;
	cr_expect_eq(source_progress_percent(&progress), -1);
	cr_expect_eq(source_progress_left_ms(&progress), -1);
	progress = (struct source_progress){
		.bytes = INT64_C(1) << 60, .bytes_total = INT64_C(1) << 61, .elapsed_ms = 1000000
	};
	cr_expect_eq(source_progress_percent(&progress), 50);
	cr_expect_leq(source_progress_left_ms(&progress), 1000001);
	progress.bytes = progress.bytes_total + 5;
	cr_expect_eq(source_progress_percent(&progress), 100);
	cr_expect_eq(source_progress_left_ms(&progress), 0);
}
