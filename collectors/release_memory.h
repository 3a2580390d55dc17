/* The releases that earlier batches of a source brought, by process: what comes now is merged with them.
 *
 * The ledger keeps where each one stands among the archived originals, not the release itself. The list waits in an
 * unlinked file of the temporary directory, ordered by process, with one number in memory for 64 entries. Releases that a
 * batch needs are fetched from the archive, each file read once from its beginning to its end, so that its hash is
 * checked. Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_RELEASE_MEMORY_H
#define SETASIDE_COLLECTORS_RELEASE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/store_batch.h"

struct archive;
struct release_memory;
/* archive: lent. NULL + ERR_IO when the file cannot be made. */
struct release_memory *release_memory_new(struct archive *archive, struct err *err);
void release_memory_free(struct release_memory *memory); /* NULL is fine */
void release_memory_forget(struct release_memory *memory);

/* The name of a process or organisation: a hash, but for the first four bytes, which are the last digits of its numbers
 * (collectors/fingerprint.h): an index that is filled in the order of a file meets neighbours. */
struct kind_hash release_memory_name(const char *text);
/* What the ledger knows, ordered by process. A fault is told by release_memory_ready(). */
void release_memory_add(struct release_memory *memory, const struct store_release *release);
/* After the last one. -1 + ERR_IO */
int release_memory_ready(struct release_memory *memory, struct err *err);

/* Calls each() for every release of the process; *ret_count (may be NULL): how many there are. -1 + err. each may be
 * NULL. */
typedef void (*release_memory_fn)(void *arg, const struct store_release *release);
int release_memory_each(struct release_memory *memory, const struct kind_hash *process,
	release_memory_fn each, void *arg, int *ret_count, struct err *err);

/* *ret_newer: 1 when one of them is newer than at. */
int release_memory_newer(struct release_memory *memory, const struct kind_hash *process, int64_t at,
	int *ret_newer, struct err *err);

/* A release will be fetched. */
void release_memory_want(struct release_memory *memory, const struct store_release *release);
/* Fetches, a piece at a time: text is the record that is or holds the release. *ret_more: call again. encoding as the
 * source has it configured. What cannot be read, or is not there any more, is ERR_DATA or what the archive says;
 * *ret_failed is the release it was about. */
typedef int (*release_memory_text_fn)(void *arg, const struct store_release *release,
	const char *text, size_t length, struct err *err);
int release_memory_fetch(struct release_memory *memory, const char *encoding,
	release_memory_text_fn text, void *arg, bool *ret_more, struct kind_hash *ret_failed,
	struct err *err);

#endif
