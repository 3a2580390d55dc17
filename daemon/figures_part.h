/* One part of the snapshot document (interface.md §3) laid out as JSON, CSV or a table. Figures have one definition:
 * these read the document that checks/run.h builds; here it is only cut, filtered and laid out. */
#ifndef SETASIDE_DAEMON_FIGURES_PART_H
#define SETASIDE_DAEMON_FIGURES_PART_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "core/err.h"
#include "daemon/tabulate.h"

struct figures_part {
	const char *member;
	const char *also; /* second member, or NULL */
	unsigned members; /* enum snapshot_member: what the document must hold */
	const struct tab_column *columns;
	int count;
	void (*rows)(json_t *document, const char *unit, bool all, json_t *rows);
};
extern const struct figures_part figures_quota, figures_arrears, figures_notice, figures_disclosure,
	figures_complaints, figures_open_items, figures_hints, figures_ageing, figures_work_list;

struct figures_layout {
	enum tab_format format;
	const char *official; /* work list: only what this person answers for; NULL = all */
	const char *unit;     /* only this unit or department; NULL = all */
	bool all;             /* arrears: also the rows without an overdue part */
};
/* document is the snapshot; rows of it get the members "scope" and "period". */
void figures_part_write(FILE *out, const struct figures_part *part,
	const struct figures_layout *layout, json_t *document);

/* The same rows as a workbook at path. */
int figures_part_write_xlsx(const char *path, const struct figures_part *part,
	const struct figures_layout *layout, json_t *document, struct err *err);

/* The quota figures by one basis: "plan", "award", "paid", or "mixed", the fourth figure of Q-6 (通报口径), which sets
 * small and micro by contracts against SMEs by plan and is never the headline; or "snapshots": the initial, adjusted and
 * final budget side by side, beside what is in force. NULL = no such word. */
const struct figures_part *figures_basis(int basis);
extern const char *const figures_basis_words[]; /* NULL-terminated, in that order */

#endif
