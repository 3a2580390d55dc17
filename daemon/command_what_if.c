/* what-if: the figures after imagined changes. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/run.h"
#include "checks/what_if.h"
#include "core/buf.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"

enum { AS_OF, KNOWN_AT, FISCAL_YEAR, FORMAT };
enum { FILE_BYTES_MAX = 16 << 20, CHUNK = 65536 };

static const struct command_option options[] = {
	[AS_OF] = { "as-of", OPTION_DAY, "DATE", "the legal date the figures are of (today)",
		NULL },
	[KNOWN_AT] = { "known-at", OPTION_TEXT, "TIME",
		"use the ledger as it was known at this time (now)", NULL },
	[FISCAL_YEAR] = { "fiscal-year", OPTION_YEAR, "YEAR", "the budget year (that of the date)",
		NULL },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table", "how to lay it out (table)",
		tab_format_words },
	{ .name = NULL },
};

static const struct tab_column columns[] = {
	{ "scope", NULL, "scope", "单位", TAB_TEXT },
	{ "state", NULL, "state", "状态", TAB_WORD },
	{ "plan.strict_base_fen", NULL, "plan_strict_base_yuan", "预算（全口径）", TAB_FEN },
	{ "plan.adjusted_base_fen", NULL, "plan_adjusted_base_yuan", "扣除不适宜预留后", TAB_FEN },
	{ "plan.sme_fen", NULL, "plan_sme_yuan", "预留中小企业", TAB_FEN },
	{ "plan.sme_fen", "plan.strict_base_fen", "plan_sme_share_percent", "占比%", TAB_SHARE },
	{ "plan.sme_gap_fen", NULL, "plan_sme_gap_yuan", "差额", TAB_FEN },
	{ "plan.sme_status", NULL, "plan_sme_status", "测算结果", TAB_WORD },
	{ "plan.small_micro_fen", NULL, "plan_small_micro_yuan", "其中小微", TAB_FEN },
	{ "plan.small_micro_fen", "plan.sme_fen", "plan_small_micro_share_percent", "占比%",
		TAB_SHARE },
	{ "plan.small_micro_status", NULL, "plan_small_micro_status", "测算结果", TAB_WORD },
	{ "award.sme_fen", NULL, "award_sme_yuan", "合同授予中小企业", TAB_FEN },
	{ "award.small_micro_fen", NULL, "award_small_micro_yuan", "其中小微", TAB_FEN },
	{ "outlook", NULL, "outlook", "趋势判断", TAB_WORD },
};

struct asking {
	struct session session;
	const struct command_call *call;
};

static int read_file(const char *path, struct buf *ret, struct err *err)
{
	bool standard = strcmp(path, "-") == 0;
	FILE *in = standard ? stdin : fopen(path, "re");
	_cleanup_free_ char *chunk = mem_alloc(CHUNK);
	size_t got;
	int result = 0;
	if (!in)
		return err_set_errno(err, ERR_USAGE, "cannot read %s", path);
	while (result == 0 && (got = fread(chunk, 1, CHUNK, in)) > 0)
		if (buf_add(ret, chunk, got) < 0)
			result = err_set(
				err, ERR_LIMIT, "%s is above %d bytes", path, FILE_BYTES_MAX);
	if (ferror(in))
		result = err_set_errno(err, ERR_IO, "cannot read %s", path);
	if (!standard)
		fclose(in);
	return result;
}

static void add_state(json_t *rows, json_t *pair, const char *scope, const char *state)
{
	json_t *row = json_object_get(pair, state);
	json_object_set_new(row, "scope", json_string(scope));
	json_object_set_new(row, "state", json_string(state));
	json_array_append(rows, row);
}

static int write_table(enum tab_format format, const char *json, size_t length, struct err *err)
{
	json_error_t fault;
	json_t *document = json_loadb(json, length, 0, &fault), *rows = json_array(), *pair,
	       *change;
	const char *scope;
	size_t i;
	if (!document)
		return err_set(err, ERR_DATA, "the answer is not JSON: %s", fault.text);
	json_object_foreach(json_object_get(document, "scopes"), scope, pair)
	{
		add_state(rows, pair, scope, "before");
		add_state(rows, pair, scope, "after");
	}
	json_array_foreach(json_object_get(document, "changes"), i, change)
	{
		if (!json_boolean_value(json_object_get(change, "feasible")))
			fprintf(stderr, "setaside: change %zu: %s\n", i + 1,
				json_string_value(json_object_get(change, "note")));
	}
	tab_write(stdout, format, columns, (int)(sizeof(columns) / sizeof(*columns)), rows);
	json_decref(rows);
	json_decref(document);
	return 0;
}

static void on_document(void *arg, const struct err *err, const struct snapshot_source *source,
	const char *json, size_t length)
{
	struct asking *asking = arg;
	const struct command_value *format = &asking->call->value[FORMAT];
	enum tab_format layout = format->given ? (enum tab_format)format->number : TAB_TABLE;
	struct err fault = ERR_INIT;
	(void)source;
	if (!json) {
		session_finish(&asking->session, err);
		return;
	}
	if (layout == TAB_JSON)
		fwrite(json, 1, length, stdout);
	else
		write_table(layout, json, length, &fault);
	session_finish(&asking->session, &fault);
}

static int ask(struct asking *asking, const struct buf *text)
{
	const struct command_value *value = asking->call->value;
	struct session *session = &asking->session;
	struct err err = ERR_INIT;
	struct snapshot_request request = { .as_of = value[AS_OF].day,
		.known_at = value[KNOWN_AT].text,
		.known_batch = -1,
		.fiscal_year = (int)value[FISCAL_YEAR].number,
		.jurisdiction = session->config->jurisdiction };
	struct snapshot_job *job = what_if_build(session->base, session->link, &request, text->data,
		text->used, on_document, asking, &err);
	if (!job)
		return command_failed(&err);
	return session_run(session);
}

static int run(struct command_call *call)
{
	struct asking asking = { .call = call };
	struct err err = ERR_INIT;
	struct buf text = { 0 };
	int status;
	buf_init(&text, FILE_BYTES_MAX);
	if (read_file(call->argument[0], &text, &err) < 0) {
		buf_free(&text);
		return command_failed(&err);
	}
	status = session_open(&asking.session, call, SESSION_CURRENT_SCHEMA);
	if (status == STATUS_DONE)
		status = ask(&asking, &text);
	session_close(&asking.session);
	buf_free(&text);
	return status;
}

const struct command command_what_if = {
	.name = "what-if",
	.usage = "FILE",
	.least = 1,
	.most = 1,
	.help = "Figures after imagined changes; the ledger is not touched.",
	.more = what_if_format,
	.options = options,
	.run = run,
};
