/* What stands at a receiver that forgets: posted again, every head.repeat_ms, while it is open, and its end for five
 * minutes after it was told.
 *
 * What stands is on record (table standing, kept with the outcome of its message), so a restart, ours or the
 * receiver's, loses nothing. A post is no message and no try: nothing of it is recorded, and when one fails the round
 * ends and the next one comes. Nothing is posted while the channel is disabled, paused or its circuit is open, nor of a
 * case about which a person asked for silence: the receiver lets it fall, and hears of it again in the first round after
 * the silence. A round reads pages, and few posts run at once. */
#ifndef SETASIDE_ALERTS_STANDING_H
#define SETASIDE_ALERTS_STANDING_H

#include "core/err.h"

struct alert_channel;
struct event_base;
struct sql_link;
struct standing;

/* link and channel are lent. */
struct standing *standing_new(
	struct event_base *base, struct sql_link *link, struct alert_channel *channel);
/* The first round begins now. */
void standing_start(struct standing *standing);
/* Cancels what runs; the next start begins from the first page. */
void standing_stop(struct standing *standing);
/* As standing_stop. NULL is fine. Before the channel is closed. */
void standing_free(struct standing *standing);

#endif
