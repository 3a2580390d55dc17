/* Reads the facts and the law of the ledger, as known at one batch, into the structs that the judges work on.
 *
 * One REPEATABLE READ READ ONLY transaction, streamed: memory is the facts' own. Rows come in byte order of their keys
 * (file order where G-10 asks for it), so the same ledger gives the same facts on any server. Only CNY rows become facts
 * of budgets, contracts, obligations and payments; awards are of every currency and are summed per currency. */
#ifndef SETASIDE_CHECKS_LOAD_H
#define SETASIDE_CHECKS_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "checks/facts.h"
#include "checks/law.h"
#include "core/err.h"

struct load;
struct sql_link;

struct load_request {
	const char *known_at;     /* time as PostgreSQL reads it; NULL = use known_batch */
	int64_t known_batch;      /* < 0 = latest */
	const char *jurisdiction; /* parameters are read from it, else from its parents */
};

/* What was read, owned as a whole. */
struct ledger {
	struct facts *facts;
	struct law law; /* points into this struct */
	int64_t known_batch;
	char known_at[40]; /* commit time of that batch, ISO with zone; "" for an empty ledger */
	int64_t state_version; /* of the same snapshot */
	bool demonstration;
	char jurisdiction[64], jurisdiction_name[128];
	struct ledger_parts *parts;
};
void ledger_free(struct ledger *ledger);
/* Where the text of a parameter stands ("西行规发〔2025〕9号第八条"), "" if the installation does not say. */
const char *ledger_citation(const struct ledger *ledger, const char *rule_id, const char *name);

/* ledger is the receiver's to free; NULL on failure. done: once, never inside load_start(), never after load_cancel(). */
typedef void (*load_done_fn)(void *arg, const struct err *err, struct ledger *ledger);
struct load *load_start(struct sql_link *link, const struct load_request *request,
	load_done_fn done, void *arg, struct err *err);
void load_cancel(struct load *load);

#endif
