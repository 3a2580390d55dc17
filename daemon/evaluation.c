#include "daemon/evaluation.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "checks/run.h"
#include "core/backoff.h"
#include "core/clock.h"
#include "core/day.h"
#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"
#include "daemon/record_looks.h"
#include "daemon/schedule.h"

enum {
	GAP_MAX_MS = 200,
	STREAK_MAX = 8,
	RETRY_FIRST_MS = 5000,
	RETRY_CAP_MS = 5 * 60000,
	DAY_S = 86400,
	SHANGHAI_OFFSET_S = 8 * 3600,
	LOOK_MS = 3600 * 1000,
	LARGE_RUN = 5000 /* obligations */
};

struct evaluation {
	struct event_base *base;
	struct sql_link *link;
	char *jurisdiction;
	struct record_looks *looks;
	struct schedule_task *task, *day_task;
	struct check_run *run; /* not NULL exactly while it runs */
	day_t today;
	int64_t started_ms, finished_ms; /* monotonic; of the last run */
	int64_t gap_ms;                  /* before the next one */
	int streak;                      /* runs that followed each other at that gap */
	bool wanted;                     /* asked for while one was running */
	int failures;
};

static int64_t note_failure(struct evaluation *evaluation, const struct err *err)
{
	log_warn("evaluate", "%s", err->text);
	return backoff_exponential(RETRY_FIRST_MS, RETRY_CAP_MS, ++evaluation->failures);
}

static void note_success(struct evaluation *evaluation, const struct check_report *report)
{
	char day[DAY_TEXT_MAX];
	evaluation->failures = 0;
	log_info("evaluate",
		"as of %s, batch %" PRId64 ": %" PRId64 " obligations, %" PRId64
		" states written, findings %" PRId64 " opened, %" PRId64 " updated, %" PRId64
		" closed, %" PRId64 " messages queued%s",
		day_text(report->as_of, day), report->known_batch, report->obligations,
		report->states_written, report->findings_opened, report->findings_updated,
		report->findings_closed, report->messages_queued,
		report->overtaken ? "; overtaken, nothing stored" : "");
	/* Pieces of a large run leave holes that the C library keeps; the idle monitor should not. */
	if (report->obligations >= LARGE_RUN)
		malloc_trim(0);
	record_looks_after(evaluation->looks, report->as_of, report->known_batch);
}

int64_t evaluation_gap_ms(int64_t run_ms, int streak)
{
	int64_t gap = run_ms << (streak < STREAK_MAX ? streak : STREAK_MAX);
	return gap < GAP_MAX_MS ? gap : GAP_MAX_MS;
}

static void on_run(void *arg, const struct err *err, const struct check_report *report)
{
	struct evaluation *evaluation = arg;
	int64_t next = -1;
	evaluation->run = NULL;
	evaluation->finished_ms = clock_steady_ms();
	evaluation->gap_ms = evaluation_gap_ms(
		evaluation->finished_ms - evaluation->started_ms, evaluation->streak);
	if (err && err->code != ERR_NONE)
		next = note_failure(evaluation, err);
	else
		note_success(evaluation, report);
	if (evaluation->wanted && next < 0)
		next = evaluation->gap_ms;
	schedule_done(evaluation->task, next);
}

/* A run that starts as soon as the last one lets it is one of a streak: the next gap is twice as long. */
static void on_due(void *arg)
{
	struct evaluation *evaluation = arg;
	struct err err = ERR_INIT;
	struct check_options options = { .as_of = DAY_NONE,
		.jurisdiction = evaluation->jurisdiction };
	evaluation->started_ms = clock_steady_ms();
	evaluation->streak =
		evaluation->started_ms - evaluation->finished_ms <= 2 * evaluation->gap_ms
			? evaluation->streak + 1
			: 0;
	evaluation->wanted = false;
	evaluation->run = check_run_start(
		evaluation->base, evaluation->link, &options, on_run, evaluation, &err);
	if (!evaluation->run)
		schedule_done(evaluation->task, note_failure(evaluation, &err));
}

int64_t evaluation_day_wait_ms(int64_t unix_seconds)
{
	int64_t passed = (unix_seconds + SHANGHAI_OFFSET_S) % DAY_S;
	int64_t wait = (DAY_S - passed) * 1000;
	return wait < LOOK_MS ? wait : LOOK_MS;
}

static void on_day(void *arg)
{
	struct evaluation *evaluation = arg;
	day_t today = day_today();
	if (today != evaluation->today) {
		char day[DAY_TEXT_MAX];
		evaluation->today = today;
		log_info("evaluate", "the day turned to %s", day_text(today, day));
		schedule_soon(evaluation->task, 0);
	}
	schedule_done(evaluation->day_task, evaluation_day_wait_ms(time(NULL)));
}

struct evaluation *evaluation_new(struct schedule *schedule, struct event_base *base,
	struct sql_link *link, const char *jurisdiction, struct record_looks *looks)
{
	struct evaluation *evaluation = mem_zero(1, sizeof(*evaluation));
	evaluation->base = base;
	evaluation->link = link;
	evaluation->jurisdiction = mem_text(jurisdiction);
	evaluation->looks = looks;
	evaluation->today = day_today();
	evaluation->finished_ms = clock_steady_ms();
	struct schedule_options evaluate = { "evaluate", 0, 0, on_due, evaluation };
	struct schedule_options day = { "day-turn", evaluation_day_wait_ms(time(NULL)), 0, on_day,
		evaluation };
	evaluation->task = schedule_add(schedule, &evaluate);
	evaluation->day_task = schedule_add(schedule, &day);
	return evaluation;
}

void evaluation_stop(struct evaluation *evaluation)
{
	if (!evaluation->run)
		return;
	check_run_cancel(evaluation->run);
	evaluation->run = NULL;
	schedule_done(evaluation->task, -1);
}

void evaluation_free(struct evaluation *evaluation)
{
	if (!evaluation)
		return;
	evaluation_stop(evaluation);
	schedule_remove(evaluation->task);
	schedule_remove(evaluation->day_task);
	free(evaluation->jurisdiction);
	free(evaluation);
}

/* What comes while a run is under way waits for the next one. */
void evaluation_soon(struct evaluation *evaluation)
{
	int64_t passed = clock_steady_ms() - evaluation->finished_ms;
	if (evaluation->run)
		evaluation->wanted = true;
	else
		schedule_soon(evaluation->task,
			passed < evaluation->gap_ms ? evaluation->gap_ms - passed : 0);
}

bool evaluation_running(const struct evaluation *evaluation)
{
	return evaluation->run != NULL;
}
