/* During a reload two pumps exist for a moment: the old one winds down, the new one starts when it has. An outbox must
 * not be freed from its own callback, so the change is made by a zero timer. */
#include "daemon/deliveries.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "alerts/alert.h"
#include "core/log.h"
#include "core/mem.h"
#include "daemon/config.h"

enum { GRACE_MS = 10000 };

struct deliveries {
	struct alert_env env;
	char *state; /* directory; it does not change with a reload */
	struct sql_link *link;
	struct config *config; /* of the pump at work */
	struct outbox *outbox;
	struct outbox *next; /* opened, waits for the old one to wind down */
	struct config *next_config;
	struct event *change;
	bool started, stopping;
};

static void on_drained(void *arg)
{
	struct deliveries *deliveries = arg;
	if (deliveries->next)
		event_active(deliveries->change, EV_TIMEOUT, 0);
}

static void on_change(evutil_socket_t fd, short what, void *arg)
{
	struct deliveries *deliveries = arg;
	(void)fd, (void)what;
	if (!deliveries->next)
		return;
	outbox_free(deliveries->outbox);
	config_unref(deliveries->config);
	deliveries->outbox = deliveries->next;
	deliveries->config = deliveries->next_config;
	deliveries->next = NULL;
	deliveries->next_config = NULL;
	if (deliveries->started)
		outbox_start(deliveries->outbox);
}

struct deliveries *deliveries_new(struct event_base *base, struct fetch *fetch,
	struct sql_link *link, struct config *config, struct err *err)
{
	struct deliveries *deliveries = mem_zero(1, sizeof(*deliveries));
	deliveries->state = mem_text(config->state);
	deliveries->env =
		(struct alert_env){ .base = base, .fetch = fetch, .state = deliveries->state };
	deliveries->link = link;
	deliveries->config = config_ref(config);
	deliveries->change = event_new(base, -1, 0, on_change, deliveries);
	if (!deliveries->change)
		BUG("no event for the change of channels");
	deliveries->outbox = outbox_new(&deliveries->env, link, config->conf, err);
	if (deliveries->outbox)
		return deliveries;
	deliveries_free(deliveries);
	return NULL;
}

void deliveries_wake(struct deliveries *deliveries)
{
	if (deliveries->stopping)
		return;
	if (deliveries->started)
		outbox_wake(deliveries->outbox);
	else
		outbox_start(deliveries->outbox);
	deliveries->started = true;
}

static bool section_same(const struct conf *a, const struct conf *b, const char *section)
{
	int count = conf_block_count(a, section);
	if (count != conf_block_count(b, section))
		return false;
	for (int i = 0; i < count; i++) {
		const struct conf_block *before = conf_block(a, section, i);
		const struct conf_block *after = conf_block(b, section, i);
		if (strcmp(conf_block_title(before), conf_block_title(after)) != 0 ||
			!conf_block_equal(before, after, NULL))
			return false;
	}
	return true;
}

static void drop_next(struct deliveries *deliveries)
{
	outbox_free(deliveries->next);
	config_unref(deliveries->next_config);
	deliveries->next = NULL;
	deliveries->next_config = NULL;
}

void deliveries_reload(struct deliveries *deliveries, struct config *config)
{
	const struct config *now =
		deliveries->next_config ? deliveries->next_config : deliveries->config;
	struct err err = ERR_INIT;
	if (section_same(now->conf, config->conf, "channel") &&
		section_same(now->conf, config->conf, "route"))
		return;
	struct outbox *fresh = outbox_new(&deliveries->env, deliveries->link, config->conf, &err);
	if (!fresh) {
		log_error("reload", "%s; the old channels stay at work", err.text);
		return;
	}
	bool winding_down = deliveries->next != NULL;
	drop_next(deliveries);
	deliveries->next = fresh;
	deliveries->next_config = config_ref(config);
	if (!deliveries->started || outbox_drained(deliveries->outbox))
		event_active(deliveries->change, EV_TIMEOUT, 0);
	else if (!winding_down)
		outbox_stop(deliveries->outbox, GRACE_MS, on_drained, deliveries);
}

void deliveries_stop(struct deliveries *deliveries)
{
	bool winding_down = deliveries->next != NULL;
	deliveries->stopping = true;
	drop_next(deliveries);
	if (deliveries->started && !winding_down)
		outbox_stop(deliveries->outbox, GRACE_MS, on_drained, deliveries);
}

bool deliveries_drained(const struct deliveries *deliveries)
{
	return !deliveries->started || outbox_drained(deliveries->outbox);
}

struct outbox_stats deliveries_stats(const struct deliveries *deliveries)
{
	return outbox_stats(deliveries->outbox);
}

void deliveries_free(struct deliveries *deliveries)
{
	if (!deliveries)
		return;
	drop_next(deliveries);
	outbox_free(deliveries->outbox);
	event_free(deliveries->change);
	config_unref(deliveries->config);
	free(deliveries->state);
	free(deliveries);
}
