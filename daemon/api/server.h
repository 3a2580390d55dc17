/* The HTTP API and the dashboard's files, on evhttp.
 *
 * Runs on the monitor's loop; never blocks it: every answer that needs the database is a deferred reply with a
 * deadline of 10 s. Ceilings: 16 KiB of headers, 1 MiB of body, 256 pending replies (above: 503 at once), 15 s of
 * silence. What is written comes by POST from a person whom the proxy has signed in (api/route.h). TLS, request deadlines
 * and connection limits belong to the proxy in front; see README.md, trust boundaries.
 *
 * The pages show the ledger of public bodies and have no sign-in of their own, so the server listens on a unix socket,
 * on sockets passed by systemd, or on a loopback address; the configuration refuses everything else. */
#ifndef SETASIDE_API_SERVER_H
#define SETASIDE_API_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/conf.h"
#include "core/err.h"

struct event_base;
struct sql_link;

extern const struct conf_key api_conf_keys[];
struct api_config {
	char *listen;        /* "127.0.0.1:8870", "[::1]:8870" or "unix:/path"; owned */
	char *person_header; /* "" = nothing can be written; owned */
};
/* Adds to errors and returns -1 when the block does not hold together. */
int api_config_read(
	const struct conf_block *block, struct api_config *ret_config, struct conf_errors *errors);
void api_config_free(struct api_config *config);

/* What /healthz, /readyz and /metrics say. Filled by the owner at each question, without touching the database. */
struct api_source_status {
	const char *name;
	int64_t last_success; /* Unix seconds, 0 = never */
	bool late;
	bool running;
	/* While running: what it does, and how far it is. -1 = not known. */
	const char *state;
	int64_t rows, bytes, bytes_total, percent, seconds_left;
};
struct api_status {
	bool database_up, schema_ok;
	int64_t started_at, last_evaluation, last_batch,
		state_version; /* Unix seconds; numbers; 0 = none */
	int64_t loop_lag_ms, waiting_jobs, queued_messages;
	const struct api_source_status *sources;
	int source_count;
	bool stopping;
};

/* One document in flight; done is called once unless cancelled, with err NULL or without code when json is there.
 * Implemented by the owner over checks/run.h. */
typedef void (*api_document_fn)(void *arg, const struct err *err, const char *json, size_t length);
/* Neither explain nor what_if: the snapshot. */
struct api_document_options {
	const char *as_of, *known_at,
		*fiscal_year; /* texts as given, "" = not given; parsed by the owner */
	bool with_obligations;
	bool work_list;        /* the day's work alone, of unit_code or "" */
	bool unit_figures;     /* the set-aside of unit_code alone */
	bool legal_order;      /* of payments; see checks/run.h */
	const char *unit_code; /* NULL = all */
	const char *explain;   /* id to explain, or NULL */
	const char *
		what_if; /* a what-if document as the command reads it, or NULL; lent for the call */
	size_t what_if_length;
	const char *original_kind,
		*original_number; /* the rows of a record as they came, or NULL */
};
/* Of an entry of the registers, texts as in the exchange profile; "" = not given. */
struct api_entry {
	const char *value, *field, *fiscal_year, *unit_code, *project_code, *package_no;
	const char *supplier_uscc, *contract_no, *evidence, *approver;
	const char *valid_from, *valid_to; /* of a withdrawal: valid_from is its day */
};
/* What a signed-in person does. Texts are lent for the call of the hook. */
enum api_action {
	API_REVIEW,
	API_DECIDE,
	API_CASE,
	API_REGISTER,
	API_WITHDRAW,
	API_SETTLE,
	API_CORRECT
};
struct api_act {
	enum api_action action;
	const char *
		subject; /* number of an obligation, proposal, register entry or refused row; finding number or reference */
	const char *
		word; /* verdict, decision, event of a finding's life (alerts/life.h), or register */
	const char *reason, *person;
	const char *overdue_since, *overdue_fen; /* review: as seen, texts already checked */
	const char *to, *until;        /* case: to whom, last silent day; NULL or "" = not given */
	const struct api_entry *entry; /* register, withdraw */
	const char *changes;           /* correct: JSON object of texts, field -> new value */
};
struct api_hooks {
	void (*status)(void *owner, struct api_status *ret_status);
	void *(*document)(void *owner, const struct api_document_options *options,
		api_document_fn done, void *arg, struct err *err);
	void (*document_cancel)(void *owner, void *document);
	/* As document; json is what became of it. After act_cancel() the act itself may go on, its outcome is told to
	 * nobody. */
	void *(*act)(void *owner, const struct api_act *act, api_document_fn done, void *arg,
		struct err *err);
	void (*act_cancel)(void *owner, void *act);
};

struct api_options {
	struct event_base *base;
	const char *listen; /* used when fd_count is 0 */
	const int *fds; /* listening sockets from systemd; owned by the server from success on */
	int fd_count;
	struct sql_link *const *
		read; /* links for reading, used in turn; the array is copied, the links are lent */
	int read_count;
	const char *person_header;     /* NULL or "" = nothing can be written; copied */
	const struct api_hooks *hooks; /* lent */
	void *owner;
};
struct api_server;
struct api_server *api_server_new(const struct api_options *options, struct err *err);
/* "http://127.0.0.1:8870/" for people; "" for a unix socket. */
const char *api_server_address(const struct api_server *server);
/* Stops listening; new requests on kept connections get 503. drained: no reply is pending. */
void api_server_stop(struct api_server *server);
bool api_server_drained(const struct api_server *server);
/* Answers what is pending with 503, closes, frees. Before the links are freed. NULL is fine. */
void api_server_free(struct api_server *server);

#endif
