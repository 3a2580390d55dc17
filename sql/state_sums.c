#include "sql/state_sums.h"

#include <stdlib.h>
#include <string.h>

#include "core/map.h"
#include "core/mem.h"
#include "core/money.h"
#include "sql/copy_binary.h"

enum { PAID_COLUMNS = 2 };

struct contract_sum {
	char *contract_no;
	wide_t paid;
};
struct year_count {
	int year;
	int64_t obligations;
};
struct state_sums {
	struct contract_sum *contracts;
	size_t contract_count, contract_capacity;
	struct map numbers; /* contract number to its place */
	struct year_count *years;
	size_t year_count, year_capacity;
};

struct state_sums *state_sums_new(void)
{
	return mem_zero(1, sizeof(struct state_sums));
}

void state_sums_clear(struct state_sums *sums)
{
	map_free(&sums->numbers);
	for (size_t i = 0; i < sums->contract_count; i++)
		free(sums->contracts[i].contract_no);
	sums->contract_count = 0;
}

void state_sums_free(struct state_sums *sums)
{
	if (!sums)
		return;
	state_sums_clear(sums);
	free(sums->contracts);
	free(sums->years);
	free(sums);
}

static void add_paid(struct state_sums *sums, const char *contract_no, fen_t paid)
{
	uint32_t at = map_get(&sums->numbers, contract_no);

	if (at == MAP_NONE) {
		at = (uint32_t)sums->contract_count;
		MEM_GROW(sums->contracts, sums->contract_count, sums->contract_capacity);
		sums->contracts[sums->contract_count++] =
			(struct contract_sum){ .contract_no = mem_text(contract_no) };
		map_put(&sums->numbers, sums->contracts[at].contract_no, at);
	}
	sums->contracts[at].paid += paid;
}

/* Few years at most: those from the last one whose calendar is known to the latest due day. */
static void add_year(struct state_sums *sums, int year)
{
	size_t at = 0;

	while (at < sums->year_count && sums->years[at].year != year)
		at++;
	if (at == sums->year_count) {
		MEM_GROW(sums->years, sums->year_count, sums->year_capacity);
		sums->years[sums->year_count++] = (struct year_count){ .year = year };
	}
	sums->years[at].obligations++;
}

void state_sums_add(struct state_sums *sums, const struct state_row *row)
{
	if (row->paid != 0 && strcmp(row->kind, "deposit") != 0)
		add_paid(sums, row->contract_no, row->paid);
	if (row->missing_year)
		add_year(sums, row->missing_year);
}

size_t state_sums_contracts(const struct state_sums *sums)
{
	return sums->contract_count;
}

void state_sums_put(const struct state_sums *sums, struct copy_bytes *out, size_t index)
{
	const struct contract_sum *contract = &sums->contracts[index];

	copy_binary_row(out, PAID_COLUMNS);
	copy_binary_text(out, contract->contract_no, strlen(contract->contract_no));
	copy_binary_numeric(out, contract->paid);
}

void state_sums_years(
	const struct state_sums *sums, struct sql_array *years, struct sql_array *obligations)
{
	for (size_t i = 0; i < sums->year_count; i++) {
		sql_array_add_int(years, sums->years[i].year);
		sql_array_add_int(obligations, sums->years[i].obligations);
	}
}
