/* Chinese numerals: the 大写 of vouchers (壹佰贰拾叁万元整) and everyday writing (一百二十万), never mixed (fields.md §2).
 *
 * Input is folded text (value_text.h) without blanks. Colloquial shortening (一百二 for 120) is refused, because the
 * strict reading of the same characters is another number. Pure. */
#ifndef SETASIDE_COLLECTORS_VALUE_NUMERAL_H
#define SETASIDE_COLLECTORS_VALUE_NUMERAL_H

#include <stdbool.h>
#include <stdint.h>

struct numeral_amount {
	int64_t number; /* fen if unit_stated, else the bare number */
	bool unit_stated; /* 元, 圆, 角 or 分 stands in the text, or 万 or 亿 is part of the number */
};

/* True if text starts with a Chinese digit or power. */
bool numeral_starts(const char *text);
/* Reads the whole text as an amount with optional 元角分整; false if it is not one. */
bool numeral_amount_read(const char *text, struct numeral_amount *ret);
/* A number from 1 to 99 (三十一, 廿一 is not one) over all of text. */
bool numeral_small_read(const char *text, int *ret);
/* Value 0-9 of the digit at *at (〇 and 零 are 0), and moves past it; -1 if there is none. Either set. */
int numeral_digit_skip(const char **at);

#endif
