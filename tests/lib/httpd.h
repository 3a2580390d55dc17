/* A scripted HTTP server for tests: one thread, 127.0.0.1, a free port, answers in the order of the
 * script.
 *
 * A route lists answers for one path (query included when it has one); each request to the path
 * takes the next answer, the last one stays. A path without a route is answered 404. Requests are
 * kept for inspection. */
#ifndef SETASIDE_TESTS_LIB_HTTPD_H
#define SETASIDE_TESTS_LIB_HTTPD_H

#include <stddef.h>

enum httpd_way {
	HTTPD_PLAIN,         /* Content-Length and the body */
	HTTPD_CHUNKED,       /* the body in small chunks */
	HTTPD_CHUNKED_CUT,   /* half of the body in chunks, then closed without the last chunk */
	HTTPD_EARLY_END,     /* Content-Length of the whole, half of the body, closed */
	HTTPD_UNTIL_CLOSE,   /* no length: body, closed */
	HTTPD_TRICKLE,       /* headers, then one byte of the body every 20 ms, for ever */
	HTTPD_BOMB,          /* gzip of `bomb` zero bytes, chunked */
	HTTPD_HEADERS,       /* 1000 header lines */
	HTTPD_HANG,          /* reads the request and says nothing */
	HTTPD_DROP,          /* reads the request and closes */
	HTTPD_KEEP_THEN_DROP /* as PLAIN; the next request on the same connection is read and
	                        dropped */
};

struct httpd_answer {
	enum httpd_way way;
	int status;          /* 0 = 200 */
	const char *headers; /* "Name: value\r\n…", or NULL; %s stands for the server's base URL */
	const char *body;    /* NULL = empty; lent */
	size_t length;       /* 0 = strlen(body) */
	size_t bomb;
};

struct httpd_route {
	const char *path;
	const struct httpd_answer *answers;
	int count;
};

struct httpd;
/* routes end with a NULL path; lent until the stop. */
struct httpd *httpd_start(const struct httpd_route *routes);
/* With a certificate of its own for localhost and 127.0.0.1, in the PEM file httpd_ca. */
struct httpd *httpd_start_tls(const struct httpd_route *routes);
const char *httpd_ca(const struct httpd *httpd);
void httpd_stop(struct httpd *httpd);

/* "http://127.0.0.1:PORT" + path, in room of the server, good until the next call. */
const char *httpd_url(struct httpd *httpd, const char *path);
int httpd_port(const struct httpd *httpd);
/* Requests seen: all, or those of one path. */
int httpd_count(struct httpd *httpd, const char *path);
/* Raw head and body of the last request, copied into room (cut). "" if none. */
const char *httpd_last(struct httpd *httpd, char *room, size_t size);

#endif
