/* Group robots as their vendors run them, on the test's own loop: 127.0.0.1, a free port.
 *
 * Enforces what the vendor enforces: path and key, JSON and message type, size, signature and its age (one hour),
 * keyword, messages within the window and the penalty for more (DingTalk: muted for ten windows), for Feishu also five
 * within a second. A window is a minute; tests shorten it. Accepted bodies are kept. For tests only. */
#ifndef SETASIDE_TESTS_ROBOTD_H
#define SETASIDE_TESTS_ROBOTD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct robotd;

enum robotd_vendor { ROBOTD_WECOM, ROBOTD_DINGTALK, ROBOTD_FEISHU };

struct robotd_rules {
	enum robotd_vendor vendor;
	const char *secret;  /* NULL = unsigned */
	const char *keyword; /* NULL = none */
	int limit;           /* messages in a window; 0 = the vendor's: 20, 20, 100 */
	int window_ms;       /* 0 = 60000 */
};

struct robotd *robotd_start(struct event_base *base, const struct robotd_rules *rules); /* lent */
void robotd_stop(struct robotd *robotd);
/* "http://127.0.0.1:PORT" + the vendor's path + the key "test-key", in a room until the next call. */
const char *robotd_url(struct robotd *robotd);
const char *robotd_base(struct robotd *robotd);
/* The next request gets this status and body, whatever it is. body is lent; status 0 = the connection is closed. */
void robotd_answer_next(struct robotd *robotd, int status, const char *body);

/* While it is away every request is answered 502. */
void robotd_away(struct robotd *robotd, bool away);

int robotd_accepted(const struct robotd *robotd);
int robotd_refused(const struct robotd *robotd);   /* by any rule */
int robotd_penalties(const struct robotd *robotd); /* by the rate rule */
const char *robotd_last_refusal(const struct robotd *robotd);
/* Text of one accepted message as a reader has it (title and content); lent. */
const char *robotd_text(const struct robotd *robotd, int index);
/* In how many accepted messages the text occurs. */
int robotd_count(const struct robotd *robotd, const char *needle);

#endif
