#include "lib/batch_feed.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "sql/job.h"
#include "sql/link.h"

struct pg_db *feed_db;
struct event_base *feed_base;
struct sql_link *feed_link;

void batch_feed_set_up(void)
{
	struct err err = ERR_INIT;

	feed_db = pg_db_new();
	feed_base = pg_loop_new();
	struct sql_link_options options = { .dsn = pg_db_dsn(feed_db), .name = "store" };
	feed_link = sql_link_new(feed_base, &options, &err);
	cr_assert_not_null(feed_link, "%s", err.text);
}

void batch_feed_tear_down(void)
{
	sql_link_free(feed_link);
	pg_loop_free(feed_base);
	pg_db_free(feed_db);
}

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

static void refuse(struct batch_feed *feed, const struct batch_line *line, const char *code)
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

static void offer(struct batch_feed *feed, const struct batch_line *line)
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

static void run_pass(struct batch_feed *feed)
{
	for (; feed->at < feed->count; feed->at++) {
		const struct batch_line *line = &feed->line[feed->at];
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

static void start_pass(struct batch_feed *feed)
{
	feed->at = 0;
	feed->passes++;
	run_pass(feed);
}

static void on_opened(void *arg, int64_t number, const uint8_t secret[STORE_SECRET_BYTES])
{
	struct batch_feed *feed = arg;
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
	struct batch_feed *feed = arg;

	cr_assert(feed->waiting, "drained without having been full");
	feed->waiting = false;
	run_pass(feed);
}

static void on_compared(void *arg)
{
	struct batch_feed *feed = arg;

	store_batch_counts(feed->batch, &feed->counts);
	feed->counts.read = feed->count;
	if (store_batch_pass_two(feed->batch))
		start_pass(feed);
	else
		store_batch_commit(feed->batch, &feed->counts, feed->cursor, feed->rehearsal);
}

static void on_committed(void *arg)
{
	((struct batch_feed *)arg)->done = true;
}

static void on_failed(void *arg, const struct err *err, bool repeats, bool unknown)
{
	struct batch_feed *feed = arg;

	(void)unknown;
	feed->err = *err;
	feed->failed = feed->done = true;
	feed->repeats = repeats;
}

void batch_feed_begin(struct batch_feed *feed)
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
	feed->batch = store_batch_open(feed_link, &feed->options, &events, &err);
	cr_assert_not_null(feed->batch, "%s", err.text);
	cr_assert_not(feed->done);
}

void batch_feed_run(struct batch_feed *feed)
{
	batch_feed_begin(feed);
	pg_loop_until(feed_base, &feed->done, 60000);
}

struct store_batch_counts batch_feed_load(const struct batch_line *line, int count, bool complete)
{
	struct batch_feed feed = {
		.line = line, .count = count, .options = { .complete = complete }
	};

	batch_feed_run(&feed);
	if (feed.failed && feed.repeats) {
		feed.options.careful = true;
		batch_feed_run(&feed);
	}
	cr_assert_not(feed.failed, "%s", feed.err.text);
	cr_assert_eq(feed.counts.read, feed.counts.new_rows + feed.counts.changed +
					       feed.counts.unchanged + feed.counts.refused +
					       feed.counts.duplicate);
	return feed.counts;
}
