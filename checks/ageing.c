#include "checks/ageing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/arrears_report.h"
#include "checks/sums.h"
#include "checks/words.h"
#include "core/mem.h"

const char *ageing_column_name(int column)
{
	static const char *const names[AGEING_FIRST_OVERDUE] = { "not_due", "undated", "disputed" };

	return column < AGEING_FIRST_OVERDUE ? names[column]
					     : ageing_bucket_name(column - AGEING_FIRST_OVERDUE);
}

enum ageing_column ageing_column_of(const struct obligation_part *part)
{
	int bucket;

	if (part->disputed)
		return AGEING_DISPUTED;
	bucket = ageing_bucket(part->overdue_days);
	if (bucket >= 0)
		return AGEING_FIRST_OVERDUE + bucket;
	return part->rolled == DAY_NONE ? AGEING_UNDATED : AGEING_NOT_DUE;
}

void ageing_add(struct ageing_row *row, const struct obligation_state *state)
{
	for (size_t i = 0; i < state->part_count; i++) {
		const struct obligation_part *part = state_part(state, i);
		enum ageing_column column;

		if (part->open == 0)
			continue;
		column = ageing_column_of(part);
		row->parts[column]++;
		row->parts_total++;
		sum_add(&row->fen[column], part->open);
	}
	sum_add(&row->balance, state->outstanding);
}

bool ageing_balanced(const struct ageing_row *row)
{
	fen_t fen = 0;
	int64_t parts = 0;

	for (int i = 0; i < AGEING_COLUMNS; i++) {
		sum_add(&fen, row->fen[i]);
		parts += row->parts[i];
	}
	return fen == row->balance && parts == row->parts_total;
}

/* Tables -------------------------------------------------------------------------------------- */

static const char *const by_names[AGEING_BY_COUNT] = { "unit", "department", "debtor-kind",
	"supplier", "contract-year", "baseline" };

const char *ageing_by_name(enum ageing_by by)
{
	return by_names[by];
}

void ageing_table_init(
	struct ageing_table *table, const struct facts *facts, enum ageing_by by, day_t baseline)
{
	*table = (struct ageing_table){ .by = by, .baseline = baseline, .facts = facts };
}

/* 存量 is what was due by the baseline date. The day of the debt itself decides, not of its parts, so a settled dispute
 * does not make an old debt new. */
static const char *side_of_baseline(day_t baseline, const struct obligation_state *state)
{
	day_t due = state->due.rolled != DAY_NONE ? state->due.rolled : state->due.nominal;

	if (due == DAY_NONE || baseline == DAY_NONE)
		return "";
	return due <= baseline ? "stock" : "new";
}

/* Borrowed from the facts, or written into the room. */
static const char *key_of(const struct ageing_table *table, const struct obligation_state *state,
	char *room, size_t size)
{
	const struct contract_fact *contract = &table->facts->contracts.items[state->contract];

	switch (table->by) {
	case AGEING_BY_UNIT:
		return contract->unit_code;
	case AGEING_BY_DEPARTMENT:
		return state->department;
	case AGEING_BY_DEBTOR_KIND:
		return words_of_debtor_kind(state->debtor_kind);
	case AGEING_BY_SUPPLIER:
		return contract->supplier_uscc;
	case AGEING_BY_CONTRACT_YEAR:
		if (contract->signed_on == DAY_NONE)
			return "";
		snprintf(room, size, "%d", day_year(contract->signed_on));
		return room;
	default:
		return side_of_baseline(table->baseline, state);
	}
}

static struct ageing_row *row_for(struct ageing_table *table, const char *key)
{
	uint32_t place = map_get(&table->places, key);
	struct ageing_group *group;

	if (place != MAP_NONE)
		return &table->groups[place].row;
	MEM_GROW(table->groups, table->count, table->capacity);
	group = &table->groups[table->count];
	*group = (struct ageing_group){ .key = mem_text(key) };
	map_put(&table->places, group->key, (uint32_t)table->count++);
	return &group->row;
}

void ageing_table_add(struct ageing_table *table, const struct obligation_state *state)
{
	char room[16];

	if (state->outstanding == 0)
		return;
	ageing_add(row_for(table, key_of(table, state, room, sizeof(room))), state);
	ageing_add(&table->total, state);
}

static int compare_groups(const void *a, const void *b)
{
	return strcmp(((const struct ageing_group *)a)->key, ((const struct ageing_group *)b)->key);
}

void ageing_table_finish(struct ageing_table *table)
{
	map_free(&table->places);
	if (table->count > 1)
		qsort(table->groups, table->count, sizeof(*table->groups), compare_groups);
}

void ageing_table_free(struct ageing_table *table)
{
	map_free(&table->places);
	for (size_t i = 0; i < table->count; i++)
		free(table->groups[i].key);
	free(table->groups);
	table->groups = NULL;
	table->count = 0;
}
