/* One unit as if it were a department of its own: the same facts, with its rows of the units cut off from their parents and
 * no other unit. What a unit below a department adds, judged by the floors of a department; its phase is that of its own
 * budget. */
#ifndef SETASIDE_CHECKS_UNIT_ALONE_H
#define SETASIDE_CHECKS_UNIT_ALONE_H

#include "checks/facts.h"
#include "checks/unit_tree.h"

struct unit_alone {
	struct facts facts; /* shares all but the units; rows of records keep their numbers */
	struct unit_fact *rows;
	struct facts_index *index;
	struct unit_tree *units;
};

/* False, with nothing to release, for a unit that is not on record. The facts must outlive it. */
bool unit_alone_make(const struct facts *facts, const char *unit_code, struct unit_alone *ret);
void unit_alone_free(struct unit_alone *alone);

#endif
