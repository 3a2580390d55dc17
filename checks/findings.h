/* Data findings: what the records themselves say is wrong (names as in the golden finding_counts),
 * with the record they are about. Verdict findings (quota not met, overdue) are made from figures
 * and states by the caller.
 *
 * They are 提示事项 for the desk that keeps the records: never told to a supplier, and none of them
 * changes a figure by itself. */
#ifndef SETASIDE_CHECKS_FINDINGS_H
#define SETASIDE_CHECKS_FINDINGS_H

#include "checks/arrears.h"
#include "checks/figures.h"
#include "checks/regulation.h"

/* A fact that a finding rests on beside its record: "award_on", "limit_fen", "computed_size". */
struct finding_value {
	const char *name; /* amounts end in _fen, days in _on, shares in _ppm */
	const char *text; /* NULL = number, or day when that is set */
	int64_t number;
	day_t day; /* DAY_NONE = number */
};
enum { FINDING_VALUES_MAX = 4 };
#define FINDING_TEXT(value_name, value)                                                            \
	{                                                                                          \
		value_name, value, 0, DAY_NONE                                                     \
	}
#define FINDING_NUMBER(value_name, value)                                                          \
	{                                                                                          \
		value_name, NULL, value, DAY_NONE                                                  \
	}
#define FINDING_DAY(value_name, value)                                                             \
	{                                                                                          \
		value_name, NULL, 0, value                                                         \
	}

struct data_finding {
	const char *code;    /* "plan-share-missing" */
	const char *rule_id; /* "Q-7" */
	const char *
		subject_kind; /* budget_item, contract, obligation, payment, amendment, notice, year */
	const char *subject; /* natural key; for a budget item YEAR/UNIT/PROJECT/PACKAGE, for a
				* year YEAR/DEPARTMENT */
	const char *unit_code;
	fen_t amount; /* NUMBER_NONE = none */
	enum regulation
		regulation; /* that governs the contract; REGULATION_NONE of other records */
	struct finding_value values[FINDING_VALUES_MAX]; /* up to the first without a name */
};
#define FINDING_BARE                                                                               \
	{                                                                                          \
		{                                                                                  \
			NULL                                                                       \
		}                                                                                  \
	}
/* subject, unit_code and texts are good during the call only. */
typedef void (*finding_fn)(void *arg, const struct data_finding *finding);

/* What a finding of records is called and where its rule stands. */
struct finding_kind {
	const char *code, *rule_id;
	const char *words;    /* zh-CN, for people */
	const char *citation; /* zh-CN; NULL = by version of the regulation: finding_citation() */
};
/* All findings of records, in the order of the chapters of the law. */
const struct finding_kind *finding_kinds(size_t *ret_count);
const struct finding_kind *finding_kind_find(const char *code); /* NULL = none of records */
/* zh-CN, for a contract that this version governs. */
const char *finding_citation(const struct finding_kind *kind, enum regulation regulation);
/* zh-CN of the codes of records; the code itself for one that has no words. */
const char *finding_words(const char *code);

/* Plan, award, contract and amendment findings of one fiscal year on a day: the three below. */
void findings_of_records(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, finding_fn fn, void *arg);
/* Budget rows of the year. */
void findings_of_plan(const struct law *law, const struct facts_index *index, int fiscal_year,
	day_t as_of, finding_fn fn, void *arg);
/* Contracts and their amendments, of whatever year. [first, last) are rows of the contracts, so that
 * long lists can be looked at in slices; amendments come with the slice that begins at 0. */
void findings_of_contracts(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, size_t first, size_t last, day_t as_of, finding_fn fn,
	void *arg);
/* What notices, parties, amendments and deposits say about packages and contracts: clocks of N-1 and
 * N-2, reserved packages that ended without award, subcontracting upward, possible double counting.
 * Where the records hold no notice nothing is claimed. */
void findings_of_procurement(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, int fiscal_year, day_t as_of, finding_fn fn, void *arg);
/* One finding per flag of the state. */
void findings_of_state(
	const struct facts *facts, const struct obligation_state *state, finding_fn fn, void *arg);
void findings_of_payment(const struct facts *facts, enum payment_fault fault, uint32_t payment,
	finding_fn fn, void *arg);

#endif
