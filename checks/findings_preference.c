/* small and micro bidders' prices count less in evaluation, at a rate that the file fixes within a band of the day
 * and the class; inside a reserved package there is none. A band that is not on record (before 2021) is not looked at. */
#include "checks/findings_procurement.h"

#include "checks/plan_item.h"

/* One preference of a notice, and the parameters of its band by class. */
struct preference {
	int64_t ppm;
	enum parameter goods_services_min, goods_services_max, works_min, works_max;
};

static void outside(const struct looking *l, const struct budget_item_fact *item,
	const struct notice_fact *notice, const struct preference *preference)
{
	bool works = item->class == CLASS_WORKS;
	int64_t min = parameter_at(l->law->parameters,
		works ? preference->works_min : preference->goods_services_min,
		notice->published_on);
	int64_t max = parameter_at(l->law->parameters,
		works ? preference->works_max : preference->goods_services_max,
		notice->published_on);

	if (preference->ppm == NUMBER_NONE || preference->ppm == 0 || min == PARAMETER_NONE ||
		max == PARAMETER_NONE || (min <= preference->ppm && preference->ppm <= max))
		return;
	looking_item(l, item, "preference-outside-band", "Q-10",
		(struct finding_value[FINDING_VALUES_MAX]){
			FINDING_TEXT("notice_id", notice->notice_id),
			FINDING_NUMBER("preference_ppm", preference->ppm),
			FINDING_NUMBER("least_ppm", min), FINDING_NUMBER("most_ppm", max) });
}

static void of_notice(const struct looking *l, const struct budget_item_fact *item,
	const struct notice_fact *notice)
{
	bool given =
		(notice->preference_ppm != NUMBER_NONE && notice->preference_ppm > 0) ||
		(notice->part_preference_ppm != NUMBER_NONE && notice->part_preference_ppm > 0);
	struct plan_part part;

	if (!given)
		return;
	part = plan_item_judge(l->law->registers, item, notice->published_on);
	if (plan_reserved_wholly(item, &part)) {
		looking_item(l, item, "preference-in-reserved-package", "Q-10",
			(struct finding_value[FINDING_VALUES_MAX]){
				FINDING_TEXT("notice_id", notice->notice_id),
				FINDING_DAY("published_on", notice->published_on) });
		return;
	}
	if (item->class == CLASS_UNKNOWN)
		return;
	outside(l, item, notice,
		&(struct preference){ notice->preference_ppm, PARAM_Q10_GOODS_SERVICES_MIN,
			PARAM_Q10_GOODS_SERVICES_MAX, PARAM_Q10_WORKS_MIN, PARAM_Q10_WORKS_MAX });
	outside(l, item, notice,
		&(struct preference){ notice->part_preference_ppm,
			PARAM_Q10_PART_GOODS_SERVICES_MIN, PARAM_Q10_PART_GOODS_SERVICES_MAX,
			PARAM_Q10_PART_WORKS_MIN, PARAM_Q10_PART_WORKS_MAX });
}

/* Platforms have many words for it, so that notices of no known kind count as invitations here. */
static const struct notice_fact *latest_that_invites(
	const struct looking *l, const struct package_days *days)
{
	const struct notice_fact *tender = looking_notice(l, NOTICE_TENDER, days),
				 *other = looking_notice(l, NOTICE_OTHER, days);

	if (!tender || !other)
		return tender ? tender : other;
	return other->published_on > tender->published_on ? other : tender;
}

void findings_of_preferences(const struct looking *looking)
{
	const struct plan_rows *rows = &looking->packages->items;

	for (size_t i = 0; i < rows->count; i++) {
		const struct budget_item_fact *item =
			&looking->index->facts->budget_items.items[rows->rows[i]];
		struct package_days days = looking_days_of_item(looking, item);
		const struct notice_fact *notice = latest_that_invites(looking, &days);

		if (notice)
			of_notice(looking, item, notice);
	}
}
