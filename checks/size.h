/* Size classes: the formula (Z-1), its indicators as the records state them (Z-2), the industry by code (Z-3), the
 * standard (Z-4); G-03, G-25, G-32, G-61, G-62.
 *
 * Bounds come from the standard in force for verdicts (CN-SME-2011-300), the mapping of GB/T
 * 4754—2017 codes from its statistical twin (CN-STAT-2017-213); both are rows of the table
 * size_standard. */
#ifndef SETASIDE_CHECKS_SIZE_H
#define SETASIDE_CHECKS_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "checks/facts.h"
#include "core/err.h"

#define SIZE_STANDARD_VERDICT "CN-SME-2011-300"
#define SIZE_STANDARD_CODES   "CN-STAT-2017-213"

enum size_flag {
	SIZE_FLAG_MISSING = 1,
	SIZE_FLAG_UNCOVERED = 2,
	SIZE_FLAG_NEGATIVE_REVENUE = 4,
	SIZE_FLAG_NEGATIVE_ASSETS = 8
};

/* class is MICRO … LARGE with upper equal to it, or UNKNOWN with upper = "at most" (BLANK: nothing
 * is known). */
struct size_verdict {
	enum size_class class, upper;
	unsigned flags; /* enum size_flag */
};

struct size_standard;
struct size_standard *size_standard_new(void);
void size_standard_free(struct size_standard *standard);
/* One row of the table. indicator: employees, revenue, assets; bounds in persons or yuan; gbt4754:
 * list of codes separated by ';'. ERR_DATA on an unknown indicator. */
int size_standard_add(struct size_standard *standard, const char *standard_id,
	const char *industry_code, const char *gbt4754, const char *indicator, int64_t small_lower,
	int64_t medium_lower, int64_t large_lower, struct err *err);

/* Z-1 on three figures (NUMBER_NONE = missing; money in fen). */
struct size_verdict size_compute(const struct size_standard *standard, const char *industry_code,
	int64_t employees, fen_t revenue_fen, fen_t assets_fen);
/* The order of G-25: declared, else the register's class, else computed. supplier may be NULL. */
struct size_verdict size_at_declaration(const struct size_standard *standard,
	enum size_class declared, const struct supplier_fact *supplier);

/* A stated class as a verdict; SME is "unknown, at most medium". */
struct size_verdict size_of_class(enum size_class class);

bool size_is_sme(struct size_verdict size);         /* surely medium or below (G-03) */
bool size_is_small_micro(struct size_verdict size); /* surely small or micro */
bool size_is_large(struct size_verdict size);       /* surely large */

#endif
