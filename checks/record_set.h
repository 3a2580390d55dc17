/* What is wrong with the records, gathered as observations for the store of findings (sql/store_finding.h).
 *
 * One observation per finding and record: several of one kind about one record (undated changes of one contract) are one,
 * with their amounts added. A look that judges in pieces empties the set after each; what is no piece's own, the year of a
 * department, is observed once. Texts are copied. The evidence names the rule, its citation and the values the finding rests
 * on; a finding has changed when its amount, its unit or one of those values has. */
#ifndef SETASIDE_CHECKS_RECORD_SET_H
#define SETASIDE_CHECKS_RECORD_SET_H

#include "checks/findings.h"
#include "sql/store_finding.h"

struct record_set;
/* Borrows units, and keeps texts of its own. */
struct record_set *record_set_new(const struct unit_tree *units, day_t as_of, int64_t known_batch);
void record_set_free(struct record_set *set);

/* finding_fn of checks/findings.h. BUG for a code without a row in finding_kinds(). */
void record_set_add(void *set, const struct data_finding *finding);
/* Before the next piece. */
void record_set_clear(struct record_set *set);
size_t record_set_count(const struct record_set *set);
/* finding_fill_fn of sql/store_finding.h. */
void record_set_fill(void *set, size_t index, struct finding_seen *ret_seen);
/* As finding_set.judged wants it: every finding of records, whatever its record (whole) or of those in judged_subject. */
const char *record_set_judged(struct record_set *set, bool whole);

#endif
