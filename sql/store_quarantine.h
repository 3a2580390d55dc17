/* What people decide about refused rows, sources and names: kept for ever with person and reason (quarantine_act,
 * source_acceptance, identity_decision). Texts are copied; done is called once, never inside. */
#ifndef SETASIDE_SQL_STORE_QUARANTINE_H
#define SETASIDE_SQL_STORE_QUARANTINE_H

#include <stdint.h>

#include "core/err.h"

struct sql_link;

enum { DECISION_PERSON_MAX = 200, DECISION_REASON_MAX = 4000 }; /* bytes */
struct store_decision {
	const char *person, *reason; /* neither may be empty */
};

/* number: of the act, the batch or the like; ERR_REFUSED when there is nothing that could be decided. */
typedef void (*store_decision_fn)(void *arg, const struct err *err, int64_t number);

/* The row is no record. */
int store_quarantine_settle(struct sql_link *link, int64_t quarantine_id,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err);
/* Before a corrected row is sent: what is changed (JSON), by whom and why. number: of the act. */
int store_quarantine_correct(struct sql_link *link, int64_t quarantine_id, const char *changes,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err);
/* After its batch. */
int store_quarantine_corrected(struct sql_link *link, int64_t act, int64_t batch,
	store_decision_fn done, void *arg, struct err *err);
/* The source is right as its last batch has it. number: that batch. */
int store_source_accept(struct sql_link *link, const char *source,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err);

/* Whether a name stands for a code. role: supplier, unit; verdict: accepted, rejected, withdrawn. number: of the decision. */
struct store_identity {
	const char *role, *name, *code, *verdict;
};
int store_identity_decide(struct sql_link *link, const struct store_identity *identity,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err);

#endif
