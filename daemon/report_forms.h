/* The monthly table (统计表) and the data of the yearly notice (N-1) as rows for daemon/tabulate.h, out of a snapshot.
 *
 * Both are in 万元 with two decimals. Each number is rounded once, half up, from its fen; sums are rounded sums, not sums of
 * rounded numbers. Where the rounded rows of a column do not add up to its rounded total, a row of its own shows by how
 * much (因四舍五入), so every column can be checked by adding. Rounded numbers are hundredths of 万元 in members
 * "…_wan_hundredths". */
#ifndef SETASIDE_DAEMON_REPORT_FORMS_H
#define SETASIDE_DAEMON_REPORT_FORMS_H

#include <jansson.h>

#include "core/money.h"
#include "daemon/tabulate.h"

struct report_form {
	const char *name, *title;
	unsigned members; /* enum snapshot_member: what the document must hold */
	const struct tab_column *columns;
	int count;
	/* Rows of the document, a new reference. */
	json_t *(*rows)(const json_t *document);
	const char *note;                 /* what stands under the title */
	const struct report_form *detail; /* a second table of the same document, or NULL */
};
extern const struct report_form report_monthly, report_notice, report_notice_projects;
const struct report_form *report_form_find(const char *name); /* NULL = none */

/* Fen to hundredths of 万元, half up. */
int64_t report_wan_hundredths(fen_t amount);

#endif
