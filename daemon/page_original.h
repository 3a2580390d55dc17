/* The rows of a record as their sources sent them, as a document for the pages. */
#ifndef SETASIDE_DAEMON_PAGE_ORIGINAL_H
#define SETASIDE_DAEMON_PAGE_ORIGINAL_H

#include "api/server.h"
#include "daemon/originals.h"

struct page_original;

/* row, done and arg of call are its own. done is called once with {"items": [...]}, unless cancelled; the object is gone
 * then. */
struct page_original *page_original_start(
	const struct originals_call *call, api_document_fn done, void *arg, struct err *err);
void page_original_cancel(struct page_original *page);

#endif
