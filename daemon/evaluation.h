/* When the rules run: after a batch, when the day turns in Shanghai, and once at the start.
 *
 * A batch after a pause is evaluated at once. Those that come during a run share the next one, which waits a little: as long
 * as the last run took, and twice as long with each run of a streak, up to a fifth of a second. So a burst costs few runs,
 * and nobody waits long for one. */
#ifndef SETASIDE_DAEMON_EVALUATION_H
#define SETASIDE_DAEMON_EVALUATION_H

#include <stdbool.h>
#include <stdint.h>

struct evaluation;
struct event_base;
struct record_looks;
struct schedule;
struct sql_link;

/* Adds the tasks "evaluate" and "day-turn" to the schedule. All are lent; jurisdiction is copied.
 * looks hears of every evaluation that ended. */
struct evaluation *evaluation_new(struct schedule *schedule, struct event_base *base,
	struct sql_link *link, const char *jurisdiction, struct record_looks *looks);
/* Cancels what runs. */
void evaluation_free(struct evaluation *evaluation);

void evaluation_soon(struct evaluation *evaluation);
void evaluation_stop(struct evaluation *evaluation);
bool evaluation_running(const struct evaluation *evaluation);

/* Milliseconds between the end of a run that took run_ms, the streak-th of a streak (0: after a pause), and the next one.
 * Exposed for tests. */
int64_t evaluation_gap_ms(int64_t run_ms, int streak);

/* Milliseconds from a Unix time (seconds) to the next midnight in Shanghai, at most an hour: the wait is cut so that a
 * clock that was set, or a machine that slept, is noticed within it. Exposed for tests. */
int64_t evaluation_day_wait_ms(int64_t unix_seconds);

#endif
