/* Documents that pages ask for, computed over checks/run.h: the hook of api/server.h. */
#ifndef SETASIDE_DAEMON_PAGE_DOCUMENTS_H
#define SETASIDE_DAEMON_PAGE_DOCUMENTS_H

#include "api/server.h"

struct event_base;
struct sql_link;

struct page_documents {
	struct event_base *base;
	struct sql_link *link;    /* lent */
	const char *jurisdiction; /* lent */
	const char *work_order;   /* lent */
};

/* As api_hooks.document and .document_cancel. */
void *page_document_start(const struct page_documents *documents,
	const struct api_document_options *options, api_document_fn done, void *arg,
	struct err *err);
void page_document_cancel(void *document);

#endif
