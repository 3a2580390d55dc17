#include "checks/load_rows.h"

#include "checks/words.h"
#include "sql/job.h"

/* Reads a row from left to right, so that a function reads like the SELECT list. */
struct cursor {
	struct facts *facts;
	const struct sql_row *row;
	int column;
};

static const char *next_text(struct cursor *at)
{
	return facts_text(at->facts, sql_row_text(at->row, at->column++));
}

static const char *next_own_number(struct cursor *at) /* of the record itself */
{
	return facts_number(at->facts, sql_row_text(at->row, at->column++));
}

static const char *next_word(struct cursor *at) /* for words_*: not kept */
{
	return sql_row_text(at->row, at->column++);
}

static int64_t next_number(struct cursor *at)
{
	return sql_row_int_or(at->row, at->column++, NUMBER_NONE);
}

static day_t next_day(struct cursor *at)
{
	return sql_row_day(at->row, at->column++);
}

static bool next_true(struct cursor *at)
{
	int column = at->column++;
	return !sql_row_null(at->row, column) && sql_row_bool(at->row, column);
}

static enum tri next_tri(struct cursor *at)
{
	int column = at->column++;
	if (sql_row_null(at->row, column))
		return TRI_UNKNOWN;
	return sql_row_bool(at->row, column) ? TRI_YES : TRI_NO;
}

void fact_row_unit(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct unit_fact *unit = facts_add_unit(at.facts);
	unit->unit_code = next_text(&at);
	unit->uscc = next_text(&at);
	unit->name = next_text(&at);
	unit->parent_code = next_text(&at);
	unit->kind = words_debtor_kind(next_word(&at));
	unit->valid_from = next_day(&at);
	unit->valid_to = next_day(&at);
	unit->contact = next_text(&at);
}

void fact_row_supplier(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct supplier_fact *supplier = facts_add_supplier(at.facts);
	supplier->uscc = next_text(&at);
	supplier->name = next_text(&at);
	supplier->industry_code = next_text(&at);
	supplier->size_class = words_size_class(next_word(&at));
	supplier->employees = next_number(&at);
	supplier->revenue_fen = next_number(&at);
	supplier->assets_fen = next_number(&at);
	supplier->size_year = (int)sql_row_int_or(at.row, at.column++, 0);
	supplier->deemed = words_deemed(next_word(&at));
	supplier->large_controlled = next_tri(&at);
	supplier->one_size = next_true(&at);
	supplier->size_from = next_day(&at);
	supplier->size_told = sql_row_int_or(at.row, at.column++, 0);
}

void fact_row_budget_item(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct budget_item_fact *item = facts_add_budget_item(at.facts);
	item->fiscal_year = (int)next_number(&at);
	item->unit_code = next_text(&at);
	item->project_code = next_text(&at);
	item->package_no = next_text(&at);
	item->name = next_text(&at);
	item->snapshot = words_snapshot_kind(next_word(&at));
	item->approved_on = next_day(&at);
	item->class = words_procurement_class(next_word(&at));
	item->budget_fen = next_number(&at);
	item->reserve_form = words_reserve_form(next_word(&at));
	item->reserved_for = words_reserved_for(next_word(&at));
	item->required_share_ppm = next_number(&at);
	item->reserved_fen = next_number(&at);
	item->reserved_small_micro_fen = next_number(&at);
	item->exemption_code = next_text(&at);
	item->exemption_reason = next_text(&at);
	item->exemption_approver = next_text(&at);
	item->exemption_on = next_day(&at);
	item->withdrawn_on = next_day(&at);
	item->planned_on = words_month(next_word(&at));
	item->plan_filed_on = next_day(&at);
	item->notice_on = next_day(&at);
}

/* Of another year: whose it is, and what decides whether it is the effective row. */
void fact_row_before(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct budget_item_fact *item = facts_add_budget_item(at.facts);
	item->fiscal_year = (int)next_number(&at);
	item->unit_code = next_text(&at);
	item->project_code = next_text(&at);
	item->package_no = next_text(&at);
	item->snapshot = words_snapshot_kind(next_word(&at));
	item->approved_on = next_day(&at);
	item->budget_fen = 0;
}

void fact_row_contract(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct contract_fact *contract = facts_add_contract(at.facts);
	contract->contract_no = next_own_number(&at);
	contract->project_code = next_text(&at);
	contract->package_no = next_text(&at);
	contract->unit_code = next_text(&at);
	contract->supplier_uscc = next_text(&at);
	contract->signed_on = next_day(&at);
	contract->amount_fen = next_number(&at);
	contract->reserve_form = words_reserve_form(next_word(&at));
	contract->sme_share_ppm = next_number(&at);
	contract->small_micro_share_ppm = next_number(&at);
	contract->reserved_fen = next_number(&at);
	contract->reserved_small_micro_fen = next_number(&at);
	contract->declared_size = words_size_class(next_word(&at));
	contract->reserved_mark = next_tri(&at);
	contract->agreed_term = next_number(&at);
	contract->term_unit = words_term_unit(next_word(&at));
	contract->clock_basis = words_clock_basis(next_word(&at));
	contract->inspection_days = next_number(&at);
	contract->late_rate_ppm = next_number(&at);
	contract->late_cap_ppm = next_number(&at);
	contract->day_base = next_number(&at);
	contract->cancelled = next_true(&at);
	contract->cancelled_on = next_day(&at);
	contract->payment_clause = next_text(&at);
}

void fact_row_amendment(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct amendment_fact *amendment = facts_add_amendment(at.facts);
	amendment->contract_no = next_text(&at);
	amendment->amended_on = next_day(&at);
	amendment->amount_change_fen = next_number(&at);
}

void fact_row_event(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct event_fact *event = facts_add_event(at.facts);
	event->contract_no = next_text(&at);
	event->instalment = next_number(&at);
	event->kind = words_event_kind(next_word(&at));
	event->result = words_event_result(next_word(&at));
	event->happened_on = next_day(&at);
	event->part_ppm = next_number(&at);
	event->amount_fen = next_number(&at);
	event->document = next_text(&at);
}

void fact_row_obligation(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct obligation_fact *obligation = facts_add_obligation(at.facts);
	obligation->obligation_no = next_own_number(&at);
	obligation->contract_no = next_text(&at);
	obligation->kind = words_obligation_kind(next_word(&at));
	obligation->amount_fen = next_number(&at);
	obligation->delivered_on = next_day(&at);
	obligation->accepted_on = next_day(&at);
	obligation->settled_on = next_day(&at);
	obligation->contract_due_on = next_day(&at);
	obligation->disputed_fen = next_number(&at);
	obligation->dispute_opened_on = next_day(&at);
	obligation->dispute_settled_on = next_day(&at);
	obligation->invoice_on = next_day(&at);
	obligation->deposit_kind = words_deposit_kind(next_word(&at));
}

void fact_row_dispute(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct dispute_fact *dispute = facts_add_dispute(at.facts);
	dispute->dispute_id = next_own_number(&at);
	dispute->obligation_no = next_text(&at);
	dispute->ground = next_text(&at);
	dispute->opened_on = next_day(&at);
	dispute->settled_on = next_day(&at);
	dispute->agreed_due_on = next_day(&at);
	dispute->amount_fen = next_number(&at);
	dispute->agreed_fen = next_number(&at);
	dispute->separable = next_tri(&at);
}

void fact_row_payment(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct payment_fact *payment = facts_add_payment(at.facts);
	payment->voucher_no = next_own_number(&at);
	payment->contract_no = next_text(&at);
	payment->obligation_no = next_own_number(&at); /* few have two payments */
	payment->unit_code = next_text(&at);
	payment->payee_uscc = next_text(&at);
	payment->amount_fen = next_number(&at);
	payment->voucher_on = next_day(&at);
	payment->cleared_on = next_day(&at);
	payment->received_on = next_day(&at);
	payment->instrument = words_instrument(next_word(&at));
	payment->matures_on = next_day(&at);
	payment->reverses_voucher_no = next_text(&at);
}

void fact_row_complaint(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct complaint_fact *complaint = facts_add_complaint(at.facts);
	complaint->complaint_no = next_text(&at);
	complaint->contract_no = next_text(&at);
	complaint->accepted_on = next_day(&at);
	complaint->handed_over_on = next_day(&at);
	complaint->answered_on = next_day(&at);
	complaint->extended = next_true(&at);
	complaint->result = next_text(&at);
	complaint->not_admitted_ground = next_text(&at);
}

void fact_row_declared(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct declared_fact *debt = facts_add_declared(at.facts);
	debt->obligation_no = next_text(&at);
	debt->unit_code = next_text(&at);
	debt->creditor_uscc = next_text(&at);
	debt->creditor_name = next_text(&at);
	debt->amount_fen = next_number(&at);
	debt->outstanding_fen = next_number(&at);
	debt->declared_due_on = next_day(&at);
	debt->formed_on = next_day(&at);
	debt->origin = next_text(&at);
	debt->cause = next_text(&at);
}

void fact_row_debt_note(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct debt_note_fact *note = facts_add_debt_note(at.facts);
	note->obligation_no = next_text(&at);
	note->project_name = next_text(&at);
	note->origin = next_text(&at);
	note->cause = next_text(&at);
	note->responsible = next_text(&at);
	note->fund_source = next_text(&at);
	note->costs_fen = next_number(&at);
	note->secured_fen = next_number(&at);
}

void fact_row_plan(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct plan_fact *plan = facts_add_plan(at.facts);
	plan->plan_id = next_text(&at);
	plan->obligation_no = next_text(&at);
	plan->instalment = next_number(&at);
	plan->agreed_on = next_day(&at);
	plan->due_on = next_day(&at);
	plan->final_on = next_day(&at);
	plan->amount_fen = next_number(&at);
	plan->fund_source = next_text(&at);
	plan->proof = next_text(&at);
}

void fact_row_year_mark(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct year_mark_fact *mark = facts_add_year_mark(at.facts);
	mark->fiscal_year = (int)next_number(&at);
	mark->unit_code = next_text(&at);
	mark->mark = words_year_mark(next_word(&at));
	mark->marked_on = next_day(&at);
	mark->marked_by = next_text(&at);
}

void fact_row_notice(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct notice_fact *notice = facts_add_notice(at.facts);
	notice->notice_id = next_text(&at);
	notice->unit_code = next_text(&at);
	notice->project_code = next_text(&at);
	notice->package_no = next_text(&at);
	notice->kind = words_notice_kind(next_word(&at));
	notice->published_on = next_day(&at);
	notice->end_reason = next_text(&at);
	notice->preference_ppm = next_number(&at);
	notice->part_preference_ppm = next_number(&at);
}

void fact_row_contract_party(struct facts *facts, const struct sql_row *row, int first)
{
	struct cursor at = { facts, row, first };
	struct contract_party_fact *party = facts_add_contract_party(at.facts);
	party->contract_no = next_text(&at);
	party->supplier_id = next_text(&at);
	party->role = words_party_role(next_word(&at));
	party->size_class = words_size_class(next_word(&at));
}

void fact_row_award(struct facts *facts, const struct sql_row *row, int first)
{
	enum { FIRST_PARTY_COLUMN = 6 };
	struct cursor at = { facts, row, first };
	const char *award_id = next_text(&at);
	/* Texts of one pool: equal texts are one copy. */
	if (facts->awards.count == 0 ||
		facts->awards.items[facts->awards.count - 1].award_id != award_id) {
		struct award_fact *award = facts_add_award(facts);
		award->award_id = award_id;
		award->unit_code = next_text(&at);
		award->buyer_name = next_text(&at);
		award->awarded_on = next_day(&at);
		award->amount_fen = next_number(&at);
		award->currency = next_text(&at);
	}
	at.column = first + FIRST_PARTY_COLUMN;
	if (sql_row_null(row, at.column))
		return;
	struct party_fact *party = facts_add_party(facts);
	party->supplier_id = next_text(&at);
	party->name = next_text(&at);
	party->size_class = words_size_class(next_word(&at));
	party->deemed = words_deemed(next_word(&at));
	party->related_to_large = next_tri(&at);
}
