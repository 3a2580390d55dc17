/* The snapshot: every published figure of one day in one JSON document (interface.md §3).
 *
 * Members in this order: as_of, fiscal_year, quota, notice, arrears, disclosure, complaints, finding_counts, awards,
 * open_items, obligations (sorted by number, byte order, one per line). A selection leaves members out; as_of and
 * fiscal_year are always there. Additions to the golden members: quota.phase, quota.*.{plan,award,paid}.band,
 * quota.*.{phase,outlook,targets,forecast,find_out}, awards, open_items, quota_unit, record_findings, notice_projects;
 * arrears.{ageing_tables,practice,declared}, disclosure.*.{enterprises,institutions}, obligations[].hints, work_list. */
#ifndef SETASIDE_CHECKS_SNAPSHOT_H
#define SETASIDE_CHECKS_SNAPSHOT_H

#include "checks/facts.h"
#include "checks/json_out.h"
#include "checks/law.h"
#include "checks/worklist.h"
#include "core/err.h"

enum snapshot_member {
	SNAPSHOT_QUOTA = 1,
	SNAPSHOT_NOTICE = 2,
	SNAPSHOT_ARREARS = 4,
	SNAPSHOT_DISCLOSURE = 8,
	SNAPSHOT_COMPLAINTS = 16,
	SNAPSHOT_FINDING_COUNTS = 32,
	SNAPSHOT_AWARDS = 64,
	SNAPSHOT_OBLIGATIONS = 128,
	SNAPSHOT_OPEN_ITEMS = 256,
	SNAPSHOT_ALL = 511,
	SNAPSHOT_QUOTA_UNIT =
		4096, /* of unit_code, below a department or one: only when asked for */
	SNAPSHOT_NOTICE_PROJECTS = 2048, /* the list under the notice: only when asked for */
	SNAPSHOT_WORK_LIST = 1024,       /* the day's work in its order: only when asked for */
	SNAPSHOT_RECORD_FINDINGS = 512   /* 提示事项, row by row: only when asked for */
};

struct snapshot_options {
	day_t as_of;
	int fiscal_year;  /* 0 = the year of as_of */
	unsigned members; /* enum snapshot_member; 0 = all */
	const char *
		unit_code; /* obligations and work of this unit only; NULL or "" = all. ERR_DATA when
				  quota_unit is asked for and it has no figures in the year */
	const struct review_book
		*reviews; /* for the day's work and the disclosure; NULL = nobody has looked yet */
	const struct told_before
		*before; /* for the day's work; NULL = no run looked at an earlier day */
	const struct worklist_order *work_order; /* NULL = worklist_default */
	bool legal_order; /* payments by 民法典 art. 560, 561; says so in "payment_order" */
};

/* Writes the document; the buffer of out must be empty or flushed by its sink. Fails only as
 * json_finish does. */
int snapshot_write(const struct law *law, const struct facts *facts,
	const struct snapshot_options *options, struct json_out *out, struct err *err);

#endif
