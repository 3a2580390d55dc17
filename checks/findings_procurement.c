/* Hints about the procurement itself. All of them are for the desk that keeps the records. */
#include "checks/findings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/package.h"
#include "checks/sums.h"
#include "core/map.h"
#include "core/mem.h"

enum { MILLION = 1000000, SUBJECT_MAX = 512 };

struct looking {
	const struct law *law;
	const struct facts_index *index;
	const struct packages *packages;
	struct map notices; /* project -> first notice, chained by next */
	uint32_t *next;
	struct map subcontracts; /* contract -> first party, chained by next_party */
	uint32_t *next_party;
	int fiscal_year;
	day_t as_of;
	finding_fn fn;
	void *arg;
};

static void of_contract(const struct looking *l, const struct contract_fact *contract,
	const char *code, const char *rule_id)
{
	l->fn(l->arg, &(struct data_finding){ code, rule_id, "contract", contract->contract_no,
			      contract->unit_code, contract->amount_fen });
}

static void of_item(const struct looking *l, const struct budget_item_fact *item, const char *code,
	const char *rule_id)
{
	char subject[SUBJECT_MAX];

	snprintf(subject, sizeof(subject), "%d/%s/%s/%s", item->fiscal_year, item->unit_code,
		item->project_code, item->package_no);
	l->fn(l->arg, &(struct data_finding){ code, rule_id, "budget_item", subject,
			      item->unit_code, item->budget_fen });
}

/* Notices ------------------------------------------------------------------------------------- */

/* A notice without a package speaks of all of them. */
static bool speaks_of(const struct notice_fact *notice, const char *package_no)
{
	return !*notice->package_no || strcmp(notice->package_no, package_no) == 0;
}

/* The latest notice of the kind about the package, published by the day; DAY_NONE if there is none. */
static day_t latest_notice(const struct looking *l, enum notice_kind kind, const char *project_code,
	const char *package_no, day_t by)
{
	const struct notice_fact *notices = l->index->facts->notices.items;
	day_t latest = DAY_NONE;

	if (!*project_code)
		return DAY_NONE;
	for (uint32_t i = map_get(&l->notices, project_code); i != MAP_NONE; i = l->next[i])
		if (notices[i].kind == kind && speaks_of(&notices[i], package_no) &&
			day_known(notices[i].published_on, by) > latest)
			latest = notices[i].published_on;
	return latest;
}

/* GPL 46: within the days after the award notice, the last one rolled to a working day. A year that
 * the calendar does not hold claims nothing. */
static bool signed_late(const struct looking *l, const struct contract_fact *contract)
{
	day_t award = latest_notice(
		l, NOTICE_AWARD, contract->project_code, contract->package_no, contract->signed_on);
	day_t due;

	if (award == DAY_NONE)
		return false;
	due = award + (day_t)parameter_near(l->law->parameters, PARAM_N2_SIGN, award);
	return day_roll(l->law->calendar, due, &due) == DAY_OK && contract->signed_on > due;
}

/* GPR 50: published within working days of the signing. Only a notice that is there is judged. */
static bool published_late(const struct looking *l, const struct contract_fact *contract)
{
	day_t published = latest_notice(
		l, NOTICE_CONTRACT, contract->project_code, contract->package_no, l->as_of);
	int days = (int)parameter_near(l->law->parameters, PARAM_N2_PUBLISH, contract->signed_on);
	day_t due;

	return published != DAY_NONE && published > contract->signed_on &&
	       day_add_working(l->law->calendar, contract->signed_on, days, DAY_NONE, &due) ==
		       DAY_OK &&
	       published > due;
}

/* Amounts ------------------------------------------------------------------------------------- */

static bool above_part(const struct looking *l, const struct contract_fact *contract, fen_t sum,
	enum parameter part)
{
	int64_t ppm = parameter_near(l->law->parameters, part, contract->signed_on);

	return (wide_t)sum * MILLION > (wide_t)contract->amount_fen * ppm;
}

/* GPL 49: what supplements add, not what they take away. */
static fen_t supplements(const struct looking *l, uint32_t row)
{
	const struct index_lists *lists = &l->index->contract_amendments;
	fen_t sum = 0;

	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++) {
		const struct amendment_fact *amendment =
			&l->index->facts->amendments.items[lists->items[i]];

		if (day_known(amendment->amended_on, l->as_of) != DAY_NONE &&
			amendment->amount_change_fen > 0)
			sum_add(&sum, amendment->amount_change_fen);
	}
	return sum;
}

static fen_t deposits(const struct looking *l, uint32_t row)
{
	const struct index_lists *lists = &l->index->contract_obligations;
	fen_t sum = 0;

	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++) {
		const struct obligation_fact *obligation =
			&l->index->facts->obligations.items[lists->items[i]];

		if (obligation->kind == KIND_DEPOSIT)
			sum_add(&sum, obligation->amount_fen);
	}
	return sum;
}

/* Parties ------------------------------------------------------------------------------------- */

static enum size_class class_of_winner(const struct looking *l, uint32_t row)
{
	const struct contract_fact *contract = &l->index->facts->contracts.items[row];
	uint32_t supplier = l->index->supplier_of_contract[row];

	if (contract->declared_size != SIZE_BLANK || supplier == MAP_NONE)
		return contract->declared_size;
	return l->index->facts->suppliers.items[supplier].size_class;
}

/* small and micro not to medium or large, medium not to large. */
static bool subcontracts_upward(const struct looking *l, uint32_t row)
{
	const struct facts *facts = l->index->facts;
	const struct contract_fact *contract = &facts->contracts.items[row];
	enum size_class winner = class_of_winner(l, row);
	uint32_t party = map_get(&l->subcontracts, contract->contract_no);

	if (contract->reserve_form == RESERVE_NONE || winner == SIZE_BLANK || winner > SIZE_MEDIUM)
		return false;
	for (; party != MAP_NONE; party = l->next_party[party]) {
		const struct contract_party_fact *fact = &facts->contract_parties.items[party];
		bool upward = fact->size_class == SIZE_LARGE ||
			      (fact->size_class == SIZE_MEDIUM && winner < SIZE_MEDIUM);

		if (fact->role == ROLE_SUBCONTRACTOR && upward)
			return true;
	}
	return false;
}

/* Double counting ----------------------------------------------------------------------------- */

/* The contract before it in the sorted list is its twin: same package, supplier, day and amount. */
static bool twin_of_previous(const struct looking *l, size_t place)
{
	const struct contract_fact *rows = l->index->facts->contracts.items;
	const struct contract_fact *a, *b;

	if (place == 0)
		return false;
	a = &rows[l->packages->contracts[place - 1]];
	b = &rows[l->packages->contracts[place]];
	return a->signed_on == b->signed_on && a->amount_fen == b->amount_fen &&
	       b->amount_fen > 0 && strcmp(a->unit_code, b->unit_code) == 0 &&
	       strcmp(a->project_code, b->project_code) == 0 &&
	       strcmp(a->package_no, b->package_no) == 0 && *b->supplier_uscc &&
	       strcmp(a->supplier_uscc, b->supplier_uscc) == 0;
}

/* The same package with the same budget under two units. */
static void of_doubled_items(const struct looking *l)
{
	const struct plan_rows *rows = &l->packages->items;
	struct map first = MAP_INIT;

	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *items = l->index->facts->budget_items.items;
		const struct budget_item_fact *item = &items[rows->rows[i]], *other;
		uint32_t place;

		if (!*item->project_code || item->budget_fen == 0)
			continue;
		place = map_put2(&first, item->project_code, item->package_no, rows->rows[i]);
		if (place == MAP_NONE)
			continue;
		other = &items[place];
		if (other->budget_fen == item->budget_fen &&
			strcmp(other->unit_code, item->unit_code) != 0)
			of_item(l, item, "plan-possible-duplicate", "Q-5");
	}
	map_free(&first);
}

/* All ----------------------------------------------------------------------------------------- */

static void of_contracts(const struct looking *l)
{
	for (size_t i = 0; i < l->packages->contract_count; i++) {
		uint32_t row = l->packages->contracts[i];
		const struct contract_fact *contract = &l->index->facts->contracts.items[row];

		if (signed_late(l, contract))
			of_contract(l, contract, "contract-signed-late", "N-2");
		if (published_late(l, contract))
			of_contract(l, contract, "contract-published-late", "N-2");
		if (above_part(l, contract, supplements(l, row), PARAM_N2_SUPPLEMENT))
			of_contract(l, contract, "supplement-over-limit", "N-2");
		if (above_part(l, contract, deposits(l, row), PARAM_N2_DEPOSIT))
			of_contract(l, contract, "deposit-over-limit", "N-2");
		if (subcontracts_upward(l, row))
			of_contract(l, contract, "subcontract-upward", "Q-7");
		if (twin_of_previous(l, i))
			of_contract(l, contract, "award-possible-duplicate", "Q-13");
	}
}

/* a reserved package that ended (mostly: fewer than three qualified) leaves the numerator from
 * the new notice on; until somebody says so its reservation is doubtful. */
static void of_ended_packages(const struct looking *l)
{
	const struct plan_rows *rows = &l->packages->items;

	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *item =
			&l->index->facts->budget_items.items[rows->rows[i]];
		const uint32_t *contracts;

		if (plan_item_judge(item, l->as_of).reserved &&
			package_contracts(l->packages, item, &contracts) == 0 &&
			latest_notice(l, NOTICE_TERMINATION, item->project_code, item->package_no,
				l->as_of) != DAY_NONE)
			of_item(l, item, "reserved-package-ended", "Q-7");
	}
}

static void chain(struct map *map, uint32_t *next, const char *key, uint32_t row)
{
	uint32_t before = map_get(map, key);

	next[row] = before;
	map_set(map, key, row);
}

static void make_chains(struct looking *l)
{
	const struct facts *facts = l->index->facts;

	l->next = mem_zero(facts->notices.count + 1, sizeof(uint32_t));
	l->next_party = mem_zero(facts->contract_parties.count + 1, sizeof(uint32_t));
	for (uint32_t i = 0; i < facts->notices.count; i++)
		chain(&l->notices, l->next, facts->notices.items[i].project_code, i);
	for (uint32_t i = 0; i < facts->contract_parties.count; i++)
		chain(&l->subcontracts, l->next_party, facts->contract_parties.items[i].contract_no,
			i);
}

void findings_of_procurement(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, finding_fn fn, void *arg)
{
	struct packages packages;
	struct looking l = { .law = law,
		.index = index,
		.packages = &packages,
		.fiscal_year = fiscal_year,
		.as_of = as_of,
		.fn = fn,
		.arg = arg };

	packages_make(index, units, fiscal_year, as_of, &packages);
	make_chains(&l);
	of_contracts(&l);
	of_ended_packages(&l);
	of_doubled_items(&l);
	map_free(&l.notices);
	map_free(&l.subcontracts);
	free(l.next);
	free(l.next_party);
	packages_free(&packages);
}
