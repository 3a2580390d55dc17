/* Dry run of the configured routes: who would have been told what of a period. Nothing is sent or written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/alert.h"
#include "core/mem.h"
#include "daemon/command_alerts_own.h"
#include "daemon/config.h"
#include "sql/embed.h"
#include "sql/job.h"

static const struct tab_column columns[] = {
	{ "at", NULL, "at", "时间", TAB_TEXT },
	{ "case", NULL, "case", "事项", TAB_TEXT },
	{ "event", NULL, "event", "事件", TAB_TEXT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "severity", NULL, "severity", "程度", TAB_TEXT },
	{ "unit", NULL, "unit", "单位", TAB_TEXT },
	{ "unit_name", NULL, "unit_name", "单位名称", TAB_TEXT },
	{ "amount_fen", NULL, "amount_yuan", "金额（元）", TAB_FEN },
	{ "routes", NULL, "routes", "路由", TAB_TEXT },
	{ "channel", NULL, "channel", "渠道", TAB_TEXT },
	{ "recipient", NULL, "recipient", "收件人", TAB_TEXT },
	{ "leaves_at", NULL, "leaves_at", "发出时间", TAB_TEXT },
	{ "digest", NULL, "digest", "汇总", TAB_TEXT },
};
enum { COLUMNS = sizeof(columns) / sizeof(*columns), AMOUNT = 7, DIGEST = 12 };

static void on_row(void *arg, const struct sql_row *row)
{
	struct alerts *alerts = arg;
	json_t *object = json_object();

	for (int i = 0; i < COLUMNS; i++) {
		json_t *value;

		if (i == AMOUNT)
			value = sql_row_null(row, i) ? json_null()
						     : json_integer(sql_row_int(row, i));
		else if (i == DIGEST)
			value = json_string(sql_row_bool(row, i) ? "yes" : "no");
		else
			value = json_string(sql_row_text(row, i));
		json_object_set_new(object, columns[i].member, value);
	}
	json_array_append_new(alerts->rows, object);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct alerts *alerts = arg;

	if (outcome->err.code == ERR_NONE)
		fprintf(stderr, "%zu messages would have been told\n",
			json_array_size(alerts->rows));
	alerts_write(alerts, columns, COLUMNS, &outcome->err);
}

static json_t *list_of(const struct conf_block *block, const char *key)
{
	json_t *list = json_array();

	for (int i = 0; i < conf_list_count(block, key); i++)
		json_array_append_new(list, json_string(conf_list_item(block, key, i)));
	return list;
}

static const struct conf_block *channel_of(const struct conf *conf, const char *name)
{
	for (int i = 0; i < conf_block_count(conf, "channel"); i++)
		if (strcmp(conf_block_title(conf_block(conf, "channel", i)), name) == 0)
			return conf_block(conf, "channel", i);
	return NULL;
}

static json_t *recipients_of(const struct conf_block *channel)
{
	json_t *list = list_of(channel, "to");

	if (json_array_size(list) == 0)
		json_array_append_new(list, json_string(""));
	return list;
}

/* A route as the statement reads it, for one of its channels. */
static json_t *route_of(
	const struct conf *conf, const struct conf_block *block, const char *channel)
{
	static const char *const severities[] = { "info", "notice", "warning", "urgent" };
	static const char *const digests[] = { "off", "daily", "weekly" };
	char from[ALERT_CLOCK_MAX], to[ALERT_CLOCK_MAX];
	bool quiet = alert_quiet_parse(conf_text(block, "quiet"), from, to);

	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:I, s:s, s:s?, s:s?, s:b}", "name",
		conf_block_title(block), "channel", channel, "recipients",
		recipients_of(channel_of(conf, channel)), "to", list_of(block, "to"), "rules",
		list_of(block, "rules"), "units", list_of(block, "units"), "severity",
		severities[conf_word(block, "severity")], "amount_fen",
		(json_int_t)(conf_given(block, "amount") ? conf_int(block, "amount") * 100 : 0),
		"digest", digests[conf_word(block, "digest")], "quiet_from", quiet ? from : NULL,
		"quiet_to", quiet ? to : NULL, "working_days",
		(int)conf_bool(block, "working-days"));
}

static char *routes_of(const struct conf *conf)
{
	json_t *routes = json_array();
	char *text;

	for (int i = 0; i < conf_block_count(conf, "route"); i++) {
		const struct conf_block *block = conf_block(conf, "route", i);

		for (int k = 0; k < conf_list_count(block, "channels"); k++)
			json_array_append_new(routes,
				route_of(conf, block, conf_list_item(block, "channels", k)));
	}
	text = json_dumps(routes, JSON_COMPACT);
	json_decref(routes);
	return text;
}

/* Without days: the month before this one. */
int alerts_dry_run(struct alerts *alerts)
{
	const struct command_value *value = alerts->call->value;
	_cleanup_free_ char *routes = routes_of(alerts->session.config->conf);
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = { .text = sql_text_route_dry_run,
		.params = &params,
		.row = on_row,
		.done = on_done,
		.arg = alerts };
	day_t today = day_today(), first = today;
	int year, month, dom, status;

	day_to_civil(today, &year, &month, &dom);
	first = today - dom + 1;
	sql_param_text(&params, routes);
	sql_param_day(&params,
		value[ALERTS_SINCE].given ? value[ALERTS_SINCE].day : day_add_months(first, -1));
	sql_param_day(&params, value[ALERTS_UNTIL].given   ? value[ALERTS_UNTIL].day
			       : value[ALERTS_SINCE].given ? today
							   : first - 1);
	alerts->rows = json_array();
	status = sql_submit(alerts->session.link, &call, &err) ? session_run(&alerts->session)
							       : command_failed(&err);
	json_decref(alerts->rows);
	return status;
}
