#include "lib/days.h"

#include <criterion/criterion.h>
#include <string.h>

day_t day(const char *text)
{
	day_t parsed = DAY_NONE;

	if (*text)
		cr_assert(day_parse(text, strlen(text), &parsed), "%s", text);
	return parsed;
}
