/* The facts of the allocation groups that a run judges, in pieces of whole groups, read in one ordered pass.
 *
 * Inside the caller's write transaction, whose table of groups (sql/queries/work_group_make.sql) says which and in which
 * order. Rows come through cursors ordered by group, so memory is that of a few pieces, whatever the ledger holds; it grows
 * only with the largest group. A piece has every fact that its groups need, the units included, and what is on record of
 * them; what is on record of their obligations is read when it is asked for. Rows of one group come in no order: judging
 * needs none. */
#ifndef SETASIDE_CHECKS_GROUPS_H
#define SETASIDE_CHECKS_GROUPS_H

#include "checks/load.h"
#include "core/map.h"

struct sql_tx;

/* What is on record of a group, and of one obligation. Texts are in the facts' pool, prints 32 hex digits. */
struct group_record {
	const char *unit_code, *supplier_uscc;
	day_t next_change_on;
	char print[33];
};
struct state_record {
	const char *obligation_no;
	char print[33];
};
struct group_piece {
	struct ledger
		ledger; /* law and frame are lent from the run's ledger, facts are the piece's own */
	int64_t first;  /* number of its first group */
	struct group_record *records;
	size_t record_count, record_capacity;
	struct state_record *states; /* once groups_states() has read them */
	size_t state_count, state_capacity;
	struct map
		strays; /* keys of the stray payments in it: each counts once, for all groups of its payee */
};
void group_piece_free(struct group_piece *piece);

struct groups;
/* Borrows the ledger (law, units, known batch). count: rows of work_group. */
struct groups *groups_new(struct sql_tx *tx, const struct ledger *ledger, int64_t count);
/* Also while a piece is on its way: nobody is called any more. */
void groups_free(struct groups *groups);

/* The next piece, the receiver's to free; NULL with err NULL: all groups are through. One call at a time; done is never
 * called inside it. */
typedef void (*groups_done_fn)(void *arg, const struct err *err, struct group_piece *piece);
void groups_next(struct groups *groups, groups_done_fn done, void *arg);
/* Reads what is on record of the obligations of a piece, which is given back to done. */
void groups_states(
	struct groups *groups, struct group_piece *piece, groups_done_fn done, void *arg);

#endif
