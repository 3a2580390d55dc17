/* Who is protected: the list an obligation stands on (P-1, G-30 … G-32). */
#ifndef SETASIDE_CHECKS_COVERAGE_H
#define SETASIDE_CHECKS_COVERAGE_H

#include "checks/facts.h"
#include "checks/law.h"
#include "checks/size.h"

enum coverage {
	COVERAGE_COVERED,
	COVERAGE_PREPAYMENT,
	COVERAGE_UNKNOWN_SIZE,
	COVERAGE_INDIVIDUAL,
	COVERAGE_DEPOSIT,
	COVERAGE_NOT_COVERED,
	COVERAGE_COUNT
};
const char *coverage_name(enum coverage coverage);

/* The list of the contract's ordinary debts: COVERED, UNKNOWN_SIZE, INDIVIDUAL or NOT_COVERED.
 * debtor: kind on the signing day (unit_tree_kind). size: at signing, without regard to deemed
 * status or control (G-32). */
enum coverage coverage_of_contract(const struct law *law, const struct contract_fact *contract,
	enum debtor_kind debtor, struct size_verdict size);
/* The list of one obligation of such a contract. */
enum coverage coverage_of_obligation(enum coverage contract, enum obligation_kind kind);
/* Starts with 92 and is a whole code (G-30). */
bool coverage_is_individual(const char *creditor_code);

#endif
