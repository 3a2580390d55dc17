#include "checks/award_band.h"

#include "checks/size.h"
#include "checks/sums.h"
#include "checks/words.h"
#include "core/map.h"
#include "core/mem.h"

#include <string.h>

/* What is certain and what is possible about one supplier, or about all of an award. */
struct chance {
	bool surely_sme, maybe_sme, surely_small_micro, maybe_small_micro;
};

/* What the awards are judged by. */
struct judging {
	const struct register_book *registers;
	const struct facts *facts;
	day_t as_of;
};

static struct chance chance_of_party(
	const struct judging *j, const struct party_fact *party, day_t awarded_on)
{
	const struct register_entry *deemed = register_supplier(
		j->registers, REGISTER_DEEMED, party->supplier_id, awarded_on, j->as_of);
	const struct register_entry *answer = register_supplier(
		j->registers, REGISTER_SIZE, party->supplier_id, awarded_on, j->as_of);
	struct size_verdict size =
		size_of_class(answer ? words_size_class(answer->value) : party->size_class);

	if (deemed || party->deemed != DEEMED_NONE)
		return (struct chance){ true, true, true, true }; /* */
	if (party->related_to_large == TRI_YES || size_is_large(size))
		return (struct chance){ false, false, false, false }; /* */
	return (struct chance){ size_is_sme(size), true, size_is_small_micro(size),
		size.class == SIZE_UNKNOWN || size_is_small_micro(size) };
}

/* Lower: every party surely; upper: any party perhaps. Without a party nothing is known. */
static struct chance chance_of_award(const struct judging *j, const struct award_fact *award)
{
	struct chance all = { award->party_count > 0, award->party_count == 0,
		award->party_count > 0, award->party_count == 0 };

	for (uint32_t i = 0; i < award->party_count; i++) {
		struct chance party = chance_of_party(
			j, &j->facts->parties.items[award->first_party + i], award->awarded_on);

		all.surely_sme &= party.surely_sme;
		all.surely_small_micro &= party.surely_small_micro;
		all.maybe_sme |= party.maybe_sme;
		all.maybe_small_micro |= party.maybe_small_micro;
	}
	return all;
}

static struct award_band *band_for(
	struct award_bands *bands, struct map *places, const struct award_fact *award)
{
	bool by_name = !*award->unit_code;
	const char *buyer = by_name ? award->buyer_name : award->unit_code;
	uint32_t place = map_put2(places, buyer, award->currency, (uint32_t)bands->count);

	if (place != MAP_NONE)
		return &bands->items[place];
	MEM_GROW(bands->items, bands->count, bands->capacity);
	bands->items[bands->count] = (struct award_band){
		.buyer = buyer, .currency = award->currency, .by_name = by_name
	};
	return &bands->items[bands->count++];
}

static void add_award(struct award_band *band, const struct award_fact *award, struct chance chance)
{
	band->awards++;
	if (award->amount_fen == NUMBER_NONE)
		return;
	band->valued++;
	sum_add(&band->base, award->amount_fen);
	if (chance.surely_sme)
		sum_add(&band->sme_lower, award->amount_fen);
	if (chance.maybe_sme)
		sum_add(&band->sme_upper, award->amount_fen);
	if (chance.surely_small_micro)
		sum_add(&band->small_micro_lower, award->amount_fen);
	if (chance.maybe_small_micro)
		sum_add(&band->small_micro_upper, award->amount_fen);
}

static int compare_bands(const void *a, const void *b)
{
	const struct award_band *x = a, *y = b;
	int by_currency = strcmp(x->currency, y->currency);

	return by_currency ? by_currency : strcmp(x->buyer, y->buyer);
}

static bool enters(const struct award_fact *award, int year, day_t as_of)
{
	if (award->awarded_on == DAY_NONE)
		return year == 0;
	return award->awarded_on <= as_of && (year == 0 || day_year(award->awarded_on) == year);
}

void award_bands_judge(const struct register_book *registers, const struct facts *facts, int year,
	day_t as_of, struct award_bands *ret)
{
	struct judging j = { registers, facts, as_of };
	struct map places = MAP_INIT;

	*ret = (struct award_bands){ 0 };
	for (size_t i = 0; i < facts->awards.count; i++) {
		const struct award_fact *award = &facts->awards.items[i];

		if (enters(award, year, as_of))
			add_award(band_for(ret, &places, award), award, chance_of_award(&j, award));
	}
	map_free(&places);
	if (ret->count > 1)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_bands);
}

void award_bands_free(struct award_bands *bands)
{
	free(bands->items);
	*bands = (struct award_bands){ 0 };
}
