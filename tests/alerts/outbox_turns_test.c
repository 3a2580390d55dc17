/* Tries take turns over all channels: what may be in doubt at a kill, and how the time is shared. */
#include <criterion/criterion.h>

#include "alerts/outbox_own.h"
#include "lib/alerting.h"
#include "lib/dir.h"
#include "lib/outbox_rig.h"

enum { CHANNELS = 4 };

static const struct sink_answer hang = { SINK_HANG, NULL, 0 };
static char directory[DIR_PATH_MAX];

/* Channels hook, b, c and d with a journal, each to the receiver at its place. */
static void begin(struct sink *const sinks[CHANNELS], const char *timeout)
{
	static const struct sink_answer unused = { 200, NULL, 0 };
	static const char hook[] =
		"kind = webhook url-file = \"%s\" secret-file = \"%s\" tls = none "
		"allow = { \"127.0.0.1\" } timeout = %s";
	char url[64], one[CHANNELS][600], block[3000];

	for (int i = 0; i < CHANNELS; i++) {
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/", sink_port(sinks[i]));
		snprintf(one[i], sizeof(one[i]), hook, alerting_file(url),
			alerting_file("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="),
			timeout);
	}
	snprintf(block, sizeof(block),
		"%s } channel \"b\" { %s } channel \"c\" { %s } channel \"d\" { %s", one[0], one[1],
		one[2], one[3]);
	rig_begin_kind(&unused, 1, block);
	dir_make(directory);
	rig.state = directory;
}

static void end(void)
{
	rig_end();
	dir_remove(directory);
}

static void queue_one_each(void)
{
	rig_queue_cases(CHANNELS);
	pg_exec(rig.db, "UPDATE message SET channel = (ARRAY['hook', 'b', 'c', 'd'])[message_id]");
}

static struct sink *awaited;

static bool heard(void *count)
{
	return sink_count(awaited) >= *(int *)count;
}

static void until_heard(struct sink *sink, int count)
{
	awaited = sink;
	rig_until_true(heard, &count);
}

static const char all_leased[] = "SELECT count(*) FROM message WHERE state = 'sending'";

Test(outbox_turns, one_message_is_in_doubt_however_many_receivers_are_silent)
{
	struct sink *sink = sink_start(&hang, 1);
	struct pump pump;

	begin((struct sink *[]){ sink, sink, sink, sink }, "4s");
	queue_one_each();
	pump_open(&pump);
	rig_until(all_leased, CHANNELS);
	until_heard(sink, 1);
	pg_loop_for(rig.base, 2500);
	cr_expect_eq(sink_count(sink), 1, "%d are in doubt", sink_count(sink));
	until_heard(sink, 2);
	cr_expect_eq(outbox_stats(pump.outbox).unknown, 1, "the first one's time was not over");
	pump_kill(&pump);
	end();
	sink_stop(sink);
}

static void half_a_minute_passes(struct outbox *outbox)
{
	cr_assert_not_null(outbox->turn_of);
	outbox->turn_of->turn_at_us -= 31000000;
	outbox_try_lose_patience(outbox);
	pg_loop_for(rig.base, 500);
}

Test(outbox_turns, one_receiver_that_is_silent_for_too_long_is_left_to_itself)
{
	struct sink *sink = sink_start(&hang, 1);
	struct pump pump;

	begin((struct sink *[]){ sink, sink, sink, sink }, "60s");
	queue_one_each();
	pump_open(&pump);
	rig_until(all_leased, CHANNELS);
	until_heard(sink, 1);
	half_a_minute_passes(pump.outbox);
	until_heard(sink, 2);
	half_a_minute_passes(pump.outbox);
	cr_expect_eq(sink_count(sink), 2, "%d are in doubt", sink_count(sink));
	pump_kill(&pump);
	end();
	sink_stop(sink);
}

static bool b_has_rested_once(void *arg)
{
	const struct pump *pump = arg;

	return pump->outbox->channels[1].rests_until_us > 0;
}

static int64_t steady_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void queue_to(int number, const char *channel)
{
	char sql[200], ref[32];

	snprintf(ref, sizeof(ref), "A-20261006-%06d", number);
	snprintf(sql, sizeof(sql), "UPDATE message SET channel = '%s' WHERE ref = '%s'", channel,
		ref);
	rig_queue(ref, ref);
	pg_exec(rig.db, sql);
}

Test(outbox_turns, a_slow_receiver_lets_others_go_first_and_goes_when_nobody_else_has_anything)
{
	static const struct sink_answer slow = { 200, NULL, 400 }, busy = { 200, NULL, 4000 },
					quick = { 200, NULL, 0 };
	struct sink *to_hook = sink_start(&busy, 1), *to_b = sink_start(&slow, 1),
		    *to_c = sink_start(&quick, 1);
	int64_t before = steady_us();
	struct pump pump;

	begin((struct sink *[]){ to_hook, to_b, to_c, to_c }, "20s");
	queue_to(1, "b");
	pump_open(&pump);
	rig_until_true(b_has_rested_once, &pump);
	cr_expect_geq(pump.outbox->channels[1].rests_until_us, before + 9 * INT64_C(400000));
	pump.outbox->channels[1].rests_until_us += INT64_C(60000000);
	/* Both wait for the turn that the first one has. */
	queue_to(2, "hook");
	outbox_wake(pump.outbox);
	until_heard(to_hook, 1);
	queue_to(3, "b");
	queue_to(4, "c");
	outbox_wake(pump.outbox);
	rig_until(rig_acknowledged, 4);
	cr_expect_str_eq(
		pg_text(rig.db,
			"SELECT string_agg(channel, ' ' ORDER BY delivery_no) FROM delivery"),
		"b hook c b");
	pump_stop(&pump, 1000);
	end();
	sink_stop(to_hook);
	sink_stop(to_b);
	sink_stop(to_c);
}
