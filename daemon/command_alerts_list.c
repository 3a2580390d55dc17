/* The outbox and the ledger of deliveries as lists: searched, laid out, exported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/command_alerts_own.h"
#include "daemon/tabulate_xlsx.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { LIST_DEFAULT = 50 };

static const struct tab_column list_columns[] = {
	{ "ref", NULL, "ref", "编号", TAB_TEXT },
	{ "created_at", NULL, "created_at", "时间", TAB_TEXT },
	{ "rule", NULL, "rule", "规则", TAB_TEXT },
	{ "event", NULL, "event", "事件", TAB_TEXT },
	{ "severity", NULL, "severity", "程度", TAB_TEXT },
	{ "unit", NULL, "unit", "单位", TAB_TEXT },
	{ "unit_name", NULL, "unit_name", "单位名称", TAB_TEXT },
	{ "case", NULL, "case", "事项", TAB_TEXT },
	{ "channel", NULL, "channel", "渠道", TAB_TEXT },
	{ "recipient", NULL, "recipient", "收件人", TAB_TEXT },
	{ "state", NULL, "state", "状态", TAB_TEXT },
	{ "attempts", NULL, "attempts", "次数", TAB_INT },
	{ "last_class", NULL, "last_class", "最近结果", TAB_TEXT },
	{ "last_answer", NULL, "last_answer", "最近应答", TAB_TEXT },
};

static const struct tab_column delivery_columns[] = {
	{ "delivery_no", NULL, "delivery_no", "序号", TAB_INT },
	{ "started_at", NULL, "started_at", "时间", TAB_TEXT },
	{ "took_ms", NULL, "took_ms", "用时（毫秒）", TAB_INT },
	{ "ref", NULL, "ref", "编号", TAB_TEXT },
	{ "case", NULL, "case", "事项", TAB_TEXT },
	{ "unit", NULL, "unit", "单位", TAB_TEXT },
	{ "channel", NULL, "channel", "渠道", TAB_TEXT },
	{ "recipient", NULL, "recipient", "收件人", TAB_TEXT },
	{ "attempt", NULL, "attempt", "第几次", TAB_INT },
	{ "bytes", NULL, "bytes", "字节", TAB_INT },
	{ "class", NULL, "class", "结果", TAB_TEXT },
	{ "answer", NULL, "answer", "应答", TAB_TEXT },
};

struct listing {
	struct alerts *alerts;
	const struct tab_column *columns;
	int count;
};

/* The statement selects the columns in the order of the table. */
static void on_row(void *arg, const struct sql_row *row)
{
	struct listing *listing = arg;
	json_t *object = json_object();

	for (int i = 0; i < listing->count; i++)
		json_object_set_new(object, listing->columns[i].member,
			listing->columns[i].type == TAB_INT ? json_integer(sql_row_int(row, i))
							    : json_string(sql_row_text(row, i)));
	json_array_append_new(listing->alerts->rows, object);
}

static void write_file(const struct alerts *alerts, enum alerts_format format, const char *path,
	const struct tab_column *columns, int count, struct err *err)
{
	FILE *out;

	if (format == ALERTS_XLSX) {
		tab_write_xlsx(path, columns, count, alerts->rows, err);
		return;
	}
	out = fopen(path, "w");
	if (!out) {
		err_set(err, ERR_IO, "%s: %m", path);
		return;
	}
	if (format == ALERTS_JSON)
		json_dumpf(alerts->rows, out, JSON_INDENT(1));
	else
		tab_write(out, format == ALERTS_CSV ? TAB_CSV : TAB_TABLE, columns, count,
			alerts->rows);
	if (fclose(out) != 0)
		err_set(err, ERR_IO, "%s: %m", path);
}

void alerts_write(struct alerts *alerts, const struct tab_column *columns, int count,
	const struct err *outcome)
{
	const struct command_value *value = &alerts->call->value[ALERTS_FORMAT];
	enum alerts_format format = value->given ? (enum alerts_format)value->number : ALERTS_TABLE;
	const char *path = alerts_text(alerts, ALERTS_OUT);
	struct err err = *outcome;

	if (err.code == ERR_NONE && path) {
		write_file(alerts, format, path, columns, count, &err);
	} else if (err.code == ERR_NONE && format == ALERTS_JSON) {
		json_dumpf(alerts->rows, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (err.code == ERR_NONE) {
		tab_write(stdout, format == ALERTS_CSV ? TAB_CSV : TAB_TABLE, columns, count,
			alerts->rows);
	}
	session_finish(&alerts->session, &err);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct listing *listing = arg;

	alerts_write(listing->alerts, listing->columns, listing->count, &outcome->err);
}

static void param_day(struct sql_params *params, const struct command_value *value)
{
	if (value->given)
		sql_param_day(params, value->day);
	else
		sql_param_null(params);
}

static int list(
	struct alerts *alerts, const char *text, const struct tab_column *columns, int count)
{
	static const enum alerts_option filters[] = { ALERTS_CHANNEL, ALERTS_STATE, ALERTS_UNIT,
		ALERTS_CASE, ALERTS_TEXT };
	const struct command_value *value = alerts->call->value;
	struct listing listing = { alerts, columns, count };
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call call = {
		.text = text, .params = &params, .row = on_row, .done = on_done, .arg = &listing
	};
	int status;

	sql_param_int(
		&params, value[ALERTS_LIMIT].given ? value[ALERTS_LIMIT].number : LIST_DEFAULT);
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		if (value[filters[i]].given)
			sql_param_text(&params, value[filters[i]].text);
		else
			sql_param_null(&params);
	}
	param_day(&params, &value[ALERTS_SINCE]);
	param_day(&params, &value[ALERTS_UNTIL]);
	alerts->rows = json_array();
	status = sql_submit(alerts->session.link, &call, &err) ? session_run(&alerts->session)
							       : command_failed(&err);
	json_decref(alerts->rows);
	return status;
}

int alerts_list(struct alerts *alerts)
{
	return list(alerts, sql_text_alert_list, list_columns,
		(int)(sizeof(list_columns) / sizeof(*list_columns)));
}

int alerts_deliveries(struct alerts *alerts)
{
	return list(alerts, sql_text_delivery_list, delivery_columns,
		(int)(sizeof(delivery_columns) / sizeof(*delivery_columns)));
}
