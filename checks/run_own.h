/* The parts of one run among themselves: run.c begins and ends it, run_states.c judges groups, run_figures.c the year,
 * run_tell.c makes findings and messages, run_proposal.c proposals and messages on them. Each part starts the next one; any of them ends the run by run_fail(). */
#ifndef SETASIDE_CHECKS_RUN_OWN_H
#define SETASIDE_CHECKS_RUN_OWN_H

#include <event2/event.h>

#include "checks/groups.h"
#include "checks/judgement.h"
#include "checks/observe.h"
#include "checks/quota_rows.h"
#include "checks/quota_run.h"
#include "checks/run.h"
#include "checks/tell.h"
#include "checks/tell_step.h"
#include "core/map.h"
#include "sql/job.h"
#include "sql/store_check.h"
#include "sql/store_finding.h"
#include "sql/store_quota_part.h"
#include "sql/store_proposal.h"
#include "sql/store_quota_told.h"

struct check_run {
	struct event_base *base;
	struct sql_link *link;
	struct sql_link *reader; /* NULL: none */
	check_reader_fn reader_back;
	char *jurisdiction;
	bool full_wanted, day_named, quiet_start;
	struct check_report report;
	check_done_fn done;
	void *arg;

	struct sql_job *asking; /* which day it is */
	struct sql_tx *tx;
	bool beginning;  /* sql_tx_begin() has not answered yet */
	bool committing; /* cannot be called back any more */
	bool cancelled;  /* while committing: freed by the answer */
	struct load *load;
	struct ledger *ledger; /* law and units */
	struct unit_tree *units;
	struct check_store *store;
	struct finding_store *findings;
	struct check_opened opened;
	struct group_choice choice;

	/* Groups, a piece at a time */
	struct sql_tx *reading; /* of the reader; NULL: tx reads as well */
	bool reading_begins;    /* sql_tx_begin() has not answered yet */
	struct check_store *reading_store;
	struct groups *groups;
	struct group_piece *piece;
	struct judgement *judging; /* of the piece */
	struct observations *observing;
	uint32_t *written;
	const char **gone;
	size_t written_count, written_capacity, gone_count, gone_capacity;
	uint32_t *groups_written;
	struct group_key *groups_gone;
	size_t groups_written_count, groups_written_capacity, groups_gone_count,
		groups_gone_capacity;
	bool observe_all;  /* else the finding of a state that did not change stands */
	bool paid_touched; /* a state of the year's contracts differs */
	struct event *turn;
	void (*judged)(struct check_run *run); /* once judging is through */

	/* The year */
	struct quota_part_store *quota_parts;
	struct quota_run *quota;
	const struct quota_year *year; /* NULL: its figures were not looked at */
	struct observations *observations;
	struct quota_rows *figures;
	struct quota_run *past; /* the year before, while something can still be told of it */
	struct told *told;
	struct quota_told_store *quota_told;
	struct tell *tell;
	struct proposal_store *proposals;
	struct tell_steps *steps;
	int64_t telling; /* the proposal under way */
	struct err err;
};

void run_states_start(struct check_run *run); /* after open */
void run_states_stop(
	struct check_run *run); /* reading ends, whatever is under way; may be called twice */
void run_figures_start(struct check_run *run); /* after the states */
void run_tell_start(struct check_run *run);    /* after the figures */
void run_steps_start(struct check_run *run); /* after the findings: what people confirmed is told */
void run_cases_start(struct check_run *run); /* after that: messages on findings */
void run_proposals_start(struct check_run *run); /* after the messages */
void run_close(struct check_run *run);           /* after the proposals */

/* Rolls back and reports. err NULL: there was nothing to keep. */
void run_roll_back(struct check_run *run, const struct err *err);
/* Judges run->judging in slices, then calls judged. */
void run_judge(
	struct check_run *run, struct judgement *judgement, void (*judged)(struct check_run *run));

#endif
