/* Snapshot documents and explanations: load, then write in one go. See checks/run.h. */
#include "checks/run.h"

#include <stdlib.h>
#include <string.h>

#include "checks/explain_id.h"
#include "checks/load.h"
#include "checks/snapshot.h"
#include "checks/what_if.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/embed.h"
#include "sql/job.h"

enum { DOCUMENT_BYTES_MAX = 1 << 30 };

struct snapshot_job {
	struct sql_link *link;
	struct sql_job *lookup; /* of a finding's subject */
	struct load *load;
	day_t as_of;
	int fiscal_year;
	int64_t known_batch;
	unsigned members;
	bool legal_order;
	struct worklist_order work_order;
	char *known_at, *unit_code, *jurisdiction;
	char *id;                 /* NULL = the snapshot itself */
	struct what_if *imagined; /* NULL = no change */
	snapshot_done_fn done;
	void *arg;
};

static void job_free(struct snapshot_job *job)
{
	free(job->known_at);
	free(job->unit_code);
	free(job->jurisdiction);
	free(job->id);
	if (job->imagined)
		what_if_free(job->imagined);
	free(job->imagined);
	free(job);
}

static void fail(struct snapshot_job *job, const struct err *err)
{
	snapshot_done_fn done = job->done;
	void *arg = job->arg;
	struct err copy = *err;
	job_free(job);
	done(arg, &copy, NULL, NULL, 0);
}

static int write_document(const struct snapshot_job *job, const struct ledger *ledger,
	struct buf *text, struct err *err)
{
	struct json_out out;
	struct snapshot_options options = {
		.as_of = job->as_of,
		.fiscal_year = job->fiscal_year,
		.members = job->members,
		.unit_code = job->unit_code,
		.reviews = ledger->reviews,
		.before = ledger->before,
		.work_order = &job->work_order,
		.legal_order = job->legal_order,
	};
	json_out_init(&out, text, NULL, NULL);
	if (job->imagined)
		return what_if_write(&(struct what_if_question){ &ledger->law, ledger->facts,
					     job->fiscal_year, job->as_of },
			job->imagined, &out, err);
	if (job->id)
		return explain_id(ledger,
			&(struct explain_request){ job->as_of, job->legal_order, job->id }, &out,
			err);
	return snapshot_write(&ledger->law, ledger->facts, &options, &out, err);
}

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger)
{
	struct snapshot_job *job = arg;
	struct err fault = ERR_INIT;
	struct buf text = { 0 };
	job->load = NULL;
	if (err) {
		fail(job, err);
		return;
	}
	buf_init(&text, DOCUMENT_BYTES_MAX);
	if (write_document(job, ledger, &text, &fault) < 0) {
		fail(job, &fault);
	} else {
		struct snapshot_source source = {
			.as_of = job->as_of,
			.fiscal_year = job->fiscal_year,
			.known_batch = ledger->known_batch,
			.known_at = ledger->known_at,
			.state_version = ledger->state_version,
			.demonstration = ledger->demonstration,
		};
		snapshot_done_fn done = job->done;
		void *done_arg = job->arg;
		job_free(job);
		done(done_arg, NULL, &source, text.data, text.used);
	}
	buf_free(&text);
	ledger_free(ledger);
}

static int start_load(struct snapshot_job *job, struct err *err)
{
	job->load = load_start(job->link,
		&(struct load_request){
			.known_at = job->known_at,
			.known_batch = job->known_batch,
			.jurisdiction = job->jurisdiction,
			.law_only = job->id && explain_id_of_law(job->id),
			.told_before = job->members & SNAPSHOT_WORK_LIST ? job->as_of : DAY_NONE,
		},
		on_loaded, job, err);
	return job->load ? 0 : -1;
}

static struct snapshot_job *job_new(struct sql_link *link, const struct snapshot_request *request,
	snapshot_done_fn done, void *arg)
{
	struct snapshot_job *job = mem_zero(1, sizeof(*job));
	job->link = link;
	job->as_of = request->as_of == DAY_NONE ? day_today() : request->as_of;
	job->fiscal_year = request->fiscal_year ? request->fiscal_year : day_year(job->as_of);
	job->known_batch = request->known_batch;
	job->known_at = request->known_at ? mem_text(request->known_at) : NULL;
	job->members = request->members ? request->members : SNAPSHOT_ALL;
	if (!request->with_obligations)
		job->members &= ~(unsigned)SNAPSHOT_OBLIGATIONS;
	job->unit_code = request->unit_code ? mem_text(request->unit_code) : NULL;
	job->jurisdiction = mem_text(request->jurisdiction);
	job->legal_order = request->legal_order;
	/* A wrong text was refused where it was given. */
	if (!request->work_order || !worklist_order_parse(request->work_order, &job->work_order))
		job->work_order = worklist_default;
	job->done = done;
	job->arg = arg;
	return job;
}

struct snapshot_job *snapshot_build(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, snapshot_done_fn done, void *arg, struct err *err)
{
	struct snapshot_job *job = job_new(link, request, done, arg);
	(void)base; /* the loader lives on the link's own loop */
	if (start_load(job, err) < 0) {
		job_free(job);
		return NULL;
	}
	return job;
}

/* A finding is explained through its subject. */
static void on_subject(void *arg, const struct sql_row *row)
{
	struct snapshot_job *job = arg;
	free(job->id);
	job->id = mem_format("%s/%s", sql_row_text(row, 0), sql_row_text(row, 1));
}

static void on_looked_up(void *arg, const struct sql_outcome *outcome)
{
	struct snapshot_job *job = arg;
	struct err err = outcome->err;
	job->lookup = NULL;
	if (err.code == ERR_NONE)
		start_load(job, &err);
	if (err.code)
		fail(job, &err);
}

static int look_up(struct snapshot_job *job, const char *number, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	int64_t finding_id;
	if (!text_to_int64(number, &finding_id))
		return err_set(err, ERR_USAGE, "\"%s\" is not the number of a finding", number);
	sql_param_int(&params, finding_id);
	job->lookup = sql_submit(job->link,
		&(struct sql_call){
			.text = sql_text_finding_subject,
			.params = &params,
			.row = on_subject,
			.done = on_looked_up,
			.arg = job,
		},
		err);
	return job->lookup ? 0 : -1;
}

struct snapshot_job *explain_build(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, const char *id, snapshot_done_fn done, void *arg,
	struct err *err)
{
	struct snapshot_job *job = job_new(link, request, done, arg);
	int result;
	(void)base;
	job->id = mem_text(id);
	if (strncmp(id, "finding/", 8) == 0)
		result = look_up(job, id + 8, err);
	else
		result = start_load(job, err);
	if (result < 0) {
		job_free(job);
		return NULL;
	}
	return job;
}

struct snapshot_job *what_if_build(struct event_base *base, struct sql_link *link,
	const struct snapshot_request *request, const char *json, size_t length,
	snapshot_done_fn done, void *arg, struct err *err)
{
	struct snapshot_job *job = job_new(link, request, done, arg);
	(void)base;
	job->imagined = mem_zero(1, sizeof(*job->imagined));
	if (what_if_read(json, length, job->imagined, err) < 0 || start_load(job, err) < 0) {
		job_free(job);
		return NULL;
	}
	return job;
}

void snapshot_cancel(struct snapshot_job *job)
{
	if (!job)
		return;
	if (job->lookup)
		sql_job_cancel(job->lookup);
	load_cancel(job->load);
	job_free(job);
}
