#include "sql/store_batch.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "lib/batch_feed.h"
#include "lib/pg.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/link.h"

TestSuite(store_batch, .init = batch_feed_set_up, .fini = batch_feed_tear_down, .timeout = 120);

Test(store_batch, a_first_load_brings_every_value_as_it_was_given)
{
	struct store_batch_counts counts = LOAD(GOOD("V1", 100), GOOD("V2", -200));

	cr_assert_eq(counts.new_rows, 2);
	EXPECT("SELECT string_agg(voucher_no || '=' || amount_fen, ',' ORDER BY voucher_no) FROM "
	       "payment",
		"V1=100,V2=-200");
	EXPECT("SELECT payee_name FROM payment WHERE voucher_no = 'V1'", "北京\t\\某\n公司");
	EXPECT("SELECT extra ->> '备注' FROM payment WHERE voucher_no = 'V1'", "a\\b");
	EXPECT("SELECT batch_id || '/' || place FROM payment WHERE voucher_no = 'V2'", "1/2");
	EXPECT("SELECT concat_ws(',', rows_read, rows_new, rows_changed, complete, program) FROM "
	       "batch",
		"2,2,0,f,test");
	EXPECT("SELECT name || file_no || kind || bytes FROM batch_file WHERE batch_id = 1",
		"payment.csv1payment3");
	EXPECT("SELECT version FROM state_version", "2");
}

Test(store_batch, the_same_rows_again_change_nothing)
{
	LOAD(GOOD("V1", 100), GOOD("V2", 200));
	struct store_batch_counts counts = LOAD(GOOD("V1", 100), GOOD("V2", 200));

	cr_assert_eq(counts.unchanged, 2);
	cr_assert_eq(counts.new_rows + counts.changed + counts.closed + counts.refused, 0);
	EXPECT("SELECT count(*) FROM payment_history", "0");
	EXPECT("SELECT max(batch_id) FROM payment", "1");
	EXPECT("SELECT rows_unchanged FROM batch WHERE batch_id = 2", "2");
}

Test(store_batch, a_changed_row_leaves_its_old_version_in_history)
{
	LOAD(GOOD("V1", 100), GOOD("V2", 200));
	struct store_batch_counts counts = LOAD(GOOD("V3", 300), GOOD("V2", 250), GOOD("V1", 100));

	cr_assert_eq(counts.new_rows, 1);
	cr_assert_eq(counts.changed, 1);
	cr_assert_eq(counts.unchanged, 1);
	EXPECT("SELECT concat_ws('/', voucher_no, amount_fen, batch_id, to_batch) FROM "
	       "payment_history",
		"V2/200/1/2");
	EXPECT("SELECT string_agg(concat_ws('/', voucher_no, amount_fen, batch_id), ',' ORDER BY "
	       "voucher_no) FROM payment",
		"V1/100/1,V2/250/2,V3/300/2");
	/* What was known at batch 1. */
	EXPECT("SELECT string_agg(voucher_no || '=' || amount_fen, ',' ORDER BY voucher_no) FROM ("
	       "SELECT voucher_no, amount_fen FROM payment WHERE batch_id <= 1 UNION ALL "
	       "SELECT voucher_no, amount_fen FROM payment_history WHERE batch_id <= 1 AND 1 < "
	       "to_batch) known",
		"V1=100,V2=200");
}

Test(store_batch, vanished_rows_are_closed_only_when_the_source_sends_everything)
{
	LOAD(GOOD("V1", 100), GOOD("V2", 200));
	cr_assert_eq(LOAD(GOOD("V1", 100)).closed, 0);
	EXPECT("SELECT count(*) FROM payment", "2");
	cr_assert_eq(LOAD_ALL(GOOD("V1", 100)).closed, 1);
	EXPECT("SELECT string_agg(voucher_no, ',') FROM payment", "V1");
	EXPECT("SELECT concat_ws('/', voucher_no, batch_id, to_batch) FROM payment_history",
		"V2/1/3");
	/* It comes back. */
	cr_assert_eq(LOAD_ALL(GOOD("V1", 100), GOOD("V2", 200)).new_rows, 1);
	EXPECT("SELECT batch_id FROM payment WHERE voucher_no = 'V2'", "4");
}

Test(store_batch, a_complete_source_closes_only_its_own_rows_and_no_refused_one)
{
	struct batch_line others[] = { GOOD("O1", 1) };
	struct batch_feed other = { .line = others, .count = 1, .options = { .source = "other" } };

	LOAD(GOOD("V1", 100), GOOD("V2", 200));
	batch_feed_run(&other);
	cr_assert_not(other.failed);
	struct store_batch_counts counts = LOAD_ALL(BAD("V1"));
	cr_assert_eq(counts.closed, 1);
	cr_assert_eq(counts.refused, 1);
	EXPECT("SELECT string_agg(voucher_no, ',' ORDER BY voucher_no) FROM payment", "O1,V1");
}

Test(store_batch, nothing_is_closed_while_a_refused_row_may_be_any_row)
{
	LOAD(GOOD("V1", 100), GOOD("V2", 200));
	struct store_batch_counts counts = LOAD_ALL(GOOD("V1", 101), UNREADABLE);
	cr_assert_eq(counts.closed, 0);
	cr_assert_eq(counts.changed, 1);
	cr_assert_eq(counts.refused, 1);
	EXPECT("SELECT string_agg(voucher_no, ',' ORDER BY voucher_no) FROM payment", "V1,V2");
	cr_assert_eq(LOAD_ALL(GOOD("V1", 101)).closed, 1);
}

Test(store_batch, a_key_that_comes_twice_is_refused_the_second_time)
{
	LOAD(GOOD("V9", 1));
	struct store_batch_counts counts =
		LOAD(GOOD("V1", 100), GOOD("V1", 101), GOOD("V2", 5), GOOD("V2", 5));

	cr_assert_eq(counts.new_rows, 2);
	cr_assert_eq(counts.refused, 1);
	cr_assert_eq(counts.duplicate, 1);
	EXPECT("SELECT amount_fen FROM payment WHERE voucher_no = 'V1'", "100");
	EXPECT("SELECT string_agg(place || code, ',' ORDER BY place) FROM quarantine",
		"2clash,4duplicate");
}

Test(store_batch, a_first_load_with_a_repeated_key_says_so_and_the_careful_one_refuses_it)
{
	struct batch_line lines[] = { GOOD("V1", 100), GOOD("V1", 101), GOOD("V2", 3) };
	struct batch_feed feed = { .line = lines, .count = 3 };

	batch_feed_run(&feed);
	cr_assert(feed.failed);
	cr_assert(feed.repeats);
	EXPECT("SELECT count(*) FROM payment", "0");
	EXPECT("SELECT count(*) FROM batch", "0");
	feed.options.careful = true;
	batch_feed_run(&feed);
	cr_assert_not(feed.failed, "%s", feed.err.text);
	cr_assert_eq(feed.counts.new_rows, 2);
	cr_assert_eq(feed.counts.refused, 1);
	EXPECT("SELECT string_agg(voucher_no || amount_fen, ',' ORDER BY voucher_no) FROM payment",
		"V1100,V23");
}

Test(store_batch, a_repeat_of_an_unchanged_row_does_not_touch_it)
{
	LOAD(GOOD("V1", 100));
	struct store_batch_counts counts = LOAD(GOOD("V1", 100), GOOD("V1", 999));

	cr_assert_eq(counts.unchanged, 1);
	cr_assert_eq(counts.refused, 1);
	EXPECT("SELECT amount_fen || '/' || batch_id FROM payment", "100/1");
	EXPECT("SELECT count(*) FROM payment_history", "0");
}

Test(store_batch, the_last_row_of_a_key_counts_where_the_format_says_so)
{
	struct batch_line lines[] = { GOOD("V1", 100), GOOD("V2", 1), GOOD("V1", 101) };
	struct batch_feed feed = { .line = lines,
		.count = 3,
		.options = { .repeat = STORE_REPEAT_LAST, .careful = true } };

	batch_feed_run(&feed);
	cr_assert_not(feed.failed, "%s", feed.err.text);
	cr_assert_eq(feed.counts.new_rows, 2);
	cr_assert_eq(feed.counts.duplicate, 1);
	cr_assert_eq(feed.counts.unchanged, 0);
	EXPECT("SELECT amount_fen FROM payment WHERE voucher_no = 'V1'", "101");
	EXPECT("SELECT count(*) FROM quarantine", "0");
}

Test(store_batch, quarantine_holds_the_refusal_once_until_a_good_row_settles_it)
{
	LOAD(GOOD("V1", 100), BAD("V2"));
	EXPECT("SELECT concat_ws('|', batch_id, kind, file, place, field, value, code, reason, "
	       "row_text) FROM quarantine",
		"1|payment|payment.csv|2|amount_yuan|x\\y\tz|amount-not-number|it is wrong|V2");
	LOAD(GOOD("V1", 100), BAD("V2"));
	EXPECT("SELECT count(*) FROM quarantine", "1");
	EXPECT("SELECT rows_refused FROM batch WHERE batch_id = 2", "1");
	LOAD(GOOD("V2", 7));
	EXPECT("SELECT resolved_batch FROM quarantine", "3");
}

Test(store_batch, a_first_load_of_a_kind_settles_refusals_too)
{
	LOAD(BAD("V1"));
	EXPECT("SELECT count(*) FROM payment", "0");
	LOAD(GOOD("V1", 7));
	EXPECT("SELECT resolved_batch FROM quarantine", "2");
}

Test(store_batch, an_open_clash_is_not_settled_by_the_row_it_clashes_with)
{
	LOAD(GOOD("V9", 9));
	LOAD(GOOD("V1", 1), GOOD("V1", 2));
	LOAD(GOOD("V1", 1), GOOD("V1", 2));
	EXPECT("SELECT count(*) || '/' || count(resolved_batch) FROM quarantine", "1/0");
	LOAD(GOOD("V1", 1));
	EXPECT("SELECT resolved_batch FROM quarantine", "4");
}

Test(store_batch, a_rehearsal_counts_and_leaves_nothing)
{
	struct batch_line lines[] = { GOOD("V1", 100), BAD("V2") };
	struct batch_feed feed = { .line = lines, .count = 2, .rehearsal = true };

	batch_feed_run(&feed);
	cr_assert_not(feed.failed, "%s", feed.err.text);
	cr_assert_eq(feed.counts.new_rows, 1);
	cr_assert_eq(feed.counts.refused, 1);
	EXPECT("SELECT (SELECT count(*) FROM payment) + (SELECT count(*) FROM batch) + (SELECT "
	       "count(*) FROM source) + "
	       "(SELECT count(*) FROM quarantine)",
		"0");
}

static void on_notified(void *arg, const char *channel, const char *payload)
{
	char *seen = arg;

	if (channel != NULL && payload[0] != 0)
		snprintf(seen + strlen(seen), 64 - strlen(seen), "%s:%s;", channel, payload);
}

Test(store_batch, the_checks_are_woken_by_changes_only)
{
	static const char *const channels[] = { "setaside_batch", NULL };
	struct sql_link_options options = { .dsn = pg_db_dsn(feed_db), .name = "listen" };
	struct err err = ERR_INIT;
	char seen[64] = "";
	struct sql_link *listen = sql_link_new(feed_base, &options, &err);

	cr_assert_eq(sql_link_listen(listen, channels, on_notified, seen, &err), 0);
	pg_loop_for(feed_base, 300);
	LOAD(GOOD("V1", 100));
	LOAD(GOOD("V1", 100));
	LOAD_ALL(GOOD("V2", 1));
	pg_loop_for(feed_base, 300);
	cr_assert_str_eq(seen, "setaside_batch:1;setaside_batch:3;");
	sql_link_free(listen);
}

static void on_cursor(void *arg, const struct err *err)
{
	cr_assert_null(err);
	*(bool *)arg = true;
}

Test(store_batch, cursors_are_kept_with_the_batch)
{
	struct batch_line lines[] = { GOOD("V1", 100) };
	struct store_cursor cursor = {
		.watermark = "2026-10-20 12:00", .etag = "\"x\"", .next_link = "https://a/b"
	};
	struct batch_feed feed = { .line = lines, .count = 1, .cursor = &cursor };
	bool done = false;
	struct store_cursor_call call = { .done = on_cursor, .arg = &done };
	struct err err = ERR_INIT;

	batch_feed_run(&feed);
	cr_assert_eq(store_cursor_read(feed_link, "treasury", &call, &err), 0);
	pg_loop_until(feed_base, &done, 10000);
	cr_assert_str_eq(call.cursor.watermark, "2026-10-20 12:00");
	cr_assert_str_eq(call.cursor.etag, "\"x\"");
	cr_assert_str_eq(call.cursor.next_link, "https://a/b");
	EXPECT("SELECT watermark FROM batch", "2026-10-20 12:00");
}

Test(store_batch, batches_of_two_writers_come_one_after_the_other)
{
	struct batch_line one[] = { GOOD("V1", 100) }, two[] = { GOOD("V1", 200) };
	struct batch_feed first = { .line = one, .count = 1 }, second = { .line = two, .count = 1 };
	struct sql_link_options options = { .dsn = pg_db_dsn(feed_db), .name = "second" };
	struct err err = ERR_INIT;
	struct sql_link *mine = feed_link;

	batch_feed_begin(&first);
	feed_link = sql_link_new(feed_base, &options, &err);
	batch_feed_begin(&second);
	pg_loop_until(feed_base, &first.done, 30000);
	pg_loop_until(feed_base, &second.done, 30000);
	cr_assert_not(first.failed || second.failed);
	cr_assert_eq(first.number + second.number, 3);
	EXPECT("SELECT count(*) || '/' || (SELECT count(*) FROM payment_history) FROM payment",
		"1/1");
	sql_link_free(feed_link);
	feed_link = mine;
}

static void on_alone(void *arg, const struct sql_outcome *outcome)
{
	*(struct sql_outcome *)arg = *outcome;
}

static void on_locked(void *arg, const struct sql_outcome *outcome)
{
	cr_assert_eq(outcome->err.code, ERR_NONE, "%s", outcome->err.text);
	*(bool *)arg = true;
}

struct waiter {
	struct sql_tx *tx;
	bool begun;
};

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct waiter *waiter = arg;

	cr_assert_eq(outcome->err.code, ERR_NONE, "%s", outcome->err.text);
	*waiter = (struct waiter){ tx, true };
}

Test(store_batch, a_writer_waits_for_the_one_before_longer_than_for_any_other_lock)
{
	struct sql_call impatient = { .text = "SET LOCAL lock_timeout = '50ms'", .done = on_alone };
	struct sql_call take = { .text = sql_text_writer_lock_take, .done = on_locked };
	struct sql_outcome set = { .err = ERR_INIT };
	struct waiter waiter = { NULL, false };
	struct err err = ERR_INIT;
	bool locked = false;

	pg_exec(feed_db, "BEGIN");
	pg_exec(feed_db, "SELECT writer_lock()");
	cr_assert_eq(sql_tx_begin(feed_link, SQL_TX_WRITE, 20000, on_begun, &waiter, &err), 0);
	pg_loop_until(feed_base, &waiter.begun, 10000);
	impatient.arg = &set;
	take.arg = &locked;
	sql_tx_call(waiter.tx, &impatient);
	sql_tx_call(waiter.tx, &take);
	pg_loop_for(feed_base, 300);
	cr_assert_not(locked);
	pg_exec(feed_db, "COMMIT");
	pg_loop_until(feed_base, &locked, 10000);
	cr_assert_eq(set.err.code, ERR_NONE);
	sql_tx_rollback(waiter.tx, NULL, NULL);
}

Test(store_batch, abandoned_at_any_step_nothing_is_left_and_nobody_is_called)
{
	struct batch_line lines[] = { GOOD("V1", 100), GOOD("V2", 200) };

	LOAD(GOOD("V1", 1));
	for (int turns = 0; turns < 60; turns++) {
		struct batch_feed feed = { .line = lines, .count = 2 };
		batch_feed_begin(&feed);
		for (int i = 0; i < turns && !feed.done; i++)
			event_base_loop(feed_base, EVLOOP_ONCE);
		if (feed.done)
			break;
		store_batch_abandon(feed.batch);
		feed.done = true;
	}
	struct store_batch_counts counts = LOAD(GOOD("V1", 100), GOOD("V2", 200));
	cr_assert_eq(counts.new_rows + counts.changed + counts.unchanged, 2);
	EXPECT("SELECT string_agg(voucher_no || '=' || amount_fen, ',' ORDER BY voucher_no) FROM "
	       "payment",
		"V1=100,V2=200");
	EXPECT("SELECT count(*) FROM payment_history", "1");
}

Test(store_batch, a_hundred_thousand_rows_pass_in_bounded_buffers)
{
	enum { COUNT = 100000 };
	struct batch_line *lines = mem_zero(COUNT, sizeof(*lines));
	char *names = mem_zero(COUNT, 12);

	for (int i = 0; i < COUNT; i++) {
		snprintf(names + 12 * i, 12, "%06d", i);
		lines[i] = (struct batch_line)GOOD(names + 12 * i, i);
	}
	cr_assert_eq(batch_feed_load(lines, COUNT, false).new_rows, COUNT);
	lines[7].amount = lines[77777].amount = 1;
	struct store_batch_counts counts = batch_feed_load(lines, COUNT, true);
	cr_assert_eq(counts.changed, 2);
	cr_assert_eq(counts.unchanged, COUNT - 2);
	EXPECT("SELECT sum(amount_fen) FROM payment_history", "77784");
	EXPECT("SELECT count(*) FROM payment", "100000");
	free(lines);
	free(names);
}
