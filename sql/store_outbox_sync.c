/* Writing the configured channels and routes: one transaction, its statements built before it begins. */
#include "sql/store_outbox.h"

#include "core/mem.h"
#include "sql/array.h"
#include "sql/embed.h"

enum { STEP_PARAMS_MAX = 12, LIST_BYTES_MAX = 256 * 1024, SYNC_DEADLINE_MS = 60000 };

struct step {
	const char *text;
	char *value[STEP_PARAMS_MAX];
	int count;
};

struct sync {
	struct step *steps;
	int count, capacity, next;
	struct sql_tx *tx;
	struct sql_outcome failure;
	sql_done_fn done;
	void *arg;
};

static struct step *add_step(struct sync *sync, const char *text)
{
	MEM_GROW(sync->steps, sync->count, sync->capacity);
	sync->steps[sync->count] = (struct step){ .text = text };
	return &sync->steps[sync->count++];
}

static void step_text(struct step *step, const char *value)
{
	step->value[step->count++] = mem_text(value);
}

static void step_int(struct step *step, int64_t value)
{
	step->value[step->count++] = mem_format("%lld", (long long)value);
}

static int step_list(struct step *step, const char *const *items, int count, struct err *err)
{
	struct sql_array list;

	sql_array_init(&list, LIST_BYTES_MAX);
	for (int i = 0; i < count; i++)
		sql_array_add_text(&list, items[i]);
	if (sql_array_text(&list))
		step->value[step->count++] = mem_text(sql_array_text(&list));
	else
		err_set(err, ERR_LIMIT, "a list of the configuration is larger than %d bytes",
			LIST_BYTES_MAX);
	sql_array_free(&list);
	return err->code == ERR_NONE ? 0 : -1;
}

static void free_sync(struct sync *sync)
{
	for (int i = 0; i < sync->count; i++)
		for (int k = 0; k < sync->steps[i].count; k++)
			free(sync->steps[i].value[k]);
	free(sync->steps);
	free(sync);
}

static void add_channels(
	struct sync *sync, const struct store_outbox_channel *channels, int count, struct err *err)
{
	const char **names = mem_zero((size_t)count + 1, sizeof(*names));
	struct step *step;

	for (int i = 0; i < count; i++) {
		names[i] = channels[i].name;
		step = add_step(sync, sql_text_outbox_channel);
		step_text(step, channels[i].name);
		step_text(step, channels[i].kind);
		step_text(step, channels[i].print);
		step_list(step, channels[i].recipients, channels[i].recipient_count, err);
		step_int(step, channels[i].rate_count);
		step_int(step, channels[i].rate_window_ms);
		step_int(step, channels[i].rate_second);
		step_text(step, channels[i].stands ? "true" : "false");
		step_int(step, channels[i].parts_max > 0 ? channels[i].parts_max : 1);
	}
	step = add_step(sync, sql_text_outbox_channels_gone);
	step_list(step, names, count, err);
	free(names);
}

static void add_routes(
	struct sync *sync, const struct store_outbox_route *routes, int count, struct err *err)
{
	add_step(sync, sql_text_outbox_routes_clear);
	for (int i = 0; i < count; i++) {
		struct step *step = add_step(sync, sql_text_outbox_route);

		step_text(step, routes[i].name);
		step_list(step, routes[i].channels, routes[i].channel_count, err);
		step_list(step, routes[i].rules, routes[i].rule_count, err);
		step_list(step, routes[i].units, routes[i].unit_count, err);
		step_text(step, routes[i].severity);
		step_int(step, routes[i].amount_fen);
		step_list(step, routes[i].recipients, routes[i].recipient_count, err);
		step_text(step, routes[i].digest);
		step_text(step, routes[i].quiet_from);
		step_text(step, routes[i].quiet_to);
		step_text(step, routes[i].working_days ? "true" : "false");
		step_text(step, routes[i].all_quiet ? "true" : "false");
	}
	add_step(sync, sql_text_outbox_registered);
}

static void finish(void *arg, const struct sql_outcome *outcome)
{
	struct sync *sync = arg;
	struct sql_outcome result = sync->failure.err.code != ERR_NONE ? sync->failure : *outcome;
	sql_done_fn done = sync->done;
	void *whose = sync->arg;

	free_sync(sync);
	if (done)
		done(whose, &result);
}

static void run_step(struct sync *sync);

static void on_step(void *arg, const struct sql_outcome *outcome)
{
	struct sync *sync = arg;

	if (outcome->err.code != ERR_NONE) {
		sync->failure = *outcome;
		sql_tx_rollback(sync->tx, finish, sync);
		return;
	}
	run_step(sync);
}

static void run_step(struct sync *sync)
{
	struct sql_params params = SQL_PARAMS_INIT;
	struct sql_call call = { .params = &params, .done = on_step, .arg = sync };
	struct step *step;

	if (sync->next == sync->count) {
		sql_tx_commit(sync->tx, finish, sync);
		return;
	}
	step = &sync->steps[sync->next++];
	call.text = step->text;
	for (int i = 0; i < step->count; i++)
		sql_param_text(&params, step->value[i]);
	sql_tx_call(sync->tx, &call);
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct sync *sync = arg;

	if (outcome->err.code != ERR_NONE) {
		finish(sync, outcome);
		return;
	}
	sync->tx = tx;
	run_step(sync);
}

int store_outbox_sync(struct sql_link *link, const struct store_outbox_channel *channels,
	int channel_count, const struct store_outbox_route *routes, int route_count,
	sql_done_fn done, void *arg, struct err *err)
{
	struct sync *sync = mem_zero(1, sizeof(*sync));
	struct err built = ERR_INIT;

	sync->done = done;
	sync->arg = arg;
	add_channels(sync, channels, channel_count, &built);
	add_routes(sync, routes, route_count, &built);
	if (built.code != ERR_NONE) {
		free_sync(sync);
		return err_set(err, built.code, "%s", built.text);
	}
	if (sql_tx_begin(link, SQL_TX_WRITE, SYNC_DEADLINE_MS, on_begun, sync, err) < 0) {
		free_sync(sync);
		return -1;
	}
	return 0;
}
