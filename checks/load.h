/* Reads the facts of the ledger, as known at one batch, into the structs that the law works on
 * (checks/facts.h).
 *
 * One REPEATABLE READ READ ONLY transaction, streamed: memory is the facts' own. Rows come in the
 * order the law needs (COLLATE "C"; file order where G-10 and G-22 ask for it). Only CNY rows
 * become facts; rows of other currencies are counted per currency and stay out of every CNY figure.
 */
#ifndef SETASIDE_CHECKS_LOAD_H
#define SETASIDE_CHECKS_LOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/day.h"
#include "core/err.h"

struct facts;
struct load;
struct sql_link;

struct load_request {
	const char *known_at;     /* time as PostgreSQL reads it; NULL = use known_batch */
	int64_t known_batch;      /* < 0 = latest */
	const char *jurisdiction; /* parameters are read from it, else from its parents */
};

/* What was read beside the facts. */
struct load_about {
	int64_t known_batch;
	char known_at[40]; /* commit time of that batch, ISO with zone; "" for an empty ledger */
	int64_t state_version; /* of the same snapshot */
	bool demonstration;
	char jurisdiction[64], jurisdiction_name[128];
};

/* facts is the receiver's, to be freed with facts_free(); NULL on failure. */
typedef void (*load_done_fn)(
	void *arg, const struct err *err, struct facts *facts, const struct load_about *about);
struct load *load_start(struct sql_link *link, const struct load_request *request,
	load_done_fn done, void *arg, struct err *err);
void load_cancel(struct load *load);

#endif
