/* A libcurl multi handle on the event loop for connections that are not HTTP (core/fetch.h is for those).
 *
 * Each mail channel owns one. done runs from the loop, never inside curl_loop_add, never after curl_loop_remove. A
 * handle stays in the loop, and its connection alive, until it is removed; the easy handle is its owner's. */
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

struct curl_loop *curl_loop_new(struct event_base *base, struct err *err);
/* All handles must have been removed. */
void curl_loop_free(struct curl_loop *loop);

int curl_loop_add(struct curl_loop *loop, CURL *easy, struct curl_loop_call *call, struct err *err);
/* Ends the transfer, or cuts the connection that it left open. */
void curl_loop_remove(struct curl_loop *loop, CURL *easy);

#endif
