/* Leases that are held: renewing those whose tries run or are ready, dropping what turned out to be another sender's,
 * and finding those that others lost. */
#include "alerts/outbox_own.h"

#include "core/log.h"
#include "core/mem.h"

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

/* What was to be sent and whose lease did not move is another sender's by now, or done: it must not leave from here. What
 * is on its way cannot be called back; its outcome is refused for its epoch. */
static int take_renewal(struct outbox *outbox, struct outbox_queue *queue, bool drop)
{
	struct outbox_try *try, *next;
	int lost = 0;

	for (try = TAILQ_FIRST(queue); try; try = next) {
		int slot = try->slot;

		next = TAILQ_NEXT(try, entry);
		try->slot = OUTBOX_NO_SLOT;
		if (slot == OUTBOX_NO_SLOT)
			continue; /* leased since */
		if (outbox->renewed[slot]) {
			try->leased_at_us = outbox->renewing_at_us;
			continue;
		}
		lost++;
		if (drop)
			outbox_try_forsake(try);
	}
	return lost;
}

static void take_renewals(struct outbox *outbox)
{
	int lost = take_renewal(outbox, &outbox->running, false);

	for (int i = 0; i < outbox->channel_count; i++)
		lost += take_renewal(outbox, &outbox->channels[i].ready, true);
	if (lost > 0)
		log_warn("outbox",
			"%d leases were lost while this program stood still or was cut off: what "
			"had not left does not leave from here",
			lost);
}

static void on_row_renewed(void *arg, int place)
{
	struct outbox *outbox = arg;

	if (!outbox->dead)
		outbox->renewed[place] = true;
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
	take_renewals(outbox);
	/* Only now are the old leases surely none of ours. */
	if (outbox->expire_wanted)
		expire(outbox);
	else
		outbox->expiring = false;
}

int outbox_held_count(const struct outbox *outbox)
{
	int count = outbox->result_count + outbox->return_count;

	for (int i = 0; i < outbox->channel_count; i++)
		count += outbox->channels[i].in_flight + outbox->channels[i].ready_count;
	return count;
}

struct held {
	int64_t *ids, *epochs;
	int count;
};

static void add_held(struct held *held, int64_t message_id, int64_t lease_epoch)
{
	held->ids[held->count] = message_id;
	held->epochs[held->count++] = lease_epoch;
}

static void add_queue(struct held *held, struct outbox_queue *queue)
{
	struct outbox_try *try;

	TAILQ_FOREACH(try, queue, entry)
	{
		try->slot = held->count;
		add_held(held, try->message_id, try->lease_epoch);
	}
}

static void list_held(struct outbox *outbox, struct held *held)
{
	add_queue(held, &outbox->running);
	add_queue(held, &outbox->returned);
	for (int i = 0; i < outbox->channel_count; i++)
		add_queue(held, &outbox->channels[i].ready);
	for (int i = 0; i < outbox->result_count; i++)
		add_held(held, outbox->results[i].outcome.message_id,
			outbox->results[i].outcome.lease_epoch);
}

/* Renews what we hold, then, if wanted, looks for leases that others lost. */
void outbox_renew(struct outbox *outbox)
{
	size_t room = (size_t)outbox_held_count(outbox) + 1;
	struct held held = { mem_zero(room, sizeof(*held.ids)),
		mem_zero(room, sizeof(*held.epochs)), 0 };
	struct err err = ERR_INIT;

	list_held(outbox, &held);
	free(outbox->renewed);
	outbox->renewed = mem_zero(room, sizeof(*outbox->renewed));
	outbox->expiring = true;
	outbox->renewing_at_us = outbox_now_us();
	if (store_outbox_renew(outbox->link, held.ids, held.epochs, held.count, on_row_renewed,
		    on_renewed, outbox, &err) < 0) {
		outbox->expiring = false;
		outbox_retry_later(outbox);
	} else {
		outbox->jobs++;
	}
	free(held.ids);
	free(held.epochs);
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
