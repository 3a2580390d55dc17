/* A test database with the golden district in it, a loop and a link: init and fini of suites about what is found in it.
 * One rig a test. For tests only. */
#ifndef SETASIDE_TESTS_DISTRICT_RIG_H
#define SETASIDE_TESTS_DISTRICT_RIG_H

#include "lib/pg.h"

struct event_base;
struct sql_link;

struct district_rig {
	struct pg_db *db;
	struct event_base *base;
	struct sql_link *link;
};
extern struct district_rig district;

/* The schema and no records; the golden district; the golden corner cases. Nothing is judged. */
void district_rig_empty(void);
void district_rig_set_up(void);
void district_rig_corner(void);
/* The corner cases as the run of this day left them. */
#define CORNER_DAY "2026-10-06"
void district_rig_corner_judged(void);
void district_rig_tear_down(void);

/* One more session of the rig's database on its loop; sql_link_free it before the tear-down. */
struct sql_link *district_rig_link(const char *name);
/* A webhook "hook" that nobody serves is to be told everything. */
void district_rig_hook(void);

#endif
