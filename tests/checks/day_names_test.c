#include "checks/day_names.h"

#include <criterion/criterion.h>

#include "lib/days.h"

Test(day_names, a_holiday_has_its_name_and_a_weekend_its_weekday)
{
	struct day_names *names = day_names_new();

	day_names_add(names, day("2025-10-01"), "国庆节");
	day_names_add(names, day("2025-10-02"), "国庆节");
	day_names_add(names, day("2025-10-03"), "");
	cr_expect_str_eq(day_names_of(names, day("2025-10-02")), "国庆节");
	cr_expect_str_eq(day_names_of(names, day("2025-10-03")), "法定节假日");
	cr_expect_str_eq(day_names_of(names, day("2025-10-11")), "周六");
	cr_expect_str_eq(day_names_of(NULL, day("2025-10-12")), "周日");
	day_names_free(names);
}
