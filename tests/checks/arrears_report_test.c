#include "checks/arrears_report.h"

#include "lib/facts_csv.h"
#include "lib/golden.h"

#include <criterion/criterion.h>

Test(arrears_report, every_golden_row_of_ageing)
{
	struct golden *golden = golden_open("ageing.csv");

	cr_assert_gt(golden_rows(golden), 16);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		int32_t days = cell_day(golden, i, "as_of") - cell_day(golden, i, "due");
		int bucket = ageing_bucket(days);

		cr_expect_eq(days > 0 ? days : 0, cell_int(golden, i, "expected_overdue_days"),
			"%s", id);
		cr_expect_str_eq(bucket < 0 ? "" : ageing_bucket_name(bucket),
			golden_cell(golden, i, "expected_bucket"), "%s", id);
	}
	golden_free(golden);
}
