/* original: the rows of a record as their source sent them, from the archive. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collectors/source.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/originals.h"
#include "daemon/session.h"
#include "sql/kind.h"

static const struct source_config *config_of(void *arg, const char *source)
{
	const struct session *session = arg;

	return config_source(session->config, source);
}

static void on_row(void *arg, int64_t batch, const struct original *original)
{
	(void)arg;
	printf("batch %" PRId64 ", source %s, %s row %" PRId64 ":\n%s\n", batch, original->source,
		original->file, original->locator, original->text);
}

static void on_done(void *arg, const struct err *err)
{
	session_finish(arg, err);
}

static int run_search(struct session *session, const struct command_call *call)
{
	struct source_env env;
	struct err err = ERR_INIT;
	int status = session_open_sources(session, false, &env);

	if (status != STATUS_DONE)
		return status;
	struct originals_call originals = { .base = session->base,
		.link = session->link,
		.archive = session->archive,
		.config = config_of,
		.config_arg = session,
		.kind = call->argument[0],
		.number = call->argument[1],
		.row = on_row,
		.done = on_done,
		.arg = session };
	if (!originals_start(&originals, &err))
		return command_failed(&err);
	return session_run(session);
}

static int run(struct command_call *call)
{
	struct err err = ERR_INIT;

	if (strcmp(call->argument[0], "quarantine") == 0 || kind_find(call->argument[0]))
		return session_with(call, run_search);
	err_set(&err, ERR_USAGE, "\"%s\" is neither a record kind nor quarantine",
		call->argument[0]);
	return command_failed(&err);
}

static const struct command_option options[] = { { .name = NULL } };

const struct command command_original = {
	.name = "original",
	.usage = "KIND NUMBER",
	.least = 2,
	.most = 2,
	.help = "Shows the row of a record as its source sent it: payment V1; quarantine 7.",
	.options = options,
	.run = run,
};
