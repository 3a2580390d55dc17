/* Leases: taking them, keeping those that run, finding those that others lost, and when to look again. */
#include "alerts/outbox_own.h"

#include "core/log.h"
#include "core/mem.h"

enum { NET_MS = 60000, SPIN_FIRST_MS = 10, SPINS_MAX = 7 };

static void on_leased(void *arg, const struct sql_outcome *outcome)
{
	struct outbox_channel *channel = arg;
	struct outbox *outbox = channel->outbox;
	bool fine = outcome->err.code == ERR_NONE;

	if (!outbox_job_done(outbox))
		return;
	channel->leasing = false;
	/* Fewer than asked for: nothing more is due until somebody says so. */
	if (fine && channel->got == 0)
		channel->due = false;
	if (channel->got > 0)
		outbox->spins = 0;
	while (channel->leased) {
		struct outbox_try *try = channel->leased;

		channel->leased = try->next;
		try->next = NULL;
		if (!fine)
			outbox_try_drop(try);
		else if (outbox->state == OUTBOX_RUNNING)
			outbox_try_start(try);
		else
			outbox_try_give_back(try);
	}
	if (outcome->err.code != ERR_NONE) {
		log_warn("outbox", "cannot lease for channel %s: %s", channel->head->name,
			outcome->err.text);
		outbox_retry_later(outbox);
		return;
	}
	outbox->retry_attempt = 0;
	outbox_poke(outbox);
}

static void lease(struct outbox_channel *channel)
{
	struct outbox *outbox = channel->outbox;
	struct err err = ERR_INIT;
	struct store_outbox_lease ask = { .channel = channel->head->name,
		.limit = channel->head->in_flight_max - channel->in_flight,
		.row = outbox_try_take,
		.done = on_leased,
		.arg = channel };

	channel->got = 0;
	channel->leasing = true;
	if (store_outbox_lease(outbox->link, &ask, &err) < 0) {
		channel->leasing = false;
		outbox_retry_later(outbox);
		return;
	}
	outbox->jobs++;
}

static void on_gathered(void *arg, const struct sql_outcome *outcome)
{
	struct outbox_channel *channel = arg;
	struct outbox *outbox = channel->outbox;

	if (!outbox_job_done(outbox))
		return;
	channel->leasing = false;
	/* Gathering is a kindness to the reader: without it every message leaves by itself. */
	if (outcome->err.code != ERR_NONE)
		log_warn("outbox", "cannot gather for channel %s: %s", channel->head->name,
			outcome->err.text);
	if (outbox->state == OUTBOX_RUNNING)
		lease(channel);
	else
		outbox_poke(outbox);
}

void outbox_lease(struct outbox_channel *channel)
{
	struct outbox *outbox = channel->outbox;
	struct err err = ERR_INIT;

	if (!channel->gather) {
		lease(channel);
		return;
	}
	if (store_outbox_gather(outbox->link, channel->head->name, on_gathered, channel, &err) <
		0) {
		outbox_retry_later(outbox);
		return;
	}
	channel->gather = false;
	channel->leasing = true;
	outbox->jobs++;
}

static void on_next(void *arg, const struct sql_outcome *outcome, int64_t wait_ms)
{
	struct outbox *outbox = arg;

	if (!outbox_job_done(outbox))
		return;
	outbox->asking_next = false;
	if (outcome->err.code != ERR_NONE) {
		outbox_retry_later(outbox);
		return;
	}
	outbox->next_known = !outbox->next_stale;
	if (wait_ms < 0 || wait_ms > NET_MS)
		wait_ms = NET_MS;
	/* Due now although a lease has just found nothing: another pump holds it. No reason to spin. */
	if (wait_ms < SPIN_FIRST_MS) {
		wait_ms = SPIN_FIRST_MS << outbox->spins;
		outbox->spins += outbox->spins < SPINS_MAX;
	}
	outbox_arm(outbox->timer, wait_ms);
}

void outbox_ask_next(struct outbox *outbox)
{
	struct err err = ERR_INIT;

	if (store_outbox_next(outbox->link, on_next, outbox, &err) < 0) {
		outbox_retry_later(outbox);
		return;
	}
	outbox->asking_next = true;
	outbox->next_stale = false;
	outbox->jobs++;
}

static void on_expired(void *arg, const struct sql_outcome *outcome)
{
	struct outbox *outbox = arg;

	if (!outbox_job_done(outbox))
		return;
	outbox->expiring = false;
	if (outcome->err.code != ERR_NONE) {
		log_warn("outbox", "cannot look for lost leases, will try again: %s",
			outcome->err.text);
		outbox_retry_later(outbox);
		return;
	}
	if (outcome->affected > 0)
		log_warn("outbox",
			"%lld messages were left in doubt by a sender that ended: they "
			"leave again, marked",
			(long long)outcome->affected);
	outbox->expire_wanted = false;
	outbox_poke(outbox);
}

static void expire(struct outbox *outbox)
{
	struct err err = ERR_INIT;

	if (store_outbox_expire(outbox->link, on_expired, outbox, &err) < 0) {
		outbox->expiring = false;
		outbox_retry_later(outbox);
		return;
	}
	outbox->jobs++;
}

static void on_renewed(void *arg, const struct sql_outcome *outcome)
{
	struct outbox *outbox = arg;

	if (!outbox_job_done(outbox))
		return;
	if (outcome->err.code != ERR_NONE) {
		outbox->expiring = false;
		outbox_retry_later(outbox);
		return;
	}
	/* Only now are the old leases surely none of ours. */
	if (outbox->expire_wanted)
		expire(outbox);
	else
		outbox->expiring = false;
}

int outbox_held_count(const struct outbox *outbox)
{
	int count = outbox->result_count;

	for (const struct outbox_try *try = outbox->running; try; try = try->next)
		count++;
	return count;
}

/* Renews what we hold, then, if wanted, looks for leases that others lost. */
void outbox_renew(struct outbox *outbox)
{
	int room = outbox_held_count(outbox);
	int64_t *ids = mem_zero((size_t)room + 1, sizeof(*ids));
	int64_t *epochs = mem_zero((size_t)room + 1, sizeof(*epochs));
	struct err err = ERR_INIT;
	int n = 0;

	for (const struct outbox_try *try = outbox->running; try; try = try->next) {
		ids[n] = try->message_id;
		epochs[n++] = try->lease_epoch;
	}
	for (int i = 0; i < outbox->result_count; i++) {
		ids[n] = outbox->results[i].outcome.message_id;
		epochs[n++] = outbox->results[i].outcome.lease_epoch;
	}
	outbox->expiring = true;
	if (store_outbox_renew(outbox->link, ids, epochs, n, on_renewed, outbox, &err) < 0) {
		outbox->expiring = false;
		outbox_retry_later(outbox);
	} else {
		outbox->jobs++;
	}
	free(ids);
	free(epochs);
}

void outbox_look_for_lost(struct outbox *outbox)
{
	if (outbox_held_count(outbox) > 0) {
		outbox_renew(outbox);
		return;
	}
	outbox->expiring = true;
	expire(outbox);
}
