/* The ladder of E-6: proposals for verified rows only, a person's decision, and one message for what was confirmed. */
#include "checks/ladder.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>

#include "alerts/payload.h"
#include "alerts/wording.h"
#include "core/buf.h"
#include "core/mem.h"
#include "lib/days.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/facts_csv.h"
#include "lib/source_text.h"
#include "sql/store_proposal.h"

/* The rule ------------------------------------------------------------------------------------- */

Test(ladder, a_row_stands_on_the_highest_step_whose_days_it_has_reached)
{
	static const struct {
		int64_t days;
		enum ladder_step step;
	} cases[] = { { 0, LADDER_NONE }, { 1, LADDER_NONE }, { 29, LADDER_NONE },
		{ 30, LADDER_INTERVIEW }, { 59, LADDER_INTERVIEW }, { 60, LADDER_SUPERVISE },
		{ 89, LADDER_SUPERVISE }, { 90, LADDER_REPORT }, { 3000, LADDER_REPORT } };
	struct law_csv *csv = law_csv_read();

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		cr_expect_eq(ladder_step_of(&csv->law, cases[i].days, day("2026-10-06")),
			cases[i].step, "%lld days", (long long)cases[i].days);
	law_csv_free(csv);
}

Test(ladder, only_a_proposal_that_waits_can_be_decided)
{
	static const char *const states[] = { "", "confirmed", "declined", "lapsed" };

	cr_assert_str_eq(ladder_decide("proposed", "confirmed"), "confirmed");
	cr_assert_str_eq(ladder_decide("proposed", "declined"), "declined");
	cr_assert_null(ladder_decide("proposed", "lapsed"), "that is for a run");
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
		cr_expect_null(ladder_decide(states[i], "confirmed"), "%s", states[i]);
}

Test(ladder, every_step_has_a_name_that_reads_back_words_and_an_addressee)
{
	for (int step = LADDER_INTERVIEW; step < LADDER_STEPS; step++) {
		enum ladder_step one = (enum ladder_step)step;

		cr_expect_eq(ladder_step_parse(ladder_step_name(one)), one);
		cr_expect_str_not_empty(ladder_step_words(one));
		cr_expect_str_not_empty(ladder_step_addressee(one));
	}
	cr_expect_eq(ladder_step_parse(""), LADDER_NONE);
}

Test(ladder, the_picture_of_its_life_is_in_the_readme)
{
	struct buf out;

	buf_init(&out, 10000);
	ladder_draw(&out);
	source_text_expect_in_readme(out.data);
	buf_free(&out);
}

/* Over a ledger -------------------------------------------------------------------------------- */

static void set_up(void)
{
	district_rig_corner();
	district_rig_hook();
	evaluate(district.base, district.link, CORNER_DAY);
}

TestSuite(ladder_run, .init = set_up, .fini = district_rig_tear_down, .timeout = 120);

/* Number of rows of a state, and of the messages on steps. */
static int64_t proposals(const char *state)
{
	_cleanup_free_ char *sql =
		mem_format("SELECT count(*) FROM proposal WHERE state = '%s'", state);
	return pg_int(district.db, sql);
}

static int64_t step_messages(void)
{
	return pg_int(district.db, "SELECT count(*) FROM message WHERE case_key LIKE 'step/%'");
}

/* A person verifies every covered overdue row with so many days on 6 October. */
static int64_t verify(int least, int most)
{
	_cleanup_free_ char *sql = mem_format(
		"WITH added AS (INSERT INTO obligation_review (obligation_no, verdict, reviewer, "
		"note, overdue_since, overdue_fen) SELECT obligation_no, 'verified', 'wang', 'x', "
		"overdue_since, overdue_fen FROM obligation_state WHERE coverage = 'covered' AND "
		"overdue_fen > 0 AND DATE '2026-10-06' - overdue_since BETWEEN %d AND %d RETURNING "
		"1) SELECT count(*) FROM added",
		least, most);
	return pg_int(district.db, sql);
}

struct answer {
	bool done;
	struct err err;
};

static void on_decided(void *arg, const struct err *err, int64_t rows)
{
	struct answer *answer = arg;

	(void)rows;
	answer->done = true;
	if (err)
		answer->err = *err;
}

static struct err decide(int64_t proposal_id, const char *decision)
{
	struct answer answer = { .err = ERR_INIT };
	struct err err = ERR_INIT;

	cr_assert_eq(proposal_decide(district.link,
			     &(struct proposal_decision){
				     proposal_id, decision, "王芳", "已函询，无异议" },
			     on_decided, &answer, &err),
		0, "%s", err.text);
	pg_loop_until(district.base, &answer.done, 10000);
	return answer.err;
}

static int64_t waiting_one(void)
{
	return pg_int(
		district.db, "SELECT min(proposal_id) FROM proposal WHERE state = 'proposed'");
}

Test(ladder_run, what_nobody_verified_is_never_proposed)
{
	cr_assert_gt(
		pg_int(district.db, "SELECT count(*) FROM v_obligation_standing WHERE standing = "
				    "'suspected' AND as_of - overdue_since >= 90"),
		5);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM proposal"), 0);
	evaluate(district.base, district.link, "2026-12-01");
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM proposal"), 0);
}

Test(ladder_run, verified_rows_are_proposed_once_by_unit_and_step_and_nobody_is_told)
{
	int64_t rows = verify(30, 36600), young = verify(0, 29);

	cr_assert_gt(rows, 10);
	cr_assert_gt(young, 0);
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM proposal_row"), rows);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM proposal"),
		pg_int(district.db,
			"SELECT count(DISTINCT (unit_code, CASE WHEN d >= 90 THEN 3 WHEN d >= 60 "
			"THEN 2 ELSE 1 END)) FROM (SELECT unit_code, as_of - overdue_since AS d "
			"FROM v_obligation_standing WHERE standing = 'verified') s WHERE d >= "
			"30"));
	cr_assert_eq(
		pg_int(district.db,
			"SELECT count(*) FROM proposal_row r JOIN proposal p USING "
			"(proposal_id) JOIN v_obligation_standing v USING (obligation_no) "
			"WHERE p.unit_code <> v.unit_code OR p.step <> CASE WHEN v.as_of - "
			"v.overdue_since >= 90 THEN 'report' WHEN v.as_of - v.overdue_since >= "
			"60 THEN 'supervise' ELSE 'interview' END"),
		0);
	cr_assert_eq(step_messages(), 0);
	cr_assert_eq(evaluate_changes(district.base, district.link, "2026-10-06").run_id, 0,
		"a repeated run writes nothing");
}

Test(ladder_run, only_a_confirmed_step_becomes_a_message_and_only_once)
{
	struct err err = ERR_INIT;
	struct payload *payload;
	int64_t id;
	const char *text;

	verify(90, 36600);
	evaluate_changes(district.base, district.link, "2026-10-06");
	id = waiting_one();
	cr_assert_eq(decide(id, "confirmed").code, ERR_NONE);
	cr_assert_eq(step_messages(), 0, "the run tells");
	evaluate_changes(district.base, district.link, "2026-10-07");
	cr_assert_eq(step_messages(), 1);
	text = pg_text(district.db, "SELECT payload FROM message WHERE case_key LIKE 'step/%'");
	payload = payload_parse(text, strlen(text), &err);
	cr_assert(payload, "%s", err.text);
	cr_expect_eq(payload->type, PAYLOAD_STEP);
	cr_expect_eq(payload->step, PAYLOAD_REPORT);
	cr_expect_str_eq(payload->step_decided_by, "王芳");
	cr_expect_str_eq(payload->step_reason, "已函询，无异议");
	cr_expect_eq(payload->rows_total,
		pg_int(district.db,
			"SELECT obligations FROM v_proposal WHERE state = 'confirmed'"));
	cr_expect_eq(payload->overdue_fen,
		pg_int(district.db,
			"SELECT overdue_fen FROM v_proposal WHERE state = 'confirmed'"));
	for (int i = 0; i < payload->row_count; i++)
		cr_expect(payload->rows[i].verified && payload->rows[i].overdue_days >= 90);
	cr_expect_eq(
		pg_int(district.db, "SELECT sum((r ->> 'interest_fen')::bigint) FROM message m, "
				    "jsonb_array_elements(m.payload #> '{arrears,rows}') r WHERE "
				    "m.case_key LIKE 'step/%'"),
		pg_int(district.db,
			"SELECT sum(i.interest_fen) FROM v_proposal p JOIN proposal_row r USING "
			"(proposal_id) JOIN v_obligation_state s USING (obligation_no) JOIN "
			"obligation_state_on('2026-10-07') i USING (obligation_no) WHERE "
			"p.state = 'confirmed' AND s.rate_basis <> '' HAVING "
			"sum(i.interest_fen) > 0"),
		"for channels that show it");
	payload_free(payload);
	evaluate(district.base, district.link, "2026-10-07");
	evaluate(district.base, district.link, "2026-10-08");
	cr_expect_eq(step_messages(), 1);
}

/* The most messages on its arrears, steps included, that any unit got for one day. */
static int64_t most_a_day(void)
{
	return pg_int(district.db,
		"SELECT max(n) FROM (SELECT count(*) AS n FROM message WHERE case_key ~ "
		"'^(arrears|step)/' GROUP BY unit_code, payload->>'as_of') d");
}

Test(ladder_run, a_step_waits_for_a_day_on_which_the_unit_was_told_nothing_and_goes_first_on_it)
{
	_cleanup_free_ char *unit = NULL, *change = NULL, *told = NULL;

	verify(90, 36600);
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_eq(decide(waiting_one(), "confirmed").code, ERR_NONE);
	unit = mem_text(
		pg_text(district.db, "SELECT unit_code FROM proposal WHERE state = 'confirmed'"));
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_eq(step_messages(), 0, "the unit was told of its arrears today");
	/* The next day there is news of its debts, too. */
	change = mem_format("UPDATE obligation SET amount_fen = amount_fen + 100 WHERE "
			    "obligation_no = (SELECT min(subject) FROM finding WHERE unit_code = "
			    "'%s' AND code = 'arrears-overdue' AND state <> 'closed')",
		unit);
	pg_exec(district.db, change);
	evaluate(district.base, district.link, "2026-10-07");
	told = mem_format("SELECT string_agg(left(case_key, 5) || (payload->>'as_of'), ' ' ORDER "
			  "BY message_id) FROM message WHERE unit_code = '%s' AND case_key ~ "
			  "'^(arrears|step)/'",
		unit);
	cr_expect_str_eq(pg_text(district.db, told), "arrea2026-10-06 step/2026-10-07");
	evaluate(district.base, district.link, "2026-10-08");
	cr_expect_str_eq(pg_text(district.db, told),
		"arrea2026-10-06 step/2026-10-07 arrea2026-10-08",
		"the news was held back, not lost");
}

Test(ladder_run, several_steps_of_a_unit_are_told_on_as_many_days)
{
	verify(90, 36600);
	evaluate_changes(district.base, district.link, "2026-10-06");
	cr_assert_eq(decide(waiting_one(), "confirmed").code, ERR_NONE);
	/* As if the same debts had been proposed, and confirmed, for an interview before. */
	pg_exec(district.db,
		"INSERT INTO proposal (step, unit_code, department, state, proposed_on, run_id, "
		"decided_by, reason, decided_at) SELECT 'interview', unit_code, department, "
		"state, proposed_on, run_id, decided_by, reason, decided_at FROM proposal WHERE "
		"state = 'confirmed'; INSERT INTO proposal_row SELECT n.proposal_id, "
		"r.obligation_no, r.review_id, r.overdue_since, r.overdue_fen, r.left_on FROM "
		"proposal n, proposal o JOIN proposal_row r USING (proposal_id) WHERE n.state = "
		"'confirmed' AND o.state = 'confirmed' AND n.proposal_id > o.proposal_id");
	evaluate(district.base, district.link, "2026-10-07");
	cr_expect_eq(step_messages(), 1);
	evaluate(district.base, district.link, "2026-10-08");
	cr_expect_eq(step_messages(), 2);
	evaluate(district.base, district.link, "2026-10-09");
	cr_expect_eq(step_messages(), 2);
	cr_expect_eq(most_a_day(), 1);
}

Test(ladder_run, the_text_of_a_confirmed_step_says_who_decided_what_and_why)
{
	struct wording_options options = {
		.language = WORDING_ZH, .contact = "经发局", .link = ""
	};
	struct err err = ERR_INIT;
	struct wording text;
	struct payload *payload;
	const char *json;

	verify(90, 36600);
	evaluate_changes(district.base, district.link, "2026-10-06");
	decide(waiting_one(), "confirmed");
	evaluate_changes(district.base, district.link, "2026-10-07");
	json = pg_text(district.db, "SELECT payload FROM message WHERE case_key LIKE 'step/%'");
	payload = payload_parse(json, strlen(json), &err);
	cr_assert(payload, "%s", err.text);
	cr_assert_eq(wording_render(&text, payload, "A-20261006-000001", false, &options, &err), 0,
		"%s", err.text);
	cr_expect_not_null(strstr(text.subject, "通报（已确认）"), "%s", text.subject);
	cr_expect_not_null(strstr(text.body.text.data, "王芳于"));
	cr_expect_not_null(strstr(text.body.text.data, "对象：债务单位的主管部门和区政府"));
	cr_expect_not_null(strstr(text.body.text.data, "理由：已函询，无异议"));
	cr_expect_null(strstr(text.body.text.data, "疑似"), "its rows are verified");
	cr_expect_null(strstr(text.body.text.data, "利息"), "internal");
	wording_free(&text);
	payload_free(payload);
}

Test(ladder_run, a_declined_step_is_told_to_nobody_and_not_proposed_again_until_the_next_one)
{
	cr_assert_gt(verify(0, 29), 0);
	evaluate(district.base, district.link, "2026-11-05");
	cr_assert_gt(proposals("proposed"), 0);
	while (proposals("proposed") > 0)
		cr_assert_eq(decide(waiting_one(), "declined").code, ERR_NONE);
	evaluate(district.base, district.link, "2026-11-05");
	cr_assert_eq(proposals("proposed"), 0);
	cr_assert_eq(step_messages(), 0);
	evaluate(district.base, district.link, "2026-12-05");
	cr_assert_gt(proposals("proposed"), 0);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM proposal WHERE state = 'proposed' AND step = "
			     "'interview'"),
		0);
}

Test(ladder_run, rows_leave_a_waiting_proposal_for_the_next_step_or_when_no_longer_verified)
{
	int64_t rows = verify(0, 29);

	cr_assert_gt(rows, 0);
	evaluate(district.base, district.link, "2026-11-05");
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM proposal_row WHERE left_on IS NULL"),
		rows);
	evaluate(district.base, district.link, "2026-12-05");
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM proposal WHERE step = 'interview' AND state "
			     "<> 'lapsed'"),
		0);
	pg_exec(district.db,
		"INSERT INTO obligation_review (obligation_no, verdict, reviewer, note, "
		"overdue_since, overdue_fen) SELECT obligation_no, 'withdrawn', 'li', 'x', "
		"overdue_since, overdue_fen FROM obligation_review");
	evaluate(district.base, district.link, "2026-12-05");
	cr_assert_eq(proposals("proposed"), 0);
	cr_assert_eq(
		pg_int(district.db, "SELECT count(*) FROM proposal_row WHERE left_on IS NULL"), 0);
	cr_assert_eq(pg_int(district.db,
			     "SELECT count(*) FROM proposal WHERE state = 'lapsed' AND lapsed_on "
			     "IS NULL"),
		0);
}

Test(ladder_run, a_proposal_is_decided_once_by_a_named_person)
{
	struct proposal_decision nobody = { 1, "confirmed", "", "x" };
	struct err err = ERR_INIT;
	int64_t id;

	verify(90, 36600);
	evaluate_changes(district.base, district.link, "2026-10-06");
	id = waiting_one();
	cr_assert_eq(decide(id, "declined").code, ERR_NONE);
	err = decide(id, "confirmed");
	cr_assert_eq(err.code, ERR_REFUSED);
	cr_assert_not_null(strstr(err.text, "is declined already"), "%s", err.text);
	cr_assert_eq(decide(999999, "confirmed").code, ERR_DATA);
	err_clear(&err);
	cr_assert_lt(proposal_decide(district.link, &nobody, on_decided, NULL, &err), 0);
	cr_assert_eq(err.code, ERR_USAGE);
	cr_assert_str_eq(
		pg_text(district.db, "SELECT state || decided_by FROM proposal WHERE state = "
				     "'declined'"),
		"declined王芳");
}

Test(ladder_run, what_no_route_takes_is_told_once_there_is_one)
{
	pg_exec(district.db, "UPDATE route SET rules = '{P-4}'");
	verify(90, 36600);
	evaluate_changes(district.base, district.link, "2026-10-06");
	decide(waiting_one(), "confirmed");
	evaluate(district.base, district.link, "2026-10-06");
	cr_assert_eq(step_messages(), 0);
	pg_exec(district.db, "UPDATE route SET rules = '{E-6}'");
	evaluate(district.base, district.link, "2026-10-07");
	cr_assert_eq(step_messages(), 1);
}

Test(ladder_run, a_debt_paid_before_the_run_is_not_in_the_message)
{
	int64_t id;

	verify(90, 36600);
	evaluate_changes(district.base, district.link, "2026-10-06");
	id = waiting_one();
	decide(id, "confirmed");
	pg_exec(district.db,
		"INSERT INTO payment (key, print, batch_id, place, voucher_no, contract_no, "
		"obligation_no, unit_code, payee_uscc, payee_name, amount_fen, currency, "
		"voucher_on, instrument, reverses_voucher_no) SELECT md5('k' || "
		"s.obligation_no)::uuid, md5('p' || s.obligation_no)::uuid, 1, 0, 'PAY-' || "
		"s.obligation_no, s.contract_no, s.obligation_no, s.unit_code, "
		"s.supplier_uscc, '', s.outstanding_fen, 'CNY', '2026-10-06', 'cash', '' FROM "
		"proposal_row r JOIN obligation_state s USING (obligation_no) JOIN proposal p "
		"USING (proposal_id) WHERE p.state = 'confirmed'");
	evaluate(district.base, district.link, "2026-10-06");
	cr_assert_eq(step_messages(), 0);
	cr_assert_eq(proposals("confirmed"), 1, "the decision stays on record");
}
