/* The rows of obligation_state and obligation_group as copy/state_change_copy.sql, copy/state_first_copy.sql and
 * copy/group_change_copy.sql want them: binary, in the order of their columns. Amounts are fen. */
#ifndef SETASIDE_SQL_STATE_ROWS_H
#define SETASIDE_SQL_STATE_ROWS_H

#include "sql/copy_bytes.h"
#include "sql/store_check.h"

void state_rows_put(struct copy_bytes *out, const struct state_key *key,
	const struct state_row *row, day_t as_of, int64_t run_id);
/* A row that says that the obligation has no state any more. */
void state_rows_gone(struct copy_bytes *out, const char *obligation_no);
/* gone: the group has no states any more. */
void state_rows_group(struct copy_bytes *out, const struct group_key *key, bool gone);

#endif
