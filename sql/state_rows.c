#include "sql/state_rows.h"

#include <string.h>

#include "sql/copy_binary.h"

enum { STATE_COLUMNS = 39, GROUP_COLUMNS = 4 };

static void put_text(struct copy_bytes *out, const char *text)
{
	copy_binary_text(out, text, strlen(text));
}

static void put_amounts(struct copy_bytes *out, const struct state_row *row)
{
	copy_binary_int64(out, row->amount);
	copy_binary_int64(out, row->paid);
	copy_binary_int64(out, row->outstanding);
	copy_binary_int64(out, row->undisputed);
	copy_binary_int64(out, row->disputed);
	copy_binary_int64(out, row->overdue);
	copy_binary_day(out, row->overdue_since);
	put_text(out, row->rate_basis);
	copy_binary_int64(out, row->interest);
	copy_binary_int64(out, row->interest_alt);
	copy_binary_int64(out, row->rate_ppm);
	copy_binary_int32(out, (int32_t)row->day_base);
	copy_binary_numeric(out, row->day_product);
	copy_binary_int64(out, row->accruing);
	if (row->capped)
		copy_binary_int64(out, row->cap_left);
	else
		copy_binary_null(out);
}

static void put_alternative(struct copy_bytes *out, const struct state_row *row)
{
	if (row->alt_rate_ppm) {
		copy_binary_int64(out, row->alt_rate_ppm);
		copy_binary_int32(out, (int32_t)row->alt_day_base);
	} else {
		copy_binary_null(out);
		copy_binary_null(out);
	}
}

static void put_beside(struct copy_bytes *out, const struct state_row *row)
{
	if (row->beside) {
		copy_binary_numeric(out, row->beside_product);
		copy_binary_int64(out, row->beside_accruing);
	} else {
		copy_binary_null(out);
		copy_binary_null(out);
	}
}

void state_rows_put(struct copy_bytes *out, const struct state_key *key,
	const struct state_row *row, day_t as_of, int64_t run_id)
{
	const char *head[] = { key->obligation_no, row->contract_no, row->unit_code,
		row->supplier_uscc, row->department, row->kind, row->debtor_kind, row->coverage,
		row->status };
	copy_binary_row(out, STATE_COLUMNS);
	for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
		put_text(out, head[i]);
	copy_binary_day(out, row->start_on);
	copy_binary_day(out, row->due_nominal_on);
	copy_binary_day(out, row->due_on);
	put_text(out, row->due_source);
	put_amounts(out, row);
	copy_binary_texts(out, row->flags, row->flag_count);
	if (row->evidence)
		put_text(out, row->evidence);
	else
		copy_binary_null(out);
	copy_binary_day(out, as_of);
	copy_binary_int64(out, run_id);
	put_text(out, row->currency);
	copy_binary_uuid(out, key->print);
	if (row->missing_year)
		copy_binary_int32(out, row->missing_year);
	else
		copy_binary_null(out);
	put_alternative(out, row);
	put_beside(out, row);
}

void state_rows_gone(struct copy_bytes *out, const char *obligation_no)
{
	copy_binary_row(out, STATE_COLUMNS);
	put_text(out, obligation_no);
	for (int i = 1; i < STATE_COLUMNS; i++)
		copy_binary_null(out);
}

void state_rows_group(struct copy_bytes *out, const struct group_key *key, bool gone)
{
	copy_binary_row(out, GROUP_COLUMNS);
	put_text(out, key->unit_code);
	put_text(out, key->supplier_uscc);
	copy_binary_day(out, gone ? DAY_NONE : key->next_change_on);
	if (gone)
		copy_binary_null(out);
	else
		copy_binary_uuid(out, key->print);
}
