#include "lib/made_quota.h"

#include <stdio.h>
#include <string.h>

#include "core/day.h"

enum { MILLION = 1000000, YEAR = 2026, CHOICES = 4 };

/* splitmix64: the same numbers everywhere. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static int pick(uint64_t *state, int below)
{
	return (int)(next(state) % (uint64_t)below);
}

static bool one_in(uint64_t *state, int n)
{
	return pick(state, n) == 0;
}

static day_t some_day(uint64_t *state)
{
	day_t first = DAY_NONE;

	day_from_civil(YEAR, 1, 1, &first);
	return first + pick(state, 240); /* the tests' day is the 181st */
}

static fen_t some_money(uint64_t *state)
{
	/* Up to 6 million yuan, on both sides of the thresholds; now and then nothing. */
	return one_in(state, 12) ? 0 : (fen_t)(next(state) % 600000001u);
}

static const char *code(struct facts *facts, const char *format, int number)
{
	char text[32];

	snprintf(text, sizeof(text), format, number);
	return facts_text(facts, text);
}

enum { UNITS = 12, DEPARTMENTS = 4, SUPPLIERS = 10 };

static void add_units(struct facts *facts, uint64_t *state)
{
	day_t moved = some_day(state);

	for (int i = 0; i < UNITS; i++) {
		struct unit_fact *unit = facts_add_unit(facts);
		const char *parent = code(facts, "D%02d", pick(state, DEPARTMENTS));

		unit->unit_code = code(facts, i < DEPARTMENTS ? "D%02d" : "U%02d", i);
		unit->name = unit->unit_code;
		unit->kind = one_in(state, 8) ? DEBTOR_SOE : DEBTOR_INSTITUTION;
		if (i < DEPARTMENTS)
			continue;
		unit->parent_code = parent;
		if (one_in(state, 3)) { /* moves to another department in mid-year */
			struct unit_fact *later;

			unit->valid_to = moved - 1;
			later = facts_add_unit(facts);
			later->unit_code = later->name = code(facts, "U%02d", i);
			later->parent_code = code(facts, "D%02d", pick(state, DEPARTMENTS));
			later->kind = DEBTOR_INSTITUTION;
			later->valid_from = moved + (one_in(state, 6) ? 5 : 0); /* a gap: "?" */
		}
	}
}

static void add_suppliers(struct facts *facts, uint64_t *state)
{
	static const enum size_class classes[] = { SIZE_MICRO, SIZE_SMALL, SIZE_MEDIUM, SIZE_LARGE,
		SIZE_BLANK, SIZE_BLANK };

	for (int i = 0; i < SUPPLIERS; i++) {
		struct supplier_fact *supplier = facts_add_supplier(facts);

		supplier->uscc = code(facts, "911100000000000%02dX", i);
		supplier->size_class = classes[pick(state, 6)];
		supplier->large_controlled = one_in(state, 6) ? TRI_YES : TRI_NO;
		supplier->deemed = one_in(state, 8) ? DEEMED_PRISON : DEEMED_NONE;
	}
}

static void add_exemption(struct facts *facts, struct budget_item_fact *item, uint64_t *state)
{
	item->exemption_code = code(facts, "%d", pick(state, 7)); /* 0 and 6 are no circumstances */
	item->exemption_reason = one_in(state, 4) ? "" : "x";
	item->exemption_approver = one_in(state, 4) ? "" : "x";
	item->exemption_on = one_in(state, 5) ? DAY_NONE : some_day(state);
}

static void set_reservation(struct budget_item_fact *item, uint64_t *state)
{
	item->reserve_form = (enum reserve_form)pick(state, RESERVE_UNSTATED + 1);
	item->reserved_for = (enum reserved_for)pick(state, 3);
	if (one_in(state, 3))
		item->required_share_ppm = NUMBER_NONE;
	else
		item->required_share_ppm = pick(state, 1200001) - 50000; /* some impossible */
	if (item->reserve_form == RESERVE_UNSTATED && !one_in(state, 3)) {
		item->reserved_fen = (fen_t)(next(state) % (uint64_t)(item->budget_fen + 1));
		if (one_in(state, 2))
			item->reserved_small_micro_fen =
				(fen_t)(next(state) % (uint64_t)(item->reserved_fen + 1));
	}
	if (one_in(state, 6))
		item->withdrawn_on = some_day(state);
}

static void add_item(struct facts *facts, uint64_t *state, int number)
{
	struct budget_item_fact *item = facts_add_budget_item(facts);
	int unit = pick(state, UNITS);

	item->fiscal_year = one_in(state, 15) ? YEAR - 1 : YEAR;
	item->unit_code = code(facts, unit < DEPARTMENTS ? "D%02d" : "U%02d", unit);
	item->project_code = code(facts, "P%d", number / 3);
	item->package_no = code(facts, "%d", pick(state, 3)); /* some packages come twice */
	item->snapshot = (enum snapshot_kind)pick(state, 3);
	item->approved_on = one_in(state, 15) ? DAY_NONE : some_day(state);
	item->class = (enum procurement_class)pick(state, 4);
	item->budget_fen = some_money(state);
	if (one_in(state, 20))
		item->currency = "USD";
	if (one_in(state, 4))
		add_exemption(facts, item, state);
	set_reservation(item, state);
	if (one_in(state, 4))
		item->notice_on = some_day(state);
	if (one_in(state, 2))
		day_from_civil(YEAR, 1 + pick(state, 12), 1, &item->planned_on);
}

static void add_contract(struct facts *facts, uint64_t *state, int number)
{
	const struct budget_item_fact *item =
		&facts->budget_items.items[pick(state, (int)facts->budget_items.count)];
	struct contract_fact *contract = facts_add_contract(facts);

	contract->contract_no = code(facts, "HT-%d", number);
	contract->unit_code = item->unit_code;
	contract->project_code = one_in(state, 10) ? "" : item->project_code;
	contract->package_no = item->package_no;
	contract->supplier_uscc = code(facts, "911100000000000%02dX", pick(state, SUPPLIERS + 1));
	contract->signed_on = one_in(state, 15) ? DAY_NONE : some_day(state);
	contract->amount_fen = some_money(state);
	contract->reserve_form = (enum reserve_form)pick(state, RESERVE_UNSTATED + 1);
	if (!one_in(state, 3))
		contract->sme_share_ppm = pick(state, 1200001) - 50000;
	if (!one_in(state, 2))
		contract->small_micro_share_ppm = pick(state, 600001);
	if (contract->reserve_form == RESERVE_UNSTATED && !one_in(state, 3)) {
		contract->reserved_fen =
			(fen_t)(next(state) % (uint64_t)(contract->amount_fen + 1));
		contract->reserved_small_micro_fen =
			(fen_t)(next(state) % (uint64_t)(contract->reserved_fen + 1));
	}
	if (one_in(state, 2))
		contract->declared_size = (enum size_class)(SIZE_MICRO + pick(state, 4));
	if (one_in(state, 8))
		contract->cancelled_on = some_day(state);
}

static void add_amendment(struct facts *facts, uint64_t *state)
{
	const struct contract_fact *contract =
		&facts->contracts.items[pick(state, (int)facts->contracts.count)];
	struct amendment_fact *amendment = facts_add_amendment(facts);

	amendment->contract_no = contract->contract_no;
	amendment->amended_on = one_in(state, 6) ? DAY_NONE : some_day(state);
	amendment->amount_change_fen =
		(fen_t)(next(state) % (uint64_t)(contract->amount_fen / 2 + 1)) -
		contract->amount_fen / 4;
}

struct facts *made_quota(uint64_t number, enum made_size size)
{
	static const int items[] = { 4, 20, 120 }, contracts[] = { 3, 15, 80 };
	struct facts *facts = facts_new();
	uint64_t state = number * 3 + (uint64_t)size;

	add_units(facts, &state);
	add_suppliers(facts, &state);
	for (int i = 0; i < items[size]; i++)
		add_item(facts, &state, i);
	for (int i = 0; i < contracts[size]; i++)
		add_contract(facts, &state, i);
	for (int i = 0; i < contracts[size] / 4; i++)
		add_amendment(facts, &state);
	return facts;
}

/* Registers ------------------------------------------------------------------------------------- */

static struct register_entry some_entry(struct facts *facts, uint64_t *state, int number)
{
	struct register_entry entry = { .entry_no = code(facts, "E%d", number),
		.unit_code = "",
		.project_code = "",
		.package_no = "",
		.supplier_uscc = "",
		.contract_no = "",
		.field = "",
		.value = "",
		.value_ppm = NUMBER_NONE,
		.reason = "x",
		.evidence = "",
		.approver = "王芳",
		.valid_from = some_day(state),
		.valid_to = DAY_NONE,
		.withdrawn_on = one_in(state, 4) ? some_day(state) : DAY_NONE };

	if (one_in(state, 2))
		entry.valid_to = entry.valid_from + pick(state, 200);
	if (one_in(state, 3))
		entry.valid_from -= 150;
	return entry;
}

static void about_item(
	struct register_entry *entry, const struct facts *facts, uint64_t *state, bool correction)
{
	const struct budget_item_fact *item =
		&facts->budget_items.items[pick(state, (int)facts->budget_items.count)];

	entry->fiscal_year = item->fiscal_year;
	entry->unit_code = item->unit_code;
	entry->project_code = item->project_code;
	entry->package_no = one_in(state, 2) ? item->package_no : "";
	entry->name = correction ? REGISTER_CORRECTION : REGISTER_EXEMPTION;
	if (!correction) {
		entry->value = "2";
	} else if (one_in(state, 2)) {
		entry->field = "required_share_percent";
		entry->value = "30";
		entry->value_ppm = 300000;
	} else {
		entry->field = "reserved_for";
		entry->value = "small_micro";
	}
}

static void about_supplier(struct register_entry *entry, const struct facts *facts, uint64_t *state)
{
	static const char *const classes[] = { "L", "M", "S", "X" };
	bool deemed = one_in(state, 2);

	entry->name = deemed ? REGISTER_DEEMED : REGISTER_SIZE;
	entry->value = deemed ? "prison" : classes[pick(state, 4)];
	if (one_in(state, 2))
		entry->supplier_uscc = facts->suppliers.items[pick(state, SUPPLIERS)].uscc;
	else
		entry->contract_no =
			facts->contracts.items[pick(state, (int)facts->contracts.count)]
				.contract_no;
}

struct register_book *made_registers(uint64_t number, struct facts *facts)
{
	struct register_book *book = register_book_new();
	uint64_t state = number * 7 + 5;

	for (int i = 0; i < 1 + (int)facts->budget_items.count / 4; i++) {
		struct register_entry entry = some_entry(facts, &state, i);

		if (one_in(&state, 2))
			about_supplier(&entry, facts, &state);
		else
			about_item(&entry, facts, &state, one_in(&state, 3));
		register_book_add(book, &entry);
	}
	register_book_correct(book, facts);
	return book;
}

/* Completions ---------------------------------------------------------------------------------- */

static bool by_share(enum reserve_form form)
{
	return form == RESERVE_CONSORTIUM || form == RESERVE_SUBCONTRACT;
}

static bool impossible(int64_t share)
{
	return share == NUMBER_NONE || share <= 0 || share > MILLION;
}

static void note(struct made_unknowns *unknowns, int kind, size_t row)
{
	if (unknowns->count == MADE_UNKNOWNS_MAX)
		return;
	unknowns->items[unknowns->count].kind = kind;
	unknowns->items[unknowns->count++].row = (uint32_t)row;
	unknowns->completions *= CHOICES;
}

/* A class counts as unknown when it is not declared and either the register does not know it or the
 * contract is for goods, where the dealer's own class says nothing. */
static bool class_unknown(const struct facts *facts, const struct facts_index *index, size_t row)
{
	const struct contract_fact *contract = &facts->contracts.items[row];
	uint32_t supplier = index->supplier_of_contract[row];

	if (contract->declared_size != SIZE_BLANK ||
		(contract->reserve_form != RESERVE_WHOLE &&
			contract->reserve_form != RESERVE_PACKAGE))
		return false;
	if (supplier == MAP_NONE || facts->suppliers.items[supplier].size_class == SIZE_BLANK)
		return true;
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		const struct budget_item_fact *item = &facts->budget_items.items[i];

		if (strcmp(item->unit_code, contract->unit_code) == 0 &&
			strcmp(item->project_code, contract->project_code) == 0 &&
			strcmp(item->package_no, contract->package_no) == 0)
			return item->class == CLASS_GOODS && item->fiscal_year == YEAR &&
			       strcmp(item->currency, "CNY") == 0 &&
			       item->approved_on != DAY_NONE &&
			       item->approved_on <= contract->signed_on;
	}
	return false;
}

static bool has_contract(const struct facts *facts, const struct budget_item_fact *item)
{
	for (size_t i = 0; i < facts->contracts.count; i++) {
		const struct contract_fact *contract = &facts->contracts.items[i];

		if (strcmp(item->unit_code, contract->unit_code) == 0 &&
			strcmp(item->project_code, contract->project_code) == 0)
			return true;
	}
	return false;
}

static void note_item(struct made_unknowns *unknowns, const struct facts *facts, size_t row)
{
	const struct budget_item_fact *item = &facts->budget_items.items[row];

	if (by_share(item->reserve_form) && impossible(item->required_share_ppm))
		note(unknowns, UNKNOWN_ITEM_SHARE, row);
	if (item->reserve_form == RESERVE_UNSTATED && item->reserved_fen == NUMBER_NONE)
		note(unknowns, UNKNOWN_ITEM_AMOUNT, row);
	/* Whom it was reserved for is open as long as it is not awarded. */
	if (item->reserve_form != RESERVE_NONE && item->reserve_form != RESERVE_UNSTATED &&
		item->reserved_for != RESERVED_FOR_SMALL_MICRO && !has_contract(facts, item))
		note(unknowns, UNKNOWN_ITEM_GROUP, row);
}

struct made_unknowns made_unknowns(const struct facts *facts, const struct facts_index *index)
{
	struct made_unknowns unknowns = { .completions = 1 };

	for (size_t i = 0; i < facts->contracts.count; i++) {
		const struct contract_fact *contract = &facts->contracts.items[i];
		int64_t small_micro = contract->small_micro_share_ppm == NUMBER_NONE
					      ? 0
					      : contract->small_micro_share_ppm;

		if (by_share(contract->reserve_form) &&
			(impossible(contract->sme_share_ppm) ||
				small_micro > contract->sme_share_ppm))
			note(&unknowns, UNKNOWN_CONTRACT_SHARE, i);
		if (contract->reserve_form == RESERVE_UNSTATED &&
			contract->reserved_fen == NUMBER_NONE)
			note(&unknowns, UNKNOWN_CONTRACT_AMOUNT, i);
		if (class_unknown(facts, index, i))
			note(&unknowns, UNKNOWN_CLASS, i);
	}
	for (size_t i = 0; i < facts->budget_items.count; i++)
		note_item(&unknowns, facts, i);
	return unknowns;
}

static const int64_t shares[CHOICES] = { 1, 333333, 700000, MILLION };

static void complete_contract(struct contract_fact *contract, int kind, int choice)
{
	switch (kind) {
	case UNKNOWN_CONTRACT_SHARE:
		contract->sme_share_ppm = shares[choice];
		contract->small_micro_share_ppm = choice % 2 ? shares[choice] : 0;
		break;
	case UNKNOWN_CONTRACT_AMOUNT:
		contract->reserved_fen = contract->amount_fen / CHOICES * (choice + 1);
		contract->reserved_small_micro_fen = choice % 2 ? contract->reserved_fen : 0;
		break;
	default:
		contract->declared_size = (enum size_class)(SIZE_MICRO + choice);
		break;
	}
}

static void complete_item(struct budget_item_fact *item, int kind, int choice)
{
	switch (kind) {
	case UNKNOWN_ITEM_SHARE:
		item->required_share_ppm = shares[choice];
		break;
	case UNKNOWN_ITEM_AMOUNT:
		item->reserved_fen = item->budget_fen / CHOICES * (choice + 1);
		break;
	default:
		item->reserved_for = choice % 2 ? RESERVED_FOR_SMALL_MICRO : RESERVED_FOR_SME;
		break;
	}
}

void made_complete(struct facts *facts, const struct made_unknowns *unknowns, int completion)
{
	for (int i = 0; i < unknowns->count; i++, completion /= CHOICES) {
		uint32_t row = unknowns->items[i].row;
		int kind = unknowns->items[i].kind, choice = completion % CHOICES;

		if (kind >= UNKNOWN_CONTRACT_SHARE)
			complete_contract(&facts->contracts.items[row], kind, choice);
		else
			complete_item(&facts->budget_items.items[row], kind, choice);
	}
}
