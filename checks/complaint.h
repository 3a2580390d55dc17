/* The two clocks of a complaint (K-2, K-3, K-7, G-52). One that was not admitted (K-5) has none, from the day on which that
 * was answered; without such a day at once. */
#ifndef SETASIDE_CHECKS_COMPLAINT_H
#define SETASIDE_CHECKS_COMPLAINT_H

#include "checks/facts.h"
#include "checks/law.h"

enum hand_over_status {
	HAND_OVER_NOT_STARTED,
	HAND_OVER_PENDING,
	HAND_OVER_ON_TIME,
	HAND_OVER_LATE,
	HAND_OVER_BREACH,
	HAND_OVER_NO_CLOCK,
	HAND_OVER_DATA_MISSING,
	HAND_OVER_CALENDAR_MISSING
};
enum answer_status {
	ANSWER_NOT_STARTED,
	ANSWER_OPEN,
	ANSWER_WARN,
	ANSWER_BREACH,
	ANSWER_ANSWERED,
	ANSWER_ANSWERED_LATE,
	ANSWER_NO_CLOCK,
	ANSWER_CALENDAR_MISSING
};
const char *hand_over_status_name(enum hand_over_status status);
const char *answer_status_name(enum answer_status status);
/* zh-CN; the code itself where there are no words for it. */
const char *complaint_result_words(const char *result);

struct complaint_verdict {
	day_t hand_over_due;
	enum hand_over_status hand_over;
	day_t answer_nominal, answer_due;
	enum answer_status answer;
};
struct complaint_verdict complaint_judge(
	const struct law *law, const struct complaint_fact *complaint, day_t as_of);

#endif
