/* How new the newest release of every process is that a source has sent: a release that is older, and comes alone in a later
 * batch, says nothing about how things stand. Some 40 bytes a process; more than RELEASE_MEMORY_MAX of them are not told
 * apart from new ones. */
#ifndef SETASIDE_COLLECTORS_RELEASE_MEMORY_H
#define SETASIDE_COLLECTORS_RELEASE_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sql/store_batch.h"

enum { RELEASE_MEMORY_MAX = 1000 * 1000 };

struct release_memory;
struct release_memory *release_memory_new(void);
void release_memory_free(struct release_memory *memory); /* NULL is fine */

/* What the ledger knows, before the reading. */
void release_memory_known(
	struct release_memory *memory, const struct kind_hash *process, int64_t at);
/* True if a release of the process that is newer than `at` came in an earlier batch. */
bool release_memory_newer(
	const struct release_memory *memory, const struct kind_hash *process, int64_t at);
/* A release was read; what is known does not change by it. */
void release_memory_note(
	struct release_memory *memory, const struct kind_hash *process, int64_t at);
/* The name of a process. */
struct kind_hash release_memory_process(const char *ocid);
/* Forgets what was noted, for another pass. */
void release_memory_forget(struct release_memory *memory);
/* What was noted, the newest of each process. */
const struct store_released *release_memory_noted(
	const struct release_memory *memory, int64_t *ret_count);

#endif
