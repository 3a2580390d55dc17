#include "checks/award_item.h"

#include "checks/due.h"
#include "checks/size.h"
#include "checks/sums.h"

enum { MILLION = 1000000 };

static const struct award_share NOTHING = { 0, MILLION }, ALL = { MILLION, MILLION };

const char *award_finding_name(int bit)
{
	static const char *const names[] = { "share-missing", "share-invalid", "reserved-to-large",
		"reserved-to-large-controlled", "size-unknown" };

	return names[bit];
}

/* G-23: a date decides, whatever the status says; without one the status means "from the start". */
static bool cancelled(const struct contract_fact *contract, day_t as_of)
{
	if (contract->cancelled_on != DAY_NONE)
		return contract->cancelled_on <= as_of;
	return contract->cancelled;
}

bool award_stands(const struct contract_fact *contract, day_t as_of)
{
	return day_known(contract->signed_on, as_of) != DAY_NONE && !cancelled(contract, as_of);
}

bool award_counts(const struct facts_index *index, const struct unit_tree *units, uint32_t contract,
	int fiscal_year, day_t as_of)
{
	const struct contract_fact *fact = &index->facts->contracts.items[contract];

	return index->group_of_contract[contract] != MAP_NONE && *fact->project_code &&
	       award_stands(fact, as_of) && day_year(fact->signed_on) == fiscal_year &&
	       debtor_is_public(unit_tree_kind(units, fact->unit_code, fact->signed_on));
}

static fen_t amount_on(const struct facts_index *index, uint32_t contract, day_t as_of)
{
	const struct index_lists *lists = &index->contract_amendments;
	fen_t amount = index->facts->contracts.items[contract].amount_fen;

	for (uint32_t i = lists->start[contract]; i < lists->start[contract + 1]; i++) {
		const struct amendment_fact *amendment =
			&index->facts->amendments.items[lists->items[i]];

		if (day_known(amendment->amended_on, as_of) != DAY_NONE)
			sum_add(&amount, amendment->amount_change_fen);
	}
	return amount;
}

/* G-25, in its order, the registers before what the records say. Returns true when the supplier's size is unknown: the
 * upper end of the band counts it as small or micro. */
static bool share_by_supplier(const struct law *law, const struct contract_fact *contract,
	const struct supplier_fact *supplier, day_t as_of, struct award_part *part)
{
	struct size_verdict size = register_size_verdict(law, contract, supplier, as_of);

	part->deemed = register_deemed(law->registers, contract, as_of);
	part->size = register_size(law->registers, contract, as_of);
	if (part->deemed || (supplier && supplier->deemed != DEEMED_NONE)) {
		part->sme_share = part->small_micro_share = ALL;
	} else if (supplier && supplier->large_controlled == TRI_YES) {
		part->findings |= AWARD_RESERVED_TO_LARGE_CONTROLLED;
	} else if (size_is_large(size)) {
		part->findings |= AWARD_RESERVED_TO_LARGE;
	} else if (!size_is_sme(size)) {
		part->findings |= AWARD_SIZE_UNKNOWN;
		return true;
	} else {
		part->sme_share = ALL;
		/* "At most medium" may still be small: that is the band of the small/micro part. */
		if (size_is_small_micro(size))
			part->small_micro_share = ALL;
		else
			return size.class == SIZE_UNKNOWN || size.class == SIZE_SME;
	}
	return false;
}

/* G-26: only the stated shares count. Returns true when they are missing or impossible. */
static bool share_by_agreement(const struct contract_fact *contract, struct award_part *part)
{
	int64_t sme = contract->sme_share_ppm;
	int64_t small_micro = contract->small_micro_share_ppm == NUMBER_NONE
				      ? 0
				      : contract->small_micro_share_ppm;

	if (sme == NUMBER_NONE) {
		part->findings |= AWARD_SHARE_MISSING;
	} else if (sme <= 0 || sme > MILLION || small_micro < 0 || small_micro > sme) {
		part->findings |= AWARD_SHARE_INVALID;
	} else {
		part->sme_share.num = sme;
		part->small_micro_share.num = small_micro;
		return false;
	}
	return true;
}

static struct award_share given_share(fen_t reserved, fen_t amount)
{
	if (reserved == NUMBER_NONE || reserved <= 0 || amount <= 0)
		return NOTHING;
	return (struct award_share){ reserved < amount ? reserved : amount, amount };
}

fen_t award_share_of(fen_t amount, struct award_share share)
{
	fen_t part;

	return money_scale(amount, share.num, share.den, &part) ? part : MONEY_FEN_MAX;
}

static bool find_shares(const struct law *law, const struct facts_index *index, uint32_t contract,
	day_t as_of, struct award_part *part)
{
	const struct contract_fact *fact = &index->facts->contracts.items[contract];
	uint32_t row = index->supplier_of_contract[contract];

	switch (fact->reserve_form) {
	case RESERVE_WHOLE:
	case RESERVE_PACKAGE:
		return share_by_supplier(law, fact,
			row == MAP_NONE ? NULL : &index->facts->suppliers.items[row], as_of, part);
	case RESERVE_CONSORTIUM:
	case RESERVE_SUBCONTRACT:
		return share_by_agreement(fact, part);
	case RESERVE_UNSTATED:
		if (fact->reserved_fen == NUMBER_NONE)
			part->findings |= AWARD_SHARE_MISSING;
		part->sme_share = given_share(fact->reserved_fen, part->amount);
		part->small_micro_share = given_share(fact->reserved_small_micro_fen, part->amount);
		return fact->reserved_fen == NUMBER_NONE;
	case RESERVE_NONE:
	default:
		return false;
	}
}

struct award_part award_item_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, uint32_t contract, int fiscal_year, day_t as_of)
{
	struct award_part part = { .counted =
					   award_counts(index, units, contract, fiscal_year, as_of),
		.amount = amount_on(index, contract, as_of),
		.sme_share = NOTHING,
		.small_micro_share = NOTHING };
	bool unknown = find_shares(law, index, contract, as_of, &part);

	part.sme = part.sme_upper = award_share_of(part.amount, part.sme_share);
	part.small_micro = part.small_micro_upper =
		award_share_of(part.amount, part.small_micro_share);
	if (unknown && part.amount > 0)
		part.sme_upper = part.small_micro_upper = part.amount;
	return part;
}
