/* The figures of an amount: sign, digits with groups and exponent, or Chinese numerals, and the unit behind them. The inner
 * part of value_money, which decides beforehand whether a text is one amount at all. Pure; exact in 128 bits. */
#ifndef SETASIDE_COLLECTORS_VALUE_AMOUNT_H
#define SETASIDE_COLLECTORS_VALUE_AMOUNT_H

#include "collectors/value_money.h"

/* Significant digits as they come. What lies behind the kept ones is remembered, not lost. */
struct amount_digits {
	unsigned __int128 value;
	int keep, kept;
	int fraction; /* decimals of value; negative when whole digits were dropped */
	bool dropped, dropped_nonzero, round_up;
};

/* One amount as it stands in the cell, before it is fen. */
struct amount {
	bool negative, unit_stated;
	int unit;
	struct amount_digits digits;
};

/* Sign, number, unit over all of text (folded, lower-case, without blanks). NULL, or the code of what is wrong. */
const char *amount_scan(
	const char *text, const struct value_money_rule *rule, struct amount *amount);
/* To fen by the unit that holds. NULL, or the code. */
const char *amount_to_fen(struct amount *amount, const struct value_money_rule *rule, fen_t *ret);

bool amount_is_digit(char c);
/* True if a digit or a Chinese numeral stands in the bytes. */
bool amount_any_figure(const char *from, const char *end);

#endif
