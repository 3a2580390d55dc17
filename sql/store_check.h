/* What a run of the checks leaves behind: its own row, the obligation states that differ, the quota figures.
 *
 * All inside one write transaction of the caller, one step at a time, in this order: open (takes the writer's lock,
 * numbers the run), states, figures, the findings and messages of store_finding.h, close. The caller commits, or rolls
 * back when nothing differs: then no row of the run remains. Amounts are fen. */
#ifndef SETASIDE_SQL_STORE_CHECK_H
#define SETASIDE_SQL_STORE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"
#include "core/money.h"

struct event_base;
struct sql_tx;

struct check_store;
struct check_store *check_store_new(struct event_base *base, struct sql_tx *tx);
/* After the end of the transaction (commit, rollback, sql_tx_abandon); drops a step under way. NULL is fine. */
void check_store_free(struct check_store *store);

struct check_run_row {
	day_t as_of;
	int64_t known_batch;
	const char *jurisdiction;
	const char *program; /* SETASIDE_VERSION: which program judged */
};
struct check_opened {
	int64_t run_id;
	char started_at[24]; /* "2026-10-20T01:00:00Z" */
	bool overtaken;      /* a run of a later batch is on record: roll back */
	bool differs;        /* another day, batch, place or program than the last run */
};
typedef void (*check_opened_fn)(
	void *arg, const struct err *err, const struct check_opened *opened);
void check_store_open(struct check_store *store, const struct check_run_row *row,
	check_opened_fn done, void *arg);

/* One row of obligation_state. Texts are lent until the next row is filled. */
struct state_row {
	const char *contract_no, *unit_code, *supplier_uscc, *department;
	const char *kind, *debtor_kind, *coverage, *status;
	day_t start_on, due_nominal_on, due_on;
	const char *due_source;
	fen_t amount, paid, outstanding, undisputed, disputed, overdue;
	day_t overdue_since;
	const char *rate_basis;
	fen_t interest, interest_alt; /* on as_of */
	int64_t rate_ppm, day_base;
	wide_t day_product; /* fen x day */
	fen_t accruing;
	bool capped;
	fen_t cap_left;       /* when capped */
	const char *flags;    /* array literal: "{term-capped,transition}" */
	const char *evidence; /* JSON object text */
	day_t next_change_on;
	const char *currency;
};
struct state_key {
	const char *obligation_no;
	char print[33]; /* 32 hex digits over all that makes a row differ */
};
typedef void (*state_fill_fn)(void *arg, size_t index, struct state_row *ret_row);
struct state_set {
	const struct state_key *keys; /* in byte order of the number; alive until done */
	size_t count;
	state_fill_fn fill; /* called only for rows that differ */
	void *fill_arg;
	day_t as_of;
	int64_t run_id;
};
typedef void (*check_counted_fn)(
	void *arg, const struct err *err, int64_t written, int64_t removed);
/* Writes rows whose print differs, removes those of obligations that are no longer there. */
void check_store_states(
	struct check_store *store, const struct state_set *set, check_counted_fn done, void *arg);

/* Writes the figures of the year that differ, removes scopes that are no longer there. figures is a JSON array of
 * objects {scope, name, rule_id, currency, strict_base_fen, adjusted_base_fen, sme_fen, small_micro_fen, sme_status,
 * small_micro_status, sme_gap_fen, body}; copied. */
struct figure_set {
	int64_t run_id;
	day_t as_of;
	int fiscal_year;
	const char *figures;
};
void check_store_figures(
	struct check_store *store, const struct figure_set *set, check_counted_fn done, void *arg);

struct check_counts {
	int64_t obligations, states_written;
	int64_t findings_opened, findings_updated, findings_closed, messages_queued;
};
/* Writes the counts, moves the state version, NOTIFY setaside_state, and setaside_outbox when messages were queued. */
void check_store_close(struct check_store *store, int64_t run_id, const struct check_counts *counts,
	check_counted_fn done, void *arg);

#endif
