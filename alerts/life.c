#include "alerts/life.h"

static const struct life_step finding_steps[] = {
	{ "", "opened", "open", LIFE_RUN, "a rule speaks for the first time" },
	{ "open", "updated", "open", LIFE_RUN, "its print differs" },
	{ "open", "acknowledged", "acknowledged", LIFE_PERSON, "somebody takes it up" },
	{ "open", "closed", "closed", LIFE_RUN, "the rule no longer speaks" },
	{ "open", "assigned", "open", LIFE_PERSON, "somebody is asked to look after it" },
	{ "open", "escalated", "open", LIFE_PERSON, "it goes to somebody above" },
	{ "open", "silenced", "open", LIFE_PERSON, "its messages wait until a day" },
	{ "open", "unsilenced", "open", LIFE_PERSON, "they leave before that day" },
	{ "acknowledged", "assigned", "acknowledged", LIFE_PERSON,
		"somebody is asked to look after it" },
	{ "acknowledged", "escalated", "acknowledged", LIFE_PERSON, "it goes to somebody above" },
	{ "acknowledged", "silenced", "acknowledged", LIFE_PERSON,
		"its messages wait until a day" },
	{ "acknowledged", "unsilenced", "acknowledged", LIFE_PERSON, "they leave before that day" },
	{ "acknowledged", "updated", "open", LIFE_RUN, "open again, its print differs" },
	{ "acknowledged", "closed", "closed", LIFE_RUN, "the rule no longer speaks" },
	{ "closed", "reopened", "open", LIFE_RUN, "the rule speaks again: next episode" },
	{ NULL, NULL, NULL, LIFE_RUN, NULL },
};
const struct life life_finding = { "finding", finding_steps };

static const struct life_step message_steps[] = {
	{ "", "written", "queued", LIFE_RUN, "in the transaction of its cause" },
	{ "queued", "leased", "sending", LIFE_OUTBOX, "due, first of its case" },
	{ "retry", "leased", "sending", LIFE_OUTBOX, "its wait is over" },
	{ "unknown", "leased", "sending", LIFE_OUTBOX, "again, same reference, marked" },
	{ "sending", "acknowledged", "acknowledged", LIFE_OUTBOX, "the channel's positive answer" },
	{ "sending", "rejected-permanent", "rejected", LIFE_OUTBOX,
		"the channel refuses for good" },
	{ "sending", "retry-later", "retry", LIFE_OUTBOX, "the channel cannot now" },
	{ "sending", "unknown", "unknown", LIFE_OUTBOX, "sent, no complete answer" },
	{ "sending", "lease lost", "unknown", LIFE_OUTBOX, "the sender died or was cut off" },
	{ "sending", "given back", "queued", LIFE_OUTBOX, "leased ahead and not sent" },
	{ "sending", "given back in doubt", "unknown", LIFE_OUTBOX,
		"leased ahead and not sent, an earlier try is in doubt" },
	{ "sending", "given up", "failed", LIFE_OUTBOX, "too many days of retries" },
	{ "queued", "left out", "failed", LIFE_OUTBOX, "its recipient is no longer one" },
	{ "retry", "left out", "failed", LIFE_OUTBOX, "its recipient is no longer one" },
	{ "unknown", "left out", "failed", LIFE_OUTBOX, "its recipient is no longer one" },
	{ "queued", "superseded", "superseded", LIFE_OUTBOX, "a digest or a later one says it" },
	{ "retry", "superseded", "superseded", LIFE_OUTBOX, "a digest or a later one says it" },
	{ "superseded", "freed", "queued", LIFE_OUTBOX, "the digest with it was refused" },
	{ "queued", "silenced", "queued", LIFE_PERSON, "waits until its case may speak again" },
	{ "retry", "silenced", "queued", LIFE_PERSON, "waits until its case may speak again" },
	{ "failed", "replayed", "queued", LIFE_PERSON, "setaside alerts retry" },
	{ "rejected", "replayed", "queued", LIFE_PERSON, "setaside alerts retry" },
	{ "retry", "replayed", "queued", LIFE_PERSON, "setaside alerts retry" },
	{ "unknown", "replayed", "queued", LIFE_PERSON, "setaside alerts retry" },
	{ NULL, NULL, NULL, LIFE_RUN, NULL },
};
const struct life life_message = { "message", message_steps };

const char *life_who_name(enum life_who who)
{
	static const char *const names[] = { "run", "outbox", "person" };

	return names[who];
}

const char *life_next(const struct life *life, const char *state, const char *event,
	enum life_who who, struct err *err)
{
	for (const struct life_step *step = life->steps; step->state; step++)
		if (strcmp(step->state, state) == 0 && strcmp(step->event, event) == 0 &&
			step->who == who)
			return step->next;
	err_set(err, ERR_REFUSED, "a %s in state \"%s\" knows no \"%s\" by %s", life->name, state,
		event, life_who_name(who));
	return NULL;
}

bool life_steps_of(const struct life *life, const char *event, enum life_who who, struct buf *from,
	struct buf *next)
{
	bool any = false;

	buf_add_char(from, '{');
	buf_add_char(next, '{');
	for (const struct life_step *step = life->steps; step->state; step++) {
		if (strcmp(step->event, event) != 0 || step->who != who)
			continue;
		buf_format(from, "%s%s", any ? "," : "", step->state);
		buf_format(next, "%s%s", any ? "," : "", step->next);
		any = true;
	}
	buf_add_char(from, '}');
	buf_add_char(next, '}');
	return any;
}

static const char *final_or_not(const struct life *life, const char *state)
{
	for (const struct life_step *step = life->steps; step->state; step++)
		if (strcmp(step->state, state) == 0)
			return NULL;
	return state;
}

void life_draw(const struct life *life, struct buf *out)
{
	buf_format(out, "```mermaid\nstateDiagram-v2\n");
	for (const struct life_step *step = life->steps; step->state; step++)
		buf_format(out, "    %s --> %s: %s (%s) - %s\n", *step->state ? step->state : "[*]",
			step->next, step->event, life_who_name(step->who), step->why);
	for (const struct life_step *step = life->steps; step->state; step++) {
		const char *last = final_or_not(life, step->next);
		bool seen = false;

		for (const struct life_step *before = life->steps; before < step; before++)
			seen = seen || strcmp(before->next, step->next) == 0;
		if (last && !seen)
			buf_format(out, "    %s --> [*]\n", last);
	}
	buf_format(out, "```\n");
}
