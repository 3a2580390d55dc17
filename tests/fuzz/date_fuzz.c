#include "fuzz/fuzz.h"

#include <string.h>

#include "collectors/value_date.h"

static void check_day(day_t day)
{
	char room[DAY_TEXT_MAX];
	struct value_date again;

	MUST(day_year(day) >= 1990 && day_year(day) <= 2100);
	day_text(day, room);
	value_date_read(
		room, strlen(room), &(struct value_date_rule){ .order = VALUE_ORDER_NONE }, &again);
	MUST(again.state == VALUE_GIVEN && again.day == day);
}

/* The first byte chooses the rule. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	struct value_date date;
	char month[8];

	if (count == 0)
		return 0;
	struct value_date_rule rule = { .order = (enum value_date_order)((bytes[0] & 3) % 3),
		.pick = (enum value_date_pick)((bytes[0] >> 2 & 3) % 3),
		.open_ok = bytes[0] & 16,
		.date1904 = bytes[0] & 32 };
	value_date_read((const char *)bytes + 1, count - 1, &rule, &date);
	if (date.state == VALUE_GIVEN) {
		MUST(date.code[0] == '\0');
		check_day(date.day);
	} else {
		MUST(date.day == DAY_NONE);
		MUST(strcmp(value_reason(date.code), date.code) != 0);
	}
	if (value_month_read((const char *)bytes + 1, count - 1, month))
		MUST(strlen(month) == 7 && month[4] == '-');
	return 0;
}
