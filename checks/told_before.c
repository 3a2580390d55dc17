#include "checks/told_before.h"

#include <stdlib.h>

#include "core/mem.h"

struct told_before *told_before_new(void)
{
	struct told_before *before = mem_zero(1, sizeof(*before));

	before->day = DAY_NONE;
	return before;
}

void told_before_free(struct told_before *before)
{
	if (!before)
		return;
	for (size_t i = 0; i < before->count; i++) {
		free(before->debts[i].obligation_no);
		free(before->debts[i].unit_code);
	}
	free(before->debts);
	free(before);
}

void told_before_add(struct told_before *before, const char *obligation_no, const char *unit_code,
	fen_t overdue, bool suspected)
{
	MEM_GROW(before->debts, before->count, before->capacity);
	before->debts[before->count++] = (struct debt_before){
		.obligation_no = mem_text(obligation_no),
		.unit_code = mem_text(unit_code),
		.overdue = overdue,
		.suspected = suspected,
	};
}
