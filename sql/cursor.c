#include "sql/cursor.h"

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/link.h"

enum { PAGE_ROWS = 1000, PAGE_MS = 30000 };

struct sql_cursor {
	struct sql_tx *tx;
	sql_row_fn row;
	void (*page)(void *arg);
	sql_done_fn done;
	void *arg;
	char *declare;
	struct sql_params params;
	char *param_text[SQL_PARAMS_MAX];
	int page_ms;
	int64_t rows;
	bool idle;  /* waits for sql_cursor_more() */
	bool quiet; /* cancelled: ends by itself and tells nobody */
	struct sql_outcome outcome;
};

static void cursor_free(struct sql_cursor *cursor)
{
	for (int i = 0; i < cursor->params.count; i++)
		free(cursor->param_text[i]);
	free(cursor->declare);
	free(cursor);
}

static void tell(struct sql_cursor *cursor)
{
	struct sql_outcome outcome = cursor->outcome;
	sql_done_fn done = cursor->quiet ? NULL : cursor->done;
	void *arg = cursor->arg;

	outcome.affected = cursor->rows;
	outcome.unknown = false; /* nothing was written */
	cursor_free(cursor);
	if (done)
		done(arg, &outcome);
}

static void on_closed(void *arg, const struct sql_outcome *outcome)
{
	(void)outcome; /* all rows were read already, or the cause is kept */
	tell(arg);
}

static void close_with(struct sql_cursor *cursor, const struct sql_outcome *outcome)
{
	struct sql_tx *tx = cursor->tx;

	if (outcome)
		cursor->outcome = *outcome;
	cursor->tx = NULL;
	sql_tx_rollback(tx, on_closed, cursor);
}

static void on_row(void *arg, const struct sql_row *row)
{
	struct sql_cursor *cursor = arg;

	cursor->rows++;
	if (!cursor->quiet)
		cursor->row(cursor->arg, row);
}

static void fetch(struct sql_cursor *cursor);

static void on_page(void *arg, const struct sql_outcome *outcome)
{
	struct sql_cursor *cursor = arg;

	if (outcome->err.code != ERR_NONE || cursor->quiet) {
		close_with(cursor, outcome);
	} else if (outcome->affected < PAGE_ROWS) {
		close_with(cursor, NULL);
	} else {
		cursor->idle = true;
		cursor->page(cursor->arg);
	}
}

static void fetch(struct sql_cursor *cursor)
{
	struct sql_call call = { .text = sql_text_foreign_fetch,
		.row = on_row,
		.done = on_page,
		.arg = cursor,
		.deadline_ms = cursor->page_ms,
		.stream = true };

	sql_tx_call(cursor->tx, &call);
}

static void on_declared(void *arg, const struct sql_outcome *outcome)
{
	struct sql_cursor *cursor = arg;

	if (outcome->err.code != ERR_NONE || cursor->quiet)
		close_with(cursor, outcome);
	else
		fetch(cursor);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct sql_cursor *cursor = arg;
	struct sql_call call = { .text = cursor->declare,
		.params = &cursor->params,
		.done = on_declared,
		.arg = cursor,
		.deadline_ms = cursor->page_ms };

	cursor->tx = tx;
	if (!tx) {
		cursor->outcome = *outcome;
		tell(cursor);
	} else if (cursor->quiet) {
		close_with(cursor, outcome);
	} else {
		sql_tx_call(tx, &call);
	}
}

static void copy_params(struct sql_cursor *cursor, const struct sql_params *params)
{
	for (int i = 0; params && i < params->count; i++) {
		cursor->param_text[i] = params->value[i] ? mem_text(params->value[i]) : NULL;
		sql_param_text(&cursor->params, cursor->param_text[i]);
	}
}

struct sql_cursor *sql_cursor_open(
	struct sql_link *link, const struct sql_cursor_call *call, struct err *err)
{
	struct sql_cursor *cursor = mem_zero(1, sizeof(*cursor));

	cursor->row = call->row;
	cursor->page = call->page;
	cursor->done = call->done;
	cursor->arg = call->arg;
	cursor->page_ms = call->page_ms ? call->page_ms : PAGE_MS;
	cursor->declare = mem_format(
		"DECLARE setaside_pull NO SCROLL CURSOR WITHOUT HOLD FOR\n%s", call->query);
	copy_params(cursor, call->params);
	if (sql_tx_begin(link, SQL_TX_SNAPSHOT, call->all_ms, on_begun, cursor, err) < 0) {
		cursor_free(cursor);
		return NULL;
	}
	return cursor;
}

void sql_cursor_more(struct sql_cursor *cursor)
{
	if (!cursor->idle)
		BUG("more rows are asked for before the page ended");
	cursor->idle = false;
	fetch(cursor);
}

void sql_cursor_cancel(struct sql_cursor *cursor)
{
	if (!cursor)
		return;
	cursor->quiet = true;
	if (cursor->idle) {
		cursor->idle = false;
		close_with(cursor, NULL);
	}
}
