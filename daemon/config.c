/* The list of sections, and the few keys that belong to the program as a whole. */
#include "daemon/config.h"

#include <stdlib.h>
#include <string.h>

#include "alerts/alert.h"
#include "api/server.h"
#include "collectors/source_config.h"
#include "checks/worklist.h"
#include "core/mem.h"

enum { DSN_MAX = 2048, WORD_MAX = 64, ORDER_MAX = 200, PATH_LENGTH_MAX = 4095 };

static const struct conf_key top_keys[] = {
	{ .name = "state",
		.type = CONF_TEXT,
		.fallback = "/var/lib/setaside",
		.max = PATH_LENGTH_MAX,
		.flags = CONF_NO_RELOAD,
		.help = "Directory of the original bytes of every batch." },
	{ .name = "state-quota",
		.type = CONF_SIZE,
		.fallback = "0",
		.min = 0,
		.max = INT64_MAX,
		.unit = "bytes",
		.flags = CONF_NO_RELOAD,
		.help = "What the originals may take on disk, compressed; 0 = no limit of ours." },
	{ .name = "jurisdiction",
		.type = CONF_TEXT,
		.max = WORD_MAX,
		.flags = CONF_REQUIRED | CONF_NO_RELOAD,
		.help = "Whose rules apply, for instance beijing-xicheng." },
	{ .name = "work-order",
		.type = CONF_TEXT,
		.fallback = "verified-undisputed, small-debt, amount-days",
		.max = ORDER_MAX,
		.help = "Order of the day's work, criteria one after the other: "
			"verified-undisputed, small-debt, amount-days, amount, days, limitation." },
	{ .name = NULL },
};

static const struct conf_key database_keys[] = {
	{ .name = "dsn",
		.type = CONF_TEXT,
		.max = DSN_MAX,
		.flags = CONF_REQUIRED | CONF_NO_RELOAD,
		.help = "libpq connection string or URI, without a password." },
	{ .name = "password-file",
		.type = CONF_SECRET,
		.flags = CONF_NO_RELOAD,
		.help = "File whose one line is the password; read at every connect." },
	{ .name = "start-deadline",
		.type = CONF_DURATION,
		.fallback = "30s",
		.min = 0,
		.max = 600000,
		.unit = "ms",
		.help = "How long the start waits for the database before it goes on without." },
	{ .name = NULL },
};

const struct conf_section *config_sections(void)
{
	static struct conf_section sections[] = {
		{ "", false, top_keys, "What concerns the whole program." },
		{ "database", false, database_keys, "Where the ledger is." },
		{ "source", true, NULL, "Where records come from." },
		{ "channel", true, alert_channel_keys, "How someone is told." },
		{ "route", true, alert_route_keys, "Who is told what." },
		{ "api", false, api_conf_keys, "Pages and interface." },
		{ "watch", false, selfwatch_conf_keys, "How the monitor watches itself." },
		{ .name = NULL },
	};
	sections[2] = source_section;
	return sections;
}

const char *config_path(const char *path)
{
	if (path)
		return path;
	const char *environment = getenv("SETASIDE_CONFIG");
	return environment && *environment ? environment : "/etc/setaside/setaside.conf";
}

static void read_sources(struct config *config, struct conf_errors *errors)
{
	int count = conf_block_count(config->conf, "source");
	config->source = mem_zero((size_t)count + 1, sizeof(*config->source));
	for (int i = 0; i < count; i++)
		if (source_config_read(conf_block(config->conf, "source", i),
			    &config->source[config->source_count], errors) == 0)
			config->source_count++;
}

/* In either form of a libpq connection string: password=…, or scheme://user:password@host. */
static bool holds_password(const char *dsn)
{
	const char *authority = strstr(dsn, "://");
	if (strstr(dsn, "password="))
		return true;
	if (!authority)
		return false;
	authority += 3;
	size_t length = strcspn(authority, "/?");
	const char *at = memchr(authority, '@', length);
	return at && memchr(authority, ':', (size_t)(at - authority));
}

static void read_database(struct config *config, struct conf_errors *errors)
{
	const struct conf_block *block = conf_block(config->conf, "database", 0);
	const char *dsn = conf_text(block, "dsn");
	if (!conf_block_given(block)) {
		conf_complain(errors, block, NULL,
			"there must be a block database { dsn = \"host=/run/postgresql "
			"dbname=setaside\" }");
		return;
	}
	if (holds_password(dsn))
		conf_complain(errors, block, "dsn",
			"a password must not stand in the dsn, put it into a file and name it in "
			"password-file");
	config->dsn = mem_text(dsn);
	const char *password = conf_secret_path(block, "password-file");
	config->password_path = password ? mem_text(password) : NULL;
	config->start_deadline_ms = conf_int(block, "start-deadline");
}

static void read_top(struct config *config, struct conf_errors *errors)
{
	const struct conf_block *block = conf_block(config->conf, "", 0);
	struct worklist_order order;
	config->state = mem_text(conf_text(block, "state"));
	config->state_quota = conf_int(block, "state-quota");
	config->jurisdiction = mem_text(conf_text(block, "jurisdiction"));
	config->work_order = mem_text(conf_text(block, "work-order"));
	if (!worklist_order_parse(config->work_order, &order))
		conf_complain(errors, block, "work-order",
			"work-order is \"%s\", it must be a list of different words of "
			"verified-undisputed, small-debt, amount-days, amount, days, limitation",
			config->work_order);
	if (config->state[0] != '/')
		conf_complain(errors, block, "state",
			"state is \"%s\", it must be an absolute path", config->state);
}

static struct config *config_from(struct conf *conf, struct conf_errors *errors)
{
	if (!conf)
		return NULL;
	struct config *config = mem_zero(1, sizeof(*config));
	config->refs = 1;
	config->conf = conf;
	read_top(config, errors);
	read_database(config, errors);
	read_sources(config, errors);
	api_config_read(conf_block(conf, "api", 0), &config->api, errors);
	selfwatch_config_read(conf_block(conf, "watch", 0), &config->watch, errors);
	alert_config_validate(conf, errors);
	if (errors->total == 0)
		return config;
	config_unref(config);
	return NULL;
}

struct config *config_load(const char *path, struct conf_errors *errors)
{
	return config_from(conf_read(path, config_sections(), errors), errors);
}

struct config *config_parse(
	const char *path, const char *bytes, size_t count, struct conf_errors *errors)
{
	return config_from(conf_parse(path, bytes, count, config_sections(), errors), errors);
}

struct config *config_ref(struct config *config)
{
	if (config)
		config->refs++;
	return config;
}

void config_unref(struct config *config)
{
	if (!config || --config->refs > 0)
		return;
	for (int i = 0; i < config->source_count; i++)
		source_config_free(&config->source[i]);
	free(config->source);
	free(config->dsn);
	free(config->password_path);
	free(config->state);
	free(config->jurisdiction);
	free(config->work_order);
	api_config_free(&config->api);
	selfwatch_config_free(&config->watch);
	conf_free(config->conf);
	free(config);
}

static void keep_text(char **fresh, char *old)
{
	free(*fresh);
	*fresh = old ? mem_text(old) : NULL;
}

void config_keep(struct config *fresh, const struct config *old,
	void (*report)(void *arg, const char *key), void *arg)
{
	for (const struct conf_section *s = config_sections(); s->name; s++) {
		if (s->titled)
			continue;
		const struct conf_block *a = conf_block(fresh->conf, s->name, 0);
		const struct conf_block *b = conf_block(old->conf, s->name, 0);
		for (const struct conf_key *key = s->keys; key->name; key++)
			if (key->flags & CONF_NO_RELOAD && !conf_key_equal(a, b, key->name))
				report(arg, key->name);
	}
	keep_text(&fresh->dsn, old->dsn);
	keep_text(&fresh->password_path, old->password_path);
	keep_text(&fresh->state, old->state);
	keep_text(&fresh->jurisdiction, old->jurisdiction);
	keep_text(&fresh->api.listen, old->api.listen);
	keep_text(&fresh->api.person_header, old->api.person_header);
	fresh->state_quota = old->state_quota;
}

const struct source_config *config_source(const struct config *config, const char *name)
{
	for (int i = 0; i < config->source_count; i++)
		if (strcmp(config->source[i].name, name) == 0)
			return &config->source[i];
	return NULL;
}
