#include "sql/store_review.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>

#include "lib/days.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "sql/link.h"

struct answer {
	bool done;
	struct err err;
	int64_t review_id;
};

static const char suspected[] = "{suspected,maybe-paid,contested,verified,refuted}";

TestSuite(store_review, .init = district_rig_corner_judged, .fini = district_rig_tear_down,
	.timeout = 60);

static void on_done(void *arg, const struct err *err, const struct store_reviewed *reviewed)
{
	struct answer *answer = arg;

	answer->done = true;
	if (err)
		answer->err = *err;
	answer->review_id = reviewed ? reviewed->review_id : 0;
}

static void submit(struct sql_link *link, const char *verdict, fen_t more, const char *allowed,
	struct answer *answer)
{
	struct err err = ERR_INIT;
	struct store_review wanted = {
		.obligation_no = "G19-001-01",
		.verdict = verdict,
		.reviewer = "wang",
		.note = "电话核实",
		.overdue_since =
			day(pg_text(district.db, "SELECT overdue_since FROM obligation_state WHERE "
						 "obligation_no = 'G19-001-01'")),
		.overdue = pg_int(district.db,
				   "SELECT overdue_fen FROM obligation_state WHERE obligation_no = "
				   "'G19-001-01'") +
			   more,
		.allowed = allowed,
	};

	cr_assert_eq(store_review_add(link, &wanted, on_done, answer, &err), 0, "%s", err.text);
}

static struct answer review_from(const char *verdict, fen_t more, const char *allowed)
{
	struct answer answer = { .err = ERR_INIT };

	submit(district.link, verdict, more, allowed, &answer);
	pg_loop_until(district.base, &answer.done, 10000);
	return answer;
}

static struct answer review(const char *verdict, fen_t more)
{
	return review_from(verdict, more, suspected);
}

Test(store_review, a_review_is_kept_with_what_was_seen_and_moves_the_state_version)
{
	int64_t before = pg_int(district.db, "SELECT version FROM state_version");
	struct answer answer = review("verified", 0);

	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_gt(answer.review_id, 0);
	cr_assert_eq(pg_int(district.db, "SELECT version FROM state_version"), before + 1);
	cr_assert_str_eq(
		pg_text(district.db, "SELECT concat_ws(' ', verdict, reviewer, note, latest) FROM "
				     "v_obligation_review"),
		"verified wang 电话核实 t");
	cr_assert_eq(
		pg_int(district.db,
			"SELECT count(*) FROM v_obligation_review r JOIN obligation_state s USING "
			"(obligation_no) WHERE r.overdue_fen = s.overdue_fen AND r.overdue_since = "
			"s.overdue_since"),
		1);
}

Test(store_review, figures_that_were_not_on_the_screen_cannot_be_verified)
{
	int64_t before = pg_int(district.db, "SELECT version FROM state_version");

	cr_assert_eq(review("verified", 1).err.code, ERR_REFUSED);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_review"), 0);
	cr_assert_eq(pg_int(district.db, "SELECT version FROM state_version"), before);
}

Test(store_review, a_word_that_is_no_verdict_is_refused)
{
	cr_assert_neq(review("perhaps", 0).err.code, ERR_NONE);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_review"), 0);
}

Test(store_review, a_refuted_debt_is_no_finding_until_that_is_withdrawn)
{
	static const char open[] =
		"SELECT count(*) FROM finding WHERE subject = 'G19-001-01' AND code = "
		"'arrears-overdue' AND state = 'open'";

	cr_assert_eq(pg_int(district.db, open), 1);
	cr_assert_eq(review("refuted", 0).err.code, ERR_NONE);
	evaluate(district.base, district.link, "2026-10-06");
	cr_assert_eq(pg_int(district.db, open), 0);
	cr_assert_eq(review("withdrawn", 0).err.code, ERR_NONE);
	cr_assert_str_eq(
		pg_text(district.db,
			"SELECT string_agg(verdict, ',') FROM v_obligation_review WHERE latest"),
		"withdrawn");
	evaluate(district.base, district.link, "2026-10-06");
	cr_assert_eq(pg_int(district.db, open), 1);
}

Test(store_review, a_verdict_is_refused_where_the_debt_stands_so_that_it_cannot_be_given)
{
	struct answer answer;

	cr_assert_eq(review_from("verified", 0, "{suspected}").err.code, ERR_NONE);
	answer = review_from("verified", 0, "{suspected}");
	cr_assert_eq(answer.err.code, ERR_REFUSED);
	cr_assert_str_eq(
		answer.err.text, "G19-001-01 is verified: it cannot be verified from there");
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_review"), 1);
	cr_assert_eq(review_from("contested", 0, "{verified}").err.code, ERR_NONE);
	cr_assert_str_eq(pg_text(district.db, "SELECT standing FROM v_obligation_standing WHERE "
					      "obligation_no = 'G19-001-01'"),
		"contested");
}

static bool both_wait(void *arg)
{
	(void)arg;
	pg_exec(district.db,
		"SELECT pg_stat_clear_snapshot()"); /* else the transaction sees the first */
	return pg_int(district.db, "SELECT count(*) FROM pg_stat_activity WHERE datname = "
				   "current_database() AND wait_event_type = 'Lock'") == 2;
}

static const char *outcome(const struct answer *answer)
{
	return answer->err.code ? answer->err.text : "passed";
}

Test(store_review, of_two_reviews_in_the_same_instant_one_passes)
{
	struct answer first = { .err = ERR_INIT }, second = { .err = ERR_INIT };
	struct sql_link *other = district_rig_link("other");

	/* Both have begun, and so have their snapshots, before either can write. */
	pg_exec(district.db, "BEGIN");
	pg_exec(district.db,
		"SELECT FROM obligation_state WHERE obligation_no = 'G19-001-01' FOR UPDATE");
	submit(district.link, "verified", 0, "{suspected}", &first);
	submit(other, "refuted", 0, "{suspected}", &second);
	pg_loop_until_true(district.base, both_wait, NULL, 10000);
	pg_exec(district.db, "COMMIT");
	pg_loop_until(district.base, &first.done, 10000);
	pg_loop_until(district.base, &second.done, 10000);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_review"), 1,
		"\"verified\": %s; \"refuted\": %s", outcome(&first), outcome(&second));
	cr_assert_eq((first.err.code == ERR_NONE) + (second.err.code == ERR_NONE), 1);
	cr_assert_eq((first.err.code == ERR_REFUSED) + (second.err.code == ERR_REFUSED), 1);
	sql_link_free(other);
}

Test(store_review, nothing_is_withdrawn_that_was_not_said)
{
	cr_assert_eq(review("withdrawn", 0).err.code, ERR_REFUSED);
	cr_assert_eq(review("verified", 0).err.code, ERR_NONE);
	cr_assert_eq(review("withdrawn", 0).err.code, ERR_NONE);
	cr_assert_str_eq(pg_text(district.db, "SELECT standing FROM v_obligation_standing WHERE "
					      "obligation_no = 'G19-001-01'"),
		"suspected");
	cr_assert_eq(review("withdrawn", 0).err.code, ERR_REFUSED);
}

Test(store_review, a_review_without_name_or_reason_is_not_sent)
{
	struct err err = ERR_INIT;
	struct store_review wanted = { .obligation_no = "G19-001-01",
		.verdict = "verified",
		.reviewer = "",
		.note = "电话核实",
		.overdue_since = DAY_NONE,
		.overdue = REVIEW_AS_IT_STANDS,
		.allowed = suspected };

	cr_assert_lt(store_review_add(district.link, &wanted, on_done, NULL, &err), 0);
	cr_assert_eq(err.code, ERR_USAGE);
	err_clear(&err);
	wanted.reviewer = "wang";
	wanted.note = "";
	cr_assert_lt(store_review_add(district.link, &wanted, on_done, NULL, &err), 0);
	cr_assert_eq(err.code, ERR_USAGE);
}

Test(store_review, a_debt_that_nobody_knows_or_that_is_not_overdue_is_named)
{
	struct answer answer = { .err = ERR_INIT };
	struct err err = ERR_INIT;
	struct store_review wanted = { .obligation_no = "NO-SUCH",
		.verdict = "verified",
		.reviewer = "wang",
		.note = "电话核实",
		.overdue_since = DAY_NONE,
		.overdue = REVIEW_AS_IT_STANDS,
		.allowed = suspected };

	cr_assert_eq(store_review_add(district.link, &wanted, on_done, &answer, &err), 0);
	pg_loop_until(district.base, &answer.done, 10000);
	cr_assert_eq(answer.err.code, ERR_REFUSED);
	cr_assert_not_null(strstr(answer.err.text, "NO-SUCH is not a covered overdue debt"));
}
