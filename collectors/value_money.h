/* Amount cells as offices write them, to fen (fields.md §2, golden G-63). Exact: decimals in, integers out.
 *
 * The unit is taken from the cell, else from the column (header before mapping: the caller decides), else the cell is
 * refused (amount-unit-unknown); it is never guessed. Codes: null empty, not-applicable, not-stated; refusals
 * amount-unit-unknown, amount-not-number, amount-grouping, amount-too-precise, amount-scientific, amount-range,
 * amount-multiple, amount-is-rate, amount-negative, amount-conflict, amount-out-of-range, currency; unit-suspect beside
 * a value above 10^15 fen. Pure, thread-safe. */
#ifndef SETASIDE_COLLECTORS_VALUE_MONEY_H
#define SETASIDE_COLLECTORS_VALUE_MONEY_H

#include <stdbool.h>
#include <stddef.h>

#include "collectors/value.h"
#include "core/money.h"

/* A unit is a power of ten of fen. */
enum {
	VALUE_UNIT_NONE = -1,
	VALUE_UNIT_FEN = 0,
	VALUE_UNIT_JIAO = 1,
	VALUE_UNIT_YUAN = 2,
	VALUE_UNIT_QIAN = 5,
	VALUE_UNIT_WAN = 6,
	VALUE_UNIT_CRORE = 9,
	VALUE_UNIT_YI = 10,
	VALUE_UNIT_MAX = 14
};
enum { VALUE_MONEY_TEXT_MAX = 512 }; /* longer cells are amount-not-number */

struct value_money_rule {
	int column_unit; /* VALUE_UNIT_NONE = neither header nor mapping names one */
	bool negative_ok;
	bool number; /* stored text of a numeric spreadsheet cell: exponents allowed, 15 digits count */
	bool decimal_comma;
	const char *currency; /* ISO code whose marks may stand in the cell; NULL = CNY */
};

struct value_money {
	enum value_state state;
	fen_t fen;        /* VALUE_GIVEN only */
	const char *code; /* static; "" when there is nothing to say */
};

void value_money_read(const char *text, size_t length, const struct value_money_rule *rule,
	struct value_money *ret);

#endif
