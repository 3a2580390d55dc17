/* Event records start the clock of a debt whose row does not state the day itself (P-3, P-5, G-01). */
#include "checks/clock_days.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <jansson.h>
#include <string.h>

#include "checks/evidence.h"
#include "lib/days.h"
#include "lib/district.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/ledger_change.h"
#include "lib/small_facts.h"

/* The reading ---------------------------------------------------------------------------------- */

static struct law_csv *csv;
static struct facts *facts;

static struct contract_fact *contract_of(enum clock_basis basis)
{
	struct contract_fact *contract = small_contract(facts, "C");

	contract->clock_basis = basis;
	contract->agreed_term = 30;
	return contract;
}

static struct obligation_fact *debt_of(const char *number)
{
	struct obligation_fact *debt = small_debt(facts, number, "C", 1000000, DAY_NONE);

	debt->kind = KIND_DELIVERY;
	return debt;
}

static struct event_fact *event_of(
	int64_t instalment, enum event_kind kind, enum event_result result, const char *on)
{
	struct event_fact *event = facts_add_event(facts);

	event->contract_no = "C";
	event->instalment = instalment;
	event->kind = kind;
	event->result = result;
	event->happened_on = day(on);
	return event;
}

static struct obligation_state judged(const char *number, const char *as_of)
{
	struct small_states states;
	struct obligation_state state;

	small_judge(&csv->law, facts, day(as_of), day(as_of), &states);
	state = *small_state(facts, &states, number);
	small_states_free(&states);
	return state;
}

static void expect_start(const char *number, const char *as_of, const char *start)
{
	struct obligation_state state = judged(number, as_of);

	cr_expect_eq(state.due.start, *start ? day(start) : DAY_NONE, "%s on %s", number, as_of);
}

static void set_up(void)
{
	csv = law_csv_read();
	facts = small_facts(DEBTOR_ORGAN);
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(clock_days, .init = set_up, .fini = tear_down);

Test(clock_days, the_only_debt_of_a_contract_takes_its_day_from_the_event)
{
	struct obligation_state state;

	contract_of(CLOCK_DELIVERY);
	debt_of("O");
	small_debt(facts, "R", "C", 5000, day("2027-01-15")); /* a retention waits for no event */
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	expect_start("O", "2026-03-02", "2026-03-02");
	state = judged("O", "2026-05-01");
	cr_expect_eq(state.status, STATUS_OVERDUE);
	cr_expect_eq(state.due.rolled, day("2026-04-01"));
	cr_expect_eq(state.overdue_since, day("2026-04-01"));
	cr_expect_eq(state.flags & (FLAG_EVENT_DIFFERS | FLAG_EVENT_UNUSED), 0);
}

Test(clock_days, an_event_after_the_day_is_not_known_and_is_waited_for)
{
	struct obligation_state state;

	contract_of(CLOCK_SETTLEMENT);
	debt_of("O");
	event_of(1, EVENT_SETTLEMENT, EVENT_UNSTATED, "2026-03-02");
	state = judged("O", "2026-03-01");
	cr_expect_eq(state.status, STATUS_CLOCK_NOT_STARTED);
	cr_expect_eq(state.next_change_on, day("2026-03-02"));
	cr_expect_eq(state.flags & FLAG_EVENT_UNUSED, 0);
}

Test(clock_days, an_instalment_hears_only_its_own_events)
{
	contract_of(CLOCK_DELIVERY);
	debt_of("C#1");
	debt_of("C#2");
	event_of(2, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-10");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	expect_start("C#1", "2026-06-30", "2026-03-02");
	expect_start("C#2", "2026-06-30", "2026-03-10");
	expect_start("C#2", "2026-03-09", "");
	cr_expect_eq(
		judged("C#2", "2026-03-09").flags & FLAG_EVENT_UNUSED, 0, "it is not meant for it");
}

Test(clock_days, what_cannot_be_told_apart_starts_no_clock_and_is_said)
{
	contract_of(CLOCK_DELIVERY);
	debt_of("O1");
	debt_of("O2");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	for (int i = 0; i < 2; i++) {
		struct obligation_state state = judged(i ? "O2" : "O1", "2026-06-30");

		cr_expect_eq(state.status, STATUS_CLOCK_NOT_STARTED);
		cr_expect(state.flags & FLAG_EVENT_UNUSED);
	}
	facts->obligations.items[0].delivered_on = day("2026-03-02");
	cr_expect_eq(judged("O1", "2026-06-30").flags & FLAG_EVENT_UNUSED, 0);
}

Test(clock_days, an_event_of_another_instalment_is_not_taken_for_the_only_debt)
{
	contract_of(CLOCK_DELIVERY);
	debt_of("O");
	event_of(2, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	cr_expect(judged("O", "2026-06-30").flags & FLAG_EVENT_UNUSED);
	expect_start("O", "2026-06-30", "");
}

Test(clock_days, the_day_of_the_row_wins_and_the_contradiction_is_a_finding)
{
	contract_of(CLOCK_DELIVERY);
	debt_of("O")->delivered_on = day("2026-03-05");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	expect_start("O", "2026-06-30", "2026-03-05");
	cr_expect(judged("O", "2026-06-30").flags & FLAG_EVENT_DIFFERS);
	cr_expect_eq(judged("O", "2026-03-01").flags & FLAG_EVENT_DIFFERS, 0, "not known yet");
	facts->events.items[0].happened_on = day("2026-03-05");
	cr_expect_eq(judged("O", "2026-06-30").flags & FLAG_EVENT_DIFFERS, 0);
}

Test(clock_days, of_several_deliveries_the_last_one_counts)
{
	contract_of(CLOCK_DELIVERY);
	debt_of("O");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-20");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	expect_start("O", "2026-03-19", "2026-03-02");
	expect_start("O", "2026-06-30", "2026-03-20");
}

Test(clock_days, parts_count_from_the_day_on_which_they_make_up_the_whole)
{
	contract_of(CLOCK_DELIVERY);
	debt_of("O");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02")->part_ppm = 400000;
	event_of(1, EVENT_DELIVERY, EVENT_PARTIAL, "2026-03-20")->amount_fen = 600000;
	expect_start("O", "2026-03-19", "");
	cr_expect(judged("O", "2026-03-19").flags & FLAG_EVENT_UNUSED);
	expect_start("O", "2026-06-30", "2026-03-20");
	facts->events.items[1].amount_fen = 599999;
	expect_start("O", "2026-06-30", "");
}

Test(clock_days, only_an_acceptance_that_passed_starts_a_clock)
{
	contract_of(CLOCK_ACCEPTANCE);
	debt_of("O");
	event_of(1, EVENT_ACCEPTANCE, EVENT_FAILED, "2026-03-10");
	event_of(1, EVENT_ACCEPTANCE, EVENT_UNSTATED, "2026-03-20");
	expect_start("O", "2026-06-30", "");
	cr_expect(judged("O", "2026-06-30").flags & FLAG_EVENT_UNUSED, "its result is not stated");
	cr_expect_eq(judged("O", "2026-03-15").flags & FLAG_EVENT_UNUSED, 0, "it failed");
	event_of(1, EVENT_ACCEPTANCE, EVENT_PASSED, "2026-04-01");
	expect_start("O", "2026-06-30", "2026-04-01");
}

Test(clock_days, a_debtor_who_inspected_in_time_is_not_late_with_the_inspection)
{
	contract_of(CLOCK_ACCEPTANCE)->inspection_days = 10;
	debt_of("O");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	expect_start("O", "2026-03-11", "2026-03-12"); /* lies ahead */
	event_of(1, EVENT_ACCEPTANCE, EVENT_FAILED, "2026-03-12");
	expect_start("O", "2026-06-30", "");
	expect_start("O", "2026-03-11", "2026-03-12");
	/* Delivered again: the period runs anew. */
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-04-01");
	expect_start("O", "2026-06-30", "2026-04-11");
	event_of(1, EVENT_ACCEPTANCE, EVENT_PASSED, "2026-04-07");
	expect_start("O", "2026-06-30", "2026-04-07");
}

Test(clock_days, an_inspection_after_the_agreed_period_comes_too_late_to_fail)
{
	contract_of(CLOCK_ACCEPTANCE)->inspection_days = 10;
	debt_of("O")->delivered_on = day("2026-03-02");
	event_of(1, EVENT_ACCEPTANCE, EVENT_FAILED, "2026-03-13");
	expect_start("O", "2026-06-30", "2026-03-12");
	facts->events.items[0].happened_on = day("2026-03-12");
	expect_start("O", "2026-06-30", "");
}

Test(clock_days, an_acceptance_of_the_row_is_not_undone_by_a_failed_one)
{
	contract_of(CLOCK_ACCEPTANCE);
	debt_of("O")->accepted_on = day("2026-03-09");
	event_of(1, EVENT_ACCEPTANCE, EVENT_FAILED, "2026-03-20");
	expect_start("O", "2026-06-30", "2026-03-09");
}

Test(clock_days, works_are_delivered_by_handing_over_else_by_the_final_account)
{
	struct contract_fact *contract = contract_of(CLOCK_DELIVERY);

	debt_of("O");
	event_of(1, EVENT_INSPECTION_REQUEST, EVENT_UNSTATED, "2026-03-01");
	event_of(1, EVENT_FINAL_ACCOUNT, EVENT_UNSTATED, "2026-03-02");
	expect_start("O", "2026-06-30", "");
	contract->agreed_term = NUMBER_NONE;
	expect_start("O", "2026-06-30", "2026-03-02");
	event_of(1, EVENT_HANDOVER, EVENT_UNSTATED, "2026-03-20");
	expect_start("O", "2026-06-30", "2026-03-20");
	facts->obligations.items[0].delivered_on = day("2026-03-15");
	expect_start("O", "2026-06-30", "2026-03-15");
	cr_expect_eq(judged("O", "2026-06-30").flags & FLAG_EVENT_DIFFERS, 0,
		"a handover is no other day of delivery");
	contract->clock_basis = CLOCK_SETTLEMENT;
	expect_start("O", "2026-06-30", "");
}

Test(clock_days, a_delivery_that_events_tell_of_stalls_without_an_acceptance)
{
	struct obligation_state state;

	contract_of(CLOCK_ACCEPTANCE);
	debt_of("O");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	state = judged("O", "2026-04-01");
	cr_expect_eq(state.flags & FLAG_ACCEPTANCE_STALLED, 0);
	cr_expect_eq(state.next_change_on, day("2026-04-02"));
	cr_expect(judged("O", "2026-04-02").flags & FLAG_ACCEPTANCE_STALLED);
	event_of(1, EVENT_ACCEPTANCE, EVENT_FAILED, "2026-03-10");
	cr_expect_eq(judged("O", "2026-04-02").flags & FLAG_ACCEPTANCE_STALLED, 0,
		"the debtor did inspect");
}

/* What a person is shown ----------------------------------------------------------------------- */

static json_t *explained(const char *number, const char *as_of)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct err err = ERR_INIT;
	struct json_out out;
	struct buf buf;
	json_t *document;

	buf_init(&buf, 1 << 16);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(evidence_explain_obligation(&(struct arrears_question){ .law = &csv->law,
							 .index = index,
							 .units = units,
							 .as_of = day(as_of),
							 .reversals_known_on = day(as_of) },
			     NULL, number, &out, &err),
		0, "%s", err.text);
	cr_assert_eq(json_finish(&out), 0);
	document = json_loadb(buf.data, buf.used, 0, NULL);
	cr_assert_not_null(document);
	unit_tree_free(units);
	facts_index_free(index);
	buf_free(&buf);
	return document;
}

static const char *text_at(json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static json_t *start_step(json_t *document)
{
	json_t *step;
	size_t i;

	json_array_foreach(json_object_get(json_object_get(document, "evidence"), "steps"), i, step)
	{
		if (strcmp(text_at(step, "what"), "start") == 0)
			return step;
	}
	return NULL;
}

static json_t *happening(json_t *document, const char *event)
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(document, "timeline"), i, item)
	{
		if (strcmp(text_at(item, "event"), event) == 0)
			return item;
	}
	return NULL;
}

Test(clock_days, the_evidence_names_the_event_and_the_timeline_shows_them_all)
{
	json_t *document, *step, *from;

	contract_of(CLOCK_ACCEPTANCE);
	debt_of("O")->delivered_on = day("2026-03-02");
	event_of(1, EVENT_DELIVERY, EVENT_UNSTATED, "2026-03-02");
	event_of(1, EVENT_ACCEPTANCE, EVENT_FAILED, "2026-03-10");
	event_of(1, EVENT_ACCEPTANCE, EVENT_PASSED, "2026-03-20")->document = "YS-7";
	event_of(2, EVENT_ACCEPTANCE, EVENT_PARTIAL, "2026-03-21");
	document = explained("O", "2026-06-30");
	step = start_step(document);
	cr_expect_str_eq(text_at(step, "event"), "acceptance");
	cr_expect_str_eq(text_at(step, "accepted_on"), "2026-03-20");
	cr_expect_str_eq(text_at(step, "result"), "2026-03-20");
	from = json_object_get(step, "from_events");
	cr_assert_eq(json_array_size(from), 1, "the delivery is of the row");
	cr_expect_str_eq(text_at(json_array_get(from, 0), "document"), "YS-7");
	cr_expect_str_eq(text_at(happening(document, "acceptance-failed"), "day"), "2026-03-10");
	cr_expect_str_eq(text_at(happening(document, "accepted"), "ref"), "YS-7");
	cr_expect_null(happening(document, "acceptance-partial"), "of another instalment");
	json_decref(document);
}

Test(clock_days, a_repayment_plan_is_told_and_moves_no_due_day)
{
	struct obligation_state before, after;
	struct plan_fact *plan;
	json_t *document, *promised;

	contract_of(CLOCK_DELIVERY);
	debt_of("O")->delivered_on = day("2026-03-02");
	before = judged("O", "2026-06-30");
	plan = facts_add_plan(facts);
	plan->plan_id = "HK-1";
	plan->obligation_no = "O";
	plan->agreed_on = day("2026-05-01");
	plan->due_on = day("2026-09-30");
	plan->amount_fen = 1000000;
	after = judged("O", "2026-06-30");
	cr_expect_eq(after.overdue, before.overdue);
	cr_expect_eq(after.due.rolled, before.due.rolled);
	cr_expect_eq(after.interest, before.interest);
	document = explained("O", "2026-06-30");
	cr_expect_str_eq(text_at(happening(document, "plan-agreed"), "day"), "2026-05-01");
	promised = happening(document, "promised");
	cr_expect_str_eq(text_at(promised, "day"), "2026-09-30");
	cr_expect_str_eq(text_at(promised, "ref"), "HK-1");
	cr_expect(json_is_true(json_object_get(promised, "ahead")));
	json_decref(document);
	document = explained("O", "2026-04-30");
	cr_expect_null(happening(document, "promised"), "not agreed yet");
	json_decref(document);
}

/* Over a ledger -------------------------------------------------------------------------------- */

#define DEBT "G19-001-01"
static const char bring[] =
	"INSERT INTO event SELECT md5('e')::uuid, md5('$D')::uuid, (SELECT max(batch_id) FROM "
	"batch), "
	"1, NULL, contract_no, 1, 'delivery', 1, '$D', '', NULL, NULL, 'SH-1' FROM obligation "
	"WHERE obligation_no = '" DEBT "'";
static const char end[] = "WITH ended AS (DELETE FROM event RETURNING *) INSERT INTO event_history "
			  "SELECT ended.*, (SELECT max(batch_id) FROM batch) FROM ended";

static void batch(const char *statement, const char *on)
{
	char *text = ledger_filled(statement, on, 0);

	district_batch(district.db);
	pg_exec(district.db, text);
	free(text);
}

static const char *status_on(const char *as_of)
{
	static char status[64];

	evaluate_changes(district.base, district.link, as_of);
	snprintf(status, sizeof(status), "%s %s",
		pg_text(district.db,
			"SELECT status FROM obligation_state WHERE obligation_no = '" DEBT "'"),
		pg_text(district.db,
			"SELECT coalesce(start_on::text, '-') FROM obligation_state WHERE "
			"obligation_no = '" DEBT "'"));
	return status;
}

static void set_up_ledger(void)
{
	district_rig_corner();
	pg_exec(district.db,
		"UPDATE contract SET clock_basis = 'delivery', agreed_term = 30, term_unit = 'day' "
		"WHERE contract_no = (SELECT contract_no FROM obligation WHERE obligation_no = "
		"'" DEBT "'); UPDATE obligation SET delivered_on = NULL, accepted_on = NULL, "
		"contract_due_on = NULL WHERE obligation_no = '" DEBT "'");
	district_batch(district.db);
	evaluate(district.base, district.link, "2026-09-01");
}

TestSuite(clock_days_ledger, .init = set_up_ledger, .fini = district_rig_tear_down, .timeout = 120);

Test(clock_days_ledger, an_event_that_comes_is_corrected_and_goes_judges_its_debt_again)
{
	cr_expect_str_eq(status_on("2026-09-01"), "clock-not-started -");
	batch(bring, "2026-08-20");
	cr_expect_str_eq(status_on("2026-09-01"), "not-due 2026-08-20");
	batch(end, "");
	batch(bring, "2026-07-01"); /* corrected */
	cr_expect_str_eq(status_on("2026-09-01"), "overdue 2026-07-01");
	batch(end, "");
	cr_expect_str_eq(status_on("2026-09-01"), "clock-not-started -");
}

Test(clock_days_ledger, an_event_dated_ahead_starts_the_clock_on_its_day)
{
	batch(bring, "2026-09-10");
	cr_expect_str_eq(status_on("2026-09-09"), "clock-not-started -");
	cr_expect_str_eq(status_on("2026-09-10"), "not-due 2026-09-10");
}

Test(clock_days_ledger, a_snapshot_and_the_stored_state_read_the_same_events)
{
	char *json;

	batch(bring, "2026-07-01");
	json = evaluate_snapshot(district.base, district.link, "2026-09-01", NULL, -1);
	cr_assert_not_null(json);
	cr_expect_not_null(strstr(json, "\"start\":\"2026-07-01\""), "%.300s", strstr(json, DEBT));
	free(json);
}
