#include "sql/dsn.h"

#include <libpq-fe.h>

#include "core/mem.h"
#include "sql/hosts.h"

const char *sql_dsn_get(const struct sql_dsn *dsn, const char *keyword)
{
	for (int i = 0; i < dsn->count; i++)
		if (strcmp(dsn->keyword[i], keyword) == 0)
			return dsn->value[i];
	return "";
}

void sql_dsn_set(struct sql_dsn *dsn, const char *keyword, const char *value)
{
	for (int i = 0; i < dsn->count; i++)
		if (strcmp(dsn->keyword[i], keyword) == 0) {
			free(dsn->value[i]);
			dsn->value[i] = mem_text(value);
			return;
		}
	if (dsn->count >= DSN_WORDS_MAX - 1)
		BUG("more than %d connection parameters", DSN_WORDS_MAX - 1);
	dsn->keyword[dsn->count] = mem_text(keyword);
	dsn->value[dsn->count] = mem_text(value);
	dsn->count++;
}

static void set_unless_given(struct sql_dsn *dsn, const char *keyword, const char *value)
{
	if (*sql_dsn_get(dsn, keyword) == '\0')
		sql_dsn_set(dsn, keyword, value);
}

/* A host given by the environment would be looked up by libpq, and that blocks. */
static void take_environment(struct sql_dsn *dsn)
{
	const char *host = getenv("PGHOST");

	if (*sql_dsn_get(dsn, "host") == '\0' && *sql_dsn_get(dsn, "hostaddr") == '\0' && host)
		sql_dsn_set(dsn, "host", host);
}

/* PostgreSQL 15 or newer is ours, so every setting below is known to it. */
static void add_session_options(struct sql_dsn *dsn, int statement_ms)
{
	_cleanup_free_ char *options =
		mem_format("%s -c statement_timeout=%d -c lock_timeout=20s"
			   " -c idle_in_transaction_session_timeout=15min"
			   " -c client_connection_check_interval=10s -c timezone=Asia/Shanghai"
			   " -c datestyle=ISO,YMD -c intervalstyle=postgres -c bytea_output=hex"
			   " -c jit=off -c search_path=setaside",
			sql_dsn_get(dsn, "options"), statement_ms);

	sql_dsn_set(dsn, "options", options);
}

static void add_ours(struct sql_dsn *dsn, const char *name, bool foreign, int statement_ms)
{
	_cleanup_free_ char *application = mem_format("setaside %s", name);

	sql_dsn_set(dsn, "application_name", application);
	sql_dsn_set(dsn, "client_encoding", "UTF8");
	set_unless_given(dsn, "keepalives_idle", "30");
	set_unless_given(dsn, "keepalives_interval", "10");
	set_unless_given(dsn, "keepalives_count", "3");
	set_unless_given(dsn, "tcp_user_timeout", "30000");
	if (!foreign)
		add_session_options(dsn, statement_ms);
	if (sql_hosts_remote(sql_dsn_get(dsn, "host"), sql_dsn_get(dsn, "hostaddr")))
		set_unless_given(dsn, "sslmode", "verify-full");
}

static int take_parsed(struct sql_dsn *dsn, const PQconninfoOption *option, struct err *err)
{
	for (; option->keyword; option++) {
		if (!option->val || option->val[0] == '\0')
			continue;
		/* The file may name hosts, which libpq would look up while the loop stands. */
		if (strcmp(option->keyword, "service") == 0)
			return err_set(err, ERR_USAGE,
				"the connection string names a service; give host and dbname "
				"instead");
		sql_dsn_set(dsn, option->keyword, option->val);
	}
	return 0;
}

struct sql_dsn *sql_dsn_new(
	const char *text, const char *name, bool foreign, int statement_ms, struct err *err)
{
	char *why = NULL;
	PQconninfoOption *options = PQconninfoParse(text, &why);
	struct sql_dsn *dsn;
	int rc;

	if (!options) {
		/* libpq's text quotes a piece of the string; a password may be in it. */
		err_set(err, ERR_USAGE, "the database connection string is not valid%s",
			why && strstr(why, "invalid connection option")
				? ": it has an option that libpq does not know"
				: "");
		PQfreemem(why);
		return NULL;
	}
	dsn = mem_zero(1, sizeof(*dsn));
	rc = take_parsed(dsn, options, err);
	PQconninfoFree(options);
	if (rc < 0) {
		sql_dsn_free(dsn);
		return NULL;
	}
	take_environment(dsn);
	add_ours(dsn, name, foreign, statement_ms);
	return dsn;
}

struct sql_dsn *sql_dsn_copy(const struct sql_dsn *dsn)
{
	struct sql_dsn *copy = mem_zero(1, sizeof(*copy));

	for (int i = 0; i < dsn->count; i++)
		sql_dsn_set(copy, dsn->keyword[i], dsn->value[i]);
	return copy;
}

void sql_dsn_free(struct sql_dsn *dsn)
{
	if (!dsn)
		return;
	for (int i = 0; i < dsn->count; i++) {
		free(dsn->keyword[i]);
		explicit_bzero(dsn->value[i], strlen(dsn->value[i])); /* one is the password */
		free(dsn->value[i]);
	}
	free(dsn);
}

bool sql_dsn_has_names(const struct sql_dsn *dsn)
{
	return sql_hosts_have_names(sql_dsn_get(dsn, "host"), sql_dsn_get(dsn, "hostaddr"));
}
