#include "checks/restate_field.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "checks/words.h"
#include "core/day.h"

enum { VALUE_MAX = 64 };

static void text_field(struct json_out *out, const char *field, const char *a, const char *b)
{
	if (strcmp(a, b) == 0)
		return;
	json_object_begin(out, NULL);
	json_text(out, "field", field);
	json_text(out, "before", a);
	json_text(out, "after", b);
	json_object_end(out);
}

static void day_field(struct json_out *out, const char *field, day_t a, day_t b)
{
	char before[DAY_TEXT_MAX], after[DAY_TEXT_MAX];

	text_field(out, field, day_text(a, before), day_text(b, after));
}

static const char *yuan(fen_t fen, char room[MONEY_TEXT_MAX])
{
	if (fen == NUMBER_NONE)
		return "";
	return money_text(fen, room);
}

static void fen_field(struct json_out *out, const char *field, fen_t a, fen_t b)
{
	char before[MONEY_TEXT_MAX], after[MONEY_TEXT_MAX];

	text_field(out, field, yuan(a, before), yuan(b, after));
}

/* Parts per million as a percentage with four decimals. */
static const char *percent(int64_t ppm, char room[VALUE_MAX])
{
	if (ppm == NUMBER_NONE)
		return "";
	snprintf(room, VALUE_MAX, "%s%" PRId64 ".%04" PRId64, ppm < 0 ? "-" : "",
		(ppm < 0 ? -ppm : ppm) / 10000, (ppm < 0 ? -ppm : ppm) % 10000);
	return room;
}

static void percent_field(struct json_out *out, const char *field, int64_t a, int64_t b)
{
	char before[VALUE_MAX], after[VALUE_MAX];

	text_field(out, field, percent(a, before), percent(b, after));
}

/* Budget rows --------------------------------------------------------------------------------- */

static const char *snapshot_name(enum snapshot_kind kind)
{
	static const char *const names[] = { "initial", "adjusted", "final" };

	return names[kind];
}

static const char *group_name(enum reserved_for group)
{
	static const char *const names[] = { "", "sme", "small_micro" };

	return names[group];
}

static const char *number_of(const struct register_entry *entry)
{
	return entry ? entry->entry_no : "";
}

void restate_item_fields(
	struct json_out *out, const struct restate_item *before, const struct restate_item *after)
{
	const struct budget_item_fact *a = before->item, *b = after->item;

	json_array_begin(out, "fields");
	if (a && b) {
		text_field(out, "snapshot", snapshot_name(a->snapshot), snapshot_name(b->snapshot));
		day_field(out, "approved_on", a->approved_on, b->approved_on);
		fen_field(out, "budget_yuan", a->budget_fen, b->budget_fen);
		text_field(out, "reserve_form", words_of_reserve_form(a->reserve_form),
			words_of_reserve_form(b->reserve_form));
		text_field(out, "reserved_for", group_name(a->reserved_for),
			group_name(b->reserved_for));
		percent_field(out, "required_share_percent", a->required_share_ppm,
			b->required_share_ppm);
		fen_field(out, "reserved_yuan", a->reserved_fen, b->reserved_fen);
		fen_field(out, "reserved_small_micro_yuan", a->reserved_small_micro_fen,
			b->reserved_small_micro_fen);
		text_field(out, "exemption_code", a->exemption_code, b->exemption_code);
		text_field(out, "exemption_reason", a->exemption_reason, b->exemption_reason);
		text_field(out, "exemption_approver", a->exemption_approver, b->exemption_approver);
		day_field(out, "exemption_on", a->exemption_on, b->exemption_on);
		day_field(out, "withdrawn_on", a->withdrawn_on, b->withdrawn_on);
		text_field(out, "register.exemption", number_of(before->exemption),
			number_of(after->exemption));
	}
	json_array_end(out);
}

/* Contracts ----------------------------------------------------------------------------------- */

static const struct contract_fact *contract_of(const struct restate_contract *side,
	const struct restate_contract *other, uint32_t *ret_row)
{
	*ret_row = side->row != MAP_NONE
			   ? side->row
			   : map_get(&side->index->contracts,
				     other->index->facts->contracts.items[other->row].contract_no);
	return *ret_row == MAP_NONE ? NULL : &side->index->facts->contracts.items[*ret_row];
}

static fen_t changes_of(const struct facts_index *index, uint32_t row)
{
	const struct index_lists *lists = &index->contract_amendments;
	wide_t sum = 0;

	for (uint32_t i = lists->start[row]; i < lists->start[row + 1]; i++)
		sum += index->facts->amendments.items[lists->items[i]].amount_change_fen;
	return (fen_t)sum;
}

static const struct supplier_fact *supplier_of(const struct facts_index *index, uint32_t row)
{
	static const struct supplier_fact unknown = { .industry_code = "",
		.employees = NUMBER_NONE,
		.revenue_fen = NUMBER_NONE,
		.assets_fen = NUMBER_NONE };
	uint32_t supplier = index->supplier_of_contract[row];

	return supplier == MAP_NONE ? &unknown : &index->facts->suppliers.items[supplier];
}

static void supplier_fields(
	struct json_out *out, const struct supplier_fact *a, const struct supplier_fact *b)
{
	static const char *const deemed[] = { "none", "disabled_welfare", "prison" };
	static const char *const tri[] = { "", "0", "1" };

	text_field(out, "supplier.size_class", words_of_size_class(a->size_class),
		words_of_size_class(b->size_class));
	text_field(out, "supplier.industry_code", a->industry_code, b->industry_code);
	fen_field(out, "supplier.revenue_yuan", a->revenue_fen, b->revenue_fen);
	fen_field(out, "supplier.assets_yuan", a->assets_fen, b->assets_fen);
	text_field(out, "supplier.deemed", deemed[a->deemed], deemed[b->deemed]);
	text_field(out, "supplier.large_controlled", tri[a->large_controlled],
		tri[b->large_controlled]);
}

static void contract_fields(
	struct json_out *out, const struct contract_fact *a, const struct contract_fact *b)
{
	text_field(out, "unit_code", a->unit_code, b->unit_code);
	text_field(out, "project_code", a->project_code, b->project_code);
	text_field(out, "supplier_uscc", a->supplier_uscc, b->supplier_uscc);
	day_field(out, "signed_on", a->signed_on, b->signed_on);
	fen_field(out, "amount_yuan", a->amount_fen, b->amount_fen);
	text_field(out, "reserve_form", words_of_reserve_form(a->reserve_form),
		words_of_reserve_form(b->reserve_form));
	percent_field(out, "sme_share_percent", a->sme_share_ppm, b->sme_share_ppm);
	percent_field(out, "small_micro_share_percent", a->small_micro_share_ppm,
		b->small_micro_share_ppm);
	text_field(out, "declared_size", words_of_size_class(a->declared_size),
		words_of_size_class(b->declared_size));
	text_field(out, "status", a->cancelled ? "cancelled" : "active",
		b->cancelled ? "cancelled" : "active");
	day_field(out, "cancelled_on", a->cancelled_on, b->cancelled_on);
}

void restate_contract_fields(struct json_out *out, const struct restate_contract *before,
	const struct restate_contract *after)
{
	uint32_t old_row, new_row;
	const struct contract_fact *a = contract_of(before, after, &old_row);
	const struct contract_fact *b = contract_of(after, before, &new_row);

	json_array_begin(out, "fields");
	if (a && b) {
		contract_fields(out, a, b);
		fen_field(out, "amendments_yuan", changes_of(before->index, old_row),
			changes_of(after->index, new_row));
		supplier_fields(out, supplier_of(before->index, old_row),
			supplier_of(after->index, new_row));
		text_field(out, "register.deemed", number_of(before->deemed),
			number_of(after->deemed));
		text_field(out, "register.size", number_of(before->size), number_of(after->size));
		fen_field(out, "paid_yuan", before->paid, after->paid);
	}
	json_array_end(out);
}
