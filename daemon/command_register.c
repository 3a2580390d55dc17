/* register: exemptions, deemed small or micro, size answers and corrections, put on record or withdrawn by named people. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "collectors/source.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/registering.h"
#include "daemon/session.h"
#include "daemon/tabulate.h"
#include "sql/embed.h"
#include "sql/job.h"

enum {
	APPROVER,
	BY,
	REASON,
	EVIDENCE,
	FROM,
	TO,
	YEAR,
	UNIT,
	PROJECT,
	PACKAGE,
	SUPPLIER,
	CONTRACT,
	ON,
	SUBJECT,
	HISTORY,
	FORMAT
};
enum { LIST_MAX = 500 };

static const struct command_option options[] = {
	[APPROVER] = { "approver", OPTION_TEXT, "NAME", "who approved the entry, or withdraws it",
		NULL },
	[BY] = { "by", OPTION_TEXT, "NAME", "add: who puts it on record (the approver)", NULL },
	[REASON] = { "reason", OPTION_TEXT, "TEXT", "why, in that person's words", NULL },
	[EVIDENCE] = { "evidence", OPTION_TEXT, "TEXT", "add: the document that shows it", NULL },
	[FROM] = { "valid-from", OPTION_DAY, "DATE", "add: first day", NULL },
	[TO] = { "valid-to", OPTION_DAY, "DATE", "add: last day (no end)", NULL },
	[YEAR] = { "year", OPTION_YEAR, "YEAR", "add: fiscal year of the project", NULL },
	[UNIT] = { "unit", OPTION_TEXT, "CODE", "add: unit of the project", NULL },
	[PROJECT] = { "project", OPTION_TEXT, "CODE", "add: exempt or corrected project", NULL },
	[PACKAGE] = { "package", OPTION_TEXT, "NUMBER", "add: one package of it (all)", NULL },
	[SUPPLIER] = { "supplier", OPTION_TEXT, "CODE", "add: whom a deemed or size entry is about",
		NULL },
	[CONTRACT] = { "contract", OPTION_TEXT, "NUMBER",
		"add: the one contract it is about, or that is corrected", NULL },
	[ON] = { "on", OPTION_DAY, "DATE", "withdraw: from this day on (today)", NULL },
	[SUBJECT] = { "of", OPTION_TEXT, "CODE",
		"list: only of this unit, supplier, project, contract or entry", NULL },
	[HISTORY] = { "history", OPTION_FLAG, NULL, "list: also versions that were replaced",
		NULL },
	[FORMAT] = { "format", OPTION_WORD, "json, csv, table", "list: how to lay it out (table)",
		tab_format_words },
	{ .name = NULL },
};

static const struct tab_column columns[] = {
	{ "entry_no", NULL, "entry_no", "编号", TAB_TEXT },
	{ "register", NULL, "register", "登记簿", TAB_WORD },
	{ "subject", NULL, "subject", "对象", TAB_TEXT },
	{ "field", NULL, "field", "字段", TAB_TEXT },
	{ "value", NULL, "value", "内容", TAB_TEXT },
	{ "valid_from", NULL, "valid_from", "有效期起", TAB_TEXT },
	{ "valid_to", NULL, "valid_to", "有效期止", TAB_TEXT },
	{ "approver", NULL, "approver", "批准人", TAB_TEXT },
	{ "reason", NULL, "reason", "理由", TAB_TEXT },
	{ "evidence", NULL, "evidence", "依据", TAB_TEXT },
	{ "recorded_by", NULL, "recorded_by", "登记人", TAB_TEXT },
	{ "recorded_at", NULL, "recorded_at", "登记时间", TAB_TEXT },
	{ "withdrawn_on", NULL, "withdrawn_on", "撤销日", TAB_TEXT },
	{ "withdrawn_by", NULL, "withdrawn_by", "撤销人", TAB_TEXT },
	{ "withdrawn_reason", NULL, "withdrawn_reason", "撤销理由", TAB_TEXT },
	{ "replaced_at", NULL, "replaced_at", "被替代时间", TAB_TEXT },
};

struct registers {
	struct session session;
	struct source_env env;
	const struct command_call *call;
	json_t *rows;
};

static const char *text_of(const struct command_call *call, int option)
{
	return call->value[option].given ? call->value[option].text : "";
}

/* Showing ------------------------------------------------------------------------------------- */

/* "2026/001001/A/1", a supplier or a contract. */
static char *subject_of(const struct sql_row *row)
{
	enum { YEAR_COLUMN = 2, SUPPLIER_COLUMN = 6, CONTRACT_COLUMN = 7 };
	const char *package = sql_row_text(row, YEAR_COLUMN + 3);

	if (*sql_row_text(row, CONTRACT_COLUMN))
		return mem_text(sql_row_text(row, CONTRACT_COLUMN));
	if (*sql_row_text(row, SUPPLIER_COLUMN))
		return mem_text(sql_row_text(row, SUPPLIER_COLUMN));
	return mem_format("%s/%s/%s%s%s", sql_row_text(row, YEAR_COLUMN),
		sql_row_text(row, YEAR_COLUMN + 1), sql_row_text(row, YEAR_COLUMN + 2),
		*package ? "/" : "", package);
}

/* Columns as api_registers.sql selects them. */
static void on_row(void *arg, const struct sql_row *row)
{
	static const struct {
		const char *member;
		int column;
	} members[] = { { "entry_no", 0 }, { "register", 1 }, { "field", 8 }, { "value", 9 },
		{ "reason", 10 }, { "evidence", 11 }, { "approver", 12 }, { "valid_from", 13 },
		{ "valid_to", 14 }, { "recorded_by", 15 }, { "withdrawn_on", 16 },
		{ "withdrawn_by", 17 }, { "withdrawn_reason", 18 }, { "recorded_at", 20 },
		{ "replaced_at", 21 } };
	struct registers *registers = arg;
	_cleanup_free_ char *subject = subject_of(row);
	json_t *object = json_object();

	json_object_set_new(object, "subject", json_string(subject));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		json_object_set_new(object, members[i].member,
			json_string(sql_row_text(row, members[i].column)));
	json_array_append_new(registers->rows, object);
}

static void on_rows(void *arg, const struct sql_outcome *outcome)
{
	struct registers *registers = arg;
	const struct command_value *format = &registers->call->value[FORMAT];

	if (outcome->err.code == ERR_NONE && format->given && format->number == TAB_JSON) {
		json_dumpf(registers->rows, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (outcome->err.code == ERR_NONE) {
		tab_write(stdout, format->given ? (enum tab_format)format->number : TAB_TABLE,
			columns, (int)(sizeof(columns) / sizeof(*columns)), registers->rows);
	}
	session_finish(&registers->session, &outcome->err);
}

static int run_list(struct registers *registers)
{
	const struct command_call *call = registers->call;
	struct sql_params params = SQL_PARAMS_INIT;
	struct err err = ERR_INIT;
	struct sql_call sql = { .text = sql_text_api_registers,
		.params = &params,
		.row = on_row,
		.done = on_rows,
		.arg = registers };
	int status;

	sql_param_text(&params, call->arguments > 1 ? call->argument[1] : NULL);
	sql_param_text(&params, call->value[SUBJECT].given ? call->value[SUBJECT].text : NULL);
	sql_param_bool(&params, call->value[HISTORY].given);
	sql_param_int(&params, LIST_MAX);
	sql_param_null(&params);
	registers->rows = json_array();
	status = sql_submit(registers->session.link, &sql, &err) ? session_run(&registers->session)
								 : command_failed(&err);
	json_decref(registers->rows);
	return status;
}

/* Writing ------------------------------------------------------------------------------------- */

static void on_done(void *arg, const struct err *err, const struct registered *registered)
{
	struct registers *registers = arg;

	if (registered)
		printf("entry %s is %s: batch %" PRId64 "\n", registered->entry_no,
			strcmp(registers->call->argument[0], "add") == 0 ? "on record"
									 : "withdrawn",
			registered->batch);
	session_finish(&registers->session, err);
}

static int send(struct registers *registers, const struct register_wish *wish)
{
	struct err err = ERR_INIT;
	int status = session_open_sources(&registers->session, false, &registers->env);

	if (status != STATUS_DONE)
		return status;
	if (!registering_start(&registers->env, wish, on_done, registers, &err))
		return command_failed(&err);
	return session_run(&registers->session);
}

static const char *day_of(const struct command_call *call, int option, char room[DAY_TEXT_MAX])
{
	return call->value[option].given ? day_text(call->value[option].day, room) : "";
}

/* add REGISTER VALUE; a correction's value is FIELD=VALUE. */
static int run_add(struct registers *registers)
{
	const struct command_call *call = registers->call;
	char from[DAY_TEXT_MAX], to[DAY_TEXT_MAX], year[24] = "";
	const char *equals = strchr(call->argument[2], '=');
	_cleanup_free_ char *field =
		equals ? mem_text_n(call->argument[2], (size_t)(equals - call->argument[2])) : NULL;

	if (call->value[YEAR].given)
		snprintf(year, sizeof(year), "%" PRId64, call->value[YEAR].number);
	return send(registers,
		&(struct register_wish){ .name = call->argument[1],
			.fiscal_year = year,
			.unit_code = text_of(call, UNIT),
			.project_code = text_of(call, PROJECT),
			.package_no = text_of(call, PACKAGE),
			.supplier_uscc = text_of(call, SUPPLIER),
			.contract_no = text_of(call, CONTRACT),
			.field = field,
			.value = equals ? equals + 1 : call->argument[2],
			.reason = text_of(call, REASON),
			.evidence = text_of(call, EVIDENCE),
			.approver = text_of(call, APPROVER),
			.valid_from = day_of(call, FROM, from),
			.valid_to = day_of(call, TO, to),
			.person = text_of(call, call->value[BY].given ? BY : APPROVER) });
}

static int run_withdraw(struct registers *registers)
{
	const struct command_call *call = registers->call;
	char on[DAY_TEXT_MAX];

	return send(registers, &(struct register_wish){ .withdraw = call->argument[1],
				       .reason = text_of(call, REASON),
				       .approver = text_of(call, APPROVER),
				       .valid_from = day_of(call, ON, on) });
}

static int run_register(struct command_call *call)
{
	static const struct {
		const char *word;
		int least, most;
		int (*run)(struct registers *registers);
	} acts[] = { { "list", 0, 1, run_list }, { "add", 2, 2, run_add },
		{ "withdraw", 1, 1, run_withdraw } };
	struct registers registers = { .call = call };

	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		int given = call->arguments - 1, status;

		if (strcmp(acts[i].word, call->argument[0]) != 0 || given < acts[i].least ||
			given > acts[i].most)
			continue;
		status = session_open(&registers.session, call, SESSION_CURRENT_SCHEMA);
		if (status == STATUS_DONE)
			status = acts[i].run(&registers);
		session_close(&registers.session);
		return status;
	}
	fputs("setaside: register takes list [REGISTER], add REGISTER VALUE, or withdraw ENTRY\n",
		stderr);
	return STATUS_USAGE;
}

const struct command command_register = {
	.name = "register",
	.usage = "list [REGISTER] | add REGISTER VALUE | withdraw ENTRY",
	.least = 1,
	.most = 3,
	.help = "Exemptions, deemed small and micro enterprises, size answers and corrections: who "
		"approved what.",
	.more = "REGISTER and VALUE are one of:\n"
		"  exemption 1..5                      of --year, --unit, --project [--package]: "
		"not suitable for reserving\n"
		"  deemed disabled_welfare|prison      of --supplier or --contract: counts as "
		"small "
		"or micro\n"
		"  size L|M|S|X                        of --supplier or --contract: an authority's "
		"answer\n"
		"  correction FIELD=VALUE              of --contract: reserve_form, declared_size, "
		"sme_share_percent,\n"
		"                                      small_micro_share_percent; of a project: "
		"reserve_form, reserved_for,\n"
		"                                      required_share_percent\n"
		"add needs --approver, --reason and --valid-from; withdraw needs --approver and "
		"--reason. Refused (status 5):\n"
		"what overlaps with an entry of the same subject, and what was withdrawn before. "
		"Every entry stays on record.\n",
	.options = options,
	.run = run_register,
};
