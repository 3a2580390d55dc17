/* What an explanation says of one payment: in what form it was made, and which of its days counted (P-4, G-40). */
#ifndef SETASIDE_CHECKS_PAYMENT_WORDS_H
#define SETASIDE_CHECKS_PAYMENT_WORDS_H

#include "checks/facts.h"
#include "checks/json_out.h"

/* Why payment_day() is the day it is. */
enum payment_basis {
	PAYMENT_BY_NOTHING, /* no such day is stated: it is no payment */
	PAYMENT_BY_RECEIPT,
	PAYMENT_BY_CLEARING,
	PAYMENT_BY_VOUCHER,
	PAYMENT_BY_MATURITY,
	PAYMENT_BASIS_COUNT
};
enum payment_basis payment_basis_of(const struct payment_fact *payment);
/* Of a reversal, which goes by the days of money also when a bill comes back (G-41). */
enum payment_basis reversal_basis_of(const struct payment_fact *reversal);
const char *payment_basis_name(enum payment_basis basis);  /* "received"; "" for none */
const char *payment_basis_words(enum payment_basis basis); /* zh-CN */

/* "instrument": "cash", "bill" or "" (not stated: counts as cash), "instrument_words". */
void payment_write_instrument(struct json_out *out, const struct payment_fact *payment);
/* The same with "day_basis" ("received", "cleared", "voucher", "maturity"), "day_basis_words". */
void payment_write_form(struct json_out *out, const struct payment_fact *payment);
/* The days stated up to the one that counted: "issued_on", "matures_on" of a bill, else "voucher_on", "cleared_on",
 * "received_on". */
void payment_write_days(struct json_out *out, const struct payment_fact *payment);

#endif
