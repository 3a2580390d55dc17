/* Next steps on verified debts. What a person confirmed is told before the findings of the run: a unit gets one message a
 * day, and a step that had to wait goes first on the next one. After the messages, steps are proposed. */
#include "checks/run_own.h"

#include "checks/ladder.h"

static void tell_some(struct check_run *run);

static void on_told(void *arg, const struct err *err)
{
	struct check_run *run = arg;

	if (err)
		run_roll_back(run, err);
	else
		tell_some(run);
}

/* What no route takes stays untold until there is one, and what would be a unit's second message until another day. */
static void on_queued(void *arg, const struct err *err, int64_t messages)
{
	struct check_run *run = arg;

	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->report.messages_queued += messages;
	if (messages > 0)
		proposal_store_told(run->proposals, run->opened.run_id, run->telling, on_told, run);
	else
		tell_some(run);
}

static void tell_some(struct check_run *run)
{
	struct message_draft draft;

	if (tell_steps_next(run->steps, &draft, &run->telling))
		finding_store_message(run->findings, &draft, on_queued, run);
	else
		run_cases_start(run);
}

static void on_row(void *arg, const struct proposal_row *row)
{
	struct check_run *run = arg;

	tell_steps_take(run->steps, row);
}

static void on_confirmed(void *arg, const struct err *err)
{
	struct check_run *run = arg;

	if (err)
		run_roll_back(run, err);
	else
		tell_some(run);
}

void run_steps_start(struct check_run *run)
{
	run->proposals = proposal_store_new(run->tx);
	run->steps = tell_steps_new(&(struct tell_step_context){
		.ledger = run->ledger,
		.units = run->units,
		.as_of = run->report.as_of,
		.run_id = run->opened.run_id,
		.started_at = run->opened.started_at,
		.program = SETASIDE_VERSION,
	});
	proposal_store_confirmed(run->proposals, run->report.as_of, on_row, on_confirmed, run);
}

/* Proposing ------------------------------------------------------------------------------------ */

static void on_kept(void *arg, const struct err *err, int64_t changed)
{
	struct check_run *run = arg;

	if (err) {
		run_roll_back(run, err);
		return;
	}
	run->report.proposals_changed = changed;
	run_close(run);
}

static void on_candidate(void *arg, const char *obligation_no, int64_t overdue_days)
{
	struct check_run *run = arg;
	enum ladder_step step = ladder_step_of(&run->ledger->law, overdue_days, run->report.as_of);

	if (step != LADDER_NONE)
		proposal_store_stands(run->proposals, obligation_no, ladder_step_name(step));
}

static void on_candidates(void *arg, const struct err *err)
{
	struct check_run *run = arg;
	struct err fault = ERR_INIT;

	if (err)
		run_roll_back(run, err);
	else if (proposal_store_keep(run->proposals, run->opened.run_id, run->report.as_of, on_kept,
			 run, &fault))
		run_roll_back(run, &fault);
}

void run_proposals_start(struct check_run *run)
{
	proposal_store_candidates(
		run->proposals, run->report.as_of, on_candidate, on_candidates, run);
}
