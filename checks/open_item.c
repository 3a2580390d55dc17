#include "checks/open_item.h"

#include <stdlib.h>
#include <string.h>

#include "checks/figures.h"
#include "core/mem.h"

static int compare_items(const void *a, const void *b)
{
	const struct open_item *x = a, *y = b;
	int order = strcmp(x->scope, y->scope);

	if (order)
		return order;
	if (x->nameable != y->nameable)
		return x->nameable ? 1 : -1;
	if (x->planned_on != y->planned_on) {
		if (x->planned_on == DAY_NONE || y->planned_on == DAY_NONE)
			return x->planned_on == DAY_NONE ? 1 : -1;
		return x->planned_on < y->planned_on ? -1 : 1;
	}
	if (x->amount != y->amount)
		return x->amount > y->amount ? -1 : 1;
	return x->row < y->row ? -1 : 1;
}

/* What the row adds to the SME sum when it is reserved, or to the small/micro sum when it is named;
 * 0 when it can do neither. */
static fen_t amount_of(const struct register_book *registers, const struct budget_item_fact *item,
	day_t as_of, bool *ret_nameable)
{
	struct plan_part part = plan_item_judge(registers, item, as_of);

	*ret_nameable = part.reserved;
	if (part.reserved)
		return part.sme > part.small_micro ? part.sme - part.small_micro : 0;
	return part.exempt ? 0 : item->budget_fen;
}

void open_items_judge(const struct register_book *registers, const struct unit_tree *units,
	const struct packages *packages, day_t as_of, struct open_items *ret)
{
	*ret = (struct open_items){ 0 };
	for (size_t i = 0; i < packages->items.count; i++) {
		uint32_t row = packages->items.rows[i];
		const struct budget_item_fact *item = &packages->facts->budget_items.items[row];
		bool nameable;
		fen_t amount = amount_of(registers, item, as_of, &nameable);

		if (amount <= 0 || package_taken(packages, item))
			continue;
		MEM_GROW(ret->items, ret->count, ret->capacity);
		ret->items[ret->count++] = (struct open_item){ .row = row,
			.scope = figures_department_of_item(units, item),
			.nameable = nameable,
			.amount = amount,
			.planned_on = item->planned_on,
			.filed = day_known(item->plan_filed_on, as_of) != DAY_NONE };
	}
	if (ret->count > 1)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_items);
}

void open_items_free(struct open_items *items)
{
	free(items->items);
	*items = (struct open_items){ 0 };
}
