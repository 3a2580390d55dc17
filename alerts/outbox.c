#include "alerts/outbox.h"

#include "alerts/outbox_own.h"
#include "core/backoff.h"
#include "core/log.h"
#include "core/mem.h"
#include "sql/link.h"

enum { RENEW_MS = 10000, RETRY_BASE_MS = 500, RETRY_CAP_MS = 15000, LAST_MS = 5000 };

void outbox_arm(struct event *event, int64_t ms)
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
		outbox_arm(outbox->retry,
			backoff_exponential(RETRY_BASE_MS, RETRY_CAP_MS, outbox->retry_attempt));
}

static void drop_queue(struct outbox_queue *queue)
{
	struct outbox_try *try;

	while ((try = TAILQ_FIRST(queue))) {
		TAILQ_REMOVE(queue, try, entry);
		outbox_try_drop(try);
	}
}

static void close_channels(struct outbox *outbox)
{
	drop_queue(&outbox->returned);
	for (int i = 0; i < outbox->channel_count; i++) {
		struct outbox_channel *channel = &outbox->channels[i];

		TAILQ_CONCAT(&channel->ready, &channel->leased, entry);
		drop_queue(&channel->ready);
		standing_free(channel->standing);
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
	free(outbox->directory);
	register_free(outbox->registration);
	free(outbox->channels);
	free(outbox->results);
	free(outbox->renewed);
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

static void look_drained(struct outbox *outbox, bool at_any_price)
{
	if (!at_any_price && (outbox_held_count(outbox) > 0 || outbox->jobs > 0))
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
	evtimer_del(outbox->linger);
	evtimer_del(outbox->patience);
	if (outbox->drained)
		outbox->drained(outbox->drained_arg);
}

static void lease_what_is_due(struct outbox *outbox)
{
	bool idle = true;

	for (int i = 0; i < outbox->channel_count; i++) {
		struct outbox_channel *channel = &outbox->channels[i];

		if (outbox_lease_wanted(channel))
			outbox_lease(channel);
		idle = idle && !channel->leasing && !channel->due;
	}
	if (idle && !outbox->asking_next && !outbox->next_known)
		outbox_ask_next(outbox);
}

/* Record, give back, renew, expire, lease: the order keeps what was acknowledged from being sent again. */
static void turn(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	if (outbox->state == OUTBOX_NEW || outbox->state == OUTBOX_DRAINED)
		return;
	if (outbox->result_count > 0 && outbox->recording == 0)
		outbox_record_soon(outbox);
	if (!evtimer_pending(outbox->renew, NULL) && outbox_held_count(outbox) > 0)
		outbox_arm(outbox->renew, RENEW_MS);
	if (outbox->return_count > 0 && outbox->returning == 0)
		outbox_return(outbox);
	if (outbox->state == OUTBOX_STOPPING) {
		look_drained(outbox, false);
		return;
	}
	if (outbox->state == OUTBOX_RUNNING && outbox_sender_lapsed(outbox))
		outbox_sender_ask(outbox);
	if (outbox->state != OUTBOX_RUNNING || outbox->record_failed)
		return;
	if (outbox->expire_wanted && !outbox->expiring && outbox->recording == 0)
		outbox_look_for_lost(outbox);
	outbox_try_start_ready(outbox);
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
	if (!outbox->expiring && outbox_held_count(outbox) > 0)
		outbox_renew(outbox);
	outbox_poke(outbox);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct outbox *outbox = arg;

	(void)fd;
	(void)what;
	if (outbox->state == OUTBOX_RESERVE)
		outbox_sender_ask(outbox);
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
		outbox_arm(outbox->grace, LAST_MS);
		outbox_poke(outbox);
		return;
	}
	look_drained(outbox, true);
}

static void on_patience(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	outbox_try_lose_patience(arg);
}

static void on_linger(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	outbox_poke(arg);
}

static bool is_digest(const struct conf_block *route)
{
	return conf_word(route, "digest") > 0;
}

static bool is_quiet(const struct conf_block *route)
{
	return conf_text(route, "quiet") || conf_bool(route, "working-days");
}

static bool any_route(
	const struct conf *conf, const char *channel, bool (*has)(const struct conf_block *route))
{
	for (int i = 0; i < conf_block_count(conf, "route"); i++) {
		const struct conf_block *route = conf_block(conf, "route", i);

		for (int k = 0; k < conf_list_count(route, "channels"); k++)
			if (has(route) &&
				strcmp(conf_list_item(route, "channels", k), channel) == 0)
				return true;
	}
	return false;
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
		channel->head->part_done = outbox_try_part;
		channel->gather = true;
		channel->block = channel->head->in_flight_max;
		if (channel->head->kind->stands)
			channel->standing = standing_new(env->base, outbox->link, channel->channel);
		TAILQ_INIT(&channel->leased);
		TAILQ_INIT(&channel->ready);
		channel->digests = any_route(conf, channel->head->name, is_digest);
		channel->quiets = any_route(conf, channel->head->name, is_quiet);
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
	TAILQ_INIT(&outbox->running);
	TAILQ_INIT(&outbox->returned);
	outbox->work = event_new(env->base, -1, 0, turn, outbox);
	outbox->timer = evtimer_new(env->base, on_timer, outbox);
	outbox->renew = evtimer_new(env->base, on_renew, outbox);
	outbox->retry = evtimer_new(env->base, on_retry, outbox);
	outbox->grace = evtimer_new(env->base, on_grace, outbox);
	outbox->linger = evtimer_new(env->base, on_linger, outbox);
	outbox->patience = evtimer_new(env->base, on_patience, outbox);
	outbox->directory = env->state ? mem_text(env->state) : NULL;
	if (open_channels(outbox, env, conf, err) < 0) {
		outbox_free(outbox);
		return NULL;
	}
	return outbox;
}

void outbox_start(struct outbox *outbox)
{
	outbox_sender_ask(outbox);
}

/* Where messages are held or rationed, every wake may have brought enough to gather. */
static void wake_channel(struct outbox_channel *channel)
{
	channel->due = true;
	channel->woken = true;
	channel->gather = channel->gather || channel->head->rate_minute > 0 || channel->digests;
}

void outbox_wake(struct outbox *outbox)
{
	for (int i = 0; i < outbox->channel_count; i++)
		wake_channel(&outbox->channels[i]);
	outbox_next_forget(outbox);
	outbox_poke(outbox);
}

static void end_channel(struct outbox_channel *channel)
{
	outbox_try_give_back(channel);
	standing_free(channel->standing);
	channel->standing = NULL;
}

void outbox_stop(struct outbox *outbox, int grace_ms, void (*drained)(void *arg), void *arg)
{
	if (outbox->state == OUTBOX_STOPPING || outbox->state == OUTBOX_DRAINED)
		return;
	outbox->drained = drained;
	outbox->drained_arg = arg;
	outbox->state = OUTBOX_STOPPING;
	for (int i = 0; i < outbox->channel_count; i++)
		end_channel(&outbox->channels[i]);
	outbox->record_failed = false;
	outbox_arm(outbox->grace, grace_ms);
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
	stats.reserve = outbox->in_reserve;
	stats.busy = outbox->jobs > 0 || event_pending(outbox->work, EV_TIMEOUT, NULL);
	return stats;
}

void outbox_free(struct outbox *outbox)
{
	struct event *events[7];

	if (!outbox)
		return;
	outbox_try_cancel_all(outbox);
	memcpy(events,
		(struct event *[]){ outbox->work, outbox->timer, outbox->renew, outbox->retry,
			outbox->grace, outbox->linger, outbox->patience },
		sizeof(events));
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		event_free(events[i]);
	close_channels(outbox);
	journal_close(outbox->journal);
	outbox->journal = NULL;
	outbox->dead = true;
	if (outbox->jobs == 0)
		free_memory(outbox);
}
