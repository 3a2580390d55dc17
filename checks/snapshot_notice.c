/* 面向中小企业预留项目明细 (N-1): what the sums of the yearly notice are made of, contract by contract. */
#include "checks/snapshot_parts.h"

#include <stdlib.h>
#include <string.h>

#include "checks/package.h"
#include "checks/words.h"
#include "core/map.h"
#include "core/mem.h"

/* Published contracts by project: the last row of each, chained by next. */
struct published {
	struct map last;
	uint32_t *next;
};

static void published_make(const struct facts *facts, struct published *ret)
{
	*ret = (struct published){ .next = mem_zero(facts->notices.count + 1, sizeof(uint32_t)) };
	for (uint32_t i = 0; i < facts->notices.count; i++) {
		const struct notice_fact *notice = &facts->notices.items[i];

		if (notice->kind != NOTICE_CONTRACT)
			continue;
		ret->next[i] = map_get(&ret->last, notice->project_code);
		map_set(&ret->last, notice->project_code, i);
	}
}

/* The latest published by the as-of day, "" if there is none. */
static const char *link_of(const struct published *published, const struct facts *facts,
	const struct contract_fact *contract, day_t as_of)
{
	const struct notice_fact *found = NULL;

	for (uint32_t i = map_get(&published->last, contract->project_code); i != MAP_NONE;
		i = published->next[i]) {
		const struct notice_fact *notice = &facts->notices.items[i];

		if (*notice->package_no && strcmp(notice->package_no, contract->package_no) != 0)
			continue;
		if (day_known(notice->published_on, as_of) != DAY_NONE &&
			(!found || notice->published_on > found->published_on))
			found = notice;
	}
	return found ? found->notice_id : "";
}

struct row {
	const char *department;
	const struct contract_fact *contract;
	struct award_part part;
};

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = strcmp(x->department, y->department);

	if (order == 0)
		order = strcmp(x->contract->project_code, y->contract->project_code);
	if (order == 0)
		order = strcmp(x->contract->package_no, y->contract->package_no);
	return order ? order : strcmp(x->contract->contract_no, y->contract->contract_no);
}

/* Share that must go, or goes, to SMEs; NUMBER_NONE where the form has none or it is not stated. */
static int64_t share_of(const struct contract_fact *contract, const struct budget_item_fact *item)
{
	if (contract->reserve_form == RESERVE_WHOLE)
		return NUMBER_NONE;
	if (contract->sme_share_ppm != NUMBER_NONE)
		return contract->sme_share_ppm;
	return item ? item->required_share_ppm : NUMBER_NONE;
}

static void write_row(struct json_out *out, const struct row *row,
	const struct budget_item_fact *item, const char *link)
{
	const struct contract_fact *contract = row->contract;
	int64_t share = share_of(contract, item);

	json_line(out);
	json_object_begin(out, NULL);
	json_text(out, "department", row->department);
	json_text(out, "unit_code", contract->unit_code);
	json_text(out, "project_code", contract->project_code);
	json_text(out, "package_no", contract->package_no);
	json_text(out, "project_name", item ? item->name : "");
	if (item)
		json_fen(out, "budget_fen", item->budget_fen);
	json_text(out, "reserve_form", words_of_reserve_form(contract->reserve_form));
	if (share != NUMBER_NONE)
		json_int(out, "share_ppm", share);
	json_text(out, "contract_no", contract->contract_no);
	json_day(out, "signed_on", contract->signed_on);
	json_fen(out, "sme_fen", row->part.sme);
	json_fen(out, "small_micro_fen", row->part.small_micro);
	json_text(out, "link", link);
	json_object_end(out);
}

void write_notice_projects(struct json_out *out, const char *key, const struct law *law,
	const struct facts_index *index, const struct unit_tree *units, int fiscal_year,
	day_t counted_at, day_t as_of)
{
	const struct facts *facts = index->facts;
	struct published published;
	struct packages packages;
	struct row *rows;
	size_t count = 0;

	packages_make(index, units, fiscal_year, counted_at, &packages);
	published_make(facts, &published);
	rows = mem_zero(packages.contract_count + 1, sizeof(*rows));
	for (size_t i = 0; i < packages.contract_count; i++) {
		const struct contract_fact *contract =
			&facts->contracts.items[packages.contracts[i]];

		if (contract->reserve_form == RESERVE_NONE)
			continue;
		rows[count++] =
			(struct row){ figures_department_of_contract(units, contract), contract,
				award_item_judge(law, index, units, packages.contracts[i],
					fiscal_year, counted_at) };
	}
	if (count > 1)
		qsort(rows, count, sizeof(*rows), compare_rows);
	json_array_begin(out, key);
	for (size_t i = 0; i < count; i++)
		write_row(out, &rows[i], package_item(&packages, rows[i].contract),
			link_of(&published, facts, rows[i].contract, as_of));
	json_line(out);
	json_array_end(out);
	free(rows);
	map_free(&published.last);
	free(published.next);
	packages_free(&packages);
}
