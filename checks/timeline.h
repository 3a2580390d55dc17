/* 时间线: what happened to one debt, in order of days, for a person who explains a row to either side.
 *
 * Only what the records say and is known on the as-of day (G-01), and the days that follow from it; a due day that lies
 * ahead is marked so. */
#ifndef SETASIDE_CHECKS_TIMELINE_H
#define SETASIDE_CHECKS_TIMELINE_H

#include "checks/evidence.h"
#include "checks/review.h"

struct timeline_question {
	const struct arrears_question *arrears;
	const struct obligation_state *state;
	const struct applied_payment *payments; /* those applied to it, in order */
	size_t payment_count;
	const struct review *review; /* the one that holds, or NULL */
};

/* [{"day", "event", "words" (zh-CN), "amount_fen", "ref", "by", "ahead"}], the last four only where they apply. ref is a
 * voucher number, the document of an event record, the number of a dispute or a verdict; a settled dispute has the sum that
 * was agreed. A payment has the amount of its voucher, and in "applied_fen" what it put on the debt. What was paid or taken back has its form and why its day is that one, as checks/payment_words.h writes them;
 * the day on which a bill was given is an event of its own, with "matures_on". Of more than EVIDENCE_PAYMENTS_MAX payments the
 * earliest are shown. */
void timeline_write(
	const struct timeline_question *question, struct json_out *out, const char *key);

#endif
