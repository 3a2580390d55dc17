/* HTTP transfers on the event loop: one libcurl multi handle, one thread, nothing blocks.
 *
 * Contract: done is called exactly once for every transfer that fetch_start() accepted, never
 * inside fetch_start(), never after fetch_cancel(). The body sink and done run on the loop; they
 * may start, resume and cancel transfers (this one too), but must not free the fetcher. Pointers
 * given to the callbacks are lent for the call.
 *
 * Every transfer is limited in decoded body bytes, header lines, total time, silence and redirects,
 * and every hop's address is checked against the guard (core/netguard.h). Proxy variables of the
 * environment and .netrc are ignored. Redirects never lead from https to http. Only gzip is
 * accepted as an encoding. At most 16 transfers run, 2 for each origin; more wait in order, with
 * the transfer's own deadline. A fetcher of an endpoint has its own number instead.
 *
 * Retrying is the caller's business: `fate` says what is known about the request that failed. */
#ifndef SETASIDE_CORE_FETCH_H
#define SETASIDE_CORE_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/netguard.h"

struct event_base;
struct fetch;
struct fetch_transfer;

/* curl_global_init, once per process, before any thread and any fetch_new(). */
void fetch_global_init(void);
void fetch_global_free(void);

struct fetch *fetch_new(struct event_base *base, struct err *err);
/* A fetcher for one endpoint that is called often: up to parallel transfers at once, wherever they go, all under this
 * guard (copied; that of a request does not count), so that connections are kept for 3 s and carry POSTs, too. A POST
 * whose body had begun to leave on a kept connection that turns out dead is FETCH_UNKNOWN, never repeated silently. */
struct fetch *fetch_new_endpoint(
	struct event_base *base, int parallel, const struct netguard *guard, struct err *err);
/* Ends all transfers with ERR_CANCELLED (done is called), then frees. NULL is fine. Not from inside
 * a callback. */
void fetch_free(struct fetch *fetch);
/* Running and waiting transfers: 0 when drained. */
int fetch_count(const struct fetch *fetch);

enum fetch_method { FETCH_GET, FETCH_POST };

/* What is known about the request. */
enum fetch_fate {
	FETCH_UNSENT,  /* no byte of it left this host: safe to send again */
	FETCH_UNKNOWN, /* sent, wholly or in part, and no complete answer came */
	FETCH_ANSWERED /* a complete answer came, whatever its status */
};
const char *fetch_fate_name(enum fetch_fate fate);

/* The final response's head (of the last hop). Texts are empty when absent or longer than the room.
 */
struct fetch_head {
	int status;    /* 0 = no response */
	bool complete; /* all of it came, whatever became of the body */
	char content_type[128];
	char etag[256];
	char last_modified[64];
	int64_t date_unix;     /* Date: in seconds since 1970, -1 = absent */
	int64_t retry_after_s; /* seconds or date form, in seconds from now; -1 = absent; a number
	                          that is too large is the largest */
};

enum fetch_flow {
	FETCH_MORE,   /* taken, go on */
	FETCH_PAUSE,  /* taken, send nothing more until fetch_resume() */
	FETCH_ENOUGH, /* taken, the rest is not wanted: the transfer counts as answered */
	FETCH_REJECT  /* the receiver failed: the transfer ends with ERR_REFUSED */
};
typedef enum fetch_flow (*fetch_body_fn)(
	void *arg, const struct fetch_head *head, const char *bytes, size_t count);

struct fetch_result {
	struct err err; /* ERR_NONE when a complete response came, whatever its status */
	enum fetch_fate fate;
	struct fetch_head head;
	const char *url;    /* effective URL after redirects; lent */
	int64_t body_bytes; /* decoded bytes handed to the sink */
	int64_t elapsed_ms;
};
typedef void (*fetch_done_fn)(void *arg, const struct fetch_result *result);

struct fetch_request {
	enum fetch_method method;
	const char *url; /* http or https */
	const char *const
		*headers; /* NULL-terminated "Name: value" lines, or NULL; copied; CR, LF refused */
	const char *user; /* basic authentication, with password; NULL = none. Not sent to other
	                     hosts */
	const char *password;
	const char *bearer; /* Authorization: Bearer; NULL = none. Not sent to other hosts */
	const void *body;   /* POST; copied */
	size_t body_length;
	const struct netguard *guard; /* copied; NULL = public addresses only */
	const char *ca_file;          /* PEM bundle instead of the system's; NULL = system */
	bool plain_http;              /* http:// is permitted; https only otherwise */
	int redirects;      /* followed at most; 0 = a redirect is an answer like any other */
	int64_t body_limit; /* decoded bytes; 0 = 64 MiB. A GET is refused by its declared length */
	int header_lines;   /* 0 = 200 */
	int timeout_ms;     /* whole transfer, pauses included; 0 = 60000; waiting for a slot has as
	                       long again */
	int connect_ms;     /* 0 = 10000 */
	int silence_s;      /* below 100 B/s for so long ends it; 0 = 30; pauses do not count */
	fetch_body_fn body_sink; /* NULL = body is counted against the limit and dropped */
	fetch_done_fn done;
	void *arg;
};

/* NULL + err when the request itself is wrong or 1024 transfers wait already; done is not called
 * then. */
struct fetch_transfer *fetch_start(
	struct fetch *fetch, const struct fetch_request *request, struct err *err);
/* After FETCH_PAUSE. Does nothing when the transfer is not paused. */
void fetch_resume(struct fetch_transfer *transfer);
/* Neither sink nor done is called after this; the cookie is gone. NULL is fine. */
void fetch_cancel(struct fetch_transfer *transfer);

/* The URL that a link found in an answer of base means, always at base's own scheme, host and port: of a link to
 * another host only path and query count. So a credential never leaves the configured host, and a feed that is reached
 * through a gateway or mirror is followed there. Returns a new string (free); NULL + ERR_DATA when it is no link. */
char *fetch_url_follow(const char *base, const char *link, struct err *err);
/* url with the parameter name=value added to its query, both encoded. Returns a new string (free); NULL + ERR_DATA when url
 * is none. */
char *fetch_url_with(const char *url, const char *name, const char *value, struct err *err);

#endif
