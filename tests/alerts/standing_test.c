#include "alerts/standing.h"

#include <criterion/criterion.h>
#include <string.h>

#include "alerts/outbox.h"
#include "lib/outbox_rig.h"

static const struct sink_answer taken[] = { { 200, NULL, 0 } };
static const char manager[] =
	"kind = alertmanager servers = { \"http://127.0.0.1:%d\" } tls = none "
	"allow = { \"127.0.0.1\" } repeat = 200ms retry-first = 100ms";

/* Posts whose body names the message and, if given, more. */
static int posts(const char *ref, const char *more)
{
	int found = 0;

	for (int i = 0; i < sink_count(rig.sink); i++) {
		sink_get(rig.sink, i, "body", rig.room, sizeof(rig.room));
		found += strstr(rig.room, ref) && (!more || strstr(rig.room, more));
	}
	return found;
}

static bool posted_thrice(void *arg)
{
	return posts(arg, NULL) >= 3;
}

static bool posted_more_than(void *count)
{
	return posts("A-20261006-000001", NULL) > *(int *)count;
}

static void until_posted_thrice(const char *ref)
{
	rig_until_true(posted_thrice, (void *)ref);
}

Test(standing, posts_again_what_is_open_without_another_message_or_try)
{
	struct pump pump;

	rig_begin_kind(taken, 1, manager);
	rig_queue("A-20261006-000001", "quota/2026/026");
	pump_open(&pump);
	until_posted_thrice("A-20261006-000001");
	cr_expect_eq(posts("A-20261006-000001", "endsAt"), posts("A-20261006-000001", NULL));
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message"), 1);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM delivery"), 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(standing, goes_on_after_a_restart_with_the_last_that_was_told)
{
	struct pump pump;
	int before;

	rig_begin_kind(taken, 1, manager);
	rig_queue("A-20261006-000001", "quota/2026/026");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	rig_queue_event("A-20261006-000002", "quota/2026/026", "updated");
	outbox_wake(pump.outbox);
	rig_until(rig_acknowledged, 2);
	pump_stop(&pump, 1000);
	before = posts("A-20261006-000001", NULL);
	pump_open(&pump);
	until_posted_thrice("A-20261006-000002");
	cr_expect_eq(posts("A-20261006-000001", NULL), before);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(standing, repeats_the_end_for_five_minutes_and_never_what_was_open_before_it)
{
	struct pump pump;
	int opened, closed;

	rig_begin_kind(taken, 1, manager);
	rig_queue("A-20261006-000001", "quota/2026/026");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	rig_queue_event("A-20261006-000002", "quota/2026/026", "closed");
	outbox_wake(pump.outbox);
	rig_until(rig_acknowledged, 2);
	opened = posts("A-20261006-000001", NULL);
	until_posted_thrice("A-20261006-000002");
	/* A round that was under way may have held the old one. */
	cr_expect_leq(posts("A-20261006-000001", NULL), opened + 1);
	cr_expect(pg_int(rig.db, "SELECT (ends_at BETWEEN now() + interval '3 minutes' AND now() + "
				 "interval '5 minutes')::int FROM standing"));
	pg_exec(rig.db, "UPDATE standing SET ends_at = now()");
	rig_until("SELECT count(*) FROM standing", 0);
	closed = posts("A-20261006-000002", NULL);
	pg_loop_for(rig.base, 700);
	cr_expect_leq(posts("A-20261006-000002", NULL), closed + 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(standing, does_not_keep_alive_what_has_ended_while_the_end_cannot_be_told)
{
	struct pump pump;
	int before;

	rig_begin_kind(taken, 1, manager);
	rig_queue("A-20261006-000001", "quota/2026/026");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	rig_queue_event("A-20261006-000002", "quota/2026/026", "closed");
	pg_exec(rig.db, "UPDATE message SET state = 'failed' WHERE event = 'closed'");
	pg_loop_for(rig.base, 300);
	before = posts("A-20261006-000001", NULL);
	pg_loop_for(rig.base, 900);
	cr_expect_eq(posts("A-20261006-000001", NULL), before);
	pump_stop(&pump, 1000);
	rig_end();
}

/* Posts of a message within a time that sees several rounds; one that was under way before it is let through. */
static int posts_in_rounds(const char *ref)
{
	int before;

	pg_loop_for(rig.base, 300);
	before = posts(ref, NULL);
	pg_loop_for(rig.base, 900);
	return posts(ref, NULL) - before;
}

Test(standing, posts_nothing_of_a_silenced_case_and_goes_on_with_the_others)
{
	struct pump pump;

	rig_begin_kind(taken, 1, manager);
	rig_queue("A-20261006-000001", "quota/2026/026");
	rig_queue("A-20261006-000002", "quota/2026/027");
	pump_open(&pump);
	until_posted_thrice("A-20261006-000001");
	pg_exec(rig.db, "INSERT INTO silence (case_key, author, reason, ends_at) VALUES "
			"('quota/2026/026', '李明', '已约谈', now() + interval '1 hour')");
	cr_expect_eq(posts_in_rounds("A-20261006-000001"), 0);
	cr_expect_gt(posts_in_rounds("A-20261006-000002"), 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(standing, posts_again_when_the_silence_ends_by_its_day_or_by_a_person)
{
	struct pump pump;
	int before;

	rig_begin_kind(taken, 1, manager);
	rig_queue("A-20261006-000001", "quota/2026/026");
	pump_open(&pump);
	rig_until(rig_acknowledged, 1);
	pg_exec(rig.db,
		"INSERT INTO silence (case_key, author, reason, ends_at) VALUES "
		"('quota/2026/026', '李明', '已约谈', now() + interval '1500 milliseconds'), "
		"('quota/2026/026', '李明', '短', now() + interval '100 milliseconds')");
	cr_expect_eq(posts_in_rounds("A-20261006-000001"), 0, "the longest silence counts");
	before = posts("A-20261006-000001", NULL);
	rig_until_true(posted_more_than, &before);
	pg_exec(rig.db, "INSERT INTO silence (case_key, author, reason, ends_at) VALUES "
			"('quota/2026/026', '李明', '已约谈', now() + interval '1 hour')");
	cr_expect_eq(posts_in_rounds("A-20261006-000001"), 0);
	pg_exec(rig.db,
		"UPDATE silence SET ends_at = greatest(begins_at, now()) WHERE ends_at > now()");
	cr_expect_gt(posts_in_rounds("A-20261006-000001"), 1);
	pump_stop(&pump, 1000);
	rig_end();
}

Test(standing, reads_as_many_pages_as_there_are)
{
	struct sink_answer answers[] = { { 200, NULL, 0 } };
	struct pump pump;

	rig_begin_kind(answers, 1, manager);
	pg_exec(rig.db,
		"INSERT INTO channel (name, kind, stands) VALUES ('hook', 'alertmanager', true)");
	rig_queue_cases(150);
	pg_exec(rig.db, "UPDATE message SET state = 'acknowledged'");
	pg_exec(rig.db,
		"INSERT INTO standing SELECT channel, case_key, message_id, severity FROM message");
	pump_open(&pump);
	rig_until_heard(300);
	for (int i = 1; i <= 150; i += 37) {
		char ref[32];

		snprintf(ref, sizeof(ref), "A-20261006-%06d", i);
		cr_expect_geq(posts(ref, NULL), 2, "%s", ref);
	}
	pump_stop(&pump, 1000);
	rig_end();
}
