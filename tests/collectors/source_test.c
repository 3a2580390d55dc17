/* What a source brings into the ledger: rows as they stand, history, the same again. */
#include "collectors/source.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "core/mem.h"
#include "lib/pull_rig.h"

TestSuite(source, .init = pull_rig_set_up, .fini = pull_rig_tear_down, .timeout = 120);

#define GOLDEN     SETASIDE_SOURCE_DIR "/tests/golden/"
#define AMENDMENTS "contract_no,amended_on,amount_change_yuan\n"

Test(source, the_golden_district_comes_in_whole_and_a_second_time_changes_nothing)
{
	dir_copy(GOLDEN "district", pull.data);
	pull_rig_import(false);
	pull_rig_expect(3482, 0, 0, 0, 0);
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
	pull_rig_import(false);
	pull_rig_expect(0, 0, 3482, 0, 0);
}

Test(source, the_corner_district_keeps_its_repeats_in_file_order)
{
	dir_copy(GOLDEN "corner", pull.data);
	pull_rig_import(false);
	cr_assert_eq(pull.report.counts.refused, 0);
	EXPECT("SELECT string_agg(occurrence || ':' || budget_fen, ',' ORDER BY place) FROM "
	       "budget_item WHERE "
	       "project_code = 'G10-XM03' AND snapshot = 'adjusted'",
		"1:12000000,2:12500000");
	pull_rig_import(false);
	cr_assert_eq(pull.report.counts.new_rows + pull.report.counts.changed, 0);
}

Test(source, the_same_bytes_again_are_a_batch_that_reads_no_rows)
{
	dir_write(pull.data, "amendment.csv",
		AMENDMENTS "C1,2026-01-01,10.00\nC2,2026-01-02,20.00\nC3,2026-01-02,2O\n");
	pull_rig_import_as("first");
	pull_rig_expect(2, 0, 0, 0, 1);
	/* Seen from outside: a row that is compared would come back. */
	pg_exec(pull.db, "DELETE FROM amendment WHERE contract_no = 'C2'");
	pull_rig_import_as("first");
	pull_rig_expect(0, 0, 2, 0, 1);
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
	pull_rig_import_as("first");
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C1,2026-01-01,11.00\n");
	pull_rig_import_as("second");
	pull_rig_expect(0, 1, 0, 0, 0);
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C1,2026-01-01,10.00\n");
	pull_rig_import_as("first");
	pull_rig_expect(0, 1, 0, 0, 0);
	EXPECT("SELECT amount_change_fen FROM amendment", "1000");
}

Test(source, a_changed_row_makes_history_and_the_past_can_be_asked)
{
	dir_write(pull.data, "amendment.csv",
		AMENDMENTS "C1,2026-01-01,10.00\nC2,2026-01-02,20.00\n");
	pull_rig_import(false);
	dir_write(pull.data, "amendment.csv",
		AMENDMENTS "C1,2026-01-01,10.00\nC2,2026-01-02,25.00\n");
	pull_rig_import(false);
	pull_rig_expect(0, 1, 1, 0, 0);
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
	pull_rig_import(true);
	pull_rig_expect(3, 0, 0, 0, 0);
	dir_remove(pull.data);
	dir_make(pull.data);
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C2,2026-01-02,20.00\n");
	pull_rig_import(true);
	pull_rig_expect(0, 0, 1, 1, 0);
	EXPECT("SELECT count(*) FROM complaint", "1");
	EXPECT("SELECT contract_no || to_batch FROM amendment_history", "C12");
}

Test(source, equal_rows_of_a_kind_that_may_repeat_are_all_kept)
{
	dir_write(pull.data, "amendment.csv", AMENDMENTS "C1,,5.00\nC1,,5.00\nC1,,7.00\n");
	pull_rig_import(false);
	pull_rig_expect(3, 0, 0, 0, 0);
	EXPECT("SELECT string_agg(occurrence || '=' || amount_change_fen, ',' ORDER BY occurrence) "
	       "FROM amendment",
		"1=500,2=500,3=700");
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

Test(source, a_canonical_file_may_have_a_byte_order_mark_any_column_order_and_extra_columns)
{
	dir_write(pull.data, "complaint.csv",
		"\xef\xbb\xbf备注,contract_no,complaint_no,extended\r\n\"说,\"\"明\"\"\",C1,T1,"
		"1\r\n");
	pull_rig_import(false);
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
	pull_rig_expect(1, 0, 0, 0, 1);
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
	pull_rig_import(false);
	pull_releases(RELEASE("门户名称"));
	EXPECT("SELECT string_agg(concat_ws('|', uscc, name, size_class), ' ' ORDER BY uscc) FROM "
	       "supplier",
		"p1|登记名称|S p2|无名公司| p3|另一公司|M");
	EXPECT("SELECT count(*) FROM supplier_history", "0");
	pull_rig_import(false);
	cr_assert_eq(pull.report.counts.changed, 0);
}
