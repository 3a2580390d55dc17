/* What a run of the checks leaves behind: its own row, the obligation states that differ, the quota figures.
 *
 * All inside one write transaction of the caller, one step at a time, in this order: open (takes the writer's lock,
 * numbers the run), groups, states, figures, the findings and messages of store_finding.h, close. The caller commits, or rolls
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

/* Runs of each part follow one another; one part does not overtake the other. */
enum check_part { CHECK_LAW, CHECK_RECORDS };
struct check_run_row {
	day_t as_of;
	int64_t known_batch;
	const char *jurisdiction;
	const char *program; /* SETASIDE_VERSION: which program judged */
	enum check_part part;
	bool quiet_start; /* of the law: if it is the first one, it tells nobody */
};
struct check_opened {
	int64_t run_id;
	char started_at[24]; /* "2026-10-20T01:00:00Z" */
	bool overtaken;      /* a run of a later batch is on record: roll back */
	bool differs;        /* another day, batch, place, program or law than the last run */
	bool alike; /* there is a last run, and it judged by the same place, program and law in force */
	day_t last_as_of;   /* of the last run; DAY_NONE = there is none */
	int64_t last_batch; /* that it knew; -1 = there is none */
	bool any_state;     /* states are on record */
	bool registered;    /* other people hear other things than the last run knew */
	bool silent;        /* tells nobody: what is still so is told by the next run */
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
	fen_t cap_left; /* when capped */
	const char *const *flags;
	int flag_count;
	const char *evidence; /* JSON object text; NULL = none is kept */
	int missing_year;     /* calendar year without which the due day is not known; 0 = none */
	int64_t alt_rate_ppm; /* yearly, of interest_alt; 0 = there is none */
	int64_t alt_day_base;
	bool beside;           /* disputed after the due day: */
	wide_t beside_product; /* fen x day, from that day to the end of the dispute */
	fen_t beside_accruing; /* what each further day adds to it */
	const char *currency;
};
struct state_key {
	const char *obligation_no;
	char print[33]; /* 32 hex digits over all that makes a row differ */
};
/* What is on record of an allocation group that has states. */
struct group_key {
	const char *unit_code, *supplier_uscc;
	day_t next_change_on; /* from which a state of it may be different; DAY_NONE = never by itself */
	char print[33];       /* over its states */
};
typedef void (*state_fill_fn)(void *arg, size_t index, struct state_row *ret_row);
/* Rows that differ from what is on record; lent until done. */
struct state_changes {
	const struct state_key *keys;
	state_fill_fn fill; /* index: place in keys */
	void *fill_arg;
	const uint32_t *written; /* places in keys: new or changed */
	size_t written_count;
	const char *const *gone; /* numbers whose row on record belongs to no obligation any more */
	size_t gone_count;
};
/* Groups that differ from what is on record; lent until done. A group is in one piece only. */
struct group_changes {
	const struct group_key *keys;
	const uint32_t *written; /* places in keys */
	size_t written_count;
	const struct group_key *gone; /* have no states any more; unit_code and supplier_uscc */
	size_t gone_count;
};
typedef void (*check_counted_fn)(
	void *arg, const struct err *err, int64_t written, int64_t removed);
/* The states come piece by piece: begin, put for every piece, their groups after them, end. All states of a contract are in one piece. first: nothing is on record, so rows go straight into
 * their table, whose indexes are made after them, and sums over all rows are made on the way (sql/state_sums.h); else they are gathered in the temporary table state_change, which ends up in one exchange. A number that is
 * gone in one piece and written in another is written. */
void check_store_states_begin(struct check_store *store, bool first, day_t as_of, int64_t run_id,
	check_counted_fn done, void *arg);
void check_store_states_put(struct check_store *store, const struct state_changes *changes,
	check_counted_fn done, void *arg);
void check_store_groups_put(struct check_store *store, const struct group_changes *changes,
	check_counted_fn done, void *arg);
/* written, removed: of all pieces, states. */
void check_store_states_end(struct check_store *store, check_counted_fn done, void *arg);

/* What is on record of each scope of a year, in byte order; the texts are lent for the call. */
typedef void (*check_print_fn)(void *arg, const char *scope, const char *print);
void check_store_figure_prints(struct check_store *store, int fiscal_year, check_print_fn print,
	check_counted_fn done, void *arg);
/* Writes these figures of the year, removes scopes that are no longer there. figures is a JSON array of objects {scope, name,
 * rule_id, currency, strict_base_fen, adjusted_base_fen, sme_fen, small_micro_fen, sme_status, small_micro_status,
 * sme_gap_fen, body, print}: those that differ from what is on record. scopes: array literal of all that there are. Both are
 * copied. */
struct figure_set {
	int64_t run_id;
	day_t as_of;
	int fiscal_year;
	const char *figures, *scopes;
};
void check_store_figures(
	struct check_store *store, const struct figure_set *set, check_counted_fn done, void *arg);

/* Makes the temporary table of the groups to be judged (work_group): all of the batch, or those touched since a run that
 * knew `after` and looked at last_day. written: how many. */
struct group_choice {
	bool all;
	int64_t after;
	day_t last_day, as_of;
};
void check_store_groups(struct check_store *store, const struct group_choice *choice,
	check_counted_fn done, void *arg);
/* Whether stray payments (payment_astray) differ from what was on record before all groups were made. */
bool check_store_strays_differ(const struct check_store *store);
/* Finds them again, for a run whose groups were made in another transaction: what that one put on record is lost with it. */
void check_store_strays(struct check_store *store, check_counted_fn done, void *arg);
/* Years without a working calendar that obligations on record wait for, in order. */
typedef void (*check_year_fn)(void *arg, int year, int64_t obligations);
void check_store_missing_years(
	struct check_store *store, check_year_fn year, check_counted_fn done, void *arg);

/* After a run that judged everything: summaries by which the next one finds what later batches brought; after a first run
 * (nothing was on record) statistics too. */
void check_store_settle(struct check_store *store, bool first, check_counted_fn done, void *arg);

struct check_counts {
	int64_t obligations, states_written;
	int64_t findings_opened, findings_updated, findings_closed, messages_queued;
};
/* Writes the counts, moves the state version, NOTIFY setaside_state, and setaside_outbox when messages were queued. */
void check_store_close(struct check_store *store, int64_t run_id, const struct check_counts *counts,
	check_counted_fn done, void *arg);

#endif
