#include "checks/tell_step.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/json_out.h"
#include "checks/ladder.h"
#include "checks/tell_body.h"
#include "core/mem.h"

enum { PAYLOAD_MAX = 1 << 20 };

/* The rows of a proposal are written as they come; the members around them when it is told. */
struct step_case {
	int64_t proposal_id, rows_total;
	enum ladder_step step;
	char *unit_code, *department, *decided_by, *reason;
	day_t decided_on;
	fen_t overdue;
	struct step_row {
		char *obligation_no, *contract_no, *supplier_name, *supplier_uscc;
		day_t overdue_since;
		int64_t overdue_days;
		fen_t overdue, disputed, interest;
	} *rows;
	size_t count, capacity;
};

struct tell_steps {
	struct tell_step_context context;
	struct step_case *cases;
	size_t count, capacity, next;
	struct buf payload;
	char case_key[64];
};

struct tell_steps *tell_steps_new(const struct tell_step_context *context)
{
	struct tell_steps *steps = mem_zero(1, sizeof(*steps));

	steps->context = *context;
	buf_init(&steps->payload, PAYLOAD_MAX);
	return steps;
}

static void case_free(struct step_case *item)
{
	for (size_t i = 0; i < item->count; i++) {
		free(item->rows[i].obligation_no);
		free(item->rows[i].contract_no);
		free(item->rows[i].supplier_name);
		free(item->rows[i].supplier_uscc);
	}
	free(item->rows);
	free(item->unit_code);
	free(item->department);
	free(item->decided_by);
	free(item->reason);
}

void tell_steps_free(struct tell_steps *steps)
{
	if (!steps)
		return;
	for (size_t i = 0; i < steps->count; i++)
		case_free(&steps->cases[i]);
	free(steps->cases);
	buf_free(&steps->payload);
	free(steps);
}

static struct step_case *case_of(struct tell_steps *steps, const struct proposal_row *row)
{
	struct step_case *last = steps->count ? &steps->cases[steps->count - 1] : NULL;

	if (last && last->proposal_id == row->proposal_id)
		return last;
	MEM_GROW(steps->cases, steps->count, steps->capacity);
	last = &steps->cases[steps->count++];
	*last = (struct step_case){
		.proposal_id = row->proposal_id,
		.rows_total = row->rows_total,
		.step = ladder_step_parse(row->step),
		.unit_code = mem_text(row->unit_code),
		.department = mem_text(row->department),
		.decided_by = mem_text(row->decided_by),
		.reason = mem_text(row->reason),
		.decided_on = row->decided_on,
		.overdue = row->overdue_total,
	};
	return last;
}

void tell_steps_take(struct tell_steps *steps, const struct proposal_row *row)
{
	struct step_case *item = case_of(steps, row);

	MEM_GROW(item->rows, item->count, item->capacity);
	item->rows[item->count++] = (struct step_row){
		.obligation_no = mem_text(row->obligation_no),
		.contract_no = mem_text(row->contract_no),
		.supplier_name = mem_text(row->supplier_name),
		.supplier_uscc = mem_text(row->supplier_uscc),
		.overdue_since = row->overdue_since,
		.overdue_days = row->overdue_days,
		.overdue = row->overdue,
		.disputed = row->disputed,
		.interest = row->interest,
	};
}

static void write_common(
	const struct tell_steps *steps, const struct step_case *item, struct json_out *out)
{
	const struct tell_step_context *context = &steps->context;
	const struct ledger *ledger = context->ledger;
	const char *citation = ledger_citation(ledger, "E-6", "interview_days");

	json_text(out, "type", "sme.arrears.step");
	json_text(out, "event", tell_event_name(TELL_OPENED));
	json_text(out, "label", ladder_step_words(item->step));
	json_text(out, "timestamp", context->started_at);
	json_day(out, "as_of", context->as_of);
	json_text(out, "case", steps->case_key);
	json_text(out, "severity", "warning");
	json_bool(out, "demonstration", ledger->demonstration);
	json_text(out, "jurisdiction", ledger->jurisdiction);
	json_text(out, "jurisdiction_name", ledger->jurisdiction_name);
	json_text(out, "program", context->program);
	json_array_begin(out, "rules");
	json_text(out, NULL, "E-6");
	json_array_end(out);
	json_array_begin(out, "citations");
	if (*citation)
		json_text(out, NULL, citation);
	json_array_end(out);
	tell_write_unit(ledger, context->units, context->as_of, out, "unit", item->unit_code);
	if (*item->department)
		tell_write_unit(ledger, context->units, context->as_of, out, "department",
			item->department);
	json_object_begin(out, "coverage");
	json_int(out, "known_batch", ledger->known_batch);
	json_text(out, "known_at", ledger->known_at);
	json_object_end(out);
	json_array_begin(out, "findings");
	json_array_end(out);
}

static void write_step(const struct step_case *item, struct json_out *out)
{
	json_object_begin(out, "step");
	json_int(out, "proposal_id", item->proposal_id);
	json_text(out, "step", ladder_step_name(item->step));
	json_text(out, "words", ladder_step_words(item->step));
	json_text(out, "addressee", ladder_step_addressee(item->step));
	json_text(out, "decided_by", item->decided_by);
	json_day(out, "decided_on", item->decided_on);
	json_text(out, "reason", item->reason);
	json_object_end(out);
}

static void write_rows(const struct step_case *item, struct json_out *out)
{
	json_object_begin(out, "arrears");
	json_int(out, "rows_total", item->rows_total);
	json_int(out, "overdue_fen", item->overdue);
	json_array_begin(out, "rows");
	for (size_t i = 0; i < item->count; i++) {
		const struct step_row *row = &item->rows[i];

		json_object_begin(out, NULL);
		json_text(out, "obligation_no", row->obligation_no);
		json_text(out, "contract_no", row->contract_no);
		json_text_cut(out, "supplier_name", row->supplier_name, JSON_NAME_MAX);
		json_text(out, "supplier_uscc", row->supplier_uscc);
		json_day(out, "due_on", row->overdue_since);
		json_int(out, "overdue_days", row->overdue_days);
		json_int(out, "overdue_fen", row->overdue);
		if (row->disputed)
			json_int(out, "disputed_fen", row->disputed);
		if (row->interest != PROPOSAL_NO_INTEREST)
			json_int(out, "interest_fen", row->interest);
		json_text(out, "rule", "P-4");
		json_bool(out, "verified", true);
		json_object_end(out);
	}
	json_array_end(out);
	json_object_end(out);
}

bool tell_steps_next(
	struct tell_steps *steps, struct message_draft *ret_draft, int64_t *ret_proposal_id)
{
	const struct step_case *item;
	struct json_out out;

	if (steps->next == steps->count)
		return false;
	item = &steps->cases[steps->next++];
	snprintf(steps->case_key, sizeof(steps->case_key), "step/%" PRId64, item->proposal_id);
	buf_reset(&steps->payload);
	json_out_init(&out, &steps->payload, NULL, NULL);
	json_object_begin(&out, NULL);
	write_common(steps, item, &out);
	write_step(item, &out);
	write_rows(item, &out);
	json_object_end(&out);
	if (json_finish(&out) < 0)
		BUG("payload of one step above %d bytes", PAYLOAD_MAX);
	*ret_proposal_id = item->proposal_id;
	*ret_draft = (struct message_draft){
		.run_id = steps->context.run_id,
		.case_key = steps->case_key,
		.event = tell_event_name(TELL_OPENED),
		.rule_id = "E-6",
		.severity = "warning",
		.unit_code = item->unit_code,
		.department = item->department,
		.payload = steps->payload.data,
		.codes = "{}",
		.as_of = steps->context.as_of,
		.once_a_day = true,
	};
	return true;
}
