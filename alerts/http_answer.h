/* What channels that speak HTTP have in common: the networks they may reach, and one answer, read up to a ceiling, judged,
 * and kept as one line for the ledger. */
#ifndef SETASIDE_ALERTS_HTTP_ANSWER_H
#define SETASIDE_ALERTS_HTTP_ANSWER_H

#include "alerts/alert.h"
#include "core/buf.h"
#include "core/fetch.h"

struct netguard;

/* The key "allow" of a channel's block: complains about what is no network; reads them into guard. 0 or -1. */
int http_networks_validate(const struct conf_block *block, struct conf_errors *errors);
int http_networks_read(const struct conf_block *block, struct netguard *guard, struct err *err);

/* answer holds the beginning of the body; the owner frees it. */
void http_answer_init(struct buf *answer);
/* What a body_sink does; reads no further than the ceiling. */
enum fetch_flow http_answer_take(struct buf *answer, const char *bytes, size_t count);

/* Of an answer whose head is complete; its body may have ended early. Sets class and what belongs to it. outcome's are
 * cleared before. */
typedef void (*http_judge_fn)(void *arg, const struct fetch_head *head, const struct buf *answer,
	struct alert_outcome *outcome);
/* An answer is judged, with the receiver's clock noted; anything else is a fault of the endpoint: retry when nothing left
 * us, unknown otherwise. Leaves outcome's bytes, parts and requests as they are. */
void http_answer_judge(const struct fetch_result *result, const struct buf *answer,
	http_judge_fn judge, void *arg, struct alert_outcome *outcome);

#endif
