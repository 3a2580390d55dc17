/* Reviews of suspected overdue debts: what a person found, kept for ever (obligation_review).
 *
 * A review says what its writer saw (oldest due day and overdue amount); when the ledger says something else by now, the
 * review is refused: nobody verifies figures that were not on the screen. It is refused too where the debt stands so that
 * the verdict cannot be given. What a review means is in checks/review.h. It takes effect with the next run. */
#ifndef SETASIDE_SQL_STORE_REVIEW_H
#define SETASIDE_SQL_STORE_REVIEW_H

#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_link;

enum { REVIEW_NOTE_MAX = 4000, REVIEW_REVIEWER_MAX = 200 }; /* bytes */
#define REVIEW_AS_IT_STANDS INT64_MIN

struct store_review {
	const char *obligation_no;
	const char *verdict;  /* verified, contested, not-paid, refuted, withdrawn */
	const char *reviewer; /* the person's name, not empty */
	const char *note;     /* the reason in the person's words, not empty */
	day_t overdue_since;  /* as shown to the reviewer; DAY_NONE = as it stands */
	fen_t overdue;        /* the same; REVIEW_AS_IT_STANDS */
	const char *
		allowed; /* standings from which the verdict may be given: "{suspected,maybe-paid}" */
};

struct store_reviewed {
	int64_t review_id;
	day_t overdue_since;
	fen_t overdue;
};

/* ERR_REFUSED: the debt is not overdue, not as it was shown, or stands where the verdict cannot be given; the text says
 * which. Called once, never inside store_review_add(). reviewed is NULL on an error, else lent. */
typedef void (*store_review_fn)(
	void *arg, const struct err *err, const struct store_reviewed *reviewed);
/* Texts are copied. ERR_USAGE at once: a name or reason that is missing or too long. */
int store_review_add(struct sql_link *link, const struct store_review *review, store_review_fn done,
	void *arg, struct err *err);

#endif
