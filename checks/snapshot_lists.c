/* Members of arrears beyond the published sums: ageing tables, payment practice, declared debts, the day's work. */
#include "checks/snapshot_parts.h"

#include "checks/promise.h"
#include "checks/words.h"

static void write_row(struct json_out *out, const char *key, const struct ageing_row *row)
{
	json_object_begin(out, key);
	json_fen(out, "balance_fen", row->balance);
	json_int(out, "parts", row->parts_total);
	for (int i = 0; i < AGEING_COLUMNS; i++) {
		json_object_begin(out, ageing_column_name(i));
		json_int(out, "parts", row->parts[i]);
		json_fen(out, "fen", row->fen[i]);
		json_object_end(out);
	}
	json_object_end(out);
}

void write_ageing_tables(struct json_out *out, const char *key, const struct ageing_table *tables)
{
	json_object_begin(out, key);
	write_row(out, "total", &tables[0].total);
	for (int by = 0; by < AGEING_BY_COUNT; by++) {
		json_object_begin(out, ageing_by_name((enum ageing_by)by));
		for (size_t i = 0; i < tables[by].count; i++) {
			json_line(out);
			write_row(out, tables[by].groups[i].key, &tables[by].groups[i].row);
		}
		json_object_end(out);
	}
	json_object_end(out);
}

void write_practice(struct json_out *out, const char *key, const struct practice *practice)
{
	json_object_begin(out, key);
	json_day(out, "from", practice->from);
	json_day(out, "to", practice->as_of);
	json_int(out, "debts", (int64_t)practice->count);
	json_fen(out, "amount_fen", practice->amount);
	json_int(out, "average_days_hundredths", practice->average_hundredths);
	json_int(out, "average_days_by_value_hundredths", practice->average_by_value_hundredths);
	json_int(out, "median_days", practice->median_days);
	json_int(out, "median_days_by_value", practice->median_by_value_days);
	for (int share = 0; share < PRACTICE_SHARES; share++) {
		json_object_begin(out, practice_share_name(share));
		json_int(out, "debts", practice->share_count[share]);
		json_fen(out, "amount_fen", practice->share_amount[share]);
		json_object_end(out);
	}
	json_object_end(out);
}

static void write_declared_debt(struct json_out *out, const struct declared_fact *debt, day_t as_of)
{
	json_line(out);
	json_object_begin(out, NULL);
	json_text(out, "obligation_no", debt->obligation_no);
	json_text(out, "unit_code", debt->unit_code);
	json_text(out, "creditor_uscc", debt->creditor_uscc);
	json_text(out, "creditor_name", debt->creditor_name);
	json_fen(out, "outstanding_fen", declared_outstanding(debt));
	json_day(out, "declared_due", debt->declared_due_on);
	json_int(out, "overdue_days", declared_overdue_days(debt, as_of));
	json_text(out, "origin", debt->origin);
	json_text(out, "cause", debt->cause);
	json_object_end(out);
}

void write_declared(struct json_out *out, const char *key, const struct facts *facts, day_t as_of)
{
	struct declared_report report;

	declared_judge(facts, as_of, &report);
	json_object_begin(out, key);
	write_row(out, "total", &report.total);
	json_object_begin(out, "by_unit");
	for (size_t i = 0; i < report.count; i++) {
		json_line(out);
		write_row(out, report.units[i].unit_code, &report.units[i].row);
	}
	json_object_end(out);
	json_array_begin(out, "debts");
	for (size_t i = 0; i < facts->declared.count; i++) {
		const struct declared_fact *debt = &facts->declared.items[i];

		if (declared_known(debt, as_of) && declared_outstanding(debt) > 0)
			write_declared_debt(out, debt, as_of);
	}
	json_array_end(out);
	json_object_end(out);
	declared_free(&report);
}

/* What the ledger of debts has beside the figures (线索来源, 拖欠原因, 责任人, 资金来源). */
static void write_note(
	struct json_out *out, const struct facts *facts, const char *obligation_no, day_t as_of)
{
	struct promise promise = promise_of(facts, obligation_no, as_of);
	const struct debt_note_fact *note = facts_debt_note(facts, obligation_no);

	json_text(out, "origin", note ? note->origin : "");
	json_text(out, "cause", note ? note->cause : "");
	json_text(out, "responsible", note ? note->responsible : "");
	json_text(out, "fund_source",
		note && *note->fund_source ? note->fund_source : promise.fund_source);
	json_day(out, "promised_on", promise.until);
}

static void write_work(struct json_out *out, const struct worklist *list,
	const struct worklist_row *row, size_t rank)
{
	const struct facts *facts = list->facts;
	const struct obligation_state *state = row->state;
	const struct contract_fact *contract = &facts->contracts.items[state->contract];

	json_line(out);
	json_object_begin(out, NULL);
	json_int(out, "rank", (int64_t)rank);
	json_text(out, "obligation_no", row->obligation_no);
	json_text(out, "contract_no", contract->contract_no);
	json_text(out, "project_code", contract->project_code);
	json_text(out, "project_name", worklist_project_name(list, row));
	json_text(out, "unit_code", contract->unit_code);
	json_text(out, "supplier_uscc", contract->supplier_uscc);
	json_text(out, "standing", standing_name(row->standing));
	json_text(out, "standing_words", standing_words(row->standing));
	json_fen(out, "overdue_fen", state->overdue);
	json_fen(out, "disputed_fen", state->disputed);
	json_int(out, "overdue_days", state->overdue_days);
	json_bool(out, "new", row->fresh);
	json_text(out, "change", row->fresh ? "new" : "");
	write_note(out, facts, row->obligation_no, list->as_of);
	json_array_begin(out, "hints");
	for (int bit = 0; bit < HINT_COUNT; bit++)
		if (state->hints & 1u << bit)
			json_text(out, NULL, obligation_hint_name(bit));
	json_array_end(out);
	json_object_end(out);
}

void write_work_list(struct json_out *out, const char *key, const struct worklist *list)
{
	json_object_begin(out, key);
	json_day(out, "since", list->since);
	json_array_begin(out, "order");
	for (int i = 0; i < list->order.count; i++)
		json_text(out, NULL, worklist_criterion_name((int)list->order.criteria[i]));
	json_array_end(out);
	json_array_begin(out, "rows");
	for (size_t i = 0; i < list->count; i++)
		write_work(out, list, &list->rows[i], i + 1);
	json_array_end(out);
	json_array_begin(out, "cleared");
	for (size_t i = 0; i < list->cleared_count; i++) {
		json_line(out);
		json_object_begin(out, NULL);
		json_text(out, "obligation_no", list->cleared[i].obligation_no);
		json_fen(out, "overdue_before_fen", list->cleared[i].before);
		json_object_end(out);
	}
	json_array_end(out);
	json_object_end(out);
}
