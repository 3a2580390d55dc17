/* The simulated year of the set-aside: what happens in it, and what is told of it. Budgets arrive, projects are announced,
 * exemptions come and go, reservations close the gap, an exemption is taken back, the year ends and a person closes it.
 * Units 100 with its institution 101, and 200; amounts in 万元. For tests only. */
#ifndef SETASIDE_TESTS_QUOTA_YEAR_H
#define SETASIDE_TESTS_QUOTA_YEAR_H

#include "core/day.h"

enum { YEAR_WAN = 1000000 /* fen in 万元 */, YEAR_CHANGES = 19, YEAR_MESSAGES = 16 };
extern const char year_last_day[]; /* nothing happens after it */

enum year_change_kind { ARRIVES, ARRIVES_RESERVED, ANNOUNCED, EXEMPT, NOT_EXEMPT, CLOSED };
struct year_change {
	const char *day;
	enum year_change_kind kind;
	const char *unit, *project;
	int wan;
};
extern const struct year_change year_changes[YEAR_CHANGES];

/* What department 100 is told; 200 and the district hear nothing. The gap is that after exemptions. */
struct year_message {
	const char *day, *event, *grade;
	int gap_wan;
	const char *why;
};
extern const struct year_message year_messages[YEAR_MESSAGES];

struct pg_db;
/* The three units, by plain SQL. */
void year_add_units(struct pg_db *db);
/* The statement that brings the change into the ledger, as part of the batch. free it. */
char *year_statement(const struct year_change *change, int64_t batch);
/* Days on which something happens or is to be told, and those beside them. */
bool year_worth_a_run(day_t on);

#endif
