/* What the files of daemon/api share about the server. Not for others. */
#ifndef SETASIDE_API_INTERNAL_H
#define SETASIDE_API_INTERNAL_H

#include "api/reply.h"
#include "api/server.h"

struct evhttp;
struct evconnlistener;

enum { API_LISTENERS_MAX = 8, API_READ_LINKS_MAX = 8 };

struct api_server {
	struct event_base *base;
	struct evhttp *http;
	struct api_options options; /* without its arrays, which were lent for the call */
	struct sql_link *read[API_READ_LINKS_MAX];
	struct reply_list replies;
	struct evconnlistener *listener[API_LISTENERS_MAX];
	struct event
		*reopen; /* re-enables the listeners after the process ran out of descriptors */
	int listener_count;
	int next_link;
	bool stopping;
	char *person_header;
	char address[128];
	char unix_path[128];
};

/* A link for the next read, in turn. */
struct sql_link *api_read_link(struct api_server *server);

#endif
