/* Reads what the findings of records rest on (checks/findings.h), for some of the procurements that a look judges
 * (checks/record_scope.h): their budget rows, contracts with suppliers, changes, deposits, parties and notices, payments on
 * contracts whose terms may breach the regulation, and the year marks of two budget years. Units are in the scope's ledger.
 *
 * Inside the caller's transaction, as known at one batch, streamed. */
#ifndef SETASIDE_CHECKS_RECORD_LOAD_H
#define SETASIDE_CHECKS_RECORD_LOAD_H

#include "checks/facts.h"
#include "core/err.h"

struct register_book;
struct sql_tx;

struct record_piece {
	const struct register_book *registers; /* its corrections are made; lent until done */
	int64_t known_batch;
	int fiscal_year;
	int64_t first, end; /* numbers of the procurements, end not included */
};
struct record_load;
/* facts is the receiver's to free; NULL on failure. done: once, never inside the start. */
typedef void (*record_load_fn)(void *arg, const struct err *err, struct facts *facts);
struct record_load *record_load_start(
	struct sql_tx *tx, const struct record_piece *piece, record_load_fn done, void *arg);
/* After sql_tx_abandon(). NULL is fine. */
void record_load_cancel(struct record_load *load);

#endif
