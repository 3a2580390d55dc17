/* What is due when: one queue sorted by time over one timer.
 *
 * A task is started by its run function and stays running until schedule_done() is called for it; it is never started
 * twice at once. A request that comes while it runs makes it run once more afterwards, however many requests came.
 * Waits are milliseconds on the monotonic clock. Repeating waits are shortened by up to a tenth at random, so that
 * tasks of one period drift apart. Nothing here knows what a task does. */
#ifndef SETASIDE_DAEMON_SCHEDULE_H
#define SETASIDE_DAEMON_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct event_base;
struct schedule;
struct schedule_task;

struct schedule *schedule_new(struct event_base *base);
/* Tasks are freed with it; none may be running that still calls schedule_done. NULL is fine. */
void schedule_free(struct schedule *schedule);

/* Starts the work and returns; called from the loop only, never from inside a call below. */
typedef void (*schedule_run_fn)(void *arg);

struct schedule_options {
	const char *name; /* unique: "source treasury", "evaluate"; copied */
	int64_t first_ms; /* until the first start; < 0 = only when asked for */
	int64_t every_ms; /* from the end of one run to the start of the next; 0 = only when asked for */
	schedule_run_fn run;
	void *arg;
};
struct schedule_task *schedule_add(
	struct schedule *schedule, const struct schedule_options *options);
/* Forgets the task. If it runs, schedule_done must not be called for it any more. */
void schedule_remove(struct schedule_task *task);
struct schedule_task *schedule_find(struct schedule *schedule, const char *name); /* NULL = none */

/* The run is over. next_ms >= 0 replaces the wait until the next start (a back-off, a wall-clock appointment). */
void schedule_done(struct schedule_task *task, int64_t next_ms);
/* Start at the latest after delay_ms (0 = now): an earlier appointment stays. Coalesces bursts. */
void schedule_soon(struct schedule_task *task, int64_t delay_ms);

/* While paused nothing starts; what runs goes on. */
void schedule_pause(struct schedule *schedule);
void schedule_resume(struct schedule *schedule);

bool schedule_running(const struct schedule_task *task);
/* Milliseconds until the next start, 0 when overdue, -1 when there is no appointment. */
int64_t schedule_wait(const struct schedule_task *task);
/* How long the first due task has been waiting to be started; 0 while paused. Large = the schedule does not move. */
int64_t schedule_late_ms(const struct schedule *schedule);
int schedule_running_count(const struct schedule *schedule);

#endif
