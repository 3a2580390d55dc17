#include "lib/days.h"
#include "lib/evaluate.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/mem.h"
#include "lib/pg.h"

enum { PATIENCE_MS = 60000 };

static const char jurisdiction[] = "beijing-xicheng";

static void on_run(void *arg, const struct err *err, const struct check_report *report)
{
	struct evaluation *evaluation = arg;

	evaluation->done = true;
	if (err)
		evaluation->err = *err;
	evaluation->report = *report;
}

struct check_run *evaluate_start(struct event_base *base, struct sql_link *link,
	struct check_options options, struct evaluation *evaluation)
{
	struct err err = ERR_INIT;
	struct check_run *started;

	*evaluation = (struct evaluation){ .done = false };
	options.jurisdiction = jurisdiction;
	started = check_run_start(base, link, &options, on_run, evaluation, &err);
	cr_assert(started, "%s", err.text);
	return started;
}

struct evaluation evaluate_with(
	struct event_base *base, struct sql_link *link, struct check_options options)
{
	struct evaluation evaluation;

	evaluate_start(base, link, options, &evaluation);
	pg_loop_until(base, &evaluation.done, PATIENCE_MS);
	return evaluation;
}

static struct check_report run(
	struct event_base *base, struct sql_link *link, const char *as_of, bool full, bool quiet)
{
	struct evaluation evaluation = evaluate_with(base, link,
		(struct check_options){ .as_of = day(as_of), .full = full, .quiet_start = quiet });

	cr_assert_eq(evaluation.err.code, ERR_NONE, "%s", evaluation.err.text);
	return evaluation.report;
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

struct heard {
	bool done;
	struct err err;
	char *json;
};

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
		.as_of = day(as_of),
		.known_at = known_at,
		.known_batch = known_batch,
		.with_obligations = true,
		.jurisdiction = jurisdiction,
	};

	cr_assert(snapshot_build(base, link, &request, on_document, &heard, &err), "%s", err.text);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	cr_assert_eq(heard.err.code, ERR_NONE, "%s", heard.err.text);
	return heard.json;
}

json_t *evaluate_document(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, struct err *err)
{
	struct heard heard = { 0 };
	json_error_t fault;
	json_t *document;

	cr_assert(snapshot_build(base, link, request, on_document, &heard, &heard.err), "%s",
		heard.err.text);
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	if (!heard.json) {
		*err = heard.err;
		return NULL;
	}
	document = json_loads(heard.json, JSON_REJECT_DUPLICATES, &fault);
	cr_assert(document, "%s", fault.text);
	free(heard.json);
	return document;
}

char *evaluate_explain(struct event_base *base, struct sql_link *link, const char *as_of,
	const char *id, struct err *err)
{
	struct heard heard = { 0 };
	struct snapshot_request request = {
		.as_of = day(as_of),
		.known_batch = -1,
		.jurisdiction = jurisdiction,
	};

	if (!explain_build(base, link, &request, id, on_document, &heard, err))
		return NULL;
	pg_loop_until(base, &heard.done, PATIENCE_MS);
	if (!heard.json)
		*err = heard.err;
	return heard.json;
}
