/* What people said of suspected overdue debts (核实): the latest review of each, and whether it still fits the debt.
 *
 * The program calculates 疑似逾期（待核实）; a person verifies. A review speaks of what the reviewer saw: the oldest due day
 * and the overdue amount. When either has moved against the debtor since (another part fell due, a payment was taken
 * back), the review no longer holds and the row is a suspicion again. A part payment does not undo it. */
#ifndef SETASIDE_CHECKS_REVIEW_H
#define SETASIDE_CHECKS_REVIEW_H

#include "checks/arrears.h"

enum review_verdict {
	REVIEW_NONE,
	REVIEW_VERIFIED, /* 已核实: overdue as calculated */
	REVIEW_CONTESTED, /* 有争议: the unit gives a reason that must be looked into (no invoice, P-5) */
	REVIEW_NOT_PAID, /* the unmatched payment was looked at and is for something else */
	REVIEW_REFUTED /* not overdue: the records are wrong and will be corrected at the source */
};
const char *review_verdict_name(
	enum review_verdict verdict); /* "", verified, contested, not-paid, refuted */
enum review_verdict review_verdict_parse(const char *name); /* REVIEW_NONE for any other word */

struct review {
	char *obligation_no, *reviewer;
	enum review_verdict verdict;
	day_t reviewed_on;
	day_t overdue_since; /* as the reviewer saw it */
	fen_t overdue;
};

struct review_book;
struct review_book *review_book_new(void);
void review_book_free(struct review_book *book);
/* Texts are copied; a later one of the same debt replaces the earlier. */
void review_book_add(struct review_book *book, const struct review *review);
/* The review of the debt that holds for this state; NULL when there is none, or book is NULL. */
const struct review *review_holding(const struct review_book *book, const char *obligation_no,
	const struct obligation_state *state);
/* Verdict of that review, REVIEW_NONE without one. */
enum review_verdict review_of(const struct review_book *book, const char *obligation_no,
	const struct obligation_state *state);

/* Where a covered overdue row stands with people; the picture in the README is drawn from standing_steps. */
enum standing {
	STANDING_NONE,       /* nothing is overdue */
	STANDING_MAYBE_PAID, /* nobody is alerted until the unmatched payment was looked at */
	STANDING_SUSPECTED,  /* 疑似逾期（待核实） */
	STANDING_CONTESTED,  /* a person says so, or its invoice is late (checks/invoice.h) */
	STANDING_VERIFIED, /* 逾期（已核实）: the only one that letters, ledgers and disclosure may use */
	STANDING_REFUTED,
	STANDING_COUNT
};
const char *standing_name(enum standing standing);
const char *standing_words(enum standing standing); /* zh-CN */
enum standing standing_of(const struct obligation_state *state, enum review_verdict verdict);

struct standing_step {
	enum standing from, to;
	const char *event, *who, *why;
};
/* Ends with event NULL. */
extern const struct standing_step standing_steps[];
struct buf;
/* Writes the standings from which a person may give the verdict ("verified" …, "withdrawn") as an array literal for
 * store_review: "{suspected,maybe-paid}". False for a word that is no verdict. */
bool review_allowed(const char *verdict, struct buf *out);
/* A Mermaid stateDiagram-v2 block in Markdown fences, steps in table order. */
void standing_draw(struct buf *out);

#endif
