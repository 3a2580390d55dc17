#include "daemon/evaluation.h"

#include <criterion/criterion.h>

/* 2026-10-06 00:00:00 in Shanghai is 2026-10-05 16:00:00 UTC. */
enum { MIDNIGHT = 1791216000 };

Test(evaluation, the_wait_ends_at_midnight_in_shanghai)
{
	cr_expect_eq(evaluation_day_wait_ms(MIDNIGHT - 1), 1000);
	cr_expect_eq(evaluation_day_wait_ms(MIDNIGHT - 1800), 1800 * 1000);
}

Test(evaluation, the_wait_is_cut_so_that_a_clock_that_was_set_is_noticed)
{
	cr_expect_eq(evaluation_day_wait_ms(MIDNIGHT), 3600 * 1000);
	cr_expect_eq(evaluation_day_wait_ms(MIDNIGHT + 40000), 3600 * 1000);
}

Test(evaluation, midnight_of_the_host_zone_does_not_matter)
{
	setenv("TZ", "America/New_York", 1);
	tzset();
	cr_expect_eq(evaluation_day_wait_ms(MIDNIGHT - 60), 60 * 1000);
}

Test(evaluation, a_burst_makes_the_gaps_longer_up_to_a_fifth_of_a_second)
{
	cr_expect_eq(evaluation_gap_ms(0, 0), 0);
	cr_expect_eq(evaluation_gap_ms(30, 0), 30);
	cr_expect_eq(evaluation_gap_ms(30, 1), 60);
	cr_expect_eq(evaluation_gap_ms(30, 2), 120);
	cr_expect_eq(evaluation_gap_ms(30, 3), 200);
	cr_expect_eq(evaluation_gap_ms(90000, 0), 200);
	cr_expect_eq(evaluation_gap_ms(1, 1000000), 200);
}
