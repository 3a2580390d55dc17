#include "sql/store_finding.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <string.h>

#include "lib/district_rig.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { PATIENCE_MS = 20000, CHANGES_MAX = 16 };

/* One run as a test sees it: observations in, changes and messages out. */
struct run {
	const struct finding_seen *seen;
	size_t count;
	const char *judged;
	bool done;
	struct err err;
	struct sql_tx *tx;
	char change[CHANGES_MAX][128]; /* "opened arrears-overdue OB-1 100 from -" */
	int changes;
	int64_t messages;
};

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct run *run = arg;

	run->done = true;
	run->err = outcome->err;
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct run *run = arg;

	run->tx = tx;
	on_done(arg, outcome);
}

static void on_applied(void *arg, const struct err *err)
{
	struct run *run = arg;

	run->done = true;
	if (err)
		run->err = *err;
}

static void on_queued(void *arg, const struct err *err, int64_t messages)
{
	struct run *run = arg;

	run->messages = messages;
	on_applied(arg, err);
}

static void on_change(void *arg, const struct finding_change *change)
{
	struct run *run = arg;
	char before[24] = "-";

	cr_assert_lt(run->changes, CHANGES_MAX);
	if (change->amount_before != FINDING_NO_AMOUNT)
		snprintf(before, sizeof(before), "%" PRId64, change->amount_before);
	snprintf(run->change[run->changes++], sizeof(run->change[0]),
		"%s %s %s %" PRId64 " from %s", change->event, change->code, change->subject,
		change->amount, before);
}

static void fill(void *arg, size_t index, struct finding_seen *ret_seen)
{
	const struct run *run = arg;

	*ret_seen = run->seen[index];
}

static void wait_for(struct run *run)
{
	pg_loop_until(district.base, &run->done, PATIENCE_MS);
	run->done = false;
	cr_assert_eq(run->err.code, ERR_NONE, "%s", run->err.text);
}

static int64_t new_run_row(void)
{
	pg_exec(district.db,
		"INSERT INTO check_run (as_of, known_batch, jurisdiction, program, started_at, "
		"obligations,"
		" states_written) VALUES ('2026-10-20', 0, 'x', 'x', now(), 0, 0)");
	return pg_int(district.db, "SELECT max(run_id) FROM check_run");
}

/* The table of changed states, as a run makes it; empty. */
static void make_state_change(struct run *run)
{
	sql_tx_call(
		run->tx, &(struct sql_call){
				 .text = sql_text_state_change_make, .done = on_done, .arg = run });
	wait_for(run);
}

/* One whole run: applies, queues one message of unit 001 when asked, commits or rolls back. */
static struct run run_with(const struct finding_seen *seen, size_t count, const char *judged,
	const struct message_draft *draft, bool commit)
{
	struct run run = { .seen = seen, .count = count, .judged = judged };
	struct err err = ERR_INIT;
	struct finding_store *store;
	int64_t run_id = new_run_row();
	day_t as_of;

	cr_assert(day_parse("2026-10-20", 10, &as_of));
	cr_assert_eq(
		sql_tx_begin(district.link, SQL_TX_WRITE, PATIENCE_MS, on_begun, &run, &err), 0);
	wait_for(&run);
	make_state_change(&run);
	store = finding_store_new(district.base, run.tx);
	finding_store_apply(store,
		&(struct finding_set){ .run_id = run_id,
			.as_of = as_of,
			.count = count,
			.fill = fill,
			.fill_arg = &run,
			.judged = judged },
		on_change, on_applied, &run);
	wait_for(&run);
	if (draft) {
		struct message_draft copy = *draft;
		copy.run_id = run_id;
		copy.as_of = as_of;
		finding_store_message(store, &copy, on_queued, &run);
		wait_for(&run);
	}
	if (commit)
		sql_tx_commit(run.tx, on_done, &run);
	else
		sql_tx_rollback(run.tx, on_done, &run);
	wait_for(&run);
	finding_store_free(store);
	return run;
}

#define JUDGED_ALL "[{\"code\":\"arrears-overdue\",\"pattern\":\"%\",\"changed\":false}]"

static struct finding_seen overdue(const char *subject, fen_t amount, const char *print)
{
	return (struct finding_seen){ .rule_id = "P-4",
		.code = "arrears-overdue",
		.subject_kind = "obligation",
		.subject = subject,
		.unit_code = "001",
		.department = "000",
		.severity = "warning",
		.amount = amount,
		.currency = "CNY",
		.print = print,
		.evidence = "{\"a\":1}" };
}

static struct run run_of(const struct finding_seen *seen, size_t count)
{
	return run_with(seen, count, JUDGED_ALL, NULL, true);
}

TestSuite(store_finding, .init = district_rig_empty, .fini = district_rig_tear_down);

Test(store_finding, a_finding_opens_once_and_an_equal_run_writes_nothing)
{
	struct finding_seen seen = overdue("OB-1", 100, "a");
	struct run run = run_of(&seen, 1);

	cr_assert_eq(run.changes, 1);
	cr_assert_str_eq(run.change[0], "opened arrears-overdue OB-1 100 from -");
	run = run_of(&seen, 1);
	cr_assert_eq(run.changes, 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM finding"), 1);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM finding_event"), 1);
	cr_assert_eq(pg_int(district.db, "SELECT last_run FROM finding"), 1);
}

Test(store_finding, only_another_print_updates)
{
	struct finding_seen seen = overdue("OB-1", 100, "a");
	struct run run = run_of(&seen, 1);

	seen.amount = 90; /* a daily figure alone is no change */
	run = run_of(&seen, 1);
	cr_assert_eq(run.changes, 0);
	seen.print = "b";
	run = run_of(&seen, 1);
	cr_assert_eq(run.changes, 1);
	cr_assert_str_eq(run.change[0], "updated arrears-overdue OB-1 90 from 100");
	cr_assert_eq(pg_int(district.db, "SELECT amount_fen FROM finding"), 90);
}

Test(store_finding, it_closes_when_judged_and_not_seen_and_reopens_later)
{
	struct finding_seen seen = overdue("OB-1", 100, "a");
	struct run run = run_of(&seen, 1);

	run = run_of(NULL, 0);
	cr_assert_str_eq(run.change[0], "closed arrears-overdue OB-1 0 from 100");
	cr_assert_str_eq(pg_text(district.db, "SELECT state || ' ' || closed_on FROM finding"),
		"closed 2026-10-20");
	run = run_of(NULL, 0);
	cr_assert_eq(run.changes, 0);
	run = run_of(&seen, 1); /* the same print: open again all the same */
	cr_assert_str_eq(run.change[0], "reopened arrears-overdue OB-1 100 from 0");
	cr_assert_str_eq(
		pg_text(district.db, "SELECT state || ' ' || episode FROM finding"), "open 2");
	cr_assert_eq(
		pg_int(district.db, "SELECT count(*) FROM finding WHERE closed_on IS NULL"), 1);
	cr_assert_eq(pg_int(district.db, "SELECT max(seq) FROM finding_event"), 3);
}

Test(store_finding, what_was_not_judged_stays_open)
{
	struct finding_seen seen = overdue("plan/001/2025", 100, "a");
	struct run run = run_of(&seen, 1);

	run = run_with(NULL, 0,
		"[{\"code\":\"arrears-overdue\",\"pattern\":\"plan/%/2026\",\"changed\":false}]",
		NULL, true);
	cr_assert_eq(run.changes, 0);
	run = run_with(NULL, 0, "[{\"code\":\"another-code\",\"pattern\":\"%\"}]", NULL, true);
	cr_assert_eq(run.changes, 0);
	run = run_with(NULL, 0, "[]", NULL, true);
	cr_assert_eq(run.changes, 0);
	cr_assert_str_eq(pg_text(district.db, "SELECT state FROM finding"), "open");
}

Test(store_finding, an_acknowledged_finding_that_changes_is_open_again)
{
	struct finding_seen seen = overdue("OB-1", 100, "a");
	struct run run = run_of(&seen, 1);

	pg_exec(district.db, "UPDATE finding SET state = 'acknowledged'");
	run = run_of(&seen, 1);
	cr_assert_eq(run.changes, 0);
	cr_assert_str_eq(pg_text(district.db, "SELECT state FROM finding"), "acknowledged");
	seen.print = "b";
	run = run_of(&seen, 1);
	cr_assert_str_eq(run.change[0], "updated arrears-overdue OB-1 100 from 100");
	cr_assert_str_eq(pg_text(district.db, "SELECT state FROM finding"), "open");
}

Test(store_finding, changes_come_by_unit_and_largest_first)
{
	struct finding_seen seen[] = { overdue("OB-1", 5, "a"), overdue("OB-2", 50, "a"),
		overdue("OB-3", 50, "a"), overdue("OB-4", 7, "a") };
	struct run run;

	seen[3].unit_code = "000";
	run = run_of(seen, 4);
	cr_assert_eq(run.changes, 4);
	cr_assert(strstr(run.change[0], "OB-4"));
	cr_assert(strstr(run.change[1], "OB-2"));
	cr_assert(strstr(run.change[2], "OB-3"));
	cr_assert(strstr(run.change[3], "OB-1"));
}

Test(store_finding, a_rolled_back_run_leaves_nothing)
{
	struct finding_seen seen = overdue("OB-1", 100, "a");
	struct run run = run_with(&seen, 1, JUDGED_ALL, NULL, false);

	cr_assert_eq(run.changes, 1);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM finding"), 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM finding_event"), 0);
	run = run_of(&seen, 1);
	cr_assert_str_eq(run.change[0], "opened arrears-overdue OB-1 100 from -");
}

static void add_channels(void)
{
	pg_exec(district.db,
		"INSERT INTO channel (name, kind) VALUES ('office', 'mail'), ('hook', "
		"'webhook'), ('other', 'mail');"
		"INSERT INTO channel_recipient VALUES ('office', 'a@x.example'), ('office', "
		"'b@x.example'),"
		" ('hook', ''), ('other', 'c@x.example');"
		"INSERT INTO route VALUES ('arrears', 'office', '{P-4}', '{*}'), ('all', "
		"'hook', '{*}', '{*}'),"
		" ('again', 'hook', '{P-4}', '{000}'), ('quota', 'other', '{Q-3}', '{*}')");
}

static const struct message_draft draft = {
	.case_key = "arrears/001",
	.event = "opened",
	.rule_id = "P-4",
	.severity = "warning",
	.unit_code = "001",
	.department = "000",
	.payload = "{\"type\":\"sme.arrears.suspected\"}",
	.codes = "{arrears-overdue}",
};

Test(store_finding, a_message_goes_once_to_every_recipient_of_matching_routes)
{
	struct finding_seen seen[] = { overdue("OB-1", 5, "a"), overdue("OB-2", 50, "a") };
	struct run run;

	add_channels();
	run = run_with(seen, 2, JUDGED_ALL, &draft, true);
	cr_assert_eq(run.messages, 3);
	cr_assert_str_eq(
		pg_text(district.db, "SELECT string_agg(channel || ':' || recipient, ' ' ORDER BY "
				     "message_id) FROM message"),
		"hook: office:a@x.example office:b@x.example");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM message WHERE ref ~ '^A-20261020-[0-9]{6}$'"),
		3);
	cr_assert_eq(pg_int(district.db, "SELECT count(DISTINCT ref) FROM message"), 3);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM message_finding"), 6);
	cr_assert_eq(
		pg_int(district.db,
			"SELECT count(*) FROM message WHERE state = 'queued' AND attempts = 0"),
		3);
}

/* A route for urgent ones without hours does not open the hours of the route that tells of the case. */
Test(store_finding, a_message_leaves_at_the_hours_of_the_routes_that_tell_of_it)
{
	struct finding_seen seen = overdue("OB-1", 5, "a");
	static const char leaves[] = "SELECT string_agg(held || ' ' || (next_try_at > now()), ', ' "
				     "ORDER BY message_id) FROM message";

	pg_exec(district.db,
		"INSERT INTO channel (name, kind) VALUES ('hook', 'webhook');"
		"INSERT INTO channel_recipient VALUES ('hook', '');"
		"INSERT INTO route (name, channel, rules, units, severity) VALUES ('duty', "
		"'hook', '{*}', '{*}', 'urgent');"
		"INSERT INTO route (name, channel, rules, units, digest) VALUES ('all', "
		"'hook', '{*}', '{*}', 'weekly')");
	run_with(&seen, 1, JUDGED_ALL, &draft, true);
	seen.print = "b";
	run_with(&seen, 1, JUDGED_ALL, &draft, true);
	cr_expect_str_eq(pg_text(district.db, leaves), "true true, true true");
	/* Where no other route is left, who was told of the case hears of it by the duty's hours. */
	pg_exec(district.db, "DELETE FROM route WHERE name = 'all'");
	seen.print = "c";
	run_with(&seen, 1, JUDGED_ALL, &draft, true);
	cr_expect_str_eq(pg_text(district.db, leaves), "true true, true true, false false");
}

Test(store_finding, references_stay_whole_and_different_past_the_millionth)
{
	struct finding_seen seen[] = { overdue("OB-1", 5, "a") };

	add_channels();
	pg_exec(district.db, "SELECT setval('message_ref_seq', 999998)");
	cr_assert_eq(run_with(seen, 1, JUDGED_ALL, &draft, true).messages, 3);
	cr_assert_str_eq(pg_text(district.db,
				 "SELECT string_agg(ref, ' ' ORDER BY message_id) FROM message"),
		"A-20261020-999999 A-20261020-1000000 A-20261020-1000001");
}

Test(store_finding, a_message_of_one_subject_is_linked_with_that_alone)
{
	struct finding_seen seen[] = { overdue("OB-1", 5, "a"), overdue("OB-2", 50, "a") };
	struct message_draft one = draft;

	add_channels();
	one.subject = "OB-2";
	run_with(seen, 2, JUDGED_ALL, &one, true);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM message_finding"), 3);
	cr_assert_str_eq(
		pg_text(district.db, "SELECT DISTINCT subject FROM message_finding JOIN finding "
				     "USING (finding_id)"),
		"OB-2");
}

Test(store_finding, of_a_units_arrears_one_message_a_day_is_queued_unless_it_is_urgent)
{
	struct finding_seen seen[] = { overdue("OB-1", 5, "a"), overdue("OB-2", 50, "a") };
	struct message_draft daily = draft;

	daily.once_a_day = true;
	daily.payload = "{\"type\":\"sme.arrears.suspected\",\"as_of\":\"2026-10-20\"}";
	add_channels();
	cr_assert_eq(run_with(seen, 1, JUDGED_ALL, &daily, true).messages, 3);
	cr_assert_eq(run_with(seen, 2, JUDGED_ALL, &daily, true).messages, 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM untold"), 1);
	daily.severity = "urgent";
	cr_assert_eq(run_with(seen, 2, JUDGED_ALL, &daily, true).messages, 3);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM untold"), 0, "it goes with it");
}

Test(store_finding, without_a_matching_route_nothing_is_queued)
{
	struct finding_seen seen = overdue("OB-1", 5, "a");
	struct message_draft elsewhere = draft;
	struct run run = run_with(&seen, 1, JUDGED_ALL, &draft, true);

	cr_assert_eq(run.messages, 0);
	pg_exec(district.db, "INSERT INTO channel (name, kind) VALUES ('office', 'mail');"
			     "INSERT INTO channel_recipient VALUES ('office', 'a@x.example');"
			     "INSERT INTO route VALUES ('x', 'office', '{P-4}', '{002,003}')");
	seen.print = "b";
	run = run_with(&seen, 1, JUDGED_ALL, &elsewhere, true);
	cr_assert_eq(run.messages, 0);
	seen.print = "c";
	elsewhere.department = "003";
	run = run_with(&seen, 1, JUDGED_ALL, &elsewhere, true);
	cr_assert_eq(run.messages, 1);
}

Test(store_finding, the_same_subject_twice_in_one_run_is_an_error_and_writes_nothing)
{
	struct finding_seen seen[] = { overdue("OB-1", 5, "a"), overdue("OB-1", 5, "a") };
	struct run run = { .seen = seen, .count = 2 };
	struct err err = ERR_INIT;
	struct finding_store *store;
	day_t as_of = 0;

	cr_assert_eq(
		sql_tx_begin(district.link, SQL_TX_WRITE, PATIENCE_MS, on_begun, &run, &err), 0);
	wait_for(&run);
	make_state_change(&run);
	store = finding_store_new(district.base, run.tx);
	finding_store_apply(store,
		&(struct finding_set){ .run_id = 1,
			.as_of = as_of,
			.count = 2,
			.fill = fill,
			.fill_arg = &run,
			.judged = "[]" },
		on_change, on_applied, &run);
	pg_loop_until(district.base, &run.done, PATIENCE_MS);
	cr_assert_eq(run.err.code, ERR_DB);
	cr_assert_str_eq(run.err.sqlstate, "23505");
	run.done = false;
	sql_tx_rollback(run.tx, on_done, &run);
	pg_loop_until(district.base, &run.done, PATIENCE_MS);
	finding_store_free(store);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM finding"), 0);
}
