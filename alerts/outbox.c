#include "alerts/outbox.h"

#include "alerts/outbox_own.h"
#include "core/backoff.h"
#include "core/log.h"
#include "core/mem.h"
#include "sql/link.h"

enum {
	NET_MS = 60000,
	RENEW_MS = 20000,
	RETRY_BASE_MS = 500,
	RETRY_CAP_MS = 15000,
	LAST_MS = 5000
};

static void arm(struct event *event, int64_t ms)
{
	struct timeval wait = { ms / 1000, ms % 1000 * 1000 };

	evtimer_add(event, &wait);
}

void outbox_poke(struct outbox *outbox)
{
	event_active(outbox->work, EV_TIMEOUT, 1);
}

void outbox_retry_later(struct outbox *outbox)
{
	if (outbox->retry_attempt < 20)
		outbox->retry_attempt++;
	if (!evtimer_pending(outbox->retry, NULL))
		arm(outbox->retry,
			backoff_exponential(RETRY_BASE_MS, RETRY_CAP_MS, outbox->retry_attempt));
}

static void close_channels(struct outbox *outbox)
{
	for (int i = 0; i < outbox->channel_count; i++) {
		struct outbox_channel *channel = &outbox->channels[i];

		while (channel->leased) {
			struct outbox_try *try = channel->leased;

			channel->leased = try->next;
			outbox_try_drop(try);
		}
		channel->head->kind->close(channel->channel);
		channel->channel = NULL;
	}
}

void outbox_next_forget(struct outbox *outbox)
{
	outbox->next_known = false;
	outbox->next_stale = true;
}

static void free_memory(struct outbox *outbox)
{
	register_free(outbox->registration);
	free(outbox->channels);
	free(outbox->results);
	free(outbox);
}

bool outbox_job_done(struct outbox *outbox)
{
	outbox->jobs--;
	if (!outbox->dead)
		return true;
	if (outbox->jobs == 0)
		free_memory(outbox);
	return false;
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
		channel->due = false;
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
	if (store_outbox_lease(outbox->link, &ask, &err) < 0) {
		outbox_retry_later(outbox);
		return;
	}
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
	/* Due now although a lease has just found nothing: another pump holds it. Not a reason to spin. */
	arm(outbox->timer, wait_ms < 10 ? 10 : wait_ms);
}

static void ask_next(struct outbox *outbox)
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

static int held_count(const struct outbox *outbox)
{
	int count = outbox->result_count;

	for (const struct outbox_try *try = outbox->running; try; try = try->next)
		count++;
	return count;
}

/* Renews what we hold, then, if wanted, looks for leases that others lost. */
static void renew(struct outbox *outbox)
{
	int room = held_count(outbox);
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

static void look_for_lost(struct outbox *outbox)
{
	if (held_count(outbox) > 0) {
		renew(outbox);
		return;
	}
	outbox->expiring = true;
	expire(outbox);
}

static void on_registered(void *arg, const struct sql_outcome *outcome)
{
	struct outbox *outbox = arg;

	if (!outbox_job_done(outbox))
		return;
	if (outcome->err.code != ERR_NONE) {
		log_warn("outbox", "channels could not be registered, will try again: %s",
			outcome->err.text);
		if (outbox->state == OUTBOX_REGISTERING)
			outbox->state = OUTBOX_NEW;
		outbox_retry_later(outbox);
		return;
	}
	if (outbox->state == OUTBOX_REGISTERING)
		outbox->state = OUTBOX_RUNNING;
	outbox->retry_attempt = 0;
	outbox->expire_wanted = true;
	outbox_wake(outbox);
}

static void do_register(struct outbox *outbox)
{
	struct err err = ERR_INIT;

	if (register_write(outbox->registration, outbox->link, on_registered, outbox, &err) < 0) {
		outbox_retry_later(outbox);
		return;
	}
	outbox->state = OUTBOX_REGISTERING;
	outbox->jobs++;
}

static void look_drained(struct outbox *outbox, bool at_any_price)
{
	if (!at_any_price && (outbox->running || outbox->result_count > 0 || outbox->jobs > 0))
		return;
	if (outbox->result_count > 0)
		log_warn("outbox",
			"%d outcomes are lost with this stop: their messages count as "
			"unknown and leave again",
			outbox->result_count);
	outbox->state = OUTBOX_DRAINED;
	evtimer_del(outbox->timer);
	evtimer_del(outbox->renew);
	evtimer_del(outbox->retry);
	evtimer_del(outbox->grace);
	if (outbox->drained)
		outbox->drained(outbox->drained_arg);
}

static void lease_what_is_due(struct outbox *outbox)
{
	bool idle = true;

	for (int i = 0; i < outbox->channel_count; i++) {
		struct outbox_channel *channel = &outbox->channels[i];

		if (channel->due && !channel->leasing &&
			channel->in_flight < channel->head->in_flight_max)
			lease(channel);
		idle = idle && !channel->leasing && !channel->due;
	}
	if (idle && !outbox->asking_next && !outbox->next_known)
		ask_next(outbox);
}

/* Record, renew, expire, lease: the order keeps what was acknowledged from being sent again. */
static void turn(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	if (outbox->state == OUTBOX_NEW || outbox->state == OUTBOX_DRAINED)
		return;
	if (outbox->result_count > 0 && outbox->recording == 0)
		outbox_record(outbox);
	if (!evtimer_pending(outbox->renew, NULL) && held_count(outbox) > 0)
		arm(outbox->renew, RENEW_MS);
	if (outbox->state == OUTBOX_STOPPING) {
		look_drained(outbox, false);
		return;
	}
	if (outbox->state != OUTBOX_RUNNING || outbox->record_failed)
		return;
	if (outbox->expire_wanted && !outbox->expiring && outbox->recording == 0)
		look_for_lost(outbox);
	if (!outbox->expire_wanted)
		lease_what_is_due(outbox);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	outbox->expire_wanted = true;
	outbox_wake(outbox);
}

static void on_renew(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	if (!outbox->expiring && held_count(outbox) > 0)
		renew(outbox);
	outbox_poke(outbox);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	if (outbox->state == OUTBOX_NEW)
		do_register(outbox);
	outbox->record_failed = false;
	outbox_wake(outbox);
}

static void on_grace(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	if (outbox->grace_step++ == 0) {
		outbox_try_cancel_all(outbox);
		arm(outbox->grace, LAST_MS);
		outbox_poke(outbox);
		return;
	}
	look_drained(outbox, true);
}

static int open_channels(struct outbox *outbox, const struct alert_env *env,
	const struct conf *conf, struct err *err)
{
	int count = conf_block_count(conf, "channel");

	outbox->channels = mem_zero((size_t)count + 1, sizeof(*outbox->channels));
	for (int i = 0; i < count; i++) {
		const struct conf_block *block = conf_block(conf, "channel", i);
		struct outbox_channel *channel = &outbox->channels[i];

		channel->channel = alert_kind_of(block)->open(env, block, err);
		if (!channel->channel)
			return -1;
		channel->outbox = outbox;
		channel->head = alert_channel_head(channel->channel);
		outbox->channel_count++;
	}
	outbox->registration = register_new(conf, err);
	return outbox->registration ? 0 : -1;
}

struct outbox *outbox_new(const struct alert_env *env, struct sql_link *link,
	const struct conf *conf, struct err *err)
{
	struct outbox *outbox = mem_zero(1, sizeof(*outbox));

	outbox->link = link;
	outbox->work = event_new(env->base, -1, 0, turn, outbox);
	outbox->timer = evtimer_new(env->base, on_timer, outbox);
	outbox->renew = evtimer_new(env->base, on_renew, outbox);
	outbox->retry = evtimer_new(env->base, on_retry, outbox);
	outbox->grace = evtimer_new(env->base, on_grace, outbox);
	if (open_channels(outbox, env, conf, err) < 0) {
		outbox_free(outbox);
		return NULL;
	}
	return outbox;
}

void outbox_start(struct outbox *outbox)
{
	do_register(outbox);
}

void outbox_wake(struct outbox *outbox)
{
	for (int i = 0; i < outbox->channel_count; i++)
		outbox->channels[i].due = true;
	outbox_next_forget(outbox);
	outbox_poke(outbox);
}

void outbox_stop(struct outbox *outbox, int grace_ms, void (*drained)(void *arg), void *arg)
{
	if (outbox->state == OUTBOX_STOPPING || outbox->state == OUTBOX_DRAINED)
		return;
	outbox->drained = drained;
	outbox->drained_arg = arg;
	outbox->state = OUTBOX_STOPPING;
	outbox->record_failed = false;
	arm(outbox->grace, grace_ms);
	outbox_poke(outbox);
}

bool outbox_drained(const struct outbox *outbox)
{
	return outbox->state == OUTBOX_DRAINED;
}

struct outbox_stats outbox_stats(const struct outbox *outbox)
{
	struct outbox_stats stats = outbox->stats;

	for (int i = 0; i < outbox->channel_count; i++)
		stats.in_flight += outbox->channels[i].in_flight;
	stats.unrecorded = outbox->result_count;
	return stats;
}

void outbox_free(struct outbox *outbox)
{
	struct event *events[5];

	if (!outbox)
		return;
	outbox_try_cancel_all(outbox);
	memcpy(events,
		(struct event *[]){
			outbox->work, outbox->timer, outbox->renew, outbox->retry, outbox->grace },
		sizeof(events));
	for (int i = 0; i < 5; i++)
		event_free(events[i]);
	close_channels(outbox);
	outbox->dead = true;
	if (outbox->jobs == 0)
		free_memory(outbox);
}
