#include "sql/store_outbox.h"

#include "core/mem.h"
#include "sql/array.h"
#include "sql/embed.h"

enum { ARRAY_BYTES_MAX = 2 * 1024 * 1024, EXPIRE_MAX = 1000, EXPIRE_DEADLINE_MS = 5000 };

struct lease_job {
	store_outbox_message_fn row;
	void (*done)(void *arg, const struct sql_outcome *outcome);
	void *arg;
};

static void on_lease_row(void *arg, const struct sql_row *row)
{
	struct lease_job *job = arg;
	struct store_outbox_message message = {
		.message_id = sql_row_int(row, 0),
		.lease_epoch = sql_row_int(row, 1),
		.attempt = (int)sql_row_int(row, 2),
		.ref = sql_row_text(row, 3),
		.case_key = sql_row_text(row, 4),
		.channel = sql_row_text(row, 5),
		.recipient = sql_row_text(row, 6),
		.payload = sql_row_text(row, 7),
		.payload_length = sql_row_length(row, 7),
		.first_try_at = sql_row_int(row, 8),
		.age_ms = sql_row_int(row, 9),
		.maybe_sent = sql_row_bool(row, 10),
		.parts_done = (int)sql_row_int(row, 11),
		.stood_severity = sql_row_text(row, 12),
	};

	job->row(job->arg, &message);
}

static void on_leased(void *arg, const struct sql_outcome *outcome)
{
	struct lease_job job = *(struct lease_job *)arg;

	free(arg);
	job.done(job.arg, outcome);
}

int store_outbox_lease(
	struct sql_link *link, const struct store_outbox_lease *lease, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct lease_job *job = mem_zero(1, sizeof(*job));
	struct sql_call call = { .text = sql_text_outbox_lease,
		.params = &params,
		.row = on_lease_row,
		.done = on_leased,
		.arg = job };

	*job = (struct lease_job){ lease->row, lease->done, lease->arg };
	sql_param_text(&params, lease->channel);
	sql_param_int(&params, lease->limit);
	sql_param_int(&params, STORE_OUTBOX_LEASE_S);
	if (!sql_submit(link, &call, err)) {
		free(job);
		return -1;
	}
	return 0;
}

/* Calls a statement about leases: $1 message ids, $2 their epochs, $3 seconds unless 0. */
static int call_on_leases(struct sql_link *link, const struct sql_call *call,
	const int64_t *message_ids, const int64_t *epochs, int count, int seconds, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call with = *call;
	struct sql_array ids;
	struct sql_array held;
	bool fine;

	sql_array_init(&ids, ARRAY_BYTES_MAX);
	sql_array_init(&held, ARRAY_BYTES_MAX);
	for (int i = 0; i < count; i++) {
		sql_array_add_int(&ids, message_ids[i]);
		sql_array_add_int(&held, epochs[i]);
	}
	sql_param_text(&params, sql_array_text(&ids));
	sql_param_text(&params, sql_array_text(&held));
	if (seconds > 0)
		sql_param_int(&params, seconds);
	with.params = &params;
	fine = sql_submit(link, &with, err) != NULL;
	sql_array_free(&ids);
	sql_array_free(&held);
	return fine ? 0 : -1;
}

struct renew_job {
	store_outbox_moved_fn moved;
	sql_done_fn done;
	void *arg;
};

static void on_moved(void *arg, const struct sql_row *row)
{
	const struct renew_job *job = arg;

	job->moved(job->arg, (int)sql_row_int(row, 0) - 1);
}

static void on_renewed(void *arg, const struct sql_outcome *outcome)
{
	struct renew_job job = *(struct renew_job *)arg;

	free(arg);
	job.done(job.arg, outcome);
}

int store_outbox_renew(struct sql_link *link, const int64_t *message_ids, const int64_t *epochs,
	int count, store_outbox_moved_fn moved, sql_done_fn done, void *arg, struct err *err)
{
	struct renew_job *job = mem_zero(1, sizeof(*job));
	struct sql_call call = {
		.text = sql_text_outbox_renew, .row = on_moved, .done = on_renewed, .arg = job
	};
	int result;

	*job = (struct renew_job){ moved, done, arg };
	result = call_on_leases(link, &call, message_ids, epochs, count, STORE_OUTBOX_LEASE_S, err);
	if (result < 0)
		free(job);
	return result;
}

int store_outbox_return(struct sql_link *link, const int64_t *message_ids, const int64_t *epochs,
	int count, sql_done_fn done, void *arg, struct err *err)
{
	struct sql_call call = { .text = sql_text_outbox_return, .done = done, .arg = arg };

	return call_on_leases(link, &call, message_ids, epochs, count, 0, err);
}

int store_outbox_expire(struct sql_link *link, sql_done_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	/* Well below the lease: it must not wait for a link until our own leases have ended. */
	struct sql_call call = { .text = sql_text_outbox_expire,
		.params = &params,
		.done = done,
		.arg = arg,
		.deadline_ms = EXPIRE_DEADLINE_MS };

	sql_param_int(&params, EXPIRE_MAX);
	return sql_submit(link, &call, err) ? 0 : -1;
}

enum { RECORD_ARRAYS = 16 };

static void add_outcome(struct sql_array a[RECORD_ARRAYS], const struct store_outbox_outcome *o)
{
	sql_array_add_int(&a[0], o->message_id);
	sql_array_add_int(&a[1], o->lease_epoch);
	sql_array_add_text(&a[2], o->class);
	sql_array_add_text(&a[3], o->answer);
	sql_array_add_text(&a[4], o->state);
	sql_array_add_int(&a[5], o->wait_ms);
	sql_array_add_int(&a[6], o->channel_wait_ms);
	sql_array_add_int(&a[7], o->started_at_us);
	sql_array_add_int(&a[8], o->finished_at_us);
	sql_array_add_int(&a[9], o->bytes);
	sql_array_add_bool(&a[10], o->endpoint_fault);
	sql_array_add_bool(&a[11], o->endpoint_gone);
	sql_array_add_int(&a[12], o->probe_ms);
	sql_array_add_int(&a[13], o->parts_done);
	sql_array_add_int(&a[14], o->requests > 0 ? o->requests : 1);
	sql_array_add_int(&a[15], o->clock_ahead_s);
}

int store_outbox_record(struct sql_link *link, const struct store_outbox_outcome *outcomes,
	int count, sql_done_fn done, void *arg, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = {
		.text = sql_text_outbox_record, .params = &params, .done = done, .arg = arg
	};
	struct sql_array arrays[RECORD_ARRAYS];
	bool fine;

	for (int i = 0; i < RECORD_ARRAYS; i++)
		sql_array_init(&arrays[i], ARRAY_BYTES_MAX);
	for (int i = 0; i < count; i++)
		add_outcome(arrays, &outcomes[i]);
	for (int i = 0; i < RECORD_ARRAYS; i++)
		sql_param_text(&params, sql_array_text(&arrays[i]));
	sql_param_int(&params, STORE_OUTBOX_BREAK_AFTER);
	sql_param_int(&params, STORE_OUTBOX_PROBE_MAX_S * INT64_C(1000));
	fine = sql_submit(link, &call, err) != NULL;
	for (int i = 0; i < RECORD_ARRAYS; i++)
		sql_array_free(&arrays[i]);
	return fine ? 0 : -1;
}

static void on_standing_row(void *arg, const struct sql_row *row)
{
	const struct store_outbox_standing *standing = arg;
	struct store_outbox_message message = {
		.message_id = sql_row_int(row, 0),
		.ref = sql_row_text(row, 1),
		.case_key = sql_row_text(row, 2),
		.channel = standing->channel,
		.recipient = sql_row_text(row, 3),
		.payload = sql_row_text(row, 4),
		.payload_length = sql_row_length(row, 4),
		.first_try_at = sql_row_int(row, 5),
		.stood_severity = sql_row_text(row, 6),
	};

	standing->row(standing->arg, &message);
}

static void on_standing(void *arg, const struct sql_outcome *outcome)
{
	const struct store_outbox_standing *standing = arg;

	standing->done(standing->arg, outcome);
}

struct sql_job *store_outbox_standing(
	struct sql_link *link, struct store_outbox_standing *standing, struct err *err)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .text = sql_text_outbox_standing,
		.params = &params,
		.row = on_standing_row,
		.done = on_standing,
		.arg = standing };

	sql_param_text(&params, standing->channel);
	sql_param_text(&params, standing->after);
	sql_param_int(&params, standing->limit);
	return sql_submit(link, &call, err);
}

struct next_job {
	store_outbox_next_fn done;
	void *arg;
	int64_t wait_ms;
};

static void on_next_row(void *arg, const struct sql_row *row)
{
	struct next_job *job = arg;

	job->wait_ms = sql_row_int_or(row, 0, -1);
}

static void on_next(void *arg, const struct sql_outcome *outcome)
{
	struct next_job job = *(struct next_job *)arg;

	free(arg);
	job.done(job.arg, outcome, job.wait_ms);
}

int store_outbox_next(struct sql_link *link, store_outbox_next_fn done, void *arg, struct err *err)
{
	struct next_job *job = mem_zero(1, sizeof(*job));
	struct sql_call call = {
		.text = sql_text_outbox_next, .row = on_next_row, .done = on_next, .arg = job
	};

	*job = (struct next_job){ done, arg, -1 };
	if (!sql_submit(link, &call, err)) {
		free(job);
		return -1;
	}
	return 0;
}

/* The statements of a gathering, one after the other. Digests before merging: they take all of a case, so nothing is left
 * to merge of those. */
enum gather_step { GATHER_HUSH, GATHER_DIGEST, GATHER_MERGE, GATHER_END };

struct gather {
	struct sql_link *link;
	char *channel;
	int64_t digest_bytes;
	enum gather_step step;
	bool more; /* a share was gathered and another may wait */
	sql_done_fn done;
	void *arg;
};

static void end_gather(struct gather *gather, const struct sql_outcome *outcome)
{
	struct gather last = *gather;

	free(gather->channel);
	free(gather);
	last.done(last.arg, outcome);
}

static void on_gather_step(void *arg, const struct sql_outcome *outcome);

static void on_gather_row(void *arg, const struct sql_row *row)
{
	struct gather *gather = arg;

	gather->more = gather->step == GATHER_DIGEST && sql_row_bool(row, 0);
}

static bool submit_gather_step(struct gather *gather, struct err *err)
{
	static const char *const texts[] = { sql_text_outbox_hush, sql_text_outbox_gather,
		sql_text_outbox_merge };
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .text = texts[gather->step],
		.params = &params,
		.row = on_gather_row,
		.done = on_gather_step,
		.arg = gather };

	sql_param_text(&params, gather->channel);
	if (gather->step == GATHER_DIGEST) {
		sql_param_int(&params, STORE_OUTBOX_DIGEST_MAX);
		if (gather->digest_bytes > 0)
			sql_param_int(&params, gather->digest_bytes);
		else
			sql_param_null(&params);
		sql_param_int(&params, STORE_OUTBOX_GATHER_MAX);
	} else if (gather->step == GATHER_MERGE) {
		sql_param_int(&params, STORE_OUTBOX_PRECEDED_MAX);
	}
	return sql_submit(gather->link, &call, err);
}

static void on_gather_step(void *arg, const struct sql_outcome *outcome)
{
	struct gather *gather = arg;
	struct sql_outcome refused = *outcome;

	if (!gather->more)
		gather->step++;
	gather->more = false;
	if (outcome->err.code == ERR_NONE && gather->step < GATHER_END) {
		if (submit_gather_step(gather, &refused.err))
			return;
	}
	end_gather(gather, &refused);
}

int store_outbox_gather(struct sql_link *link, const char *channel, int64_t digest_bytes,
	sql_done_fn done, void *arg, struct err *err)
{
	struct gather *gather = mem_zero(1, sizeof(*gather));

	*gather = (struct gather){ link, mem_text(channel), digest_bytes, GATHER_HUSH, false, done,
		arg };
	if (!submit_gather_step(gather, err)) {
		free(gather->channel);
		free(gather);
		return -1;
	}
	return 0;
}
