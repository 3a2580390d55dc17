/* The message of a confirmed step of the ladder: what was decided on a unit, by whom, why, and for which debts.
 *
 * A payload "sme.arrears.step" as alerts/payload.h describes it, complete in itself. */
#ifndef SETASIDE_CHECKS_TELL_STEP_H
#define SETASIDE_CHECKS_TELL_STEP_H

#include "checks/load.h"
#include "checks/unit_tree.h"
#include "core/buf.h"
#include "sql/store_finding.h"
#include "sql/store_proposal.h"

struct tell_step_context {
	const struct ledger *ledger;
	const struct unit_tree *units;
	day_t as_of;
	int64_t run_id;
	const char *started_at; /* "2026-10-20T01:00:00Z" */
	const char *program;
};

struct tell_steps;
/* Borrows what the context points to. */
struct tell_steps *tell_steps_new(const struct tell_step_context *context);
void tell_steps_free(struct tell_steps *steps);
/* Rows of one proposal come together. */
void tell_steps_take(struct tell_steps *steps, const struct proposal_row *row);
/* The next message and the proposal it tells of; false when all are told. Texts are lent until the next call. */
bool tell_steps_next(
	struct tell_steps *steps, struct message_draft *ret_draft, int64_t *ret_proposal_id);

#endif
