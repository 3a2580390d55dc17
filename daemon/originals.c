#include "daemon/originals.h"

#include <string.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"
#include "sql/kind.h"

enum { PLACES_MAX = 20 };

struct originals {
	struct originals_call call;
	char *kind, *number;
	struct sql_job *job;        /* the search, NULL = not under way */
	struct original_read *read; /* of one place */
	struct {
		int64_t batch, place;
	} found[PLACES_MAX];
	int count, at;
};

void originals_cancel(struct originals *originals)
{
	if (!originals)
		return;
	if (originals->job)
		sql_job_cancel(originals->job);
	original_cancel(originals->read);
	free(originals->kind);
	free(originals->number);
	free(originals);
}

static void finish(struct originals *originals, const struct err *err)
{
	struct originals_call call = originals->call;
	struct err last = err ? *err : (struct err)ERR_INIT;

	originals_cancel(originals);
	call.done(call.arg, last.code == ERR_NONE ? NULL : &last);
}

static const struct source_config *config_of(void *arg, const char *source)
{
	const struct originals_call *call = &((const struct originals *)arg)->call;

	return call->config ? call->config(call->config_arg, source) : NULL;
}

static void read_next(struct originals *originals);

static void on_original(void *arg, const struct original *original, const struct err *err)
{
	struct originals *originals = arg;

	originals->read = NULL;
	if (err) {
		finish(originals, err);
		return;
	}
	originals->call.row(originals->call.arg, originals->found[originals->at].batch, original);
	originals->at++;
	read_next(originals);
}

static void read_next(struct originals *originals)
{
	const struct originals_call *call = &originals->call;
	struct err err = ERR_INIT;

	if (originals->at == originals->count) {
		finish(originals, NULL);
		return;
	}
	originals->read = original_start(call->base, call->link, call->archive,
		originals->found[originals->at].batch, originals->found[originals->at].place,
		config_of, on_original, originals, &err);
	if (!originals->read)
		finish(originals, &err);
}

static void on_place(void *arg, const struct sql_row *row)
{
	struct originals *originals = arg;

	if (originals->count == PLACES_MAX)
		return;
	originals->found[originals->count].batch = sql_row_int(row, 0);
	originals->found[originals->count++].place = sql_row_int(row, 1);
}

static void on_places(void *arg, const struct sql_outcome *outcome)
{
	struct originals *originals = arg;
	struct err err = outcome->err;

	originals->job = NULL;
	if (err.code == ERR_NONE && originals->count == 0)
		err_set(&err, ERR_DATA, "there is no %s with the number \"%s\"", originals->kind,
			originals->number);
	if (err.code != ERR_NONE)
		finish(originals, &err);
	else
		read_next(originals);
}

struct originals *originals_start(const struct originals_call *call, struct err *err)
{
	if (strcmp(call->kind, "quarantine") != 0 && !kind_find(call->kind)) {
		err_set(err, ERR_USAGE, "\"%s\" is neither a record kind nor quarantine",
			call->kind);
		return NULL;
	}
	struct originals *originals = mem_zero(1, sizeof(*originals));
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call places = { .text = sql_text_original_places,
		.params = &params,
		.row = on_place,
		.done = on_places,
		.arg = originals };

	originals->call = *call;
	originals->kind = mem_text(call->kind);
	originals->number = mem_text(call->number);
	sql_param_text(&params, originals->kind);
	sql_param_text(&params, originals->number);
	originals->job = sql_submit(call->link, &places, err);
	if (originals->job)
		return originals;
	originals_cancel(originals);
	return NULL;
}
