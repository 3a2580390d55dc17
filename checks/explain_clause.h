/* The clauses of a contract against the regulation (checks/clause.h), each with the words or values found, what they were
 * compared with, and the article of the version that governs the contract (P-10). */
#ifndef SETASIDE_CHECKS_EXPLAIN_CLAUSE_H
#define SETASIDE_CHECKS_EXPLAIN_CLAUSE_H

#include "checks/index.h"
#include "checks/json_out.h"
#include "checks/law.h"
#include "checks/unit_tree.h"

/* "clauses": [{"code", "words" (zh-CN), "rule", "regulation", "article", what was found and its limit, "text" (zh-CN)}]; empty
 * when nothing is found, or the contract is paid or not covered. contract: row. */
void explain_clauses(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, uint32_t contract, day_t as_of, struct json_out *out);

#endif
