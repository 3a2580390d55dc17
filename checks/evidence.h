/* Evidence: why an obligation has its state, why a row counts or does not count in a quota figure.
 * Written as bounded JSON with the rule, the reading (G-…), the article and the values used, so
 * that a person can redo the arithmetic. */
#ifndef SETASIDE_CHECKS_EVIDENCE_H
#define SETASIDE_CHECKS_EVIDENCE_H

#include "checks/arrears.h"
#include "checks/figures.h"
#include "checks/json_out.h"

/* The payments that were applied to one obligation, in order. */
struct applied_payment {
	uint32_t payment;
	day_t day;
	fen_t amount;
};

/* The evidence object of one state: {"rule": …, "steps": [{"what", "rule", "reading", "article",
 * …}]}. */
void evidence_obligation(const struct law *law, const struct facts *facts,
	const struct obligation_state *state, const struct applied_payment *payments,
	size_t payment_count, day_t as_of, struct json_out *out, const char *key);
/* Judges the group of one obligation again and writes its evidence. -1 + ERR_DATA if there is none
 * of that number on the day. */
int evidence_explain_obligation(const struct arrears_question *question, const char *obligation_no,
	struct json_out *out, struct err *err);
/* Every budget row of the scope and year: counted or not, with what it adds and because of which
 * reading. scope "" is the district. Basis "plan" or "award". */
int explain_quota(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const char *basis, const char *scope, int fiscal_year,
	day_t as_of, struct json_out *out, struct err *err);

#endif
