/* A directory into which people and programs drop files: which one is next, whether it is whole, and where it goes.
 *
 * Candidates are regular files whose name neither begins with '.' or "~$" nor ends in '~', ".part", ".tmp" or ".crdownload",
 * nor is one that file managers leave (Thumbs.db, desktop.ini). A file is whole when it has not changed for DROP_SETTLE_MS
 * and the kernel says that nobody has it open for writing. It says so to the owner of the file only: of the files of others
 * (an SFTP or Samba account) one is whole when nothing about it changed for settle_ms; when its end is not that of a whole
 * file (a workbook without its directory, a last line without its end) for DROP_TORN_MS at least. With a marker a file is
 * whole when the marker is there, and at no other time.
 *
 * A file that was taken moves to done/, with NAME.receipt.json beside it; a refused one to refused/, with
 * NAME.reason.json. A name that is taken there gets the time behind it: nothing is overwritten. The JSON is written and
 * synced before the file moves, so a crash in between leaves the file where it is and it is read again, which changes
 * nothing. A file that came under the same name while the other was read is never moved unread. Of the files that failed
 * least often the oldest (mtime, name) is next. Blocking calls on a directory: short ones. */
#ifndef SETASIDE_COLLECTORS_DROP_FOLDER_H
#define SETASIDE_COLLECTORS_DROP_FOLDER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "collectors/collector.h"
#include "core/err.h"

enum { DROP_SETTLE_MS = 2000, DROP_TORN_MS = 10 * 60 * 1000, DROP_FILES_MAX = 100000 };

struct drop_memory;
struct drop_options {
	const char *directory;
	int64_t settle_ms;
	const char *marker; /* ".ok"; "" = none */
	struct drop_memory *memory;
};

struct drop_file {
	struct collector_origin origin; /* name "" = none */
	int failures;
	int waiting;         /* candidates in the directory that never failed; 0 = none */
	int unfinished;      /* candidates that are not whole yet */
	int64_t ready_in_ms; /* the shortest time after which one of these may be; -1 = not known */
};
/* The next file that is whole; name "" when there is none. */
int drop_folder_next(const struct drop_options *options, struct drop_file *ret, struct err *err);
/* The same content as far as the directory tells. */
bool drop_folder_same(const struct stat *a, const struct stat *b);
/* A file name for people, the ledger and JSON: bytes that are no UTF-8 and control characters as %D6. */
char *drop_folder_shown(const char *name);

struct source_report;
struct drop_outcome {
	const char *source;
	const char *sha256;
	int64_t bytes;
	const struct source_report *report;
	const struct err *err; /* not NULL: refused */
};
/* Moves the file that was read. *ret_newer: what stands there now is another one, it was left. */
int drop_folder_settle(const struct drop_options *options, const struct collector_origin *origin,
	const struct drop_outcome *outcome, bool *ret_newer, struct err *err);

#endif
