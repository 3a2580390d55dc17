#include "daemon/page_original.h"

#include <string.h>

#include <jansson.h>

#include "core/mem.h"

struct page_original {
	struct originals *originals;
	json_t *items;
	api_document_fn done;
	void *arg;
};

static void page_free(struct page_original *page)
{
	json_decref(page->items);
	free(page);
}

static void on_row(void *arg, int64_t batch, const struct original *original)
{
	struct page_original *page = arg;
	json_t *item = json_pack("{s:I, s:s, s:s, s:s, s:I, s:s}", "batch_id", (json_int_t)batch,
		"source", original->source, "file", original->file, "sha256", original->sha256,
		"place", (json_int_t)original->locator, "text", original->text);

	if (!item || json_array_append_new(page->items, item) < 0)
		BUG("an original cannot be written as JSON");
}

static void on_done(void *arg, const struct err *err)
{
	struct page_original *page = arg;
	json_t *root = err ? NULL : json_pack("{s:O}", "items", page->items);
	char *json = root ? json_dumps(root, JSON_COMPACT) : NULL;

	page->done(page->arg, err, json, json ? strlen(json) : 0);
	free(json);
	json_decref(root);
	page_free(page);
}

struct page_original *page_original_start(
	const struct originals_call *call, api_document_fn done, void *arg, struct err *err)
{
	struct page_original *page = mem_zero(1, sizeof(*page));
	struct originals_call own = *call;

	page->items = json_array();
	page->done = done;
	page->arg = arg;
	own.row = on_row;
	own.done = on_done;
	own.arg = page;
	page->originals = originals_start(&own, err);
	if (page->originals)
		return page;
	page_free(page);
	return NULL;
}

void page_original_cancel(struct page_original *page)
{
	originals_cancel(page->originals);
	page_free(page);
}
