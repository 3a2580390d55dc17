/* The clock of one obligation: start, nominal and rolled due day (P-2 … P-4, P-10, G-33 … G-38). */
#ifndef SETASIDE_CHECKS_DUE_H
#define SETASIDE_CHECKS_DUE_H

#include "checks/clock_days.h"
#include "checks/facts.h"
#include "checks/law.h"

enum due_source {
	DUE_NOT_COVERED,
	DUE_STATUTORY_30,
	DUE_STATUTORY_60,
	DUE_AGREED,
	DUE_CAP_60,
	DUE_CONTRACT_DATE,
	DUE_CLOCK_START,
	DUE_NOT_STARTED,
	DUE_DATA_MISSING,
	DUE_NO_STATUTORY_TERM,
	DUE_CALENDAR_MISSING
};
const char *due_source_name(enum due_source source);

/* What the due day depends on besides the two records. */
struct due_question {
	const struct contract_fact *contract;
	const struct obligation_fact *obligation;
	enum debtor_kind debtor;
	bool individual; /* agreed term without cap, no statutory term (G-31) */
	day_t as_of;
	const struct clock_days *days; /* NULL: those of the obligation's row */
};

struct due_answer {
	day_t start, nominal, rolled; /* DAY_NONE where unknown */
	enum due_source source;
	int missing_year; /* a calendar year that was needed and is not there; 0 = none */
};

struct due_answer due_judge(const struct law *law, const struct due_question *question);
/* The same debt, had its clock started on that day; one that goes by a date of its own is due on the day itself. Not a due
 * day of the law: what a party that counts from another event (an invoice, P-5) would come to. */
struct due_answer due_if_started(
	const struct law *law, const struct due_question *question, day_t start);
/* Rolls a nominal day by DT-5 (or not, by parameter). Returns 0 or the missing year; *ret is
 * DAY_NONE then. */
int due_roll(const struct law *law, day_t nominal, day_t *ret);
bool debtor_is_public(enum debtor_kind kind);     /* organ, institution, group */
bool debtor_is_enterprise(enum debtor_kind kind); /* soe, large_enterprise */

#endif
