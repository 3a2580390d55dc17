/* Which records a look judges: those that later batches, days or another law changed since the last look, or all of two budget
 * years.
 *
 * A look closes over procurements: all budget rows, contracts and notices of one project, of whatever units, because the rules
 * compare them with one another; a contract without a project; the budget rows of a unit that name none. What the last look
 * saw is the mark (record_mark): it moves in the transaction that stores what a look found, so that a look that failed or was
 * overtaken leaves it, and the next one judges the same again.
 *
 * Everything happens in the caller's write transaction, in which no lock is taken. Facts are those of one batch, whatever is
 * committed meanwhile. */
#ifndef SETASIDE_CHECKS_RECORD_SCOPE_H
#define SETASIDE_CHECKS_RECORD_SCOPE_H

#include "checks/load.h"

struct sql_tx;

enum { RECORD_BASIS_MAX = 40 };
struct record_mark {
	day_t as_of; /* DAY_NONE: there is none */
	int64_t known_batch;
	char basis[RECORD_BASIS_MAX]; /* hash over jurisdiction, program and law */
};
struct record_scope {
	struct record_mark last, now;
	bool same;     /* the last look saw this; the rest is not filled then */
	bool whole;    /* all records are judged, not only touched ones */
	int64_t count; /* procurements: rows of the temporary table work_record, numbered from 0 */
	struct ledger *ledger; /* law and units; the scope's */
};
void record_scope_free(struct record_scope *scope);

struct record_scoping;
/* scope is the receiver's to free; NULL on failure. done: once, never inside the start. full: whatever the mark says. */
typedef void (*record_scope_fn)(void *arg, const struct err *err, struct record_scope *scope);
struct record_scoping *record_scope_start(struct sql_tx *tx, const char *jurisdiction, day_t as_of,
	bool full, record_scope_fn done, void *arg);
/* After sql_tx_abandon(). NULL is fine. */
void record_scope_cancel(struct record_scoping *scoping);

/* Moves the mark to what the scope saw. moved: false = the mark is not the one that the scope began at. */
typedef void (*record_moved_fn)(void *arg, const struct err *err, bool moved);
struct record_move {
	record_moved_fn done;
	void *arg;
};
/* move is lent until done. */
void record_scope_move_mark(
	struct sql_tx *tx, const struct record_scope *scope, struct record_move *move);

#endif
