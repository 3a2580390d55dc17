/* The inside of the outbox, shared by outbox.c (when to do what), outbox_lease.c and outbox_try.c. */
#ifndef SETASIDE_ALERTS_OUTBOX_OWN_H
#define SETASIDE_ALERTS_OUTBOX_OWN_H

#include <event2/event.h>

#include "alerts/alert.h"
#include "alerts/outbox.h"
#include "alerts/register.h"
#include "sql/store_outbox.h"

enum outbox_state {
	OUTBOX_NEW,
	OUTBOX_REGISTERING,
	OUTBOX_RUNNING,
	OUTBOX_STOPPING,
	OUTBOX_DRAINED
};

struct outbox_channel {
	struct outbox *outbox;
	struct alert_channel *channel;
	struct alert_channel_head *head;
	bool due;     /* a lease may find something */
	bool leasing; /* a lease statement is under way */
	bool digests; /* a route gathers messages for it */
	bool gather;  /* something may wait that can be gathered before the next lease */
	int in_flight;
	int got;                   /* rows of the running lease */
	struct outbox_try *leased; /* rows of the running lease, started when it is committed */
};

/* One leased message, from the lease's row to its outcome. */
struct outbox_try {
	struct outbox_channel *whose;
	struct outbox_try *next; /* in channel.leased, then in outbox.running */
	int64_t message_id, lease_epoch, age_ms, started_at_us;
	int attempt;
	struct alert_draft *draft;
	struct alert_try *cookie;
	char ref[48];
	struct err broken; /* the message could not be prepared */
};

/* An outcome that waits for its commit. */
struct outbox_result {
	struct store_outbox_outcome outcome;
	struct outbox_channel *whose;
	char answer[ALERT_ANSWER_MAX];
};

struct outbox {
	struct sql_link *link;
	enum outbox_state state;
	struct register_set *registration;
	struct outbox_channel *channels;
	int channel_count;
	struct outbox_try *running;
	struct outbox_result *results;
	int result_count, result_cap;
	int recording;      /* how many of results are in the running statement */
	bool record_failed; /* nothing is leased until a record has succeeded again */
	bool expire_wanted, expiring;
	bool asking_next, next_known;
	bool next_stale; /* something changed after the question was sent */
	int jobs;        /* statements whose answer is still to come */
	bool dead;       /* freed by the owner; the last answer frees the memory */
	struct event *work, *timer, *renew, *retry, *grace;
	int retry_attempt, grace_step;
	int spins; /* times in a row that something was due and could not be leased */
	void (*drained)(void *arg);
	void *drained_arg;
	struct outbox_stats stats;
};

/* Runs one turn soon; any number of calls is one turn. */
void outbox_poke(struct outbox *outbox);
/* First line of every answer of the database: false when the outbox is gone. */
bool outbox_job_done(struct outbox *outbox);
/* What was known of the next due time no longer holds. */
void outbox_next_forget(struct outbox *outbox);
/* Another attempt of whatever failed, after a jittered wait. */
void outbox_retry_later(struct outbox *outbox);

void outbox_arm(struct event *event, int64_t ms);

/* outbox_lease.c: gathers first where something may wait */
void outbox_lease(struct outbox_channel *channel);
void outbox_ask_next(struct outbox *outbox);
/* Tries that run and outcomes that are not on record: what our leases protect. */
int outbox_held_count(const struct outbox *outbox);
void outbox_renew(struct outbox *outbox);
/* Renews first, so that no lease of ours can look lost. */
void outbox_look_for_lost(struct outbox *outbox);

/* outbox_try.c: tries and their outcomes */
void outbox_try_take(void *channel, const struct store_outbox_message *message);
void outbox_try_start(struct outbox_try *try);
void outbox_try_drop(struct outbox_try *try);
/* Leased, but no longer wanted: back into the queue, unsent. */
void outbox_try_give_back(struct outbox_try *try);
void outbox_try_cancel_all(struct outbox *outbox);
void outbox_record(struct outbox *outbox);

#endif
