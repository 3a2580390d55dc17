#include "lib/facts_csv.h"

#include "checks/lpr.h"
#include "checks/size.h"
#include "checks/words.h"
#include "core/err.h"
#include "core/mem.h"
#include "core/text.h"
#include "lib/golden.h"

#include <string.h>

day_t text_day(const char *text, size_t length)
{
	day_t day = DAY_NONE;

	if (length && !day_parse(text, length, &day))
		BUG("not a date: %.*s", (int)length, text);
	return day;
}

fen_t text_yuan(const char *text, size_t length)
{
	fen_t fen = NUMBER_NONE;

	if (length && money_parse(text, length, &fen) != MONEY_PARSE_OK)
		BUG("not an amount: %.*s", (int)length, text);
	return fen;
}

int64_t facts_csv_percent(const char *text, size_t length)
{
	int64_t ppm = NUMBER_NONE;

	if (length && money_parse_percent(text, length, &ppm) != MONEY_PARSE_OK)
		BUG("not a percentage: %.*s", (int)length, text);
	return ppm;
}

day_t cell_day(const struct golden *golden, size_t row, const char *column)
{
	const char *text = golden_cell(golden, row, column);

	return text_day(text, strlen(text));
}

fen_t cell_yuan(const struct golden *golden, size_t row, const char *column)
{
	const char *text = golden_cell(golden, row, column);

	return text_yuan(text, strlen(text));
}

int64_t cell_percent(const struct golden *golden, size_t row, const char *column)
{
	const char *text = golden_cell(golden, row, column);

	return facts_csv_percent(text, strlen(text));
}

int64_t cell_int(const struct golden *golden, size_t row, const char *column)
{
	const char *text = golden_cell(golden, row, column);
	int64_t value = NUMBER_NONE;

	if (*text && !text_to_int64(text, &value))
		BUG("not a number: %s", text);
	return value;
}

char *next_piece(char **rest, char separator)
{
	char *piece = *rest, *end;

	if (!piece)
		return NULL;
	end = strchr(piece, separator);
	if (end)
		*end = 0;
	*rest = end ? end + 1 : NULL;
	return piece;
}

#define TEXT(column)       facts_text(facts, golden_cell(csv, i, column))
#define WORD(kind, column) words_##kind(golden_cell(csv, i, column))
#define DAY(column)        cell_day(csv, i, column)
#define YUAN(column)       cell_yuan(csv, i, column)
#define INT(column)        cell_int(csv, i, column)
#define PPM(column)        cell_percent(csv, i, column)

static void read_units(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct unit_fact *row = facts_add_unit(facts);

		row->unit_code = TEXT("unit_code");
		row->uscc = TEXT("uscc");
		row->name = TEXT("name");
		row->parent_code = TEXT("parent_code");
		row->kind = WORD(debtor_kind, "kind");
		row->valid_from = DAY("valid_from");
		row->valid_to = DAY("valid_to");
	}
}

static int64_t year_or_zero(const struct golden *csv, size_t i)
{
	int64_t year = INT("size_year");

	return year == NUMBER_NONE ? 0 : year;
}

static void read_suppliers(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct supplier_fact *row = facts_add_supplier(facts);

		row->uscc = TEXT("uscc");
		row->name = TEXT("name");
		row->industry_code = TEXT("industry_code");
		row->size_class = WORD(size_class, "size_class");
		row->employees = INT("employees");
		row->revenue_fen = YUAN("revenue_yuan");
		row->assets_fen = YUAN("assets_yuan");
		row->size_year = (int)year_or_zero(csv, i);
		row->deemed = WORD(deemed, "deemed");
		row->large_controlled = WORD(tri, "large_controlled");
	}
}

static void read_budget_items(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct budget_item_fact *row = facts_add_budget_item(facts);

		row->fiscal_year = (int)INT("fiscal_year");
		row->unit_code = TEXT("unit_code");
		row->project_code = TEXT("project_code");
		row->package_no = TEXT("package_no");
		row->name = TEXT("name");
		row->snapshot = WORD(snapshot_kind, "snapshot");
		row->approved_on = DAY("approved_on");
		row->class = WORD(procurement_class, "class");
		row->budget_fen = YUAN("budget_yuan");
		row->reserve_form = WORD(reserve_form, "reserve_form");
		row->reserved_for = WORD(reserved_for, "reserved_for");
		row->required_share_ppm = PPM("required_share_percent");
		row->exemption_code = TEXT("exemption_code");
		row->exemption_reason = TEXT("exemption_reason");
		row->exemption_approver = TEXT("exemption_approver");
		row->exemption_on = DAY("exemption_on");
		row->withdrawn_on = DAY("withdrawn_on");
	}
}

static void read_contract_terms(struct contract_fact *row, const struct golden *csv, size_t i)
{
	row->agreed_term = INT("agreed_term");
	row->term_unit = WORD(term_unit, "term_unit");
	row->clock_basis = WORD(clock_basis, "clock_basis");
	row->inspection_days = INT("inspection_days");
	row->late_rate_ppm = PPM("late_rate_percent_per_year");
	row->late_cap_ppm = PPM("late_cap_percent");
	row->day_base = INT("day_base");
	row->cancelled = strcmp(golden_cell(csv, i, "status"), "cancelled") == 0;
	row->cancelled_on = DAY("cancelled_on");
}

static void read_contracts(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct contract_fact *row = facts_add_contract(facts);

		row->contract_no = TEXT("contract_no");
		row->project_code = TEXT("project_code");
		row->package_no = TEXT("package_no");
		row->unit_code = TEXT("unit_code");
		row->supplier_uscc = TEXT("supplier_uscc");
		row->signed_on = DAY("signed_on");
		row->amount_fen = YUAN("amount_yuan");
		row->reserve_form = WORD(reserve_form, "reserve_form");
		row->sme_share_ppm = PPM("sme_share_percent");
		row->small_micro_share_ppm = PPM("small_micro_share_percent");
		row->declared_size = WORD(size_class, "declared_size");
		row->reserved_mark = WORD(tri, "reserved_mark");
		read_contract_terms(row, csv, i);
	}
}

static void read_amendments(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct amendment_fact *row = facts_add_amendment(facts);

		row->contract_no = TEXT("contract_no");
		row->amended_on = DAY("amended_on");
		row->amount_change_fen = YUAN("amount_change_yuan");
	}
}

static void read_obligations(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct obligation_fact *row = facts_add_obligation(facts);

		row->obligation_no = TEXT("obligation_no");
		row->contract_no = TEXT("contract_no");
		row->kind = WORD(obligation_kind, "kind");
		row->amount_fen = YUAN("amount_yuan");
		row->delivered_on = DAY("delivered_on");
		row->accepted_on = DAY("accepted_on");
		row->settled_on = DAY("settled_on");
		row->contract_due_on = DAY("contract_due_on");
		row->disputed_fen = YUAN("disputed_yuan");
		row->dispute_opened_on = DAY("dispute_opened_on");
		row->dispute_settled_on = DAY("dispute_settled_on");
	}
}

static void read_payments(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct payment_fact *row = facts_add_payment(facts);

		row->voucher_no = TEXT("voucher_no");
		row->contract_no = TEXT("contract_no");
		row->obligation_no = TEXT("obligation_no");
		row->unit_code = TEXT("unit_code");
		row->payee_uscc = TEXT("payee_uscc");
		row->amount_fen = YUAN("amount_yuan");
		row->voucher_on = DAY("voucher_on");
		row->cleared_on = DAY("cleared_on");
		row->received_on = DAY("received_on");
		row->instrument = WORD(instrument, "instrument");
		row->matures_on = DAY("matures_on");
		row->reverses_voucher_no = TEXT("reverses_voucher_no");
	}
}

static void read_complaints(struct facts *facts, const struct golden *csv)
{
	for (size_t i = 0; i < golden_rows(csv); i++) {
		struct complaint_fact *row = facts_add_complaint(facts);

		row->complaint_no = TEXT("complaint_no");
		row->contract_no = TEXT("contract_no");
		row->accepted_on = DAY("accepted_on");
		row->handed_over_on = DAY("handed_over_on");
		row->answered_on = DAY("answered_on");
		row->extended = WORD(tri, "extended") == TRI_YES;
	}
}

struct facts *facts_csv_read(const char *folder)
{
	static const struct {
		const char *file;
		void (*read)(struct facts *facts, const struct golden *csv);
	} files[] = {
		{ "unit", read_units },
		{ "supplier", read_suppliers },
		{ "budget_item", read_budget_items },
		{ "contract", read_contracts },
		{ "amendment", read_amendments },
		{ "obligation", read_obligations },
		{ "payment", read_payments },
		{ "complaint", read_complaints },
	};
	struct facts *facts = facts_new();

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		_cleanup_free_ char *path = mem_format("%s/%s.csv", folder, files[i].file);
		struct golden *csv = golden_open(path);

		files[i].read(facts, csv);
		golden_free(csv);
	}
	return facts;
}

static struct day_calendar *read_calendar(void)
{
	struct golden *csv = golden_open("domain/calendar.csv");
	struct day_calendar *calendar = day_calendar_new();

	for (size_t i = 0; i < golden_rows(csv); i++) {
		bool holiday = strcmp(golden_cell(csv, i, "kind"), "holiday") == 0;

		if (!day_calendar_add(
			    calendar, DAY("date"), holiday ? DAY_KIND_HOLIDAY : DAY_KIND_WORKDAY))
			BUG("calendar row %zu contradicts another", i);
	}
	golden_free(csv);
	return calendar;
}

static struct lpr_table *read_lpr(void)
{
	struct golden *csv = golden_open("domain/lpr.csv");
	struct lpr_table *table = lpr_new();

	for (size_t i = 0; i < golden_rows(csv); i++)
		lpr_add(table, DAY("date"), PPM("percent"));
	golden_free(csv);
	return table;
}

static struct size_standard *read_sizes(void)
{
	struct golden *csv = golden_open("domain/size-standard.csv");
	struct size_standard *standard = size_standard_new();
	struct err err = ERR_INIT;

	for (size_t i = 0; i < golden_rows(csv); i++) {
		if (size_standard_add(standard, golden_cell(csv, i, "standard_id"),
			    golden_cell(csv, i, "industry_code"), golden_cell(csv, i, "gbt4754"),
			    golden_cell(csv, i, "indicator"), INT("small_lower"),
			    INT("medium_lower"), INT("large_lower"), &err) < 0)
			BUG("%s", err.text);
	}
	golden_free(csv);
	return standard;
}

struct law_csv *law_csv_read(void)
{
	struct law_csv *csv = mem_zero(1, sizeof(*csv));

	parameters_defaults(&csv->parameters);
	csv->law = (struct law){ .parameters = &csv->parameters,
		.calendar = read_calendar(),
		.lpr = read_lpr(),
		.sizes = read_sizes() };
	return csv;
}

void law_csv_free(struct law_csv *csv)
{
	if (!csv)
		return;
	day_calendar_free((struct day_calendar *)csv->law.calendar);
	lpr_free((struct lpr_table *)csv->law.lpr);
	size_standard_free((struct size_standard *)csv->law.sizes);
	free(csv);
}
