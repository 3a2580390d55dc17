#include "lib/pull.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "collectors/archive.h"
#include "lib/pg.h"
#include "sql/link.h"

static void open_parts(struct pull *pull, const char *dsn)
{
	struct err err = ERR_INIT;

	pull->base = pg_loop_new();
	struct sql_link_options options = { .dsn = dsn, .name = "store" };
	pull->link = sql_link_new(pull->base, &options, &err);
	dir_make(pull->state);
	dir_make(pull->data);
	pull->archive = archive_new(pull->base, pull->state, 0, &err);
	cr_assert(pull->link != NULL && pull->archive != NULL, "%s", err.text);
	pull->env = (struct source_env){
		.collector = { .base = pull->base }, .store = pull->link, .archive = pull->archive
	};
}

void pull_setup(struct pull *pull)
{
	*pull = (struct pull){ .db = pg_db_new() };
	open_parts(pull, pg_db_dsn(pull->db));
}

void pull_setup_on(struct pull *pull, struct pg_db *db, const char *dsn)
{
	*pull = (struct pull){ .db = db, .db_lent = true };
	open_parts(pull, dsn);
}

void pull_teardown(struct pull *pull)
{
	archive_free(pull->archive);
	sql_link_free(pull->link);
	pg_loop_free(pull->base);
	if (!pull->db_lent)
		pg_db_free(pull->db);
	dir_remove(pull->state);
	dir_remove(pull->data);
}

static void on_done(void *arg, const struct source_report *report, const struct err *err)
{
	struct pull *pull = arg;

	cr_assert_not(pull->done, "done was called twice");
	pull->done = true;
	pull->failed = err != NULL;
	pull->err = err != NULL ? *err : (struct err)ERR_INIT;
	pull->report = *report;
}

void pull_run(
	struct pull *pull, const struct source_config *config, const struct source_options *options)
{
	struct err err = ERR_INIT;

	pull->done = false;
	cr_assert_not_null(
		source_run_start(&pull->env, config, options, on_done, pull, &err), "%s", err.text);
	cr_assert_not(pull->done, "done was called inside source_run_start");
	pg_loop_until(pull->base, &pull->done, 60000);
}

void pull_import(struct pull *pull, bool complete)
{
	struct source_config config;

	source_config_import(&config, "import", pull->data, complete);
	pull_run(pull, &config, NULL);
	source_config_free(&config);
}
