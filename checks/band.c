#include "checks/band.h"

#include "checks/sums.h"
#include "core/mem.h"

#include <stdlib.h>
#include <string.h>

const char *band_question_name(enum band_question_kind kind)
{
	static const char *const names[] = { "plan-share", "plan-amount", "award-share",
		"supplier-size", "maker-declaration" };

	return names[kind];
}

const char *band_question_words(enum band_question_kind kind)
{
	static const char *const words[] = { "预留给中小企业的要求比例", "预留金额",
		"合同约定的中小企业份额", "供应商的企业规模", "货物制造商的中小企业声明函" };

	return words[kind];
}

bool band_question_is_plan(enum band_question_kind kind)
{
	return kind == ASK_PLAN_SHARE || kind == ASK_PLAN_AMOUNT;
}

/* Plan ---------------------------------------------------------------------------------------- */

/* The part of what was reserved without naming that small and micro enterprises (perhaps) won: as
 * the contracts of the package share it. */
static fen_t won_part(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const uint32_t *rows, size_t count, int fiscal_year,
	day_t as_of, fen_t unnamed)
{
	fen_t sme = 0, small_micro = 0, won;

	for (size_t i = 0; i < count; i++) {
		struct award_part part =
			award_item_judge(law, index, units, rows[i], fiscal_year, as_of);

		sum_add(&sme, part.sme_upper);
		sum_add(&small_micro, part.small_micro_upper);
	}
	if (sme <= 0 || small_micro <= 0)
		return 0;
	if (small_micro >= sme || !money_scale(unnamed, small_micro, sme, &won))
		return unnamed;
	return won;
}

struct band band_of_item(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct packages *packages,
	const struct budget_item_fact *item, day_t as_of, enum band_question_kind *ret_kind)
{
	struct plan_part part = plan_item_judge(law->registers, item, as_of);
	struct band band = { part.sme, part.sme, part.small_micro, part.small_micro, 0 };
	const uint32_t *rows;
	size_t count;
	fen_t unnamed;

	if (!part.reserved)
		return band;
	if (part.findings & (PLAN_SHARE_MISSING | PLAN_SHARE_INVALID)) {
		band.unknown = 1;
		band.sme_upper = item->budget_fen > part.sme ? item->budget_fen : part.sme;
		*ret_kind =
			item->reserve_form == RESERVE_UNSTATED ? ASK_PLAN_AMOUNT : ASK_PLAN_SHARE;
	}
	if (item->reserved_for == RESERVED_FOR_SMALL_MICRO && part.small_micro == part.sme) {
		band.small_micro_upper = band.sme_upper;
		return band;
	}
	unnamed = band.sme_upper > part.small_micro ? band.sme_upper - part.small_micro : 0;
	count = package_contracts(packages, item, &rows);
	if (count > 0)
		unnamed =
			won_part(law, index, units, rows, count, item->fiscal_year, as_of, unnamed);
	sum_add(&band.small_micro_upper, unnamed);
	return band;
}

/* Award --------------------------------------------------------------------------------------- */

/* goods count by who made them; without the maker's declaration the dealer's class says
 * nothing. Deemed units and those of large enterprises are what they are (G-25). */
bool band_maker_unknown(const struct facts_index *index, const struct packages *packages,
	uint32_t row, const struct award_part *part)
{
	const struct contract_fact *contract = &index->facts->contracts.items[row];
	uint32_t supplier_row = index->supplier_of_contract[row];
	const struct budget_item_fact *item;

	if (contract->reserve_form != RESERVE_WHOLE && contract->reserve_form != RESERVE_PACKAGE)
		return false;
	if (contract->declared_size != SIZE_BLANK ||
		part->findings & AWARD_RESERVED_TO_LARGE_CONTROLLED)
		return false;
	if (part->deemed ||
		(supplier_row != MAP_NONE &&
			index->facts->suppliers.items[supplier_row].deemed != DEEMED_NONE))
		return false;
	if (part->size && *part->size->contract_no)
		return false; /* the authority answered about what was made for this contract */
	item = package_item(packages, contract);
	return item && item->class == CLASS_GOODS;
}

static enum band_question_kind question_of(const struct award_part *part)
{
	return part->findings & (AWARD_SHARE_MISSING | AWARD_SHARE_INVALID) ? ASK_AWARD_SHARE
									    : ASK_SUPPLIER_SIZE;
}

struct band band_of_contract(const struct facts_index *index, const struct packages *packages,
	uint32_t contract, const struct award_part *part, enum band_question_kind *ret_kind)
{
	struct band band = { part->sme, part->sme_upper, part->small_micro, part->small_micro_upper,
		0 };

	if (part->amount > 0 && band_maker_unknown(index, packages, contract, part)) {
		band = (struct band){ 0, part->amount, 0, part->amount, 1 };
		*ret_kind = ASK_MAKER;
	} else if (band.sme_upper != band.sme_lower ||
		   band.small_micro_upper != band.small_micro_lower) {
		band.unknown = 1;
		*ret_kind = question_of(part);
	}
	return band;
}

struct band band_of_paid(const struct award_part *part, const struct band *band, fen_t paid)
{
	struct band of_paid = { .sme_lower = award_share_of(paid, part->sme_share),
		.small_micro_lower = award_share_of(paid, part->small_micro_share),
		.unknown = paid > 0 ? band->unknown : 0 };

	of_paid.sme_upper = of_paid.sme_lower;
	of_paid.small_micro_upper = of_paid.small_micro_lower;
	if (band->sme_upper != band->sme_lower)
		of_paid.sme_upper = paid;
	if (band->small_micro_upper != band->small_micro_lower)
		of_paid.small_micro_upper = paid;
	/* Without the maker's declaration the dealer's share is no lower value. */
	if (band->sme_lower < part->sme)
		of_paid.sme_lower = 0;
	if (band->small_micro_lower < part->small_micro)
		of_paid.small_micro_lower = 0;
	return of_paid;
}

/* The year ------------------------------------------------------------------------------------ */

static void add_band(struct band *sum, const struct band *part)
{
	sum_add(&sum->sme_lower, part->sme_lower);
	sum_add(&sum->sme_upper, part->sme_upper);
	sum_add(&sum->small_micro_lower, part->small_micro_lower);
	sum_add(&sum->small_micro_upper, part->small_micro_upper);
	sum->unknown += part->unknown;
}

static void ask(
	struct year_bands *bands, const struct band_question *question, const struct band *band)
{
	struct band_question *added;

	MEM_GROW(bands->questions, bands->question_count, bands->question_capacity);
	added = &bands->questions[bands->question_count++];
	*added = *question;
	added->sme = band->sme_upper - band->sme_lower;
	added->small_micro = band->small_micro_upper - band->small_micro_lower;
}

static int compare_subjects(const struct band_question *x, const struct band_question *y)
{
	int order = strcmp(x->contract_no, y->contract_no);

	if (order == 0)
		order = strcmp(x->unit_code, y->unit_code);
	if (order == 0)
		order = strcmp(x->project_code, y->project_code);
	return order ? order : strcmp(x->package_no, y->package_no);
}

int band_question_order(const void *a, const void *b)
{
	const struct band_question *x = a, *y = b;

	if (x->sme != y->sme)
		return x->sme > y->sme ? -1 : 1;
	if (x->small_micro != y->small_micro)
		return x->small_micro > y->small_micro ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return compare_subjects(x, y);
}

static struct scope_bands *scope_for(
	struct year_bands *bands, const struct year_figures *figures, const char *department)
{
	return &bands->departments[figures_department(figures, department) - figures->departments];
}

struct judging {
	const struct law *law;
	const struct facts_index *index;
	const struct unit_tree *units;
	const struct year_figures *figures;
	const struct packages *packages;
	const fen_t *paid_of_contract;
	struct year_bands *bands;
};

static void add_item(const struct judging *j, uint32_t row)
{
	const struct budget_item_fact *item = &j->index->facts->budget_items.items[row];
	const char *department = figures_department_of_item(j->units, item);
	enum band_question_kind kind;
	struct band band = band_of_item(
		j->law, j->index, j->units, j->packages, item, j->figures->as_of, &kind);

	add_band(&j->bands->district.plan, &band);
	add_band(&scope_for(j->bands, j->figures, department)->plan, &band);
	if (band.unknown)
		ask(j->bands,
			&(struct band_question){ .kind = kind,
				.scope = department,
				.unit_code = item->unit_code,
				.project_code = item->project_code,
				.package_no = item->package_no,
				.contract_no = "",
				.supplier_uscc = "" },
			&band);
}

static void add_contract(const struct judging *j, uint32_t row)
{
	const struct contract_fact *contract = &j->index->facts->contracts.items[row];
	const char *department;
	struct award_part part;
	enum band_question_kind kind;
	struct band band, paid;

	if (contract->reserve_form == RESERVE_NONE)
		return; /* adds nothing and asks nothing (G-24) */
	department = figures_department_of_contract(j->units, contract);
	part = award_item_judge(
		j->law, j->index, j->units, row, j->figures->fiscal_year, j->figures->as_of);
	band = band_of_contract(j->index, j->packages, row, &part, &kind);
	add_band(&j->bands->district.award, &band);
	add_band(&scope_for(j->bands, j->figures, department)->award, &band);
	if (j->paid_of_contract) {
		paid = band_of_paid(&part, &band, j->paid_of_contract[row]);
		add_band(&j->bands->district.paid, &paid);
		add_band(&scope_for(j->bands, j->figures, department)->paid, &paid);
	}
	if (band.unknown)
		ask(j->bands,
			&(struct band_question){ .kind = kind,
				.scope = department,
				.unit_code = contract->unit_code,
				.project_code = "",
				.package_no = "",
				.contract_no = contract->contract_no,
				.supplier_uscc = contract->supplier_uscc },
			&band);
}

void bands_judge(const struct law *law, const struct facts_index *index,
	const struct unit_tree *units, const struct year_figures *figures,
	const struct packages *packages, const fen_t *paid_of_contract, struct year_bands *ret)
{
	struct judging j = { law, index, units, figures, packages, paid_of_contract, ret };

	*ret = (struct year_bands){ .district = { .scope = "" },
		.departments = mem_zero(figures->department_count + 1, sizeof(struct scope_bands)),
		.department_count = figures->department_count };
	for (size_t i = 0; i < figures->department_count; i++)
		ret->departments[i].scope = figures->departments[i].scope;
	for (size_t i = 0; i < packages->items.count; i++)
		add_item(&j, packages->items.rows[i]);
	for (size_t i = 0; i < packages->contract_count; i++)
		add_contract(&j, packages->contracts[i]);
	if (ret->question_count > 1)
		qsort(ret->questions, ret->question_count, sizeof(*ret->questions),
			band_question_order);
}

void bands_free(struct year_bands *bands)
{
	free(bands->departments);
	free(bands->questions);
	*bands = (struct year_bands){ 0 };
}
