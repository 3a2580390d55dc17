/* One API server on a port of its own, over a private database, and a client on the same loop; its hooks are played by the
 * world itself, which notes what reached them. Who makes a world frees it; its answers are lent until the next question. */
#ifndef SETASIDE_TESTS_LIB_API_WORLD_H
#define SETASIDE_TESTS_LIB_API_WORLD_H

#include <event2/http.h>
#include <jansson.h>
#include <stdbool.h>

#include "api/server.h"
#include "lib/pg.h"

struct world {
	struct event_base *base;
	struct pg_db *db;
	struct sql_link *link;
	struct api_server *server;
	bool database_up, source_late, source_running;
	api_document_fn document_done; /* a document that waits */
	void *document_arg;
	int documents_cancelled;
	char acted[600];          /* the last act, its members joined by '|' */
	enum err_code refusal;    /* how the next act ends */
	api_document_fn act_done; /* an act that waits */
	void *act_arg;
	int acts_cancelled;
	char *imagined; /* the changes that came with a request */
	/* last answer */
	bool answered;
	int status;
	char *body, *etag, *type;
};

/* The one without an argument takes persons from X-Remote-User; NULL = nobody can sign in. */
struct world *world_with(const char *person_header);
struct world *world_new(void);
void world_free(struct world *w);

/* Asking */
void world_forget(struct world *w);
void world_on_answer(struct evhttp_request *request, void *arg);
struct evhttp_connection *world_send(
	struct world *w, enum evhttp_cmd_type method, const char *path, const char *if_none_match);
/* POSTs; type and person (X-Remote-User) may be NULL = not stated. */
struct evhttp_connection *world_post(struct world *w, const char *path, const char *type,
	const char *person, const char *body, size_t length);
/* Turn the loop until the hook of documents, of acts was reached. */
void world_until_document(struct world *w);
void world_until_act(struct world *w);
/* POSTs and waits for the answer only where the hook is not reached; type NULL = none. */
struct evhttp_connection *world_post_document(
	struct world *w, const char *path, const char *type, const char *body, size_t length);
/* The status of a POST that must not reach the hook. */
int world_refused(
	struct world *w, const char *path, const char *type, const char *body, size_t length);
int world_ask(struct world *w, const char *path);
/* The body as JSON; the caller releases it. */
json_t *world_ask_json(struct world *w, const char *path);

/* Three overdue debts O1 to O3 of unit 001001. */
void world_add_debts(struct world *w);
extern const char world_run_row[];

#endif
