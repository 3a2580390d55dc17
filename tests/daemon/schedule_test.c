#include "daemon/schedule.h"

#include <criterion/criterion.h>
#include <event2/event.h>

/* A task that counts its starts; it stays running until the test says done, or ends at once. */
struct probe {
	struct schedule_task *task;
	int starts;
	bool finish_at_once;
	int64_t next_ms;
};

static char started[64];
static int started_count;

static void on_run(void *arg)
{
	struct probe *probe = arg;
	probe->starts++;
	if (probe->finish_at_once)
		schedule_done(probe->task, probe->next_ms);
}

static void on_run_a(void *arg)
{
	(void)arg;
	started[started_count++] = 'a';
}

static void on_run_b(void *arg)
{
	(void)arg;
	started[started_count++] = 'b';
}

static struct event_base *base;
static struct schedule *schedule;

static void setup(void)
{
	base = event_base_new();
	schedule = schedule_new(base);
}

static void teardown(void)
{
	schedule_free(schedule);
	event_base_free(base);
}

static void turn(int ms)
{
	event_base_loopexit(base, &(struct timeval){ ms / 1000, ms % 1000 * 1000 });
	event_base_dispatch(base);
}

static void add(struct probe *probe, const char *name, int64_t first_ms, int64_t every_ms)
{
	struct schedule_options options = { name, first_ms, every_ms, on_run, probe };
	probe->task = schedule_add(schedule, &options);
}

TestSuite(schedule, .init = setup, .fini = teardown);

Test(schedule, tasks_start_in_the_order_of_their_appointments)
{
	schedule_add(schedule, &(struct schedule_options){ "b", 20, 0, on_run_b, NULL });
	schedule_add(schedule, &(struct schedule_options){ "a", 5, 0, on_run_a, NULL });
	turn(60);
	cr_expect_str_eq(started, "ab");
	cr_expect_eq(schedule_running_count(schedule), 2);
}

Test(schedule, a_task_without_appointment_waits_to_be_asked)
{
	struct probe probe = { .next_ms = -1 };
	add(&probe, "x", -1, 0);
	cr_expect_eq(schedule_wait(probe.task), -1);
	turn(20);
	cr_expect_eq(probe.starts, 0);
	schedule_soon(probe.task, 0);
	cr_expect_eq(probe.starts, 0, "not inside the call");
	turn(20);
	cr_expect_eq(probe.starts, 1);
}

Test(schedule, requests_during_a_run_make_one_more_run)
{
	struct probe probe = { .next_ms = -1 };
	add(&probe, "x", 0, 0);
	turn(10);
	cr_assert(schedule_running(probe.task));
	for (int i = 0; i < 5; i++)
		schedule_soon(probe.task, 0);
	turn(20);
	cr_expect_eq(probe.starts, 1, "never twice at once");
	schedule_done(probe.task, -1);
	turn(20);
	cr_expect_eq(probe.starts, 2);
	schedule_done(probe.task, -1);
	turn(20);
	cr_expect_eq(probe.starts, 2);
}

Test(schedule, an_earlier_appointment_is_not_put_off)
{
	struct probe probe = { .next_ms = -1 };
	add(&probe, "x", -1, 0);
	schedule_soon(probe.task, 10);
	schedule_soon(probe.task, 60000);
	cr_expect_leq(schedule_wait(probe.task), 10);
	schedule_soon(probe.task, 0);
	cr_expect_eq(schedule_wait(probe.task), 0);
}

Test(schedule, the_period_is_shortened_by_at_most_a_tenth)
{
	struct probe probe = { .finish_at_once = true, .next_ms = -1 };
	add(&probe, "x", 0, 100000);
	int64_t shortest = INT64_MAX, longest = 0;
	for (int i = 0; i < 50; i++) {
		schedule_soon(probe.task, 0);
		turn(1);
		int64_t wait = schedule_wait(probe.task);
		shortest = wait < shortest ? wait : shortest;
		longest = wait > longest ? wait : longest;
	}
	cr_expect_geq(shortest, 89000);
	cr_expect_leq(longest, 100000);
	cr_expect_neq(shortest, longest, "50 waits without jitter");
}

Test(schedule, a_run_may_choose_its_next_start)
{
	struct probe probe = { .finish_at_once = true, .next_ms = 5000 };
	add(&probe, "x", 0, 100000);
	turn(10);
	cr_expect_eq(probe.starts, 1);
	cr_expect_leq(schedule_wait(probe.task), 5000);
	cr_expect_gt(schedule_wait(probe.task), 4000);
}

Test(schedule, nothing_starts_while_paused_and_overdue_tasks_start_after)
{
	struct probe probe = { .next_ms = -1 };
	add(&probe, "x", 5, 0);
	schedule_pause(schedule);
	turn(30);
	cr_expect_eq(probe.starts, 0);
	schedule_resume(schedule);
	turn(10);
	cr_expect_eq(probe.starts, 1);
}

Test(schedule, a_removed_task_is_not_started)
{
	struct probe kept = { .next_ms = -1 }, gone = { .next_ms = -1 };
	add(&kept, "kept", 5, 0);
	add(&gone, "gone", 5, 0);
	cr_expect_eq(schedule_find(schedule, "gone"), gone.task);
	schedule_remove(gone.task);
	cr_expect_null(schedule_find(schedule, "gone"));
	turn(20);
	cr_expect_eq(gone.starts, 0);
	cr_expect_eq(kept.starts, 1);
}

Test(schedule, an_idle_schedule_sets_no_timer)
{
	struct probe probe = { .finish_at_once = true, .next_ms = -1 };
	add(&probe, "x", 0, 0);
	turn(10);
	cr_expect_eq(probe.starts, 1);
	cr_expect_eq(event_base_get_num_events(base, EVENT_BASE_COUNT_ADDED), 0);
}
