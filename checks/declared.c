#include "checks/declared.h"

#include <stdlib.h>
#include <string.h>

#include "checks/sums.h"
#include "core/mem.h"

fen_t declared_outstanding(const struct declared_fact *debt)
{
	fen_t owed =
		debt->outstanding_fen != NUMBER_NONE ? debt->outstanding_fen : debt->amount_fen;

	return owed != NUMBER_NONE && owed > 0 ? owed : 0;
}

int32_t declared_overdue_days(const struct declared_fact *debt, day_t as_of)
{
	if (debt->declared_due_on == DAY_NONE || debt->declared_due_on >= as_of)
		return 0;
	return as_of - debt->declared_due_on;
}

bool declared_known(const struct declared_fact *debt, day_t as_of)
{
	return debt->formed_on == DAY_NONE || debt->formed_on <= as_of;
}

static void add(struct ageing_row *row, const struct declared_fact *debt, day_t as_of)
{
	/* One part, as if of an obligation. */
	struct obligation_part part = { .open = declared_outstanding(debt),
		.rolled = debt->declared_due_on,
		.overdue_days = declared_overdue_days(debt, as_of) };
	enum ageing_column column = ageing_column_of(&part);

	row->parts[column]++;
	row->parts_total++;
	sum_add(&row->fen[column], part.open);
	sum_add(&row->balance, part.open);
}

static int compare_units(const void *a, const void *b)
{
	return strcmp(((const struct declared_unit *)a)->unit_code,
		((const struct declared_unit *)b)->unit_code);
}

static struct ageing_row *row_for(
	struct declared_report *report, struct map *places, const char *unit_code)
{
	uint32_t place = map_put(places, unit_code, (uint32_t)report->count);

	if (place != MAP_NONE)
		return &report->units[place].row;
	MEM_GROW(report->units, report->count, report->capacity);
	report->units[report->count] = (struct declared_unit){ .unit_code = unit_code };
	return &report->units[report->count++].row;
}

void declared_judge(const struct facts *facts, day_t as_of, struct declared_report *ret)
{
	struct map places = MAP_INIT;

	*ret = (struct declared_report){ .count = 0 };
	for (size_t i = 0; i < facts->declared.count; i++) {
		const struct declared_fact *debt = &facts->declared.items[i];

		if (!declared_known(debt, as_of) || declared_outstanding(debt) == 0)
			continue;
		add(&ret->total, debt, as_of);
		add(row_for(ret, &places, debt->unit_code), debt, as_of);
	}
	map_free(&places);
	if (ret->count > 1)
		qsort(ret->units, ret->count, sizeof(*ret->units), compare_units);
}

void declared_free(struct declared_report *report)
{
	free(report->units);
	report->units = NULL;
	report->count = 0;
}
