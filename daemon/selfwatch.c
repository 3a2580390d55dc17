#include "daemon/selfwatch.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "core/fetch.h"
#include "core/log.h"
#include "core/mem.h"
#include "daemon/config.h"
#include "daemon/schedule.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { MINUTE_MS = 60000, PING_TIMEOUT_MS = 30000, LOOK_DEADLINE_MS = 60000, MB = 1 << 20 };

static const char *const tls_words[] = { "required", "none", NULL };

const struct conf_key selfwatch_conf_keys[] = {
	{ "every", CONF_DURATION, "5min", 1000, 24 * 60 * MINUTE_MS, NULL, NULL, 0,
		"How often the monitor looks at itself." },
	{ "ping-file", CONF_SECRET, NULL, 0, 0, NULL, NULL, 0,
		"File with the address that is asked while no fault stands that nobody was told of "
		"(dead-man)." },
	{ "ping", CONF_DURATION, "5min", 1000, 24 * 60 * MINUTE_MS, NULL, NULL, 0,
		"How often it is asked." },
	{ "tls", CONF_WORD, "required", 0, 0, NULL, tls_words, 0,
		"none: permit a plain http address, for a host you own." },
	{ "ca-file", CONF_TEXT, NULL, 1, 4096, NULL, NULL, 0,
		"PEM bundle instead of the system's authorities." },
	{ "allow", CONF_LIST, NULL, 0, 32, "networks", NULL, 0,
		"Private networks (CIDR) that the address may be in." },
	{ "disk-free", CONF_SIZE, "512MiB", 0, INT64_MAX, "bytes", NULL, 0,
		"Less space left under state is told; 0 = never." },
	{ "loop-lag", CONF_DURATION, "5s", 100, 60 * MINUTE_MS, NULL, NULL, 0,
		"A loop that is later than this is told." },
	{ "clock-skew", CONF_DURATION, "1min", 5000, 24 * 60 * MINUTE_MS, NULL, NULL, 0,
		"A clock that is further off than this, by the answers of receivers, is told." },
	{ NULL, CONF_TEXT, NULL, 0, 0, NULL, NULL, 0, NULL },
};

int selfwatch_config_read(
	const struct conf_block *block, struct selfwatch_config *config, struct conf_errors *errors)
{
	int bad = 0;

	*config = (struct selfwatch_config){ .guard = NETGUARD_INIT,
		.plain_http = conf_word(block, "tls") == 1,
		.ping_ms = conf_int(block, "ping"),
		.every_ms = conf_int(block, "every"),
		.disk_free = conf_int(block, "disk-free"),
		.loop_lag_ms = conf_int(block, "loop-lag"),
		.clock_skew_s = conf_int(block, "clock-skew") / 1000 };
	if (conf_secret_path(block, "ping-file"))
		config->ping_path = mem_text(conf_secret_path(block, "ping-file"));
	if (conf_given(block, "ca-file"))
		config->ca_file = mem_text(conf_text(block, "ca-file"));
	for (int i = 0; i < conf_list_count(block, "allow"); i++) {
		struct err err = ERR_INIT;

		if (netguard_allow(&config->guard, conf_list_item(block, "allow", i), &err) < 0)
			bad = conf_complain(errors, block, "allow", "%s", err.text);
	}
	return bad;
}

void selfwatch_config_free(struct selfwatch_config *config)
{
	free(config->ping_path);
	free(config->ca_file);
	*config = (struct selfwatch_config){ 0 };
}

struct selfwatch {
	struct fetch *fetch;
	struct sql_link *link;
	struct schedule *schedule;
	struct config *config;
	struct selfwatch_hooks hooks;
	struct schedule_task *look, *ping;
	struct sql_job *job;             /* of the look, at most one */
	struct sql_job *question;        /* whether to ping */
	char *withheld;                  /* why there was no ping last time, NULL = there was */
	struct fetch_transfer *transfer; /* of the ping */
};

/* What the monitor sees of itself ---------------------------------------------------------------- */

static void add_fault(json_t *faults, const char *fault, const char *subject, int64_t value)
{
	json_array_append_new(faults, json_pack("{s:s, s:s, s:s, s:I}", "fault", fault, "subject",
					      subject, "detail", "", "value", (json_int_t)value));
}

/* statvfs of a directory that is in use is answered from memory. */
static void look_at_disk(const struct config *config, json_t *faults)
{
	struct statvfs space;
	int64_t left;

	if (config->watch.disk_free == 0)
		return;
	if (statvfs(config->state, &space) < 0) {
		log_warn("watch", "%s: %m", config->state);
		return;
	}
	left = (int64_t)space.f_bavail * (int64_t)space.f_frsize;
	if (left < config->watch.disk_free)
		add_fault(faults, "disk", config->state, left / MB);
}

static char *own_faults(struct selfwatch *watch)
{
	json_t *faults = json_array();
	int lag = watch->hooks.lag_ms(watch->hooks.arg);
	char *text;

	if (lag >= watch->config->watch.loop_lag_ms)
		add_fault(faults, "loop", "", lag);
	look_at_disk(watch->config, faults);
	text = json_dumps(faults, JSON_COMPACT);
	json_decref(faults);
	return text;
}

static void on_news(void *arg, const struct sql_row *row)
{
	const char *subject = sql_row_text(row, 2);
	const char *about = *subject ? " " : "";
	bool opened = strcmp(sql_row_text(row, 0), "opened") == 0;

	(void)arg;
	if (opened)
		log_warn("watch", "%s%s%s: %s (%lld); told to %lld", sql_row_text(row, 1), about,
			subject, sql_row_text(row, 3), (long long)sql_row_int(row, 4),
			(long long)sql_row_int(row, 5));
	else
		log_info("watch", "%s%s%s: over", sql_row_text(row, 1), about, subject);
}

static bool wants_quiet(const struct conf *conf)
{
	for (int i = 0; i < conf_block_count(conf, "route"); i++)
		if (conf_bool(conf_block(conf, "route", i), "all-quiet"))
			return true;
	return false;
}

static void end_look(struct selfwatch *watch, const struct sql_outcome *outcome)
{
	watch->job = NULL;
	if (outcome->err.code != ERR_NONE)
		log_warn("watch", "%s", outcome->err.text);
	schedule_done(watch->look, -1);
}

static void on_quiet(void *arg, const struct sql_outcome *outcome)
{
	end_look(arg, outcome);
}

/* NULL, with a line in the log and the task done, when it cannot be asked. */
static struct sql_job *submit(struct selfwatch *watch, struct schedule_task *task, const char *text,
	const struct sql_params *params, sql_row_fn row, sql_done_fn done)
{
	struct err err = ERR_INIT;
	struct sql_job *job = sql_submit(watch->link,
		&(struct sql_call){ .text = text,
			.params = params,
			.row = row,
			.done = done,
			.arg = watch,
			.deadline_ms = LOOK_DEADLINE_MS },
		&err);

	if (!job) {
		log_warn("watch", "%s", err.text);
		schedule_done(task, -1);
	}
	return job;
}

static void on_looked(void *arg, const struct sql_outcome *outcome)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct selfwatch *watch = arg;

	if (outcome->err.code != ERR_NONE || !wants_quiet(watch->config->conf)) {
		end_look(watch, outcome);
		return;
	}
	sql_param_text(&params, SETASIDE_VERSION);
	watch->job = submit(watch, watch->look, sql_text_watch_quiet, &params, NULL, on_quiet);
}

static void on_look(void *arg)
{
	struct selfwatch *watch = arg;
	_cleanup_free_ char *faults = own_faults(watch);
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_text(&params, faults);
	sql_param_int(&params, watch->config->watch.clock_skew_s);
	sql_param_text(&params, SETASIDE_VERSION);
	watch->job = submit(watch, watch->look, sql_text_watch_look, &params, on_news, on_looked);
}

/* Dead-man --------------------------------------------------------------------------------------- */

static void on_pinged(void *arg, const struct fetch_result *result)
{
	struct selfwatch *watch = arg;

	watch->transfer = NULL;
	if (result->err.code != ERR_NONE)
		log_warn("watch", "the dead-man's address was not reached: %s", result->err.text);
	else if (result->head.status < 200 || result->head.status > 299)
		log_warn("watch", "the dead-man's address answered %d", result->head.status);
	schedule_done(watch->ping, -1);
}

static void ping(struct selfwatch *watch)
{
	const struct selfwatch_config *config = &watch->config->watch;
	struct err err = ERR_INIT;
	char *url = config->ping_path ? conf_secret_read(config->ping_path, &err) : NULL;

	if (url)
		watch->transfer = fetch_start(watch->fetch,
			&(struct fetch_request){ .method = FETCH_GET,
				.url = url,
				.guard = &config->guard,
				.ca_file = config->ca_file,
				.plain_http = config->plain_http,
				.body_limit = MB,
				.timeout_ms = PING_TIMEOUT_MS,
				.done = on_pinged,
				.arg = watch },
			&err);
	conf_secret_free(url);
	if (watch->transfer)
		return;
	if (config->ping_path)
		log_warn("watch", "the dead-man's address was not asked: %s", err.text);
	schedule_done(watch->ping, -1);
}

/* Said when it changes, not at every call that is left out. */
static void on_well(void *arg, const struct sql_row *row)
{
	const char *why = sql_row_text(row, 0);
	struct selfwatch *watch = arg;

	if (*why && (!watch->withheld || strcmp(watch->withheld, why) != 0))
		log_warn("watch", "the dead-man's address is not asked: %s", why);
	if (!*why && watch->withheld)
		log_info("watch", "the dead-man's address is asked again");
	free(watch->withheld);
	watch->withheld = *why ? mem_text(why) : NULL;
}

static void on_questioned(void *arg, const struct sql_outcome *outcome)
{
	struct selfwatch *watch = arg;

	watch->question = NULL;
	if (outcome->err.code == ERR_NONE && !watch->withheld) {
		ping(watch);
		return;
	}
	if (outcome->err.code != ERR_NONE)
		log_warn("watch", "the dead-man's address is not asked: %s", outcome->err.text);
	schedule_done(watch->ping, -1);
}

static void on_ping(void *arg)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct selfwatch *watch = arg;

	watch->question =
		submit(watch, watch->ping, sql_text_watch_well, &params, on_well, on_questioned);
}

/* Life ------------------------------------------------------------------------------------------- */

static void add_tasks(struct selfwatch *watch)
{
	const struct selfwatch_config *config = &watch->config->watch;

	watch->look = schedule_add(watch->schedule,
		&(struct schedule_options){ .name = "watch",
			.first_ms = config->every_ms < MINUTE_MS ? config->every_ms : MINUTE_MS,
			.every_ms = config->every_ms,
			.run = on_look,
			.arg = watch });
	watch->ping = config->ping_path ? schedule_add(watch->schedule,
						  &(struct schedule_options){ .name = "dead-man",
							  .first_ms = 0,
							  .every_ms = config->ping_ms,
							  .run = on_ping,
							  .arg = watch })
					: NULL;
}

static void drop_tasks(struct selfwatch *watch)
{
	if (watch->job)
		sql_job_cancel(watch->job);
	if (watch->question)
		sql_job_cancel(watch->question);
	if (watch->transfer)
		fetch_cancel(watch->transfer);
	watch->job = NULL;
	watch->question = NULL;
	watch->transfer = NULL;
	schedule_remove(watch->look);
	if (watch->ping)
		schedule_remove(watch->ping);
}

struct selfwatch *selfwatch_new(struct schedule *schedule, struct fetch *fetch,
	struct sql_link *link, struct config *config, const struct selfwatch_hooks *hooks)
{
	struct selfwatch *watch = mem_zero(1, sizeof(*watch));

	watch->schedule = schedule;
	watch->fetch = fetch;
	watch->link = link;
	watch->config = config_ref(config);
	watch->hooks = *hooks;
	add_tasks(watch);
	return watch;
}

void selfwatch_reload(struct selfwatch *watch, struct config *config)
{
	drop_tasks(watch);
	config_unref(watch->config);
	watch->config = config_ref(config);
	add_tasks(watch);
}

void selfwatch_free(struct selfwatch *watch)
{
	if (!watch)
		return;
	drop_tasks(watch);
	config_unref(watch->config);
	free(watch->withheld);
	free(watch);
}
