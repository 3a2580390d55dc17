#include "alerts/standing.h"

#include <event2/event.h>
#include <sys/queue.h>

#include "alerts/alert.h"
#include "core/log.h"
#include "core/mem.h"
#include "sql/job.h"
#include "sql/store_outbox.h"

enum { PAGE = 64, AT_ONCE = 4 };

struct post {
	TAILQ_ENTRY(post) entry; /* in ready, then in running */
	struct standing *whose;
	struct alert_draft *draft;
	struct alert_try *cookie;
};
TAILQ_HEAD(post_queue, post);

struct standing {
	struct sql_link *link;
	struct sql_job *job; /* the page that is read */
	struct store_outbox_standing ask;
	struct alert_channel *channel;
	struct alert_channel_head *head;
	struct event *timer;
	struct post_queue ready, running;
	int running_count;
	char *after; /* the last case of the page */
	int got, posted;
	bool failed; /* nothing more in this round */
};

static void drop_ready(struct standing *standing)
{
	struct post *post;

	while ((post = TAILQ_FIRST(&standing->ready))) {
		TAILQ_REMOVE(&standing->ready, post, entry);
		standing->head->kind->free_draft(post->draft);
		free(post);
	}
}

static void end_round(struct standing *standing)
{
	struct timeval wait = { standing->head->repeat_ms / 1000,
		standing->head->repeat_ms % 1000 * 1000 };

	if (standing->posted > 0)
		log_debug("outbox", "channel %s: %d standing alerts posted again",
			standing->head->name, standing->posted);
	drop_ready(standing);
	evtimer_add(standing->timer, &wait);
}

static void give_up(struct standing *standing, const char *reason)
{
	if (!standing->failed)
		log_info("outbox", "channel %s: standing alerts wait for the next round: %s",
			standing->head->name, reason);
	standing->failed = true;
}

static void go_on(struct standing *standing);

static void on_posted(void *arg, const struct alert_outcome *outcome)
{
	struct post *post = arg;
	struct standing *standing = post->whose;

	TAILQ_REMOVE(&standing->running, post, entry);
	standing->running_count--;
	free(post);
	if (outcome->class == ALERT_ACKNOWLEDGED)
		standing->posted++;
	else
		give_up(standing, outcome->answer);
	go_on(standing);
}

static void start(struct standing *standing, struct post *post)
{
	struct err err = ERR_INIT;

	TAILQ_REMOVE(&standing->ready, post, entry);
	post->cookie =
		standing->head->kind->send(standing->channel, post->draft, on_posted, post, &err);
	if (!post->cookie) {
		give_up(standing, err.text);
		free(post);
		return;
	}
	TAILQ_INSERT_TAIL(&standing->running, post, entry);
	standing->running_count++;
}

static void on_row(void *arg, const struct store_outbox_message *message)
{
	struct standing *standing = arg;
	struct err err = ERR_INIT;
	struct alert_message lent = { .message_id = message->message_id,
		.ref = message->ref,
		.case_key = message->case_key,
		.recipient = message->recipient,
		.payload = message->payload,
		.payload_length = message->payload_length,
		.first_try_at = message->first_try_at,
		.stood_severity = message->stood_severity };
	struct alert_draft *draft = standing->head->kind->prepare(standing->channel, &lent, &err);
	struct post *post;

	free(standing->after);
	standing->after = mem_text(message->case_key);
	standing->got++;
	if (!draft) {
		log_warn("outbox", "%s cannot be posted again: %s", message->ref, err.text);
		return;
	}
	post = mem_zero(1, sizeof(*post));
	post->whose = standing;
	post->draft = draft;
	TAILQ_INSERT_TAIL(&standing->ready, post, entry);
}

static void on_page(void *arg, const struct sql_outcome *outcome)
{
	struct standing *standing = arg;

	standing->job = NULL;
	if (outcome->err.code != ERR_NONE)
		give_up(standing, outcome->err.text);
	go_on(standing);
}

static void read_page(struct standing *standing)
{
	struct err err = ERR_INIT;

	standing->got = 0;
	standing->ask = (struct store_outbox_standing){ .channel = standing->head->name,
		.after = standing->after,
		.limit = PAGE,
		.row = on_row,
		.done = on_page,
		.arg = standing };
	standing->job = store_outbox_standing(standing->link, &standing->ask, &err);
	if (standing->job)
		return;
	give_up(standing, err.text);
	end_round(standing);
}

/* Starts what may start; then the next page; then the wait. */
static void go_on(struct standing *standing)
{
	while (!standing->failed && standing->running_count < AT_ONCE &&
		!TAILQ_EMPTY(&standing->ready))
		start(standing, TAILQ_FIRST(&standing->ready));
	if (standing->running_count > 0)
		return;
	if (!standing->failed && standing->got == PAGE)
		read_page(standing);
	else
		end_round(standing);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct standing *standing = arg;

	(void)fd;
	(void)what;
	standing_start(standing);
}

struct standing *standing_new(
	struct event_base *base, struct sql_link *link, struct alert_channel *channel)
{
	struct standing *standing = mem_zero(1, sizeof(*standing));

	standing->link = link;
	standing->channel = channel;
	standing->head = alert_channel_head(channel);
	standing->timer = evtimer_new(base, on_timer, standing);
	if (!standing->timer)
		BUG("no timer for standing alerts");
	TAILQ_INIT(&standing->ready);
	TAILQ_INIT(&standing->running);
	return standing;
}

void standing_start(struct standing *standing)
{
	if (standing->job || standing->running_count > 0)
		return;
	evtimer_del(standing->timer);
	free(standing->after);
	standing->after = mem_text("");
	standing->failed = false;
	standing->posted = 0;
	read_page(standing);
}

void standing_stop(struct standing *standing)
{
	struct post *post;

	if (standing->job)
		sql_job_cancel(standing->job);
	standing->job = NULL;
	while ((post = TAILQ_FIRST(&standing->running))) {
		TAILQ_REMOVE(&standing->running, post, entry);
		standing->head->kind->cancel(post->cookie);
		free(post);
	}
	standing->running_count = 0;
	drop_ready(standing);
	evtimer_del(standing->timer);
}

void standing_free(struct standing *standing)
{
	if (!standing)
		return;
	standing_stop(standing);
	event_free(standing->timer);
	free(standing->after);
	free(standing);
}
