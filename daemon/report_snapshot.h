/* Reports out of one snapshot, written to a file: `report monthly` and `report notice`. */
#ifndef SETASIDE_DAEMON_REPORT_SNAPSHOT_H
#define SETASIDE_DAEMON_REPORT_SNAPSHOT_H

#include "core/day.h"
#include "daemon/report_forms.h"
#include "daemon/session.h"

struct report_wanted {
	const struct report_form *form;
	day_t as_of;          /* DAY_NONE = today */
	const char *known_at; /* NULL = now */
	int fiscal_year;      /* 0 = that of the day; of a notice the year before */
	const char *path;     /* .csv, .html, .json or .xlsx */
};
/* Builds and writes; the exit status. The file is made beside its name and renamed. */
int report_snapshot_run(struct session *session, const struct report_wanted *wanted);

#endif
