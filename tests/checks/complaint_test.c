#include "checks/complaint.h"

#include "checks/words.h"
#include "lib/facts_csv.h"
#include "lib/golden.h"

#include <criterion/criterion.h>

static void compare(const struct law *law, const struct golden *golden, size_t i)
{
	const char *id = golden_cell(golden, i, "case_id");
	struct complaint_fact complaint = { .accepted_on = cell_day(golden, i, "accepted_on"),
		.handed_over_on = cell_day(golden, i, "handed_over_on"),
		.answered_on = cell_day(golden, i, "answered_on"),
		.result = "",
		.extended = words_tri(golden_cell(golden, i, "extended")) == TRI_YES };
	struct complaint_verdict verdict =
		complaint_judge(law, &complaint, cell_day(golden, i, "as_of"));

	cr_expect_eq(verdict.hand_over_due, cell_day(golden, i, "expected_handover_due"), "%s", id);
	cr_expect_str_eq(hand_over_status_name(verdict.hand_over),
		golden_cell(golden, i, "expected_handover_status"), "%s", id);
	cr_expect_eq(
		verdict.answer_nominal, cell_day(golden, i, "expected_answer_nominal"), "%s", id);
	cr_expect_eq(verdict.answer_due, cell_day(golden, i, "expected_answer_due"), "%s", id);
	cr_expect_str_eq(answer_status_name(verdict.answer),
		golden_cell(golden, i, "expected_answer_status"), "%s", id);
}

Test(complaint, every_golden_row)
{
	struct law_csv *csv = law_csv_read();
	struct golden *golden = golden_open("complaint_clock.csv");

	cr_assert_gt(golden_rows(golden), 20);
	for (size_t i = 0; i < golden_rows(golden); i++)
		compare(&csv->law, golden, i);
	golden_free(golden);
	law_csv_free(csv);
}

Test(complaint, handed_over_before_the_unknown_year_was_in_time)
{
	struct law_csv *csv = law_csv_read();
	struct complaint_fact complaint = { .accepted_on = text_day("2026-12-25", 10),
		.handed_over_on = text_day("2026-12-30", 10),
		.answered_on = DAY_NONE,
		.result = "" };

	cr_expect_eq(complaint_judge(&csv->law, &complaint, text_day("2027-01-15", 10)).hand_over,
		HAND_OVER_ON_TIME);
	complaint.handed_over_on = text_day("2027-01-04", 10);
	cr_expect_eq(complaint_judge(&csv->law, &complaint, text_day("2027-01-15", 10)).hand_over,
		HAND_OVER_CALENDAR_MISSING);
	law_csv_free(csv);
}

Test(complaint, what_was_not_admitted_has_no_clock_from_that_day_on)
{
	struct law_csv *csv = law_csv_read();
	struct complaint_fact complaint = { .accepted_on = text_day("2026-03-02", 10),
		.handed_over_on = DAY_NONE,
		.answered_on = text_day("2026-04-01", 10),
		.result = "not_admitted" };
	struct complaint_verdict verdict;

	verdict = complaint_judge(&csv->law, &complaint, text_day("2026-03-31", 10));
	cr_expect_eq(verdict.hand_over, HAND_OVER_BREACH, "that is not known yet");
	verdict = complaint_judge(&csv->law, &complaint, text_day("2026-04-01", 10));
	cr_expect_eq(verdict.hand_over, HAND_OVER_NO_CLOCK);
	cr_expect_eq(verdict.answer, ANSWER_NO_CLOCK);
	cr_expect_eq(verdict.hand_over_due, DAY_NONE);
	complaint.accepted_on = complaint.answered_on = DAY_NONE;
	verdict = complaint_judge(&csv->law, &complaint, text_day("2026-04-01", 10));
	cr_expect_eq(verdict.hand_over, HAND_OVER_NO_CLOCK, "no day of acceptance is missing");
	complaint.result = "rejected";
	verdict = complaint_judge(&csv->law, &complaint, text_day("2026-04-01", 10));
	cr_expect_eq(verdict.hand_over, HAND_OVER_DATA_MISSING);
	law_csv_free(csv);
}
