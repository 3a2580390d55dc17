#include "checks/coverage.h"

#include <string.h>

enum { WHOLE_CODE = 18 };

const char *coverage_name(enum coverage coverage)
{
	static const char *const names[] = { "covered", "prepayment", "unknown-size", "individual",
		"deposit", "not-covered" };

	return names[coverage];
}

/* A code that is not 18 characters long says nothing and is treated like an enterprise's (91). */
static bool starts(const char *code, const char *two)
{
	return strlen(code) == WHOLE_CODE && strncmp(code, two, 2) == 0;
}

bool coverage_is_individual(const char *creditor_code)
{
	return starts(creditor_code, "92");
}

enum coverage coverage_of_contract(const struct law *law, const struct contract_fact *contract,
	enum debtor_kind debtor, struct size_verdict size)
{
	const char *code = contract->supplier_uscc;
	int64_t from = parameter_near(law->parameters, PARAM_P1_SIGNED_FROM, contract->signed_on);

	if (debtor == DEBTOR_UNKNOWN)
		return COVERAGE_NOT_COVERED;
	if (contract->signed_on != DAY_NONE && contract->signed_on < from)
		return COVERAGE_NOT_COVERED;
	if (coverage_is_individual(code))
		return COVERAGE_INDIVIDUAL;
	if (strlen(code) == WHOLE_CODE && !starts(code, "91") && !starts(code, "93"))
		return COVERAGE_NOT_COVERED;
	if (size_is_sme(size))
		return COVERAGE_COVERED;
	return size_is_large(size) ? COVERAGE_NOT_COVERED : COVERAGE_UNKNOWN_SIZE;
}

enum coverage coverage_of_obligation(enum coverage contract, enum obligation_kind kind)
{
	if (contract == COVERAGE_NOT_COVERED)
		return contract;
	if (kind == KIND_DEPOSIT)
		return COVERAGE_DEPOSIT;
	if (kind == KIND_PREPAYMENT && contract == COVERAGE_COVERED)
		return COVERAGE_PREPAYMENT;
	return contract;
}
