#include "checks/unit_tree.h"

#include "lib/days.h"

#include <criterion/criterion.h>
#include <string.h>

static void add_unit(struct facts *facts, const char *code, const char *parent,
	enum debtor_kind kind, const char *from, const char *to)
{
	struct unit_fact *unit = facts_add_unit(facts);

	unit->unit_code = code;
	unit->parent_code = parent;
	unit->kind = kind;
	unit->valid_from = day(from);
	unit->valid_to = day(to);
}

static struct facts *sample(void)
{
	struct facts *facts = facts_new();

	add_unit(facts, "1", "", DEBTOR_ORGAN, "2020-01-01", "");
	add_unit(facts, "2", "", DEBTOR_ORGAN, "2020-01-01", "2026-08-31");
	add_unit(facts, "3", "1", DEBTOR_INSTITUTION, "2020-01-01", "2026-06-30");
	add_unit(facts, "3", "2", DEBTOR_SOE, "2026-07-01", "");
	add_unit(facts, "4", "5", DEBTOR_ORGAN, "2020-01-01", "");
	add_unit(facts, "5", "4", DEBTOR_ORGAN, "2020-01-01", "");
	return facts;
}

Test(unit_tree, the_department_is_that_of_the_day)
{
	struct facts *facts = sample();
	struct unit_tree *tree = unit_tree_new(facts);

	cr_expect_str_eq(unit_tree_department(tree, "3", day("2026-06-30")), "1");
	cr_expect_str_eq(unit_tree_department(tree, "3", day("2026-07-01")), "2");
	cr_expect_str_eq(unit_tree_department(tree, "3", day("2026-08-31")), "2");
	unit_tree_free(tree);
	facts_free(facts);
}

Test(unit_tree, a_gap_a_loop_or_an_unknown_code_gives_the_question_mark)
{
	struct facts *facts = sample();
	struct unit_tree *tree = unit_tree_new(facts);

	cr_expect_str_eq(unit_tree_department(tree, "3", day("2026-09-01")), "?");
	cr_expect_str_eq(unit_tree_department(tree, "4", day("2026-01-01")), "?");
	cr_expect_str_eq(unit_tree_department(tree, "9", day("2026-01-01")), "?");
	cr_expect_str_eq(unit_tree_department(tree, "1", DAY_NONE), "?");
	unit_tree_free(tree);
	facts_free(facts);
}

Test(unit_tree, the_kind_is_that_of_the_day_else_of_the_last_row)
{
	struct facts *facts = sample();
	struct unit_tree *tree = unit_tree_new(facts);

	cr_expect_eq(unit_tree_kind(tree, "3", day("2026-06-30")), DEBTOR_INSTITUTION);
	cr_expect_eq(unit_tree_kind(tree, "3", day("2019-01-01")), DEBTOR_SOE);
	cr_expect_eq(unit_tree_kind(tree, "3", DAY_NONE), DEBTOR_SOE);
	cr_expect_eq(unit_tree_kind(tree, "9", day("2026-06-30")), DEBTOR_UNKNOWN);
	unit_tree_free(tree);
	facts_free(facts);
}

Test(unit_tree, the_next_change_is_the_first_day_a_row_begins_or_no_longer_holds)
{
	struct facts *facts = sample();
	struct unit_tree *tree = unit_tree_new(facts);

	cr_expect_eq(unit_tree_next_change(tree, day("2026-01-01")), day("2026-07-01"));
	cr_expect_eq(unit_tree_next_change(tree, day("2026-07-01")), day("2026-09-01"));
	cr_expect_eq(unit_tree_next_change(tree, day("2026-09-01")), DAY_NONE);
	unit_tree_free(tree);
	facts_free(facts);
}
