#include "daemon/page_documents.h"

#include <stdlib.h>
#include <string.h>

#include "checks/run.h"
#include "checks/snapshot.h"
#include "core/mem.h"
#include "core/text.h"
#include "daemon/page_original.h"

struct page_document {
	struct snapshot_job *job;
	struct page_original *original; /* in place of a job */
	api_document_fn done;
	void *arg;
	char *known_at, *explain; /* kept as long as the job may read them */
};

static void document_free(struct page_document *document)
{
	free(document->known_at);
	free(document->explain);
	free(document);
}

static void on_built(void *arg, const struct err *err, const struct snapshot_source *source,
	const char *json, size_t length)
{
	struct page_document *document = arg;
	(void)source;
	document->done(document->arg, err, json, length);
	document_free(document);
}

/* Texts of a request into options; they were only checked for their length so far. */
static int read_options(
	const struct api_document_options *options, struct snapshot_request *ret, struct err *err)
{
	int64_t year = 0;
	ret->as_of = DAY_NONE;
	if (*options->as_of && !day_parse(options->as_of, strlen(options->as_of), &ret->as_of))
		return err_set(err, ERR_USAGE, "as_of must be a date, YYYY-MM-DD");
	if (*options->fiscal_year &&
		(!text_to_int64(options->fiscal_year, &year) || year < 1900 || year > 2199))
		return err_set(err, ERR_USAGE, "fiscal_year must be a year from 1900 to 2199");
	ret->fiscal_year = (int)year;
	ret->with_obligations = options->with_obligations;
	ret->legal_order = options->legal_order;
	if (options->work_list)
		ret->members = SNAPSHOT_WORK_LIST;
	else if (options->unit_figures)
		ret->members = SNAPSHOT_QUOTA_UNIT;
	ret->unit_code = options->unit_code;
	return 0;
}

static void on_original(void *arg, const struct err *err, const char *json, size_t length)
{
	struct page_document *document = arg;

	document->done(document->arg, err, json, length);
	document_free(document);
}

static void *start_original(const struct page_documents *documents,
	const struct api_document_options *options, api_document_fn done, void *arg,
	struct err *err)
{
	struct page_document *document = mem_zero(1, sizeof(*document));
	struct originals_call call = { .base = documents->base,
		.link = documents->link,
		.archive = documents->archive,
		.config = documents->config,
		.config_arg = documents->config_arg,
		.kind = options->original_kind,
		.number = options->original_number };

	document->done = done;
	document->arg = arg;
	document->original = page_original_start(&call, on_original, document, err);
	if (document->original)
		return document;
	document_free(document);
	return NULL;
}

void *page_document_start(const struct page_documents *documents,
	const struct api_document_options *options, api_document_fn done, void *arg,
	struct err *err)
{
	struct snapshot_request wanted = { .known_batch = -1,
		.jurisdiction = documents->jurisdiction,
		.work_order = documents->work_order };
	if (options->original_kind)
		return start_original(documents, options, done, arg, err);
	if (read_options(options, &wanted, err))
		return NULL;
	struct page_document *document = mem_zero(1, sizeof(*document));
	document->done = done;
	document->arg = arg;
	document->known_at = *options->known_at ? mem_text(options->known_at) : NULL;
	document->explain = options->explain ? mem_text(options->explain) : NULL;
	wanted.known_at = document->known_at;
	if (options->what_if)
		document->job = what_if_build(documents->base, documents->link, &wanted,
			options->what_if, options->what_if_length, on_built, document, err);
	else if (options->explain)
		document->job = explain_build(documents->base, documents->link, &wanted,
			document->explain, on_built, document, err);
	else
		document->job = snapshot_build(
			documents->base, documents->link, &wanted, on_built, document, err);
	if (document->job)
		return document;
	document_free(document);
	return NULL;
}

void page_document_cancel(void *arg)
{
	struct page_document *document = arg;
	if (document->original)
		page_original_cancel(document->original);
	else
		snapshot_cancel(document->job);
	document_free(document);
}
