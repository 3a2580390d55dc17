#include "sql/store_batch.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "lib/pg.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/link.h"

/* A batch of payments made by hand: the hash bytes of key and print are the number and the amount, so that a test says
 * which rows are equal. */
struct line {
	const char *voucher;
	int64_t amount;
	bool refused;
	bool unreadable; /* refused, and nobody knows which row it is */
};

#define GOOD(number, fen)                                                                          \
	{                                                                                          \
		.voucher = number, .amount = fen                                                   \
	}
#define BAD(number)                                                                                \
	{                                                                                          \
		.voucher = number, .refused = true                                                 \
	}

#define UNREADABLE                                                                                 \
	{                                                                                          \
		.voucher = "?", .refused = true, .unreadable = true                                \
	}

struct feed {
	const struct line *line;
	int count, at;
	struct store_batch_options options;
	bool rehearsal;
	const struct store_cursor *cursor;

	struct store_batch *batch;
	bool waiting, done, failed, repeats;
	struct err err;
	int passes;
	int64_t number;
	struct store_batch_counts counts;
};

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *sql;

static void setup(void)
{
	struct err err = ERR_INIT;

	db = pg_db_new();
	base = pg_loop_new();
	struct sql_link_options options = { .dsn = pg_db_dsn(db), .name = "store" };
	sql = sql_link_new(base, &options, &err);
	cr_assert_not_null(sql, "%s", err.text);
}

static void teardown(void)
{
	sql_link_free(sql);
	pg_loop_free(base);
	pg_db_free(db);
}

TestSuite(store_batch, .init = setup, .fini = teardown, .timeout = 120);

static struct kind_hash hash_of(const char *text, int64_t number)
{
	struct kind_hash hash = { { 0 } };

	snprintf((char *)hash.byte, sizeof(hash.byte), "%.6s%lld", text, (long long)number);
	return hash;
}

static void set(struct kind_row *row, const char *column, const char *text)
{
	row->value[kind_column_find(row->kind, column)] =
		(struct kind_value){ .text = text, .length = strlen(text), .day = DAY_NONE };
}

static void refuse(struct feed *feed, const struct line *line, const char *code)
{
	struct kind_hash key = hash_of(line->voucher, 0);
	struct store_refusal refusal = { .kind = kind_find("payment"),
		.key = line->unreadable ? NULL : &key,
		.file = "payment.csv",
		.place = feed->at + 1,
		.field = "amount_yuan",
		.value = "x\\y\tz",
		.code = code,
		.reason = "it is wrong",
		.row_text = line->voucher };

	store_batch_refuse(feed->batch, &refusal);
}

static void offer(struct feed *feed, const struct line *line)
{
	struct kind_row row = { .kind = kind_find("payment"), .place = feed->at + 1 };
	struct kind_hash key = hash_of(line->voucher, 0);
	struct kind_hash print = hash_of(line->voucher, line->amount);

	for (int i = 0; i < row.kind->count; i++)
		row.value[i] = (struct kind_value){ .null = true, .day = DAY_NONE, .text = "" };
	set(&row, "voucher_no", line->voucher);
	set(&row, "payee_name", "北京\t\\某\n公司");
	set(&row, "currency", "CNY");
	row.value[kind_column_find(row.kind, "amount_fen")] =
		(struct kind_value){ .number = line->amount };
	row.extra = "{\"备注\": \"a\\\\b\"}";
	enum store_offer answer = store_batch_offer(feed->batch, &row, &key, &print, NULL);
	if (answer == STORE_OFFER_CLASH || answer == STORE_OFFER_DUPLICATE)
		refuse(feed, line, answer == STORE_OFFER_CLASH ? "clash" : "duplicate");
}

static void run_pass(struct feed *feed)
{
	for (; feed->at < feed->count; feed->at++) {
		const struct line *line = &feed->line[feed->at];
		if (store_batch_full(feed->batch)) {
			feed->waiting = true;
			return;
		}
		if (!line->refused)
			offer(feed, line);
		else if (feed->passes == 1)
			refuse(feed, line, "amount-not-number");
	}
	if (feed->passes == 1)
		store_batch_compare(feed->batch);
	else
		store_batch_commit(feed->batch, &feed->counts, feed->cursor, feed->rehearsal);
}

static void start_pass(struct feed *feed)
{
	feed->at = 0;
	feed->passes++;
	run_pass(feed);
}

static void on_opened(void *arg, int64_t number, const uint8_t secret[STORE_SECRET_BYTES])
{
	struct feed *feed = arg;
	struct store_file file = { .file_no = 1,
		.name = "payment.csv",
		.kind = kind_find("payment"),
		.format = "csv",
		.bytes = 3,
		.sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" };

	(void)secret;
	feed->number = number;
	store_batch_file(feed->batch, &file);
	start_pass(feed);
}

static void on_drained(void *arg)
{
	struct feed *feed = arg;

	cr_assert(feed->waiting, "drained without having been full");
	feed->waiting = false;
	run_pass(feed);
}

static void on_compared(void *arg)
{
	struct feed *feed = arg;

	store_batch_counts(feed->batch, &feed->counts);
	feed->counts.read = feed->count;
	if (store_batch_pass_two(feed->batch))
		start_pass(feed);
	else
		store_batch_commit(feed->batch, &feed->counts, feed->cursor, feed->rehearsal);
}

static void on_committed(void *arg)
{
	((struct feed *)arg)->done = true;
}

static void on_failed(void *arg, const struct err *err, bool repeats, bool unknown)
{
	struct feed *feed = arg;

	(void)unknown;
	feed->err = *err;
	feed->failed = feed->done = true;
	feed->repeats = repeats;
}

static void begin(struct feed *feed)
{
	struct store_batch_events events = { .opened = on_opened,
		.drained = on_drained,
		.compared = on_compared,
		.committed = on_committed,
		.failed = on_failed,
		.arg = feed };
	struct err err = ERR_INIT;

	if (feed->options.source == NULL)
		feed->options.source = "treasury";
	feed->options.source_kind = "file";
	feed->options.program = "test";
	feed->done = feed->failed = false;
	feed->passes = 0;
	feed->batch = store_batch_open(sql, &feed->options, &events, &err);
	cr_assert_not_null(feed->batch, "%s", err.text);
	cr_assert_not(feed->done);
}

static void run(struct feed *feed)
{
	begin(feed);
	pg_loop_until(base, &feed->done, 60000);
}

/* Runs lines as one batch that must succeed, and returns its counts. */
static struct store_batch_counts load(const struct line *line, int count, bool complete)
{
	struct feed feed = { .line = line, .count = count, .options = { .complete = complete } };

	run(&feed);
	if (feed.failed && feed.repeats) {
		feed.options.careful = true;
		run(&feed);
	}
	cr_assert_not(feed.failed, "%s", feed.err.text);
	cr_assert_eq(feed.counts.read, feed.counts.new_rows + feed.counts.changed +
					       feed.counts.unchanged + feed.counts.refused +
					       feed.counts.duplicate);
	return feed.counts;
}

#define LOAD(...)                                                                                  \
	load((const struct line[]){ __VA_ARGS__ },                                                 \
		(int)(sizeof((const struct line[]){ __VA_ARGS__ }) / sizeof(struct line)), false)
#define LOAD_ALL(...)                                                                              \
	load((const struct line[]){ __VA_ARGS__ },                                                 \
		(int)(sizeof((const struct line[]){ __VA_ARGS__ }) / sizeof(struct line)), true)

#define EXPECT(sql_text, expected) cr_assert_str_eq(pg_text(db, sql_text), expected)

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
	struct line others[] = { GOOD("O1", 1) };
	struct feed other = { .line = others, .count = 1, .options = { .source = "other" } };

	LOAD(GOOD("V1", 100), GOOD("V2", 200));
	run(&other);
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
	struct line lines[] = { GOOD("V1", 100), GOOD("V1", 101), GOOD("V2", 3) };
	struct feed feed = { .line = lines, .count = 3 };

	run(&feed);
	cr_assert(feed.failed);
	cr_assert(feed.repeats);
	EXPECT("SELECT count(*) FROM payment", "0");
	EXPECT("SELECT count(*) FROM batch", "0");
	feed.options.careful = true;
	run(&feed);
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
	struct line lines[] = { GOOD("V1", 100), GOOD("V2", 1), GOOD("V1", 101) };
	struct feed feed = { .line = lines,
		.count = 3,
		.options = { .repeat = STORE_REPEAT_LAST, .careful = true } };

	run(&feed);
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
	struct line lines[] = { GOOD("V1", 100), BAD("V2") };
	struct feed feed = { .line = lines, .count = 2, .rehearsal = true };

	run(&feed);
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
	struct sql_link_options options = { .dsn = pg_db_dsn(db), .name = "listen" };
	struct err err = ERR_INIT;
	char seen[64] = "";
	struct sql_link *listen = sql_link_new(base, &options, &err);

	cr_assert_eq(sql_link_listen(listen, channels, on_notified, seen, &err), 0);
	pg_loop_for(base, 300);
	LOAD(GOOD("V1", 100));
	LOAD(GOOD("V1", 100));
	LOAD_ALL(GOOD("V2", 1));
	pg_loop_for(base, 300);
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
	struct line lines[] = { GOOD("V1", 100) };
	struct store_cursor cursor = {
		.watermark = "2026-10-20 12:00", .etag = "\"x\"", .next_link = "https://a/b"
	};
	struct feed feed = { .line = lines, .count = 1, .cursor = &cursor };
	bool done = false;
	struct store_cursor_call call = { .done = on_cursor, .arg = &done };
	struct err err = ERR_INIT;

	run(&feed);
	cr_assert_eq(store_cursor_read(sql, "treasury", &call, &err), 0);
	pg_loop_until(base, &done, 10000);
	cr_assert_str_eq(call.cursor.watermark, "2026-10-20 12:00");
	cr_assert_str_eq(call.cursor.etag, "\"x\"");
	cr_assert_str_eq(call.cursor.next_link, "https://a/b");
	EXPECT("SELECT watermark FROM batch", "2026-10-20 12:00");
}

Test(store_batch, batches_of_two_writers_come_one_after_the_other)
{
	struct line one[] = { GOOD("V1", 100) }, two[] = { GOOD("V1", 200) };
	struct feed first = { .line = one, .count = 1 }, second = { .line = two, .count = 1 };
	struct sql_link_options options = { .dsn = pg_db_dsn(db), .name = "second" };
	struct err err = ERR_INIT;
	struct sql_link *mine = sql;

	begin(&first);
	sql = sql_link_new(base, &options, &err);
	begin(&second);
	pg_loop_until(base, &first.done, 30000);
	pg_loop_until(base, &second.done, 30000);
	cr_assert_not(first.failed || second.failed);
	cr_assert_eq(first.number + second.number, 3);
	EXPECT("SELECT count(*) || '/' || (SELECT count(*) FROM payment_history) FROM payment",
		"1/1");
	sql_link_free(sql);
	sql = mine;
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

	pg_exec(db, "BEGIN");
	pg_exec(db, "SELECT writer_lock()");
	cr_assert_eq(sql_tx_begin(sql, SQL_TX_WRITE, 20000, on_begun, &waiter, &err), 0);
	pg_loop_until(base, &waiter.begun, 10000);
	impatient.arg = &set;
	take.arg = &locked;
	sql_tx_call(waiter.tx, &impatient);
	sql_tx_call(waiter.tx, &take);
	pg_loop_for(base, 300);
	cr_assert_not(locked);
	pg_exec(db, "COMMIT");
	pg_loop_until(base, &locked, 10000);
	cr_assert_eq(set.err.code, ERR_NONE);
	sql_tx_rollback(waiter.tx, NULL, NULL);
}

Test(store_batch, abandoned_at_any_step_nothing_is_left_and_nobody_is_called)
{
	struct line lines[] = { GOOD("V1", 100), GOOD("V2", 200) };

	LOAD(GOOD("V1", 1));
	for (int turns = 0; turns < 60; turns++) {
		struct feed feed = { .line = lines, .count = 2 };
		begin(&feed);
		for (int i = 0; i < turns && !feed.done; i++)
			event_base_loop(base, EVLOOP_ONCE);
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
	struct line *lines = mem_zero(COUNT, sizeof(*lines));
	char *names = mem_zero(COUNT, 12);

	for (int i = 0; i < COUNT; i++) {
		snprintf(names + 12 * i, 12, "%06d", i);
		lines[i] = (struct line)GOOD(names + 12 * i, i);
	}
	cr_assert_eq(load(lines, COUNT, false).new_rows, COUNT);
	lines[7].amount = lines[77777].amount = 1;
	struct store_batch_counts counts = load(lines, COUNT, true);
	cr_assert_eq(counts.changed, 2);
	cr_assert_eq(counts.unchanged, COUNT - 2);
	EXPECT("SELECT sum(amount_fen) FROM payment_history", "77784");
	EXPECT("SELECT count(*) FROM payment", "100000");
	free(lines);
	free(names);
}
