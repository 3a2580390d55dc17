#include "checks/payment.h"

const char *payment_fault_name(enum payment_fault fault)
{
	static const char *const names[] = { "payment-bill-maturity-missing", "payment-unmatched",
		"payment-day-missing", "payment-negative", "reversal-exceeds-payment",
		"reversal-unknown-voucher" };

	return names[fault];
}

day_t reversal_day(const struct payment_fact *payment)
{
	if (payment->received_on != DAY_NONE)
		return payment->received_on;
	return payment->cleared_on != DAY_NONE ? payment->cleared_on : payment->voucher_on;
}

day_t payment_day(const struct payment_fact *payment)
{
	return payment->instrument == INSTRUMENT_BILL ? payment->matures_on : reversal_day(payment);
}

/* Sum of the reversals of a payment known on the day; the sign of their amounts is ignored. */
static fen_t reversed_amount(const struct facts_index *index, uint32_t payment, day_t known_on)
{
	const struct index_lists *lists = &index->payment_reversals;
	fen_t sum = 0;

	for (uint32_t i = lists->start[payment]; i < lists->start[payment + 1]; i++) {
		const struct payment_fact *reversal =
			&index->facts->payments.items[lists->items[i]];
		fen_t amount =
			reversal->amount_fen < 0 ? -reversal->amount_fen : reversal->amount_fen;

		if (day_known(reversal_day(reversal), known_on) == DAY_NONE)
			continue;
		if (!money_add(sum, amount, &sum))
			return MONEY_FEN_MAX;
	}
	return sum;
}

static void report(payment_fault_fn fn, void *arg, enum payment_fault fault, uint32_t payment)
{
	if (fn)
		fn(arg, fault, payment);
}

fen_t payment_net(const struct facts_index *index, uint32_t payment, day_t as_of,
	day_t reversals_known_on, day_t *ret_day, payment_fault_fn fn, void *arg)
{
	const struct payment_fact *fact = &index->facts->payments.items[payment];
	day_t day = payment_day(fact);
	fen_t reversed;

	*ret_day = day;
	if (fact->amount_fen < 0) {
		report(fn, arg, PAYMENT_NEGATIVE, payment);
		return 0;
	}
	if (day == DAY_NONE) {
		report(fn, arg,
			fact->instrument == INSTRUMENT_BILL ? PAYMENT_BILL_MATURITY_MISSING
							    : PAYMENT_DAY_MISSING,
			payment);
		return 0;
	}
	if (day > as_of)
		return 0;
	reversed = reversed_amount(index, payment, reversals_known_on);
	if (reversed > fact->amount_fen)
		report(fn, arg, REVERSAL_EXCEEDS_PAYMENT, payment);
	return reversed >= fact->amount_fen ? 0 : fact->amount_fen - reversed;
}
