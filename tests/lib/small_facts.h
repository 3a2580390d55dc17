/* A district of one debtor and one creditor, for tests that look at one rule. */
#ifndef SETASIDE_TESTS_SMALL_FACTS_H
#define SETASIDE_TESTS_SMALL_FACTS_H

#include "checks/arrears.h"
#include "lib/facts_csv.h"

#define SMALL_UNIT     "001001"
#define SMALL_SUPPLIER "91110000000000000X"

/* One unit of the kind, valid always; one small enterprise in the register. facts_free. */
struct facts *small_facts(enum debtor_kind kind);
/* A contract between the two, signed 2026-01-15, size S declared, 1,000,000.00 yuan. Good until the
 * next one. */
struct contract_fact *small_contract(struct facts *facts, const char *contract_no);
/* A debt that goes by its date alone (retention). DAY_NONE: without due day. */
struct obligation_fact *small_debt(
	struct facts *facts, const char *number, const char *contract_no, fen_t amount, day_t due);
/* A cash payment received on the day. obligation_no may be "". */
struct payment_fact *small_payment(struct facts *facts, const char *voucher_no,
	const char *obligation_no, day_t day, fen_t amount);

/* A record of a dispute of the debt, open from the day on; DAY_NONE = always. */
struct dispute_fact *small_dispute(struct facts *facts, const char *dispute_id,
	const char *obligation_no, day_t opened_on, fen_t amount);

/* Rolling of due days off (DT-5): for cases that give the rolled day. */
void law_csv_no_roll(struct law_csv *csv);

/* The states of all obligations on a day. */
struct small_states {
	struct obligation_state *items;
	struct arrears_scratch *scratch; /* parts of theirs lie there */
	size_t count, capacity;
	fen_t unallocated;
	int faults[PAYMENT_FAULT_COUNT];
};
void small_judge(const struct law *law, const struct facts *facts, day_t as_of,
	day_t reversals_known_on, struct small_states *ret);
/* The same by the legal order of payments. */
void small_judge_legal(
	const struct law *law, const struct facts *facts, day_t as_of, struct small_states *ret);
void small_states_free(struct small_states *states);
/* By obligation number; aborts if there is none. facts: those judged. */
const struct obligation_state *small_state(
	const struct facts *facts, const struct small_states *states, const char *number);

#endif
