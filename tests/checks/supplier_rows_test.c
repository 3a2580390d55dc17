#include "checks/supplier_rows.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"
#include "lib/small_facts.h"

static day_t on(const char *text)
{
	return text_day(text, strlen(text));
}

static void add_size(
	struct facts *facts, enum size_class class, int year, const char *from, int64_t told)
{
	struct supplier_fact *row = facts_add_supplier(facts);

	row->uscc = SMALL_SUPPLIER;
	row->size_class = class;
	row->size_year = year;
	row->one_size = true;
	row->size_from = on(from);
	row->size_told = told;
}

/* The class that a contract of that day takes. */
static enum size_class taken(const struct facts *facts, const char *signed_on)
{
	const struct contract_fact contract = { .supplier_uscc = SMALL_SUPPLIER,
		.signed_on = signed_on ? on(signed_on) : DAY_NONE };
	struct supplier_rows rows;
	uint32_t row;

	supplier_rows_make(facts, &rows);
	row = supplier_rows_of_contract(&rows, &contract);
	supplier_rows_free(&rows);
	return facts->suppliers.items[row].size_class;
}

Test(supplier_rows, a_contract_takes_the_latest_size_of_before_its_signing)
{
	struct facts *facts = small_facts(DEBTOR_ORGAN);

	facts->suppliers.items[0].size_class = SIZE_LARGE;
	add_size(facts, SIZE_LARGE, 2026, "2027-01-01", 3);
	add_size(facts, SIZE_SMALL, 2024, "2025-01-01", 2);
	add_size(facts, SIZE_MEDIUM, 2025, "2026-01-01", 1);
	cr_expect_eq(taken(facts, "2025-12-31"), SIZE_SMALL);
	cr_expect_eq(taken(facts, "2026-01-01"), SIZE_MEDIUM);
	cr_expect_eq(taken(facts, "2026-12-31"), SIZE_MEDIUM);
	cr_expect_eq(taken(facts, "2027-01-01"), SIZE_LARGE);
	cr_expect_eq(taken(facts, "2024-12-31"), SIZE_MEDIUM, "none speaks for it: the first told");
	cr_expect_eq(taken(facts, NULL), SIZE_LARGE, "no signing day: the supplier's own row");
	facts_free(facts);
}

Test(supplier_rows, a_supplier_told_once_has_its_size_whatever_the_day)
{
	struct facts *facts = small_facts(DEBTOR_ORGAN);

	facts->suppliers.items[0].size_class = SIZE_MICRO;
	facts->suppliers.items[0].size_year = 2026;
	cr_expect_eq(taken(facts, "2021-01-01"), SIZE_MICRO);
	cr_expect_not(supplier_size_spoke(facts->suppliers.items, on("2026-12-31")));
	cr_expect(supplier_size_spoke(facts->suppliers.items, on("2027-01-01")));
	facts_free(facts);
}

/* What the ledger keeps --------------------------------------------------------------------------------------------- */

TestSuite(supplier_sizes, .init = district_rig_set_up, .fini = district_rig_tear_down,
	.timeout = 120);

static const char day[] = "2026-10-20";
static char *subject, *uscc; /* an overdue debt of a contract without declared size */

/* A query with the debt or its creditor in it. */
static const char *asked(const char *format, const char *what)
{
	_cleanup_free_ char *query = mem_format(format, what);

	return pg_text(district.db, query);
}

static void choose(void)
{
	evaluate(district.base, district.link, day);
	subject = mem_text(pg_text(district.db,
		"SELECT min(s.obligation_no COLLATE \"C\") FROM v_obligation_state s"
		" JOIN contract c USING (contract_no)"
		" JOIN supplier p ON p.uscc = c.supplier_uscc"
		" WHERE s.status = 'overdue' AND s.coverage = 'covered' AND c.declared_size = ''"
		" AND c.signed_on < '2026-01-01' AND p.size_class IN ('S', 'M', 'X')"));
	cr_assert_str_not_empty(subject);
	uscc = mem_text(asked("SELECT c.supplier_uscc FROM contract c JOIN obligation o USING "
			      "(contract_no) WHERE o.obligation_no = '%s'",
		subject));
}

static void forget(void)
{
	free(subject);
	free(uscc);
}

static const char *standing(void)
{
	return asked("SELECT coverage || ' ' || status FROM v_obligation_state WHERE "
		     "obligation_no = '%s'",
		subject);
}

/* A batch says of the supplier what `set` says, the version before goes to history; then what it touched is judged. */
static const char *told(int batch, const char *set)
{
	_cleanup_free_ char *change = mem_format(
		"INSERT INTO batch (batch_id, source_id, started_at) SELECT %d, min(source_id), "
		"now() FROM source;"
		"INSERT INTO supplier_history SELECT s.*, %d FROM supplier s WHERE uscc = '%s';"
		"UPDATE supplier SET batch_id = %d, %s WHERE uscc = '%s'",
		batch, batch, uscc, batch, set, uscc);

	pg_exec(district.db, change);
	evaluate_changes(district.base, district.link, day);
	return standing();
}

Test(supplier_sizes, later_growth_does_not_take_protection_from_a_contract_signed_before)
{
	choose();
	cr_expect_str_eq(told(9001, "size_class = 'L', size_year = 2026"), "covered overdue");
	cr_expect_str_eq(told(9002, "size_class = 'L', size_year = NULL"), "covered overdue",
		"without a year it speaks from the day it came");
	evaluate(district.base, district.link, day);
	cr_expect_str_eq(standing(), "covered overdue", "judged as a whole too");
	forget();
}

Test(supplier_sizes, a_correction_of_the_same_years_figures_counts)
{
	choose();
	cr_expect_str_eq(told(9001, "size_class = 'L'"), "not-covered not-covered");
	cr_expect_str_eq(told(9002, "size_class = 'S'"), "covered overdue");
	forget();
}
