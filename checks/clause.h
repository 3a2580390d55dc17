/* What a contract says against the regulation when it is signed, before any money is late (P-2, P-3, P-5, P-7, E-4).
 *
 * Only contracts whose debts would be covered, or might be. What is paid in full, by payments that name the contract or
 * a debt of it, or cancelled, asks for nothing any more. Words of the payment clause are looked for in the text as the
 * source has it; no text says nothing. */
#ifndef SETASIDE_CHECKS_CLAUSE_H
#define SETASIDE_CHECKS_CLAUSE_H

#include "checks/index.h"
#include "checks/law.h"
#include "checks/unit_tree.h"

enum clause {
	CLAUSE_TERM_OVER_CAP, /* a public body agrees on more than 60 days */
	CLAUSE_TERM_UNTOLD, /* in working days of a year without a calendar: more than 60 days or not */
	CLAUSE_NO_INSPECTION_PERIOD, /* paid after acceptance, and no period for it */
	CLAUSE_RATE_BELOW_FLOOR,     /* late interest below the one-year LPR at signing */
	CLAUSE_PAY_WHEN_PAID,        /* 背靠背: paid when a third party has paid */
	CLAUSE_FUND_ARRIVAL, /* paid when the treasury or a superior has allotted the money */
	CLAUSE_AUDIT_BASIS,  /* an audit settles the sum; forbidden since 1 June 2025 */
	CLAUSE_PREFINANCED, /* 垫资: the contractor of a public body finances the project (E-4) */
	CLAUSES
};
const char *clause_code(enum clause clause); /* "clause-term-over-cap" … */
const char *clause_rule(enum clause clause);

/* 背靠背, by the words of its payment clause. */
bool contract_pays_when_paid(const struct contract_fact *contract);

/* Bits 1 << enum clause of one contract; 0 when it is not known on the day, or asks for nothing any more. */
unsigned clauses_of(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, uint32_t contract, day_t as_of);

#endif
