#include "checks/payment_words.h"

#include "checks/payment.h"
#include "checks/words.h"

enum payment_basis reversal_basis_of(const struct payment_fact *reversal)
{
	if (reversal->received_on != DAY_NONE)
		return PAYMENT_BY_RECEIPT;
	if (reversal->cleared_on != DAY_NONE)
		return PAYMENT_BY_CLEARING;
	return reversal->voucher_on != DAY_NONE ? PAYMENT_BY_VOUCHER : PAYMENT_BY_NOTHING;
}

enum payment_basis payment_basis_of(const struct payment_fact *payment)
{
	if (payment->instrument != INSTRUMENT_BILL)
		return reversal_basis_of(payment);
	return payment->matures_on != DAY_NONE ? PAYMENT_BY_MATURITY : PAYMENT_BY_NOTHING;
}

static const struct {
	const char *name, *words;
} bases[PAYMENT_BASIS_COUNT] = {
	[PAYMENT_BY_NOTHING] = { "", "未载明可计的日期" },
	[PAYMENT_BY_RECEIPT] = { "received", "收款人到账日" },
	[PAYMENT_BY_CLEARING] = { "cleared", "银行清算日（到账日未载明）" },
	[PAYMENT_BY_VOUCHER] = { "voucher", "支付凭证日（到账日、清算日未载明）" },
	[PAYMENT_BY_MATURITY] = { "maturity", "汇票到期日（出票日不计为支付）" },
};

const char *payment_basis_name(enum payment_basis basis)
{
	return bases[basis].name;
}

const char *payment_basis_words(enum payment_basis basis)
{
	return bases[basis].words;
}

static const char *instrument_words(enum instrument instrument)
{
	switch (instrument) {
	case INSTRUMENT_BILL:
		return "商业汇票";
	case INSTRUMENT_CASH:
		return "现款（转账、现金等）";
	case INSTRUMENT_UNSTATED:
	default:
		return "支付方式未载明，按现款计";
	}
}

void payment_write_instrument(struct json_out *out, const struct payment_fact *payment)
{
	json_text(out, "instrument", words_of_instrument(payment->instrument));
	json_text(out, "instrument_words", instrument_words(payment->instrument));
}

void payment_write_form(struct json_out *out, const struct payment_fact *payment)
{
	enum payment_basis basis = payment_basis_of(payment);

	payment_write_instrument(out, payment);
	json_text(out, "day_basis", payment_basis_name(basis));
	json_text(out, "day_basis_words", payment_basis_words(basis));
}

void payment_write_days(struct json_out *out, const struct payment_fact *payment)
{
	bool bill = payment->instrument == INSTRUMENT_BILL;
	const struct {
		const char *key;
		day_t day;
	} days[] = {
		{ bill ? "issued_on" : "voucher_on", payment->voucher_on },
		{ "cleared_on", bill ? DAY_NONE : payment->cleared_on },
		{ "received_on", bill ? DAY_NONE : payment->received_on },
		{ "matures_on", bill ? payment->matures_on : DAY_NONE },
	};
	day_t counted = payment_day(payment);

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		if (days[i].day != DAY_NONE && days[i].day <= counted)
			json_day(out, days[i].key, days[i].day);
}
