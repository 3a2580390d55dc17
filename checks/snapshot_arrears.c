/* Members arrears, disclosure, complaints and obligations. */
#include "checks/snapshot_parts.h"

#include "checks/complaint.h"
#include "checks/words.h"
#include "core/mem.h"

#include <string.h>

static void write_sums(struct json_out *out, const char *key, const struct arrears_sums *sums)
{
	json_object_begin(out, key);
	json_int(out, "overdue_obligations", sums->overdue_obligations);
	json_int(out, "overdue_contracts", sums->overdue_contracts);
	json_fen(out, "overdue_fen", sums->overdue);
	json_fen(out, "interest_fen", sums->interest);
	json_fen(out, "undisputed_fen", sums->undisputed);
	json_fen(out, "disputed_fen", sums->disputed);
	json_fen(out, "outstanding_fen", sums->outstanding);
	json_int(out, "max_overdue_days", sums->max_overdue_days);
	json_object_end(out);
}

static void write_ageing(struct json_out *out, const struct arrears_report *report)
{
	json_object_begin(out, "ageing");
	for (int bucket = 0; bucket < AGEING_BUCKETS; bucket++) {
		json_object_begin(out, ageing_bucket_name(bucket));
		json_int(out, "parts", report->ageing[bucket].parts);
		json_fen(out, "fen", report->ageing[bucket].fen);
		json_object_end(out);
	}
	json_object_end(out);
}

static void write_side_lists(struct json_out *out, const struct arrears_report *report)
{
	static const enum coverage lists[] = { COVERAGE_INDIVIDUAL, COVERAGE_UNKNOWN_SIZE,
		COVERAGE_PREPAYMENT, COVERAGE_DEPOSIT, COVERAGE_NOT_COVERED };

	json_object_begin(out, "side_lists");
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		enum coverage list = lists[i];

		json_object_begin(out, coverage_name(list));
		json_int(out, "obligations", report->lists[list].obligations);
		json_int(out, "overdue_obligations", report->lists[list].overdue_obligations);
		json_fen(out, "outstanding_fen", report->lists[list].outstanding);
		json_fen(out, "overdue_fen", report->lists[list].overdue);
		json_fen(out, "interest_fen", report->lists[list].interest);
		json_object_end(out);
	}
	json_object_end(out);
}

static void write_status_counts(struct json_out *out, const struct arrears_report *report)
{
	char name[64];

	json_object_begin(out, "status_counts");
	for (int coverage = 0; coverage < COVERAGE_COUNT; coverage++) {
		for (int status = 0; status < STATUS_COUNT; status++) {
			if (report->status_counts[coverage][status] == 0)
				continue;
			snprintf(name, sizeof(name), "%s/%s",
				coverage_name((enum coverage)coverage),
				obligation_status_name((enum obligation_status)status));
			json_int(out, name, report->status_counts[coverage][status]);
		}
	}
	json_object_end(out);
}

void write_arrears(struct json_out *out, const char *key, const struct arrears_report *report,
	const struct ageing_table *tables, const struct practice *practice,
	const struct facts *facts, day_t as_of)
{
	json_object_begin(out, key);
	write_sums(out, "district", &report->district);
	json_object_begin(out, "by_debtor_kind");
	for (int kind = DEBTOR_ORGAN; kind < DEBTOR_KINDS; kind++) {
		if (report->by_debtor_kind[kind].present)
			write_sums(out, words_of_debtor_kind((enum debtor_kind)kind),
				&report->by_debtor_kind[kind]);
	}
	json_object_end(out);
	json_object_begin(out, "by_department");
	for (size_t i = 0; i < report->department_count; i++) {
		json_line(out);
		write_sums(out, report->departments[i].department, &report->departments[i].sums);
	}
	json_object_end(out);
	json_line(out);
	write_ageing(out, report);
	write_side_lists(out, report);
	write_status_counts(out, report);
	json_fen(out, "unallocated_fen", report->unallocated);
	json_line(out);
	write_ageing_tables(out, "ageing_tables", tables);
	json_line(out);
	write_practice(out, "practice", practice);
	json_line(out);
	write_declared(out, "declared", facts, as_of);
	json_object_end(out);
}

static void write_disclosed(
	struct json_out *out, const char *key, const struct disclosure_sums *sums)
{
	json_object_begin(out, key);
	json_int(out, "contracts", sums->contracts);
	json_int(out, "obligations", sums->obligations);
	json_fen(out, "amount_fen", sums->amount);
	json_int(out, "verified_obligations", sums->verified_obligations);
	json_fen(out, "verified_fen", sums->verified);
	json_int(out, "refuted_obligations", sums->refuted_obligations);
	json_fen(out, "refuted_fen", sums->refuted);
	json_object_end(out);
}

static void write_disclosed_list(
	struct json_out *out, const char *key, const struct disclosure_list *list)
{
	json_object_begin(out, key);
	for (size_t i = 0; i < list->count; i++)
		write_disclosed(out, list->items[i].code, &list->items[i].sums);
	json_object_end(out);
}

void write_disclosure(struct json_out *out, const char *key, const struct disclosure *disclosure)
{
	json_object_begin(out, key);
	json_day(out, "counted_at", disclosure->counted_at);
	json_day(out, "known_at", disclosure->known_at);
	write_disclosed(out, "organ_and_institution", &disclosure->organ_and_institution);
	write_disclosed_list(out, "by_department", &disclosure->departments);
	/* D-2, D-3: each says for itself yes or no, number and amount. */
	write_disclosed_list(out, "enterprises", &disclosure->enterprises);
	write_disclosed_list(out, "institutions", &disclosure->institutions);
	json_object_begin(out, "by_debtor_kind");
	for (int kind = DEBTOR_ORGAN; kind < DEBTOR_KINDS; kind++)
		write_disclosed(out, words_of_debtor_kind((enum debtor_kind)kind),
			&disclosure->by_debtor_kind[kind]);
	json_object_end(out);
	json_object_end(out);
}

static int compare_complaints(const void *a, const void *b)
{
	return strcmp((*(const struct complaint_fact *const *)a)->complaint_no,
		(*(const struct complaint_fact *const *)b)->complaint_no);
}

static void write_complaint(struct json_out *out, const struct law *law,
	const struct complaint_fact *complaint, day_t as_of)
{
	struct complaint_verdict verdict = complaint_judge(law, complaint, as_of);

	json_line(out);
	json_object_begin(out, NULL);
	json_text(out, "complaint_no", complaint->complaint_no);
	json_day(out, "handover_due", verdict.hand_over_due);
	json_text(out, "handover_status", hand_over_status_name(verdict.hand_over));
	json_day(out, "answer_nominal", verdict.answer_nominal);
	json_day(out, "answer_due", verdict.answer_due);
	json_text(out, "answer_status", answer_status_name(verdict.answer));
	json_text(out, "result", complaint->result);
	json_text(out, "result_words", complaint_result_words(complaint->result));
	json_text(out, "not_admitted_ground", complaint->not_admitted_ground);
	json_object_end(out);
}

void write_complaints(struct json_out *out, const char *key, const struct law *law,
	const struct facts *facts, day_t as_of)
{
	size_t count = facts->complaints.count;
	const struct complaint_fact **sorted = mem_zero(count + 1, sizeof(*sorted));

	for (size_t i = 0; i < count; i++)
		sorted[i] = &facts->complaints.items[i];
	if (count > 1)
		qsort(sorted, count, sizeof(*sorted), compare_complaints);
	json_array_begin(out, key);
	for (size_t i = 0; i < count; i++)
		write_complaint(out, law, sorted[i], as_of);
	json_array_end(out);
	free(sorted);
}

static void write_amounts(struct json_out *out, const struct obligation_state *state)
{
	json_fen(out, "amount_fen", state->amount);
	json_fen(out, "paid_fen", state->paid);
	json_fen(out, "outstanding_fen", state->outstanding);
	json_fen(out, "undisputed_fen", state->undisputed);
	json_fen(out, "disputed_fen", state->disputed);
	if (state->given_up > 0)
		json_fen(out, "given_up_fen", state->given_up);
	json_fen(out, "overdue_fen", state->overdue);
	json_int(out, "overdue_days", state->overdue_days);
	json_day(out, "overdue_since", state->overdue_since);
	json_text(out, "rate_basis", rate_basis_name(state->rate.basis));
	json_fen(out, "interest_fen", state->interest);
	json_fen(out, "interest_alt_fen", state->interest_alt);
	if (state->hints & HINT_LATE_DISPUTE)
		json_fen(out, "interest_beside_fen", arrears_interest_beside(state));
	if (state->legal_order) {
		json_fen(out, "interest_paid_fen", state->interest_paid);
		json_fen(out, "costs_fen", state->costs);
		json_fen(out, "costs_paid_fen", state->costs_paid);
	}
}

void write_obligation(struct json_out *out, const char *key, const struct facts *facts,
	const struct obligation_state *state)
{
	const struct obligation_fact *fact = &facts->obligations.items[state->obligation];

	json_object_begin(out, key);
	json_text(out, "obligation_no", fact->obligation_no);
	json_text(out, "contract_no", fact->contract_no);
	json_text(out, "coverage", coverage_name(state->coverage));
	json_day(out, "start", state->due.start);
	json_day(out, "due_nominal", state->due.nominal);
	json_day(out, "due", state->due.rolled);
	json_text(out, "due_source", due_source_name(state->due.source));
	json_text(out, "status", obligation_status_name(state->status));
	write_amounts(out, state);
	json_array_begin(out, "flags");
	for (int bit = 0; bit < FLAG_COUNT; bit++) {
		if (state->flags & 1u << bit)
			json_text(out, NULL, obligation_flag_name(bit));
	}
	json_array_end(out);
	json_array_begin(out, "hints");
	for (int bit = 0; bit < HINT_COUNT; bit++) {
		if (state->hints & 1u << bit)
			json_text(out, NULL, obligation_hint_name(bit));
	}
	json_array_end(out);
	json_object_end(out);
}
