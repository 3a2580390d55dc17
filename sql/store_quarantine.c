#include "sql/store_quarantine.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sql/embed.h"
#include "sql/job.h"

struct deciding {
	const char *refused; /* said when no row comes back; static */
	bool seen, taken;
	int64_t number;
	store_decision_fn done;
	void *arg;
};

/* The first column: the number, or whether it was taken. */
static void on_row(void *arg, const struct sql_row *row)
{
	struct deciding *deciding = arg;
	const char *text = sql_row_text(row, 0);

	deciding->seen = true;
	deciding->taken = strcmp(text, "f") != 0;
	deciding->number = strcmp(text, "t") == 0 || !deciding->taken ? 0 : sql_row_int(row, 0);
}

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct deciding *deciding = arg;
	struct err err = outcome->err;

	if (err.code == ERR_NONE && deciding->refused && !(deciding->seen && deciding->taken))
		err_set(&err, ERR_REFUSED, "%s", deciding->refused);
	deciding->done(deciding->arg, err.code ? &err : NULL, deciding->number);
	free(deciding);
}

static int check(const struct store_decision *decision, struct err *err)
{
	if (!decision->person || !*decision->person ||
		strlen(decision->person) > DECISION_PERSON_MAX)
		return err_set(err, ERR_USAGE, "who decides is missing or longer than %d bytes",
			DECISION_PERSON_MAX);
	if (!decision->reason || !*decision->reason ||
		strlen(decision->reason) > DECISION_REASON_MAX)
		return err_set(err, ERR_USAGE, "the reason is missing or longer than %d bytes",
			DECISION_REASON_MAX);
	return 0;
}

static int submit(struct sql_link *link, const char *text, const struct sql_params *params,
	const char *refused, store_decision_fn done, void *arg, struct err *err)
{
	struct deciding *deciding = mem_zero(1, sizeof(*deciding));
	struct sql_call call = {
		.text = text, .params = params, .row = on_row, .done = on_done, .arg = deciding
	};

	deciding->refused = refused;
	deciding->done = done;
	deciding->arg = arg;
	if (sql_submit(link, &call, err))
		return 0;
	free(deciding);
	return -1;
}

#define NOT_OPEN "there is no such open row in quarantine"

int store_quarantine_settle(struct sql_link *link, int64_t quarantine_id,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (check(decision, err))
		return -1;
	sql_param_int(&params, quarantine_id);
	sql_param_text(&params, decision->person);
	sql_param_text(&params, decision->reason);
	return submit(link, sql_text_quarantine_settle_one, &params, NOT_OPEN, done, arg, err);
}

int store_quarantine_correct(struct sql_link *link, int64_t quarantine_id, const char *changes,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (check(decision, err))
		return -1;
	sql_param_int(&params, quarantine_id);
	sql_param_text(&params, decision->person);
	sql_param_text(&params, decision->reason);
	sql_param_text(&params, changes);
	return submit(link, sql_text_quarantine_correct, &params, NOT_OPEN, done, arg, err);
}

int store_quarantine_corrected(struct sql_link *link, int64_t act, int64_t batch,
	store_decision_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;

	sql_param_int(&params, act);
	sql_param_int(&params, batch);
	return submit(link, sql_text_quarantine_corrected, &params, NULL, done, arg, err);
}

int store_identity_decide(struct sql_link *link, const struct store_identity *identity,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (check(decision, err))
		return -1;
	sql_param_text(&params, identity->role);
	sql_param_text(&params, identity->name);
	sql_param_text(&params, identity->code);
	sql_param_text(&params, identity->verdict);
	sql_param_text(&params, decision->person);
	sql_param_text(&params, decision->reason);
	return submit(link, sql_text_identity_decide, &params,
		"this name and code are not proposed, the name stands for another code already, or "
		"nothing was decided that could be withdrawn",
		done, arg, err);
}

int store_source_accept(struct sql_link *link, const char *source,
	const struct store_decision *decision, store_decision_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;

	if (check(decision, err))
		return -1;
	sql_param_text(&params, source);
	sql_param_text(&params, decision->person);
	sql_param_text(&params, decision->reason);
	return submit(link, sql_text_source_accept, &params,
		"there is no source of that name with a batch", done, arg, err);
}
