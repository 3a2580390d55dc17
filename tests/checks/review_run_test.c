/* A review that a person gives while a run is under way: the run or the next one takes it, whatever the run writes over. */
#include <criterion/criterion.h>

#include "checks/run.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "sql/link.h"
#include "sql/store_review.h"

enum { PATIENCE_MS = 60000 };

static struct sql_link *person;
static char *number; /* the debt that is looked at */

static void set_up(void)
{
	district_rig_corner_judged();
	person = district_rig_link("person");
	number = mem_text(pg_text(district.db,
		"SELECT min(subject) FROM finding WHERE code = 'arrears-overdue' AND "
		"state <> 'closed'"));
}

static void tear_down(void)
{
	free(number);
	sql_link_free(person);
	district_rig_tear_down();
}

TestSuite(review_run, .init = set_up, .fini = tear_down, .timeout = 120);

struct answer {
	bool done;
	struct err err;
};

static void on_reviewed(void *arg, const struct err *err, const struct store_reviewed *reviewed)
{
	struct answer *answer = arg;
	(void)reviewed;
	answer->done = true;
	if (err)
		answer->err = *err;
}

static void refute(void)
{
	struct answer answer = { .err = ERR_INIT };
	struct err err = ERR_INIT;

	cr_assert_eq(store_review_add(person,
			     &(struct store_review){ .obligation_no = number,
				     .verdict = "refuted",
				     .reviewer = "王芳",
				     .note = "已付",
				     .overdue_since = DAY_NONE,
				     .overdue = REVIEW_AS_IT_STANDS,
				     .allowed = "{suspected,maybe-paid,contested}" },
			     on_reviewed, &answer, &err),
		0, "%s", err.text);
	pg_loop_until(district.base, &answer.done, PATIENCE_MS);
	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
}

static int64_t open_findings(void)
{
	_cleanup_free_ char *sql = mem_format(
		"SELECT count(*) FROM finding WHERE code = 'arrears-overdue' AND subject = '%s' "
		"AND state <> 'closed'",
		number);
	return pg_int(district.db, sql);
}

static bool the_run_waits(void *arg)
{
	(void)arg;
	return pg_int(district.db, "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = "
				   "'relation'") > 0;
}

/* A run that judges the debt anew stands still at the table, held by another session; the debt is refuted meanwhile. */
static void refute_while_a_run_waits_for(const char *table)
{
	_cleanup_free_ char *hold =
		mem_format("BEGIN; LOCK TABLE %s IN ACCESS EXCLUSIVE MODE", table);
	struct check_options options = { .as_of = day(CORNER_DAY), .full = true };
	struct evaluation answer;

	pg_exec(district.db,
		"UPDATE obligation_state SET print = '00000000-0000-0000-0000-000000000000';"
		"UPDATE obligation_group SET print = '00000000-0000-0000-0000-000000000000'");
	pg_exec(district.db, hold);
	evaluate_start(district.base, district.link, options, &answer);
	pg_loop_until_true(district.base, the_run_waits, NULL, PATIENCE_MS);
	refute();
	pg_exec(district.db, "COMMIT");
	pg_loop_until(district.base, &answer.done, PATIENCE_MS);
	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_gt(answer.report.states_written, 0);
	cr_assert_eq(open_findings(), 1, "the run read the reviews before");
}

static void the_next_run_closes_it(void)
{
	struct check_report report = evaluate_changes(district.base, district.link, CORNER_DAY);

	cr_assert_eq(open_findings(), 0);
	cr_assert_eq(report.findings_closed, 1);
	cr_assert_lt(report.obligations, 50, "not everything is judged for one review");
	cr_assert_eq(evaluate_changes(district.base, district.link, CORNER_DAY).run_id, 0,
		"it is taken once");
}

Test(review_run, a_review_between_two_runs_is_taken_by_the_second)
{
	refute();
	the_next_run_closes_it();
}

Test(review_run, a_review_given_before_the_run_has_its_number_is_taken_by_the_next_one)
{
	refute_while_a_run_waits_for("check_run");
	the_next_run_closes_it();
}

Test(review_run, a_review_given_while_the_run_reads_the_debts_is_taken_by_the_next_one)
{
	refute_while_a_run_waits_for("supplier");
	the_next_run_closes_it();
}

Test(review_run, a_run_that_ends_without_a_result_takes_nothing)
{
	struct evaluation answer;

	refute();
	answer = evaluate_with(
		district.base, district.link, (struct check_options){ .as_of = day("2026-10-01") });
	cr_assert_eq(answer.err.code, ERR_REFUSED, "a past day");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM obligation_review WHERE taken_at IS NULL"),
		1);
	the_next_run_closes_it();
}
