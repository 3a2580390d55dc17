/* original: the rows of a record as their source sent them, from the archive. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "collectors/original.h"
#include "collectors/source.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/kind.h"

enum { PLACES_MAX = 20 };

struct search {
	struct session *session;
	struct source_env env;
	const struct command_call *call;
	struct {
		int64_t batch, place;
	} found[PLACES_MAX];
	int count, at;
};

static const struct source_config *config_of(void *arg, const char *source)
{
	const struct search *search = arg;

	return config_source(search->session->config, source);
}

static void show_next(struct search *search);

static void on_original(void *arg, const struct original *original, const struct err *err)
{
	struct search *search = arg;

	if (err) {
		session_finish(search->session, err);
		return;
	}
	printf("batch %" PRId64 ", source %s, %s row %" PRId64 ":\n%s\n",
		search->found[search->at].batch, original->source, original->file,
		original->locator, original->text);
	search->at++;
	show_next(search);
}

static void show_next(struct search *search)
{
	struct session *session = search->session;
	struct err err = ERR_INIT;

	if (search->at == search->count) {
		session_finish(session, NULL);
		return;
	}
	if (!original_start(session->base, session->link, session->archive,
		    search->found[search->at].batch, search->found[search->at].place, config_of,
		    on_original, search, &err))
		session_finish(session, &err);
}

static void on_place(void *arg, const struct sql_row *row)
{
	struct search *search = arg;

	if (search->count == PLACES_MAX)
		return;
	search->found[search->count].batch = sql_row_int(row, 0);
	search->found[search->count++].place = sql_row_int(row, 1);
}

static void on_places(void *arg, const struct sql_outcome *outcome)
{
	struct search *search = arg;
	struct err err = outcome->err;

	if (err.code == ERR_NONE && search->count == 0)
		err_set(&err, ERR_DATA, "there is no %s with the number \"%s\"",
			search->call->argument[0], search->call->argument[1]);
	if (err.code != ERR_NONE)
		session_finish(search->session, &err);
	else
		show_next(search);
}

static int run_search(struct session *session, const struct command_call *call)
{
	struct search search = { .session = session, .call = call };
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call places = { .text = sql_text_original_places,
		.params = &params,
		.row = on_place,
		.done = on_places,
		.arg = &search };

	int status = session_open_sources(session, false, &search.env);
	if (status != STATUS_DONE)
		return status;
	sql_param_text(&params, call->argument[0]);
	sql_param_text(&params, call->argument[1]);
	if (!sql_submit(session->link, &places, &err))
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
