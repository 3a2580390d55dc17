/* Files that are refused as a whole, and failures before the first row: the ledger stays as it was. */
#include "collectors/source.h"

#include <criterion/criterion.h>
#include <string.h>

#include "collectors/archive.h"
#include "lib/pull_rig.h"

TestSuite(source_refusal, .init = pull_rig_set_up, .fini = pull_rig_tear_down, .timeout = 120);

#define PAYMENTS                                                                                   \
	"voucher_no,contract_no,unit_code,payee_uscc,amount_yuan,voucher_on,reverses_voucher_no\n"

static void expect_refusal(const char *expected)
{
	pull_import(&pull, false);
	cr_assert(pull.failed, "it was taken");
	cr_assert_not_null(strstr(pull.err.text, expected), "%s", pull.err.text);
	EXPECT("SELECT (SELECT count(*) FROM batch) + (SELECT count(*) FROM source) + (SELECT "
	       "count(*) FROM quarantine)",
		"0");
}

Test(source_refusal, a_file_that_ends_inside_quotes_changes_nothing)
{
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	dir_write(pull.data, "payment.csv",
		PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,\"C1,001,91,1");
	expect_refusal("payment.csv: torn");
}

Test(source_refusal, a_file_that_ends_in_half_a_row_changes_nothing)
{
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\nV2,C1,00");
	expect_refusal("payment.csv: torn");
}

Test(source_refusal, a_web_page_saved_as_csv_changes_nothing)
{
	dir_write(pull.data, "payment.csv",
		"\n <!DOCTYPE html><html><body>Login, please</body></html>\n");
	expect_refusal("payment.csv: not-a-table");
}

Test(source_refusal, a_file_without_a_required_column_changes_nothing)
{
	dir_write(pull.data, "payment.csv", "voucher_no,contract_no\nV1,C1\n");
	expect_refusal("payment.csv: column-missing");
	cr_assert_not_null(strstr(pull.err.text, "amount_yuan"), "%s", pull.err.text);
}

Test(source_refusal, bytes_that_are_not_utf8_change_nothing)
{
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C\xb1\xb1\n");
	expect_refusal("complaint.csv: ");
}

Test(source_refusal, a_misspelt_file_is_named_and_nothing_is_read)
{
	dir_write(pull.data, "payments.csv", PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\n");
	expect_refusal("payments.csv is no file of the exchange profile");
}

Test(source_refusal, an_empty_directory_and_a_missing_one_are_errors)
{
	expect_refusal("holds no file of the exchange profile");
	dir_remove(pull.data);
	pull_import(&pull, false);
	cr_assert(pull.failed);
	cr_assert_eq(pull.err.code, ERR_IO);
	dir_make(pull.data);
}

/* It is written after the answer. */
static bool failure_is_noted(void *arg)
{
	(void)arg;
	return pg_int(pull.db, "SELECT count(*) FROM source WHERE last_failure_at IS NOT NULL") > 0;
}

Test(source_refusal, a_failure_is_noted_at_a_source_that_worked_before)
{
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	pull_rig_import(false);
	dir_write(pull.data, "complaint.csv", "complaint_no\n\"T");
	pull_import(&pull, false);
	cr_assert(pull.failed);
	pg_loop_until_true(pull.base, failure_is_noted, NULL, 10000);
	EXPECT("SELECT last_failure LIKE '%torn%' AND last_failure_at IS NOT NULL FROM source",
		"t");
	EXPECT("SELECT count(*) FROM complaint", "1");
}

Test(source_refusal, an_archive_without_room_fails_the_run_before_the_ledger_is_touched)
{
	struct err err = ERR_INIT;

	archive_free(pull.archive);
	pull.archive = archive_new(pull.base, pull.state, 10, &err);
	pull.env.archive = pull.archive;
	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	expect_refusal("is full");
}
