/* Rows grow by doubling; texts lie in chunks that are freed together, and a map finds the copy of a
 * text seen before. */
#include "checks/facts.h"

#include "core/err.h"
#include "core/map.h"
#include "core/mem.h"

#include <string.h>

enum { CHUNK = 256 * 1024 };

struct facts_pool {
	char **chunks;
	size_t chunk_count, chunk_capacity;
	size_t used, size; /* of the last chunk */
	struct map texts;
};

struct facts *facts_new(void)
{
	struct facts *facts = mem_zero(1, sizeof(*facts));

	facts->pool = mem_zero(1, sizeof(*facts->pool));
	return facts;
}

void facts_free(struct facts *facts)
{
	if (!facts)
		return;
	free(facts->units.items);
	free(facts->suppliers.items);
	free(facts->budget_items.items);
	free(facts->contracts.items);
	free(facts->amendments.items);
	free(facts->events.items);
	free(facts->obligations.items);
	free(facts->payments.items);
	free(facts->disputes.items);
	free(facts->complaints.items);
	free(facts->awards.items);
	free(facts->parties.items);
	free(facts->year_marks.items);
	free(facts->declared.items);
	free(facts->debt_notes.items);
	free(facts->plans.items);
	free(facts->notices.items);
	free(facts->contract_parties.items);
	for (size_t i = 0; i < facts->pool->chunk_count; i++)
		free(facts->pool->chunks[i]);
	free(facts->pool->chunks);
	map_free(&facts->pool->texts);
	free(facts->pool);
	free(facts);
}

static char *pool_room(struct facts_pool *pool, size_t size)
{
	char *room;

	if (pool->chunk_count == 0 || pool->size - pool->used < size) {
		MEM_GROW(pool->chunks, pool->chunk_count, pool->chunk_capacity);
		pool->size = size > CHUNK ? size : CHUNK;
		pool->used = 0;
		pool->chunks[pool->chunk_count++] = mem_alloc(pool->size);
	}
	room = pool->chunks[pool->chunk_count - 1] + pool->used;
	pool->used += size;
	return room;
}

const char *facts_number(struct facts *facts, const char *text)
{
	size_t size;

	if (!text || !*text)
		return "";
	size = strlen(text) + 1;
	return memcpy(pool_room(facts->pool, size), text, size);
}

const char *facts_text(struct facts *facts, const char *text)
{
	struct facts_pool *pool = facts->pool;
	const struct map_slot *slot;
	const char *copy;

	if (!text || !*text)
		return "";
	slot = map_find(&pool->texts, text);
	if (slot)
		return slot->key;
	copy = facts_number(facts, text);
	map_put(&pool->texts, copy, 0);
	return copy;
}

bool fact_span(int fiscal_year, day_t approved_on, day_t *ret_first, day_t *ret_last)
{
	day_t before;

	if (!day_from_civil(fiscal_year - 1, 1, 1, &before) ||
		!day_from_civil(fiscal_year, 1, 1, ret_first) ||
		!day_from_civil(fiscal_year, 12, 31, ret_last))
		return false;
	if (approved_on != DAY_NONE && approved_on < *ret_first)
		*ret_first = approved_on > before ? approved_on : before;
	return true;
}

int fact_text_order(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a, b);
}

/* Appends a zeroed row to facts->list and makes it `row`. Row numbers are 32 bit everywhere. */
#define APPEND(list, row)                                                                          \
	do {                                                                                       \
		if (facts->list.count >= MAP_NONE)                                                 \
			BUG("more rows of one kind than a run can hold");                          \
		MEM_GROW(facts->list.items, facts->list.count, facts->list.capacity);              \
		row = &facts->list.items[facts->list.count++];                                     \
	} while (0)

struct unit_fact *facts_add_unit(struct facts *facts)
{
	struct unit_fact *row;

	APPEND(units, row);
	*row = (struct unit_fact){ .unit_code = "",
		.uscc = "",
		.name = "",
		.parent_code = "",
		.valid_from = DAY_NONE,
		.valid_to = DAY_NONE,
		.contact = "" };
	return row;
}

struct supplier_fact *facts_add_supplier(struct facts *facts)
{
	struct supplier_fact *row;

	APPEND(suppliers, row);
	*row = (struct supplier_fact){ .uscc = "",
		.name = "",
		.industry_code = "",
		.employees = NUMBER_NONE,
		.revenue_fen = NUMBER_NONE,
		.assets_fen = NUMBER_NONE,
		.size_from = DAY_NONE };
	return row;
}

struct budget_item_fact *facts_add_budget_item(struct facts *facts)
{
	struct budget_item_fact *row;

	APPEND(budget_items, row);
	*row = (struct budget_item_fact){ .unit_code = "",
		.project_code = "",
		.package_no = "",
		.name = "",
		.approved_on = DAY_NONE,
		.currency = "CNY",
		.required_share_ppm = NUMBER_NONE,
		.reserved_fen = NUMBER_NONE,
		.reserved_small_micro_fen = NUMBER_NONE,
		.exemption_code = "",
		.exemption_reason = "",
		.exemption_approver = "",
		.exemption_on = DAY_NONE,
		.withdrawn_on = DAY_NONE,
		.planned_on = DAY_NONE,
		.plan_filed_on = DAY_NONE,
		.notice_on = DAY_NONE,
		.first_signed_on = DAY_NONE };
	return row;
}

struct contract_fact *facts_add_contract(struct facts *facts)
{
	struct contract_fact *row;

	APPEND(contracts, row);
	*row = (struct contract_fact){ .contract_no = "",
		.project_code = "",
		.package_no = "",
		.unit_code = "",
		.supplier_uscc = "",
		.signed_on = DAY_NONE,
		.currency = "CNY",
		.sme_share_ppm = NUMBER_NONE,
		.small_micro_share_ppm = NUMBER_NONE,
		.reserved_fen = NUMBER_NONE,
		.reserved_small_micro_fen = NUMBER_NONE,
		.agreed_term = NUMBER_NONE,
		.inspection_days = NUMBER_NONE,
		.late_rate_ppm = NUMBER_NONE,
		.late_cap_ppm = NUMBER_NONE,
		.day_base = NUMBER_NONE,
		.cancelled_on = DAY_NONE,
		.payment_clause = "" };
	return row;
}

struct amendment_fact *facts_add_amendment(struct facts *facts)
{
	struct amendment_fact *row;

	APPEND(amendments, row);
	*row = (struct amendment_fact){ .contract_no = "", .amended_on = DAY_NONE };
	return row;
}

struct event_fact *facts_add_event(struct facts *facts)
{
	struct event_fact *row;

	APPEND(events, row);
	*row = (struct event_fact){ .contract_no = "",
		.instalment = 1,
		.happened_on = DAY_NONE,
		.part_ppm = NUMBER_NONE,
		.amount_fen = NUMBER_NONE,
		.document = "" };
	return row;
}

struct obligation_fact *facts_add_obligation(struct facts *facts)
{
	struct obligation_fact *row;

	APPEND(obligations, row);
	*row = (struct obligation_fact){ .obligation_no = "",
		.contract_no = "",
		.kind = KIND_DELIVERY,
		.delivered_on = DAY_NONE,
		.accepted_on = DAY_NONE,
		.settled_on = DAY_NONE,
		.contract_due_on = DAY_NONE,
		.disputed_fen = NUMBER_NONE,
		.dispute_opened_on = DAY_NONE,
		.dispute_settled_on = DAY_NONE,
		.invoice_on = DAY_NONE };
	return row;
}

struct dispute_fact *facts_add_dispute(struct facts *facts)
{
	struct dispute_fact *row;

	APPEND(disputes, row);
	*row = (struct dispute_fact){ .dispute_id = "",
		.obligation_no = "",
		.ground = "",
		.opened_on = DAY_NONE,
		.settled_on = DAY_NONE,
		.agreed_due_on = DAY_NONE,
		.agreed_fen = NUMBER_NONE };
	return row;
}

struct payment_fact *facts_add_payment(struct facts *facts)
{
	struct payment_fact *row;

	APPEND(payments, row);
	*row = (struct payment_fact){ .voucher_no = "",
		.contract_no = "",
		.obligation_no = "",
		.unit_code = "",
		.payee_uscc = "",
		.currency = "CNY",
		.voucher_on = DAY_NONE,
		.cleared_on = DAY_NONE,
		.received_on = DAY_NONE,
		.matures_on = DAY_NONE,
		.reverses_voucher_no = "" };
	return row;
}

struct complaint_fact *facts_add_complaint(struct facts *facts)
{
	struct complaint_fact *row;

	APPEND(complaints, row);
	*row = (struct complaint_fact){ .complaint_no = "",
		.contract_no = "",
		.accepted_on = DAY_NONE,
		.handed_over_on = DAY_NONE,
		.answered_on = DAY_NONE,
		.result = "",
		.not_admitted_ground = "" };
	return row;
}

struct award_fact *facts_add_award(struct facts *facts)
{
	struct award_fact *row;

	APPEND(awards, row);
	*row = (struct award_fact){ .award_id = "",
		.unit_code = "",
		.buyer_name = "",
		.awarded_on = DAY_NONE,
		.amount_fen = NUMBER_NONE,
		.currency = "CNY",
		.first_party = (uint32_t)facts->parties.count };
	return row;
}

struct party_fact *facts_add_party(struct facts *facts)
{
	struct party_fact *row;

	if (facts->awards.count == 0)
		BUG("a party before any award");
	APPEND(parties, row);
	*row = (struct party_fact){ .supplier_id = "", .name = "" };
	facts->awards.items[facts->awards.count - 1].party_count++;
	return row;
}

static int compare_note(const void *number, const void *note)
{
	return strcmp(number, ((const struct debt_note_fact *)note)->obligation_no);
}

const struct debt_note_fact *facts_debt_note(const struct facts *facts, const char *obligation_no)
{
	if (facts->debt_notes.count == 0)
		return NULL;
	return bsearch(obligation_no, facts->debt_notes.items, facts->debt_notes.count,
		sizeof(*facts->debt_notes.items), compare_note);
}

const struct plan_fact *facts_plans(
	const struct facts *facts, const char *obligation_no, size_t *ret_count)
{
	const struct plan_fact *plans = facts->plans.items;
	size_t low = 0, high = facts->plans.count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(plans[middle].obligation_no, obligation_no) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low;
		end < facts->plans.count && strcmp(plans[end].obligation_no, obligation_no) == 0;)
		end++;
	*ret_count = end - low;
	return plans ? plans + low : NULL;
}

struct plan_fact *facts_add_plan(struct facts *facts)
{
	struct plan_fact *row;

	APPEND(plans, row);
	*row = (struct plan_fact){ .plan_id = "",
		.obligation_no = "",
		.agreed_on = DAY_NONE,
		.due_on = DAY_NONE,
		.final_on = DAY_NONE,
		.fund_source = "",
		.proof = "" };
	return row;
}

struct debt_note_fact *facts_add_debt_note(struct facts *facts)
{
	struct debt_note_fact *row;

	APPEND(debt_notes, row);
	*row = (struct debt_note_fact){ .obligation_no = "",
		.project_name = "",
		.origin = "",
		.cause = "",
		.responsible = "",
		.fund_source = "",
		.costs_fen = NUMBER_NONE,
		.secured_fen = NUMBER_NONE };
	return row;
}

struct declared_fact *facts_add_declared(struct facts *facts)
{
	struct declared_fact *row;

	APPEND(declared, row);
	*row = (struct declared_fact){ .obligation_no = "",
		.unit_code = "",
		.creditor_uscc = "",
		.creditor_name = "",
		.amount_fen = NUMBER_NONE,
		.outstanding_fen = NUMBER_NONE,
		.declared_due_on = DAY_NONE,
		.formed_on = DAY_NONE,
		.origin = "",
		.cause = "" };
	return row;
}

struct year_mark_fact *facts_add_year_mark(struct facts *facts)
{
	struct year_mark_fact *row;

	APPEND(year_marks, row);
	*row = (struct year_mark_fact){ .unit_code = "", .marked_on = DAY_NONE, .marked_by = "" };
	return row;
}

struct notice_fact *facts_add_notice(struct facts *facts)
{
	struct notice_fact *row;

	APPEND(notices, row);
	*row = (struct notice_fact){ .notice_id = "",
		.unit_code = "",
		.project_code = "",
		.package_no = "",
		.published_on = DAY_NONE,
		.end_reason = "" };
	return row;
}

struct contract_party_fact *facts_add_contract_party(struct facts *facts)
{
	struct contract_party_fact *row;

	APPEND(contract_parties, row);
	*row = (struct contract_party_fact){ .contract_no = "", .supplier_id = "" };
	return row;
}
