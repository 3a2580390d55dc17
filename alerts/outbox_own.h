/* The inside of the outbox, shared by outbox.c (when to do what), outbox_sender.c (whether at all), outbox_lease.c (what is leased), outbox_keep.c (what
 * stays leased), outbox_try.c (what runs) and outbox_record.c (what became of it).
 *
 * At a kill, what a receiver has accepted and we have not noted is sent once more. So that this is at most one message,
 * tries take turns: the next one starts when the outcome of the one before is in the journal, whatever its channel.
 * What a receiver takes before it answers, all wait for: so turns are shared by time. The channel that has rested longest
 * for what its last try took is next, and a slow one gets about a ninth of the time while others have something to send.
 * A receiver that has not answered within PATIENCE_MS, longer than the time-out of every kind but mail, is left to itself
 * and keeps only its own channel waiting, one such at a time: its message is then in doubt beside the one that has
 * the turn. A channel whose configuration says in-flight = N > 1 takes no turns: there a kill may repeat up to N.
 *
 * A channel leases ahead: a block of messages waits, ready, for free places among the running tries, so that the next
 * lease and the commits overlap with sending. The block grows while it is used up quickly and shrinks when it lies
 * about. When the endpoint fails or asks for a pause, what is ready is given back, unsent. */
#ifndef SETASIDE_ALERTS_OUTBOX_OWN_H
#define SETASIDE_ALERTS_OUTBOX_OWN_H

#include <event2/event.h>
#include <sys/queue.h>

#include "alerts/alert.h"
#include "alerts/journal.h"
#include "alerts/outbox.h"
#include "alerts/register.h"
#include "alerts/standing.h"
#include "sql/store_outbox.h"

enum outbox_state {
	OUTBOX_NEW,
	OUTBOX_ASKING,  /* whether another monitor is the sender */
	OUTBOX_RESERVE, /* one is, or the database did not answer: asks again */
	OUTBOX_REGISTERING,
	OUTBOX_RUNNING,
	OUTBOX_STOPPING,
	OUTBOX_DRAINED
};

TAILQ_HEAD(outbox_queue, outbox_try);

struct outbox_channel {
	struct outbox *outbox;
	struct alert_channel *channel;
	struct alert_channel_head *head;
	bool due;     /* a lease may find something */
	bool leasing; /* a lease statement is under way */
	bool woken;   /* something changed since it began: it may not have seen it */
	bool digests; /* a route gathers messages for it */
	bool quiets;  /* a route has hours or days at which nothing leaves */
	bool gather;  /* something may wait that can be gathered before the next lease */
	bool held; /* the endpoint failed or asked for a pause that is not on record yet: nothing is leased */
	struct standing *standing; /* of kinds that stand */
	int in_flight;
	int faults;                 /* of the endpoint, in a row */
	int unrecorded;             /* outcomes that wait for their commit */
	int asked, got;             /* rows of the running lease */
	int block;                  /* most rows of the next lease */
	int64_t asked_at_us;        /* begin of the running lease */
	int64_t full_at_us;         /* when the last full block came */
	int64_t rests_until_us;     /* monotonic: before it, a channel that has rested goes first */
	struct outbox_queue leased; /* rows of the running lease, ready when it is committed */
	struct outbox_queue ready;  /* leased, not started */
	int ready_count;
};

enum { OUTBOX_NO_SLOT = -1 };

/* One leased message, from the lease's row to its outcome. */
struct outbox_try {
	struct outbox_channel *whose;
	TAILQ_ENTRY(outbox_try)
	entry; /* in channel.leased, channel.ready, then outbox.running or outbox.returned */
	int64_t message_id, lease_epoch, age_ms, started_at_us;
	int64_t leased_at_us; /* begin of its lease, or of the last renewal that moved it */
	int64_t turn_at_us;   /* monotonic: when it began */
	int attempt;
	int parts_done; /* acknowledged so far */
	int slot;       /* in the running renewal, or OUTBOX_NO_SLOT */
	struct alert_draft *draft;
	struct alert_try *cookie;
	int place; /* in the journal, or JOURNAL_NONE */
	char ref[48];
	struct err broken; /* the message could not be prepared */
};

/* An outcome that waits for its commit. */
struct outbox_result {
	struct store_outbox_outcome outcome;
	struct outbox_channel *whose; /* NULL: found in the journal */
	int place;
	char answer[ALERT_ANSWER_MAX];
};

struct outbox {
	struct sql_link *link;
	char *directory; /* of the journal; NULL = none */
	struct journal
		*journal; /* NULL: none, or it cannot be had; then a turn ends with the commit */
	struct outbox_try *turn_of; /* whose answer the next turn waits for */
	struct outbox_try *silent;  /* the one that runs on without a turn, or NULL */
	enum outbox_state state;
	int64_t session; /* of the link, in which we became the sender */
	bool in_reserve; /* another monitor is the sender */
	bool registered; /* channels and routes are written */
	struct register_set *registration;
	struct outbox_channel *channels;
	int channel_count;
	struct outbox_queue running;
	struct outbox_queue returned; /* unsent, their leases to be ended */
	int return_count, returning;  /* returning: how many of them are in the running statement */
	struct outbox_result *results;
	int result_count, result_cap;
	int recording;            /* how many of results are in the running statement */
	int64_t waiting_since_us; /* the oldest result that is in no statement yet, about */
	bool record_failed;       /* nothing is leased until a record has succeeded again */
	bool expire_wanted, expiring;
	int64_t renewing_at_us; /* begin of the last renewal */
	bool *renewed;          /* by slot: the running renewal moved it */
	bool asking_next, next_known;
	bool next_stale; /* something changed after the question was sent */
	int jobs;        /* statements whose answer is still to come */
	bool dead;       /* freed by the owner; the last answer frees the memory */
	struct event *work, *timer, *renew, *retry, *grace, *linger, *patience;
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

/* outbox_sender.c: asks to be the sender, then registers and begins */
void outbox_sender_ask(struct outbox *outbox);
/* The session in which we became it has ended. */
bool outbox_sender_lapsed(const struct outbox *outbox);

/* outbox_lease.c: gathers first where something may wait */
bool outbox_lease_wanted(const struct outbox_channel *channel);
void outbox_lease(struct outbox_channel *channel);
void outbox_ask_next(struct outbox *outbox);

/* outbox_keep.c: leases that are held. Tries that run or are ready and outcomes that are not on record: what our leases protect. */
int outbox_held_count(const struct outbox *outbox);
void outbox_renew(struct outbox *outbox);
/* Renews first, so that no lease of ours can look lost. */
void outbox_look_for_lost(struct outbox *outbox);

/* outbox_try.c: tries from the lease to the outcome */
void outbox_try_take(void *channel, const struct store_outbox_message *message);
/* alert_channel_head.part_done */
void outbox_try_part(void *try, int parts_done);
void outbox_try_drop(struct outbox_try *try);
/* Starts what is ready and has its turn. */
void outbox_try_start_ready(struct outbox *outbox);
/* The receiver whose answer is waited for has had its time. */
void outbox_try_lose_patience(struct outbox *outbox);
/* Ready, and its lease is lost: it is gone from here, and nothing is said about it. */
void outbox_try_forsake(struct outbox_try *try);
/* Leased, but no longer wanted: back into the queue, unsent. */
void outbox_try_give_back(struct outbox_channel *channel);
void outbox_try_cancel_all(struct outbox *outbox);
int64_t outbox_now_us(void);

/* outbox_record.c: outcomes into the database, leases of what was not sent out of it */
void outbox_result_add(const struct outbox_try *try, const struct alert_outcome *outcome);
struct outbox_result *outbox_result_room(struct outbox *outbox);
/* Waits a moment for more outcomes while other tries run: a commit costs the same for one as for fifty. */
void outbox_record_soon(struct outbox *outbox);
void outbox_return(struct outbox *outbox);

/* outbox_recover.c: opens the journal; what a killed program left in it becomes outcomes, and what it had not sent is
 * given back. Once, before anything is leased. */
void outbox_recover(struct outbox *outbox);
/* The number of the last reference that a program with this journal leased; 0 = none, or no journal. */
int64_t outbox_journal_ref_no(const struct outbox *outbox);
/* More rows than this may not be leased now. */
int outbox_journal_room(const struct outbox *outbox);
void outbox_journal_lease(struct outbox_try *try, const struct store_outbox_message *message);
void outbox_journal_send(const struct outbox_try *try);
void outbox_journal_part(const struct outbox_try *try);
void outbox_journal_answer(const struct outbox_result *result);
void outbox_journal_forget(struct outbox *outbox, int place);

#endif
