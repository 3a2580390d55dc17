/* One run of a source as its caller sees it: progress, rehearsal, cancelling, a second one beside it. */
#include "collectors/source.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "collectors/archive.h"
#include "core/mem.h"
#include "lib/pull_rig.h"

TestSuite(source_run, .init = pull_rig_set_up, .fini = pull_rig_tear_down, .timeout = 120);

#define PAYMENTS                                                                                   \
	"voucher_no,contract_no,unit_code,payee_uscc,amount_yuan,voucher_on,reverses_voucher_no\n"

static void on_done(void *arg, const struct source_report *report, const struct err *err)
{
	(void)report;
	cr_assert_null(err);
	*(bool *)arg = true;
}

Test(source_run, original_bytes_can_be_read_again_under_the_hash_of_the_batch)
{
	char sha256[ARCHIVE_SHA_TEXT], room[256];
	const char *text = "complaint_no,contract_no\nT1,C1\n";
	struct err err = ERR_INIT;

	dir_write(pull.data, "complaint.csv", text);
	pull_rig_import(false);
	snprintf(sha256, sizeof(sha256), "%s", pg_text(pull.db, "SELECT sha256 FROM batch_file"));
	struct archive_reader *reader = archive_open(pull.archive, sha256, &err);
	cr_assert_not_null(reader, "%s", err.text);
	cr_assert_eq(archive_read(reader, room, sizeof(room), &err), (ssize_t)strlen(text));
	cr_assert_arr_eq(room, text, strlen(text));
	archive_close(reader);
	EXPECT("SELECT bytes FROM batch_file", "31");
}

Test(source_run, a_rehearsal_reports_and_leaves_the_ledger_alone)
{
	struct source_options options = { .rehearsal = true };
	struct source_config config;

	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	source_config_import(&config, "import", pull.data, false);
	pull_run(&pull, &config, &options);
	source_config_free(&config);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	pull_rig_expect(1, 0, 0, 0, 0);
	cr_assert_eq(pull.report.batch, 0);
	EXPECT("SELECT (SELECT count(*) FROM complaint) + (SELECT count(*) FROM batch)", "0");
}

Test(source_run, cancelled_at_any_moment_it_calls_nobody_and_the_next_run_is_whole)
{
	struct source_config config;
	struct err err = ERR_INIT;
	bool done = false;
	int cancelled = 0;

	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	dir_write(pull.data, "payment.csv", PAYMENTS "V1,C1,001,91,12.00,2026-03-01,\n");
	source_config_import(&config, "import", pull.data, false);
	for (int turns = 0; !done && turns < 200; turns++) {
		struct source_run *run =
			source_run_start(&pull.env, &config, NULL, on_done, &done, &err);
		cr_assert_not_null(run, "%s", err.text);
		for (int i = 0; i < turns && !done; i++)
			event_base_loop(pull.base, EVLOOP_ONCE);
		if (done)
			break;
		source_run_cancel(run);
		cancelled++;
		pg_loop_for(pull.base, 5);
		cr_assert_not(done, "called after cancel");
	}
	source_config_free(&config);
	cr_assert_gt(cancelled, 20);
	pull_rig_import(false);
	EXPECT("SELECT (SELECT count(*) FROM complaint) || '/' || (SELECT count(*) FROM payment)",
		"1/1");
}

struct watched {
	int64_t rows;   /* of the last report */
	int64_t amidst; /* turns of the loop with some rows read and others not */
};
enum { ROWS = 60000 };

static void on_progress(void *arg, const struct source_progress *progress)
{
	struct watched *watched = arg;

	cr_assert_geq(progress->bytes_total, progress->bytes);
	cr_assert_geq(progress->rows, watched->rows);
	watched->rows = progress->rows;
}

static void on_turn(int fd, short events, void *arg)
{
	struct watched *watched = arg;

	(void)fd;
	(void)events;
	watched->amidst += watched->rows > 0 && watched->rows < ROWS;
}

Test(source_run, a_long_import_tells_its_progress_and_lets_the_loop_breathe)
{
	struct watched watched = { 0 };
	struct source_options options = { .progress = on_progress, .arg = &watched };
	struct event *turn = event_new(pull.base, -1, EV_PERSIST, on_turn, &watched);
	struct source_config config;
	char *text = mem_zero(ROWS + 10, 24);
	size_t used = (size_t)snprintf(text, 100, "complaint_no,contract_no\n");

	for (int i = 0; i < ROWS; i++)
		used += (size_t)snprintf(text + used, 24, "T%d,C%d\n", i, i);
	dir_write(pull.data, "complaint.csv", text);
	free(text);
	event_add(turn, &(struct timeval){ .tv_usec = 1000 });
	source_config_import(&config, "import", pull.data, false);
	pull_run(&pull, &config, &options);
	source_config_free(&config);
	event_free(turn);
	pull_rig_expect(ROWS, 0, 0, 0, 0);
	cr_assert_gt(watched.amidst, 10);
}

Test(source_run, two_sources_on_one_link_come_in_one_after_the_other)
{
	struct source_config first, second;
	struct err err = ERR_INIT;
	bool done[2] = { false, false };

	dir_write(pull.data, "complaint.csv", "complaint_no,contract_no\nT1,C1\n");
	source_config_import(&first, "first", pull.data, false);
	source_config_import(&second, "second", pull.data, false);
	cr_assert_not_null(source_run_start(&pull.env, &first, NULL, on_done, &done[0], &err));
	cr_assert_not_null(source_run_start(&pull.env, &second, NULL, on_done, &done[1], &err));
	pg_loop_until(pull.base, &done[0], 30000);
	pg_loop_until(pull.base, &done[1], 30000);
	source_config_free(&first);
	source_config_free(&second);
	EXPECT("SELECT string_agg(concat_ws('/', rows_new, rows_unchanged), ' ' ORDER BY batch_id) "
	       "FROM batch",
		"1/0 0/1");
}

Test(source_run, progress_is_per_cent_and_time_at_the_pace_so_far)
{
	struct source_progress progress = { .bytes = 250, .bytes_total = 1000, .elapsed_ms = 4000 };

	cr_expect_eq(source_progress_percent(&progress), 25);
	cr_expect_eq(source_progress_left_ms(&progress), 12000);
	progress.bytes_total = -1;
	cr_expect_eq(source_progress_percent(&progress), -1);
	cr_expect_eq(source_progress_left_ms(&progress), -1);
	progress = (struct source_progress){
		.bytes = INT64_C(1) << 60, .bytes_total = INT64_C(1) << 61, .elapsed_ms = 1000000
	};
	cr_expect_eq(source_progress_percent(&progress), 50);
	cr_expect_leq(source_progress_left_ms(&progress), 1000001);
	progress.bytes = progress.bytes_total + 5;
	cr_expect_eq(source_progress_percent(&progress), 100);
	cr_expect_eq(source_progress_left_ms(&progress), 0);
}
