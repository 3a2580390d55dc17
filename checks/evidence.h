/* Evidence of one obligation: the facts, readings and articles its state rests on, so that a person
 * can redo it.
 *
 * It holds nothing that changes by the mere turn of a day (no days overdue, no interest to date):
 * the same facts give the same bytes, and a stored state is rewritten only when something happened.
 */
#ifndef SETASIDE_CHECKS_EVIDENCE_H
#define SETASIDE_CHECKS_EVIDENCE_H

#include "checks/arrears.h"
#include "checks/json_out.h"

/* A payment that was applied to the obligation. */
struct applied_payment {
	uint32_t payment;
	day_t day;
	fen_t amount;          /* on the principal */
	fen_t costs, interest; /* legal order only */
};
enum { EVIDENCE_PAYMENTS_MAX = 100 }; /* listed; the number and sum of all are always there */

/* {"rule", "obligation_no", "contract_no", "steps": [{"what", "rule", "reading", "article", values
 * …, "result"}]} with the steps version, coverage, start, term, roll, invoice, dispute, payments,
 * rate, cap, as far as they apply. version says which text of the regulation governs the contract
 * (P-10, "728" or "802", and "transition" where the clock started under the later one); every
 * article after it is of that text. payments in the order in which they were applied, each with its
 * form and the day that counted (checks/payment_words.h). */
void evidence_obligation(const struct law *law, const struct facts *facts,
	const struct obligation_state *state, const struct applied_payment *payments,
	size_t payment_count, day_t as_of, struct json_out *out, const char *key);

/* zh-CN: the article that set the due day of the debt, or left it open; by the version that governs its contract. */
const char *evidence_term_article(
	const struct law *law, const struct facts *facts, const struct obligation_state *state);

struct review_book;
/* Judges the group of one obligation again and writes {"as_of", "state": the snapshot's row, "timeline": of
 * checks/timeline.h, "evidence": the above}. reviews may be NULL. ERR_DATA if no such obligation is known on the day. */
int evidence_explain_obligation(const struct arrears_question *question,
	const struct review_book *reviews, const char *obligation_no, struct json_out *out,
	struct err *err);

#endif
