#include "checks/dispute.h"

#include "checks/due.h"

bool dispute_exceeds(const struct obligation_fact *obligation)
{
	return obligation->disputed_fen != NUMBER_NONE &&
	       obligation->disputed_fen > obligation->amount_fen;
}

/* The disputed amount as known on the day, cut to what is owed; 0 without a dispute. */
static fen_t disputed_on(const struct obligation_fact *obligation, day_t as_of, fen_t owed)
{
	fen_t disputed = obligation->disputed_fen;

	if (disputed == NUMBER_NONE || disputed <= 0)
		return 0;
	if (obligation->dispute_opened_on != DAY_NONE && obligation->dispute_opened_on > as_of)
		return 0;
	return disputed > owed ? owed : disputed;
}

int dispute_parts(const struct law *law, const struct obligation_fact *obligation, day_t as_of,
	day_t nominal, day_t rolled, int missing_year, struct obligation_part parts[PARTS_MAX])
{
	fen_t owed = obligation->amount_fen < 0 ? 0 : obligation->amount_fen;
	fen_t disputed = disputed_on(obligation, as_of, owed);
	day_t settled = day_known(obligation->dispute_settled_on, as_of);
	struct obligation_part *second = &parts[1];

	parts[0] = (struct obligation_part){ owed - disputed, owed - disputed, nominal, rolled,
		missing_year, 0, false };
	if (disputed == 0)
		return 1;
	*second = (struct obligation_part){ disputed, disputed, DAY_NONE, DAY_NONE, 0, 0, false };
	if (settled == DAY_NONE) {
		second->disputed = true;
	} else if (nominal == DAY_NONE) {
		second->missing_year = missing_year;
	} else if (settled > nominal) {
		second->nominal = settled;
		second->missing_year = due_roll(law, settled, &second->rolled);
	} else {
		second->nominal = nominal;
		second->rolled = rolled;
		second->missing_year = missing_year;
	}
	return 2;
}
