/* The look at the schema before work starts: is it the one that this program was made for? */
#include <event2/event.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/internal.h"
#include "sql/migrate.h"

struct schema_look {
	sql_schema_check_fn done;
	void *arg;
	int version;
	bool views_differ;
	struct err refused; /* the link took no statement */
};

static void on_state_row(void *arg, const struct sql_row *row)
{
	struct schema_look *look = arg;

	look->version = (int)sql_row_int(row, 0);
	look->views_differ = strcmp(sql_row_text(row, 1), sql_views_sha256) != 0;
}

static void judge(const struct schema_look *look, struct err *err)
{
	int wanted = sql_schema_version_wanted();

	if (look->version == 0)
		err_set(err, ERR_DB, "the database has no schema yet: run 'setaside migrate'");
	else if (look->version < wanted)
		err_set(err, ERR_DB,
			"the schema is version %d, this program needs %d: run 'setaside migrate'",
			look->version, wanted);
	else if (look->version > wanted)
		err_set(err, ERR_DB,
			"the schema is version %d, newer than this program's %d: install the newer "
			"program",
			look->version, wanted);
	else if (look->views_differ)
		err_set(err, ERR_DB,
			"the views are not those of this program: run 'setaside migrate'");
}

static void on_state(void *arg, const struct sql_outcome *outcome)
{
	struct schema_look *look = arg;
	struct err err = outcome->err;

	/* No such table: nothing was ever migrated here. */
	if (strcmp(err.sqlstate, "42P01") == 0)
		err_clear(&err);
	if (err.code == ERR_NONE)
		judge(look, &err);
	look->done(look->arg, &err, look->version);
	free(look);
}

static void on_refused(evutil_socket_t fd, short what, void *arg)
{
	struct schema_look *look = arg;

	(void)fd;
	(void)what;
	look->done(look->arg, &look->refused, 0);
	free(look);
}

void sql_schema_check(struct sql_link *link, sql_schema_check_fn done, void *arg)
{
	struct schema_look *look = mem_zero(1, sizeof(*look));
	struct sql_call call = {
		.text = sql_text_schema_state, .row = on_state_row, .done = on_state, .arg = look
	};

	look->done = done;
	look->arg = arg;
	if (!sql_submit(link, &call, &look->refused))
		event_base_once(link->base, -1, EV_TIMEOUT, on_refused, look, NULL);
}
