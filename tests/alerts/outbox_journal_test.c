/* The outbox and its journal of tries: what is found in it, and what there is room for. */
#include <criterion/criterion.h>

#include "alerts/outbox_own.h"
#include "lib/alerting.h"
#include "lib/dir.h"
#include "lib/outbox_rig.h"

static char directory[DIR_PATH_MAX];

static void begin(const char *more)
{
	static const struct sink_answer answers[] = { { 200, NULL, 0 } };

	rig_begin(answers, 1, more);
	dir_make(directory);
	rig.state = directory;
}

static void end(void)
{
	rig_end();
	dir_remove(directory);
}

static struct journal *open_journal(void)
{
	struct err err = ERR_INIT;
	struct journal *journal = journal_open(directory, &err);

	cr_assert_not_null(journal, "%s", err.text);
	return journal;
}

/* A message that the program of before had leased, sent and noted so. */
static void note_answer(struct journal *journal, int number, const struct journal_note *answer)
{
	int place = journal_lease(journal, number, 1, 0, 1);

	journal_send(journal, place, 1767225600000000);
	journal_answer(journal, place, answer);
}

static struct journal_note answer_of(const char *class, const char *state, const char *text)
{
	struct journal_note note = {
		.requests = 1, .started_at_us = 1767225600000000, .finished_at_us = 1767225600000000
	};

	snprintf(note.class, sizeof(note.class), "%s", class);
	snprintf(note.state, sizeof(note.state), "%s", state);
	snprintf(note.answer, sizeof(note.answer), "%s", text);
	return note;
}

Test(outbox_journal, takes_what_a_note_cannot_mean_for_a_doubt_and_the_rest_as_it_is)
{
	struct journal_note notes[] = { answer_of("acknowledged", "acknowledged", "HTTP 200"),
		answer_of("acknowledged", "acknowledqed", "HTTP 200"),
		answer_of("acknowledged", "retry", "HTTP 200"),
		answer_of("nonsense", "acknowledged", "HTTP 200"),
		answer_of("acknowledged", "acknowledged", "HTTP \xff"),
		answer_of("acknowledged", "acknowledged", "HTTP 200"),
		answer_of("acknowledged", "acknowledged", "HTTP 200") };
	enum { COUNT = sizeof(notes) / sizeof(*notes) };
	struct journal *journal;
	struct pump pump;

	begin("");
	notes[5].finished_at_us = INT64_MAX;
	notes[6].requests = -3;
	rig_queue_cases(COUNT);
	pg_exec(rig.db, "INSERT INTO channel (name, kind) VALUES ('hook', 'webhook')");
	pg_exec(rig.db, "UPDATE message SET state = 'sending', attempts = 1, lease_epoch = 1, "
			"first_try_at = now(), lease_until = now() + interval '1 hour'");
	journal = open_journal();
	for (int i = 0; i < COUNT; i++)
		note_answer(journal, i + 1, &notes[i]);
	journal_close(journal);
	pump_open(&pump);
	rig_until(rig_acknowledged, COUNT);
	cr_expect_eq(sink_count(rig.sink), COUNT - 1);
	cr_expect_eq(pg_int(rig.db, "SELECT count(*) FROM message WHERE maybe_sent"), COUNT - 1);
	cr_expect_eq(
		pg_int(rig.db, "SELECT attempts FROM message WHERE ref = 'A-20261006-000001'"), 1);
	rig_expect_gapless();
	pump_stop(&pump, 1000);
	end();
}

Test(outbox_journal, references_that_left_are_not_given_again_by_a_database_from_a_backup)
{
	struct pump pump;

	begin("");
	rig_queue_cases(40);
	pg_exec(rig.db, "SELECT setval('message_ref_seq', 40)");
	pump_open(&pump);
	rig_until(rig_acknowledged, 40);
	pump_stop(&pump, 1000);
	pg_exec(rig.db, "ALTER SEQUENCE message_ref_seq RESTART");
	pump_open(&pump);
	rig_until("SELECT last_value FROM message_ref_seq", 40);
	cr_expect_str_eq(pg_text(rig.db, "SELECT message_ref('2026-10-06')"), "A-20261006-000041");
	pump_stop(&pump, 1000);
	pump_open(&pump);
	pg_loop_for(rig.base, 300);
	cr_expect_eq(pg_int(rig.db, "SELECT last_value FROM message_ref_seq"), 41);
	pump_stop(&pump, 1000);
	end();
}

Test(outbox_journal, a_database_restored_while_the_monitor_runs_gets_channels_and_references_again)
{
	struct pump pump;

	begin("");
	rig_queue_cases(40);
	pg_exec(rig.db, "SELECT setval('message_ref_seq', 40)");
	pump_open(&pump);
	rig_until(rig_acknowledged, 40);
	pg_exec(rig.db, "ALTER SEQUENCE message_ref_seq RESTART; DELETE FROM route; "
			"DELETE FROM channel_recipient; UPDATE channel SET enabled = false, "
			"disabled_reason = 'not in the configuration'");
	pg_exec(rig.db, "SELECT pg_terminate_backend(l.pid, 10000) FROM pg_locks l "
			"WHERE l.locktype = 'advisory' AND l.objid = 831172027 AND l.database = "
			"(SELECT oid FROM pg_database WHERE datname = current_database())");
	rig_until("SELECT last_value FROM message_ref_seq", 40);
	rig_until("SELECT count(*) FROM route JOIN channel_recipient USING (channel)", 1);
	rig_queue("A-20261006-000041", "case/41");
	outbox_wake(pump.outbox);
	rig_until(rig_acknowledged, 41);
	pump_stop(&pump, 1000);
	end();
}

static bool gathers(void *arg)
{
	const struct pump *pump = arg;

	return pump->outbox->channels[0].leasing;
}

static void take_all_but(struct journal *journal, int left, int *places)
{
	for (int i = 0; journal_room(journal) > left; i++)
		places[i] = journal_lease(journal, 900000 + i, 1, 0, 1);
}

Test(outbox_journal, is_never_leased_more_than_it_has_room_for_after_gathering)
{
	static int places[JOURNAL_NOTES];
	struct pump pump;
	struct outbox *outbox;

	begin("in-flight = 8 rate = 1000");
	pump_open(&pump);
	outbox = pump.outbox;
	rig_until("SELECT count(*) FROM route", 1);
	pg_loop_for(rig.base, 300);
	rig_queue_cases(5);
	pg_exec(rig.db, "BEGIN");
	pg_exec(rig.db, "LOCK TABLE message IN ACCESS EXCLUSIVE MODE");
	outbox_wake(outbox);
	pg_loop_until_true(rig.base, gathers, &pump, 5000);
	cr_expect_eq(outbox->channels[0].asked, 8, "nothing is kept free for it");
	cr_expect_eq(outbox_journal_room(outbox), JOURNAL_NOTES - 8);
	take_all_but(outbox->journal, 3, places);
	pg_exec(rig.db, "COMMIT");
	rig_until(rig_acknowledged, 3);
	for (int i = 0; i < JOURNAL_NOTES - 3; i++)
		journal_forget(outbox->journal, places[i]);
	outbox_wake(outbox);
	rig_until(rig_acknowledged, 5);
	cr_expect_eq(sink_count(rig.sink), 5);
	pump_stop(&pump, 1000);
	end();
}
