/* Feeds a binary COPY from an array in slices: the loop stays responsive and the send buffer bounded whatever the count. */
#ifndef SETASIDE_SQL_PUMP_H
#define SETASIDE_SQL_PUMP_H

#include <stddef.h>

#include "sql/copy_bytes.h"
#include "sql/job.h"

struct event_base;
struct pump;

/* Adds row index (sql/copy_binary.h). */
typedef void (*pump_row_fn)(void *arg, struct copy_bytes *out, size_t index);

struct pump_call {
	const char *text; /* COPY … WITH (FORMAT binary), embedded */
	size_t count;
	pump_row_fn row;
	sql_done_fn done; /* once, never inside pump_start(); the pump may be freed in it */
	void *arg;
	int deadline_ms;
};
/* Freed by the caller: after done, or after sql_tx_abandon() of its transaction. */
struct pump *pump_start(struct event_base *base, struct sql_tx *tx, const struct pump_call *call);
void pump_free(struct pump *pump);

#endif
