/* Date cells as offices write them, to civil dates in Asia/Shanghai (fields.md §3, golden G-64).
 *
 * Codes: null empty, not-applicable, text-date, sentinel, open; refusals date-order-unknown, date-impossible,
 * date-two-digit-year, date-month-only, date-year-only, date-range, date-out-of-range. Pure, thread-safe. */
#ifndef SETASIDE_COLLECTORS_VALUE_DATE_H
#define SETASIDE_COLLECTORS_VALUE_DATE_H

#include <stdbool.h>
#include <stddef.h>

#include "collectors/value.h"
#include "core/day.h"

enum value_date_order { VALUE_ORDER_NONE, VALUE_ORDER_DMY, VALUE_ORDER_MDY };
enum value_date_pick { VALUE_PICK_NONE, VALUE_PICK_START, VALUE_PICK_END };
enum { VALUE_DATE_TEXT_MAX = 256 };

struct value_date_rule {
	enum value_date_order order;
	enum value_date_pick pick;
	bool open_ok;  /* 长期, 9999-12-31 mean "no end" */
	bool date1904; /* serial numbers count from 1904 */
};

struct value_date {
	enum value_state state;
	day_t day;        /* VALUE_GIVEN, else DAY_NONE */
	const char *code; /* static; "" when there is nothing to say */
};

void value_date_read(const char *text, size_t length, const struct value_date_rule *rule,
	struct value_date *ret);

/* A month column: "2026-03", "202603", "2026年3月", or any full date, to YYYY-MM. False if it is none of them. */
bool value_month_read(const char *text, size_t length, char ret_text[8]);

#endif
