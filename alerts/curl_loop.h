/* A libcurl multi handle on the event loop for transfers that are not HTTP (core/fetch.h is for
 * those).
 *
 * Each mail channel owns one, so that a kept connection is reused only within one server, TLS
 * setting and account. done runs from the loop, never inside curl_loop_add, never after
 * curl_loop_remove; the easy handle stays its owner's. */
#ifndef SETASIDE_ALERTS_CURL_LOOP_H
#define SETASIDE_ALERTS_CURL_LOOP_H

#include <curl/curl.h>

#include "core/err.h"

struct curl_loop;
struct event_base;

/* Embedded in the owner's transfer. */
struct curl_loop_call {
	void (*done)(struct curl_loop_call *call, CURLcode result);
};

/* At most connections_max at once and as many kept. */
struct curl_loop *curl_loop_new(struct event_base *base, int connections_max, struct err *err);
/* All transfers must have been removed. Cuts kept connections without waiting for a farewell. */
void curl_loop_free(struct curl_loop *loop);

int curl_loop_add(struct curl_loop *loop, CURL *easy, struct curl_loop_call *call, struct err *err);
/* Harmless after done. */
void curl_loop_remove(struct curl_loop *loop, CURL *easy);

#endif
