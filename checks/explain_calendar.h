/* Why a year without a working-day calendar is a finding (DT-6, G-38): whose days cannot be told without it. */
#ifndef SETASIDE_CHECKS_EXPLAIN_CALENDAR_H
#define SETASIDE_CHECKS_EXPLAIN_CALENDAR_H

#include "checks/arrears.h"
#include "checks/json_out.h"

enum { EXPLAIN_CALENDAR_MAX = 1000 }; /* obligations listed; the count is of all */

/* One object: {"year", "known", "rule", "reading", "article", "text" (zh-CN), "waiting": [numbers of the obligations that need
 * the year on the day], "count"}. */
void explain_calendar(const struct arrears_question *question, int year, struct json_out *out);

#endif
