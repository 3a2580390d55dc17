#include "checks/evidence.h"

#include "checks/invoice.h"
#include "checks/snapshot_parts.h"
#include "checks/sums.h"
#include "checks/timeline.h"
#include "checks/words.h"
#include "core/err.h"
#include "core/mem.h"

#include <string.h>

#define ART_START   "国务院令第802号第九条、第十条；国务院令第728号第八条、第九条"
#define ART_COVERED "国务院令第802号第二条、第三条、第三十六条"
#define ART_INVOICE "国务院令第802号第十四条（开具发票不在所列理由之内）"
#define ART_DISPUTE "国务院令第802号第十五条"
#define ART_PAYMENT "国务院令第802号第十一条；民法典第五百六十条、第五百六十一条"
#define ART_LEGAL_ORDER                                                                                                         \
	"民法典第五百六十条（先到期、缺乏担保或担保最少、负担较重、到期先后、按比例）、" \
	"第五百六十一条（费用、利息、主债务）"
#define ART_INTEREST "国务院令第802号第十七条；国务院令第728号第十五条"
#define ART_CAP      "合同约定；国务院令第802号第十七条"

struct telling {
	const struct law *law;
	const struct facts *facts;
	const struct obligation_state *state;
	const struct obligation_fact *obligation;
	const struct contract_fact *contract;
	day_t as_of;
	struct json_out *out;
};

static void step(const struct telling *t, const char *what, const char *rule, const char *reading,
	const char *article)
{
	json_object_begin(t->out, NULL);
	json_text(t->out, "what", what);
	json_text(t->out, "rule", rule);
	json_text(t->out, "reading", reading);
	json_text(t->out, "article", article);
}

/* A day or number that is stated and known; what is not stated does not appear. */
static void say_day(const struct telling *t, const char *key, day_t day)
{
	if (day_known(day, t->as_of) != DAY_NONE)
		json_day(t->out, key, day);
}

static void say_int(const struct telling *t, const char *key, int64_t value)
{
	if (value != NUMBER_NONE)
		json_int(t->out, key, value);
}

static void tell_coverage(const struct telling *t)
{
	step(t, "coverage", "P-1", "G-30", ART_COVERED);
	json_text(t->out, "debtor_kind", words_of_debtor_kind(t->state->debtor_kind));
	json_text(t->out, "creditor_code", t->contract->supplier_uscc);
	json_day(t->out, "signed_on", t->contract->signed_on);
	json_text(t->out, "size_class", words_of_size_class(t->state->size.class));
	json_text(t->out, "size_at_most", words_of_size_class(t->state->size.upper));
	json_text(t->out, "size_from",
		t->contract->declared_size == SIZE_BLANK ? "register" : "declared");
	json_text(t->out, "kind", words_of_obligation_kind(t->obligation->kind));
	json_text(t->out, "result", coverage_name(t->state->coverage));
	json_object_end(t->out);
}

/* Which event the clock started from (P-3). */
static const char *start_event(const struct telling *t)
{
	day_t start = t->state->due.start;

	if (start == DAY_NONE)
		return "none";
	if (t->contract->clock_basis == CLOCK_SETTLEMENT)
		return "settlement";
	if (t->contract->clock_basis == CLOCK_DELIVERY)
		return "delivery";
	return start == day_known(t->obligation->accepted_on, t->as_of) ? "acceptance"
									: "inspection-end";
}

static bool has_clock(const struct telling *t)
{
	return t->obligation->kind == KIND_DELIVERY || t->obligation->kind == KIND_PROGRESS;
}

static void tell_start(const struct telling *t)
{
	if (!has_clock(t))
		return;
	step(t, "start", "P-3", "G-34", ART_START);
	json_text(t->out, "clock_basis", words_of_clock_basis(t->contract->clock_basis));
	say_day(t, "delivered_on", t->obligation->delivered_on);
	say_day(t, "accepted_on", t->obligation->accepted_on);
	say_day(t, "settled_on", t->obligation->settled_on);
	say_int(t, "inspection_days", t->contract->inspection_days);
	json_text(t->out, "event", start_event(t));
	json_day(t->out, "result", t->state->due.start);
	json_object_end(t->out);
}

struct source_reading {
	const char *rule, *reading;
	enum parameter article; /* whose citation */
};

static struct source_reading reading_of(enum due_source source)
{
	static const struct source_reading readings[] = {
		[DUE_NOT_COVERED] = { "P-1", "G-30", PARAM_P1_SIGNED_FROM },
		[DUE_STATUTORY_30] = { "P-2", "G-37", PARAM_P2_PUBLIC_TERM },
		[DUE_STATUTORY_60] = { "P-2", "G-37", PARAM_P2_LARGE_TERM },
		[DUE_AGREED] = { "P-2", "G-37", PARAM_P2_PUBLIC_TERM },
		[DUE_CAP_60] = { "P-2", "G-37", PARAM_P2_PUBLIC_CAP },
		[DUE_CONTRACT_DATE] = { "P-3", "G-36", PARAM_P2_PUBLIC_TERM },
		[DUE_CLOCK_START] = { "P-3", "G-36", PARAM_P2_PUBLIC_TERM },
		[DUE_NOT_STARTED] = { "P-3", "G-36", PARAM_P2_PUBLIC_TERM },
		[DUE_DATA_MISSING] = { "P-10", "G-33", PARAM_P2_PUBLIC_TERM },
		[DUE_NO_STATUTORY_TERM] = { "P-2", "G-31", PARAM_P2_LARGE_TERM },
		[DUE_CALENDAR_MISSING] = { "DT-6", "G-38", PARAM_DT5_ROLL },
	};

	return readings[source];
}

static void tell_term(const struct telling *t)
{
	struct source_reading reading = reading_of(t->state->due.source);

	if (!has_clock(t) && t->state->due.source == DUE_CONTRACT_DATE)
		reading.reading = "G-35"; /* prepayment, retention, deposit: by their date alone */
	step(t, "term", reading.rule, reading.reading, parameter_defs[reading.article].citation);
	if (t->contract->agreed_term != NUMBER_NONE) {
		json_int(t->out, "agreed_term", t->contract->agreed_term);
		json_text(t->out, "term_unit",
			t->contract->term_unit == TERM_WORKDAY ? "workday" : "day");
	}
	if (t->obligation->contract_due_on != DAY_NONE)
		json_day(t->out, "contract_due_on", t->obligation->contract_due_on);
	json_text(t->out, "source", due_source_name(t->state->due.source));
	json_day(t->out, "result", t->state->due.nominal);
	json_object_end(t->out);
}

static void tell_roll(const struct telling *t)
{
	if (t->state->due.nominal == DAY_NONE && t->state->due.missing_year == 0)
		return;
	step(t, "roll", "DT-5", "G-38", parameter_defs[PARAM_DT5_ROLL].citation);
	json_day(t->out, "nominal", t->state->due.nominal);
	if (t->state->due.missing_year)
		json_int(t->out, "calendar_missing_for", t->state->due.missing_year);
	json_day(t->out, "result", t->state->due.rolled);
	json_object_end(t->out);
}

static void tell_invoice(const struct telling *t)
{
	struct invoice_answer invoice = invoice_judge(
		t->law, &(struct due_question){ t->contract, t->obligation, t->state->debtor_kind,
				t->state->coverage == COVERAGE_INDIVIDUAL, t->as_of });

	if (!invoice.demanded)
		return;
	step(t, "invoice", "P-5", "P-5", ART_INVOICE);
	json_text(t->out, "payment_clause", t->contract->payment_clause);
	json_day(t->out, "invoice_on", invoice.invoice_on);
	json_day(t->out, "due_counted_from_invoice", invoice.until);
	json_bool(t->out, "result", (t->state->hints & HINT_CONTESTED) != 0);
	json_object_end(t->out);
}

static void tell_part(const struct telling *t, const struct obligation_part *part)
{
	json_object_begin(t->out, NULL);
	json_fen(t->out, "amount_fen", part->amount);
	json_fen(t->out, "open_fen", part->open);
	json_bool(t->out, "disputed", part->disputed);
	json_day(t->out, "due", part->rolled);
	json_object_end(t->out);
}

static void tell_dispute(const struct telling *t)
{
	if (t->obligation->disputed_fen == NUMBER_NONE || t->state->part_count < 2)
		return;
	step(t, "dispute", "P-6", "G-42", ART_DISPUTE);
	json_fen(t->out, "disputed_fen", t->obligation->disputed_fen);
	say_day(t, "opened_on", t->obligation->dispute_opened_on);
	say_day(t, "settled_on", t->obligation->dispute_settled_on);
	json_array_begin(t->out, "parts");
	for (int i = 0; i < t->state->part_count; i++)
		tell_part(t, &t->state->parts[i]);
	json_array_end(t->out);
	json_object_end(t->out);
}

static void tell_payments(
	const struct telling *t, const struct applied_payment *payments, size_t count)
{
	fen_t sum = 0;

	if (t->state->legal_order)
		step(t, "payments", "P-8", "P-8", ART_LEGAL_ORDER);
	else
		step(t, "payments", "P-8", "G-45", ART_PAYMENT);
	json_array_begin(t->out, "applied");
	for (size_t i = 0; i < count; i++) {
		sum_add(&sum, payments[i].amount);
		if (i >= EVIDENCE_PAYMENTS_MAX)
			continue;
		json_object_begin(t->out, NULL);
		json_text(t->out, "voucher_no",
			t->facts->payments.items[payments[i].payment].voucher_no);
		json_day(t->out, "day", payments[i].day);
		if (t->state->legal_order) {
			json_fen(t->out, "costs_fen", payments[i].costs);
			json_fen(t->out, "interest_fen", payments[i].interest);
		}
		json_fen(t->out, "amount_fen", payments[i].amount);
		json_object_end(t->out);
	}
	json_array_end(t->out);
	json_int(t->out, "count", (int64_t)count);
	if (t->state->legal_order)
		json_text(t->out, "order", "costs-interest-principal");
	json_fen(t->out, "result", sum);
	json_object_end(t->out);
}

static void tell_rate(const struct telling *t)
{
	const struct late_rate *rate = &t->state->rate;

	if (rate->basis == RATE_BLANK)
		return;
	step(t, "rate", "P-7", "G-43", ART_INTEREST);
	say_int(t, "agreed_ppm_per_year", t->contract->late_rate_ppm);
	if (rate->lpr_ppm >= 0)
		json_int(t->out, "lpr_at_signing_ppm", rate->lpr_ppm);
	if (rate->basis == RATE_STATUTORY) {
		json_int(t->out, "ppm_per_day", rate->daily_ppm);
	} else {
		json_int(t->out, "ppm_per_year", rate->yearly_ppm);
		json_int(t->out, "day_base", rate->day_base);
	}
	if (rate->alternative != ALTERNATIVE_NONE)
		json_text(t->out, "alternative", late_alternative_name(rate->alternative));
	json_text(t->out, "result", rate_basis_name(rate->basis));
	json_object_end(t->out);
}

static void tell_cap(const struct telling *t)
{
	if (t->state->cap_left == NUMBER_NONE)
		return;
	step(t, "cap", "P-7", "G-44", ART_CAP);
	json_int(t->out, "cap_ppm", t->contract->late_cap_ppm);
	json_bool(t->out, "result", (t->state->flags & FLAG_CAP_APPLIED) != 0);
	json_object_end(t->out);
}

void evidence_obligation(const struct law *law, const struct facts *facts,
	const struct obligation_state *state, const struct applied_payment *payments,
	size_t payment_count, day_t as_of, struct json_out *out, const char *key)
{
	struct telling t = { law, facts, state, &facts->obligations.items[state->obligation],
		&facts->contracts.items[state->contract], as_of, out };

	json_object_begin(out, key);
	json_text(out, "rule", "P-4");
	json_text(out, "obligation_no", t.obligation->obligation_no);
	json_text(out, "contract_no", t.obligation->contract_no);
	json_array_begin(out, "steps");
	tell_coverage(&t);
	if (state->coverage != COVERAGE_NOT_COVERED) {
		tell_start(&t);
		tell_term(&t);
		tell_roll(&t);
		tell_invoice(&t);
		tell_dispute(&t);
	}
	if (payment_count > 0)
		tell_payments(&t, payments, payment_count);
	tell_rate(&t);
	tell_cap(&t);
	json_array_end(out);
	json_object_end(out);
}

/* One obligation on demand --------------------------------------------------------------------- */

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
