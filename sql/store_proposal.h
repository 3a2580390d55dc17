/* Proposals of the ladder (E-6) in the caller's write transaction, and a person's decision on one of them.
 *
 * What is proposed follows checks/ladder.h; the store keeps it. Amounts are fen. */
#ifndef SETASIDE_SQL_STORE_PROPOSAL_H
#define SETASIDE_SQL_STORE_PROPOSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_link;
struct sql_tx;

struct proposal_store;
struct proposal_store *proposal_store_new(struct sql_tx *tx);
/* After the end of the transaction; drops a step under way. NULL is fine. */
void proposal_store_free(struct proposal_store *store);

typedef void (*proposal_done_fn)(void *arg, const struct err *err);

/* Every debt that a person verified, in order of number, each lent for the call; then done once. */
typedef void (*proposal_candidate_fn)(void *arg, const char *obligation_no, int64_t overdue_days);
void proposal_store_candidates(struct proposal_store *store, day_t as_of,
	proposal_candidate_fn candidate, proposal_done_fn done, void *arg);

/* Between the candidates and proposal_store_keep(): the step on which a verified debt stands. Texts are copied. */
void proposal_store_stands(
	struct proposal_store *store, const char *obligation_no, const char *step);
/* Brings the waiting proposals in line. changed: rows that came or left. ERR_LIMIT at once above 16 MB of numbers. */
typedef void (*proposal_kept_fn)(void *arg, const struct err *err, int64_t changed);
int proposal_store_keep(struct proposal_store *store, int64_t run_id, day_t as_of,
	proposal_kept_fn done, void *arg, struct err *err);

enum { PROPOSAL_NO_INTEREST = -1 };
/* One row of a confirmed proposal that nobody was told of, with what belongs to all of them. */
struct proposal_row {
	int64_t proposal_id;
	const char *step, *unit_code, *department, *decided_by, *reason;
	day_t decided_on;
	int64_t rows_total;
	fen_t overdue_total;
	const char *obligation_no, *contract_no, *supplier_name, *supplier_uscc;
	day_t overdue_since;
	int64_t overdue_days;
	fen_t overdue, disputed;
	fen_t interest; /* estimated, on the day told; PROPOSAL_NO_INTEREST = none is calculated */
};
/* By proposal, largest first, at most 50 of each; lent for the call. */
typedef void (*proposal_row_fn)(void *arg, const struct proposal_row *row);
void proposal_store_confirmed(struct proposal_store *store, day_t as_of, proposal_row_fn row,
	proposal_done_fn done, void *arg);
void proposal_store_told(struct proposal_store *store, int64_t run_id, int64_t proposal_id,
	proposal_done_fn done, void *arg);

/* A person's decision, in a transaction of its own. Texts are copied; decision is confirmed or declined. ERR_USAGE at
 * once: a name or reason that is missing or too long. Later ERR_DATA: no such proposal; ERR_REFUSED: it does not wait any
 * more. rows: debts in it. */
struct proposal_decision {
	int64_t proposal_id;
	const char *decision, *person, *reason;
};
typedef void (*proposal_decided_fn)(void *arg, const struct err *err, int64_t rows);
int proposal_decide(struct sql_link *link, const struct proposal_decision *decision,
	proposal_decided_fn done, void *arg, struct err *err);

#endif
