/* Rows that are refused: where they stand, and what settles them. */
#include "collectors/source.h"

#include <criterion/criterion.h>

#include "lib/pull_rig.h"

TestSuite(source_quarantine, .init = pull_rig_set_up, .fini = pull_rig_tear_down, .timeout = 120);

#define PAYMENTS                                                                                   \
	"voucher_no,contract_no,unit_code,payee_uscc,amount_yuan,voucher_on,reverses_voucher_no\n"

Test(source_quarantine, refused_rows_stand_in_quarantine_and_good_ones_go_on)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\n"
			 "V2,C1,001,91,\"12,3\",2026-03-01,\n"
			 "V3,C1,001,91,1.00,2026-02-30,\n"
			 "V4,C1,001,91,-5.00,2026-03-01,\n"
			 ",C1,001,91,5.00,2026-03-01,\n"
			 "V6,C1,001,91,-5.00,2026-03-01,V1\n"
			 "V7,C1,001,91,1.234,2026-03-01,\n");
	pull_rig_import(false);
	pull_rig_expect(2, 0, 0, 0, 5);
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

Test(source_quarantine, a_corrected_row_settles_its_refusal)
{
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,x,2026-03-01,\n");
	pull_rig_import(false);
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,3.00,2026-03-01,\n");
	pull_rig_import(false);
	EXPECT("SELECT resolved_batch FROM quarantine", "2");
}

Test(source_quarantine, a_refused_row_without_a_key_is_settled_when_its_file_comes_without_it)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS ",C1,001,91,3.00,2026-03-01,\nV2,C1,001,91,x,2026-03-01,\n"
			 "V4,C1,001,91,4.00,2026-03-01,\n");
	pull_rig_import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
	/* The same bytes again say nothing new. */
	pull_rig_import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
	dir_write(pull.data, "unit.csv", "unit_code,name\n001,甲\n");
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V3,C1,001,91,3.00,2026-03-01,\nV4,C1,001,91,4.00,2026-03-01,\n");
	pull_rig_import(false);
	EXPECT("SELECT row_key IS NULL FROM quarantine WHERE resolved_batch = 3", "t");
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "1");
	/* Everything was sent: the other one is gone as well. */
	pull_rig_import(true);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "0");
}

Test(source_quarantine, a_file_of_the_same_name_with_other_rows_settles_nothing)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS ",C1,001,91,3.00,2026-03-01,\nV4,C1,001,91,4.00,2026-03-01,\n");
	pull_rig_import(false);
	/* Another unit, another month. */
	dir_write(pull.data, "payment.csv", PAYMENTS "V8,C8,002,91,8.00,2026-04-01,\n");
	pull_rig_import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "1");
	/* A part of its rows proves nothing either. */
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V5,C1,001,91,3.00,2026-03-01,\n,C9,001,91,9.00,2026-03-01,\n"
			 "V6,C1,001,91,9.00,2026-03-01,\n");
	pull_rig_import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
	dir_write(pull.data, "payment.csv", PAYMENTS "V6,C1,001,91,9.00,2026-03-01,\n");
	pull_rig_import(false);
	EXPECT("SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL", "2");
}

Test(source_quarantine, a_number_given_twice_is_refused_and_names_both_rows)
{
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,C1,001,91,1.00,2026-03-01,\nV1,C2,001,"
			 "91,13.00,2026-03-01,\n"
			 "V2,C1,001,91,1.00,2026-03-01,\n");
	pull_rig_import(false);
	pull_rig_expect(2, 0, 0, 0, 1);
	cr_assert_eq(pull.report.counts.duplicate, 1);
	EXPECT("SELECT string_agg(concat_ws('|', place, field, value, code, reason), ' ' ORDER BY "
	       "place) FROM quarantine",
		"4|voucher_no|V1|clash|row 2 has the same key and other values "
		"5|voucher_no|V2|duplicate|row 3 has the same key and the same values");
	EXPECT("SELECT amount_fen FROM payment WHERE voucher_no = 'V1'", "1200");
	pull_rig_import(false);
	pull_rig_expect(0, 0, 2, 0, 1);
	EXPECT("SELECT count(*) FROM quarantine", "2");
}

static void import_as(const char *name, const char *payments)
{
	dir_write(pull.data, "payment.csv", payments);
	pull_rig_import_as(name);
}

Test(source_quarantine, a_number_that_another_source_gave_to_another_unit_is_refused)
{
	import_as("bureau",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,C1,001,91,12.00,2026-03-01,\n");
	import_as("street",
		PAYMENTS "V1,C9,002,92,99.00,2026-03-01,\nV2,C1,001,91,13.00,2026-03-01,\n"
			 "V3,C1,002,91,1.00,2026-03-01,\n");
	pull_rig_expect(1, 1, 0, 0, 1);
	EXPECT("SELECT string_agg(concat_ws('/', voucher_no, unit_code, amount_fen), ' ' ORDER BY "
	       "voucher_no) FROM payment",
		"V1/001/1200 V2/001/1300 V3/002/100");
	EXPECT("SELECT concat_ws('|', place, field, value, code, reason) FROM quarantine",
		"2|voucher_no|V1|clash|another source gave this number to another unit_code");
	/* Its own source may correct the unit. */
	import_as("bureau", PAYMENTS "V1,C1,003,91,12.00,2026-03-01,\n");
	pull_rig_expect(0, 1, 0, 0, 0);
}
