/* "Show me the original": the record of a ledger row as it stood in what the source sent.
 *
 * A ledger row says its batch and place (sql/store_batch.h: store_place). The batch names the file by its SHA-256, the
 * archive gives the bytes, the format's reader finds the record in them. What the configuration says of the source is used
 * (encoding, sheets); for sources that are long gone the encoding is recognised and the first sheet taken. Runs in slices on the loop, memory is flat, text above 64 KiB is cut. done is called once,
 * never inside original_start(), never after original_cancel(). */
#ifndef SETASIDE_COLLECTORS_ORIGINAL_H
#define SETASIDE_COLLECTORS_ORIGINAL_H

#include <stdint.h>

#include "core/err.h"

struct archive;
struct event_base;
struct source_config;
struct sql_link;
struct original_read;

struct original {
	const char *source; /* name of the source */
	const char *file;   /* name of the file as the source gave it */
	const char *kind;   /* record kind of the file, "" = several */
	const char *sha256;
	int64_t locator;  /* row number or byte offset, see the format */
	const char *text; /* UTF-8; lent like the others */
};
/* ERR_DATA when there is no such batch or place. */
typedef void (*original_done_fn)(void *arg, const struct original *original, const struct err *err);

/* The configuration of a source of this name; NULL = there is none (any more). */
typedef const struct source_config *(*original_config_fn)(void *arg, const char *source);

/* config may be NULL. */
struct original_read *original_start(struct event_base *base, struct sql_link *link,
	struct archive *archive, int64_t batch, int64_t place, original_config_fn config,
	original_done_fn done, void *arg, struct err *err);
void original_cancel(struct original_read *read);

#endif
