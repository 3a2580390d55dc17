#include "sql/migrate.h"

#include <event2/event.h>

#include "core/log.h"
#include "core/mem.h"
#include "sql/embed.h"
#include "sql/internal.h"

enum { MIGRATE_MS = 15 * 60 * 1000 };

/* One transaction of a migrator: lock, look, then one migration, or the views, or nothing.
 * Repeated until a look finds nothing to do, so a second migrator, or a new session after a lost
 * one, always goes on from what is there. */
struct migrator {
	struct sql_link *link;
	struct sql_tx *tx;
	bool with_roles;
	sql_migrate_done_fn done;
	void *arg;
	struct err err;
	const char *stem; /* file under way, for the error text */
	int present;      /* migrations found applied and unchanged */
	bool views_differ;
	int next_view;
	int applied;
};

static void begin(struct migrator *m);

static int file_number(const char *stem)
{
	return (int)strtol(stem, NULL, 10);
}

static int migration_count(void)
{
	int count = 0;

	while (sql_migrations[count].stem)
		count++;
	return count;
}

int sql_schema_version_wanted(void)
{
	int count = migration_count();

	return count > 0 ? file_number(sql_migrations[count - 1].stem) : 0;
}

static void finish(struct migrator *m)
{
	int version = m->present > 0 ? file_number(sql_migrations[m->present - 1].stem) : 0;

	m->done(m->arg, &m->err, version, m->applied);
	free(m);
}

static void on_rolled_back(void *arg, const struct sql_outcome *outcome)
{
	(void)outcome; /* the first error is the one to tell */
	finish(arg);
}

/* True if the step went well; else the error is kept and the transaction rolled back. */
static bool went_well(struct migrator *m, const struct sql_outcome *outcome)
{
	struct err *err = &m->err;

	if (outcome->err.code != ERR_NONE && err->code == ERR_NONE) {
		*err = outcome->err;
		if (m->stem)
			err_prefix(err, "%s.sql", m->stem);
	}
	if (err->code == ERR_NONE)
		return true;
	sql_tx_rollback(m->tx, on_rolled_back, m);
	return false;
}

static void run(struct migrator *m, const char *text, const struct sql_params *params,
	sql_row_fn row, sql_done_fn done)
{
	struct sql_call call = { .text = text,
		.params = params,
		.row = row,
		.done = done,
		.arg = m,
		.deadline_ms = MIGRATE_MS };

	sql_tx_call(m->tx, &call);
}

/* A file of several statements. */
static void run_script(struct migrator *m, const char *text, sql_done_fn done)
{
	struct sql_call call = { .text = text, .done = done, .arg = m, .deadline_ms = MIGRATE_MS };

	tx_script(m->tx, &call);
}

/* The end: roles and rights, then commit ------------------------------------------------------- */

static void on_last_commit(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (outcome->err.code != ERR_NONE)
		m->err = outcome->err;
	finish(m);
}

static void on_granted(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (went_well(m, outcome))
		sql_tx_commit(m->tx, on_last_commit, m);
}

static void on_roles(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (went_well(m, outcome))
		run_script(m, sql_text_roles_grant, on_granted);
}

static void close_up(struct migrator *m)
{
	const struct sql_outcome nothing = { .err = ERR_INIT };

	if (m->with_roles)
		run_script(m, sql_text_roles_create, on_roles);
	else if (m->views_differ)
		on_roles(m, &nothing);
	else
		on_granted(m, &nothing);
}

/* The views: all dropped, all made ------------------------------------------------------------- */

static void note_views(struct migrator *m, const char *sha256, sql_done_fn done)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, sha256);
	sql_param_text(&params, SETASIDE_VERSION);
	run(m, sql_text_schema_view_note, &params, NULL, done);
}

static void on_views_noted(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (went_well(m, outcome))
		close_up(m);
}

static void on_view_made(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;
	const struct sql_file *file = &sql_views[m->next_view];

	if (!went_well(m, outcome))
		return;
	m->stem = file->stem;
	m->next_view++;
	if (file->stem)
		run_script(m, file->text, on_view_made);
	else
		note_views(m, sql_views_sha256, on_views_noted);
}

static void on_view_print(void *arg, const struct sql_row *row)
{
	struct migrator *m = arg;

	m->views_differ = strcmp(sql_row_text(row, 0), sql_views_sha256) != 0;
}

static void on_views_looked_at(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (!went_well(m, outcome))
		return;
	m->next_view = 0;
	if (m->views_differ)
		run_script(m, sql_text_schema_view_drop, on_view_made);
	else
		close_up(m);
}

/* One migration -------------------------------------------------------------------------------- */

static void on_file_committed(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (outcome->err.code != ERR_NONE) {
		m->err = outcome->err;
		err_prefix(&m->err, "%s.sql", m->stem);
		finish(m);
		return;
	}
	log_info("migrate", "applied %s", m->stem);
	m->applied++;
	begin(m);
}

static void on_file_noted(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (went_well(m, outcome))
		sql_tx_commit(m->tx, on_file_committed, m);
}

static void on_file_run(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;
	const struct sql_file *file = &sql_migrations[m->present];
	struct sql_params params = SQL_PARAMS_INIT;

	if (!went_well(m, outcome))
		return;
	sql_param_int(&params, file_number(file->stem));
	sql_param_text(&params, file->stem);
	sql_param_text(&params, file->sha256);
	sql_param_text(&params, SETASIDE_VERSION);
	run(m, sql_text_schema_note, &params, NULL, on_file_noted);
}

static void on_old_views_noted(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;
	const struct sql_file *file = &sql_migrations[m->present];

	if (!went_well(m, outcome))
		return;
	m->stem = file->stem;
	run_script(m, file->text, on_file_run);
}

/* A migration may change what views stand on, so they go first and come back after the last one. */
static void on_old_views_gone(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (went_well(m, outcome))
		note_views(m, "", on_old_views_noted);
}

/* Lock and look -------------------------------------------------------------------------------- */

static void on_applied_row(void *arg, const struct sql_row *row)
{
	struct migrator *m = arg;
	const struct sql_file *file = &sql_migrations[m->present];
	int64_t number = sql_row_int(row, 0);

	if (m->err.code != ERR_NONE)
		return;
	if (!file->stem)
		err_set(&m->err, ERR_DB,
			"the database holds migration %s, which this program (%s) does not know; "
			"install the newer program",
			sql_row_text(row, 1), SETASIDE_VERSION);
	else if (number != file_number(file->stem))
		err_set(&m->err, ERR_DB,
			"the database holds migration %s where this program has %s",
			sql_row_text(row, 1), file->stem);
	else if (strcmp(sql_row_text(row, 2), file->sha256) != 0)
		err_set(&m->err, ERR_DB,
			"migration %s was applied with another content (checksum %.12s, the "
			"program "
			"has %.12s); an applied migration must never be edited",
			file->stem, sql_row_text(row, 2), file->sha256);
	else
		m->present++;
}

static void on_applied(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (!went_well(m, outcome))
		return;
	if (sql_migrations[m->present].stem)
		run_script(m, sql_text_schema_view_drop, on_old_views_gone);
	else
		run(m, sql_text_schema_view_print, NULL, on_view_print, on_views_looked_at);
}

static void on_ledger(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	m->present = 0;
	if (went_well(m, outcome))
		run(m, sql_text_schema_applied, NULL, on_applied_row, on_applied);
}

static void on_locked(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (went_well(m, outcome))
		run_script(m, sql_text_schema_ledger, on_ledger);
}

static void on_patient(void *arg, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	if (went_well(m, outcome))
		run(m, sql_text_schema_lock, NULL, NULL, on_locked);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct migrator *m = arg;

	m->tx = tx;
	if (outcome->err.code != ERR_NONE) {
		m->err = outcome->err;
		finish(m);
		return;
	}
	run(m, sql_text_schema_lock_patience, NULL, NULL, on_patient);
}

static void on_refused(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	finish(arg);
}

/* A closed link refuses at once; the caller hears of it on the loop, as of everything else. */
static void begin(struct migrator *m)
{
	m->stem = NULL;
	if (sql_tx_begin(m->link, SQL_TX_WRITE, MIGRATE_MS, on_begun, m, &m->err) < 0)
		event_base_once(m->link->base, -1, EV_TIMEOUT, on_refused, m, NULL);
}

void sql_migrate(struct sql_link *link, bool with_roles, sql_migrate_done_fn done, void *arg)
{
	struct migrator *m = mem_zero(1, sizeof(*m));

	m->link = link;
	m->with_roles = with_roles;
	m->done = done;
	m->arg = arg;
	begin(m);
}
