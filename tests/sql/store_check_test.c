#include "sql/store_check.h"

#include <criterion/criterion.h>
#include <string.h>

#include "lib/district_rig.h"
#include "sql/job.h"

enum { PATIENCE_MS = 20000, MANY = 3000 };

static day_t as_of;

struct run {
	bool done;
	struct err err;
	struct sql_tx *tx;
	struct check_store *store;
	struct check_opened opened;
	int64_t written, removed;
	int filled;
	const char *status; /* of every row that is filled */
	char prints[64];
	int missing_year;             /* of every row */
	fen_t paid;                   /* of every row */
	const char *kind;             /* of every row; NULL = delivery */
	const char *const *contracts; /* of each row; NULL = C-1 */
};

static void on_done(void *arg, const struct sql_outcome *outcome)
{
	struct run *run = arg;

	run->done = true;
	run->err = outcome->err;
}

static void on_begun(void *arg, struct sql_tx *tx, const struct sql_outcome *outcome)
{
	struct run *run = arg;

	run->tx = tx;
	on_done(arg, outcome);
}

static void on_opened(void *arg, const struct err *err, const struct check_opened *opened)
{
	struct run *run = arg;

	run->done = true;
	if (err)
		run->err = *err;
	else
		run->opened = *opened;
}

static void on_counted(void *arg, const struct err *err, int64_t written, int64_t removed)
{
	struct run *run = arg;

	run->done = true;
	run->written = written;
	run->removed = removed;
	if (err)
		run->err = *err;
}

static void fill(void *arg, size_t index, struct state_row *ret_row)
{
	static const char *const flags[] = { "term-capped", "transition" };
	struct run *run = arg;

	run->filled++;
	*ret_row = (struct state_row){
		.contract_no = run->contracts ? run->contracts[index] : "C-1",
		.unit_code = "001",
		.supplier_uscc = "S",
		.department = "000",
		.kind = run->kind ? run->kind : "delivery",
		.debtor_kind = "organ",
		.coverage = "covered",
		.status = run->status ? run->status : "overdue",
		.start_on = DAY_NONE,
		.due_nominal_on = as_of - 10,
		.due_on = as_of - 10,
		.due_source = "agreed",
		.amount = 3650000,
		.paid = run->paid,
		.outstanding = 3650000,
		.undisputed = 3650000,
		.overdue = 3650000,
		.overdue_since = as_of - 10,
		.rate_basis = "agreed",
		.interest = 4000,
		.rate_ppm = 40000,
		.day_base = 365,
		.day_product = (wide_t)3650000 * 10,
		.accruing = 3650000,
		.capped = index % 2 == 1,
		.cap_left = 4100,
		.flags = flags,
		.flag_count = 2,
		.evidence = "{\"note\":\"back\\\\slash and \\t\"}",
		.missing_year = run->missing_year,
		.currency = "CNY",
	};
}

static void wait_for(struct run *run)
{
	pg_loop_until(district.base, &run->done, PATIENCE_MS);
	run->done = false;
	cr_assert_eq(run->err.code, ERR_NONE, "%s", run->err.text);
}

static void set_up(void)
{
	district_rig_empty();
	cr_assert(day_parse("2026-10-20", 10, &as_of));
}

static struct run open_run(int64_t known_batch)
{
	struct run run = { 0 };
	struct err err = ERR_INIT;

	cr_assert_eq(
		sql_tx_begin(district.link, SQL_TX_WRITE, PATIENCE_MS, on_begun, &run, &err), 0);
	wait_for(&run);
	run.store = check_store_new(district.base, run.tx);
	check_store_open(run.store,
		&(struct check_run_row){ .as_of = as_of,
			.known_batch = known_batch,
			.jurisdiction = "beijing-xicheng",
			.program = "1.0" },
		on_opened, &run);
	wait_for(&run);
	return run;
}

static void end_run(struct run *run, bool commit)
{
	if (commit)
		sql_tx_commit(run->tx, on_done, run);
	else
		sql_tx_rollback(run->tx, on_done, run);
	wait_for(run);
	check_store_free(run->store);
}

/* Two pieces: the second one holds the last state and what is gone. */
static void put_states(struct run *run, const struct state_key *keys, size_t count,
	const char *const *gone, size_t gone_count)
{
	static uint32_t places[MANY];

	for (uint32_t i = 0; i < count; i++)
		places[i] = i;
	check_store_states_begin(
		run->store, !run->opened.any_state, as_of, run->opened.run_id, on_counted, run);
	wait_for(run);
	for (size_t piece = 0; piece < 2; piece++) {
		size_t start = piece == 0 || count == 0 ? 0 : count - 1;
		check_store_states_put(run->store,
			&(struct state_changes){ .keys = keys,
				.fill = fill,
				.fill_arg = run,
				.written = places + start,
				.written_count = piece || count == 0 ? count - start : count - 1,
				.gone = gone,
				.gone_count = piece ? gone_count : 0 },
			on_counted, run);
		wait_for(run);
	}
	check_store_states_end(run->store, on_counted, run);
	wait_for(run);
}

/* A run that stores these states and commits. */
static struct run exchange_states(const struct state_key *keys, size_t count,
	const char *const *gone, size_t gone_count, const char *status)
{
	struct run run = open_run(1);

	run.status = status;
	put_states(&run, keys, count, gone, gone_count);
	end_run(&run, true);
	return run;
}

static struct run store_states(const struct state_key *keys, size_t count, const char *status)
{
	return exchange_states(keys, count, NULL, 0, status);
}

#define PRINT_A "00000000000000000000000000000001"
#define PRINT_B "abcdef00000000000000000000000002"

TestSuite(store_check, .init = set_up, .fini = district_rig_tear_down);

Test(store_check, states_are_written_replaced_and_removed)
{
	struct state_key keys[] = { { "B-1", PRINT_A }, { "B-2", PRINT_A }, { "a-1", PRINT_A } };
	static const char *const gone[] = { "a-1" };
	struct run run = store_states(keys, 3, NULL);

	cr_assert_eq(run.written, 3);
	cr_assert_eq(run.filled, 3);
	memcpy(keys[1].print, PRINT_B, sizeof(keys[1].print));
	run = exchange_states(keys + 1, 1, gone, 1, "paid");
	cr_assert_eq(run.written, 1);
	cr_assert_eq(run.removed, 1);
	cr_assert_eq(run.filled, 1);
	cr_assert_str_eq(
		pg_text(district.db, "SELECT string_agg(obligation_no || status, ' ' ORDER BY "
				     "obligation_no COLLATE \"C\")"
				     " FROM obligation_state"),
		"B-1overdue B-2paid");
	cr_assert_eq(
		pg_int(district.db,
			"SELECT count(*) FROM obligation_state WHERE print = '" PRINT_B "'::uuid"),
		1);
}

Test(store_check, a_state_that_left_one_group_for_another_stays)
{
	struct state_key keys[] = { { "A", PRINT_A }, { "B", PRINT_A } };
	static const char *const gone[] = { "A" };

	store_states(keys, 2, NULL);
	exchange_states(keys, 1, gone, 1, "paid");
	cr_assert_str_eq(
		pg_text(district.db, "SELECT string_agg(obligation_no || status, ' ' ORDER BY "
				     "obligation_no) FROM obligation_state"),
		"Apaid Boverdue");
}

static void exchange_waiting(
	const struct state_key *keys, size_t count, const char *const *gone, int missing_year)
{
	struct run run = open_run(1);

	run.missing_year = missing_year;
	put_states(&run, keys, count, gone, gone ? 1 : 0);
	end_run(&run, true);
}

static void expect_waiting(const char *want)
{
	cr_expect_str_eq(
		pg_text(district.db, "SELECT coalesce(string_agg(missing_year || ':' || "
				     "obligations, ' ' ORDER BY missing_year), 'none') FROM "
				     "obligation_missing_year WHERE obligations > 0"),
		want);
}

Test(store_check, obligations_that_wait_for_a_calendar_are_counted_through_every_exchange)
{
	struct state_key keys[] = { { "A", PRINT_A }, { "B", PRINT_A }, { "C", PRINT_A } };
	static const char *const gone[] = { "C" };

	exchange_waiting(keys, 3, NULL, 2027);
	expect_waiting("2027:3");
	exchange_waiting(keys, 1, NULL, 2028);
	expect_waiting("2027:2 2028:1");
	exchange_waiting(keys + 1, 1, gone, 0);
	expect_waiting("2028:1");
	exchange_waiting(keys + 2, 1, gone, 2028); /* gone from one group, written for another */
	expect_waiting("2028:2");
	pg_exec(district.db, "DELETE FROM obligation_state");
	exchange_waiting(keys, 1, NULL, 0);
	expect_waiting("none");
}

static void exchange_paid(const struct state_key *keys, const char *const *contracts, size_t count,
	const char *const *gone, fen_t paid, const char *kind)
{
	struct run run = open_run(1);

	run.paid = paid;
	run.kind = kind;
	run.contracts = contracts;
	put_states(&run, keys, count, gone, gone ? 1 : 0);
	end_run(&run, true);
}

static void expect_paid(const char *want)
{
	cr_expect_str_eq(
		pg_text(district.db, "SELECT coalesce(string_agg(contract_no || ':' || paid_fen, "
				     "' ' ORDER BY contract_no), 'none') FROM v_contract_paid "
				     "WHERE paid_fen <> 0"),
		want);
}

Test(store_check, what_was_paid_under_a_contract_is_summed_through_every_exchange)
{
	struct state_key keys[] = { { "A", PRINT_A }, { "B", PRINT_A }, { "C", PRINT_A } };
	static const char *const contracts[] = { "C-1", "C-1", "C-2" };
	static const char *const gone[] = { "C" };

	exchange_paid(keys, contracts, 3, NULL, 100, NULL);
	expect_paid("C-1:200 C-2:100");
	exchange_paid(keys, contracts, 1, NULL, 40, NULL);
	expect_paid("C-1:140 C-2:100");
	exchange_paid(keys + 1, contracts + 1, 1, gone, INT64_MAX, NULL);
	expect_paid("C-1:9223372036854775807");
	exchange_paid(keys + 1, contracts + 1, 1, NULL, 70, "deposit");
	expect_paid("C-1:40");
	pg_exec(district.db, "DELETE FROM obligation_state");
	exchange_paid(keys, contracts, 3, NULL, 7, NULL);
	expect_paid("C-1:14 C-2:7");
	pg_exec(district.db, "DELETE FROM obligation_state");
	exchange_paid(keys, contracts, 1, NULL, 0, NULL);
	expect_paid("none");
}

Test(store_check, many_states_arrive_complete)
{
	static char numbers[MANY][16];
	static struct state_key keys[MANY];
	struct run run;

	for (int i = 0; i < MANY; i++) {
		snprintf(numbers[i], sizeof(numbers[i]), "OB-%06d", i);
		keys[i].obligation_no = numbers[i];
		memcpy(keys[i].print, PRINT_A, sizeof(keys[i].print));
	}
	run = store_states(keys, MANY, NULL);
	cr_assert_eq(run.written, MANY);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM obligation_state"), MANY);
	for (int i = 0; i < MANY; i++)
		keys[i].print[0] = 'f';
	run = store_states(keys, MANY, "paid");
	cr_assert_eq(run.written, MANY);
	cr_assert_eq(
		pg_int(district.db, "SELECT count(*) FROM obligation_state WHERE status = 'paid'"),
		MANY);
}

Test(store_check, interest_that_is_no_amount_any_more_is_the_largest_one)
{
	struct state_key keys[] = { { "OB-1", PRINT_A } };

	store_states(keys, 1, NULL);
	pg_exec(district.db,
		"UPDATE obligation_state SET day_product = 1e35, accruing_fen = 9e18, "
		"beside_product = 1e35, beside_accruing_fen = 9e18, alt_rate_ppm = 182500, "
		"alt_day_base = 365, cap_left_fen = NULL");
	cr_assert_str_eq(
		pg_text(district.db, "SELECT concat_ws(' ', interest_fen, interest_alt_fen, "
				     "interest_beside_fen) FROM obligation_state_on('2026-10-21')"),
		"9223372036854775807 9223372036854775807 9223372036854775807");
}

Test(store_check, a_stored_row_gives_days_and_interest_of_a_later_day)
{
	struct state_key keys[] = { { "OB-1", PRINT_A }, { "OB-2", PRINT_A } };

	store_states(keys, 2, NULL);
	cr_assert_str_eq(pg_text(district.db, "SELECT overdue_days || ' ' || interest_fen FROM "
					      "obligation_state_on('2026-10-20')"
					      " WHERE obligation_no = 'OB-1'"),
		"10 4000");
	cr_assert_str_eq(pg_text(district.db, "SELECT overdue_days || ' ' || interest_fen FROM "
					      "obligation_state_on('2026-10-21')"
					      " WHERE obligation_no = 'OB-1'"),
		"11 4400");
	cr_assert_str_eq(pg_text(district.db, "SELECT overdue_days || ' ' || interest_fen FROM "
					      "obligation_state_on('2026-10-21')"
					      " WHERE obligation_no = 'OB-2'"),
		"11 4100", "the cap holds");
	cr_assert_str_eq(
		pg_text(district.db, "SELECT evidence->>'note' FROM v_obligation_state WHERE "
				     "obligation_no = 'OB-1'"),
		"back\\slash and \t");
	cr_assert_eq(
		pg_int(district.db,
			"SELECT count(*) FROM v_obligation_state WHERE flags @> '{transition}'"),
		2);
}

Test(store_check, a_run_knows_whether_it_differs_and_whether_it_was_overtaken)
{
	struct run run = open_run(5);

	cr_assert(run.opened.differs);
	cr_assert(!run.opened.overtaken);
	cr_assert_eq(strlen(run.opened.started_at), strlen("2026-10-20T01:00:00Z"));
	end_run(&run, true);
	run = open_run(5);
	cr_assert(!run.opened.differs);
	cr_assert(!run.opened.overtaken);
	end_run(&run, false);
	run = open_run(4);
	cr_assert(run.opened.overtaken);
	end_run(&run, false);
	run = open_run(6);
	cr_assert(run.opened.differs);
	end_run(&run, false);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 1);
}

static struct run store_figures(const char *figures, const char *scopes)
{
	struct run run = open_run(1);

	check_store_figures(run.store,
		&(struct figure_set){ .run_id = run.opened.run_id,
			.as_of = as_of,
			.fiscal_year = 2026,
			.figures = figures,
			.scopes = scopes },
		on_counted, &run);
	wait_for(&run);
	end_run(&run, true);
	return run;
}

#define FIGURE(scope, sme)                                                                         \
	"{\"scope\":\"" scope "\",\"name\":\"n\",\"rule_id\":\"Q-2\",\"currency\":\"CNY\","        \
	"\"strict_base_fen\":9007199254740993,\"adjusted_base_fen\":1,\"sme_fen\":" sme            \
	",\"small_micro_fen\":0,\"sme_status\":\"met\",\"small_micro_status\":\"met\","            \
	"\"sme_gap_fen\":0,\"body\":{\"plan\":" sme "},\"print\":\"" scope " " sme "\"}"

static void on_print(void *arg, const char *scope, const char *print)
{
	struct run *run = arg;
	size_t used = strlen(run->prints);

	snprintf(run->prints + used, sizeof(run->prints) - used, "%s=%s;", scope, print);
}

static void expect_prints(const char *want)
{
	struct run run = open_run(1);

	check_store_figure_prints(run.store, 2026, on_print, on_counted, &run);
	wait_for(&run);
	cr_expect_str_eq(run.prints, want);
	end_run(&run, false);
}

Test(store_check, figures_are_written_known_by_their_prints_and_removed_with_their_scope)
{
	struct run run = store_figures(
		"[" FIGURE("district", "1") "," FIGURE("001", "1") "]", "{district,001}");

	cr_assert_eq(run.written, 2);
	cr_assert_eq(pg_int(district.db, "SELECT strict_base_fen FROM quota_figure LIMIT 1"),
		9007199254740993);
	expect_prints("001=001 1;district=district 1;");
	run = store_figures("[]", "{district,001}");
	cr_assert_eq(run.written, 0);
	cr_assert_eq(run.removed, 0, "what does not differ stays");
	run = store_figures("[" FIGURE("district", "2") "]", "{district}");
	cr_assert_eq(run.written, 1);
	cr_assert_eq(run.removed, 1);
	pg_exec(district.db, "UPDATE quota_figure SET fiscal_year = 2025");
	run = store_figures("[]", "{}");
	cr_assert_eq(run.removed, 0, "another year's figures stay");
}

Test(store_check, the_end_of_a_run_counts_and_moves_the_state_version)
{
	struct run run = open_run(1);
	int64_t before = pg_int(district.db, "SELECT version FROM state_version");

	check_store_close(run.store, run.opened.run_id, &(struct check_counts){ 7, 6, 5, 4, 3, 2 },
		on_counted, &run);
	wait_for(&run);
	cr_assert_eq(run.written, before + 1);
	end_run(&run, true);
	cr_assert_eq(pg_int(district.db, "SELECT version FROM state_version"), before + 1);
	cr_assert_str_eq(pg_text(district.db, "SELECT concat_ws(' ', obligations, states_written, "
					      "findings_opened, findings_updated,"
					      " findings_closed, messages_queued) FROM check_run"),
		"7 6 5 4 3 2");
}

Test(store_check, a_second_writer_waits_for_the_first)
{
	struct run run = open_run(1);

	cr_assert_eq(
		pg_int(district.db, "SELECT pg_try_advisory_xact_lock(831172026)::integer"), 0);
	end_run(&run, false);
	cr_assert_eq(
		pg_int(district.db, "SELECT pg_try_advisory_xact_lock(831172026)::integer"), 1);
}

Test(store_check, an_abandoned_run_leaves_nothing_and_no_callback)
{
	static struct state_key keys[] = { { "A", PRINT_A } };
	static const uint32_t places[] = { 0 };
	struct run run = open_run(1);

	check_store_states_begin(run.store, true, as_of, run.opened.run_id, on_counted, &run);
	wait_for(&run);
	check_store_states_put(run.store,
		&(struct state_changes){ .keys = keys,
			.fill = fill,
			.fill_arg = &run,
			.written = places,
			.written_count = 1 },
		on_counted, &run);
	sql_tx_abandon(run.tx);
	check_store_free(run.store);
	pg_loop_for(district.base, 50);
	cr_assert(!run.done);
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM check_run"), 0);
	run = store_states(keys, 1, NULL); /* the link is usable again */
	cr_assert_eq(run.written, 1);
}
