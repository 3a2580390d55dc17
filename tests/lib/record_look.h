/* Looks at the records of the rig's database (lib/district_rig.h), waited for. For tests only. */
#ifndef SETASIDE_TESTS_RECORD_LOOK_H
#define SETASIDE_TESTS_RECORD_LOOK_H

#include "checks/record_run.h"

struct sql_link;

/* At everything: for tests that change rows behind the ledger's back. Fails the test on an error. */
struct record_report record_look(const char *as_of);
/* At what changed since the last look. Fails the test on an error. */
struct record_report record_look_at_changes(const char *as_of);

/* The same over a link of the rig's database, ended well or not: the caller turns the loop until done. looked must
 * outlive it. */
struct record_looked {
	bool done;
	struct err err;
	struct record_report report;
};
void record_look_start(struct sql_link *link, const char *as_of, struct record_looked *looked);

#endif
