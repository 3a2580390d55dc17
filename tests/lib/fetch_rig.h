/* A fetcher on a loop of its own, allowed to reach 127.0.0.0/8, and what its transfers leave behind. For test suites of
 * core/fetch.h: fetch_rig_set_up and fetch_rig_tear_down are their init and fini. */
#ifndef SETASIDE_TESTS_LIB_FETCH_RIG_H
#define SETASIDE_TESTS_LIB_FETCH_RIG_H

#include "core/buf.h"
#include "core/fetch.h"
#include "lib/httpd.h"

struct fetch_rig {
	struct event_base *base;
	struct fetch *fetch;
	struct netguard guard;
};
extern struct fetch_rig fetch_rig;

/* What one transfer left behind. */
struct seen {
	struct fetch_transfer *transfer;
	struct fetch_result result;
	struct buf *body;
	int done, sinks;
	enum fetch_flow flow; /* what the sink answers */
	int status_at_sink;
};

void fetch_rig_set_up(void);
void fetch_rig_tear_down(void);

/* A GET of url into seen, to be changed before it starts; its body is freed with the fetch_rig. */
struct fetch_request fetch_rig_request(struct seen *seen, const char *url);
/* Until no transfer is left. */
void fetch_rig_run(void);
/* Starts and runs one to its end. */
void fetch_rig_go(struct seen *seen, const struct fetch_request *request);
/* One GET of one answer, and one that must fail so. */
void fetch_rig_get(struct seen *seen, const struct httpd_answer *answer);
void fetch_rig_fails(const struct httpd_answer *answer, enum err_code code, enum fetch_fate fate);

#endif
