/* Values of OCDS releases to typed values: amounts digit for digit, dates to civil days, sizes to classes.
 *
 * Pure functions over collectors/json_tree nodes; a node may be NULL (the member is missing). Codes are static texts of
 * fields.md §2 and §3; NULL means that nothing is wrong. */
#ifndef SETASIDE_COLLECTORS_OCDS_VALUE_H
#define SETASIDE_COLLECTORS_OCDS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collectors/json_tree.h"
#include "core/day.h"
#include "core/money.h"

#define OCDS_NO_CURRENCY "XXX" /* ISO 4217: no currency stated; never summed with CNY */

enum { OCDS_NUMBER_MAX = 64 };

/* A JSON number without exponent and without zeros behind the second decimal; false when it does not fit. Exact. */
bool ocds_number_plain(const char *text, size_t length, char room[OCDS_NUMBER_MAX]);

/* An OCDS value object {amount, currency}. *ret_given false = no amount stated. Codes: amount-not-number,
 * amount-too-precise, amount-out-of-range, amount-negative. *ret_currency: text lent from the node, or OCDS_NO_CURRENCY.
 */
const char *ocds_money(const struct json_node *value, bool negative_ok, bool *ret_given,
	fen_t *ret_fen, const char **ret_currency);

/* A date-time. Converted to Asia/Shanghai; a time of exactly 00:00:00 means the written day (fields.md §3). DAY_NONE when
 * missing. Codes: those of collectors/value_date.h. */
const char *ocds_day(const struct json_node *date, day_t *ret_day);

/* Microseconds since 1970 in UTC, for ordering releases; a date alone is its midnight. INT64_MIN if it is none. */
int64_t ocds_instant(const char *text);

/* details.scale: micro X, small S, medium M, large L, sme SME (counts as SME, never as small or micro); else "". */
const char *ocds_size_class(const char *scale);

#endif
