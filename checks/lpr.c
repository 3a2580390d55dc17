#include "checks/lpr.h"

#include "core/mem.h"

#include <string.h>

struct lpr_row {
	day_t published_on;
	int64_t ppm;
};
struct lpr_table {
	struct lpr_row *rows; /* sorted by day, one per day */
	size_t count, capacity;
};

struct lpr_table *lpr_new(void)
{
	return mem_zero(1, sizeof(struct lpr_table));
}

void lpr_free(struct lpr_table *table)
{
	if (table)
		free(table->rows);
	free(table);
}

/* Number of rows published on or before day. */
static size_t rows_until(const struct lpr_table *table, day_t day)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (table->rows[middle].published_on <= day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void lpr_add(struct lpr_table *table, day_t published_on, int64_t one_year_ppm)
{
	size_t at = rows_until(table, published_on);

	if (at > 0 && table->rows[at - 1].published_on == published_on) {
		table->rows[at - 1].ppm = one_year_ppm;
		return;
	}
	MEM_GROW(table->rows, table->count, table->capacity);
	memmove(&table->rows[at + 1], &table->rows[at], (table->count - at) * sizeof(*table->rows));
	table->rows[at] = (struct lpr_row){ published_on, one_year_ppm };
	table->count++;
}

int64_t lpr_at(const struct lpr_table *table, day_t day)
{
	size_t until = day == DAY_NONE ? 0 : rows_until(table, day);

	return until ? table->rows[until - 1].ppm : -1;
}
