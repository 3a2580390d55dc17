/* What a run of the checks leaves behind: its own row, the obligation states that differ, the quota
 * figures.
 *
 * All calls run inside one write transaction of the caller, in this order: store_check_open (takes
 * the writer's lock, numbers the run), store_states, store_figures, store_findings
 * (store_finding.h), store_check_close (counts, state version, NOTIFY). Nothing differs: the caller
 * rolls back and no row of the run remains. */
#ifndef SETASIDE_SQL_STORE_CHECK_H
#define SETASIDE_SQL_STORE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct sql_tx;

struct check_run_row {
	day_t as_of;
	int64_t known_batch;
	const char *jurisdiction;
	const char *program; /* SETASIDE_VERSION: which program judged */
};
/* overtaken: a run of a later batch is on record; the caller rolls back. */
typedef void (*store_check_open_fn)(
        void *arg, const struct err *err, int64_t run_id, bool overtaken);
void store_check_open(
        struct sql_tx *tx, const struct check_run_row *row, store_check_open_fn done, void *arg);

/* One row of obligation_state. Texts are lent until the call returns to the loop (see next below).
 */
struct state_row {
	const char *obligation_no, *contract_no, *unit_code, *supplier_uscc, *department;
	const char *kind, *debtor_kind, *coverage, *status;
	day_t start_on, due_nominal_on, due_on;
	const char *due_source;
	fen_t amount, paid, outstanding, undisputed, disputed, overdue;
	day_t overdue_since;
	const char *rate_basis;
	fen_t interest, interest_alt; /* on as_of; they do not make a row differ */
	const char *flags;            /* array literal: "{term-capped,transition}" */
	const char *evidence;         /* JSON object text */
	const char *currency;
	day_t next_change_on;
	const char *print; /* 32 hex digits over all that makes a row differ */
};

/* Fills row with the state of that index, texts valid until the next call. */
typedef void (*state_fill_fn)(void *arg, size_t index, struct state_row *ret_row);
struct state_set {
	size_t count;
	state_fill_fn fill;
	void *fill_arg;
	day_t as_of;
};
typedef void (*store_count_fn)(void *arg, const struct err *err, int64_t written, int64_t removed);
/* Writes rows whose print differs, removes those of obligations that are no longer there. */
void store_states(struct sql_tx *tx, int64_t run_id, const struct state_set *set,
        store_count_fn done, void *arg);

struct figure_row {
	int fiscal_year;
	const char *scope, *name, *rule_id, *currency;
	fen_t strict_base, adjusted_base, sme, small_micro, sme_gap;
	const char *sme_status, *small_micro_status;
	const char *body; /* JSON object text */
};
/* Writes the figures of fiscal_year that differ, removes scopes that are no longer there. */
void store_figures(struct sql_tx *tx, int64_t run_id, day_t as_of, const struct figure_row *rows,
        size_t count, int fiscal_year, store_count_fn done, void *arg);

struct check_counts {
	int64_t obligations, states_written, findings_opened, findings_updated, findings_closed,
	        messages_queued;
};
/* Writes the counts, moves the state version, NOTIFY setaside_outbox when messages were queued. The
 * caller commits. */
void store_check_close(struct sql_tx *tx, int64_t run_id, const struct check_counts *counts,
        store_count_fn done, void *arg);

#endif
