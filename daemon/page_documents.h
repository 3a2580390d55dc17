/* Documents that pages ask for, computed over checks/run.h or found in the archive: the hook of api/server.h. */
#ifndef SETASIDE_DAEMON_PAGE_DOCUMENTS_H
#define SETASIDE_DAEMON_PAGE_DOCUMENTS_H

#include "api/server.h"
#include "collectors/original.h"

struct event_base;
struct sql_link;

struct page_documents {
	struct event_base *base;
	struct sql_link *link;    /* lent */
	const char *jurisdiction; /* lent */
	const char *work_order;   /* lent */
	struct archive *archive;  /* lent, as the next ones */
	original_config_fn config;
	void *config_arg;
};

/* As api_hooks.document and .document_cancel. */
void *page_document_start(const struct page_documents *documents,
	const struct api_document_options *options, api_document_fn done, void *arg,
	struct err *err);
void page_document_cancel(void *document);

#endif
