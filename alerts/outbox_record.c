#include "alerts/outbox_own.h"

#include "alerts/life.h"
#include "core/backoff.h"
#include "core/log.h"
#include "core/mem.h"

enum { ENOUGH = 64, LINGER_US = 5000 };

/* A receiver that asks to be left alone for longer than messages wait is asked again when a person has to decide. */
static int64_t respect(
	const struct outbox_try *try, const struct alert_outcome *outcome, int64_t own_ms)
{
	return backoff_respect(own_ms, outcome->retry_after_s > 0 ? outcome->retry_after_s : -1,
		try->whose->head->give_up_ms / 1000);
}

static int64_t wait_of(const struct outbox_try *try, const struct alert_outcome *outcome)
{
	const struct alert_channel_head *head = try->whose->head;
	int64_t own = backoff_quadratic(head->retry_first_ms, head->retry_cap_ms, try->attempt);

	return respect(try, outcome, own);
}

/* Longer than a channel's patience: a person decides. */
static bool given_up(const struct outbox_try *try, enum alert_class class)
{
	return (class == ALERT_RETRY || class == ALERT_UNKNOWN) &&
	       try->age_ms > try->whose->head->give_up_ms;
}

static const char *next_state(const struct outbox_try *try, enum alert_class class)
{
	struct err err = ERR_INIT;
	const char *event = given_up(try, class) ? "given up" : alert_class_name(class);
	const char *next = life_next(&life_message, "sending", event, LIFE_OUTBOX, &err);

	if (!next)
		BUG("%s", err.text);
	return next;
}

static void tell_log(const struct outbox_try *try, const struct alert_outcome *outcome,
	const char *state, int64_t wait_ms)
{
	char part[80];

	snprintf(part, sizeof(part), "channel %.60s", try->whose->head->name);
	if (outcome->class == ALERT_ACKNOWLEDGED)
		log_debug(part, "%s: sending -> acknowledged: try %d: %s", try->ref, try->attempt,
			outcome->answer);
	else if (outcome->class == ALERT_REJECTED || strcmp(state, "failed") == 0)
		log_warn(part, "%s: sending -> %s: try %d: %s", try->ref, state, try->attempt,
			outcome->answer);
	else
		log_info(part, "%s: sending -> %s: try %d, next in %lld ms: %s", try->ref, state,
			try->attempt, (long long)wait_ms, outcome->answer);
	if (outcome->endpoint_gone)
		log_error(part, "disabled: the endpoint asks never to be called again (%s)",
			outcome->answer);
}

static void count(struct outbox_stats *stats, enum alert_class class)
{
	stats->acknowledged += class == ALERT_ACKNOWLEDGED;
	stats->rejected += class == ALERT_REJECTED;
	stats->retried += class == ALERT_RETRY;
	stats->unknown += class == ALERT_UNKNOWN;
}

struct outbox_result *outbox_result_room(struct outbox *outbox)
{
	if (outbox->result_count == outbox->recording)
		outbox->waiting_since_us = outbox_now_us();
	MEM_GROW(outbox->results, outbox->result_count, outbox->result_cap);
	return &outbox->results[outbox->result_count++];
}

void outbox_result_add(const struct outbox_try *try, const struct alert_outcome *outcome)
{
	struct outbox *outbox = try->whose->outbox;
	struct outbox_result *result = outbox_result_room(outbox);
	bool again = outcome->class == ALERT_RETRY || outcome->class == ALERT_UNKNOWN;

	*result = (struct outbox_result){ .whose = try->whose, .place = try->place };
	memcpy(result->answer, outcome->answer, sizeof(result->answer));
	result->outcome = (struct store_outbox_outcome){
		.message_id = try->message_id,
		.lease_epoch = try->lease_epoch,
		.class = alert_class_name(outcome->class),
		.state = next_state(try, outcome->class),
		.wait_ms = again ? wait_of(try, outcome) : 0,
		.channel_wait_ms = respect(try, outcome, 0),
		.started_at_us = try->started_at_us,
		.finished_at_us = outbox_now_us(),
		.bytes = (int64_t)outcome->bytes,
		.endpoint_fault = outcome->endpoint_fault,
		.endpoint_gone = outcome->endpoint_gone,
		.probe_ms = try->whose->head->retry_first_ms,
		.parts_done = outcome->parts_done,
		.requests = outcome->requests,
		.clock_ahead_s = outcome->clock_ahead_s,
	};
	outbox_journal_answer(result);
	try->whose->unrecorded++;
	/* What waits meanwhile can leave together. */
	try->whose->gather = try->whose->gather || again;
	tell_log(try, outcome, result->outcome.state, result->outcome.wait_ms);
	count(&outbox->stats, outcome->class);
}

static void drop_recorded(struct outbox *outbox)
{
	int left = outbox->result_count - outbox->recording;

	for (int i = 0; i < outbox->recording; i++) {
		struct outbox_channel *channel = outbox->results[i].whose;

		outbox_journal_forget(outbox, outbox->results[i].place);
		if (!channel) {
			outbox_wake(outbox);
			continue;
		}
		channel->due = true; /* a follower of the case may go now */
		if (--channel->unrecorded > 0 || !channel->held)
			continue;
		/* From here on the database knows of the pause or the open circuit. */
		channel->held = false;
		channel->faults = 0;
	}
	memmove(outbox->results, outbox->results + outbox->recording,
		(size_t)left * sizeof(*outbox->results));
	outbox->result_count = left;
}

static void on_recorded(void *arg, const struct sql_outcome *outcome)
{
	struct outbox *outbox = arg;

	if (!outbox_job_done(outbox))
		return;
	if (outcome->err.code == ERR_NONE) {
		if (outcome->affected < outbox->recording)
			log_warn("outbox",
				"%lld of %d outcomes came too late: their leases were lost "
				"or they were on record already",
				(long long)(outbox->recording - outcome->affected),
				outbox->recording);
		drop_recorded(outbox);
		outbox->record_failed = false;
		outbox->retry_attempt = 0;
		outbox->recording = 0;
		outbox_next_forget(outbox);
		outbox_poke(outbox);
		return;
	}
	log_warn("outbox", "%d outcomes could not be recorded, will try again: %s",
		outbox->recording, outcome->err.text);
	outbox->recording = 0;
	outbox->record_failed = true;
	outbox_retry_later(outbox);
}

static void record(struct outbox *outbox)
{
	struct store_outbox_outcome batch[STORE_OUTBOX_BATCH_MAX];
	struct err err = ERR_INIT;
	int n = outbox->result_count < STORE_OUTBOX_BATCH_MAX ? outbox->result_count
							      : STORE_OUTBOX_BATCH_MAX;

	for (int i = 0; i < n; i++) {
		batch[i] = outbox->results[i].outcome;
		batch[i].answer = outbox->results[i].answer;
	}
	if (store_outbox_record(outbox->link, batch, n, on_recorded, outbox, &err) < 0) {
		outbox->record_failed = true;
		outbox_retry_later(outbox);
		return;
	}
	outbox->recording = n;
	outbox->jobs++;
}

void outbox_record_soon(struct outbox *outbox)
{
	int64_t waited_us = outbox_now_us() - outbox->waiting_since_us;

	if (outbox->result_count >= ENOUGH || !outbox->journal || waited_us >= LINGER_US ||
		waited_us < 0 || outbox_held_count(outbox) == outbox->result_count)
		record(outbox);
	else if (!evtimer_pending(outbox->linger, NULL))
		outbox_arm(outbox->linger, (LINGER_US - waited_us) / 1000 + 1);
}

static void on_returned(void *arg, const struct sql_outcome *outcome)
{
	struct outbox *outbox = arg;

	if (!outbox_job_done(outbox))
		return;
	if (outcome->err.code != ERR_NONE) {
		log_warn("outbox", "%d messages could not be given back, will try again: %s",
			outbox->returning, outcome->err.text);
		outbox->returning = 0;
		outbox_retry_later(outbox);
		return;
	}
	for (; outbox->returning > 0; outbox->returning--) {
		struct outbox_try *try = TAILQ_FIRST(&outbox->returned);

		outbox_journal_forget(outbox, try->place);
		if (try->whose)
			try->whose->due = true;
		else
			outbox_wake(outbox);
		TAILQ_REMOVE(&outbox->returned, try, entry);
		outbox->return_count--;
		outbox_try_drop(try);
	}
	outbox_next_forget(outbox);
	outbox_poke(outbox);
}

void outbox_return(struct outbox *outbox)
{
	int64_t ids[STORE_OUTBOX_BATCH_MAX], epochs[STORE_OUTBOX_BATCH_MAX];
	const struct outbox_try *try;
	struct err err = ERR_INIT;
	int n = 0;

	TAILQ_FOREACH(try, &outbox->returned, entry)
	{
		if (n == STORE_OUTBOX_BATCH_MAX)
			break;
		ids[n] = try->message_id;
		epochs[n++] = try->lease_epoch;
	}
	if (store_outbox_return(outbox->link, ids, epochs, n, on_returned, outbox, &err) < 0) {
		outbox_retry_later(outbox);
		return;
	}
	outbox->returning = n;
	outbox->jobs++;
}
