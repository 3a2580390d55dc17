/* The database is killed while a batch is under way: what is in the ledger afterwards is whole batches, nothing else. */
#include <criterion/criterion.h>
#include <event2/event.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "collectors/source.h"
#include "lib/pg.h"
#include "lib/pull.h"
#include "sql/link.h"
#include "sql/migrate.h"

enum { ROUNDS = 6, DISTRICT_PAYMENTS = 802, CORNER_PAYMENTS = 35 };

static struct pg_server *server;
static struct pull pull;

static void on_migrated(void *arg, const struct err *err, int version, int applied)
{
	(void)version;
	(void)applied;
	cr_assert(err == NULL || err->code == ERR_NONE, "%s", err->text);
	*(bool *)arg = true;
}

static void setup(void)
{
	bool migrated = false;

	server = pg_server_new();
	pull_setup_on(&pull, pg_server_db(server), pg_server_dsn(server));
	sql_migrate(pull.link, false, on_migrated, &migrated);
	pg_loop_until(pull.base, &migrated, 60000);
}

static void teardown(void)
{
	pull_teardown(&pull);
	pg_server_free(server);
}

TestSuite(source_outage, .init = setup, .fini = teardown, .timeout = 240);

static void on_done(void *arg, const struct source_report *report, const struct err *err)
{
	(void)report;
	pull.failed = err != NULL;
	*(bool *)arg = true;
}

static void choose_district(bool corner)
{
	dir_remove(pull.data);
	dir_make(pull.data);
	dir_copy(corner ? SETASIDE_SOURCE_DIR "/tests/golden/corner"
			: SETASIDE_SOURCE_DIR "/tests/golden/district",
		pull.data);
}

/* What was known at every batch is exactly one of the two districts. */
static void expect_whole_batches(void)
{
	int64_t batches = pg_int(pull.db, "SELECT count(*) FROM batch");
	char sql[512];

	snprintf(sql, sizeof(sql),
		"SELECT count(*) FROM batch b WHERE (SELECT count(*) FROM (SELECT batch_id, NULL "
		"AS to_batch FROM payment "
		"UNION ALL SELECT batch_id, to_batch FROM payment_history) v WHERE v.batch_id <= "
		"b.batch_id AND "
		"(v.to_batch IS NULL OR b.batch_id < v.to_batch)) IN (%d, %d)",
		DISTRICT_PAYMENTS, CORNER_PAYMENTS);
	cr_assert_eq(pg_int(pull.db, sql), batches);
	cr_assert_eq(pg_int(pull.db, "SELECT count(*) FROM payment p WHERE NOT EXISTS (SELECT FROM "
				     "batch b WHERE "
				     "b.batch_id = p.batch_id)"),
		0);
	cr_assert_eq(pg_int(pull.db, "SELECT count(*) FROM batch WHERE rows_read = 0"), 0);
	cr_assert_eq(pg_int(pull.db, "SELECT version FROM state_version"), batches + 1);
}

/* Starts a complete import and turns the loop so many times, or to its end. Returns the turns. */
static int turn_import(const struct source_config *config, bool *done, int turns)
{
	struct err err = ERR_INIT;
	int turn = 0;

	cr_assert_not_null(
		source_run_start(&pull.env, config, NULL, on_done, done, &err), "%s", err.text);
	for (; turn < turns && !*done; turn++)
		event_base_loop(pull.base, EVLOOP_ONCE);
	return turn;
}

static bool link_noticed(void *arg)
{
	(void)arg;
	return sql_link_state(pull.link) != SQL_LINK_READY;
}

Test(source_outage, killed_in_the_middle_of_a_batch_the_ledger_holds_whole_batches_only)
{
	int lost = 0, whole = 0;

	for (int round = 0; round <= ROUNDS; round++) {
		struct source_config config;
		bool done = false;

		choose_district(round % 2 == 1);
		source_config_import(&config, "import", pull.data, true);
		if (round == 0) {
			whole = turn_import(&config, &done, INT_MAX);
		} else {
			turn_import(&config, &done, whole * round / (ROUNDS + 1));
			pg_server_kill(server);
			pg_loop_until_true(pull.base, link_noticed, NULL, 10000);
			pg_server_start(server);
			pg_loop_until(pull.base, &done, 60000);
			lost += pull.failed;
		}
		expect_whole_batches();
		pull_import(&pull, true);
		cr_assert_not(pull.failed, "%s", pull.err.text);
		expect_whole_batches();
		cr_assert_eq(pg_int(pull.db, "SELECT count(*) FROM payment"),
			round % 2 == 1 ? CORNER_PAYMENTS : DISTRICT_PAYMENTS);
		source_config_free(&config);
	}
	cr_assert_gt(lost, 1, "only %d batches were under way when the server was killed", lost);
}
