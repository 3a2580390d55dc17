/* A directory into which people and programs drop files: which one is next, whether it is whole, and where it goes.
 *
 * Candidates are regular files whose name neither begins with '.' nor ends in '~', ".part", ".tmp" or ".crdownload". A
 * file is whole when it has not changed for DROP_SETTLE_MS and nobody has it open for writing (as far as the kernel
 * tells). A file that was taken moves to done/, with NAME.receipt.json beside it; a refused one to refused/, with
 * NAME.reason.json. A name that is taken there gets the time behind it: nothing is overwritten. The JSON is written and
 * synced before the file moves, so a crash in between leaves the file where it is and it is read again, which changes
 * nothing. Files are told apart by (mtime, name); the oldest is first. Blocking calls on a directory: short ones. */
#ifndef SETASIDE_COLLECTORS_DROP_FOLDER_H
#define SETASIDE_COLLECTORS_DROP_FOLDER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "core/err.h"

enum { DROP_SETTLE_MS = 2000, DROP_NAME_MAX = 256, DROP_FILES_MAX = 100000 };

struct drop_file {
	char name[DROP_NAME_MAX];
	struct stat info;
	int waiting;    /* candidates in the directory; 0 = none */
	int unfinished; /* those of them that are not whole yet */
};
/* The oldest file that is whole; name "" when there is none. */
int drop_folder_next(const char *directory, struct drop_file *ret, struct err *err);
/* The same content as far as the directory tells. */
bool drop_folder_same(const struct stat *a, const struct stat *b);

struct source_report;
struct drop_outcome {
	const char *source;
	const char *sha256;
	int64_t bytes;
	const struct source_report *report;
	const struct err *err; /* not NULL: refused */
};
int drop_folder_settle(const char *directory, const char *name, const struct drop_outcome *outcome,
	struct err *err);

#endif
