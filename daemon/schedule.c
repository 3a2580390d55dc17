/* Tasks with an appointment hang in one list ordered by it; the timer is always set for the first one. A task is in
 * the list exactly when `due` is set and it does not run. Tasks are tens, so an insertion walk is cheap. */
#include "daemon/schedule.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "core/backoff.h"
#include "core/clock.h"
#include "core/err.h"
#include "core/mem.h"

enum { START_BUDGET = 16 };

struct schedule_task {
	struct schedule *schedule;
	char *name;
	int64_t every_ms;
	schedule_run_fn run;
	void *arg;
	int64_t due; /* monotonic ms; -1 = no appointment */
	bool running;
	bool queued;
	int64_t again_ms; /* asked for while running: wait after the end; -1 = not asked */
	TAILQ_ENTRY(schedule_task) all, queue;
};
TAILQ_HEAD(task_list, schedule_task);

struct schedule {
	struct event *timer;
	struct task_list all, queue;
	bool paused;
};

static void set_timer(struct schedule *schedule)
{
	struct schedule_task *first = TAILQ_FIRST(&schedule->queue);
	if (!first || schedule->paused) {
		evtimer_del(schedule->timer);
		return;
	}
	int64_t wait = first->due - clock_steady_ms();
	if (wait < 0)
		wait = 0;
	struct timeval tv = { (time_t)(wait / 1000), (suseconds_t)(wait % 1000 * 1000) };
	evtimer_add(schedule->timer, &tv);
}

static void unqueue(struct schedule_task *task)
{
	if (task->queued)
		TAILQ_REMOVE(&task->schedule->queue, task, queue);
	task->queued = false;
	task->due = -1;
}

static void enqueue(struct schedule_task *task, int64_t wait_ms)
{
	struct schedule *schedule = task->schedule;
	struct schedule_task *after;
	unqueue(task);
	task->due = clock_steady_ms() + wait_ms;
	task->queued = true;
	TAILQ_FOREACH(after, &schedule->queue, queue)
	if (after->due > task->due)
		break;
	if (after)
		TAILQ_INSERT_BEFORE(after, task, queue);
	else
		TAILQ_INSERT_TAIL(&schedule->queue, task, queue);
	set_timer(schedule);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct schedule *schedule = arg;
	struct schedule_task *task;
	(void)fd, (void)what;
	int64_t now = clock_steady_ms();
	for (int i = 0; i < START_BUDGET && !schedule->paused; i++) {
		task = TAILQ_FIRST(&schedule->queue);
		if (!task || task->due > now)
			break;
		unqueue(task);
		task->running = true;
		task->run(task->arg);
	}
	set_timer(schedule);
}

struct schedule *schedule_new(struct event_base *base)
{
	struct schedule *schedule = mem_zero(1, sizeof(*schedule));
	TAILQ_INIT(&schedule->all);
	TAILQ_INIT(&schedule->queue);
	schedule->timer = evtimer_new(base, on_timer, schedule);
	if (!schedule->timer)
		BUG("no timer for the schedule");
	return schedule;
}

void schedule_free(struct schedule *schedule)
{
	if (!schedule)
		return;
	while (!TAILQ_EMPTY(&schedule->all))
		schedule_remove(TAILQ_FIRST(&schedule->all));
	event_free(schedule->timer);
	free(schedule);
}

struct schedule_task *schedule_add(
	struct schedule *schedule, const struct schedule_options *options)
{
	if (schedule_find(schedule, options->name))
		BUG("two tasks named %s", options->name);
	struct schedule_task *task = mem_zero(1, sizeof(*task));
	task->schedule = schedule;
	task->name = mem_text(options->name);
	task->every_ms = options->every_ms;
	task->run = options->run;
	task->arg = options->arg;
	task->due = -1;
	task->again_ms = -1;
	TAILQ_INSERT_TAIL(&schedule->all, task, all);
	if (options->first_ms >= 0)
		enqueue(task, options->first_ms);
	return task;
}

void schedule_remove(struct schedule_task *task)
{
	struct schedule *schedule = task->schedule;
	unqueue(task);
	TAILQ_REMOVE(&schedule->all, task, all);
	set_timer(schedule);
	free(task->name);
	free(task);
}

struct schedule_task *schedule_find(struct schedule *schedule, const char *name)
{
	struct schedule_task *task;
	TAILQ_FOREACH(task, &schedule->all, all)
	if (strcmp(task->name, name) == 0)
		return task;
	return NULL;
}

/* The appointment after a run: what was asked for meanwhile, what the run itself wants, or the period. */
void schedule_done(struct schedule_task *task, int64_t next_ms)
{
	if (!task->running)
		BUG("task %s is not running", task->name);
	task->running = false;
	if (next_ms < 0 && task->every_ms > 0)
		next_ms = task->every_ms - backoff_random(0, task->every_ms / 10);
	if (task->again_ms >= 0 && (next_ms < 0 || task->again_ms < next_ms))
		next_ms = task->again_ms;
	task->again_ms = -1;
	if (next_ms >= 0)
		enqueue(task, next_ms);
}

void schedule_soon(struct schedule_task *task, int64_t delay_ms)
{
	if (task->running) {
		if (task->again_ms < 0 || delay_ms < task->again_ms)
			task->again_ms = delay_ms;
	} else if (!task->queued || task->due > clock_steady_ms() + delay_ms) {
		enqueue(task, delay_ms);
	}
}

void schedule_pause(struct schedule *schedule)
{
	schedule->paused = true;
	set_timer(schedule);
}

void schedule_resume(struct schedule *schedule)
{
	schedule->paused = false;
	set_timer(schedule);
}

bool schedule_running(const struct schedule_task *task)
{
	return task->running;
}

int64_t schedule_wait(const struct schedule_task *task)
{
	if (!task->queued)
		return -1;
	int64_t wait = task->due - clock_steady_ms();
	return wait > 0 ? wait : 0;
}

int64_t schedule_late_ms(const struct schedule *schedule)
{
	const struct schedule_task *first = TAILQ_FIRST(&schedule->queue);
	int64_t late = first && !schedule->paused ? clock_steady_ms() - first->due : 0;
	return late > 0 ? late : 0;
}

int schedule_running_count(const struct schedule *schedule)
{
	const struct schedule_task *task;
	int count = 0;
	TAILQ_FOREACH(task, &schedule->all, all)
	count += task->running;
	return count;
}
