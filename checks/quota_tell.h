/* Whether a person is told of a gap of the set-aside, and how: the alerting contract as one pure function of what was judged
 * and what was told last.
 *
 *   while budgets are collected            nothing
 *   a gap, nothing told or it was closed   told at once (opened, reopened); once the year is over only if it was told before
 *   the gap was told                       told again when its grade rises, when it grew by growth_ppm, after repeat_months
 *   the final figures                      told once, whatever was told before; then nothing more of that year
 *   a gap that was told is made good       told once (closed)
 *
 * Grades: notice; warning when what can still be reserved is under cover_ppm of the gap; urgent when the gap cannot be closed
 * any more or its last feasible day is at most urgent_workdays away. A target whose gap is quiet (outlook.h) has no gap here:
 * nothing is told of it, nor is it told as made good. Amounts are fen. */
#ifndef SETASIDE_CHECKS_QUOTA_TELL_H
#define SETASIDE_CHECKS_QUOTA_TELL_H

#include "checks/outlook.h"

enum quota_grade { QUOTA_NOTICE, QUOTA_WARNING, QUOTA_URGENT, QUOTA_FINAL };
const char *quota_grade_name(enum quota_grade grade); /* "notice", "warning", "urgent", "final" */
bool quota_grade_of_name(const char *name, enum quota_grade *ret);
const char *quota_grade_severity(enum quota_grade grade); /* of the message */

/* Parameters O-2 on 1 January of the fiscal year. */
struct quota_tell_limits {
	int64_t cover_ppm, urgent_workdays, growth_ppm, repeat_months;
};
struct quota_tell_limits quota_tell_limits_of(const struct law *law, int fiscal_year);

/* What was told last of one scope and year. */
struct quota_told {
	bool ever;
	bool open; /* the last message said that there is a gap */
	day_t told_on;
	enum quota_grade grade;
	fen_t sme_gap, small_micro_gap; /* as told; 0 = nothing was told of that target */
};

/* What is judged of it now. */
struct quota_tell_facts {
	enum quota_phase phase;
	day_t as_of;
	const struct outlook_target *sme, *small_micro;
};

enum quota_event { QUOTA_SILENT, QUOTA_OPENED, QUOTA_UPDATED, QUOTA_REOPENED, QUOTA_CLOSED };
struct quota_decision {
	enum quota_event event;
	enum quota_grade grade;
	struct quota_told told; /* to be kept once a message is queued */
};
struct quota_decision quota_tell_decide(const struct quota_tell_limits *limits,
	const struct quota_tell_facts *now, const struct quota_told *last);

#endif
