#include "lib/evaluate.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/mem.h"
#include "lib/pg.h"

enum { PATIENCE_MS = 60000 };

struct heard {
	bool done;
	struct err err;
	struct check_report report;
	char *json;
};

day_t evaluate_day(const char *text)
{
	day_t day = DAY_NONE;

	cr_assert(day_parse(text, strlen(text), &day), "%s", text);
	return day;
}

static void on_run(void *arg, const struct err *err, const struct check_report *report)
{
	struct heard *heard = arg;

	heard->done = true;
	if (err)
		heard->err = *err;
	heard->report = *report;
}

static struct check_report run(
	struct event_base *base, struct sql_link *link, const char *as_of, bool full, bool quiet)
{
	struct heard heard = { 0 };
	struct err err = ERR_INIT;
	struct check_options options = {
		.as_of = evaluate_day(as_of),
		.full = full,
		.quiet_start = quiet,
		.jurisdiction = "beijing-xicheng",
	};

	cr_assert(check_run_start(base, link, &options, on_run, &heard, &err), "%s", err.text);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.err.code, ERR_NONE, "%s", heard.err.text);
	return heard.report;
}

struct check_report evaluate(struct event_base *base, struct sql_link *link, const char *as_of)
{
	return run(base, link, as_of, true, false);
}

struct check_report evaluate_changes(
	struct event_base *base, struct sql_link *link, const char *as_of)
{
	return run(base, link, as_of, false, false);
}

struct check_report evaluate_quietly(
	struct event_base *base, struct sql_link *link, const char *as_of)
{
	return run(base, link, as_of, false, true);
}

static void on_document(void *arg, const struct err *err, const struct snapshot_source *source,
	const char *json, size_t length)
{
	struct heard *heard = arg;

	heard->done = true;
	if (err) {
		heard->err = *err;
		cr_assert_eq(json, NULL);
		return;
	}
	cr_assert_eq(strlen(json), length);
	cr_assert_neq(source->as_of, DAY_NONE);
	heard->json = mem_text(json);
}

char *evaluate_snapshot(struct event_base *base, struct sql_link *link, const char *as_of,
	const char *known_at, int64_t known_batch)
{
	struct heard heard = { 0 };
	struct err err = ERR_INIT;
	struct snapshot_request request = {
		.as_of = evaluate_day(as_of),
		.known_at = known_at,
		.known_batch = known_batch,
		.with_obligations = true,
		.jurisdiction = "beijing-xicheng",
	};

	cr_assert(snapshot_build(base, link, &request, on_document, &heard, &err), "%s", err.text);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.err.code, ERR_NONE, "%s", heard.err.text);
	return heard.json;
}

char *evaluate_explain(struct event_base *base, struct sql_link *link, const char *as_of,
	const char *id, struct err *err)
{
	struct heard heard = { 0 };
	struct snapshot_request request = {
		.as_of = evaluate_day(as_of),
		.known_batch = -1,
		.jurisdiction = "beijing-xicheng",
	};

	if (!explain_build(base, link, &request, id, on_document, &heard, err))
		return NULL;
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	if (!heard.json)
		*err = heard.err;
	return heard.json;
}
