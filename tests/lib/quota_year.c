#include "lib/days.h"
#include "lib/quota_year.h"

#include <inttypes.h>
#include <string.h>

#include "core/mem.h"
#include "lib/pg.h"

const char year_last_day[] = "2027-04-30";

const struct year_change year_changes[YEAR_CHANGES] = {
	{ "2026-01-15", ARRIVES_RESERVED, "100", "A", 2500 },
	{ "2026-01-15", ARRIVES, "101", "B1", 3000 },
	{ "2026-01-15", ARRIVES, "101", "B2", 2000 },
	{ "2026-01-15", ARRIVES, "101", "B3", 1000 },
	{ "2026-01-15", ARRIVES, "100", "C", 1500 },
	{ "2026-02-01", ANNOUNCED, "", "C", 0 },
	{ "2026-02-10", ARRIVES_RESERVED, "200", "D", 10000 },
	{ "2026-03-20", ARRIVES, "100", "E", 1000 },
	{ "2026-03-20", ANNOUNCED, "", "E", 0 },
	{ "2026-03-25", ARRIVES, "100", "F", 100 },
	{ "2026-03-25", ANNOUNCED, "", "F", 0 },
	{ "2026-05-11", ANNOUNCED, "", "B1", 0 },
	{ "2026-05-18", ANNOUNCED, "", "B3", 0 },
	{ "2026-06-05", EXEMPT, "", "C", 0 },
	{ "2026-06-25", EXEMPT, "", "B1", 0 },
	{ "2026-07-25", ARRIVES_RESERVED, "100", "G", 200 },
	{ "2026-08-01", ARRIVES_RESERVED, "100", "H", 40 },
	{ "2026-08-10", NOT_EXEMPT, "", "B1", 0 },
	{ "2027-02-08", CLOSED, "", "", 0 },
};

const struct year_message year_messages[YEAR_MESSAGES] = {
	{ "2026-02-10", "opened", "notice", 1500,
		"the last budget is in: 40 % of 10000 less 2500" },
	{ "2026-03-10", "updated", "notice", 1500, "a month" },
	{ "2026-03-20", "updated", "notice", 1900, "grown by more than a tenth" },
	{ "2026-04-20", "updated", "notice", 1940, "a month; 25 March grew it too little" },
	{ "2026-05-18", "updated", "warning", 1940, "2000 left, less than 1.5 times the gap" },
	{ "2026-06-18", "updated", "warning", 1340, "a month; the exemption made it smaller" },
	{ "2026-07-18", "updated", "notice", 140, "a month" },
	{ "2026-08-01", "closed", "notice", 0, "met" },
	{ "2026-08-10", "reopened", "notice", 1196, "the exemption was taken back" },
	{ "2026-09-10", "updated", "notice", 1196, "a month; 21 working days to 15 October" },
	{ "2026-09-11", "updated", "urgent", 1196, "20 working days" },
	{ "2026-10-11", "updated", "urgent", 1196, "a month" },
	{ "2026-11-11", "updated", "urgent", 1196, "a month" },
	{ "2026-12-11", "updated", "urgent", 1196, "a month" },
	{ "2027-01-11", "updated", "urgent", 1196, "a month; the year is over, not closed" },
	{ "2027-02-08", "updated", "final", 1196, "the final figures, once" },
};

void year_add_units(struct pg_db *db)
{
	pg_exec(db,
		"INSERT INTO unit SELECT md5(c)::uuid, md5(c)::uuid, 1, 1, NULL, c, '', c, p, k, "
		"NULL, NULL FROM (VALUES ('100', '', 'organ'), ('101', '100', 'institution'), "
		"('200', '', 'organ')) u (c, p, k)");
}

/* The version that a change ends goes to history, as a batch does it: batch, project. */
#define ENDED                                                                                      \
	"WITH ended AS (INSERT INTO budget_item_history SELECT b.*, %" PRId64                      \
	" FROM budget_item b WHERE b.project_code = '%s') "

char *year_statement(const struct year_change *change, int64_t batch)
{
	bool reserved = change->kind == ARRIVES_RESERVED;

	switch (change->kind) {
	case ARRIVES:
	case ARRIVES_RESERVED:
		return mem_format(
			"INSERT INTO budget_item SELECT md5('%s')::uuid, md5('%s')::uuid, %" PRId64
			", 1, NULL, 2026, '%s', '%s', '', 'initial', '%s', 1, '%s', '', "
			"'services', "
			"%" PRId64
			", 'CNY', '%s', '%s', NULL, NULL, NULL, '', '', '', NULL, NULL, '', "
			"NULL, NULL, ''",
			change->project, change->project, batch, change->unit, change->project,
			change->day, change->project, (int64_t)change->wan * YEAR_WAN,
			reserved ? "whole" : "", reserved ? "small_micro" : "");
	case ANNOUNCED:
		return mem_format(ENDED
			"UPDATE budget_item SET notice_on = '%s', batch_id = %" PRId64
			" WHERE project_code = '%s'",
			batch, change->project, change->day, batch, change->project);
	case EXEMPT:
	case NOT_EXEMPT:
		return mem_format(ENDED
			"UPDATE budget_item SET exemption_code = '%s', exemption_reason = "
			"'只能由大型企业供应',"
			" exemption_approver = '王芳', exemption_on = '%s', batch_id = %" PRId64
			" WHERE project_code = '%s'",
			batch, change->project, change->kind == EXEMPT ? "2" : "", change->day,
			batch, change->project);
	default:
		return mem_format("INSERT INTO year_mark SELECT md5('c')::uuid, md5('c')::uuid, "
				  "%" PRId64 ", 1, NULL, 2026, '', 'closed', '%s', '王芳', ''",
			batch, change->day);
	}
}

bool year_worth_a_run(day_t on)
{
	for (size_t i = 0; i < YEAR_CHANGES; i++)
		if (on == day(year_changes[i].day))
			return true;
	for (size_t i = 0; i < YEAR_MESSAGES; i++)
		if (on >= day(year_messages[i].day) - 1 && on <= day(year_messages[i].day) + 1)
			return true;
	return on == day(year_last_day);
}
