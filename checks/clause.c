#include "checks/clause.h"

#include <string.h>

#include "checks/clause_upstream.h"
#include "checks/clause_words.h"
#include "checks/coverage.h"
#include "checks/due.h"
#include "checks/interest.h"
#include "checks/payment.h"
#include "checks/register_book.h"
#include "checks/regulation.h"
#include "checks/size.h"
#include "checks/sums.h"

/* Words and articles are in checks/finding_kinds.c. */
static const struct {
	const char *code, *rule;
} clauses[CLAUSES] = {
	[CLAUSE_TERM_OVER_CAP] = { "clause-term-over-cap", "P-2" },
	[CLAUSE_TERM_UNTOLD] = { "clause-term-calendar-missing", "P-2" },
	[CLAUSE_NO_INSPECTION_PERIOD] = { "clause-no-inspection-period", "P-3" },
	[CLAUSE_RATE_BELOW_FLOOR] = { "clause-rate-below-floor", "P-7" },
	[CLAUSE_PAY_WHEN_PAID] = { "clause-pay-when-paid", "P-5" },
	[CLAUSE_FUND_ARRIVAL] = { "clause-fund-arrival", "P-3" },
	[CLAUSE_AUDIT_BASIS] = { "clause-audit-basis", "P-5" },
	[CLAUSE_PREFINANCED] = { "clause-contractor-finances", "E-4" },
};

const char *clause_code(enum clause clause)
{
	return clauses[clause].code;
}

const char *clause_rule(enum clause clause)
{
	return clauses[clause].rule;
}

/* A clause that forbids something, or says that there is none, is the opposite of one that agrees on it. */
static const char *const ruled_out[] = { "不得", "不以", "不能以", "不采用", "不采取", "不适用",
	"不实行", "不设", "不存在", "不要求", "不需", "不因", "不约定", "无需", "无须", "禁止",
	"严禁", "取消", "不论", "无论", NULL };
static const char *const nothing[] = { NULL };

bool contract_pays_when_paid(const struct contract_fact *contract)
{
	return (clause_waits(contract->payment_clause) & WAITS_FOR_PAYER) != 0;
}

static bool contractor_finances(const struct contract_fact *contract)
{
	static const char *const agreed[] = { "垫资", NULL };
	static const char *const denied[] = { "不垫资", "无垫资", NULL };

	return clause_says(
		contract->payment_clause, &(struct clause_words){ agreed, ruled_out, denied });
}

static unsigned of_words(const struct law *law, const struct contract_fact *contract)
{
	static const char *const audit[] = { "以审计结果", "审计结果作为", "审计后支付",
		"审计完成后", NULL };
	unsigned found = 0, waits = clause_waits(contract->payment_clause);

	if (waits & WAITS_FOR_PAYER)
		found |= 1u << CLAUSE_PAY_WHEN_PAID;
	if (waits & WAITS_FOR_FUNDS)
		found |= 1u << CLAUSE_FUND_ARRIVAL;
	/* The earlier regulation allowed it where the contract said so. */
	if (regulation_of(law, contract->signed_on) == REGULATION_802 &&
		clause_says(contract->payment_clause,
			&(struct clause_words){ audit, ruled_out, nothing }))
		found |= 1u << CLAUSE_AUDIT_BASIS;
	return found;
}

enum term { TERM_FITS, TERM_OVER, TERM_UNTOLD };

/* Whether so many working days end within the cap, counted from the signing: as if it were all delivered that day. Days of
 * a year without a calendar may be working days or not: only what holds either way is said. */
static enum term term_in_working_days(
	const struct law *law, const struct contract_fact *contract, int64_t cap)
{
	int64_t working = 0, unknown = 0;

	for (day_t day = contract->signed_on + 1; day <= contract->signed_on + cap; day++) {
		bool is_working = false;

		if (day_is_working(law->calendar, day, &is_working) == DAY_OK)
			working += is_working;
		else
			unknown++;
	}
	if (working + unknown < contract->agreed_term)
		return TERM_OVER;
	return working < contract->agreed_term ? TERM_UNTOLD : TERM_FITS;
}

static enum term term_of(const struct law *law, const struct contract_fact *contract)
{
	int64_t cap = parameter_near(law->parameters, PARAM_P2_PUBLIC_CAP, contract->signed_on);

	if (contract->agreed_term == NUMBER_NONE)
		return TERM_FITS;
	if (contract->agreed_term > cap)
		return TERM_OVER;
	return contract->term_unit == TERM_WORKDAY ? term_in_working_days(law, contract, cap)
						   : TERM_FITS;
}

static unsigned of_term(const struct law *law, const struct contract_fact *contract)
{
	switch (term_of(law, contract)) {
	case TERM_OVER:
		return 1u << CLAUSE_TERM_OVER_CAP;
	case TERM_UNTOLD:
		return 1u << CLAUSE_TERM_UNTOLD;
	default:
		return 0;
	}
}

static bool in_force(const struct contract_fact *contract, day_t as_of)
{
	if (contract->signed_on == DAY_NONE || contract->signed_on > as_of)
		return false;
	return contract->cancelled_on == DAY_NONE ? !contract->cancelled
						  : contract->cancelled_on > as_of;
}

/* Its amount with the changes by the day. */
static fen_t amount_on(const struct facts_index *index, uint32_t row, day_t as_of)
{
	const struct facts *facts = index->facts;
	const struct index_lists *lists = &index->contract_amendments;
	fen_t amount = facts->contracts.items[row].amount_fen;

	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++) {
		const struct amendment_fact *change = &facts->amendments.items[lists->items[i]];

		if (day_known(change->amended_on, as_of) != DAY_NONE)
			sum_add(&amount, change->amount_change_fen);
	}
	return amount;
}

/* A payment on the contract: a deposit that was given back pays nothing of it. */
static bool pays(const struct facts_index *index, const struct payment_fact *payment, uint32_t row)
{
	uint32_t debt = *payment->obligation_no
				? map_get(&index->obligations, payment->obligation_no)
				: MAP_NONE;

	if (debt != MAP_NONE && index->facts->obligations.items[debt].kind == KIND_DEPOSIT)
		return false;
	if (*payment->contract_no)
		return strcmp(payment->contract_no,
			       index->facts->contracts.items[row].contract_no) == 0;
	return debt != MAP_NONE && index->contract_of_obligation[debt] == row;
}

static bool paid_in_full(const struct facts_index *index, uint32_t row, day_t as_of)
{
	uint32_t group = index->group_of_contract[row];
	const struct index_lists *lists = &index->group_payments;
	fen_t amount = amount_on(index, row, as_of), paid = 0;

	if (group == MAP_NONE || amount <= 0)
		return false;
	for (uint32_t i = lists->start[group]; i < lists->start[group + 1]; i++) {
		day_t day;

		if (pays(index, &index->facts->payments.items[lists->items[i]], row))
			sum_add(&paid, payment_net(index, lists->items[i], as_of, as_of, &day, NULL,
					       NULL));
	}
	return paid >= amount;
}

unsigned clauses_of(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, uint32_t row, day_t as_of)
{
	const struct contract_fact *contract = &index->facts->contracts.items[row];
	uint32_t supplier = index->supplier_of_contract[row];
	enum debtor_kind debtor;
	enum coverage coverage;
	unsigned found;

	if (!in_force(contract, as_of))
		return 0;
	debtor = unit_tree_kind(units, contract->unit_code, contract->signed_on);
	coverage = coverage_of_contract(law, contract, debtor,
		register_size_verdict(law, contract,
			supplier == MAP_NONE ? NULL : &index->facts->suppliers.items[supplier],
			as_of));
	if (coverage != COVERAGE_COVERED && coverage != COVERAGE_UNKNOWN_SIZE)
		return 0;
	found = of_words(law, contract);
	if (debtor_is_public(debtor))
		found |= of_term(law, contract);
	if (debtor_is_public(debtor) && contractor_finances(contract))
		found |= 1u << CLAUSE_PREFINANCED;
	if (contract->clock_basis == CLOCK_ACCEPTANCE && contract->inspection_days == NUMBER_NONE)
		found |= 1u << CLAUSE_NO_INSPECTION_PERIOD;
	if (late_rate_of(law, contract).basis == RATE_FLOOR)
		found |= 1u << CLAUSE_RATE_BELOW_FLOOR;
	return found && paid_in_full(index, row, as_of) ? 0 : found;
}
