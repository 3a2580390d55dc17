#include "daemon/report_snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/run.h"
#include "core/mem.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/tabulate_xlsx.h"

struct making {
	struct session *session;
	const struct report_wanted *wanted;
};

static bool ends_with(const char *path, const char *ending)
{
	size_t length = strlen(path), end = strlen(ending);

	return length > end && strcmp(path + length - end, ending) == 0;
}

/* The rows of a form and of its detail, if it has one. */
struct tables {
	json_t *rows, *detail;
	struct tab_part parts[3]; /* ends with caption NULL */
};

static void tables_make(const struct report_form *form, const json_t *document, struct tables *ret)
{
	const struct report_form *detail = form->detail;

	*ret = (struct tables){ .rows = form->rows(document) };
	ret->parts[0] = (struct tab_part){ form->title, form->columns, form->count, ret->rows };
	if (!detail)
		return;
	ret->detail = detail->rows(document);
	ret->parts[1] =
		(struct tab_part){ detail->title, detail->columns, detail->count, ret->detail };
}

static void write_json(FILE *out, const struct tables *tables, const json_t *document)
{
	json_t *answer = json_pack("{s:O?, s:O?, s:O}", "as_of", json_object_get(document, "as_of"),
		"fiscal_year", json_object_get(document, "fiscal_year"), "rows", tables->rows);

	if (tables->detail)
		json_object_set(answer, "detail", tables->detail);
	json_dumpf(answer, out, JSON_INDENT(1));
	fputc('\n', out);
	json_decref(answer);
}

/* A table of comma-separated values is one table: the detail is a report of its own. */
static void write_tables(FILE *out, const struct report_wanted *wanted, const json_t *document,
	const struct tables *tables)
{
	const struct report_form *form = wanted->form;

	if (ends_with(wanted->path, ".csv")) {
		tab_write(out, TAB_CSV, form->columns, form->count, tables->rows);
	} else if (ends_with(wanted->path, ".json")) {
		write_json(out, tables, document);
	} else {
		_cleanup_free_ char *note = mem_format("统计日 %s。%s",
			json_string_value(json_object_get(document, "as_of")), form->note);
		tab_write_html(out, form->title, note, tables->parts);
	}
}

static int write_unfinished(const char *path, const struct report_wanted *wanted,
	const json_t *document, const struct tables *tables, struct err *err)
{
	if (ends_with(wanted->path, ".xlsx"))
		return tables->detail ? tab_write_xlsx_parts(path, tables->parts, err)
				      : tab_write_xlsx(path, wanted->form->columns,
						wanted->form->count, tables->rows, err);
	FILE *out = fopen(path, "we");
	if (!out)
		return err_set_errno(err, ERR_USAGE, "cannot write %s", path);
	write_tables(out, wanted, document, tables);
	bool broken = ferror(out);
	if (fclose(out) || broken)
		return err_set_errno(err, ERR_IO, "cannot write %s", path);
	return 0;
}

static int write_report(const struct report_wanted *wanted, const json_t *document, struct err *err)
{
	_cleanup_free_ char *unfinished = mem_format("%s.unfinished", wanted->path);
	struct tables tables;
	int answer;

	tables_make(wanted->form, document, &tables);
	answer = write_unfinished(unfinished, wanted, document, &tables, err);
	json_decref(tables.rows);
	json_decref(tables.detail);
	if (answer == 0 && rename(unfinished, wanted->path))
		answer = err_set_errno(
			err, ERR_IO, "cannot rename %s to %s", unfinished, wanted->path);
	if (answer)
		remove(unfinished);
	return answer;
}

static void on_document(void *arg, const struct err *err, const struct snapshot_source *source,
	const char *json, size_t length)
{
	struct making *making = arg;
	struct err fault = ERR_INIT;
	json_t *document = json ? json_loadb(json, length, 0, NULL) : NULL;

	(void)source;
	if (json && !document)
		err_set(&fault, ERR_DATA, "the snapshot is not JSON");
	else if (document)
		write_report(making->wanted, document, &fault);
	json_decref(document);
	session_finish(making->session, json ? &fault : err);
}

int report_snapshot_run(struct session *session, const struct report_wanted *wanted)
{
	struct making making = { session, wanted };
	day_t as_of = wanted->as_of == DAY_NONE ? day_today() : wanted->as_of;
	int year = wanted->fiscal_year;
	struct err err = ERR_INIT;

	if (year == 0)
		year = day_year(as_of) -
		       (wanted->form == &report_notice || wanted->form == &report_notice_projects);
	struct snapshot_request request = { .as_of = as_of,
		.known_at = wanted->known_at,
		.known_batch = -1,
		.fiscal_year = year,
		.members = wanted->form->members,
		.jurisdiction = session->config->jurisdiction };
	if (!snapshot_build(session->base, session->link, &request, on_document, &making, &err))
		return command_failed(&err);
	return session_run(session);
}
