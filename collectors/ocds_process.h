/* Releases gathered by process (ocid), to be compiled once all are known.
 *
 * Texts wait in an unlinked file of the temporary directory (at most 8 GiB), so memory is some 100 bytes a process and 50 a
 * release; compiling one needs room for its releases (at most 256 MiB as trees). Releases are ordered by date; of equal
 * dates, and where a date is missing, by the order they came in, those of earlier batches first. A release whose id comes
 * again in its process is superseded by the later one: it is listed, and not compiled. A compiled release that a publisher
 * made stands for all that is older. Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_OCDS_PROCESS_H
#define SETASIDE_COLLECTORS_OCDS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "collectors/json_tree.h"
#include "core/buf.h"
#include "core/err.h"
#include "sql/store_batch.h"

struct ocds_processes;
/* NULL + ERR_IO when the file cannot be made. */
struct ocds_processes *ocds_processes_new(struct err *err);
void ocds_processes_free(struct ocds_processes *processes);

struct ocds_origin {
	int file_no;
	int64_t place;
	int64_t batch; /* an earlier one; 0 = this one */
	int32_t bytes; /* of the record that is or holds it; this batch only, as the next one */
	int64_t print; /* of that record */
};
enum {
	OCDS_WHOLE = 1,     /* compiled by its publisher */
	OCDS_TOLD = 2,      /* what it says as a publication was handed over */
	OCDS_SUPERSEDED = 4 /* by one that came later */
};
struct ocds_version {
	struct ocds_origin origin;
	int64_t instant; /* INT64_MIN = not dated */
	unsigned flags;
	const char *text; /* as it was added */
	size_t length;
};

/* Notes that the process occurs; true when it did before. */
bool ocds_processes_note(struct ocds_processes *processes, const char *ocid);
/* text: the release as JSON. */
int ocds_processes_add(struct ocds_processes *processes, const struct json_node *release,
	const char *text, size_t length, struct ocds_origin origin, unsigned flags,
	struct err *err);
/* Tells the releases of a process apart: by id, by text where there is none. */
int64_t ocds_release_name(const struct json_node *release, const char *text, size_t length);

/* Processes in the order in which they occurred. */
int64_t ocds_processes_count(const struct ocds_processes *processes);
/* -1 = it did not occur. */
int64_t ocds_processes_find(struct ocds_processes *processes, const struct kind_hash *name);
void ocds_process_name(
	const struct ocds_processes *processes, int64_t at, struct kind_hash *ret_name);
/* 0 for one that was only noted. */
int ocds_process_releases(const struct ocds_processes *processes, int64_t at);
/* It has one release, of this batch, of which nothing was handed over. */
bool ocds_process_only(const struct ocds_processes *processes, int64_t at);
bool ocds_process_has(const struct ocds_processes *processes, int64_t at, int64_t release);

/* Rows of releases that came and were not read, because they stand as they stood; added to what the process has so far. */
void ocds_processes_pass(struct ocds_processes *processes, const char *ocid, int32_t rows);
int64_t ocds_process_passed(const struct ocds_processes *processes, int64_t at);
/* Release i of it, oldest first, as it is to be kept; rows is 0. False when an earlier batch brought it. */
bool ocds_process_came(
	const struct ocds_processes *processes, int64_t at, int i, struct store_release *ret);

/* Calls fn for each release, oldest first; everything is lent for the call. */
typedef int (*ocds_version_fn)(void *arg, const struct json_node *release,
	const struct ocds_version *version, struct err *err);
int ocds_process_each(struct ocds_processes *processes, int64_t at, ocds_version_fn fn, void *arg,
	struct err *err);
/* Compiles one; before: from what earlier batches brought alone. *ret_origin and *ret_text (may be NULL): the newest
 * release of this batch (of all, with before). *ret, NULL if there is nothing to compile, and what hangs on it is lent
 * until the next call. */
int ocds_process_compile(struct ocds_processes *processes, int64_t at, bool before,
	const struct json_node **ret, struct ocds_origin *ret_origin, const char **ret_text,
	struct err *err);

#endif
