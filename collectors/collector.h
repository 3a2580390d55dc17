/* What a collector is: it brings the bytes of one source here. It does not parse and does not see the ledger.
 *
 * start() begins a pull and returns a cookie at once; the pull runs on the loop. It hands whole files (pages, query
 * results) to the sink, in order, and ends with exactly one call of done, never inside start(), never after cancel().
 * Nothing is committed before done: the cursors in `next` are stored with the records, or not at all, so a pull that
 * failed is simply pulled again. A collector keeps its own limits (bytes, pages, time, silence) from the configuration
 * and never holds a file in memory. Adding one is a file pair and a row in collectors/kinds.c. */
#ifndef SETASIDE_COLLECTORS_COLLECTOR_H
#define SETASIDE_COLLECTORS_COLLECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "core/buf.h"
#include "core/err.h"
#include "sql/store_batch.h"

struct drop_memory;
struct event_base;
struct fetch;
struct source_config;

/* Lent to every collector for as long as it runs. */
struct collector_env {
	struct event_base *base;
	struct fetch *fetch;       /* may be NULL where no http source is configured */
	struct drop_memory *drops; /* files of drop folders that failed; may be NULL */
};

/* A file of a directory as it was found. */
enum { COLLECTOR_NAME_MAX = 256 };
struct collector_origin {
	char name[COLLECTOR_NAME_MAX]; /* as the file system has it, in whatever encoding */
	struct stat info;
};

/* Negative answers (err set) mean: give up, and report this error through done. */
struct collector_sink {
	int (*file_begin)(
		void *arg, const char *name, struct err *err); /* "payment.csv", a URL, "query" */
	int (*file_bytes)(void *arg, const void *bytes, size_t count, struct err *err);
	int (*file_end)(void *arg, struct err *err);
	/* True: hand over nothing more until resume() of the collector is called. */
	bool (*full)(void *arg);
	/* For progress: how much there is, when it is known (bytes; -1 = not known). */
	void (*expect)(void *arg, long long bytes);
	/* Before file_begin, for what `settled` must find again. */
	void (*origin)(void *arg, const struct collector_origin *origin);
	/* Nothing is to be had now, but in so many ms it may be. */
	void (*later)(void *arg, int64_t ms);
	void *arg;
};

enum collector_end {
	COLLECTOR_DONE,
	COLLECTOR_WHOLE, /* done, and this was everything the source has: what did not come is closed */
	COLLECTOR_UNCHANGED, /* the source says nothing changed (304, equal watermark): no batch is made */
	COLLECTOR_MORE /* done, and there is more to be pulled at once */
};
typedef void (*collector_done_fn)(void *arg, enum collector_end end,
	const struct store_cursor *next, const struct err *err); /* err NULL on success */

struct source_report;
struct collector_file {
	const char *name; /* as given to file_begin */
	const char *sha256;
	int64_t bytes;
	const struct collector_origin *origin; /* NULL = none was given */
};
enum collector_settled {
	COLLECTOR_GONE, /* what comes next is another file */
	COLLECTOR_LEFT, /* the file is still where it was, and would come again at once */
	COLLECTOR_NEWER /* another file came in its place, to be pulled at once */
};

struct collector_pull; /* each collector defines its own and casts */

struct collector {
	const char *kind; /* "file", "http", "postgres" */
	struct collector_pull *(*start)(const struct collector_env *env,
		const struct source_config *config, const struct store_cursor *cursor,
		const struct collector_sink *sink, collector_done_fn done, void *arg,
		struct err *err);                    /* NULL + err: done is not called */
	void (*resume)(struct collector_pull *pull); /* after sink.full() was true */
	/* No callback after this. */
	void (*cancel)(struct collector_pull *pull);
	/* How a pull of one file ended; not called for rehearsals, nor when the database was away. for_good: its batch is
	 * committed (err NULL), or the file is at fault; otherwise it may go well next time. May be NULL. */
	enum collector_settled (*settled)(const struct collector_env *env,
		const struct source_config *config, const struct collector_file *file,
		const struct source_report *report, const struct err *err, bool for_good);
	/* What it cannot take though it stands there: [{"file": …, "why": …}], and how many; -1 = it does not know. May be
	 * NULL. */
	int (*held)(const struct collector_env *env, const struct source_config *config,
		struct buf *out);
};

extern const struct collector *const collector_kinds[]; /* NULL-terminated */
const struct collector *collector_find(const char *kind);

#endif
