/* The rows of a record as their sources sent them: the places that the ledger keeps (queries/original_places.sql), then one
 * archived original after the other (collectors/original.h). Behind the command `original` and its route. */
#ifndef SETASIDE_DAEMON_ORIGINALS_H
#define SETASIDE_DAEMON_ORIGINALS_H

#include "collectors/original.h"

struct originals;

struct originals_call {
	struct event_base *base;
	struct sql_link *link;
	struct archive *archive;
	original_config_fn config; /* with config_arg */
	void *config_arg;
	const char *kind, *number; /* a record kind or "quarantine"; lent for the call */
	void (*row)(
		void *arg, int64_t batch, const struct original *original); /* lent for the call */
	void (*done)(void *arg, const struct err *err); /* err NULL after the last row */
	void *arg;
};

/* ERR_USAGE at once for a word that is no kind; done with ERR_DATA when there is no such record. done is called once, never
 * inside this call, never after originals_cancel(). The latest 20 rows. */
struct originals *originals_start(const struct originals_call *call, struct err *err);
void originals_cancel(struct originals *originals); /* NULL is fine */

#endif
