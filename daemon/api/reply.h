/* One deferred answer to one request: sent exactly once, by its handler or by its deadline.
 *
 * A handler gets a reply, starts its work, and later calls one of the send functions; after that the reply is gone.
 * When the deadline passes first the reply answers 503 and cancels the work through reply_on_cancel. */
#ifndef SETASIDE_API_REPLY_H
#define SETASIDE_API_REPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

struct api_server;
struct evbuffer;
struct evhttp_request;
struct reply;

/* NULL when too many replies are pending (the request is already answered then). */
struct reply *reply_new(struct api_server *server, struct evhttp_request *request);
/* cancel(arg) is called at most once, when the reply ends without the handler: deadline or shutdown. */
void reply_on_cancel(struct reply *reply, void (*cancel)(void *arg), void *arg);
struct evbuffer *reply_body(struct reply *reply);
/* "If-None-Match" of the request, "" if none. */
const char *reply_if_none_match(const struct reply *reply);
/* The body that came with the request; lent until the reply ends. */
const char *reply_request_body(const struct reply *reply, size_t *ret_length);
void reply_header(struct reply *reply, const char *name, const char *value);

void reply_send(struct reply *reply, int status, const char *content_type);
/* RFC 9457 problem document; detail is for people, in English, without secrets. Empties the body first. */
void reply_problem(struct reply *reply, int status, const char *title, const char *detail);
/* Status from the code: ERR_USAGE 400, ERR_DATA 404, ERR_REFUSED 403, ERR_DB_DOWN and ERR_TIMEOUT 503, else 500. */
void reply_error(struct reply *reply, const struct err *err);

/* The list of pending replies, embedded in the server. */
struct reply_list {
	struct reply *first;
	int count;
};
void reply_list_abort(struct reply_list *list);

#endif
