/* 未预留项目清单: the budget rows that a department can still act on.
 *
 * Reserve: suitable, not reserved, neither announced nor awarded. Name: reserved for SMEs without
 * naming small and micro, neither announced nor awarded. A project that is announced cannot be
 * reserved any more (package_taken). Pure; amounts are fen. */
#ifndef SETASIDE_CHECKS_OPEN_ITEM_H
#define SETASIDE_CHECKS_OPEN_ITEM_H

#include "checks/package.h"

struct open_item {
	uint32_t row;      /* of facts->budget_items */
	const char *scope; /* its department */
	bool nameable;     /* reserved already, may be named for small/micro */
	fen_t amount;      /* what reserving wholly, or naming, adds */
	day_t planned_on;  /* first day of the planned month, DAY_NONE = not stated */
	bool filed;        /* its plan is filed: must be filed anew */
};
struct open_items {
	struct open_item *items; /* by scope; to reserve first; planned month (unknown last); amount
				    descending */
	size_t count, capacity;
};

/* Release with open_items_free. */
void open_items_judge(const struct register_book *registers, const struct unit_tree *units,
	const struct packages *packages, day_t as_of, struct open_items *ret);
void open_items_free(struct open_items *items);

#endif
