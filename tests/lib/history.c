#include "lib/history.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/facts_csv.h"

struct making {
	struct facts *facts;
	const struct history_options *options;
	uint64_t seed;
	day_t first, clocks_until;
};

static const char *const units[] = { "001001", "001002", "002001", "901001" };
static const enum debtor_kind kinds[] = { DEBTOR_ORGAN, DEBTOR_INSTITUTION, DEBTOR_GROUP,
	DEBTOR_LARGE_ENTERPRISE };
static const char *const suppliers[] = { "911101010000000001", "911101010000000002",
	"921101010000000003", "911101010000000004" };
enum { UNITS = 4, SUPPLIERS = 4 };

/* splitmix64: every step gives an independent number. */
uint32_t history_random(uint64_t *seed, uint32_t limit)
{
	uint64_t x = *seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((x ^ (x >> 31)) % limit);
}

static uint32_t pick(struct making *making, uint32_t limit)
{
	return history_random(&making->seed, limit);
}

static bool one_in(struct making *making, uint32_t n)
{
	return pick(making, n) == 0;
}

static day_t clock_day(struct making *making, day_t from)
{
	day_t room = making->clocks_until - from;

	return room > 0 ? from + (day_t)pick(making, (uint32_t)room + 1) : making->clocks_until;
}

static void add_parties(struct making *making)
{
	for (int i = 0; i < UNITS; i++) {
		struct unit_fact *unit = facts_add_unit(making->facts);

		unit->unit_code = units[i];
		unit->kind = kinds[i];
	}
	for (int i = 0; i < SUPPLIERS; i++) {
		struct supplier_fact *supplier = facts_add_supplier(making->facts);

		supplier->uscc = suppliers[i];
		supplier->size_class = i == 3 ? SIZE_BLANK : SIZE_SMALL;
	}
}

static const char *numbered(struct making *making, const char *letter, size_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%s%03zu", letter, number);
	return facts_text(making->facts, text);
}

static void set_terms(struct making *making, struct contract_fact *contract)
{
	static const int64_t rates[] = { 0, 10000, 36000, 120000 };
	static const int64_t bases[] = { NUMBER_NONE, 360, 365 };

	contract->clock_basis = (enum clock_basis)pick(making, 3);
	if (!one_in(making, 3))
		contract->inspection_days = pick(making, 20);
	if (!one_in(making, 3))
		contract->agreed_term = pick(making, 80);
	contract->term_unit = one_in(making, 3) ? TERM_WORKDAY : TERM_DAY;
	if (one_in(making, 2))
		contract->late_rate_ppm = rates[pick(making, 4)];
	contract->day_base = bases[pick(making, 3)];
	if (making->options->caps && one_in(making, 2))
		contract->late_cap_ppm = 100 + pick(making, 20000);
}

static void add_contract(struct making *making)
{
	struct contract_fact *contract = facts_add_contract(making->facts);

	contract->contract_no = numbered(making, "C", making->facts->contracts.count);
	/* Few pairs, so that groups hold several contracts. */
	contract->unit_code = units[pick(making, UNITS)];
	contract->supplier_uscc = suppliers[pick(making, SUPPLIERS)];
	if (!one_in(making, 12))
		contract->signed_on = clock_day(making, making->first);
	contract->amount_fen = 1 + pick(making, 500000000);
	contract->declared_size = contract->supplier_uscc == suppliers[3] ? SIZE_BLANK : SIZE_SMALL;
	set_terms(making, contract);
}

static void add_dispute(struct making *making, struct obligation_fact *debt)
{
	debt->disputed_fen = 1 + (fen_t)pick(making, (uint32_t)debt->amount_fen + 1000);
	if (!one_in(making, 4))
		debt->dispute_opened_on = clock_day(making, making->first);
	if (one_in(making, 2))
		debt->dispute_settled_on = clock_day(making, debt->dispute_opened_on == DAY_NONE
								     ? making->first
								     : debt->dispute_opened_on);
}

static void add_record(struct making *making, const struct obligation_fact *debt)
{
	struct dispute_fact *dispute = facts_add_dispute(making->facts);

	dispute->dispute_id = numbered(making, "D", making->facts->disputes.count);
	dispute->obligation_no = debt->obligation_no;
	dispute->amount_fen = 1 + (fen_t)pick(making, (uint32_t)debt->amount_fen + 1000);
	dispute->separable = (enum tri)pick(making, 3);
	if (!one_in(making, 4))
		dispute->opened_on = clock_day(making, making->first);
	if (one_in(making, 3))
		return;
	dispute->settled_on = clock_day(
		making, dispute->opened_on == DAY_NONE ? making->first : dispute->opened_on);
	if (one_in(making, 2))
		dispute->agreed_fen = (fen_t)pick(making, (uint32_t)dispute->amount_fen + 1000);
	if (one_in(making, 3))
		dispute->agreed_due_on = clock_day(making, making->first);
}

static void add_obligation(struct making *making, const struct contract_fact *contract)
{
	struct obligation_fact *debt = facts_add_obligation(making->facts);
	day_t from = contract->signed_on == DAY_NONE ? making->first : contract->signed_on;

	debt->obligation_no = numbered(making, "O", making->facts->obligations.count);
	debt->contract_no = contract->contract_no;
	debt->kind = one_in(making, 3) ? (enum obligation_kind)pick(making, 5) : KIND_DELIVERY;
	debt->amount_fen = one_in(making, 6) ? pick(making, 100) : 1 + pick(making, 100000000);
	if (!one_in(making, 5))
		debt->delivered_on = clock_day(making, from);
	if (debt->delivered_on != DAY_NONE && !one_in(making, 4))
		debt->accepted_on = clock_day(making, debt->delivered_on);
	if (!one_in(making, 4))
		debt->settled_on = clock_day(making, from);
	if (one_in(making, 3) || debt->kind == KIND_RETENTION)
		debt->contract_due_on = clock_day(making, from);
	if (making->options->disputes && one_in(making, 3))
		add_dispute(making, debt);
	while (making->options->disputes && one_in(making, 3))
		add_record(making, debt);
}

static void add_reversal(struct making *making, const struct payment_fact *original)
{
	struct payment_fact copy = *original; /* the list may move when it grows */
	struct payment_fact *back = facts_add_payment(making->facts);

	back->voucher_no = numbered(making, "R", making->facts->payments.count);
	back->unit_code = copy.unit_code;
	back->payee_uscc = copy.payee_uscc;
	back->amount_fen = one_in(making, 2) ? copy.amount_fen : 1 + pick(making, 1000000);
	back->reverses_voucher_no = copy.voucher_no;
	back->received_on = copy.received_on + (day_t)pick(making, 60);
}

static void add_payment(struct making *making)
{
	struct facts *facts = making->facts;
	const struct obligation_fact *debt =
		&facts->obligations.items[pick(making, (uint32_t)facts->obligations.count)];
	const struct contract_fact *contract = facts->contracts.items;
	struct payment_fact *payment;

	while (strcmp(contract->contract_no, debt->contract_no) != 0)
		contract++;
	payment = facts_add_payment(facts);
	payment->voucher_no = numbered(making, "V", facts->payments.count);
	payment->unit_code = contract->unit_code;
	payment->payee_uscc = contract->supplier_uscc;
	payment->received_on = making->first + (day_t)pick(making, 700);
	payment->amount_fen = 1 + pick(making, (uint32_t)debt->amount_fen + 1);
	switch (pick(making, 3)) {
	case 0:
		payment->obligation_no = debt->obligation_no;
		break;
	case 1:
		payment->contract_no = contract->contract_no;
		break;
	default: /* unit and payee only */
		break;
	}
	if (one_in(making, 8)) {
		payment->instrument = INSTRUMENT_BILL;
		payment->matures_on = payment->received_on + (day_t)pick(making, 90);
	}
	if (making->options->reversals && one_in(making, 5))
		add_reversal(making, payment);
}

static void add_amendment(struct making *making)
{
	struct facts *facts = making->facts;
	struct amendment_fact *amendment = facts_add_amendment(facts);

	amendment->contract_no =
		facts->contracts.items[pick(making, (uint32_t)facts->contracts.count)].contract_no;
	amendment->amended_on = clock_day(making, making->first);
	amendment->amount_change_fen = (fen_t)pick(making, 2000000) - 1000000;
}

struct facts *history_new(uint64_t seed, const struct history_options *options)
{
	struct making making = { facts_new(), options, seed, text_day("2025-01-02", 10),
		options->clocks_until };
	uint32_t contracts = 1 + pick(&making, 6), payments;

	add_parties(&making);
	for (uint32_t i = 0; i < contracts; i++)
		add_contract(&making);
	for (uint32_t i = 0; i < contracts; i++) {
		uint32_t debts = 1 + pick(&making, 4);

		for (uint32_t k = 0; k < debts; k++)
			add_obligation(&making, &making.facts->contracts.items[i]);
	}
	payments = options->payments ? pick(&making, 9) : 0;
	for (uint32_t i = 0; i < payments; i++)
		add_payment(&making);
	for (uint32_t i = 0; options->amendments && i < contracts; i++)
		add_amendment(&making);
	return making.facts;
}

/* Fisher and Yates. */
static void shuffle(void *items, size_t count, size_t size, uint64_t *seed)
{
	unsigned char room[512], *bytes = items;

	for (size_t i = count; i-- > 1;) {
		size_t k = history_random(seed, (uint32_t)i + 1);

		memcpy(room, bytes + i * size, size);
		memmove(bytes + i * size, bytes + k * size, size);
		memcpy(bytes + k * size, room, size);
	}
}

#define SHUFFLE(list, seed) shuffle((list).items, (list).count, sizeof(*(list).items), seed)

void history_shuffle(struct facts *facts, uint64_t seed)
{
	_Static_assert(sizeof(struct contract_fact) <= 512, "fits the room of a swap");
	SHUFFLE(facts->suppliers, &seed);
	SHUFFLE(facts->contracts, &seed);
	SHUFFLE(facts->obligations, &seed);
	SHUFFLE(facts->payments, &seed);
	SHUFFLE(facts->disputes, &seed);
	SHUFFLE(facts->amendments, &seed);
}
