#include "sql/pump.h"

#include <event2/event.h>
#include <stdlib.h>

#include "core/mem.h"
#include "sql/copy_binary.h"

enum {
	PUMP_SLICE = 256, /* rows in one turn of the loop */
	ROWS_BYTES = 32 * 1024
};

struct pump {
	struct pump_call call;
	struct sql_copy *copy;  /* NULL once it ended or failed */
	struct copy_bytes rows; /* on their way into copy */
	struct event *turn;
	size_t next;
};

static void send_rows(struct pump *pump)
{
	sql_copy_raw(pump->copy, pump->rows.data, pump->rows.used);
	pump->rows.used = 0;
}

static void pump_some(struct pump *pump)
{
	if (!pump->copy)
		return;
	for (int slice = 0; slice < PUMP_SLICE && pump->next < pump->call.count; slice++) {
		if (sql_copy_full(pump->copy)) /* then nothing is left in rows either */
			return;                /* drained continues */
		pump->call.row(pump->call.arg, &pump->rows, pump->next++);
		if (pump->rows.used >= ROWS_BYTES)
			send_rows(pump);
	}
	if (pump->rows.used > 0)
		send_rows(pump);
	if (pump->next < pump->call.count) {
		/* A timer, not event_active(): that would run again before the loop looks at sockets. */
		event_add(pump->turn, &(struct timeval){ 0, 0 });
		return;
	}
	struct sql_copy *copy = pump->copy;
	pump->copy = NULL;
	sql_copy_end(copy);
}

static void on_turn(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	pump_some(arg);
}

static void on_ready(void *arg)
{
	struct pump *pump = arg;
	copy_binary_head(&pump->rows);
	pump_some(pump);
}

static void on_drained(void *arg)
{
	pump_some(arg);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct pump *pump = arg;
	pump->copy = NULL;
	pump->call.done(pump->call.arg, outcome);
}

struct pump *pump_start(struct event_base *base, struct sql_tx *tx, const struct pump_call *call)
{
	struct pump *pump = mem_zero(1, sizeof(*pump));
	pump->call = *call;
	pump->turn = event_new(base, -1, 0, on_turn, pump);
	if (!pump->turn)
		BUG("no memory for an event");
	pump->copy = sql_tx_copy(tx, &(struct sql_copy_call){
					     .text = call->text,
					     .ready = on_ready,
					     .drained = on_drained,
					     .done = on_done,
					     .arg = pump,
					     .deadline_ms = call->deadline_ms,
				     });
	return pump;
}

void pump_free(struct pump *pump)
{
	if (!pump)
		return;
	event_free(pump->turn);
	copy_bytes_free(&pump->rows);
	free(pump);
}
