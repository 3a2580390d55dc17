/* Reviews of suspected overdue debts: what a person found, kept for ever (obligation_review).
 *
 * A review says what its writer saw (oldest due day and overdue amount); when the ledger says something else by now, the
 * review is refused: nobody verifies figures that were not on the screen. What a review means is in checks/review.h. It
 * takes effect with the next run. */
#ifndef SETASIDE_SQL_STORE_REVIEW_H
#define SETASIDE_SQL_STORE_REVIEW_H

#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_link;

struct store_review {
	const char *obligation_no;
	const char *verdict;  /* verified, contested, not-paid, refuted, withdrawn */
	const char *reviewer; /* account name, not empty */
	const char *note;
	day_t overdue_since; /* as shown to the reviewer */
	fen_t overdue;
};

/* ERR_REFUSED: the debt is not overdue, or not as it was shown. Called once, never inside store_review_add(). */
typedef void (*store_review_fn)(void *arg, const struct err *err, int64_t review_id);
/* Texts are copied. */
int store_review_add(struct sql_link *link, const struct store_review *review, store_review_fn done,
	void *arg, struct err *err);

#endif
