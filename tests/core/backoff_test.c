#include <criterion/criterion.h>

#include "core/backoff.h"

Test(backoff, decorrelated_waits_stay_between_base_and_cap_and_spread)
{
	struct backoff backoff;
	int64_t least = INT64_MAX, most = 0;

	backoff_init(&backoff, 100, 5000);
	cr_assert_eq(backoff_next(&backoff), 100, "the first wait is the base");
	for (int i = 0; i < 2000; i++) {
		int64_t before = backoff.last_ms, wait = backoff_next(&backoff);
		cr_assert(wait >= 100 && wait <= 5000);
		cr_assert(wait <= before * 3);
		least = wait < least ? wait : least;
		most = wait > most ? wait : most;
	}
	cr_assert(most > 3000, "the cap is never approached: %lld", (long long)most);
	cr_assert(least < 1000, "no spread: %lld", (long long)least);
	backoff_reset(&backoff);
	cr_assert_eq(backoff_next(&backoff), 100);
}

Test(backoff, exponential_waits_lie_in_the_upper_half_and_never_overflow)
{
	for (int i = 0; i < 200; i++) {
		int64_t first = backoff_exponential(250, 30000, 1);
		int64_t fourth = backoff_exponential(250, 30000, 4);
		int64_t late = backoff_exponential(250, 30000, 1000000);
		cr_assert(first >= 125 && first <= 250);
		cr_assert(fourth >= 1000 && fourth <= 2000);
		cr_assert(late >= 15000 && late <= 30000);
	}
	cr_assert(backoff_exponential(INT64_MAX / 4, INT64_MAX, 70) > 0);
}

Test(backoff, quadratic_waits_grow_to_the_cap)
{
	for (int i = 0; i < 200; i++) {
		int64_t third = backoff_quadratic(10000, 4200000, 3);
		int64_t late = backoff_quadratic(10000, 4200000, 100);
		cr_assert(third > 80999 && third <= 90000);
		cr_assert(late >= 3780000 && late <= 4200000);
	}
	cr_assert(backoff_quadratic(INT64_MAX, 1000, 1000000) <= 1000);
	cr_assert(backoff_quadratic(1000, 4000, 0) <= 1000, "attempts count from 1");
}

Test(backoff, a_server_can_lengthen_a_wait_up_to_one_hour_but_not_shorten_it)
{
	cr_assert_eq(backoff_respect(5000, -1, 3600), 5000);
	cr_assert_eq(backoff_respect(5000, 0, 3600), 5000);
	cr_assert_eq(backoff_respect(5000, 7, 3600), 7000);
	cr_assert_eq(backoff_respect(5000, INT64_MAX, 3600), 3600000);
	cr_assert_eq(backoff_respect(5000, 86400, 432000), 86400000);
}

Test(backoff, random_reaches_both_ends_of_its_range)
{
	int seen[3] = { 0 };

	for (int i = 0; i < 1000; i++)
		seen[backoff_random(-1, 1) + 1]++;
	cr_assert(seen[0] > 200 && seen[1] > 200 && seen[2] > 200);
	cr_assert_eq(backoff_random(7, 7), 7);
}
