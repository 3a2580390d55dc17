#include "daemon/session.h"

#include <event2/event.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "collectors/archive.h"
#include "collectors/source.h"
#include "core/fetch.h"
#include "core/log.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "sql/link.h"
#include "sql/migrate.h"

struct config *session_config(const struct command_call *call)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct config *config = config_load(config_path(call->config_path), &errors);
	for (int i = 0; i < errors.count; i++)
		fprintf(stderr, "%s\n", errors.line[i]);
	if (errors.total > errors.count)
		fprintf(stderr, "setaside: %d more errors\n", errors.total - errors.count);
	conf_errors_free(&errors);
	return config;
}

static void on_schema(void *arg, const struct err *err, int version)
{
	(void)version;
	session_finish(arg, err);
}

int session_open(struct session *session, const struct command_call *call, enum session_check check)
{
	struct err err = ERR_INIT;
	*session = (struct session){ .status = STATUS_DONE };
	signal(SIGPIPE, SIG_IGN);
	session->config = session_config(call);
	if (!session->config)
		return STATUS_USAGE;
	session->base = event_base_new();
	if (!session->base)
		BUG("no event base");
	struct sql_link_options options = { .dsn = session->config->dsn,
		.password_file = session->config->password_path,
		.name = call->command->name,
		.once = true };
	session->link = sql_link_new(session->base, &options, &err);
	if (!session->link)
		return command_failed(&err);
	if (check == SESSION_ANY_SCHEMA)
		return STATUS_DONE;
	sql_schema_check(session->link, on_schema, session);
	int status = session_run(session);
	session->finished = false;
	return status;
}

static char *scratch_new(struct err *err)
{
	const char *base = getenv("TMPDIR");
	char *path = mem_format("%s/setaside-XXXXXX", base && base[0] ? base : "/tmp");

	if (mkdtemp(path))
		return path;
	err_set_errno(err, ERR_IO, "cannot make a scratch directory %s", path);
	free(path);
	return NULL;
}

static int scratch_drop(const char *path, const struct stat *info, int type, struct FTW *place)
{
	(void)info;
	(void)type;
	(void)place;
	return remove(path);
}

static void scratch_free(char *path)
{
	if (path && nftw(path, scratch_drop, 16, FTW_DEPTH | FTW_PHYS) < 0)
		log_warn("session", "cannot remove %s", path);
	free(path);
}

int session_open_sources(struct session *session, bool rehearsal, struct source_env *ret_env)
{
	struct err err = ERR_INIT;
	if (rehearsal) {
		session->scratch = scratch_new(&err);
		if (!session->scratch)
			return command_failed(&err);
	}
	fetch_global_init();
	session->fetch = fetch_new(session->base, &err);
	if (session->fetch)
		session->archive = archive_new(session->base,
			rehearsal ? session->scratch : session->config->state,
			session->config->state_quota, &err);
	if (!session->archive)
		return command_failed(&err);
	*ret_env = (struct source_env){ .collector = { session->base, session->fetch },
		.store = session->link,
		.archive = session->archive };
	return STATUS_DONE;
}

int session_run(struct session *session)
{
	while (!session->finished)
		if (event_base_loop(session->base, EVLOOP_ONCE) != 0)
			BUG("the loop has nothing to wait for");
	return session->status;
}

void session_finish(struct session *session, const struct err *err)
{
	if (err && err->code != ERR_NONE)
		session->status = command_failed(err);
	session->finished = true;
}

void session_close(struct session *session)
{
	if (session->fetch) {
		fetch_free(session->fetch);
		fetch_global_free();
	}
	archive_free(session->archive);
	scratch_free(session->scratch);
	sql_link_free(session->link);
	if (session->base)
		event_base_free(session->base);
	config_unref(session->config);
}

int session_with(const struct command_call *call,
	int (*work)(struct session *session, const struct command_call *call))
{
	struct session session = { .finished = false };
	int status = session_open(&session, call, SESSION_CURRENT_SCHEMA);

	if (status == STATUS_DONE)
		status = work(&session, call);
	session_close(&session);
	return status;
}
