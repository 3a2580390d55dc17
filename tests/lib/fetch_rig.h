/* A fetcher on a loop of its own, allowed to reach 127.0.0.0/8, and what its transfers leave behind. For test suites of
 * core/fetch.h: rig_set_up and rig_tear_down are their init and fini. */
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
extern struct fetch_rig rig;

/* What one transfer left behind. */
struct seen {
	struct fetch_transfer *transfer;
	struct fetch_result result;
	struct buf *body;
	int done, sinks;
	enum fetch_flow flow; /* what the sink answers */
	int status_at_sink;
};

void rig_set_up(void);
void rig_tear_down(void);

/* A GET of url into seen, to be changed before it starts; its body is freed with the rig. */
struct fetch_request rig_request(struct seen *seen, const char *url);
/* Until no transfer is left. */
void rig_run(void);
/* Starts and runs one to its end. */
void rig_go(struct seen *seen, const struct fetch_request *request);
/* One GET of one answer, and one that must fail so. */
void rig_get(struct seen *seen, const struct httpd_answer *answer);
void rig_fails(const struct httpd_answer *answer, enum err_code code, enum fetch_fate fate);

#endif
