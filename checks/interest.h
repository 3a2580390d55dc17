/* Late interest (P-7, G-43, G-44, G-46). Exact: a day-product in fen·days is summed, rounded once
 * per obligation. */
#ifndef SETASIDE_CHECKS_INTEREST_H
#define SETASIDE_CHECKS_INTEREST_H

#include "checks/facts.h"
#include "checks/law.h"

enum rate_basis { RATE_BLANK, RATE_AGREED, RATE_FLOOR, RATE_STATUTORY, RATE_LPR_MISSING };
const char *rate_basis_name(enum rate_basis basis); /* "", agreed, floor, statutory, lpr-missing */

/* The rate of a contract. yearly_ppm: as stated, for comparing debts (G-45): agreed, LPR for floor,
 * 365 days of the statutory rate; daily_ppm: the statutory rate.
 * LPR_MISSING: a rate was agreed but no LPR of the signing day is known; no interest is computed.
 */
enum late_alternative {
	ALTERNATIVE_NONE,
	ALTERNATIVE_STATUTORY, /* beside floor */
	ALTERNATIVE_LPR /* beside statutory, where the contract pays when paid (法释〔2024〕11号) */
};
const char *late_alternative_name(enum late_alternative alternative); /* "", statutory, lpr */

struct late_rate {
	enum rate_basis basis;
	enum late_alternative alternative; /* the other figure where the law leaves it open (P-7) */
	int64_t yearly_ppm, daily_ppm;
	int64_t lpr_ppm; /* -1 = unknown */
	int day_base;
};
struct late_rate late_rate_of(const struct law *law, const struct contract_fact *contract);

/* amount × days, all open amounts of an obligation together. */
fen_t interest_at(const struct late_rate *rate, wide_t day_product);
/* At the statutory rate, whatever the basis. Both saturate at MONEY_FEN_MAX, which publishers
 * refuse. */
fen_t interest_statutory(const struct late_rate *rate, wide_t day_product);

/* The alternative as a yearly rate: of the statutory one 365 days of a year of 365. ppm 0: there is none. */
struct yearly_rate {
	int64_t ppm;
	int day_base;
};
struct yearly_rate late_alternative_rate(const struct late_rate *rate);
/* At the alternative; 0 without one. */
fen_t interest_alternative(const struct late_rate *rate, wide_t day_product);

/* G-44: the limit of the contract's interest, or NUMBER_NONE: only beside a valid agreed rate.
 * amount: with amendments by then. */
fen_t interest_cap(
	const struct contract_fact *contract, const struct late_rate *rate, fen_t amount);

#endif
