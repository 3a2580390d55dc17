/* migrate: creates or upgrades the schema. The daemon itself never does. */
#include <stdio.h>

#include "daemon/command.h"
#include "daemon/session.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/migrate.h"

enum { ROLES, DEMONSTRATION };
static const struct command_option options[] = {
	[ROLES] = { "roles", OPTION_FLAG, NULL, "also create or adjust the database roles", NULL },
	[DEMONSTRATION] = { "demonstration", OPTION_FLAG, NULL,
		"mark the installation as 演示数据: pages, mails and documents say so", NULL },
	{ .name = NULL },
};

struct migration {
	struct session session;
	bool mark;
};

static void on_marked(void *arg, const struct sql_outcome *outcome)
{
	struct migration *migration = arg;
	if (outcome->err.code == ERR_NONE)
		puts("marked as demonstration data");
	session_finish(&migration->session, &outcome->err);
}

static void on_migrated(void *arg, const struct err *err, int version, int applied)
{
	struct migration *migration = arg;
	struct err fault = ERR_INIT;
	if (err && err->code != ERR_NONE) {
		session_finish(&migration->session, err);
		return;
	}
	printf("schema %d, %d applied now\n", version, applied);
	struct sql_call call = {
		.text = sql_text_mark_demonstration, .done = on_marked, .arg = migration
	};
	if (!migration->mark)
		session_finish(&migration->session, NULL);
	else if (!sql_submit(migration->session.link, &call, &fault))
		session_finish(&migration->session, &fault);
}

static int run_migrate(struct command_call *call)
{
	struct migration migration = { .mark = call->value[DEMONSTRATION].given };
	int status = session_open(&migration.session, call, SESSION_ANY_SCHEMA);
	if (status == STATUS_DONE) {
		sql_migrate(
			migration.session.link, call->value[ROLES].given, on_migrated, &migration);
		status = session_run(&migration.session);
	}
	session_close(&migration.session);
	return status;
}

const struct command command_migrate = {
	.name = "migrate",
	.usage = "",
	.help = "Creates or upgrades the schema; each step is one transaction, repeating it "
		"changes nothing.",
	.options = options,
	.run = run_migrate,
};
