/* Releases gathered by process (ocid), to be compiled once all are known.
 *
 * Texts wait in an unlinked file of the temporary directory, so memory is some 100 bytes a process and 40 a release;
 * compiling one needs room for its releases (at most 256 MiB as trees). Releases are ordered by date; of equal dates, and
 * where a date is missing, by the order they came in. A release id that came before in its process replaces the former
 * one. Not shared between threads. */
#ifndef SETASIDE_COLLECTORS_OCDS_PROCESS_H
#define SETASIDE_COLLECTORS_OCDS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "collectors/json_tree.h"
#include "core/buf.h"
#include "core/err.h"
#include "sql/kind.h"

struct ocds_processes;
/* NULL + ERR_IO when the file cannot be made. */
struct ocds_processes *ocds_processes_new(struct err *err);
void ocds_processes_free(struct ocds_processes *processes);

struct ocds_origin {
	int file_no;
	int64_t place;
};
/* Notes that the process occurs; true when it did before. */
bool ocds_processes_note(struct ocds_processes *processes, const char *ocid);
/* text: the release as JSON. origin: handed out again with the newest release. mark: see ocds_process_marked. */
int ocds_processes_add(struct ocds_processes *processes, const struct json_node *release,
	const char *text, size_t length, struct ocds_origin origin, bool mark, struct err *err);

/* Processes in the order of their first release. */
int64_t ocds_processes_count(const struct ocds_processes *processes);
/* True if the process has several releases, or one was added with mark. */
bool ocds_process_marked(const struct ocds_processes *processes, int64_t at);
/* Its name and the time of its newest release (INT64_MIN if it has none). */
int64_t ocds_process_newest(
	const struct ocds_processes *processes, int64_t at, struct kind_hash *ret_name);
/* Compiles one; *ret_text (may be NULL): the newest release as it was added. *ret and what hangs on it is lent until the next call. */
int ocds_process_compile(struct ocds_processes *processes, int64_t at, const struct json_node **ret,
	struct ocds_origin *ret_origin, const char **ret_text, struct err *err);

#endif
