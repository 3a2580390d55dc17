#include "checks/award_band.h"

#include "lib/facts_csv.h"

#include <criterion/criterion.h>

static struct award_fact *add_award(struct facts *facts, const char *buyer, fen_t amount)
{
	struct award_fact *award = facts_add_award(facts);

	award->buyer_name = buyer;
	award->currency = "GBP";
	award->awarded_on = text_day("2026-05-20", 10);
	award->amount_fen = amount;
	return award;
}

static void add_party(struct facts *facts, enum size_class size)
{
	facts_add_party(facts)->size_class = size;
}

static struct award_band judge_one(struct facts *facts)
{
	struct award_bands bands;
	struct award_band band;

	award_bands_judge(NULL, facts, 0, text_day("2026-11-24", 10), &bands);
	cr_assert_eq(bands.count, 1);
	band = bands.items[0];
	award_bands_free(&bands);
	facts_free(facts);
	return band;
}

Test(award_band, stated_sme_is_certain_and_unknown_is_a_band_not_zero)
{
	struct facts *facts = facts_new();
	struct award_band band;

	add_award(facts, "Council", 1000);
	add_party(facts, SIZE_SME);
	add_award(facts, "Council", 300);
	add_party(facts, SIZE_BLANK);
	add_award(facts, "Council", 70);
	add_party(facts, SIZE_LARGE);
	band = judge_one(facts);
	cr_expect_eq(band.base, 1370);
	cr_expect_eq(band.sme_lower, 1000);
	cr_expect_eq(band.sme_upper, 1300);
	cr_expect_eq(band.small_micro_lower, 0);
	cr_expect_eq(band.small_micro_upper, 1300);
	cr_expect(band.by_name);
}

Test(award_band, the_value_of_an_award_to_several_counts_once)
{
	struct facts *facts = facts_new();
	struct award_band band;

	add_award(facts, "Council", 500);
	add_party(facts, SIZE_SME);
	add_party(facts, SIZE_LARGE);
	add_award(facts, "Council", 200);
	add_party(facts, SIZE_SMALL);
	add_party(facts, SIZE_MICRO);
	band = judge_one(facts);
	cr_expect_eq(band.awards, 2);
	cr_expect_eq(band.base, 700);
	cr_expect_eq(band.sme_lower, 200); /* of the first only one party is one */
	cr_expect_eq(band.sme_upper, 700);
	cr_expect_eq(band.small_micro_lower, 200);
}

Test(award_band, without_a_value_or_a_supplier_nothing_is_assumed)
{
	struct facts *facts = facts_new();
	struct award_band band;

	add_award(facts, "Council", NUMBER_NONE);
	add_party(facts, SIZE_SME);
	add_award(facts, "Council", 90);
	band = judge_one(facts);
	cr_expect_eq(band.awards, 2);
	cr_expect_eq(band.valued, 1);
	cr_expect_eq(band.base, 90);
	cr_expect_eq(band.sme_lower, 0);
	cr_expect_eq(band.sme_upper, 90);
}

Test(award_band, control_by_a_large_enterprise_excludes_and_deemed_status_includes)
{
	struct facts *facts = facts_new();
	struct award_band band;

	add_award(facts, "Council", 10);
	facts_add_party(facts)->related_to_large = TRI_YES;
	add_award(facts, "Council", 5);
	facts_add_party(facts)->deemed = DEEMED_PRISON;
	band = judge_one(facts);
	cr_expect_eq(band.sme_upper, 5);
	cr_expect_eq(band.small_micro_lower, 5);
}

Test(award_band, buyers_and_currencies_stand_apart_and_awards_ahead_are_not_known)
{
	struct facts *facts = facts_new();
	struct award_bands bands;

	add_award(facts, "B", 1);
	add_award(facts, "A", 2);
	add_award(facts, "A", 4)->currency = "EUR";
	add_award(facts, "A", 8)->awarded_on = text_day("2026-11-25", 10);
	award_bands_judge(NULL, facts, 2026, text_day("2026-11-24", 10), &bands);
	cr_assert_eq(bands.count, 3);
	cr_expect_str_eq(bands.items[0].currency, "EUR");
	cr_expect_str_eq(bands.items[1].buyer, "A");
	cr_expect_eq(bands.items[1].base, 2);
	cr_expect_str_eq(bands.items[2].buyer, "B");
	award_bands_free(&bands);
	facts_free(facts);
}
