#include "sql/store_review.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>

#include "lib/district.h"
#include "lib/evaluate.h"
#include "lib/pg.h"
#include "sql/link.h"

static struct pg_db *db;
static struct event_base *base;
static struct sql_link *sql_link;

struct answer {
	bool done;
	struct err err;
	int64_t review_id;
};

static void set_up(void)
{
	struct err err = ERR_INIT;

	base = pg_loop_new();
	db = pg_db_new();
	sql_link = sql_link_new(
		base, &(struct sql_link_options){ .dsn = pg_db_dsn(db), .name = "test" }, &err);
	cr_assert(sql_link, "%s", err.text);
	district_load(db, "corner", true);
	evaluate(base, sql_link, "2026-10-06");
}

static void tear_down(void)
{
	sql_link_free(sql_link);
	pg_db_free(db);
	pg_loop_free(base);
}

TestSuite(store_review, .init = set_up, .fini = tear_down, .timeout = 60);

static void on_done(void *arg, const struct err *err, int64_t review_id)
{
	struct answer *answer = arg;

	answer->done = true;
	if (err)
		answer->err = *err;
	answer->review_id = review_id;
}

static struct answer review(const char *verdict, fen_t more)
{
	struct answer answer = { .err = ERR_INIT };
	struct err err = ERR_INIT;
	struct store_review wanted = {
		.obligation_no = "G19-001-01",
		.verdict = verdict,
		.reviewer = "wang",
		.note = "电话核实",
		.overdue_since =
			evaluate_day(pg_text(db, "SELECT overdue_since FROM obligation_state WHERE "
						 "obligation_no = 'G19-001-01'")),
		.overdue =
			pg_int(db, "SELECT overdue_fen FROM obligation_state WHERE obligation_no = "
				   "'G19-001-01'") +
			more,
	};

	cr_assert_eq(
		store_review_add(sql_link, &wanted, on_done, &answer, &err), 0, "%s", err.text);
	while (!answer.done)
		event_base_loop(base, EVLOOP_ONCE);
	return answer;
}

Test(store_review, a_review_is_kept_with_what_was_seen_and_moves_the_state_version)
{
	int64_t before = pg_int(db, "SELECT version FROM state_version");
	struct answer answer = review("verified", 0);

	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_gt(answer.review_id, 0);
	cr_assert_eq(pg_int(db, "SELECT version FROM state_version"), before + 1);
	cr_assert_str_eq(pg_text(db, "SELECT concat_ws(' ', verdict, reviewer, note, latest) FROM "
				     "v_obligation_review"),
		"verified wang 电话核实 t");
	cr_assert_eq(
		pg_int(db,
			"SELECT count(*) FROM v_obligation_review r JOIN obligation_state s USING "
			"(obligation_no) WHERE r.overdue_fen = s.overdue_fen AND r.overdue_since = "
			"s.overdue_since"),
		1);
}

Test(store_review, figures_that_were_not_on_the_screen_cannot_be_verified)
{
	int64_t before = pg_int(db, "SELECT version FROM state_version");

	cr_assert_eq(review("verified", 1).err.code, ERR_REFUSED);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM obligation_review"), 0);
	cr_assert_eq(pg_int(db, "SELECT version FROM state_version"), before);
}

Test(store_review, a_word_that_is_no_verdict_is_refused)
{
	cr_assert_neq(review("perhaps", 0).err.code, ERR_NONE);
	cr_assert_eq(pg_int(db, "SELECT count(*) FROM obligation_review"), 0);
}

Test(store_review, a_refuted_debt_is_no_finding_until_that_is_withdrawn)
{
	static const char open[] =
		"SELECT count(*) FROM finding WHERE subject = 'G19-001-01' AND code = "
		"'arrears-overdue' AND state = 'open'";

	cr_assert_eq(pg_int(db, open), 1);
	cr_assert_eq(review("refuted", 0).err.code, ERR_NONE);
	evaluate(base, sql_link, "2026-10-06");
	cr_assert_eq(pg_int(db, open), 0);
	cr_assert_eq(review("withdrawn", 0).err.code, ERR_NONE);
	cr_assert_str_eq(
		pg_text(db,
			"SELECT string_agg(verdict, ',') FROM v_obligation_review WHERE latest"),
		"withdrawn");
	evaluate(base, sql_link, "2026-10-06");
	cr_assert_eq(pg_int(db, open), 1);
}
