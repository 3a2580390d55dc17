/* Money: signed 64-bit fen (1/100 of the currency unit) and exact ratios. No floating point, ever.
 *
 * Every operation is overflow-checked: it returns false and leaves *ret untouched when the result
 * does not fit. Rounding happens only in the functions that say so: half away from zero ("half up"
 * for the amounts of DT-9). */
#ifndef SETASIDE_CORE_MONEY_H
#define SETASIDE_CORE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t fen_t;
typedef __int128 wide_t; /* products of two fen amounts, day-products times rates */

#define MONEY_FEN_MAX INT64_MAX
enum { MONEY_TEXT_MAX = 32 }; /* room for any printed amount, NUL included */

bool money_add(fen_t a, fen_t b, fen_t *ret);
bool money_sub(fen_t a, fen_t b, fen_t *ret);
bool money_mul(fen_t a, int64_t n, fen_t *ret);

/* Compares a/b with p/q as integers (b, q > 0): negative, 0, positive. DT-1. */
int money_ratio_compare(fen_t a, fen_t b, fen_t p, fen_t q);
/* met <=> part/whole >= ppm/1000000, whole >= 0. DT-1: equality is met. */
bool money_share_met(fen_t part, fen_t whole, int64_t ppm);
/* amount * num / den, rounded half away from zero (den > 0). False when it does not fit. G-02. */
bool money_scale(fen_t amount, int64_t num, int64_t den, fen_t *ret);
/* ceil(amount * num / den) for amount >= 0, num >= 0, den > 0. G-17. */
bool money_scale_up(fen_t amount, int64_t num, int64_t den, fen_t *ret);
/* Divides a wide non-negative or negative numerator by den > 0, half away from zero. */
bool money_round_div(wide_t numerator, wide_t den, fen_t *ret);

/* "1234.56", "-0.05": the canonical text of the exchange profile. Two decimals always. Returns
 * room. */
char *money_text(fen_t amount, char room[MONEY_TEXT_MAX]);
/* "1,234.56" for people. */
char *money_text_grouped(fen_t amount, char room[MONEY_TEXT_MAX]);
/* 万元 with up to six decimals, trailing zeros trimmed ("12.3456", "-0.0001", "0"). Exact. */
char *money_text_wan(fen_t amount, char room[MONEY_TEXT_MAX]);

/* Canonical decimal yuan with at most two decimals ("12", "12.3", "-12.34"); no signs but '-', no
 * blanks, no groups. Reads exactly length bytes. Free-form cell texts go through
 * collectors/value_money.h instead. */
enum money_parse {
	MONEY_PARSE_OK,
	MONEY_PARSE_NOT_NUMBER,
	MONEY_PARSE_TOO_PRECISE,
	MONEY_PARSE_OUT_OF_RANGE
};
enum money_parse money_parse(const char *text, size_t length, fen_t *ret);
const char *money_parse_name(enum money_parse code);
/* Canonical decimal percent with at most four decimals to parts per million: "40" -> 400000,
 * "0.0001" -> 1. */
enum money_parse money_parse_percent(const char *text, size_t length, int64_t *ret_ppm);

#endif
