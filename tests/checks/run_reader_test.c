/* A run that reads over a second link: the same result, and no half of it when either session ends. */
#include <criterion/criterion.h>

#include "checks/run.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "sql/link.h"

enum { PATIENCE_MS = 60000, STATES = 970 };

static struct sql_link *reader;

static void set_up(void)
{
	district_rig_set_up();
	reader = district_rig_link("reader");
}

static void tear_down(void)
{
	sql_link_free(reader);
	district_rig_tear_down();
}

static struct check_options reading_over(struct sql_link *second)
{
	return (struct check_options){ .as_of = day("2026-10-20"), .full = true, .reader = second };
}

static struct evaluation finish(struct sql_link *second)
{
	return evaluate_with(district.base, district.link, reading_over(second));
}

static char *states(void)
{
	return mem_text(pg_text(district.db,
		"SELECT md5(string_agg(obligation_no || status || print, ' ' ORDER BY "
		"obligation_no COLLATE \"C\")) FROM obligation_state"));
}

static void nothing_is_stored(void)
{
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_state"), 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_group"), 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 0);
}

TestSuite(run_reader, .init = set_up, .fini = tear_down, .timeout = 180);

Test(run_reader, two_links_store_what_one_stores)
{
	struct evaluation answer = finish(reader);
	_cleanup_free_ char *with_two = states();

	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_eq(answer.report.states_written, STATES);
	answer = finish(NULL);
	cr_assert_eq(answer.report.obligations, STATES);
	cr_assert_eq(answer.report.states_written, 0, "one link finds nothing to change");
	pg_exec(district.db, "DELETE FROM obligation_state; DELETE FROM obligation_group");
	finish(NULL);
	_cleanup_free_ char *with_one = states();
	cr_assert_str_eq(with_one, with_two);
}

Test(run_reader, stray_payments_are_on_record_after_a_run_over_two_links)
{
	pg_exec(district.db,
		"INSERT INTO payment (key, print, batch_id, place, voucher_no, contract_no, "
		"obligation_no, unit_code, payee_uscc, payee_name, amount_fen, currency, "
		"voucher_on, instrument, reverses_voucher_no) SELECT md5('v')::uuid, "
		"md5('v')::uuid, batch_id, 0, 'V-STRAY', 'NOBODY-KNOWS', '', unit_code, "
		"supplier_uscc, '', 100, 'CNY', '2026-10-01', 'cash', '' FROM contract "
		"ORDER BY contract_no LIMIT 1");
	finish(reader);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM payment_astray WHERE key = md5('v')::uuid"),
		1);
}

static bool given_back;
static day_t given_day;

static void on_reader_back(void *arg, day_t as_of)
{
	const struct evaluation *answer = arg;

	cr_expect_not(answer->done);
	given_back = true;
	given_day = as_of;
}

Test(run_reader, the_reader_is_given_back_before_the_run_is_stored)
{
	struct check_options options = reading_over(reader);
	struct evaluation answer;

	options.reader_back = on_reader_back;
	evaluate_start(district.base, district.link, options, &answer);
	pg_loop_until(district.base, &given_back, PATIENCE_MS);
	cr_assert_eq(given_day, options.as_of);
	nothing_is_stored();
	pg_loop_until(district.base, &answer.done, PATIENCE_MS);
	cr_assert_eq(answer.report.states_written, STATES);
}

Test(run_reader, again_over_two_links_writes_nothing)
{
	struct evaluation answer;

	finish(reader);
	answer = finish(reader);
	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_eq(answer.report.states_written, 0);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1);
}

/* Equal texts: nothing was stored between them. */
static char *stored(void)
{
	return mem_text(
		pg_text(district.db, "SELECT concat_ws(' ', (SELECT count(*) FROM "
				     "obligation_state), (SELECT count(*) FROM "
				     "obligation_group), (SELECT count(*) FROM check_run), (SELECT "
				     "count(*) FROM finding))"));
}

Test(run_reader, a_run_whose_reader_dies_stores_nothing)
{
	int failed = 0;

	for (int wait_ms = 10; wait_ms < 400; wait_ms += 30) {
		_cleanup_free_ char *before = stored();
		struct evaluation answer;

		evaluate_start(district.base, district.link, reading_over(reader), &answer);
		pg_loop_for(district.base, wait_ms);
		if (answer.done)
			break;
		pg_exec(district.db,
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
			"datname = current_database() AND application_name LIKE '%reader%'");
		pg_loop_until(district.base, &answer.done, PATIENCE_MS);
		if (answer.err.code == ERR_NONE)
			continue; /* all was read already, or not yet begun */
		_cleanup_free_ char *after = stored();
		cr_assert_str_eq(after, before);
		failed++;
	}
	cr_assert_gt(failed, 0);
	finish(reader);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_state"), STATES);
}

Test(run_reader, a_run_that_is_cut_while_it_reads_leaves_nothing)
{
	int cut = 0;

	for (int wait_ms = 0; wait_ms < 120; wait_ms += 10) {
		struct evaluation answer;
		struct check_run *run =
			evaluate_start(district.base, district.link, reading_over(reader), &answer);

		pg_loop_for(district.base, wait_ms);
		if (answer.done)
			break;
		check_run_cancel(run);
		pg_loop_for(district.base, 20);
		cr_assert(!answer.done);
		if (pg_int(district.db, "SELECT count(*) FROM check_run") > 0)
			break; /* cut while the server was committing: then it is all there */
		nothing_is_stored();
		cut++;
	}
	cr_assert_gt(cut, 0);
	finish(reader);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_state"), STATES);
}

Test(run_reader, a_reader_that_cannot_be_had_is_done_without)
{
	struct sql_link *away = sql_link_new(district.base,
		&(struct sql_link_options){
			.dsn = "host=/nonexistent dbname=x", .name = "away", .once = true },
		NULL);
	struct evaluation answer = finish(away);

	sql_link_free(away);
	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_eq(answer.report.states_written, STATES);
}
