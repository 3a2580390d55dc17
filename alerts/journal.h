/* The journal of tries: a small file of fixed size in the state directory, mapped into memory, in which the outbox notes
 * what it has leased, what is on its way and what was answered, until the database has it. It outlives the program:
 * after a kill the next start knows which messages had not left, which were answered, and the one that is in doubt.
 *
 * It also keeps the greatest number of a reference that was leased: a database that was restored from a backup does not
 * know it, and would give the references of messages that receivers have to others, which they would drop.
 *
 * A note costs no system call. It survives the end of the process, not that of the machine: after another boot every
 * note counts as in doubt. One program at a time holds the file (flock); it stays small because notes are taken out when
 * the database has them. Nothing secret is in it: numbers and the receiver's answer, as in the ledger of deliveries. */
#ifndef SETASIDE_ALERTS_JOURNAL_H
#define SETASIDE_ALERTS_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "alerts/alert.h"
#include "core/err.h"

struct journal;

enum { JOURNAL_NOTES = 4096, JOURNAL_NONE = -1 };

enum journal_phase {
	JOURNAL_FREE,
	JOURNAL_LEASED,  /* nothing of it has left */
	JOURNAL_SENDING, /* the receiver may have it */
	JOURNAL_ANSWERED
};

struct journal_note {
	uint32_t phase; /* enum journal_phase; written last */
	int32_t parts_done, requests;
	uint32_t flags; /* JOURNAL_FAULT, JOURNAL_GONE */
	int64_t message_id, lease_epoch, started_at_us, finished_at_us;
	int64_t wait_ms, channel_wait_ms, probe_ms, bytes, clock_ahead_s;
	char class[24],
		state[16]; /* of an answered one: alert_class_name(), the message's next state */
	char answer[ALERT_ANSWER_MAX];
};
enum { JOURNAL_FAULT = 1, JOURNAL_GONE = 2 };

/* A note is taken for what it says only where it can be (outbox_recover.c); otherwise its message is in doubt. */

/* Opens or makes DIRECTORY/tries. NULL with err set: another program holds it, or the disk refuses. What was noted
 * before is there as notes; of another boot they are all SENDING. */
struct journal *journal_open(const char *directory, struct err *err);
/* Keeps the notes. NULL is fine. */
void journal_close(struct journal *journal);

/* The greatest number of a reference seen, over all boots; 0 = none. */
int64_t journal_ref_no(const struct journal *journal);
void journal_saw_ref(struct journal *journal, int64_t number);

/* Places that are free. */
int journal_room(const struct journal *journal);
/* A place for a leased message; there must be room. */
int journal_lease(struct journal *journal, int64_t message_id, int64_t lease_epoch, int parts_done,
	int requests);
void journal_send(struct journal *journal, int place, int64_t now_us);
/* So many parts of it are acknowledged and another one leaves. */
void journal_part(struct journal *journal, int place, int parts_done);
/* Takes over everything but ids and phase. */
void journal_answer(struct journal *journal, int place, const struct journal_note *answer);
void journal_forget(struct journal *journal, int place);
/* The note at a place, whatever its phase; 0 <= place < JOURNAL_NOTES. */
const struct journal_note *journal_at(const struct journal *journal, int place);

#endif
