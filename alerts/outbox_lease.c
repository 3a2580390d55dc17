/* Leases: taking them, and when to look again. */
#include "alerts/outbox_own.h"

#include "core/log.h"
#include "core/mem.h"

enum {
	NET_MS = 60000,
	SPIN_FIRST_MS = 10,
	SPINS_MAX = 7,
	QUICK_US = 250000, /* a block used up within it may grow */
	SLOW_US = 1000000  /* a block that lasts longer shrinks */
};

/* Robots with their budgets are leased what they can start: the rest may become a digest. */
static int most_ahead(const struct outbox_channel *channel)
{
	const struct alert_channel_head *head = channel->head;
	bool ahead = head->rate_minute == 0 && head->rate_second == 0;

	return ahead ? STORE_OUTBOX_BLOCK_MAX : head->in_flight_max;
}

/* How long the last full block lasted says how large the next one should be. */
static void fit_block(struct outbox_channel *channel)
{
	int64_t now = outbox_now_us();
	int64_t lasted = now - channel->full_at_us;
	int most = most_ahead(channel);
	int least = channel->head->in_flight_max;

	if (channel->got < channel->asked)
		return;
	channel->full_at_us = now;
	if (lasted < QUICK_US)
		channel->block = 2 * channel->block < most ? 2 * channel->block : most;
	else if (lasted > SLOW_US)
		channel->block = channel->block / 2 > least ? channel->block / 2 : least;
}

/* While half of a block is still ready the next one is fetched, so that sending does not wait for it. */
bool outbox_lease_wanted(const struct outbox_channel *channel)
{
	int busy = channel->in_flight + channel->ready_count;
	int low = channel->block > channel->head->in_flight_max
			  ? channel->head->in_flight_max + channel->block / 2
			  : channel->head->in_flight_max;

	return channel->due && !channel->leasing && !channel->held && busy < low &&
	       outbox_journal_room(channel->outbox) >= channel->block;
}

static void take_leased(struct outbox_channel *channel, bool fine)
{
	struct outbox_try *try;

	while ((try = TAILQ_FIRST(&channel->leased))) {
		TAILQ_REMOVE(&channel->leased, try, entry);
		if (!fine) {
			outbox_journal_forget(channel->outbox, try->place);
			outbox_try_drop(try);
			continue;
		}
		TAILQ_INSERT_TAIL(&channel->ready, try, entry);
		channel->ready_count++;
	}
	if (fine)
		fit_block(channel);
	if (channel->outbox->state != OUTBOX_RUNNING || channel->held)
		outbox_try_give_back(channel);
}

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
		channel->due = channel->woken;
	if (channel->got > 0)
		outbox->spins = 0;
	take_leased(channel, fine);
	if (outcome->err.code != ERR_NONE) {
		log_warn("outbox", "cannot lease for channel %s: %s", channel->head->name,
			outcome->err.text);
		outbox_retry_later(outbox);
		return;
	}
	outbox->retry_attempt = 0;
	outbox_poke(outbox);
}

static int lease_size(const struct outbox_channel *channel)
{
	int most =
		channel->block > channel->head->in_flight_max
			? channel->block
			: channel->head->in_flight_max - channel->in_flight - channel->ready_count;
	int room = outbox_journal_room(channel->outbox);

	return most < room ? most : room;
}

/* Other channels may have taken what there was while this one gathered: then the next turn asks again. */
static void lease(struct outbox_channel *channel)
{
	struct outbox *outbox = channel->outbox;
	struct err err = ERR_INIT;
	struct store_outbox_lease ask = { .channel = channel->head->name,
		.limit = lease_size(channel),
		.row = outbox_try_take,
		.done = on_leased,
		.arg = channel };

	if (ask.limit <= 0)
		return;
	channel->got = 0;
	channel->asked = ask.limit;
	channel->leasing = true;
	channel->woken = false;
	channel->asked_at_us = outbox_now_us();
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

/* Most bytes of a digest's items, 0 = no limit. */
static int64_t digest_bytes(const struct alert_channel_head *head)
{
	if (head->parts_max < head->kind->parts_max)
		return head->parts_max * head->kind->digest_part_bytes;
	return head->kind->digest_bytes;
}

void outbox_lease(struct outbox_channel *channel)
{
	struct outbox *outbox = channel->outbox;
	struct err err = ERR_INIT;

	if (!channel->gather && !channel->quiets) {
		lease(channel);
		return;
	}
	if (store_outbox_gather(outbox->link, channel->head->name, digest_bytes(channel->head),
		    on_gathered, channel, &err) < 0) {
		outbox_retry_later(outbox);
		return;
	}
	channel->gather = false;
	channel->asked = lease_size(channel); /* kept free until it leases */
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
