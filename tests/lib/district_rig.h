/* A test database with the golden district in it, a loop and a link: init and fini of suites about what is found in it. */
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

void district_rig_set_up(void);
void district_rig_tear_down(void);

#endif
