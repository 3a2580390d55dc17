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
#include "checks/review.h"
#include "checks/told_before.h"
#include "core/err.h"
#include "core/money.h"

struct load;
struct sql_link;
struct sql_tx;

struct load_request {
	const char *known_at;     /* time as PostgreSQL reads it; NULL = use known_batch */
	int64_t known_batch;      /* < 0 = latest */
	const char *jurisdiction; /* parameters are read from it, else from its parents */
	bool law_only;            /* the law and the units, no other facts */
	/* What runs of days before this one had said is read, too. DAY_NONE (or 0, before which no run was): it is not. */
	day_t told_before;
};

/* What was read, owned as a whole. */
struct ledger {
	struct facts *facts;
	struct law law;              /* points into this struct */
	struct review_book *reviews; /* as they are now, whatever batch is known */
	struct told_before *before;  /* empty unless asked for */
	int64_t known_batch;
	char known_at[40]; /* commit time of that batch, ISO with zone; "" for an empty ledger */
	int64_t state_version; /* of the same snapshot */
	bool demonstration;
	char jurisdiction[64], jurisdiction_name[128];
	fen_t *paid_of_contract; /* load_year_start() only: by contract row, NULL = nothing was paid */
	struct ledger_parts *parts;
};
void ledger_free(struct ledger *ledger);
/* Where the text of a parameter stands ("西行规发〔2025〕9号第八条"), "" if the installation does not say. */
const char *ledger_citation(const struct ledger *ledger, const char *rule_id, const char *name);

/* The same of the period that begins on the day, and the jurisdiction that states it, itself or a parent. */
const char *ledger_source(const struct ledger *ledger, const char *rule_id, const char *name,
	day_t valid_from, const char **ret_jurisdiction);

/* ledger is the receiver's to free; NULL on failure. done: once, never inside load_start(), never after load_cancel(). */
typedef void (*load_done_fn)(void *arg, const struct err *err, struct ledger *ledger);
struct load *load_start(struct sql_link *link, const struct load_request *request,
	load_done_fn done, void *arg, struct err *err);
/* Inside the caller's transaction, which stays the caller's: the law, the units and what is known of the ledger itself;
 * no other facts. */
struct load *load_law_start(
	struct sql_tx *tx, const struct load_request *request, load_done_fn done, void *arg);
/* Adds to such a ledger, which stays the caller's, what the quota figures of a year rest on: the year's budget rows, of
 * those of the year before whose they are, the contracts signed in the year, their amendments and suppliers, contracts
 * and notices of their projects that make these taken (checks/package.h), and what was paid on contracts as the stored
 * states have it; of all units, or of those in an array literal, which is lent until done. Year marks are always of all.
 * Awards of feeds, parties, obligations and payments are not read: no figure rests on them. */
struct load *load_year_start(struct sql_tx *tx, struct ledger *ledger, int fiscal_year,
	const char *units, load_done_fn done, void *arg);
/* After it neither of them calls; a transaction of load_start() is dropped, the caller's is the caller's to end. */
void load_cancel(struct load *load);

#endif
