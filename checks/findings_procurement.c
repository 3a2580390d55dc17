/* Hints about the procurement itself. All of them are for the desk that keeps the records. */
#include "checks/findings_procurement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/act.h"
#include "checks/sums.h"
#include "checks/words.h"
#include "core/mem.h"

enum { MILLION = 1000000, SUBJECT_MAX = 512 };

void looking_item_under(const struct looking *l, const struct budget_item_fact *item,
	enum regulation regulation, const char *code, const char *rule_id,
	const struct finding_value values[FINDING_VALUES_MAX])
{
	char subject[SUBJECT_MAX];
	struct data_finding finding = { code, rule_id, "budget_item", subject, item->unit_code,
		item->budget_fen, regulation, FINDING_BARE };

	snprintf(subject, sizeof(subject), "%d/%s/%s/%s", item->fiscal_year, item->unit_code,
		item->project_code, item->package_no);
	if (values)
		memcpy(finding.values, values, sizeof(finding.values));
	l->fn(l->arg, &finding);
}

void looking_item(const struct looking *l, const struct budget_item_fact *item, const char *code,
	const char *rule_id, const struct finding_value values[FINDING_VALUES_MAX])
{
	looking_item_under(l, item, REGULATION_NONE, code, rule_id, values);
}

struct package_days looking_days_of_item(
	const struct looking *l, const struct budget_item_fact *item)
{
	struct package_days days = { item->unit_code, item->project_code, item->package_no, 0, 0 };

	if (!package_span(l->packages, item, &days.from, &days.by))
		days.by = DAY_NONE;
	else if (days.by > l->as_of)
		days.by = l->as_of;
	return days;
}

static bool on_days(const struct package_days *days, day_t day)
{
	return day != DAY_NONE && day >= days->from && day <= days->by;
}

static bool same_or_blank(const char *stated, const char *code)
{
	return !*stated || strcmp(stated, code) == 0;
}

const struct notice_fact *looking_notice(
	const struct looking *l, enum notice_kind kind, const struct package_days *days)
{
	const struct packages *packages = l->packages;
	const struct notice_fact *latest = NULL;
	uint32_t i = *days->project_code ? map_get(&packages->notice_first, days->project_code)
					 : MAP_NONE;

	for (; i != MAP_NONE; i = packages->notice_next[i]) {
		const struct notice_fact *notice = &l->index->facts->notices.items[i];

		if (notice->kind == kind && on_days(days, notice->published_on) &&
			same_or_blank(notice->unit_code, days->unit_code) &&
			same_or_blank(notice->package_no, days->package_no) &&
			(!latest || notice->published_on > latest->published_on))
			latest = notice;
	}
	return latest;
}

bool looking_signed(const struct looking *l, const struct package_days *days)
{
	uint32_t i = *days->project_code ? map_get(&l->contracts, days->project_code) : MAP_NONE;

	for (; i != MAP_NONE; i = l->next_contract[i]) {
		const struct contract_fact *contract = &l->index->facts->contracts.items[i];

		if (on_days(days, contract->signed_on) &&
			strcmp(contract->unit_code, days->unit_code) == 0 &&
			(!*days->package_no ||
				same_or_blank(contract->package_no, days->package_no)))
			return true;
	}
	return false;
}

/* Amounts ------------------------------------------------------------------------------------- */

static void of_part(const struct looking *l, const struct contract_fact *contract, fen_t sum,
	fen_t whole, enum parameter part, const char *code)
{
	int64_t ppm = parameter_near(l->law->parameters, part, contract->signed_on);
	const char *act = act_of_finding(
		code, unit_tree_kind(l->units, contract->unit_code, contract->signed_on)); /* E-3 */

	if ((wide_t)sum * MILLION > (wide_t)whole * ppm)
		LOOKING_CONTRACT(l, contract, code, "N-2", FINDING_NUMBER("sum_fen", sum),
			FINDING_NUMBER("limit_ppm", ppm), FINDING_TEXT(act ? "act" : NULL, act));
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

/* All of the kind together, or the greatest of them alone. */
struct deposits {
	fen_t sum, greatest;
};

static struct deposits deposits(const struct looking *l, uint32_t row, enum deposit_kind kind)
{
	const struct index_lists *lists = &l->index->contract_obligations;
	struct deposits deposits = { 0, 0 };

	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++) {
		const struct obligation_fact *obligation =
			&l->index->facts->obligations.items[lists->items[i]];

		if (obligation->kind != KIND_DEPOSIT || obligation->deposit_kind != kind)
			continue;
		sum_add(&deposits.sum, obligation->amount_fen);
		if (obligation->amount_fen > deposits.greatest)
			deposits.greatest = obligation->amount_fen;
	}
	return deposits;
}

/* GPR 48, GPR 33. Deposits of unknown kind may be of several, each with a limit of its own, none of which is above that of
 * performance deposits: so together they say nothing, but one of them alone does. */
static void of_deposits(const struct looking *l, uint32_t row)
{
	const struct contract_fact *contract = &l->index->facts->contracts.items[row];
	const struct budget_item_fact *item = package_item(l->packages, contract);
	fen_t performance = deposits(l, row, DEPOSIT_PERFORMANCE).sum;
	fen_t unstated = deposits(l, row, DEPOSIT_UNSTATED).greatest;
	fen_t bid = deposits(l, row, DEPOSIT_BID).sum;

	of_part(l, contract, performance > unstated ? performance : unstated, contract->amount_fen,
		PARAM_N2_DEPOSIT, "deposit-over-limit");
	if (item && item->budget_fen > 0)
		of_part(l, contract, bid, item->budget_fen, PARAM_N2_BID_DEPOSIT,
			"bid-deposit-over-limit");
}

/* Parties ------------------------------------------------------------------------------------- */

static struct size_verdict size_of_winner(const struct looking *l, uint32_t row)
{
	const struct facts *facts = l->index->facts;
	uint32_t supplier = l->index->supplier_of_contract[row];

	return register_size_verdict(l->law, &facts->contracts.items[row],
		supplier == MAP_NONE ? NULL : &facts->suppliers.items[supplier], l->as_of);
}

/* At signing: an authority's answer goes before what the contract says of its party. */
static struct size_verdict size_of_party(const struct looking *l,
	const struct contract_party_fact *party, const struct contract_fact *contract)
{
	const struct register_entry *answer = register_supplier(l->law->registers, REGISTER_SIZE,
		party->supplier_id, contract->signed_on, l->as_of);

	return size_of_class(answer ? words_size_class(answer->value) : party->size_class);
}

/* small and micro not to medium or large, medium not to large; only what is sure on both sides. */
static bool subcontracts_upward(const struct looking *l, uint32_t row)
{
	const struct facts *facts = l->index->facts;
	const struct contract_fact *contract = &facts->contracts.items[row];
	struct size_verdict winner = size_of_winner(l, row);
	uint32_t party = map_get(&l->subcontracts, contract->contract_no);

	if (contract->reserve_form == RESERVE_NONE || !size_is_sme(winner))
		return false;
	for (; party != MAP_NONE; party = l->next_party[party]) {
		const struct contract_party_fact *fact = &facts->contract_parties.items[party];
		struct size_verdict size = size_of_party(l, fact, contract);
		bool upward = size_is_large(size) ||
			      (size.class == SIZE_MEDIUM && size_is_small_micro(winner));

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
			looking_item(l, item, "plan-possible-duplicate", "Q-5",
				(struct finding_value[FINDING_VALUES_MAX]){
					FINDING_TEXT("other_unit_code", other->unit_code) });
	}
	map_free(&first);
}

/* All ----------------------------------------------------------------------------------------- */

static void of_contracts(const struct looking *l)
{
	for (size_t i = 0; i < l->packages->contract_count; i++) {
		uint32_t row = l->packages->contracts[i];
		const struct contract_fact *contract = &l->index->facts->contracts.items[row];

		of_part(l, contract, supplements(l, row), contract->amount_fen, PARAM_N2_SUPPLEMENT,
			"supplement-over-limit");
		of_deposits(l, row);
		if (subcontracts_upward(l, row))
			LOOKING_CONTRACT(l, contract, "subcontract-upward", "Q-7", { NULL });
		if (twin_of_previous(l, i))
			LOOKING_CONTRACT(l, contract, "award-possible-duplicate", "Q-13",
				FINDING_TEXT("other_contract_no",
					l->index->facts->contracts
						.items[l->packages->contracts[i - 1]]
						.contract_no));
	}
}

/* The ways in which notices say it. */
static bool too_few_qualified(const char *reason)
{
	static const char *const ways[] = { "不足三家", "不足3家", "少于三家", "少于3家",
		"不足三个", "不满三家", "不满3家" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strstr(reason, ways[i]))
			return true;
	return false;
}

/* a reserved package that ended leaves the numerator from the new notice on; until somebody
 * says so its reservation is doubtful. */
static void of_ended_packages(const struct looking *l)
{
	const struct plan_rows *rows = &l->packages->items;

	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *item =
			&l->index->facts->budget_items.items[rows->rows[i]];
		struct package_days days = looking_days_of_item(l, item);
		const uint32_t *contracts;
		const struct notice_fact *end;

		if (!plan_item_judge(l->law->registers, item, l->as_of).reserved ||
			package_contracts(l->packages, item, &contracts) != 0)
			continue;
		end = looking_notice(l, NOTICE_TERMINATION, &days);
		if (end)
			looking_item(l, item,
				too_few_qualified(end->end_reason) ? "fewer-than-three-qualified"
								   : "reserved-package-ended",
				"Q-7",
				(struct finding_value[FINDING_VALUES_MAX]){
					FINDING_TEXT("notice_id", end->notice_id),
					FINDING_DAY("ended_on", end->published_on),
					FINDING_TEXT("end_reason", end->end_reason) });
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

	l->next_contract = mem_zero(facts->contracts.count + 1, sizeof(uint32_t));
	l->next_party = mem_zero(facts->contract_parties.count + 1, sizeof(uint32_t));
	for (uint32_t i = 0; i < facts->contracts.count; i++)
		chain(&l->contracts, l->next_contract, facts->contracts.items[i].project_code, i);
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
		.units = units,
		.packages = &packages,
		.fiscal_year = fiscal_year,
		.as_of = as_of,
		.fn = fn,
		.arg = arg };

	packages_make(index, units, fiscal_year, as_of, &packages);
	make_chains(&l);
	findings_of_clocks(&l);
	of_contracts(&l);
	of_ended_packages(&l);
	of_doubled_items(&l);
	findings_of_preferences(&l);
	findings_of_small_projects(&l);
	findings_of_budgets(&l);
	map_free(&l.contracts);
	map_free(&l.subcontracts);
	free(l.next_contract);
	free(l.next_party);
	packages_free(&packages);
}
