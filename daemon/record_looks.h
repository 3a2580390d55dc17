/* When the records are looked at (checks/record_run.h): some time after an evaluation of another batch or day, never
 * while one burst of batches follows another, on a connection that no evaluation waits for. */
#ifndef SETASIDE_DAEMON_RECORD_LOOKS_H
#define SETASIDE_DAEMON_RECORD_LOOKS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/day.h"

struct event_base;
struct record_looks;
struct schedule;
struct sql_link;

/* Adds the task "records" to the schedule. All are lent; jurisdiction is copied. */
struct record_looks *record_looks_new(struct schedule *schedule, struct event_base *base,
	struct sql_link *link, const char *jurisdiction);
/* Cancels what runs. NULL is fine. */
void record_looks_free(struct record_looks *looks);

/* An evaluation of that day and batch ended. */
void record_looks_after(struct record_looks *looks, day_t as_of, int64_t batch);
void record_looks_stop(struct record_looks *looks);
bool record_looks_running(const struct record_looks *looks);

#endif
