/* What a collector brings, recorded for tests: a sink, and a loop that turns until done. */
#ifndef SETASIDE_TESTS_LIB_PULLED_H
#define SETASIDE_TESTS_LIB_PULLED_H

#include "collectors/collector.h"
#include "collectors/source_config.h"
#include "core/buf.h"

struct pulled {
	struct buf text; /* "<name>" bytes "</>" for each file */
	int files, ends, done;
	bool full;      /* what the sink answers; pulled_run() resumes when it was asked */
	int full_every; /* the sink says full at every n-th question, then waits for the loop */
	int asked, resumed;
	int fail_bytes_at; /* file_bytes fails at this call; 0 = never */
	int byte_calls;
	enum collector_end end;
	struct store_cursor next;
	bool has_next;
	struct err err;
	struct collector_sink sink;
};
void pulled_init(struct pulled *pulled);
void pulled_free(struct pulled *pulled);

/* Runs one pull to its end (fails the test after 30 s). The status of start(); err in pulled->err either way. */
int pulled_run(struct pulled *pulled, const struct collector *collector,
	const struct collector_env *env, const struct source_config *config,
	const struct store_cursor *cursor);

/* A configuration as the loader would make it from nothing but defaults. Texts are static. */
struct source_config pulled_config(const char *kind);

#endif
