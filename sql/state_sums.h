/* What is summed over the states of a first run while they are sent, because the server would have to read all of them again
 * for it: what was paid under each contract (contract_paid) and how many obligations wait for the working calendar of a year
 * (obligation_missing_year). Later exchanges keep both by what differs (queries/state_change_apply.sql).
 *
 * The contracts are those of one piece: all states of a contract are in one piece. The years are of the whole run. Amounts are
 * fen. */
#ifndef SETASIDE_SQL_STATE_SUMS_H
#define SETASIDE_SQL_STATE_SUMS_H

#include <stddef.h>

#include "sql/array.h"
#include "sql/copy_bytes.h"
#include "sql/store_check.h"

struct state_sums;
struct state_sums *state_sums_new(void);
void state_sums_free(struct state_sums *sums); /* NULL is fine */
void state_sums_add(struct state_sums *sums, const struct state_row *row);
/* Contracts of the piece under which something was paid, deposits apart. */
size_t state_sums_contracts(const struct state_sums *sums);
/* Row index of copy/contract_paid_copy.sql. */
void state_sums_put(const struct state_sums *sums, struct copy_bytes *out, size_t index);
/* The piece was sent: the next one begins. */
void state_sums_clear(struct state_sums *sums);
/* The parameters of queries/state_first_years.sql. */
void state_sums_years(
	const struct state_sums *sums, struct sql_array *years, struct sql_array *obligations);

#endif
