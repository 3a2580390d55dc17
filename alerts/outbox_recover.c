#include "alerts/life.h"
#include "alerts/outbox_own.h"
#include "core/log.h"
#include "core/mem.h"
#include "core/text.h"

enum { REQUESTS_MAX = 1000 };
static const int64_t wait_max_ms = INT64_C(366) * 86400 * 1000;
static const int64_t time_max_us = INT64_C(253402300799) * 1000000; /* the end of 9999 */

static bool between(int64_t value, int64_t least, int64_t most)
{
	return value >= least && value <= most;
}

/* A word that the database would refuse would keep the whole batch from it, for ever. */
static bool says_an_outcome(const struct journal_note *note)
{
	struct err err = ERR_INIT;
	const char *next = NULL;

	for (int class = ALERT_ACKNOWLEDGED; class <= ALERT_UNKNOWN && !next; class ++)
		if (strcmp(note->class, alert_class_name((enum alert_class) class)) == 0)
			next = life_next(&life_message, "sending", note->class, LIFE_OUTBOX, &err);
	return next &&
	       (strcmp(note->state, next) == 0 ||
		       strcmp(note->state, life_next(&life_message, "sending", "given up",
						   LIFE_OUTBOX, &err)) == 0) &&
	       text_utf8_valid(note->answer, strlen(note->answer), NULL);
}

static bool numbers_fit(const struct journal_note *note)
{
	return between(note->started_at_us, 0, time_max_us) &&
	       between(note->finished_at_us, 0, time_max_us) &&
	       between(note->wait_ms, 0, wait_max_ms) &&
	       between(note->channel_wait_ms, 0, wait_max_ms) &&
	       between(note->probe_ms, 0, wait_max_ms) && between(note->bytes, 0, INT64_MAX) &&
	       between(note->parts_done, 0, REQUESTS_MAX) &&
	       between(note->requests, 0, REQUESTS_MAX);
}

static void keep_answer(struct outbox *outbox, const struct journal_note *note, int place)
{
	struct outbox_result *result = outbox_result_room(outbox);

	*result = (struct outbox_result){ .place = place };
	result->outcome = (struct store_outbox_outcome){
		.message_id = note->message_id,
		.lease_epoch = note->lease_epoch,
		.class = note->class,
		.state = note->state,
		.wait_ms = note->wait_ms,
		.channel_wait_ms = note->channel_wait_ms,
		.started_at_us = note->started_at_us,
		.finished_at_us = note->finished_at_us,
		.bytes = note->bytes,
		.endpoint_fault = (note->flags & JOURNAL_FAULT) != 0,
		.endpoint_gone = (note->flags & JOURNAL_GONE) != 0,
		.probe_ms = note->probe_ms,
		.parts_done = note->parts_done,
		.requests = note->requests,
		.clock_ahead_s = note->clock_ahead_s,
	};
	snprintf(result->answer, sizeof(result->answer), "%s", note->answer);
}

/* On its way when the program ended: it leaves again at once, marked. */
static void keep_doubt(struct outbox *outbox, const struct journal_note *note, int place)
{
	struct outbox_result *result = outbox_result_room(outbox);
	struct err err = ERR_INIT;
	const char *next = life_next(&life_message, "sending", "lease lost", LIFE_OUTBOX, &err);
	int64_t now = outbox_now_us();

	if (!next)
		BUG("%s", err.text);
	*result = (struct outbox_result){ .place = place };
	result->outcome = (struct store_outbox_outcome){
		.message_id = note->message_id,
		.lease_epoch = note->lease_epoch,
		.class = alert_class_name(ALERT_UNKNOWN),
		.state = next,
		.started_at_us =
			between(note->started_at_us, 1, time_max_us) ? note->started_at_us : now,
		.finished_at_us = now,
		.parts_done = between(note->parts_done, 0, REQUESTS_MAX) ? note->parts_done : 0,
		.requests = between(note->requests, 1, REQUESTS_MAX) ? note->requests : 1,
	};
	snprintf(result->answer, sizeof(result->answer),
		"the sender ended before the outcome was recorded");
}

static void give_back(struct outbox *outbox, const struct journal_note *note, int place)
{
	struct outbox_try *try = mem_zero(1, sizeof(*try));

	try->message_id = note->message_id;
	try->lease_epoch = note->lease_epoch;
	try->place = place;
	TAILQ_INSERT_TAIL(&outbox->returned, try, entry);
	outbox->return_count++;
}

static void read_notes(struct outbox *outbox)
{
	int answered = 0, doubtful = 0, unsent = 0;

	for (int i = 0; i < JOURNAL_NOTES; i++) {
		const struct journal_note *note = journal_at(outbox->journal, i);

		bool whole = says_an_outcome(note) && numbers_fit(note);

		if (note->phase == JOURNAL_ANSWERED && whole && ++answered)
			keep_answer(outbox, note, i);
		else if ((note->phase == JOURNAL_SENDING || note->phase == JOURNAL_ANSWERED) &&
			 ++doubtful)
			keep_doubt(outbox, note, i);
		else if (note->phase == JOURNAL_LEASED && ++unsent)
			give_back(outbox, note, i);
	}
	if (answered + doubtful + unsent > 0)
		log_warn("outbox",
			"the program ended without a stop: %d answers were not on record yet, %d "
			"messages are in doubt and leave again, marked, %d had not left",
			answered, doubtful, unsent);
}

void outbox_recover(struct outbox *outbox)
{
	struct err err = ERR_INIT;

	if (!outbox->directory || outbox->journal)
		return;
	outbox->journal = journal_open(outbox->directory, &err);
	if (outbox->journal)
		read_notes(outbox);
	else
		log_error("outbox",
			"no journal of tries, every message waits for the commit of the one "
			"before: %s",
			err.text);
}

int outbox_journal_room(const struct outbox *outbox)
{
	int room = outbox->journal ? journal_room(outbox->journal) : JOURNAL_NOTES;

	for (int i = 0; i < outbox->channel_count; i++)
		if (outbox->channels[i].leasing)
			room -= outbox->channels[i].asked;
	return room;
}

int64_t outbox_journal_ref_no(const struct outbox *outbox)
{
	return outbox->journal ? journal_ref_no(outbox->journal) : 0;
}

/* The last part of A-YYYYMMDD-NNNNNN; 0 when it has another form. */
static int64_t ref_number(const char *ref)
{
	const char *last = strrchr(ref, '-');
	char *end = NULL;
	long long number = last ? strtoll(last + 1, &end, 10) : 0;

	return last && *end == '\0' && number > 0 ? number : 0;
}

/* How many requests of it left before a kill nobody knows: as many as a message may take. */
void outbox_journal_lease(struct outbox_try *try, const struct store_outbox_message *message)
{
	struct journal *journal = try->whose->outbox->journal;

	try->place = journal ? journal_lease(journal, message->message_id, message->lease_epoch,
				       message->parts_done, try->whose->head->parts_max)
			     : JOURNAL_NONE;
	if (journal)
		journal_saw_ref(journal, ref_number(message->ref));
}

void outbox_journal_send(const struct outbox_try *try)
{
	if (try->place != JOURNAL_NONE)
		journal_send(try->whose->outbox->journal, try->place, try->started_at_us);
}

void outbox_journal_part(const struct outbox_try *try)
{
	if (try->place != JOURNAL_NONE)
		journal_part(try->whose->outbox->journal, try->place, try->parts_done);
}

void outbox_journal_answer(const struct outbox_result *result)
{
	const struct store_outbox_outcome *outcome = &result->outcome;
	struct journal_note note;

	if (result->place == JOURNAL_NONE)
		return;
	note = (struct journal_note){
		.parts_done = outcome->parts_done,
		.requests = outcome->requests,
		.flags = (outcome->endpoint_fault ? JOURNAL_FAULT : 0U) |
			 (outcome->endpoint_gone ? JOURNAL_GONE : 0U),
		.started_at_us = outcome->started_at_us,
		.finished_at_us = outcome->finished_at_us,
		.wait_ms = outcome->wait_ms,
		.channel_wait_ms = outcome->channel_wait_ms,
		.probe_ms = outcome->probe_ms,
		.bytes = outcome->bytes,
		.clock_ahead_s = outcome->clock_ahead_s,
	};
	snprintf(note.class, sizeof(note.class), "%s", outcome->class);
	snprintf(note.state, sizeof(note.state), "%s", outcome->state);
	snprintf(note.answer, sizeof(note.answer), "%s", result->answer);
	journal_answer(result->whose->outbox->journal, result->place, &note);
}

void outbox_journal_forget(struct outbox *outbox, int place)
{
	if (place != JOURNAL_NONE)
		journal_forget(outbox->journal, place);
}
