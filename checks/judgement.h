/* The judges applied to a whole ledger, a slice at a time, and the result kept in one place.
 *
 * Owned by one run. States lie in the order of the facts' obligations, which the loader reads in byte order of their
 * numbers: so the result compares with the stored states in one walk. Amounts are fen. */
#ifndef SETASIDE_CHECKS_JUDGEMENT_H
#define SETASIDE_CHECKS_JUDGEMENT_H

#include "checks/arrears.h"
#include "checks/load.h"
#include "core/buf.h"
#include "sql/store_check.h"

struct judgement;
/* Borrows the ledger, which may hold the whole district or any number of whole allocation groups. */
struct judgement *judgement_new(const struct ledger *ledger, day_t as_of);
void judgement_free(struct judgement *judgement);

/* Works for about budget_us microseconds; true while there is more to do. */
bool judgement_step(struct judgement *judgement, int64_t budget_us);

/* The rest is good once judgement_step() answered false. */
size_t judgement_count(const struct judgement *judgement);
const struct obligation_state *judgement_state(const struct judgement *judgement, size_t index);
const struct state_key *judgement_keys(const struct judgement *judgement);
/* The groups that have states, in the order in which they were judged. */
size_t judgement_group_count(const struct judgement *judgement);
const struct group_key *judgement_groups(const struct judgement *judgement);

/* The row of obligation_state: state_fill_fn of sql/store_check.h. */
void judgement_fill(void *judgement, size_t index, struct state_row *ret_row);

#endif
