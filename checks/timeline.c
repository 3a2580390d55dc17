/* Events are collected as they stand in the records, then sorted by day; those of one day keep the order in which such
 * things happen: signed, delivered, accepted, settled, the clock, the due day, disputes, payments, reviews. */
#include "checks/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "checks/payment_words.h"
#include "core/mem.h"

struct happening {
	day_t day;
	size_t place; /* among those of one day */
	const char *event, *words, *ref, *by;
	fen_t amount;  /* NUMBER_NONE = none */
	fen_t applied; /* of a payment, what it put on the debt; NUMBER_NONE = nothing */
	const struct payment_fact *payment; /* what was paid with; NULL = no payment */
	enum payment_basis basis; /* why on that day; PAYMENT_BY_NOTHING: it does not count there */
};

struct timeline {
	const struct timeline_question *q;
	const struct facts *facts;
	const struct obligation_fact *debt;
	const struct contract_fact *contract;
	struct happening *items;
	size_t count, capacity;
};

static struct happening *add(struct timeline *line, day_t day, const char *event, const char *words)
{
	struct happening *item;

	if (day == DAY_NONE)
		return NULL;
	MEM_GROW(line->items, line->count, line->capacity);
	item = &line->items[line->count];
	*item = (struct happening){ .day = day,
		.place = line->count++,
		.event = event,
		.words = words,
		.ref = "",
		.by = "",
		.amount = NUMBER_NONE,
		.applied = NUMBER_NONE };
	return item;
}

static struct happening *add_known(
	struct timeline *line, day_t day, const char *event, const char *words)
{
	return add(line, day_known(day, line->q->arrears->as_of), event, words);
}

static void with_amount(struct happening *item, fen_t amount)
{
	if (item)
		item->amount = amount;
}

/* Contract and debt ---------------------------------------------------------------------------- */

static void add_contract(struct timeline *line)
{
	const struct facts_index *index = line->q->arrears->index;
	const struct index_lists *lists = &index->contract_amendments;
	uint32_t row = line->q->state->contract;

	with_amount(add_known(line, line->contract->signed_on, "signed", "合同签订"),
		line->contract->amount_fen);
	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++) {
		const struct amendment_fact *amendment =
			&line->facts->amendments.items[lists->items[i]];

		with_amount(add_known(line, amendment->amended_on, "amended", "合同变更"),
			amendment->amount_change_fen);
	}
	add_known(line, line->contract->cancelled_on, "cancelled", "合同取消");
}

/* G-34: the end of the agreed inspection period counts where nothing was accepted before it. */
static void add_inspection_end(struct timeline *line)
{
	day_t start = line->q->state->due.start;

	if (line->contract->clock_basis == CLOCK_ACCEPTANCE && start != DAY_NONE &&
		start != line->q->state->days.accepted)
		add(line, start, "inspection-end", "约定验收期届满");
}

static const char *words_of_event(const struct event_fact *event, const char **ret_words)
{
	static const struct {
		const char *event, *words;
	} kinds[] = { [EVENT_DELIVERY] = { "delivered", "交付" },
		[EVENT_INSPECTION_REQUEST] = { "inspection-request", "报请验收（不起算付款期限）" },
		[EVENT_ACCEPTANCE] = { "acceptance-unstated", "验收（结论未载明）" },
		[EVENT_SETTLEMENT] = { "settled", "结算确认" },
		[EVENT_HANDOVER] = { "handed-over", "移交" },
		[EVENT_FINAL_ACCOUNT] = { "final-account", "提交竣工结算文件" } },
	  acceptances[] = { [EVENT_PASSED] = { "accepted", "验收合格" },
		  [EVENT_FAILED] = { "acceptance-failed", "验收不合格" },
		  [EVENT_PARTIAL] = { "acceptance-partial", "部分验收合格" } };
	bool judged = event->kind == EVENT_ACCEPTANCE && event->result != EVENT_UNSTATED;

	*ret_words = judged ? acceptances[event->result].words : kinds[event->kind].words;
	return judged ? acceptances[event->result].event : kinds[event->kind].event;
}

/* The debt's row says the same already. */
static bool is_stated(const struct timeline *line, const struct event_fact *event)
{
	switch (event->kind) {
	case EVENT_DELIVERY:
		return event->happened_on == line->debt->delivered_on;
	case EVENT_ACCEPTANCE:
		return event->result == EVENT_PASSED &&
		       event->happened_on == line->debt->accepted_on;
	case EVENT_SETTLEMENT:
		return event->happened_on == line->debt->settled_on;
	default:
		return false;
	}
}

/* Event records of the debt, whether or not its clock went by them. */
static void add_events(struct timeline *line)
{
	const struct facts_index *index = line->q->arrears->index;
	const struct obligation_state *state = line->q->state;
	const struct index_lists *lists = &index->contract_events;

	for (uint32_t i = lists->start[state->contract]; i < lists->start[state->contract + 1];
		i++) {
		const struct event_fact *event = &line->facts->events.items[lists->items[i]];
		const char *words, *name = words_of_event(event, &words);
		struct happening *item;

		if (is_stated(line, event) ||
			!clock_event_is_of(index, state->obligation, state->contract, event))
			continue;
		item = add_known(line, event->happened_on, name, words);
		with_amount(item, event->amount_fen);
		if (item)
			item->ref = event->document;
	}
}

static void add_clock(struct timeline *line)
{
	const struct obligation_state *state = line->q->state;

	add_known(line, line->debt->delivered_on, "delivered", "交付");
	add_known(line, line->debt->accepted_on, "accepted", "验收合格");
	add_events(line);
	add_inspection_end(line);
	add_known(line, line->debt->settled_on, "settled", "结算确认");
	add_known(line, line->debt->invoice_on, "invoice", "开具或收到发票（不起算付款期限）");
	add(line, state->due.start, "clock-start", "付款期限起算");
	if (state->due.nominal != state->due.rolled)
		add(line, state->due.nominal, "due-nominal", "应付日（遇休息日顺延前）");
	with_amount(add(line, state->due.rolled, "due", "应付日"), state->amount);
	if (state->overdue_since != DAY_NONE)
		with_amount(add(line, state->overdue_since + 1, "overdue", "疑似逾期（待核实）起"),
			state->overdue);
}

static void add_dispute(struct timeline *line, const struct obligation_part *part)
{
	const struct dispute_fact *fact =
		part->dispute == PART_OF_ROW ? NULL : &line->facts->disputes.items[part->dispute];
	fen_t amount = fact ? fact->amount_fen : line->debt->disputed_fen, agreed = amount;
	struct happening *opened = add_known(line, part->opened_on, "dispute-opened", "提出异议");
	struct happening *settled;

	with_amount(opened, amount);
	if (opened && fact)
		opened->ref = fact->dispute_id;
	if (fact && fact->agreed_fen != NUMBER_NONE)
		agreed = fact->agreed_fen;
	settled = add_known(line, part->settled_on, "dispute-settled", "异议解决");
	with_amount(settled, agreed);
	if (settled && fact)
		settled->ref = fact->dispute_id;
}

static void add_disputes(struct timeline *line)
{
	const struct obligation_state *state = line->q->state;

	for (size_t i = 0; i < state->part_count; i++)
		if (state_part(state, i)->dispute != PART_OWN)
			add_dispute(line, state_part(state, i));
}

/* Payments ------------------------------------------------------------------------------------- */

static bool is_applied(const struct timeline *line, uint32_t payment)
{
	for (size_t i = 0; i < line->q->payment_count; i++)
		if (line->q->payments[i].payment == payment)
			return true;
	return false;
}

static void with_payment(struct happening *item, const struct payment_fact *payment,
	enum payment_basis basis, fen_t amount)
{
	if (!item)
		return;
	item->ref = payment->voucher_no;
	item->payment = payment;
	item->basis = basis;
	item->amount = amount < 0 ? -amount : amount;
}

static void add_reversals(struct timeline *line, uint32_t payment)
{
	const struct index_lists *lists = &line->q->arrears->index->payment_reversals;

	for (uint32_t i = lists->start[payment]; i < lists->start[payment + 1]; i++) {
		const struct payment_fact *reversal = &line->facts->payments.items[lists->items[i]];

		with_payment(add_known(line, reversal_day(reversal), "reversed", "支付退回"),
			reversal, reversal_basis_of(reversal), reversal->amount_fen);
	}
}

/* P-5: the day a bill is given is no payment, and stands apart from the day on which it becomes one. */
static void add_bill(struct timeline *line, const struct payment_fact *bill)
{
	if (bill->instrument == INSTRUMENT_BILL)
		with_payment(add_known(line, bill->voucher_on, "bill-given",
				     bill->matures_on == DAY_NONE
					     ? "交付商业汇票（未载明到期日，不计为支付）"
					     : "交付商业汇票（到期日才计为支付）"),
			bill, PAYMENT_BY_NOTHING, bill->amount_fen);
}

/* With the voucher's own amount: what was taken back of it, or went elsewhere, stands beside it. */
static void add_payment(struct timeline *line, uint32_t payment, const char *event,
	const char *words, fen_t applied)
{
	const struct payment_fact *fact = &line->facts->payments.items[payment];
	struct happening *item;

	add_bill(line, fact);
	item = add_known(line, payment_day(fact), event, words);
	with_payment(item, fact, payment_basis_of(fact), fact->amount_fen);
	if (item)
		item->applied = applied;
	add_reversals(line, payment);
}

/* A payment that names the debt and put nothing on it: taken back, or more than was open. */
static void add_without_effect(struct timeline *line, size_t room)
{
	const struct facts_index *index = line->q->arrears->index;
	const struct index_lists *lists = &index->group_payments;
	uint32_t group = index->group_of_contract[line->q->state->contract];

	for (uint32_t i = lists->start[group]; i < lists->start[group + 1] && room > 0; i++) {
		const struct payment_fact *fact = &line->facts->payments.items[lists->items[i]];

		if (fact_text_order(fact->obligation_no, line->debt->obligation_no) != 0 ||
			is_applied(line, lists->items[i]))
			continue;
		add_payment(line, lists->items[i], "payment-without-effect",
			"支付（已退回、多付或与合同不符，未冲抵）", NUMBER_NONE);
		room--;
	}
}

static void add_payments(struct timeline *line)
{
	size_t count = line->q->payment_count, shown = count;

	if (shown > EVIDENCE_PAYMENTS_MAX)
		shown = EVIDENCE_PAYMENTS_MAX;
	for (size_t i = 0; i < shown; i++) {
		const struct applied_payment *applied = &line->q->payments[i];

		add_payment(line, applied->payment, "paid",
			line->facts->payments.items[applied->payment].instrument == INSTRUMENT_BILL
				? "商业汇票到期，计为支付"
				: "支付",
			applied->amount + applied->costs + applied->interest);
	}
	add_without_effect(line, EVIDENCE_PAYMENTS_MAX - shown);
}

/* Promises: they move no due day. */
static void add_plans(struct timeline *line)
{
	size_t count;
	const struct plan_fact *plans = facts_plans(line->facts, line->debt->obligation_no, &count);
	day_t as_of = line->q->arrears->as_of;

	for (size_t i = 0; i < count; i++) {
		const struct plan_fact *plan = &plans[i];
		bool begins = i == 0 || strcmp(plan->plan_id, plans[i - 1].plan_id) != 0;
		struct happening *item;

		if (plan->agreed_on != DAY_NONE && plan->agreed_on > as_of)
			continue;
		item = begins ? add(line, plan->agreed_on, "plan-agreed",
					"达成还款计划（不改变应付日，利息照计）")
			      : NULL;
		if (item)
			item->ref = plan->plan_id;
		item = add(line, plan->due_on != DAY_NONE ? plan->due_on : plan->final_on,
			"promised", "还款计划约定的偿还日");
		with_amount(item, plan->amount_fen);
		if (item)
			item->ref = plan->plan_id;
	}
}

static void add_review(struct timeline *line)
{
	const struct review *review = line->q->review;
	struct happening *item =
		review ? add(line, review->reviewed_on, "reviewed", "人工核实") : NULL;

	if (!item)
		return;
	item->ref = review_verdict_name(review->verdict);
	item->by = review->reviewer;
	item->amount = review->overdue;
}

/* Writing -------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	const struct happening *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void write_payment(const struct happening *item, struct json_out *out)
{
	if (item->basis == PAYMENT_BY_NOTHING) {
		payment_write_instrument(out, item->payment);
		if (item->payment->matures_on != DAY_NONE)
			json_day(out, "matures_on", item->payment->matures_on);
	} else {
		payment_write_form(out, item->payment);
	}
}

static void write_happening(
	const struct timeline *line, const struct happening *item, struct json_out *out)
{
	json_object_begin(out, NULL);
	json_day(out, "day", item->day);
	json_text(out, "event", item->event);
	json_text(out, "words", item->words);
	if (item->amount != NUMBER_NONE)
		json_fen(out, "amount_fen", item->amount);
	if (item->applied != NUMBER_NONE)
		json_fen(out, "applied_fen", item->applied);
	if (*item->ref)
		json_text(out, "ref", item->ref);
	if (item->payment)
		write_payment(item, out);
	if (*item->by)
		json_text(out, "by", item->by);
	if (item->day > line->q->arrears->as_of)
		json_bool(out, "ahead", true);
	json_object_end(out);
}

void timeline_write(const struct timeline_question *question, struct json_out *out, const char *key)
{
	const struct facts *facts = question->arrears->index->facts;
	struct timeline line = { .q = question,
		.facts = facts,
		.debt = &facts->obligations.items[question->state->obligation],
		.contract = &facts->contracts.items[question->state->contract] };

	add_contract(&line);
	add_clock(&line);
	add_disputes(&line);
	add_payments(&line);
	add_plans(&line);
	add_review(&line);
	qsort(line.items, line.count, sizeof(*line.items), compare);
	json_array_begin(out, key);
	for (size_t i = 0; i < line.count; i++)
		write_happening(&line, &line.items[i], out);
	json_array_end(out);
	free(line.items);
}
