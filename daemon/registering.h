/* An entry of the registers (checks/register_book.h) put on record or withdrawn by a named person: rehearsed as a row of the
 * exchange profile, then sent as a batch of the source "registers", so history, evidence and known-at are those of every
 * record. What must hold against the other entries is looked at under the writer's lock (queries/register_guard.sql). */
#ifndef SETASIDE_DAEMON_REGISTERING_H
#define SETASIDE_DAEMON_REGISTERING_H

#include <stdint.h>

#include "core/err.h"

struct source_env;

/* Texts as in the exchange profile; NULL = not given. Copied. */
struct register_wish {
	const char *withdraw; /* number of the entry to withdraw; NULL = a new one */
	const char *name;     /* exemption, deemed, size, correction */
	const char *fiscal_year, *unit_code, *project_code, *package_no;
	const char *supplier_uscc, *contract_no;
	const char *field, *value;
	const char *reason, *evidence; /* also of a withdrawal: why */
	const char *approver;          /* of a withdrawal: who withdraws */
	const char *valid_from,
		*valid_to;  /* of a withdrawal: valid_from is the day, NULL = today */
	const char *person; /* who puts it on record */
};

struct registered {
	const char *entry_no;
	int64_t batch;
};

struct registering;
/* err ERR_REFUSED: the row or the other entries say no, and nothing was kept. Called once, never inside the starting call. */
typedef void (*registering_done_fn)(
	void *arg, const struct err *err, const struct registered *registered);
/* env is copied; what it points to is lent until done. NULL with err when it cannot even start. */
struct registering *registering_start(const struct source_env *env,
	const struct register_wish *wish, registering_done_fn done, void *arg, struct err *err);
/* Nobody is called any more. What is not just being committed is rolled back. NULL is fine. */
void registering_cancel(struct registering *work);

#endif
