/* The alerting contracts as their readers see them: a simulated year of the set-aside and a simulated quarter of arrears,
 * from the ledger through the outbox to a mail server, a webhook and a group robot. Every mailbox is compared with the
 * list of what should be in it, to the minute. */
#include <criterion/criterion.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>
#include <sys/time.h>

#include "checks/review.h"
#include "core/buf.h"
#include "core/mem.h"
#include "lib/district.h"
#include "lib/facts_csv.h"
#include "lib/mailbox.h"
#include "lib/pg.h"
#include "lib/quota_year.h"
#include "lib/simulated.h"
#include "sql/store_review.h"

/* The program under test lives in the simulation's time. */
int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	(void)zone;
	*now = (struct timeval){ .tv_sec = simulated_seconds() };
	return 0;
}

time_t time(time_t *ret)
{
	time_t now = (time_t)simulated_seconds();

	if (ret)
		*ret = now;
	return now;
}

/* One that should arrive: patterns of fnmatch for its time and for its subject (mail) or text. */
struct expected {
	const char *at, *text;
};

/* All that arrived at the place for that recipient, and nothing else, in this order. */
static void expect_exactly(
	enum simulated_place place, const char *to, const struct expected *list, size_t count)
{
	size_t index = 0;
	const struct simulated_arrival *arrival;

	for (size_t i = 0; i < count; i++) {
		const char *said;

		arrival = simulated_next(&index, place, to);
		cr_assert_not_null(arrival, "%s never got \"%s\"", to, list[i].text);
		said = place == AT_MAIL ? arrival->subject : arrival->text;
		cr_expect_eq(fnmatch(list[i].at, arrival->at, 0), 0,
			"%s: \"%.200s\" came at %s, not %s", to, said, arrival->at, list[i].at);
		cr_expect_eq(fnmatch(list[i].text, said, 0), 0,
			"%s: at %s came \"%.400s\", not \"%s\"", to, arrival->at, said,
			list[i].text);
	}
	arrival = simulated_next(&index, place, to);
	cr_expect_null(arrival, "%s: more than expected: %s %.200s", to, arrival ? arrival->at : "",
		arrival ? arrival->text : "");
}

#define EXPECT_EXACTLY(place, to, list)                                                            \
	expect_exactly(place, to, list, sizeof(list) / sizeof((list)[0]))

/* Words that no message may use of a calculation, and what no message may leave out. */
static void expect_lawful(const struct simulated_arrival *arrival)
{
	static const char *const never[] = { "违规", "违法", "结论", "利息", "处罚", "通报", "约谈",
		"督办", "（已核实）", "问题" };
	static const char *const always[] = { "数据依据：截至", "以上为程序测算结果", "如有异议",
		"A-202" };

	if (arrival->place == AT_HOOK)
		return;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		cr_expect_null(strstr(arrival->text, never[i]), "%s says %s: %s", arrival->at,
			never[i], arrival->text);
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		cr_expect_not_null(strstr(arrival->text, always[i]), "%s does not say %s: %s",
			arrival->at, always[i], arrival->text);
	if (arrival->place == AT_ROBOT)
		cr_expect_null(strstr(arrival->text, "宏泰"), "a group is told of no supplier: %s",
			arrival->text);
}

/* Mails of one case to one reader are one thread of different mails. */
static void expect_thread(const char *to)
{
	const struct simulated_arrival *arrival;
	_cleanup_free_ char *thread = NULL, *last = mem_text("");
	size_t index = 0;

	while ((arrival = simulated_next(&index, AT_MAIL, to))) {
		_cleanup_free_ char *references = mailbox_header(arrival->bytes, "References");
		char *id = mailbox_header(arrival->bytes, "Message-ID");

		if (!thread)
			thread = mem_text(references);
		cr_expect_str_eq(references, thread);
		cr_expect_str_neq(id, last);
		free(last);
		last = id;
	}
	cr_expect_not_null(thread);
}

static void expect_all_lawful(void)
{
	for (size_t i = 0; i < simulated_count(); i++)
		expect_lawful(simulated_arrival(i));
	cr_expect_eq(pg_int(simulated_db(), "SELECT count(*) FROM message WHERE state NOT IN "
					    "('acknowledged', 'superseded')"),
		0, "nothing waits or was given up");
	cr_expect_eq(pg_int(simulated_db(), "SELECT count(*) FROM delivery WHERE class <> "
					    "'acknowledged'"),
		0);
}

static void tear_down(void)
{
	if (simulated_db())
		simulated_stop();
}

TestSuite(mailbox, .fini = tear_down, .timeout = 300);

/* The year of the set-aside --------------------------------------------------------------------- */

/* Runs are made at night, as an office would. 100 hears on working days from eight; the desk on the week's first day. */
static const char year_routes[] =
	"route \"100\" { rules = { \"*\" } units = { \"100\" } channels = { \"office\" } to = { "
	"\"a100@xc.example\" } quiet = \"20:00-08:00\" working-days = yes }\n"
	"route \"200\" { rules = { \"*\" } units = { \"200\" } channels = { \"office\" } to = { "
	"\"a200@xc.example\" } }\n"
	"route \"desk\" { rules = { \"Q-1\", \"Q-2\", \"Q-3\" } units = { \"*\" } channels = { "
	"\"office\" } to = { \"desk@xc.example\" } digest = weekly }\n"
	"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { \"hook\" } }\n"
	"route \"urgent\" { rules = { \"*\" } units = { \"*\" } channels = { \"group\" } severity "
	"= "
	"urgent }\n";

static const struct expected year_of_100[] = {
	{ "2026-02-11 08:00", "预留缺口提示：100 2026年度 差额1500万元 A-20260210-*" },
	{ "2026-03-11 08:00", "预留缺口提示：100 2026年度 差额1500万元（更新） A-20260310-*" },
	/* Friday night: Monday. */
	{ "2026-03-23 08:00", "预留缺口提示：100 2026年度 差额1900万元（更新） A-20260320-*" },
	{ "2026-04-21 08:00", "预留缺口提示：100 2026年度 差额1940万元（更新） A-20260420-*" },
	{ "2026-05-19 08:00", "预留缺口提示：100 2026年度 差额1940万元（更新） A-20260518-*" },
	/* Thursday night before the Dragon Boat Festival. */
	{ "2026-06-22 08:00", "预留缺口提示：100 2026年度 差额1340万元（更新） A-20260618-*" },
	{ "2026-07-20 08:00", "预留缺口提示：100 2026年度 差额140万元（更新） A-20260718-*" },
	{ "2026-08-03 08:00", "预留缺口提示：100 2026年度 测算差额已消除（已消除） A-20260801-*" },
	{ "2026-08-11 08:00", "预留缺口提示：100 2026年度 差额1196万元（再次出现） A-20260810-*" },
	{ "2026-09-11 08:00", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20260910-*" },
	/* Urgent from here: at night, and on the Sunday of 11 October. */
	{ "2026-09-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20260911-*" },
	{ "2026-10-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20261011-*" },
	{ "2026-11-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20261111-*" },
	{ "2026-12-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20261211-*" },
	{ "2027-01-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20270111-*" },
	{ "2027-02-09 08:00", "未达到，请作说明：100 2026年度 差额1196万元（更新） A-20270208-*" },
};

/* The first day of the week after, at the channel's own minute; urgent ones at once. */
static const struct expected year_of_desk[] = {
	{ "2026-02-16 09:??", "预留缺口提示：100 2026年度 差额1500万元 A-20260210-*" },
	{ "2026-03-16 09:??", "预留缺口提示：100 2026年度 差额1500万元（更新） A-20260310-*" },
	{ "2026-03-23 09:??", "预留缺口提示：100 2026年度 差额1900万元（更新） A-20260320-*" },
	{ "2026-04-27 09:??", "预留缺口提示：100 2026年度 差额1940万元（更新） A-20260420-*" },
	{ "2026-05-25 09:??", "预留缺口提示：100 2026年度 差额1940万元（更新） A-20260518-*" },
	{ "2026-06-22 09:??", "预留缺口提示：100 2026年度 差额1340万元（更新） A-20260618-*" },
	{ "2026-07-20 09:??", "预留缺口提示：100 2026年度 差额140万元（更新） A-20260718-*" },
	{ "2026-08-03 09:??", "预留缺口提示：100 2026年度 测算差额已消除（已消除） A-20260801-*" },
	{ "2026-08-17 09:??", "预留缺口提示：100 2026年度 差额1196万元（再次出现） A-20260810-*" },
	/* Two became one: what waited for Monday goes with what could not wait. */
	{ "2026-09-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20260911-*" },
	{ "2026-10-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20261011-*" },
	{ "2026-11-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20261111-*" },
	{ "2026-12-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20261211-*" },
	{ "2027-01-11 21:30", "预留缺口提示：100 2026年度 差额1196万元（更新） A-20270111-*" },
	{ "2027-02-15 09:??", "未达到，请作说明：100 2026年度 差额1196万元（更新） A-20270208-*" },
};

/* Only what is urgent, and how that goes on. */
static const struct expected year_of_group[] = {
	{ "2026-09-11 21:30", "*监测提示*差额1196万元*" },
	{ "2026-10-11 21:30", "*监测提示*差额1196万元*" },
	{ "2026-11-11 21:30", "*监测提示*差额1196万元*" },
	{ "2026-12-11 21:30", "*监测提示*差额1196万元*" },
	{ "2027-01-11 21:30", "*监测提示*差额1196万元*" },
	{ "2027-02-08 21:30", "*未达到，请作说明*" },
};

static void live_through_the_year(void)
{
	day_t last = text_day(year_last_day, strlen(year_last_day));
	size_t next = 0;

	for (day_t on = text_day("2026-01-15", 10); on <= last; on++) {
		char text[DAY_TEXT_MAX];

		if (!year_worth_a_run(on))
			continue;
		simulated_goto(day_text(on, text), 21, 30);
		for (; next < YEAR_CHANGES && strcmp(year_changes[next].day, text) == 0; next++) {
			_cleanup_free_ char *sql =
				year_statement(&year_changes[next], district_batch(simulated_db()));

			pg_exec(simulated_db(), sql);
		}
		simulated_evaluate(text);
	}
}

/* The webhook gets every message of the contract in the minute of its run. */
static void expect_hooks_of_the_year(void)
{
	struct expected list[YEAR_MESSAGES];
	char at[YEAR_MESSAGES][20];
	char text[YEAR_MESSAGES][200];

	for (size_t i = 0; i < YEAR_MESSAGES; i++) {
		const struct year_message *message = &year_messages[i];

		snprintf(at[i], sizeof(at[i]), "%s 21:30", message->day);
		snprintf(text[i], sizeof(text[i]),
			"*\"as_of\":\"%s\"*\"event\":\"%s\"*\"gap_fen\":%" PRId64 ",*",
			message->day, message->event, (int64_t)message->gap_wan * YEAR_WAN);
		list[i] = (struct expected){ at[i], text[i] };
	}
	EXPECT_EXACTLY(AT_HOOK, NULL, list);
}

Test(mailbox, a_year_of_the_set_aside_reaches_every_reader_as_the_contract_says)
{
	if (!simulated_possible())
		cr_skip_test("libfaketime is not installed");
	simulated_start("2026-01-14",
		"\"a100@xc.example\", \"a200@xc.example\", \"desk@xc.example\"", year_routes);
	district_batch(simulated_db());
	year_add_units(simulated_db());
	live_through_the_year();
	EXPECT_EXACTLY(AT_MAIL, "a100@xc.example", year_of_100);
	EXPECT_EXACTLY(AT_MAIL, "desk@xc.example", year_of_desk);
	EXPECT_EXACTLY(AT_ROBOT, NULL, year_of_group);
	expect_exactly(AT_MAIL, "a200@xc.example", NULL, 0);
	expect_hooks_of_the_year();
	expect_thread("a100@xc.example");
	expect_all_lawful();
}

/* The quarter of arrears ------------------------------------------------------------------------ */

enum debt_change { CONTRACT, OWED, PAID, DISPUTED, NOT_PAID, VERIFIED };
struct happening {
	const char *day;
	enum debt_change what;
	const char *unit,
		*number; /* of the contract, or of the debt, whose number begins with it */
	int yuan;
	const char *date; /* of delivery or dispute */
};
/* 303 buys from a large enterprise. C2-9 is a mistyped number: the money could be for C2-1. */
static const struct happening happenings[] = {
	{ "2026-04-01", CONTRACT, "301", "C1", 0, "" },
	{ "2026-04-01", CONTRACT, "302", "C2", 0, "" },
	{ "2026-04-01", CONTRACT, "303", "C3", 0, "" },
	{ "2026-04-01", OWED, "301", "C1-1", 100000, "2026-03-20" },
	{ "2026-04-10", OWED, "301", "C1-2", 200000, "2026-04-10" },
	{ "2026-04-20", OWED, "302", "C2-1", 50000, "2026-04-20" },
	{ "2026-04-20", OWED, "303", "C3-1", 70000, "2026-04-20" },
	{ "2026-04-25", OWED, "302", "C2-2", 90000, "2026-04-25" },
	{ "2026-05-06", DISPUTED, "302", "C2-2", 90000, "2026-05-06" },
	{ "2026-05-08", PAID, "301", "C1-1", 100000, "" },
	{ "2026-05-15", PAID, "302", "C2-9", 50000, "" },
	{ "2026-05-20", PAID, "301", "C1-2", 80000, "" },
	{ "2026-06-02", NOT_PAID, "302", "C2-1", 0, "" },
	{ "2026-06-04", PAID, "301", "C1-2", 120000, "" },
	{ "2026-06-09", VERIFIED, "302", "C2-1", 0, "" },
};
enum { HAPPENINGS = sizeof(happenings) / sizeof(happenings[0]) };

static const char quarter_routes[] =
	"route \"301\" { rules = { \"*\" } units = { \"301\" } channels = { \"office\" } to = { "
	"\"a301@xc.example\" } quiet = \"20:00-08:00\" working-days = yes }\n"
	"route \"302\" { rules = { \"*\" } units = { \"302\" } channels = { \"office\" } to = { "
	"\"a302@xc.example\" } quiet = \"20:00-08:00\" working-days = yes }\n"
	"route \"303\" { rules = { \"*\" } units = { \"303\" } channels = { \"office\" } to = { "
	"\"a303@xc.example\" } }\n"
	"route \"desk\" { rules = { \"*\" } units = { \"*\" } channels = { \"office\" } to = { "
	"\"desk@xc.example\" } digest = weekly working-days = yes }\n"
	"route \"large\" { rules = { \"*\" } units = { \"*\" } channels = { \"office\" } to = { "
	"\"large@xc.example\" } amount = 150000 }\n"
	"route \"all\" { rules = { \"*\" } units = { \"*\" } channels = { \"hook\" } }\n"
	"route \"group\" { rules = { \"*\" } units = { \"*\" } channels = { \"group\" } severity = "
	"warning }\n";

/* Thirty days from delivery, rolled over rest days; a reminder ten working days before. */
static const struct expected quarter_of_301[] = {
	/* C1-1 is due on Sunday 19 April, so on the 20th; said on 3 April, in the night before Tomb-Sweeping Day. */
	{ "2026-04-07 08:00", "到期提醒：卫生健康局 1笔 合计100,000.00元 A-20260403-*" },
	{ "2026-04-22 08:00",
		"疑似逾期（待核实）：卫生健康局 1笔 合计100,000.00元（更新） A-20260421-*" },
	/* The same debt, and C1-2 that falls due on 11 May. */
	{ "2026-04-24 08:00",
		"疑似逾期（待核实）：卫生健康局 1笔 合计100,000.00元（更新） A-20260423-*" },
	/* C1-1 is paid. Saturday 9 May is worked for the holidays of 1 May. */
	{ "2026-05-09 08:00", "到期提醒：卫生健康局 1笔 合计200,000.00元（更新） A-20260508-*" },
	{ "2026-05-13 08:00",
		"疑似逾期（待核实）：卫生健康局 1笔 合计200,000.00元（更新） A-20260512-*" },
	{ "2026-05-21 08:00",
		"疑似逾期（待核实）：卫生健康局 1笔 合计120,000.00元（更新） A-20260520-*" },
	{ "2026-06-05 08:00",
		"疑似逾期（待核实）：卫生健康局 已无疑似逾期款项（已消除） A-20260604-*" },
};

/* Nothing of C2-2, disputed before it was due; nothing of C2-1 until somebody had looked at the stray payment; nothing
 * when it was verified: that is no news to the unit. */
static const struct expected quarter_of_302[] = {
	{ "2026-05-08 08:00", "到期提醒：教育局 1笔 合计50,000.00元 A-20260507-*" },
	{ "2026-06-03 08:00",
		"疑似逾期（待核实）：教育局 1笔 合计50,000.00元（更新） A-20260602-*" },
};

static const struct expected quarter_of_desk[] = {
	{ "2026-04-07 09:??", "到期提醒：卫生健康局 1笔 合计100,000.00元 A-20260403-*" },
	{ "2026-04-27 09:??",
		"疑似逾期（待核实）：卫生健康局 1笔 合计100,000.00元（更新） A-20260423-*" },
	{ "2026-05-11 09:??", "提示汇总：2个事项 A-20260511-*" },
	{ "2026-05-18 09:??",
		"疑似逾期（待核实）：卫生健康局 1笔 合计200,000.00元（更新） A-20260512-*" },
	{ "2026-05-25 09:??",
		"疑似逾期（待核实）：卫生健康局 1笔 合计120,000.00元（更新） A-20260520-*" },
	{ "2026-06-08 09:??", "提示汇总：2个事项 A-20260608-*" },
};

/* From 150,000 yuan on; who was told of a case hears how it ends. */
static const struct expected quarter_of_large[] = {
	{ "2026-05-12 21:30",
		"疑似逾期（待核实）：卫生健康局 1笔 合计200,000.00元（更新） A-20260512-*" },
	{ "2026-05-20 21:30",
		"疑似逾期（待核实）：卫生健康局 1笔 合计120,000.00元（更新） A-20260520-*" },
	{ "2026-06-04 21:30",
		"疑似逾期（待核实）：卫生健康局 已无疑似逾期款项（已消除） A-20260604-*" },
};

static const struct expected quarter_of_group[] = {
	{ "2026-04-21 21:30", "*疑似逾期（待核实）*卫生健康局*100,000.00元*" },
	{ "2026-04-23 21:30", "*疑似逾期（待核实）*卫生健康局*100,000.00元*" },
	{ "2026-05-08 21:30", "*到期提醒：卫生健康局 1笔 合计200,000.00元（更新）*" },
	{ "2026-05-12 21:30", "*疑似逾期（待核实）*卫生健康局*200,000.00元*" },
	{ "2026-05-20 21:30", "*疑似逾期（待核实）*卫生健康局*120,000.00元*" },
	{ "2026-06-02 21:30", "*疑似逾期（待核实）*教育局*50,000.00元*" },
	{ "2026-06-04 21:30", "*卫生健康局 已无疑似逾期款项*" },
};

static const struct expected quarter_of_hook[] = {
	{ "2026-04-03 21:30", "*\"case\":\"arrears/301\"*\"event\":\"opened\"*" },
	{ "2026-04-21 21:30", "*\"case\":\"arrears/301\"*\"event\":\"updated\"*" },
	{ "2026-04-23 21:30", "*\"case\":\"arrears/301\"*\"event\":\"updated\"*" },
	{ "2026-05-07 21:30", "*\"case\":\"arrears/302\"*\"event\":\"opened\"*" },
	{ "2026-05-08 21:30", "*\"case\":\"arrears/301\"*\"event\":\"updated\"*" },
	{ "2026-05-12 21:30", "*\"case\":\"arrears/301\"*\"event\":\"updated\"*" },
	{ "2026-05-20 21:30", "*\"case\":\"arrears/301\"*\"event\":\"updated\"*" },
	{ "2026-06-02 21:30", "*\"case\":\"arrears/302\"*\"event\":\"updated\"*" },
	{ "2026-06-04 21:30", "*\"case\":\"arrears/301\"*\"event\":\"closed\"*" },
};

static const char quarter_district[] =
	"INSERT INTO unit SELECT md5(c)::uuid, md5(c)::uuid, 1, 1, NULL, c, '', n, '', 'organ', "
	"NULL, "
	"NULL FROM (VALUES ('301', '卫生健康局'), ('302', '教育局'), ('303', '园林局')) u (c, n);"
	"INSERT INTO supplier SELECT md5(c)::uuid, md5(c)::uuid, 1, 1, NULL, c, n, k, "
	"'software-it', "
	"NULL, NULL, NULL, 2025, 'declared', 'none', false FROM (VALUES "
	"('SMALL', '宏泰信息有限公司', 'S'), ('LARGE', '恒益重工股份有限公司', 'L')) s (c, n, k)";

/* Columns that are not named are empty. */
static char *row_statement(const char *table, const char *key, int64_t batch, const char *members)
{
	return mem_format(
		"INSERT INTO %s SELECT (jsonb_populate_record(NULL::%s, (SELECT "
		"jsonb_object_agg(column_name, '') FROM information_schema.columns WHERE "
		"table_name = "
		"'%s' AND table_schema = 'setaside' AND data_type = 'text') || "
		"jsonb_build_object('key', md5('%s'), 'print', md5('%s'), 'batch_id', %" PRId64
		", 'place', 1, 'currency', 'CNY') || '{%s}')).*",
		table, table, table, key, key, batch, members);
}

static char *quarter_statement(const struct happening *h, int64_t batch)
{
	bool large = strcmp(h->unit, "303") == 0;
	_cleanup_free_ char *key = mem_format("%s %s", h->day, h->number);
	_cleanup_free_ char *members = NULL;

	switch (h->what) {
	case CONTRACT:
		members = mem_format(
			"\"contract_no\": \"%s\", \"unit_code\": \"%s\", \"supplier_uscc\": "
			"\"%s\", \"signed_on\": \"2026-01-10\", \"amount_fen\": 90000000, "
			"\"declared_size\": \"%s\", \"status\": \"active\"",
			h->number, h->unit, large ? "LARGE" : "SMALL", large ? "L" : "S");
		return row_statement("contract", key, batch, members);
	case OWED:
		members = mem_format(
			"\"obligation_no\": \"%s\", \"contract_no\": \"%.2s\", \"kind\": "
			"\"delivery\", \"amount_fen\": %d00, \"delivered_on\": \"%s\"",
			h->number, h->number, h->yuan, h->date);
		return row_statement("obligation", key, batch, members);
	case PAID:
		members = mem_format(
			"\"voucher_no\": \"%s\", \"contract_no\": \"%.2s\", "
			"\"obligation_no\": \"%s\", \"unit_code\": \"%s\", \"payee_uscc\": "
			"\"SMALL\", \"amount_fen\": %d00, \"voucher_on\": \"%s\", "
			"\"instrument\": \"cash\"",
			key, h->number, h->number, h->unit, h->yuan, h->day);
		return row_statement("payment", key, batch, members);
	case DISPUTED:
		return mem_format(
			"UPDATE obligation SET disputed_fen = %d00, dispute_opened_on = '%s', "
			"batch_id = %" PRId64 " WHERE obligation_no = '%s'",
			h->yuan, h->date, batch, h->number);
	case NOT_PAID:
	case VERIFIED:
		break;
	}
	return NULL;
}

static void on_reviewed(void *arg, const struct err *err, const struct store_reviewed *reviewed)
{
	cr_assert_not_null(reviewed, "%s", err ? err->text : "");
	*(bool *)arg = true;
}

static void review(const struct happening *h)
{
	const char *verdict = h->what == VERIFIED ? "verified" : "not-paid";
	struct store_review wanted = { .obligation_no = h->number,
		.verdict = verdict,
		.reviewer = "wang",
		.note = "已核实",
		.overdue_since = DAY_NONE,
		.overdue = REVIEW_AS_IT_STANDS };
	struct err err = ERR_INIT;
	bool done = false;
	struct buf allowed;

	buf_init(&allowed, 256);
	cr_assert(review_allowed(verdict, &allowed));
	wanted.allowed = allowed.data;
	cr_assert_eq(store_review_add(simulated_link(), &wanted, on_reviewed, &done, &err), 0, "%s",
		err.text);
	pg_loop_until(simulated_base(), &done, 20000);
	buf_free(&allowed);
}

static void happen(const struct happening *h)
{
	_cleanup_free_ char *sql = quarter_statement(h, district_batch(simulated_db()));

	if (sql)
		pg_exec(simulated_db(), sql);
	else
		review(h);
}

static void live_through_the_quarter(void)
{
	size_t next = 0;

	for (day_t on = text_day("2026-04-01", 10); on <= text_day("2026-06-30", 10); on++) {
		char text[DAY_TEXT_MAX];

		simulated_goto(day_text(on, text), 21, 30);
		while (next < HAPPENINGS && strcmp(happenings[next].day, text) == 0)
			happen(&happenings[next++]);
		simulated_evaluate(text);
	}
}

/* A gathered mail names both units, each by what it is. */
static void expect_digest(void)
{
	const struct simulated_arrival *digest;
	size_t index = 0;

	do
		digest = simulated_next(&index, AT_MAIL, "desk@xc.example");
	while (digest && strncmp(digest->at, "2026-05-11", 10) != 0);
	cr_assert_not_null(digest);
	cr_expect_not_null(
		strstr(digest->text, "卫生健康局：到期提醒（更新） 1笔 合计200,000.00元"), "%s",
		digest->text);
	cr_expect_not_null(
		strstr(digest->text, "教育局：到期提醒 1笔 合计50,000.00元"), "%s", digest->text);
	cr_expect_null(strstr(digest->text, "疑似逾期"), "nothing is overdue: %s", digest->text);
	cr_expect_not_null(strstr(digest->text, "数据覆盖"), "%s", digest->text);
}

Test(mailbox, a_quarter_of_arrears_reaches_every_reader_as_the_contract_says)
{
	if (!simulated_possible())
		cr_skip_test("libfaketime is not installed");
	simulated_start("2026-03-31",
		"\"a301@xc.example\", \"a302@xc.example\", \"a303@xc.example\", "
		"\"desk@xc.example\", \"large@xc.example\"",
		quarter_routes);
	district_batch(simulated_db());
	pg_exec(simulated_db(), quarter_district);
	live_through_the_quarter();
	EXPECT_EXACTLY(AT_MAIL, "a301@xc.example", quarter_of_301);
	EXPECT_EXACTLY(AT_MAIL, "a302@xc.example", quarter_of_302);
	expect_exactly(AT_MAIL, "a303@xc.example", NULL, 0);
	EXPECT_EXACTLY(AT_MAIL, "desk@xc.example", quarter_of_desk);
	EXPECT_EXACTLY(AT_MAIL, "large@xc.example", quarter_of_large);
	EXPECT_EXACTLY(AT_ROBOT, NULL, quarter_of_group);
	EXPECT_EXACTLY(AT_HOOK, NULL, quarter_of_hook);
	expect_digest();
	expect_thread("a301@xc.example");
	expect_all_lawful();
}

/* All is quiet ---------------------------------------------------------------------------------- */

static const char quiet_routes[] =
	"route \"desk\" { rules = { \"*\" } units = { \"*\" } channels = { \"office\" } to = { "
	"\"desk@xc.example\" } digest = daily working-days = yes all-quiet = yes }\n"
	"route \"boss\" { rules = { \"*\" } units = { \"*\" } channels = { \"office\" } to = { "
	"\"boss@xc.example\" } digest = daily }\n";

/* Monday to Thursday; the debt of Monday night falls due soon and is told on Tuesday. */
static const struct expected quiet_of_desk[] = {
	{ "2026-04-20 09:40", "监测系统提示：本期无新的提示事项 A-20260420-*" },
	{ "2026-04-21 09:??", "到期提醒：卫生健康局 1笔 合计100,000.00元 A-20260420-*" },
	{ "2026-04-22 09:40", "监测系统提示：本期无新的提示事项 A-20260422-*" },
	{ "2026-04-23 09:40", "监测系统提示：本期无新的提示事项 A-20260423-*" },
};

static void expect_quiet_text(void)
{
	size_t index = 0;
	const struct simulated_arrival *mail = simulated_next(&index, AT_MAIL, "desk@xc.example");

	cr_assert_not_null(mail);
	cr_expect_not_null(strstr(mail->text, "监测程序运行正常"), "%s", mail->text);
	cr_expect_not_null(strstr(mail->text, "最近一次测算：2026-04-19 21:30"), "%s", mail->text);
}

Test(mailbox, a_digest_with_nothing_to_tell_says_so_once_where_it_is_wanted)
{
	if (!simulated_possible())
		cr_skip_test("libfaketime is not installed");
	simulated_start("2026-04-17", "\"desk@xc.example\", \"boss@xc.example\"", quiet_routes);
	district_batch(simulated_db());
	pg_exec(simulated_db(), quarter_district);
	for (day_t on = text_day("2026-04-18", 10); on <= text_day("2026-04-23", 10); on++) {
		static const struct happening debts[] = {
			{ "", CONTRACT, "301", "C1", 0, "" },
			{ "", OWED, "301", "C1-1", 100000, "2026-04-01" },
		};
		char text[DAY_TEXT_MAX];

		simulated_goto(day_text(on, text), 9, 0);
		simulated_look();
		simulated_goto(text, 9, 40);
		simulated_look();
		simulated_look();
		simulated_goto(text, 21, 30);
		for (int i = 0; strcmp(text, "2026-04-20") == 0 && i < 2; i++)
			happen(&debts[i]);
		simulated_evaluate(text);
	}
	EXPECT_EXACTLY(AT_MAIL, "desk@xc.example", quiet_of_desk);
	expect_quiet_text();
}
