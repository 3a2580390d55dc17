/* Ageing (账龄): every yuan still owed stands in exactly one column, so the columns of any row sum to its balance (E-7).
 *
 * Each open part of an obligation is placed by itself (G-50): in dispute, not yet due (a part on its due day is), without a
 * due day that could be found, or by its days overdue. The six columns of days agree with the buckets of
 * checks/arrears_report.h. Counts are counts of open parts, amounts fen. */
#ifndef SETASIDE_CHECKS_AGEING_H
#define SETASIDE_CHECKS_AGEING_H

#include "checks/arrears.h"
#include "core/map.h"

enum ageing_column {
	AGEING_NOT_DUE,
	AGEING_UNDATED,
	AGEING_DISPUTED,
	AGEING_FIRST_OVERDUE, /* 0-30, then the other five buckets of E-7 */
	AGEING_COLUMNS = AGEING_FIRST_OVERDUE + 6
};
/* "not_due", "undated", "disputed", "0-30" … ">365" */
const char *ageing_column_name(int column);

struct ageing_row {
	int64_t parts[AGEING_COLUMNS];
	fen_t fen[AGEING_COLUMNS];
	int64_t parts_total;
	fen_t balance; /* what the states themselves say is outstanding; equals the sum of fen */
};

/* Which column holds an open part. */
enum ageing_column ageing_column_of(const struct obligation_part *part);
void ageing_add(struct ageing_row *row, const struct obligation_state *state);
/* The columns sum to the balance, by amount and by count. */
bool ageing_balanced(const struct ageing_row *row);

/* What the rows of a table stand for. */
enum ageing_by {
	AGEING_BY_UNIT,
	AGEING_BY_DEPARTMENT,
	AGEING_BY_DEBTOR_KIND,
	AGEING_BY_SUPPLIER,
	AGEING_BY_CONTRACT_YEAR, /* of signing; "" = not stated */
	AGEING_BY_BASELINE, /* "stock" (存量) or "new" (新增); "" = no due day to tell by */
	AGEING_BY_COUNT
};
/* As on the command line: "unit", "department", "debtor-kind", "supplier", "contract-year", "baseline". */
const char *ageing_by_name(enum ageing_by by);

struct ageing_group {
	char *key;
	struct ageing_row row;
};
struct ageing_table {
	enum ageing_by by;
	day_t baseline; /* a debt due on or before it is stock; DAY_NONE = no baseline is set: all undecided */
	const struct facts *facts;
	struct ageing_group *groups; /* in order of key after ageing_table_finish() */
	size_t count, capacity;
	struct map places;
	struct ageing_row total;
};

/* Borrows the facts. */
void ageing_table_init(
	struct ageing_table *table, const struct facts *facts, enum ageing_by by, day_t baseline);
/* One state; only covered debts are in the headline (G-31): the caller chooses. Ignores what is paid. */
void ageing_table_add(struct ageing_table *table, const struct obligation_state *state);
void ageing_table_finish(struct ageing_table *table);
void ageing_table_free(struct ageing_table *table);

#endif
