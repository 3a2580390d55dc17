/* One obligation on demand: its group is judged again, and what payments put on it is listened to. */
#include "checks/evidence.h"

#include "checks/snapshot_parts.h"
#include "checks/timeline.h"
#include "core/mem.h"

struct explaining {
	const struct arrears_question *question;
	const struct review_book *reviews;
	uint32_t obligation;
	struct applied_payment *payments;
	size_t payment_count, payment_capacity;
	struct json_out *out;
	bool told;
};

/* What a payment put on the debt comes together: on costs and interest, then on the principal. */
static struct applied_payment *entry_of(struct explaining *explaining, uint32_t payment, day_t day)
{
	struct applied_payment *last =
		explaining->payment_count ? &explaining->payments[explaining->payment_count - 1]
					  : NULL;

	if (last && last->payment == payment)
		return last;
	MEM_GROW(explaining->payments, explaining->payment_count, explaining->payment_capacity);
	last = &explaining->payments[explaining->payment_count++];
	*last = (struct applied_payment){ .payment = payment, .day = day };
	return last;
}

static void on_applied(void *arg, uint32_t payment, day_t day, uint32_t obligation, fen_t amount)
{
	struct explaining *explaining = arg;

	if (obligation != explaining->obligation)
		return;
	entry_of(explaining, payment, day)->amount += amount;
}

static void on_charged(
	void *arg, uint32_t payment, day_t day, uint32_t obligation, fen_t costs, fen_t interest)
{
	struct explaining *explaining = arg;
	struct applied_payment *entry;

	if (obligation != explaining->obligation)
		return;
	entry = entry_of(explaining, payment, day);
	entry->costs += costs;
	entry->interest += interest;
}

static void tell_state(struct explaining *explaining, const struct obligation_state *state)
{
	const struct arrears_question *q = explaining->question;
	const struct facts *facts = q->index->facts;

	json_object_begin(explaining->out, NULL);
	json_day(explaining->out, "as_of", q->as_of);
	write_obligation(explaining->out, "state", facts, state);
	timeline_write(
		&(struct timeline_question){ q, state, explaining->payments,
			explaining->payment_count,
			review_holding(explaining->reviews,
				facts->obligations.items[state->obligation].obligation_no, state) },
		explaining->out, "timeline");
	evidence_obligation(q->law, facts, state, explaining->payments, explaining->payment_count,
		q->as_of, explaining->out, "evidence");
	json_object_end(explaining->out);
	explaining->told = true;
}

static void on_group(void *arg, uint32_t group, const struct obligation_state *states, size_t count)
{
	struct explaining *explaining = arg;

	(void)group;
	for (size_t i = 0; i < count; i++) {
		if (states[i].obligation == explaining->obligation)
			tell_state(explaining, &states[i]);
	}
}

int evidence_explain_obligation(const struct arrears_question *question,
	const struct review_book *reviews, const char *obligation_no, struct json_out *out,
	struct err *err)
{
	const struct facts_index *index = question->index;
	struct explaining explaining = { .question = question, .reviews = reviews, .out = out };
	struct arrears_visitor visitor = {
		.group = on_group, .applied = on_applied, .charged = on_charged, .arg = &explaining
	};
	struct arrears_scratch *scratch;
	uint32_t contract;

	explaining.obligation = map_get(&index->obligations, obligation_no);
	contract = explaining.obligation == MAP_NONE
			   ? MAP_NONE
			   : index->contract_of_obligation[explaining.obligation];
	if (contract == MAP_NONE)
		return err_set(err, ERR_DATA, "no obligation \"%s\" of a contract in CNY is known",
			obligation_no);
	scratch = arrears_scratch_new();
	arrears_judge_group(question, index->group_of_contract[contract], scratch, &visitor);
	arrears_scratch_free(scratch);
	free(explaining.payments);
	if (!explaining.told)
		return err_set(err, ERR_DATA,
			"the contract of obligation \"%s\" is signed after the day asked for",
			obligation_no);
	return 0;
}
