/* The routes of the API as one table: a route is one row here and, mostly, one .sql file beside it.
 *
 * A row names the path pattern ({} is one segment, given to the statement as its first parameters), the
 * query parameters in the order of the statement's further parameters, and either a statement with typed columns or a
 * handler. Unknown parameters, unknown paths and values out of range are answered with a problem document.
 *
 * A row with a body is written to with POST: a JSON object of exactly these members, by a person whom the proxy in front
 * has signed in and names in the header of api.person-header. The content type is asked for, so that a page of another
 * origin cannot send one. Without that header in the configuration nothing can be written by HTTP. */
#ifndef SETASIDE_API_ROUTE_H
#define SETASIDE_API_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "sql/job.h"

struct api_server;
struct evhttp_request;
struct reply;

enum route_value { ROUTE_TEXT, ROUTE_INT, ROUTE_DATE, ROUTE_BOOL, ROUTE_JSON };

struct route_column {
	const char *name;
	enum route_value type;
};

/* A text holds the longest code (512 bytes), and as a cursor an amount before it. */
enum { ROUTE_PARAMETERS_MAX = 16, ROUTE_SEGMENTS_MAX = 4, ROUTE_TEXT_MAX = 640 };

struct route_parameter {
	const char *name;
	enum route_value type;
	int64_t min, max;         /* ROUTE_INT */
	const char *fallback;     /* used when not given; NULL = SQL null */
	const char *const *words; /* ROUTE_TEXT: one of these, NULL-terminated; NULL = any text */
};

enum { ROUTE_BODY_MAX = 16, ROUTE_BODY_TEXT_MAX = 4096 };

/* Values of one request, checked. */
struct route_request {
	int segment_count;
	char segment[ROUTE_SEGMENTS_MAX][ROUTE_TEXT_MAX];
	const char *value
		[ROUTE_PARAMETERS_MAX]; /* by position in route.parameters; NULL = not given and no fallback */
	char room[ROUTE_PARAMETERS_MAX][ROUTE_TEXT_MAX];
	/* POST: members by position in route.body, NULL = not given; and who writes. */
	const char *body[ROUTE_BODY_MAX];
	char body_room[ROUTE_BODY_MAX][ROUTE_BODY_TEXT_MAX];
	char person[ROUTE_TEXT_MAX];
};

enum route_shape {
	ROUTE_ONE, /* the first row as an object, 404 when there is none */
	ROUTE_LIST, /* {"items": [...], "next": cursor or null}: the last column is the cursor of its row */
	ROUTE_CUSTOM
};

struct route {
	const char *pattern;
	enum route_shape shape;
	const char *sql; /* parameters: segments first, then the query parameters */
	const struct route_column *columns;
	const struct route_parameter *parameters; /* ends with name NULL; may be NULL */
	const struct route_parameter *body;       /* NULL = GET; fallback "" = may be left out */
	bool asks; /* POST of a document that changes nothing, for the handler to read; needs no person */
	void (*handle)(struct api_server *server, const struct route_request *request,
		struct reply *reply);
	const char *summary; /* for openapi.json */
};

/* Ends with pattern NULL. */
extern const struct route route_table[];

/* Finds the route and starts it; anything wrong is answered. */
void route_dispatch(struct api_server *server, struct evhttp_request *request);

/* Exposed for tests: matches a raw (still encoded) path and decodes its segments. */
bool route_match(const char *pattern, const char *path, struct route_request *ret_request);
/* Checks a raw query string against the parameters; of a span of days, "until" may not lie before "since". */
int route_read_query(const struct route *route, const char *query, struct route_request *request,
	struct err *err);
/* Checks a JSON body against the members of the route. */
int route_read_body(const struct route *route, const char *json, size_t length,
	struct route_request *request, struct err *err);
/* One value against the type and range of its parameter. */
int route_check_value(
	const struct route_parameter *parameter, const char *text, size_t max, struct err *err);

#endif
