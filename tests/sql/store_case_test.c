#include "sql/store_case.h"

#include <criterion/criterion.h>

#include "alerts/life.h"
#include "core/mem.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

/* A district with a gap and arrears, told to a webhook that nobody serves. */
static void set_up(void)
{
	district_rig_set_up();
	district_rig_hook();
	evaluate(district.base, district.link, "2026-10-20");
}

TestSuite(store_case, .init = set_up, .fini = district_rig_tear_down, .timeout = 120);

struct heard {
	bool done;
	struct err err;
	struct store_case_acted acted;
};

static void on_acted(void *arg, const struct err *err, const struct store_case_acted *acted)
{
	struct heard *heard = arg;

	heard->done = true;
	if (err)
		heard->err = *err;
	else
		heard->acted = *acted;
}

static struct heard act(const char *subject, const char *event, const char *to, day_t until)
{
	struct heard heard = { .done = false };
	struct buf from, next;
	struct store_case_act wanted = { .subject = subject,
		.event = event,
		.person = "wang",
		.reason = "已联系",
		.to = to,
		.until = until };

	buf_init(&from, 200);
	buf_init(&next, 200);
	cr_assert(life_steps_of(&life_finding, event, LIFE_PERSON, &from, &next));
	wanted.from = from.data;
	wanted.next = next.data;
	if (store_case_act(district.link, &wanted, on_acted, &heard, &heard.err) == 0)
		pg_loop_until(district.base, &heard.done, 20000);
	buf_free(&from);
	buf_free(&next);
	return heard;
}

static int64_t count(const char *what)
{
	_cleanup_free_ char *sql = mem_format("SELECT count(*) FROM %s", what);

	return pg_int(district.db, sql);
}

#define IN_001001                                                                                  \
	"finding WHERE unit_code = '001001' AND code IN ('arrears-overdue', 'arrears-due-soon')"

Test(store_case, is_acknowledged_by_a_person_and_opens_again_when_it_changes)
{
	int64_t findings = count(IN_001001);
	struct heard heard = act("arrears/001001", "acknowledged", "", DAY_NONE);

	cr_assert_eq(heard.err.code, ERR_NONE, "%s", heard.err.text);
	cr_expect_eq(heard.acted.findings, findings);
	cr_expect_str_eq(heard.acted.cases, "arrears/001001");
	cr_expect_eq(count(IN_001001 " AND state = 'acknowledged'"), findings);
	cr_expect_eq(
		count("finding_event WHERE event = 'acknowledged' AND actor = 'wang' AND run_id "
		      "IS NULL AND evidence->>'reason' = '已联系'"),
		findings);
	heard = act("arrears/001001", "acknowledged", "", DAY_NONE);
	cr_expect_eq(heard.err.code, ERR_REFUSED, "twice: %s", heard.err.text);
	evaluate(district.base, district.link, "2026-10-20");
	cr_expect_eq(count(IN_001001 " AND state = 'acknowledged'"), findings, "an equal run");
	pg_exec(district.db,
		"UPDATE obligation SET amount_fen = amount_fen + 1 WHERE obligation_no = (SELECT "
		"subject FROM finding WHERE unit_code = '001001' AND code = 'arrears-overdue' "
		"ORDER BY subject LIMIT 1)");
	evaluate(district.base, district.link, "2026-10-20");
	cr_expect_eq(count(IN_001001 " AND state = 'open'"), 1, "it changed");
}

Test(store_case, is_assigned_and_escalated_by_any_of_its_names)
{
	_cleanup_free_ char *ref = mem_text(pg_text(
		district.db, "SELECT ref FROM message WHERE case_key = 'quota/2026/008001'"));
	_cleanup_free_ char *number =
		mem_text(pg_text(district.db, "SELECT finding_id FROM finding WHERE code = "
					      "'arrears-overdue' ORDER BY 1 LIMIT 1"));
	struct heard heard = act(ref, "assigned", "李科长", DAY_NONE);

	cr_assert_eq(heard.err.code, ERR_NONE, "%s", heard.err.text);
	cr_expect_str_eq(heard.acted.cases, "quota/2026/008001");
	cr_expect_gt(count("finding WHERE assignee = '李科长' AND state = 'open'"), 0);
	heard = act(number, "escalated", "赵局长", DAY_NONE);
	cr_expect_eq(heard.acted.findings, 1, "%s", heard.err.text);
	cr_expect_eq(
		count("finding_event WHERE event = 'escalated' AND evidence->>'to' = '赵局长'"), 1);
	cr_expect_eq(act("arrears/nobody", "assigned", "x", DAY_NONE).err.code, ERR_DATA);
}

Test(store_case, asks_for_what_an_act_needs_and_for_no_more)
{
	cr_expect_eq(act("arrears/001001", "assigned", "", DAY_NONE).err.code, ERR_USAGE);
	cr_expect_eq(act("arrears/001001", "acknowledged", "x", DAY_NONE).err.code, ERR_USAGE);
	cr_expect_eq(act("arrears/001001", "silenced", "", DAY_NONE).err.code, ERR_USAGE);
	cr_expect_eq(act("arrears/001001", "silenced", "", day_today() - 1).err.code, ERR_USAGE);
	cr_expect_eq(act("arrears/001001", "silenced", "", day_today() + 400).err.code, ERR_USAGE);
	cr_expect_eq(act("arrears/001001", "unsilenced", "", DAY_NONE).err.code, ERR_REFUSED,
		"nothing is silent");
	cr_expect_eq(count("finding_event WHERE actor = 'wang'"), 0);
}

static void told_yesterday(void)
{
	pg_exec(district.db,
		"UPDATE message SET payload = jsonb_set(payload, '{as_of}', '\"2026-10-19\"')");
}

#define OF_001001 "message WHERE case_key = 'arrears/001001'"
#define AT_THE_END                                                                                 \
	" AND next_try_at = ((now() AT TIME ZONE 'Asia/Shanghai')::date + 6)::timestamp AT TIME "  \
	"ZONE 'Asia/Shanghai'"

Test(store_case, silence_holds_what_waits_and_what_comes_until_its_end)
{
	struct heard heard = act("arrears/001001", "silenced", "", day_today() + 5);

	cr_assert_eq(heard.err.code, ERR_NONE, "%s", heard.err.text);
	cr_expect_eq(count("silence WHERE author = 'wang' AND reason = '已联系'"), 1);
	cr_expect_eq(count(OF_001001 AT_THE_END), 1, "what waited");
	pg_exec(district.db,
		"UPDATE obligation SET amount_fen = amount_fen + 1 WHERE obligation_no = (SELECT "
		"subject FROM finding WHERE unit_code = '001001' AND code = 'arrears-overdue' "
		"ORDER BY subject LIMIT 1)");
	told_yesterday();
	evaluate(district.base, district.link, "2026-10-20");
	cr_expect_eq(count(OF_001001 AT_THE_END), 2, "what came");
	cr_expect_eq(count("message WHERE case_key <> 'arrears/001001' AND next_try_at > now()"), 0,
		"other cases are not silent");
}

Test(store_case, an_ended_silence_lets_what_waits_leave)
{
	act("arrears/001001", "silenced", "", day_today() + 5);
	act("arrears/001001", "silenced", "", day_today() + 9);
	cr_expect_eq(act("arrears/001001", "unsilenced", "", DAY_NONE).err.code, ERR_NONE);
	cr_expect_eq(count(OF_001001 " AND next_try_at <= clock_timestamp()"), 1);
	cr_expect_eq(count("silence WHERE ends_at > clock_timestamp()"), 0);
	cr_expect_eq(act("arrears/001001", "unsilenced", "", DAY_NONE).err.code, ERR_REFUSED);
}

Test(store_case, a_closed_one_is_left_alone)
{
	pg_exec(district.db, "UPDATE finding SET state = 'closed' WHERE unit_code = '001001'");
	cr_expect_eq(act("arrears/001001", "acknowledged", "", DAY_NONE).err.code, ERR_REFUSED);
}
