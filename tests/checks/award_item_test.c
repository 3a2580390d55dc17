#include "checks/award_item.h"

#include "checks/words.h"
#include "core/mem.h"
#include "lib/golden.h"
#include "lib/small_facts.h"

#include <criterion/criterion.h>
#include <string.h>

static void add_amendments(struct facts *facts, const char *list)
{
	_cleanup_free_ char *copy = mem_text(list);
	char *rest = *copy ? copy : NULL, *piece;

	while ((piece = next_piece(&rest, ';'))) {
		struct amendment_fact *amendment = facts_add_amendment(facts);

		amendment->contract_no = "C";
		amendment->amended_on = text_day(piece, 10);
		amendment->amount_change_fen = text_yuan(piece + 11, strlen(piece + 11));
	}
}

static struct facts *facts_of_case(const struct golden *golden, size_t i)
{
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct contract_fact *contract = small_contract(facts, "C");
	struct supplier_fact *supplier = &facts->suppliers.items[0];

	contract->project_code = "XM01";
	contract->amount_fen = cell_yuan(golden, i, "amount_yuan");
	contract->signed_on = cell_day(golden, i, "signed_on");
	contract->cancelled = strcmp(golden_cell(golden, i, "status"), "cancelled") == 0;
	contract->cancelled_on = cell_day(golden, i, "cancelled_on");
	contract->reserve_form = words_reserve_form(golden_cell(golden, i, "reserve_form"));
	contract->sme_share_ppm = cell_percent(golden, i, "sme_share_percent");
	contract->small_micro_share_ppm = cell_percent(golden, i, "small_micro_share_percent");
	contract->declared_size = words_size_class(golden_cell(golden, i, "declared_size"));
	supplier->size_class = words_size_class(golden_cell(golden, i, "register_size"));
	supplier->deemed = words_deemed(golden_cell(golden, i, "deemed"));
	supplier->large_controlled = words_tri(golden_cell(golden, i, "large_controlled"));
	add_amendments(facts, golden_cell(golden, i, "amendments"));
	return facts;
}

static struct award_part judge(
	const struct law *law, const struct facts *facts, int year, day_t as_of)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct award_part part = award_item_judge(law, index, units, 0, year, as_of);

	unit_tree_free(units);
	facts_index_free(index);
	return part;
}

static void compare(const struct golden *golden, size_t i, struct award_part part)
{
	const char *id = golden_cell(golden, i, "case_id");
	const char *finding = golden_cell(golden, i, "expected_findings");

	cr_expect_eq(part.counted, cell_int(golden, i, "expected_counted") == 1, "%s", id);
	if (!part.counted)
		return;
	cr_expect_eq(part.amount, cell_int(golden, i, "expected_award_fen"), "%s", id);
	cr_expect_eq(part.sme, cell_int(golden, i, "expected_sme_fen"), "%s", id);
	cr_expect_eq(part.small_micro, cell_int(golden, i, "expected_small_micro_fen"), "%s", id);
	for (int bit = 0; bit < AWARD_FINDING_COUNT; bit++)
		cr_expect_eq((part.findings & 1u << bit) != 0,
			strcmp(finding, award_finding_name(bit)) == 0, "%s %s", id,
			award_finding_name(bit));
}

Test(award_item, every_golden_row)
{
	struct law_csv *csv = law_csv_read();
	struct golden *golden = golden_open("award_item.csv");

	cr_assert_gt(golden_rows(golden), 30);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		struct facts *facts = facts_of_case(golden, i);

		compare(golden, i,
			judge(&csv->law, facts, (int)cell_int(golden, i, "fiscal_year"),
				cell_day(golden, i, "as_of")));
		facts_free(facts);
	}
	golden_free(golden);
	law_csv_free(csv);
}

Test(award_item, unknown_size_is_a_band_from_nothing_to_all)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct contract_fact *contract = small_contract(facts, "C");
	struct award_part part;

	contract->project_code = "XM01";
	contract->reserve_form = RESERVE_WHOLE;
	contract->declared_size = SIZE_BLANK;
	facts->suppliers.items[0].size_class = SIZE_BLANK;
	part = judge(&csv->law, facts, 2026, text_day("2026-11-24", 10));
	cr_expect_eq(part.sme, 0);
	cr_expect_eq(part.sme_upper, contract->amount_fen);
	cr_expect_eq(part.small_micro_upper, contract->amount_fen);
	/* "SME, not known which": surely SME, perhaps small. */
	contract->declared_size = SIZE_SME;
	part = judge(&csv->law, facts, 2026, text_day("2026-11-24", 10));
	cr_expect_eq(part.sme, contract->amount_fen);
	cr_expect_eq(part.small_micro, 0);
	cr_expect_eq(part.small_micro_upper, contract->amount_fen);
	facts_free(facts);
	law_csv_free(csv);
}

Test(award_item, a_contract_in_another_currency_is_in_no_yuan_figure)
{
	struct law_csv *csv = law_csv_read();
	struct facts *facts = small_facts(DEBTOR_ORGAN);
	struct contract_fact *contract = small_contract(facts, "C");

	contract->project_code = "XM01";
	cr_expect(judge(&csv->law, facts, 2026, text_day("2026-11-24", 10)).counted);
	contract->currency = "GBP";
	cr_expect_not(judge(&csv->law, facts, 2026, text_day("2026-11-24", 10)).counted);
	facts_free(facts);
	law_csv_free(csv);
}
