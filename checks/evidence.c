#include "checks/evidence.h"

#include "checks/day_names.h"
#include "checks/invoice.h"
#include "checks/payment_words.h"
#include "checks/regulation.h"
#include "checks/sums.h"
#include "checks/words.h"

#include <string.h>

#define ART_LEGAL_ORDER                                                                                                         \
	"民法典第五百六十条（先到期、缺乏担保或担保最少、负担较重、到期先后、按比例）、" \
	"第五百六十一条（费用、利息、主债务）"
#define ART_ORDER "民法典第五百六十条、第五百六十一条；本系统约定：先抵本金"
/* 92: not the regulation's creditor, and no term or rate is set for it (P-1). */
#define ART_INDIVIDUAL "促进个体工商户发展条例第三十一条"

struct telling {
	const struct law *law;
	const struct facts *facts;
	const struct obligation_state *state;
	const struct obligation_fact *obligation;
	const struct contract_fact *contract;
	enum regulation regulation; /* the version that governs the contract */
	day_t as_of;
	struct json_out *out;
};

static const char *article(const struct telling *t, enum provision provision)
{
	return regulation_article(t->regulation, provision);
}

static bool is_individual(const struct telling *t)
{
	return coverage_is_individual(t->contract->supplier_uscc);
}

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

/* P-10: one version for all that follows. */
static void tell_version(const struct telling *t)
{
	day_t from, to;

	regulation_days(t->law, t->regulation, &from, &to);
	step(t, "version", "P-10", "P-10", regulation_decree(t->regulation));
	json_day(t->out, "signed_on", t->contract->signed_on);
	if (from != DAY_NONE)
		json_day(t->out, "signed_from", from);
	if (to != DAY_NONE)
		json_day(t->out, "signed_to", to);
	if (t->state->flags & FLAG_TRANSITION) {
		json_bool(t->out, "transition", true);
		json_text(t->out, "words",
			"合同签订于新条例施行之前，付款期限自其施行之后起算：期限、理由和利息仍按签"
			"订时的条例");
	}
	json_text(t->out, "result", regulation_name(t->regulation));
	json_object_end(t->out);
}

static const char *coverage_article(const struct telling *t)
{
	return t->regulation != REGULATION_NONE && is_individual(t)
		       ? ART_INDIVIDUAL
		       : article(t, provision_of_coverage(t->state->debtor_kind));
}

static void tell_coverage(const struct telling *t)
{
	step(t, "coverage", "P-1", "G-30", coverage_article(t));
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
		return t->state->days.delivery_event == MAP_NONE
			       ? "delivery"
			       : words_of_event_kind(
					 t->facts->events.items[t->state->days.delivery_event]
						 .kind);
	return start == t->state->days.accepted ? "acceptance" : "inspection-end";
}

static enum provision start_provision(const struct telling *t)
{
	switch (t->contract->clock_basis) {
	case CLOCK_SETTLEMENT:
		return PROVISION_SETTLEMENT;
	case CLOCK_ACCEPTANCE:
		return strcmp(start_event(t), "inspection-end") == 0 ? PROVISION_INSPECTION
								     : PROVISION_ACCEPTANCE;
	case CLOCK_DELIVERY:
	default:
		return provision_of_term(t->state->debtor_kind);
	}
}

static bool has_clock(const struct telling *t)
{
	return t->obligation->kind == KIND_DELIVERY || t->obligation->kind == KIND_PROGRESS;
}

static void tell_event(const struct telling *t, uint32_t row)
{
	const struct event_fact *event;

	if (row == MAP_NONE)
		return;
	event = &t->facts->events.items[row];
	json_object_begin(t->out, NULL);
	json_text(t->out, "kind", words_of_event_kind(event->kind));
	json_day(t->out, "day", event->happened_on);
	json_int(t->out, "instalment", event->instalment);
	if (event->result != EVENT_UNSTATED)
		json_text(t->out, "event_result", words_of_event_result(event->result));
	if (*event->document)
		json_text(t->out, "document", event->document);
	json_object_end(t->out);
}

/* Which of the days above are not of the debt's row but of event records (checks/clock_days.h). */
static void tell_events(const struct telling *t)
{
	const struct clock_days *days = &t->state->days;

	if (days->delivery_event == MAP_NONE && days->acceptance_event == MAP_NONE &&
		days->settlement_event == MAP_NONE)
		return;
	json_array_begin(t->out, "from_events");
	tell_event(t, days->delivery_event);
	tell_event(t, days->acceptance_event);
	tell_event(t, days->settlement_event);
	json_array_end(t->out);
}

static void tell_start(const struct telling *t)
{
	if (!has_clock(t))
		return;
	step(t, "start", "P-3", "G-34", article(t, start_provision(t)));
	json_text(t->out, "clock_basis", words_of_clock_basis(t->contract->clock_basis));
	say_day(t, "delivered_on", t->state->days.delivered);
	say_day(t, "accepted_on", t->state->days.accepted);
	say_day(t, "settled_on", t->state->days.settled);
	tell_events(t);
	say_int(t, "inspection_days", t->contract->inspection_days);
	json_text(t->out, "event", start_event(t));
	json_day(t->out, "result", t->state->due.start);
	json_object_end(t->out);
}

struct source_reading {
	const char *rule, *reading;
};

static struct source_reading reading_of(enum due_source source)
{
	static const struct source_reading readings[] = {
		[DUE_NOT_COVERED] = { "P-1", "G-30" },
		[DUE_STATUTORY_30] = { "P-2", "G-37" },
		[DUE_STATUTORY_60] = { "P-2", "G-37" },
		[DUE_AGREED] = { "P-2", "G-37" },
		[DUE_CAP_60] = { "P-2", "G-37" },
		[DUE_CONTRACT_DATE] = { "P-3", "G-36" },
		[DUE_CLOCK_START] = { "P-3", "G-36" },
		[DUE_NOT_STARTED] = { "P-3", "G-36" },
		[DUE_DATA_MISSING] = { "P-10", "G-33" },
		[DUE_NO_STATUTORY_TERM] = { "P-2", "G-31" },
		[DUE_CALENDAR_MISSING] = { "DT-6", "G-38" },
	};

	return readings[source];
}

/* Prepayment, retention and deposit go by the date of their contract; the last two are given back at the end of their
 * time. A debt to an individual has no term but the agreed one. */
static const char *term_article(const struct telling *t)
{
	switch (t->state->due.source) {
	case DUE_CALENDAR_MISSING:
		return parameter_defs[PARAM_DT5_ROLL].citation;
	case DUE_NOT_STARTED:
		return article(t, start_provision(t));
	default:
		break;
	}
	if (t->obligation->kind == KIND_PREPAYMENT)
		return "本系统约定：预付款按合同约定的日期支付";
	if (is_individual(t))
		return ART_INDIVIDUAL;
	if (t->obligation->kind == KIND_RETENTION || t->obligation->kind == KIND_DEPOSIT)
		return article(t, PROVISION_DEPOSIT);
	return article(t, provision_of_term(t->state->debtor_kind));
}

static void tell_term(const struct telling *t)
{
	struct source_reading reading = reading_of(t->state->due.source);

	if (!has_clock(t) && t->state->due.source == DUE_CONTRACT_DATE)
		reading.reading = "G-35"; /* prepayment, retention, deposit: by their date alone */
	step(t, "term", reading.rule, reading.reading, term_article(t));
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

/* Why it rolled: every day of rest from the nominal day on. */
static void tell_rest_days(const struct telling *t)
{
	const struct due_answer *due = &t->state->due;

	if (due->nominal == DAY_NONE || due->rolled == DAY_NONE || due->rolled <= due->nominal)
		return;
	json_array_begin(t->out, "rest_days");
	for (day_t day = due->nominal; day < due->rolled; day++) {
		json_object_begin(t->out, NULL);
		json_day(t->out, "day", day);
		json_text(t->out, "words", day_names_of(t->law->day_names, day));
		json_object_end(t->out);
	}
	json_array_end(t->out);
}

static void tell_roll(const struct telling *t)
{
	if (t->state->due.nominal == DAY_NONE && t->state->due.missing_year == 0)
		return;
	step(t, "roll", "DT-5", "G-38", parameter_defs[PARAM_DT5_ROLL].citation);
	json_day(t->out, "nominal", t->state->due.nominal);
	if (t->state->due.missing_year)
		json_int(t->out, "calendar_missing_for", t->state->due.missing_year);
	tell_rest_days(t);
	json_day(t->out, "result", t->state->due.rolled);
	json_object_end(t->out);
}

static void tell_invoice(const struct telling *t)
{
	struct invoice_answer invoice = invoice_judge(t->law,
		&(struct due_question){ t->contract, t->obligation, t->state->debtor_kind,
			t->state->coverage == COVERAGE_INDIVIDUAL, t->as_of, &t->state->days });

	if (!invoice.demanded)
		return;
	step(t, "invoice", "P-5", "P-5", article(t, PROVISION_EXCUSES));
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
	if (part->dispute < PART_OF_ROW)
		json_text(t->out, "dispute_id", t->facts->disputes.items[part->dispute].dispute_id);
	json_object_end(t->out);
}

/* One dispute as its record has it, what is known by the day. */
static void tell_record(const struct telling *t, const struct obligation_part *part)
{
	const struct dispute_fact *fact =
		part->dispute == PART_OF_ROW ? NULL : &t->facts->disputes.items[part->dispute];

	json_object_begin(t->out, NULL);
	if (fact)
		json_text(t->out, "dispute_id", fact->dispute_id);
	json_fen(t->out, "disputed_fen", fact ? fact->amount_fen : t->obligation->disputed_fen);
	say_day(t, "opened_on", part->opened_on);
	say_day(t, "settled_on", part->settled_on);
	json_bool(t->out, "opened_late", part->late);
	if (fact && *fact->ground)
		json_text(t->out, "ground", fact->ground);
	if (fact && fact->separable != TRI_UNKNOWN)
		json_bool(t->out, "separable", fact->separable == TRI_YES);
	if (fact && part->settled_on != DAY_NONE) {
		say_int(t, "agreed_fen", fact->agreed_fen);
		if (fact->agreed_due_on != DAY_NONE) /* may lie ahead */
			json_day(t->out, "agreed_due_on", fact->agreed_due_on);
	}
	json_object_end(t->out);
}

static void tell_dispute(const struct telling *t)
{
	if (t->state->part_count < 2)
		return;
	step(t, "dispute", "P-6", "G-42", article(t, PROVISION_DISPUTE));
	json_array_begin(t->out, "disputes");
	for (size_t i = 0; i < t->state->part_count; i++)
		if (state_part(t->state, i)->dispute != PART_OWN)
			tell_record(t, state_part(t->state, i));
	json_array_end(t->out);
	json_array_begin(t->out, "parts");
	for (size_t i = 0; i < t->state->part_count; i++)
		tell_part(t, state_part(t->state, i));
	json_array_end(t->out);
	json_fen(t->out, "given_up_fen", t->state->given_up);
	json_fen(t->out, "result", t->state->disputed);
	json_object_end(t->out);
}

/* What one payment put on the debt, in what form, and which of its days counted. */
static void tell_payment(const struct telling *t, const struct applied_payment *applied)
{
	const struct payment_fact *fact = &t->facts->payments.items[applied->payment];

	json_object_begin(t->out, NULL);
	json_text(t->out, "voucher_no", fact->voucher_no);
	json_day(t->out, "day", applied->day);
	payment_write_form(t->out, fact);
	payment_write_days(t->out, fact);
	if (fact->instrument == INSTRUMENT_BILL)
		json_text(t->out, "article", article(t, PROVISION_BILL));
	if (t->state->legal_order) {
		json_fen(t->out, "costs_fen", applied->costs);
		json_fen(t->out, "interest_fen", applied->interest);
	}
	json_fen(t->out, "amount_fen", applied->amount);
	json_object_end(t->out);
}

static void tell_payments(
	const struct telling *t, const struct applied_payment *payments, size_t count)
{
	fen_t sum = 0;

	if (t->state->legal_order)
		step(t, "payments", "P-8", "P-8", ART_LEGAL_ORDER);
	else
		step(t, "payments", "P-8", "G-45", ART_ORDER);
	json_text(t->out, "day_rule", "P-4");
	json_text(t->out, "day_reading", "G-40");
	json_array_begin(t->out, "applied");
	for (size_t i = 0; i < count; i++) {
		sum_add(&sum, payments[i].amount);
		if (i < EVIDENCE_PAYMENTS_MAX)
			tell_payment(t, &payments[i]);
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
	step(t, "rate", "P-7", "G-43", article(t, PROVISION_INTEREST));
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
	step(t, "cap", "P-7", "G-44", article(t, PROVISION_CAP));
	json_int(t->out, "cap_ppm", t->contract->late_cap_ppm);
	json_bool(t->out, "result", (t->state->flags & FLAG_CAP_APPLIED) != 0);
	json_object_end(t->out);
}

static struct telling telling_of(const struct law *law, const struct facts *facts,
	const struct obligation_state *state, day_t as_of, struct json_out *out)
{
	const struct contract_fact *contract = &facts->contracts.items[state->contract];

	return (struct telling){ law, facts, state, &facts->obligations.items[state->obligation],
		contract, regulation_of(law, contract->signed_on), as_of, out };
}

const char *evidence_term_article(
	const struct law *law, const struct facts *facts, const struct obligation_state *state)
{
	struct telling t = telling_of(law, facts, state, DAY_NONE, NULL);

	return term_article(&t);
}

void evidence_obligation(const struct law *law, const struct facts *facts,
	const struct obligation_state *state, const struct applied_payment *payments,
	size_t payment_count, day_t as_of, struct json_out *out, const char *key)
{
	struct telling t = telling_of(law, facts, state, as_of, out);

	json_object_begin(out, key);
	json_text(out, "rule", "P-4");
	json_text(out, "obligation_no", t.obligation->obligation_no);
	json_text(out, "contract_no", t.obligation->contract_no);
	json_array_begin(out, "steps");
	tell_version(&t);
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
