/* All rows of the year are sorted so that the candidates of one package lie together, the winner
 * last. */
#include "checks/plan_item.h"

#include "core/mem.h"

#include <string.h>

enum { MILLION = 1000000 };

const char *plan_finding_name(int bit)
{
	static const char *const names[] = { "share-missing", "share-invalid",
		"exemption-incomplete", "exemption-unknown-code", "exempt-and-reserved" };

	return names[bit];
}

static bool is_circumstance(const char *code)
{
	return code[0] >= '1' && code[0] <= '5' && !code[1];
}

/* G-14: works only with a code 1 to 5, a reason, an approver and a date that has come, all four. An entry of the register
 * has them all, so what the row lacks is found. */
static bool exemption_works(const struct register_book *registers,
	const struct budget_item_fact *item, day_t as_of, struct plan_part *part)
{
	const struct register_entry *entry = register_exemption(registers, item, as_of);

	if (entry && is_circumstance(entry->value)) {
		part->entry = entry;
		return true;
	}
	if (!*item->exemption_code)
		return false;
	if (!is_circumstance(item->exemption_code)) {
		part->findings |= PLAN_EXEMPTION_UNKNOWN_CODE;
		return false;
	}
	if (!*item->exemption_reason || !*item->exemption_approver ||
		item->exemption_on == DAY_NONE) {
		part->findings |= PLAN_EXEMPTION_INCOMPLETE;
		return false;
	}
	return item->exemption_on <= as_of;
}

/* G-13: the share of a consortium or subcontract reservation; 0 with a finding when it is unusable.
 */
static int64_t share_of(const struct budget_item_fact *item, unsigned *findings)
{
	if (item->reserve_form == RESERVE_WHOLE || item->reserve_form == RESERVE_PACKAGE)
		return MILLION;
	if (item->required_share_ppm == NUMBER_NONE) {
		*findings |= PLAN_SHARE_MISSING;
		return 0;
	}
	if (item->required_share_ppm <= 0 || item->required_share_ppm > MILLION) {
		*findings |= PLAN_SHARE_INVALID;
		return 0;
	}
	return item->required_share_ppm;
}

static fen_t given(fen_t amount)
{
	return amount == NUMBER_NONE || amount < 0 ? 0 : amount;
}

static void add_reservation(const struct budget_item_fact *item, struct plan_part *part)
{
	if (item->reserve_form == RESERVE_UNSTATED) {
		part->sme = given(item->reserved_fen);
		part->small_micro = given(item->reserved_small_micro_fen);
		if (item->reserved_fen == NUMBER_NONE)
			part->findings |= PLAN_SHARE_MISSING;
		return;
	}
	/* A share is at most 1, so the product always fits. */
	if (!money_scale(item->budget_fen, share_of(item, &part->findings), MILLION, &part->sme))
		part->sme = 0;
	if (item->reserved_for == RESERVED_FOR_SMALL_MICRO)
		part->small_micro = part->sme;
}

struct plan_part plan_item_judge(
	const struct register_book *registers, const struct budget_item_fact *item, day_t as_of)
{
	struct plan_part part = { .strict = item->budget_fen, .adjusted = item->budget_fen };
	bool works = exemption_works(registers, item, as_of, &part);

	part.reserved = item->reserve_form != RESERVE_NONE &&
			!(item->withdrawn_on != DAY_NONE && item->withdrawn_on <= as_of); /* G-11 */
	if (part.reserved)
		add_reservation(item, &part);
	/* G-15: reserved and exempt: the reservation stands, the exemption is ignored. */
	if (works && part.reserved)
		part.findings |= PLAN_EXEMPT_AND_RESERVED;
	part.exempt = works && !part.reserved;
	if (part.exempt)
		part.adjusted = 0;
	return part;
}

bool plan_reserved_wholly(const struct budget_item_fact *item, const struct plan_part *part)
{
	return part->reserved &&
	       (item->reserve_form == RESERVE_WHOLE || item->reserve_form == RESERVE_PACKAGE);
}

int plan_compare_project(const struct budget_item_fact *a, const struct budget_item_fact *b)
{
	int by_unit = fact_text_order(a->unit_code, b->unit_code);

	return by_unit ? by_unit : fact_text_order(a->project_code, b->project_code);
}

static int compare_package(const struct budget_item_fact *a, const struct budget_item_fact *b)
{
	int by_project = plan_compare_project(a, b);

	return by_project ? by_project : fact_text_order(a->package_no, b->package_no);
}

static int compare_rows(const void *x, const void *y, void *facts)
{
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct budget_item_fact *a = &((struct facts *)facts)->budget_items.items[i];
	const struct budget_item_fact *b = &((struct facts *)facts)->budget_items.items[j];
	int by_package = compare_package(a, b);

	if (by_package)
		return by_package;
	if (a->approved_on != b->approved_on)
		return a->approved_on < b->approved_on ? -1 : 1;
	if (a->snapshot != b->snapshot)
		return a->snapshot < b->snapshot ? -1 : 1;
	return i < j ? -1 : 1;
}

static bool enters(const struct budget_item_fact *item, int fiscal_year, day_t as_of)
{
	return item->fiscal_year == fiscal_year &&
	       day_known(item->approved_on, as_of) != DAY_NONE &&
	       (!*item->currency || strcmp(item->currency, "CNY") == 0);
}

struct plan_rows plan_effective_rows(const struct facts *facts, int fiscal_year, day_t as_of)
{
	const struct budget_item_fact *items = facts->budget_items.items;
	struct plan_rows rows = { mem_zero(facts->budget_items.count + 1, sizeof(uint32_t)), 0 };
	size_t kept = 0;

	for (size_t i = 0; i < facts->budget_items.count; i++) {
		if (enters(&items[i], fiscal_year, as_of))
			rows.rows[rows.count++] = (uint32_t)i;
	}
	if (rows.count > 1)
		qsort_r(rows.rows, rows.count, sizeof(*rows.rows), compare_rows, (void *)facts);
	for (size_t i = 0; i < rows.count; i++) {
		bool last = i + 1 == rows.count ||
			    compare_package(&items[rows.rows[i]], &items[rows.rows[i + 1]]) != 0;

		if (last)
			rows.rows[kept++] = rows.rows[i];
	}
	rows.count = kept;
	return rows;
}

/* Snapshots ----------------------------------------------------------------------------------- */

/* The place of the item's package among the effective rows, which hold it. */
static size_t place_of_package(const struct budget_item_fact *items,
	const struct plan_rows *effective, const struct budget_item_fact *item)
{
	size_t low = 0, high = effective->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_package(&items[effective->rows[middle]], item) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void take_latest(
	const struct budget_item_fact *items, struct plan_snapshots *package, uint32_t row)
{
	uint32_t *held = &package->row[items[row].snapshot];

	if (*held == PLAN_NO_ROW || items[row].approved_on > items[*held].approved_on ||
		(items[row].approved_on == items[*held].approved_on && row > *held))
		*held = row;
}

struct plan_snapshots *plan_snapshot_rows(
	const struct facts *facts, const struct plan_rows *effective, int fiscal_year, day_t as_of)
{
	const struct budget_item_fact *items = facts->budget_items.items;
	struct plan_snapshots *packages = mem_alloc((effective->count + 1) * sizeof(*packages));
	_cleanup_free_ bool *placed = mem_zero(facts->budget_items.count + 1, sizeof(bool));

	memset(packages, 0xff, (effective->count + 1) * sizeof(*packages));
	/* Most packages have one row: those need no search. */
	for (size_t i = 0; i < effective->count; i++) {
		take_latest(items, &packages[i], effective->rows[i]);
		placed[effective->rows[i]] = true;
	}
	for (size_t i = 0; i < facts->budget_items.count; i++)
		if (!placed[i] && enters(&items[i], fiscal_year, as_of))
			take_latest(items, &packages[place_of_package(items, effective, &items[i])],
				(uint32_t)i);
	for (size_t i = 0; i < effective->count; i++)
		for (int kind = 1; kind < SNAPSHOT_KINDS; kind++)
			if (packages[i].row[kind] == PLAN_NO_ROW)
				packages[i].row[kind] = packages[i].row[kind - 1];
	return packages;
}
