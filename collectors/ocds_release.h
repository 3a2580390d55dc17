/* One OCDS 1.1 (or 1.0) release to ledger rows, as fields.md §10 reads it.
 *
 *   parties[]                unit (buyer, procuringEntity, payer), supplier (supplier, tenderer, payee)
 *   tender                   notice: each release is one publication; budget_fen is tender.value, the estimate announced
 *   awards[]                 award, whose amount counts once, and one party per supplier
 *   contracts[]              contract with its current amount, and one party per supplier of its award
 *   …milestones[]            type payment with a value: obligation; type delivery and assessment with dateMet: event
 *   …transactions[]          payment
 * Identifiers of the ledger are made unique over processes: "OCID/ID", or ID alone when it begins with the ocid. A
 * supplier is named by its credit code when one of its identifiers is one, else by its party id. Planning budgets are
 * no budget items (OCDS states no fiscal year) and amendments[] no amendment rows (OCDS states the new amount only, and
 * it is in the contract already).
 *
 * Rows come in groups: what one later release replaces as a whole (an award and its parties). A value that is not
 * understood refuses the row it stands in, and the parties with it; the rest of the release goes on. Pure: no clock, no
 * input or output; nothing is kept between releases. */
#ifndef SETASIDE_COLLECTORS_OCDS_RELEASE_H
#define SETASIDE_COLLECTORS_OCDS_RELEASE_H

#include "collectors/json_tree.h"
#include "collectors/reader.h"

/* Negative answers (err set) end the release; ocds_release_read returns them. All is lent for the call. */
struct ocds_sink {
	/* A group begins: 1 = its rows are wanted, 0 = they are not (something newer is known). */
	int (*group)(void *arg, const char *name, int64_t instant, struct err *err);
	int (*row)(void *arg, const struct kind_row *row, struct err *err);
	int (*refused)(void *arg, const struct reader_refusal *refusal, struct err *err);
	void *arg;
};

enum { OCDS_OCID_MAX = 256 }; /* bytes; longer ones are refused */

struct ocds_release;
struct ocds_release *ocds_release_new(const struct ocds_sink *sink);
void ocds_release_free(struct ocds_release *release);

/* A release as one publication (parties, notice), and what it says of the state of things (awards, contracts and what
 * hangs on them). */
enum { OCDS_READ_PUBLICATION = 1, OCDS_READ_STATE = 2, OCDS_READ_ALL = 3 };
/* One release, in parts; for compiled ones the publication is left out. */
int ocds_release_read_part(struct ocds_release *release, const struct json_node *node,
	int64_t place, unsigned parts, struct err *err);

/* node: a release, or a record with compiledRelease or embedded releases. place goes into every row. */
int ocds_release_read(
	struct ocds_release *release, const struct json_node *node, int64_t place, struct err *err);

#endif
