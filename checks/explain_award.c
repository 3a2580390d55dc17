/* Contracts: award basis and paid basis. */
#include "checks/explain_parts.h"

#include <string.h>

#include "checks/explain_reason.h"
#include "checks/size.h"
#include "checks/supplier_rows.h"
#include "checks/words.h"

static const struct supplier_fact *supplier_of(const struct explaining *e, uint32_t row)
{
	uint32_t supplier = e->index->supplier_of_contract[row];

	return supplier == MAP_NONE ? NULL : &e->index->facts->suppliers.items[supplier];
}

static void write_supplier(const struct explaining *e, const struct contract_fact *contract,
	const struct supplier_fact *supplier)
{
	struct size_verdict size = register_size_verdict(e->law, contract, supplier, e->as_of);

	json_text(e->out, "declared_size", words_of_size_class(contract->declared_size));
	json_text(
		e->out, "supplier_size", supplier ? words_of_size_class(supplier->size_class) : "");
	json_text(e->out, "size_used", words_of_size_class(size.class));
	json_text(e->out, "size_at_most", words_of_size_class(size.upper));
	if (!supplier)
		return;
	if (supplier->size_year)
		json_int(e->out, "size_year", supplier->size_year);
	json_bool(e->out, "size_known_at_signing",
		supplier_size_spoke(supplier, contract->signed_on));
	json_text(e->out, "industry_code", supplier->industry_code);
	if (supplier->employees != NUMBER_NONE)
		json_int(e->out, "employees", supplier->employees);
	if (supplier->revenue_fen != NUMBER_NONE)
		json_fen(e->out, "revenue_fen", supplier->revenue_fen);
	if (supplier->assets_fen != NUMBER_NONE)
		json_fen(e->out, "assets_fen", supplier->assets_fen);
	json_bool(e->out, "deemed_small_micro",
		supplier->deemed != DEEMED_NONE ||
			register_deemed(e->law->registers, contract, e->as_of));
	json_bool(e->out, "large_controlled", supplier->large_controlled == TRI_YES);
}

static void write_values(const struct explaining *e, uint32_t row, const struct award_part *part)
{
	const struct contract_fact *contract = &e->index->facts->contracts.items[row];

	json_object_begin(e->out, "values");
	json_fen(e->out, "original_fen", contract->amount_fen);
	json_fen(e->out, "amount_fen", part->amount);
	if (contract->sme_share_ppm != NUMBER_NONE)
		json_int(e->out, "sme_share_ppm", contract->sme_share_ppm);
	if (contract->small_micro_share_ppm != NUMBER_NONE)
		json_int(e->out, "small_micro_share_ppm", contract->small_micro_share_ppm);
	if (contract->reserved_fen != NUMBER_NONE)
		json_fen(e->out, "reserved_fen", contract->reserved_fen);
	if (contract->reserved_small_micro_fen != NUMBER_NONE)
		json_fen(e->out, "reserved_small_micro_fen", contract->reserved_small_micro_fen);
	json_day(e->out, "cancelled_on", contract->cancelled_on);
	write_supplier(e, contract, supplier_of(e, row));
	json_object_end(e->out);
}

static void write_award_adds(
	const struct explaining *e, uint32_t row, const struct award_part *part)
{
	struct band band = { 0 };
	enum band_question_kind kind;

	if (part->counted)
		band = band_of_contract(e->index, e->packages, row, part, &kind);
	json_fen(e->out, "base_fen", part->counted ? part->amount : 0);
	json_fen(e->out, "sme_fen", part->counted ? part->sme : 0);
	json_fen(e->out, "small_micro_fen", part->counted ? part->small_micro : 0);
	json_fen(e->out, "sme_lower_fen", band.sme_lower);
	json_fen(e->out, "sme_upper_fen", band.sme_upper);
	json_fen(e->out, "small_micro_lower_fen", band.small_micro_lower);
	json_fen(e->out, "small_micro_upper_fen", band.small_micro_upper);
}

static void write_paid_adds(const struct explaining *e, uint32_t row, const struct award_part *part)
{
	fen_t paid = part->counted ? e->paid_of_contract[row] : 0;
	enum band_question_kind kind;
	struct band band = { 0 };

	if (part->counted) {
		band = band_of_contract(e->index, e->packages, row, part, &kind);
		band = band_of_paid(part, &band, paid);
	}
	json_fen(e->out, "base_fen", paid);
	json_fen(e->out, "sme_fen", award_share_of(paid, part->sme_share));
	json_fen(e->out, "small_micro_fen", award_share_of(paid, part->small_micro_share));
	json_fen(e->out, "sme_lower_fen", band.sme_lower);
	json_fen(e->out, "sme_upper_fen", band.sme_upper);
	json_fen(e->out, "small_micro_lower_fen", band.small_micro_lower);
	json_fen(e->out, "small_micro_upper_fen", band.small_micro_upper);
}

static void write_mixed_adds(
	const struct explaining *e, uint32_t row, const struct award_part *part)
{
	(void)row;
	json_fen(e->out, "plan_sme_fen", 0);
	json_fen(e->out, "award_small_micro_fen", part->counted ? part->small_micro : 0);
}

static void write_notice_adds(
	const struct explaining *e, uint32_t row, const struct award_part *part)
{
	bool listed = part->counted &&
		      figures_form_of(e->index->facts->contracts.items[row].reserve_form) >= 0;

	json_int(e->out, "contracts", listed);
	json_fen(e->out, "contract_fen", listed ? part->amount : 0);
	json_fen(e->out, "sme_fen", listed ? part->sme : 0);
	json_fen(e->out, "small_micro_fen", listed ? part->small_micro : 0);
}

/* How a contract is told: to which part of the figure it belongs ("" = there is one only), and what it adds. */
struct award_telling {
	const char *part; /* NULL = the form of reservation, and only what is reserved counts */
	void (*adds)(const struct explaining *e, uint32_t row, const struct award_part *part);
};

static void write_contract(
	const struct explaining *e, uint32_t row, const struct award_telling *telling)
{
	const struct contract_fact *contract = &e->index->facts->contracts.items[row];
	struct award_part part =
		award_item_judge(e->law, e->index, e->units, row, e->fiscal_year, e->as_of);
	int form = figures_form_of(contract->reserve_form);
	bool counted = part.counted && (telling->part || form >= 0);
	bool unknown = part.counted && band_maker_unknown(e->index, e->packages, row, &part);
	struct reasons reasons = reasons_of_contract(e->units, contract, &part, unknown, e->as_of);

	json_line(e->out);
	json_object_begin(e->out, NULL);
	json_text(e->out, "contract_no", contract->contract_no);
	json_text(e->out, "unit_code", contract->unit_code);
	json_text(e->out, "project_code", contract->project_code);
	json_text(e->out, "package_no", contract->package_no);
	json_text(e->out, "supplier_uscc", contract->supplier_uscc);
	json_day(e->out, "signed_on", contract->signed_on);
	json_text(e->out, "reserve_form", words_of_reserve_form(contract->reserve_form));
	json_fen(e->out, "amount_fen", part.amount);
	json_bool(e->out, "counted", counted);
	if (!telling->part)
		json_text(e->out, "part", form >= 0 ? figures_form_name(form) : "none");
	else if (*telling->part)
		json_text(e->out, "part", telling->part);
	json_object_begin(e->out, "adds");
	telling->adds(e, row, &part);
	json_object_end(e->out);
	if (explain_contract_entries(e, contract, &part))
		reasons_add_corrected(&reasons);
	reasons_write(e->out, &reasons);
	write_values(e, row, &part);
	json_object_end(e->out);
}

/* Contracts of the year, and those without a signing day, which might be of it. */
static void write_contracts(const struct explaining *e, const struct award_telling *telling)
{
	const struct facts *facts = e->index->facts;

	for (uint32_t row = 0; row < facts->contracts.count; row++) {
		const struct contract_fact *contract = &facts->contracts.items[row];
		day_t day = contract->signed_on == DAY_NONE ? e->as_of : contract->signed_on;

		if (contract->signed_on != DAY_NONE && day_year(day) != e->fiscal_year)
			continue;
		if (explain_in_scope(e, unit_tree_department(e->units, contract->unit_code, day)))
			write_contract(e, row, telling);
	}
}

void explain_award_rows(const struct explaining *e)
{
	write_contracts(e, &(struct award_telling){ "", write_award_adds });
}

void explain_paid_rows(const struct explaining *e)
{
	write_contracts(e, &(struct award_telling){ "", write_paid_adds });
}

void explain_mixed_rows(const struct explaining *e)
{
	explain_mixed_plan_rows(e);
	write_contracts(e, &(struct award_telling){ "award", write_mixed_adds });
}

void explain_notice_rows(const struct explaining *e)
{
	write_contracts(e, &(struct award_telling){ NULL, write_notice_adds });
}
