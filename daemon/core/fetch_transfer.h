/* One transfer of core/fetch: its libcurl handle, limits and captured answer. Private to
 * core/fetch*.c. */
#ifndef SETASIDE_CORE_FETCH_TRANSFER_H
#define SETASIDE_CORE_FETCH_TRANSFER_H

#include <curl/curl.h>
#include <sys/queue.h>

#include "core/fetch.h"

enum { FETCH_ORIGIN_MAX = 320 };

enum fetch_state { FETCH_WAITING, FETCH_RUNNING, FETCH_ENDED };

struct fetch_transfer {
	TAILQ_ENTRY(fetch_transfer) link; /* in fetch.waiting or fetch.running, as state says */
	enum fetch_state state;
	struct fetch *owner;
	struct event
		*deadline; /* waiting: for a slot; running: a net below libcurl's own time-out */
	bool cancelled;    /* owner gave up: no callback any more */
	bool resume;       /* fetch_resume() was called, to be done outside of libcurl */
	bool paused;
	int timeout_ms;
	char origin[FETCH_ORIGIN_MAX]; /* "https://host:443" */
	char *body; /* of a POST on a connection that may be kept; not yet sent from body_sent on */
	size_t body_length, body_sent;

	CURL *easy;
	struct curl_slist *headers;
	struct netguard guard;
	char curl_error[CURL_ERROR_SIZE];
	fetch_body_fn body_sink;
	fetch_done_fn done;
	void *arg;
	int64_t body_limit;
	int header_limit;
	int header_lines;
	bool plain;

	/* Why a callback of ours stopped the transfer. */
	bool enough, rejected, body_over, headers_over;
	char denied[NETGUARD_TEXT_MAX];
	struct fetch_head head;
	int64_t body_bytes;
};

/* A transfer with a configured handle, not yet added anywhere; NULL + err when the request is
 * wrong. easy is a fresh or reset handle, taken over in any case. kept: all transfers that it shares connections with
 * have the same guard. */
struct fetch_transfer *fetch_transfer_new(
	const struct fetch_request *request, CURL *easy, bool kept, struct err *err);
/* Also the handle, unless it was taken out (easy = NULL). */
void fetch_transfer_free(struct fetch_transfer *transfer);
/* What code means for this transfer; texts in it live as long as the handle. */
void fetch_transfer_result(
	struct fetch_transfer *transfer, CURLcode code, struct fetch_result *ret_result);

#endif
