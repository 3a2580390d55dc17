#include "checks/load.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/mem.h"
#include "lib/district.h"
#include "lib/district_rig.h"

enum { PATIENCE_MS = 30000 };

struct heard {
	bool done;
	struct err err;
	struct ledger *ledger;
};

static void on_loaded(void *arg, const struct err *err, struct ledger *ledger)
{
	struct heard *heard = arg;

	heard->done = true;
	if (err)
		heard->err = *err;
	heard->ledger = ledger;
}

static struct heard load(const char *known_at, int64_t known_batch, const char *jurisdiction)
{
	struct heard heard = { 0 };
	struct err err = ERR_INIT;
	struct load_request request = {
		.known_at = known_at,
		.known_batch = known_batch,
		.jurisdiction = jurisdiction,
	};

	cr_assert(load_start(district.link, &request, on_loaded, &heard, &err), "%s", err.text);
	pg_loop_until(district.base, &heard.done, PATIENCE_MS);
	return heard;
}

static struct ledger *load_ok(const char *known_at, int64_t known_batch)
{
	struct heard heard = load(known_at, known_batch, "beijing-xicheng");

	cr_assert(heard.ledger, "%s", heard.err.text);
	return heard.ledger;
}

TestSuite(load, .init = district_rig_empty, .fini = district_rig_tear_down);

Test(load, an_empty_ledger_gives_no_facts_but_the_whole_law)
{
	struct ledger *ledger = load_ok(NULL, -1);
	bool working = true;
	day_t day = 0;

	cr_assert_eq(ledger->known_batch, 0);
	cr_assert_str_eq(ledger->known_at, "");
	cr_assert_str_eq(ledger->jurisdiction_name, "北京市西城区");
	cr_assert_eq(ledger->facts->contracts.count, 0);
	cr_assert(day_from_civil(2026, 10, 1, &day));
	cr_assert_eq(day_is_working(ledger->law.calendar, day, &working), DAY_OK);
	cr_assert(!working);
	cr_assert(!day_calendar_has_year(ledger->law.calendar, 2027));
	cr_assert_str_eq(
		ledger_citation(ledger, "Q-3", "sme_floor_ppm"), "西行规发〔2025〕9号第八条");
	cr_assert_str_eq(ledger_citation(ledger, "Q-3", "no such name"), "");
	ledger_free(ledger);
}

Test(load, every_row_of_the_district_becomes_a_fact)
{
	int64_t batch = district_load(district.db, "district", false);
	struct ledger *ledger = load_ok(NULL, -1);
	const struct facts *facts = ledger->facts;

	cr_assert_eq(ledger->known_batch, batch);
	cr_assert_eq(facts->units.count, 25);
	cr_assert_eq(facts->suppliers.count, 170);
	cr_assert_eq(facts->contracts.count, 600);
	cr_assert_eq((int64_t)facts->obligations.count,
		pg_int(district.db, "SELECT count(*) FROM obligation"));
	cr_assert_eq((int64_t)facts->payments.count,
		pg_int(district.db, "SELECT count(*) FROM payment"));
	cr_assert_eq((int64_t)facts->budget_items.count,
		pg_int(district.db, "SELECT count(*) FROM budget_item"));
	for (size_t i = 1; i < facts->obligations.count; i++)
		cr_assert_lt(strcmp(facts->obligations.items[i - 1].obligation_no,
				     facts->obligations.items[i].obligation_no),
			0);
	ledger_free(ledger);
}

Test(load, values_arrive_in_the_right_members)
{
	const struct contract_fact *contract = NULL;
	struct ledger *ledger;

	district_load(district.db, "district", false);
	ledger = load_ok(NULL, -1);
	for (size_t i = 0; i < ledger->facts->contracts.count; i++)
		if (strcmp(ledger->facts->contracts.items[i].contract_no, "YH26-008001-0000001") ==
			0)
			contract = &ledger->facts->contracts.items[i];
	cr_assert(contract);
	cr_assert_str_eq(contract->unit_code, "008001");
	cr_assert_str_eq(contract->supplier_uscc, "91991106MALA8DX11T");
	cr_assert_eq(contract->amount_fen, 55567879);
	cr_assert_eq(contract->reserve_form, RESERVE_CONSORTIUM);
	cr_assert_eq(contract->sme_share_ppm, 500000);
	cr_assert_eq(contract->small_micro_share_ppm, 300000);
	cr_assert_eq(contract->declared_size, SIZE_LARGE);
	cr_assert_eq(contract->reserved_mark, TRI_YES);
	cr_assert_eq(contract->agreed_term, 15);
	cr_assert_eq(contract->term_unit, TERM_DAY);
	cr_assert_eq(contract->clock_basis, CLOCK_ACCEPTANCE);
	cr_assert_eq(contract->inspection_days, 5);
	cr_assert_eq(contract->late_rate_ppm, 65000);
	cr_assert_eq(contract->late_cap_ppm, NUMBER_NONE);
	cr_assert_eq(contract->day_base, NUMBER_NONE);
	cr_assert(!contract->cancelled);
	cr_assert_eq(contract->cancelled_on, DAY_NONE);
	ledger_free(ledger);
}

static void expect_contracts(const char *known_at, int64_t known_batch, int64_t batch, size_t count)
{
	struct ledger *ledger = load_ok(known_at, known_batch);

	cr_assert_eq(ledger->known_batch, batch);
	cr_assert_eq(ledger->facts->contracts.count, count);
	ledger_free(ledger);
}

Test(load, an_earlier_batch_is_read_as_it_was)
{
	int64_t first = district_load(district.db, "district", false), second;
	_cleanup_free_ char *then = NULL;

	pg_exec(district.db, "SELECT pg_sleep(0.01)");
	then = mem_text(pg_text(district.db, "SELECT clock_timestamp()"));
	second = district_batch(district.db);
	pg_exec(district.db,
		"WITH old AS (DELETE FROM contract WHERE contract_no = 'YH26-008001-0000001'"
		" RETURNING *) INSERT INTO contract_history SELECT *, 2 FROM old");
	expect_contracts(NULL, -1, second, 599);
	expect_contracts(NULL, first, first, 600);
	expect_contracts(then, -1, first, 600);
	expect_contracts("2001-01-01", -1, 0, 0);
}

Test(load, other_currencies_stay_out_of_the_facts)
{
	struct ledger *ledger;

	district_load(district.db, "district", false);
	pg_exec(district.db,
		"UPDATE payment SET currency = 'USD' WHERE voucher_no = 'ZF2600000001'");
	ledger = load_ok(NULL, -1);
	for (size_t i = 0; i < ledger->facts->payments.count; i++)
		cr_assert_str_neq(ledger->facts->payments.items[i].voucher_no, "ZF2600000001");
	cr_assert_eq(pg_int(district.db, "SELECT amount_fen FROM v_other_currency"
					 " WHERE kind = 'payment' AND currency = 'USD'"),
		55567879);
	ledger_free(ledger);
}

static void expect_refusal(struct heard heard, enum err_code code, const char *word)
{
	cr_assert_eq(heard.ledger, NULL);
	cr_assert_eq(heard.err.code, code, "%s", heard.err.text);
	cr_assert(strstr(heard.err.text, word), "%s", heard.err.text);
}

Test(load, a_text_that_is_no_time_is_refused)
{
	expect_refusal(load("last tuesday-ish", -1, "beijing-xicheng"), ERR_USAGE, "tuesday-ish");
}

Test(load, an_unknown_jurisdiction_is_refused)
{
	expect_refusal(load(NULL, -1, "atlantis"), ERR_USAGE, "atlantis");
}

Test(load, a_parameter_out_of_range_stops_the_reading)
{
	pg_exec(district.db, "UPDATE rule_parameter SET value = '1000001'"
			     " WHERE rule_id = 'Q-3' AND name = 'sme_floor_ppm'");
	expect_refusal(load(NULL, -1, "beijing-xicheng"), ERR_DATA, "sme_floor_ppm");
}

Test(load, a_jurisdiction_inherits_from_its_parents_only)
{
	struct heard heard = load(NULL, -1, "national");

	cr_assert(heard.ledger, "%s", heard.err.text);
	cr_assert_str_eq(ledger_citation(heard.ledger, "Q-3", "sme_floor_ppm"), "");
	cr_assert_str_neq(ledger_citation(heard.ledger, "Q-1", "sme_floor_ppm"), "");
	ledger_free(heard.ledger);
}

Test(load, a_cancelled_load_calls_nobody_and_leaves_the_link_usable)
{
	struct heard heard = { 0 };
	struct err err = ERR_INIT;
	struct load_request request = { .known_batch = -1, .jurisdiction = "beijing-xicheng" };

	district_load(district.db, "district", false);
	for (int wait_ms = 0; wait_ms <= 6;
		wait_ms += 2) { /* before the answer, and in its middle */
		struct load *load = load_start(district.link, &request, on_loaded, &heard, &err);
		cr_assert(load, "%s", err.text);
		if (wait_ms)
			pg_loop_for(district.base, wait_ms);
		if (!heard.done)
			load_cancel(load);
		ledger_free(heard.ledger);
		heard = (struct heard){ 0 };
	}
	ledger_free(load_ok(NULL, -1));
	cr_assert(!heard.done);
}

Test(load, the_shipped_parameters_are_the_ones_the_program_falls_back_to)
{
	int rows = PARAMETER_EARLIER_COUNT;

	for (int i = 0; i < PARAM_COUNT; i++) {
		const struct parameter_def *def = &parameter_defs[i];

		if (!*def->value)
			continue; /* none unless a place says so */
		rows++;
		_cleanup_free_ char *sql =
			mem_format("SELECT concat_ws('|', value, unit, valid_from, "
				   "coalesce(valid_to::text, ''), citation)"
				   " FROM v_rule_parameter WHERE rule_id = '%s' AND name = '%s'"
				   " AND valid_from = '%s'",
				def->rule_id, def->name, def->valid_from);
		_cleanup_free_ char *want =
			mem_format("%s|%s|%s|%s|%s", def->value, parameter_unit_name(def->unit),
				def->valid_from, def->valid_to, def->citation);
		cr_assert_str_eq(pg_text(district.db, sql), want, "%s %s", def->rule_id, def->name);
	}
	cr_assert_eq(pg_int(district.db, "SELECT count(*) FROM v_rule_parameter"), rows);
}
