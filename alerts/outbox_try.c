#include "alerts/outbox_own.h"

#include <sys/time.h>

#include "alerts/life.h"
#include "core/backoff.h"
#include "core/log.h"
#include "core/mem.h"

static int64_t now_us(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (int64_t)now.tv_sec * 1000000 + now.tv_usec;
}

/* A row of a lease that may still be rolled back: prepared, not sent. */
void outbox_try_take(void *arg, const struct store_outbox_message *leased)
{
	struct outbox_channel *channel = arg;
	struct outbox_try *try;
	struct alert_message message = { .message_id = leased->message_id,
		.ref = leased->ref,
		.case_key = leased->case_key,
		.recipient = leased->recipient,
		.payload = leased->payload,
		.payload_length = leased->payload_length,
		.first_try_at = leased->first_try_at,
		.maybe_sent = leased->maybe_sent,
		.parts_done = leased->parts_done };
	struct outbox_try **end = &channel->leased;

	if (channel->outbox->dead)
		return;
	try = mem_zero(1, sizeof(*try));
	try->whose = channel;
	try->message_id = leased->message_id;
	try->lease_epoch = leased->lease_epoch;
	try->attempt = leased->attempt;
	try->age_ms = leased->age_ms;
	snprintf(try->ref, sizeof(try->ref), "%s", leased->ref);
	try->draft = channel->head->kind->prepare(channel->channel, &message, &try->broken);
	while (*end)
		end = &(*end)->next;
	*end = try;
	channel->got++;
}

void outbox_try_drop(struct outbox_try *try)
{
	try->whose->head->kind->free_draft(try->draft);
	free(try);
}

static int64_t wait_of(const struct outbox_try *try, const struct alert_outcome *outcome)
{
	const struct alert_channel_head *head = try->whose->head;
	int64_t own = backoff_quadratic(head->retry_first_ms, head->retry_cap_ms, try->attempt);

	return backoff_respect(own, outcome->retry_after_s > 0 ? outcome->retry_after_s : -1);
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

static void add_result(const struct outbox_try *try, const struct alert_outcome *outcome)
{
	struct outbox *outbox = try->whose->outbox;
	struct outbox_result *result;
	bool again = outcome->class == ALERT_RETRY || outcome->class == ALERT_UNKNOWN;

	MEM_GROW(outbox->results, outbox->result_count, outbox->result_cap);
	result = &outbox->results[outbox->result_count++];
	*result = (struct outbox_result){ .whose = try->whose };
	memcpy(result->answer, outcome->answer, sizeof(result->answer));
	result->outcome = (struct store_outbox_outcome){
		.message_id = try->message_id,
		.lease_epoch = try->lease_epoch,
		.class = alert_class_name(outcome->class),
		.state = next_state(try, outcome->class),
		.wait_ms = again ? wait_of(try, outcome) : 0,
		.channel_wait_ms =
			outcome->retry_after_s > 0 ? backoff_respect(0, outcome->retry_after_s) : 0,
		.started_at_us = try->started_at_us,
		.finished_at_us = now_us(),
		.bytes = (int64_t)outcome->bytes,
		.endpoint_fault = outcome->endpoint_fault,
		.endpoint_gone = outcome->endpoint_gone,
		.probe_ms = try->whose->head->retry_first_ms,
		.parts_done = outcome->parts_done,
		.requests = outcome->requests,
		.clock_ahead_s = outcome->clock_ahead_s,
	};
	/* What waits meanwhile can leave together. */
	try->whose->gather = try->whose->gather || again;
	tell_log(try, outcome, result->outcome.state, result->outcome.wait_ms);
	count(&outbox->stats, outcome->class);
}

static void unlink_running(struct outbox_try *try)
{
	struct outbox_try **at = &try->whose->outbox->running;

	while (*at != try)
		at = &(*at)->next;
	*at = try->next;
	try->whose->in_flight--;
}

static void on_outcome(void *arg, const struct alert_outcome *outcome)
{
	struct outbox_try *try = arg;
	struct outbox *outbox = try->whose->outbox;

	unlink_running(try);
	add_result(try, outcome);
	free(try);
	outbox_poke(outbox);
}

/* The try ended before anything left this host. */
static void end_unsent(struct outbox_try *try, enum alert_class class, const struct err *err)
{
	struct alert_outcome outcome = { .class = class };

	alert_answer_set(&outcome, err->text, strlen(err->text));
	add_result(try, &outcome);
	free(try);
}

void outbox_try_give_back(struct outbox_try *try)
{
	struct outbox *outbox = try->whose->outbox;
	struct err why = ERR_INIT;

	err_set(&why, ERR_CANCELLED, "the program stops; nothing was sent");
	try->whose->head->kind->free_draft(try->draft);
	try->started_at_us = now_us();
	end_unsent(try, ALERT_RETRY, &why);
	outbox->results[outbox->result_count - 1].outcome.wait_ms = 0;
}

void outbox_try_start(struct outbox_try *try)
{
	struct outbox_channel *channel = try->whose;
	struct err err = ERR_INIT;

	try->started_at_us = now_us();
	if (!try->draft) {
		end_unsent(try, ALERT_REJECTED, &try->broken);
		return;
	}
	try->cookie =
		channel->head->kind->send(channel->channel, try->draft, on_outcome, try, &err);
	try->draft = NULL;
	if (!try->cookie) {
		end_unsent(try, ALERT_RETRY, &err);
		return;
	}
	try->next = channel->outbox->running;
	channel->outbox->running = try;
	channel->in_flight++;
}

void outbox_try_cancel_all(struct outbox *outbox)
{
	while (outbox->running) {
		struct outbox_try *try = outbox->running;
		struct err why = ERR_INIT;

		err_set(&why, ERR_CANCELLED, "stopped before the answer came");
		try->whose->head->kind->cancel(try->cookie);
		unlink_running(try);
		end_unsent(try, ALERT_UNKNOWN, &why);
	}
}

static void drop_recorded(struct outbox *outbox)
{
	int left = outbox->result_count - outbox->recording;

	for (int i = 0; i < outbox->recording; i++)
		outbox->results[i].whose->due = true; /* a follower of the case may go now */
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

void outbox_record(struct outbox *outbox)
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
