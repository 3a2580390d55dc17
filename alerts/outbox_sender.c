/* Who sends: one monitor for each database. The lock belongs to the session of the outbox's link, so it is asked for anew
 * whenever the link has another one. A monitor that does not get it waits in reserve: it registers nothing, leases
 * nothing, posts nothing, and asks again until the other one's session has ended. */
#include "alerts/outbox_own.h"

#include "core/log.h"
#include "sql/link.h"

static void begin(struct outbox *outbox)
{
	outbox->state = OUTBOX_RUNNING;
	outbox->retry_attempt = 0;
	outbox->expire_wanted = true;
	for (int i = 0; i < outbox->channel_count; i++)
		if (outbox->channels[i].standing)
			standing_start(outbox->channels[i].standing);
	outbox_wake(outbox);
}

static void registering_failed(struct outbox *outbox, const struct err *err)
{
	log_warn("outbox", "channels could not be registered, will try again: %s", err->text);
	outbox->state = OUTBOX_RESERVE;
	outbox_retry_later(outbox);
}

/* Whether a step of registering was done; where it was asked to stop meanwhile, that goes on. */
static bool step_done(struct outbox *outbox, const struct sql_outcome *outcome)
{
	if (!outbox_job_done(outbox))
		return false;
	if (outbox->state != OUTBOX_REGISTERING) {
		outbox_poke(outbox);
		return false;
	}
	if (outcome->err.code == ERR_NONE)
		return true;
	registering_failed(outbox, &outcome->err);
	return false;
}

static void on_registered(void *arg, const struct sql_outcome *outcome)
{
	if (step_done(arg, outcome))
		begin(arg);
}

static void write_channels(struct outbox *outbox)
{
	struct err err = ERR_INIT;

	if (register_write(outbox->registration, outbox->link, on_registered, outbox, &err) < 0)
		registering_failed(outbox, &err);
	else
		outbox->jobs++;
}

static void on_refs(void *arg, const struct sql_outcome *outcome)
{
	if (!step_done(arg, outcome))
		return;
	if (outcome->affected > 0)
		log_warn("outbox", "the database had forgotten references that receivers have (was "
				   "it restored from a backup?): new ones continue after them");
	write_channels(arg);
}

/* In every session: the database may be another one than before, from a backup, or another monitor's channels and routes
 * may stand in it. */
static void do_register(struct outbox *outbox)
{
	struct err err = ERR_INIT;
	int64_t last;

	outbox_recover(outbox);
	outbox->state = OUTBOX_REGISTERING;
	last = outbox_journal_ref_no(outbox);
	if (last <= 0)
		write_channels(outbox);
	else if (store_outbox_refs(outbox->link, last, on_refs, outbox, &err) < 0)
		registering_failed(outbox, &err);
	else
		outbox->jobs++;
}

static void stand_by(struct outbox *outbox, const char *other)
{
	if (!outbox->in_reserve)
		log_warn("outbox",
			"the messages of this database are sent by another monitor (%s): this one "
			"sends none and waits in reserve until that session has ended",
			other);
	outbox->in_reserve = true;
	outbox->state = OUTBOX_RESERVE;
	for (int i = 0; i < outbox->channel_count; i++) {
		outbox_try_give_back(&outbox->channels[i]);
		if (outbox->channels[i].standing)
			standing_stop(outbox->channels[i].standing);
	}
	outbox_retry_later(outbox);
}

static void take_over(struct outbox *outbox)
{
	if (outbox->in_reserve)
		log_info("outbox", "the other monitor's session has ended: this one sends now");
	outbox->in_reserve = false;
	outbox->session = sql_link_sessions(outbox->link);
	do_register(outbox);
}

static void on_asked(void *arg, const struct sql_outcome *outcome, const char *other)
{
	struct outbox *outbox = arg;

	if (!outbox_job_done(outbox))
		return;
	if (outbox->state == OUTBOX_ASKING && outcome->err.code != ERR_NONE) {
		outbox->state = OUTBOX_RESERVE;
		outbox_retry_later(outbox);
	} else if (outbox->state == OUTBOX_ASKING && *other) {
		stand_by(outbox, other);
	} else if (outbox->state == OUTBOX_ASKING) {
		take_over(outbox);
	}
	outbox_poke(outbox);
}

void outbox_sender_ask(struct outbox *outbox)
{
	struct err err = ERR_INIT;

	if (store_outbox_sender(outbox->link, on_asked, outbox, &err) < 0) {
		outbox->state = OUTBOX_RESERVE;
		outbox_retry_later(outbox);
		return;
	}
	outbox->state = OUTBOX_ASKING;
	outbox->jobs++;
}

bool outbox_sender_lapsed(const struct outbox *outbox)
{
	return sql_link_sessions(outbox->link) != outbox->session;
}
