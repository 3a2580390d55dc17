#include "alerts/outbox_own.h"

#include <sys/time.h>
#include <time.h>

#include "core/mem.h"

enum { PATIENCE_MS = 30000, REST_FOR_WORK = 8 };

/* Well before the end of a lease: what is sent after it might be somebody else's by then. */
enum {
	LEASE_TRUST_US = (STORE_OUTBOX_LEASE_S - 5) * 1000000,
	UNRECORDED_MAX = 2 * STORE_OUTBOX_BATCH_MAX
};

int64_t outbox_now_us(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return (int64_t)now.tv_sec * 1000000 + now.tv_usec;
}

/* Steps of the clock neither give nor take turns. */
static int64_t steady_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
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
		.parts_done = leased->parts_done,
		.stood_severity = leased->stood_severity };

	if (channel->outbox->dead)
		return;
	try = mem_zero(1, sizeof(*try));
	try->whose = channel;
	try->message_id = leased->message_id;
	try->lease_epoch = leased->lease_epoch;
	try->attempt = leased->attempt;
	try->age_ms = leased->age_ms;
	try->parts_done = leased->parts_done;
	try->leased_at_us = channel->asked_at_us;
	try->slot = OUTBOX_NO_SLOT;
	snprintf(try->ref, sizeof(try->ref), "%s", leased->ref);
	try->draft = channel->head->kind->prepare(channel->channel, &message, &try->broken);
	outbox_journal_lease(try, leased);
	TAILQ_INSERT_TAIL(&channel->leased, try, entry);
	channel->got++;
}

void outbox_try_part(void *arg, int parts_done)
{
	struct outbox_try *try = arg;

	try->parts_done = parts_done;
	outbox_journal_part(try);
}

void outbox_try_drop(struct outbox_try *try)
{
	if (try->draft)
		try->whose->head->kind->free_draft(try->draft);
	free(try);
}

static void unlink_running(struct outbox_try *try)
{
	struct outbox *outbox = try->whose->outbox;
	int64_t now = steady_us();

	TAILQ_REMOVE(&outbox->running, try, entry);
	try->whose->in_flight--;
	try->whose->rests_until_us = now + REST_FOR_WORK * (now - try->turn_at_us);
	if (outbox->turn_of == try)
		outbox->turn_of = NULL;
	if (outbox->silent != try)
		return;
	/* Whoever waited meanwhile may be the next one. */
	outbox->silent = NULL;
	if (outbox->turn_of)
		outbox_arm(outbox->patience, 0);
}

/* After the same number of faults the database opens the circuit: what is ready should not run into it. */
static void look_at_endpoint(struct outbox_channel *channel, const struct alert_outcome *outcome)
{
	if (outcome->class == ALERT_ACKNOWLEDGED)
		channel->faults = 0;
	else if (outcome->endpoint_fault)
		channel->faults++;
	if (channel->faults < STORE_OUTBOX_BREAK_AFTER && outcome->retry_after_s <= 0 &&
		!outcome->endpoint_gone)
		return;
	channel->held = true;
	outbox_try_give_back(channel);
}

static void on_outcome(void *arg, const struct alert_outcome *outcome)
{
	struct outbox_try *try = arg;
	struct outbox *outbox = try->whose->outbox;

	unlink_running(try);
	outbox_result_add(try, outcome);
	look_at_endpoint(try->whose, outcome);
	free(try);
	outbox_poke(outbox);
}

/* The try ended without an outcome of its channel. */
static void end_without(struct outbox_try *try, enum alert_class class, const struct err *err)
{
	struct alert_outcome outcome = { .class = class, .parts_done = try->parts_done };

	/* How many parts had left a cancelled one does not say. */
	if (class == ALERT_UNKNOWN)
		outcome.requests = try->whose->head->parts_max;
	alert_answer_set(&outcome, err->text, strlen(err->text));
	outbox_result_add(try, &outcome);
	free(try);
}

static void return_one(struct outbox_channel *channel, struct outbox_try *try)
{
	TAILQ_REMOVE(&channel->ready, try, entry);
	channel->ready_count--;
	channel->head->kind->free_draft(try->draft);
	try->draft = NULL;
	TAILQ_INSERT_TAIL(&channel->outbox->returned, try, entry);
	channel->outbox->return_count++;
}

void outbox_try_forsake(struct outbox_try *try)
{
	struct outbox_channel *channel = try->whose;

	TAILQ_REMOVE(&channel->ready, try, entry);
	channel->ready_count--;
	outbox_journal_forget(channel->outbox, try->place);
	outbox_try_drop(try);
}

void outbox_try_give_back(struct outbox_channel *channel)
{
	struct outbox_try *try;

	while ((try = TAILQ_FIRST(&channel->ready)))
		return_one(channel, try);
}

static void start(struct outbox_try *try)
{
	struct outbox_channel *channel = try->whose;
	struct err err = ERR_INIT;

	try->started_at_us = outbox_now_us();
	try->turn_at_us = steady_us();
	outbox_journal_send(try);
	if (!try->draft) {
		end_without(try, ALERT_REJECTED, &try->broken);
		return;
	}
	try->cookie =
		channel->head->kind->send(channel->channel, try->draft, on_outcome, try, &err);
	try->draft = NULL;
	if (!try->cookie) {
		end_without(try, ALERT_RETRY, &err);
		return;
	}
	TAILQ_INSERT_TAIL(&channel->outbox->running, try, entry);
	channel->in_flight++;
}

static bool lease_holds(const struct outbox_try *try)
{
	return outbox_now_us() - try->leased_at_us < LEASE_TRUST_US;
}

/* The first ready try whose lease still holds, if there is a place for it. */
static struct outbox_try *next_ready(struct outbox_channel *channel)
{
	struct outbox_try *try;

	if (channel->in_flight >= channel->head->in_flight_max ||
		channel->outbox->result_count >= UNRECORDED_MAX)
		return NULL;
	while ((try = TAILQ_FIRST(&channel->ready)) && !lease_holds(try))
		return_one(channel, try);
	return try;
}

static void take_ready(struct outbox_try *try)
{
	TAILQ_REMOVE(&try->whose->ready, try, entry);
	try->whose->ready_count--;
	start(try);
}

static bool takes_turns(const struct outbox_channel *channel)
{
	return channel->head->in_flight_max == 1;
}

/* Nothing is on its way whose answer could still come in time, and what was answered outlives us. */
static bool turn_free(const struct outbox *outbox)
{
	return !outbox->turn_of && (outbox->journal || outbox->result_count == 0);
}

static void await_turn(struct outbox *outbox, struct outbox_try *try)
{
	outbox->turn_of = try;
	if (!evtimer_pending(outbox->patience, NULL))
		outbox_arm(outbox->patience, PATIENCE_MS);
}

static struct outbox_try *whose_turn(struct outbox *outbox)
{
	struct outbox_try *next = NULL;

	for (int i = 0; i < outbox->channel_count; i++) {
		struct outbox_channel *channel = &outbox->channels[i];
		struct outbox_try *try = takes_turns(channel) ? next_ready(channel) : NULL;

		if (try && (!next || channel->rests_until_us < next->whose->rests_until_us))
			next = try;
	}
	return next;
}

static void start_in_turn(struct outbox *outbox)
{
	struct outbox_try *try = turn_free(outbox) ? whose_turn(outbox) : NULL;
	struct outbox_channel *channel;

	if (!try)
		return;
	channel = try->whose;
	take_ready(try);
	if (channel->in_flight > 0)
		await_turn(outbox, TAILQ_LAST(&outbox->running, outbox_queue));
	else
		outbox_poke(outbox); /* it could not leave: the next one may */
}

void outbox_try_start_ready(struct outbox *outbox)
{
	struct outbox_try *try;

	for (int i = 0; i < outbox->channel_count; i++)
		while (!takes_turns(&outbox->channels[i]) &&
			(try = next_ready(&outbox->channels[i])))
			take_ready(try);
	start_in_turn(outbox);
}

/* The timer runs on while turns change: it is set once, not for every try. */
void outbox_try_lose_patience(struct outbox *outbox)
{
	int64_t waited_ms;

	if (!outbox->turn_of || outbox->silent)
		return;
	waited_ms = (steady_us() - outbox->turn_of->turn_at_us) / 1000;
	if (waited_ms < PATIENCE_MS) {
		outbox_arm(outbox->patience, PATIENCE_MS - waited_ms);
		return;
	}
	outbox->silent = outbox->turn_of;
	outbox->turn_of = NULL;
	outbox_poke(outbox);
}

void outbox_try_cancel_all(struct outbox *outbox)
{
	struct outbox_try *try;

	while ((try = TAILQ_FIRST(&outbox->running))) {
		struct err why = ERR_INIT;

		err_set(&why, ERR_CANCELLED, "stopped before the answer came");
		try->whose->head->kind->cancel(try->cookie);
		unlink_running(try);
		end_without(try, ALERT_UNKNOWN, &why);
	}
}
