#include "checks/unit_alone.h"

#include <string.h>

#include "checks/index.h"
#include "core/mem.h"

bool unit_alone_make(const struct facts *facts, const char *unit_code, struct unit_alone *ret)
{
	size_t count = 0;

	*ret = (struct unit_alone){ .facts = *facts,
		.rows = mem_alloc((facts->units.count + 1) * sizeof(*ret->rows)) };
	for (size_t i = 0; i < facts->units.count; i++) {
		if (strcmp(facts->units.items[i].unit_code, unit_code) != 0)
			continue;
		ret->rows[count] = facts->units.items[i];
		ret->rows[count++].parent_code = "";
	}
	if (count == 0) {
		free(ret->rows);
		return false;
	}
	ret->facts.units.items = ret->rows;
	ret->facts.units.count = count;
	ret->index = facts_index_new(&ret->facts);
	ret->units = unit_tree_new(&ret->facts);
	return true;
}

void unit_alone_free(struct unit_alone *alone)
{
	unit_tree_free(alone->units);
	facts_index_free(alone->index);
	free(alone->rows);
}
