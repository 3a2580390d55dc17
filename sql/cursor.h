/* A configured query of a source database, read in pages inside one read-only snapshot.
 *
 * The one place where a statement is made from a text that is not a file of ours: the operator's query is put behind
 * DECLARE … CURSOR FOR. The extended protocol takes a single statement and DECLARE takes only a query, in a transaction
 * that is read-only on a session that is read-only; values are parameters here as everywhere.
 *
 * Contract: done is called exactly once, never inside sql_cursor_open(), never after sql_cursor_cancel(); the cursor is
 * gone then. rows come between; a page of up to 1000 is followed by `page`, and the next one is fetched by
 * sql_cursor_more(). Rows are provisional until done says that all is well. Memory is one row. */
#ifndef SETASIDE_SQL_CURSOR_H
#define SETASIDE_SQL_CURSOR_H

#include "sql/job.h"

struct sql_cursor;
struct sql_cursor_call {
	const char *query;               /* one SELECT, VALUES or WITH … SELECT; copied */
	const struct sql_params *params; /* NULL = none; copied */
	sql_row_fn row;
	void (*page)(void *arg);
	sql_done_fn done; /* affected = rows in all */
	void *arg;
	int page_ms; /* deadline of one page, 0 = 30000 */
	int all_ms;  /* deadline of the whole, waiting for sql_cursor_more() included */
};
struct sql_cursor *sql_cursor_open(
	struct sql_link *link, const struct sql_cursor_call *call, struct err *err);
void sql_cursor_more(struct sql_cursor *cursor);
/* NULL is fine. */
void sql_cursor_cancel(struct sql_cursor *cursor);

#endif
