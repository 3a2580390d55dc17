#include "daemon/page_acts.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/life.h"
#include "checks/ladder.h"
#include "checks/review.h"
#include "core/buf.h"
#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"
#include "daemon/correcting.h"
#include "daemon/registering.h"
#include "sql/store_case.h"
#include "sql/store_proposal.h"
#include "sql/store_quarantine.h"
#include "sql/store_review.h"

enum { ALLOWED_MAX = 256, ANSWER_MAX = 256 };

struct page_act {
	api_document_fn done; /* NULL: nobody waits for it any more */
	void *arg;
	const struct source_env *env;
	const struct config *config;
	struct registering *registering; /* an entry that is on its way */
	struct correcting *correcting;   /* a corrected row likewise */
};

static void answer(struct page_act *act, const struct err *err, const char *json)
{
	if (act->done)
		act->done(act->arg, err, json, json ? strlen(json) : 0);
	else if (err)
		log_warn("api", "an act whose answer came too late: %s", err->text);
	free(act);
}

static void on_reviewed(void *arg, const struct err *err, const struct store_reviewed *reviewed)
{
	char day[DAY_TEXT_MAX], json[ANSWER_MAX];

	if (reviewed)
		snprintf(json, sizeof(json),
			"{\"review_id\":%" PRId64
			",\"overdue_since\":\"%s\",\"overdue_fen\":%" PRId64 "}\n",
			reviewed->review_id, day_text(reviewed->overdue_since, day),
			reviewed->overdue);
	answer(arg, err, reviewed ? json : NULL);
}

static int start_review(
	struct sql_link *link, const struct api_act *wanted, struct page_act *act, struct err *err)
{
	_cleanup_(buf_free) struct buf allowed;
	struct store_review review = { .obligation_no = wanted->subject,
		.verdict = wanted->word,
		.reviewer = wanted->person,
		.note = wanted->reason };

	buf_init(&allowed, ALLOWED_MAX);
	if (!review_allowed(wanted->word, &allowed))
		return err_set(err, ERR_USAGE,
			"verdict must be verified, contested, not-paid, refuted or withdrawn");
	if (!day_parse(
		    wanted->overdue_since, strlen(wanted->overdue_since), &review.overdue_since) ||
		!text_to_int64(wanted->overdue_fen, &review.overdue))
		return err_set(err, ERR_USAGE, "overdue_since and overdue_fen say what was seen");
	review.allowed = allowed.data;
	return store_review_add(link, &review, on_reviewed, act, err);
}

static void on_decided(void *arg, const struct err *err, int64_t rows)
{
	char json[ANSWER_MAX];

	snprintf(json, sizeof(json), "{\"obligations\":%" PRId64 "}\n", rows);
	answer(arg, err, err ? NULL : json);
}

static int start_decision(
	struct sql_link *link, const struct api_act *wanted, struct page_act *act, struct err *err)
{
	struct proposal_decision decision = { .decision = ladder_decide("proposed", wanted->word),
		.person = wanted->person,
		.reason = wanted->reason };

	if (!decision.decision)
		return err_set(err, ERR_USAGE, "decision must be confirmed or declined");
	if (!text_to_int64(wanted->subject, &decision.proposal_id))
		return err_set(err, ERR_DATA, "There is no such proposal");
	return proposal_decide(link, &decision, on_decided, act, err);
}

static void on_case_acted(void *arg, const struct err *err, const struct store_case_acted *acted)
{
	json_t *root = acted ? json_pack("{s:I, s:s}", "findings", (json_int_t)acted->findings,
				       "cases", acted->cases)
			     : NULL;
	char *json = root ? json_dumps(root, JSON_COMPACT) : NULL;

	answer(arg, err, json);
	free(json);
	json_decref(root);
}

static int start_case(
	struct sql_link *link, const struct api_act *wanted, struct page_act *act, struct err *err)
{
	struct store_case_act does = { .subject = wanted->subject,
		.event = wanted->word,
		.person = wanted->person,
		.reason = wanted->reason,
		.to = wanted->to ? wanted->to : "",
		.until = DAY_NONE };
	_cleanup_(buf_free) struct buf from, next;
	const char *until = wanted->until ? wanted->until : "";

	buf_init(&from, ALLOWED_MAX);
	buf_init(&next, ALLOWED_MAX);
	if (!life_steps_of(&life_finding, wanted->word, LIFE_PERSON, &from, &next))
		return err_set(err, ERR_USAGE,
			"act must be acknowledged, assigned, escalated, silenced or unsilenced");
	if (*until && !day_parse(until, strlen(until), &does.until))
		return err_set(err, ERR_USAGE, "until is a date");
	does.from = from.data;
	does.next = next.data;
	return store_case_act(link, &does, on_case_acted, act, err);
}

static void on_registered(void *arg, const struct err *err, const struct registered *registered)
{
	json_t *root = registered ? json_pack("{s:s, s:I}", "entry_no", registered->entry_no,
					    "batch_id", (json_int_t)registered->batch)
				  : NULL;
	char *json = root ? json_dumps(root, JSON_COMPACT) : NULL;

	answer(arg, err, json);
	free(json);
	json_decref(root);
}

static int start_entry(
	struct sql_link *link, const struct api_act *wanted, struct page_act *act, struct err *err)
{
	const struct api_entry *entry = wanted->entry;
	const struct register_wish wish = {
		.withdraw = wanted->action == API_WITHDRAW ? wanted->subject : NULL,
		.name = wanted->word,
		.fiscal_year = entry->fiscal_year,
		.unit_code = entry->unit_code,
		.project_code = entry->project_code,
		.package_no = entry->package_no,
		.supplier_uscc = entry->supplier_uscc,
		.contract_no = entry->contract_no,
		.field = entry->field,
		.value = entry->value,
		.reason = wanted->reason,
		.evidence = entry->evidence,
		.approver = entry->approver,
		.valid_from = entry->valid_from,
		.valid_to = entry->valid_to,
		.person = wanted->person
	};

	(void)link; /* batches have one of their own */
	act->registering = registering_start(act->env, &wish, on_registered, act, err);
	return act->registering ? 0 : -1;
}

static void on_settled(void *arg, const struct err *err, int64_t number)
{
	(void)number;
	answer(arg, err, err ? NULL : "{\"settled\":true}\n");
}

static int start_settlement(
	struct sql_link *link, const struct api_act *wanted, struct page_act *act, struct err *err)
{
	const struct store_decision decision = { wanted->person, wanted->reason };
	int64_t id;

	if (!text_to_int64(wanted->subject, &id))
		return err_set(err, ERR_USAGE, "a refused row has a number");
	return store_quarantine_settle(link, id, &decision, on_settled, act, err);
}

static void on_corrected(void *arg, const struct err *err, int64_t batch)
{
	char json[ANSWER_MAX];

	snprintf(json, sizeof(json), "{\"batch_id\":%" PRId64 "}\n", batch);
	answer(arg, err, err ? NULL : json);
}

static int start_correction(
	struct sql_link *link, const struct api_act *wanted, struct page_act *act, struct err *err)
{
	struct correction_wish wish = {
		.person = wanted->person, .reason = wanted->reason, .changes = wanted->changes
	};

	(void)link; /* batches have one of their own */
	if (!text_to_int64(wanted->subject, &wish.quarantine_id))
		return err_set(err, ERR_USAGE, "a refused row has a number");
	act->correcting = correcting_start(act->env, act->config, &wish, on_corrected, act, err);
	return act->correcting ? 0 : -1;
}

void *page_act_start(struct sql_link *link, const struct source_env *env,
	const struct config *config, const struct api_act *wanted, api_document_fn done, void *arg,
	struct err *err)
{
	static int (*const starts[])(struct sql_link *, const struct api_act *, struct page_act *,
		struct err *) = { [API_REVIEW] = start_review,
		[API_DECIDE] = start_decision,
		[API_CASE] = start_case,
		[API_REGISTER] = start_entry,
		[API_WITHDRAW] = start_entry,
		[API_SETTLE] = start_settlement,
		[API_CORRECT] = start_correction };
	struct page_act *act = mem_zero(1, sizeof(*act));

	act->done = done;
	act->arg = arg;
	act->env = env;
	act->config = config;
	if (starts[wanted->action](link, wanted, act, err) == 0)
		return act;
	free(act);
	return NULL;
}

void page_act_cancel(void *act)
{
	struct page_act *let_go = act;

	let_go->done = NULL;
	if (!let_go->registering && !let_go->correcting)
		return;
	registering_cancel(let_go->registering);
	if (let_go->correcting)
		correcting_cancel(let_go->correcting);
	free(let_go);
}
