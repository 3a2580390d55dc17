/* Batches of payments made by hand, put through sql/store_batch.h as a collector does. One database and link per test:
 * batch_feed_set_up and batch_feed_tear_down are a suite's init and fini. */
#ifndef SETASIDE_TESTS_LIB_BATCH_FEED_H
#define SETASIDE_TESTS_LIB_BATCH_FEED_H

#include "lib/pg.h"
#include "sql/store_batch.h"

/* A batch of payments made by hand: the hash bytes of key and print are the number and the amount, so that a test says
 * which rows are equal. */
struct batch_line {
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

struct batch_feed {
	const struct batch_line *line;
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

extern struct pg_db *feed_db;
extern struct event_base *feed_base;
extern struct sql_link *feed_link;

void batch_feed_set_up(void);
void batch_feed_tear_down(void);
/* Opens the batch; the feed goes on with the loop. */
void batch_feed_begin(struct batch_feed *feed);
/* To its end, good or bad. */
void batch_feed_run(struct batch_feed *feed);
/* Runs lines as one batch that must succeed, and returns its counts. */
struct store_batch_counts batch_feed_load(const struct batch_line *line, int count, bool complete);

#define LOAD(...)                                                                                  \
	batch_feed_load((const struct batch_line[]){ __VA_ARGS__ },                                \
		(int)(sizeof((const struct batch_line[]){ __VA_ARGS__ }) /                         \
			sizeof(struct batch_line)),                                                \
		false)
#define LOAD_ALL(...)                                                                              \
	batch_feed_load((const struct batch_line[]){ __VA_ARGS__ },                                \
		(int)(sizeof((const struct batch_line[]){ __VA_ARGS__ }) /                         \
			sizeof(struct batch_line)),                                                \
		true)

#define EXPECT(sql_text, expected) cr_assert_str_eq(pg_text(feed_db, sql_text), expected)

#endif
