#include "sql/kind.h"

#include <string.h>

/* One line per column, in the order of the ledger table (sql/migrations/0001_ledger.sql) after its
 * common columns. */
#define COLUMN(column, header, value_type, ...)                                                    \
	{                                                                                          \
		.name = column, .csv = header, .type = value_type, ##__VA_ARGS__                   \
	}
#define KEY          .flags = KIND_KEY
#define KEY_REQUIRED .flags = KIND_KEY | KIND_REQUIRED
#define REQUIRED     .flags = KIND_REQUIRED
#define WORDS(...)                                                                                 \
	.words = (const char *const[])                                                             \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define KIND(kind_name, list, ...)                                                                 \
	{                                                                                          \
		.name = kind_name, .columns = list,                                                \
		.count = (int)(sizeof(list) / sizeof((list)[0])), ##__VA_ARGS__                    \
	}

#define CURRENCY COLUMN("currency", "currency", KIND_CODE, .fallback = "CNY")
#define OCCURRENCE                                                                                 \
	COLUMN("occurrence", NULL, KIND_INT, .flags = KIND_KEY | KIND_OCCURRENCE | KIND_INT32)
#define RESERVE_FORMS WORDS("none", "whole", "package", "consortium", "subcontract", "unstated")
#define RESERVED_FOR  WORDS("sme", "small_micro")
#define DEEMED        WORDS("none", "disabled_welfare", "prison")

static const struct kind_column unit_columns[] = {
	COLUMN("unit_code", "unit_code", KIND_CODE, KEY_REQUIRED),
	COLUMN("uscc", "uscc", KIND_CODE),
	COLUMN("name", "name", KIND_TEXT),
	COLUMN("parent_code", "parent_code", KIND_CODE),
	COLUMN("kind", "kind", KIND_WORD,
		WORDS("organ", "institution", "group", "soe", "large_enterprise", "other")),
	COLUMN("valid_from", "valid_from", KIND_DATE, KEY),
	COLUMN("valid_to", "valid_to", KIND_DATE, .flags = KIND_OPEN),
	COLUMN("contact", "contact", KIND_TEXT),
};
static const struct kind unit_kind = KIND("unit", unit_columns, .organisation = true);

static const struct kind_column supplier_columns[] = {
	COLUMN("uscc", "uscc", KIND_CODE, KEY_REQUIRED),
	COLUMN("name", "name", KIND_TEXT),
	COLUMN("size_class", "size_class", KIND_WORD, WORDS("L", "M", "S", "X")),
	COLUMN("industry_code", "industry_code", KIND_CODE),
	COLUMN("employees", "employees", KIND_INT),
	COLUMN("revenue_fen", "revenue_yuan", KIND_FEN, .flags = KIND_NEGATIVE),
	COLUMN("assets_fen", "assets_yuan", KIND_FEN, .flags = KIND_NEGATIVE),
	COLUMN("size_year", "size_year", KIND_INT, .flags = KIND_INT32),
	COLUMN("size_source", "size_source", KIND_WORD, WORDS("declared", "register", "computed")),
	COLUMN("deemed", "deemed", KIND_WORD, DEEMED),
	COLUMN("large_controlled", "large_controlled", KIND_BOOL),
};
static const struct kind supplier_kind = KIND("supplier", supplier_columns, .organisation = true);

static const struct kind_column budget_item_columns[] = {
	COLUMN("fiscal_year", "fiscal_year", KIND_INT,
		.flags = KIND_KEY | KIND_REQUIRED | KIND_INT32),
	COLUMN("unit_code", "unit_code", KIND_CODE, KEY),
	COLUMN("project_code", "project_code", KIND_CODE, KEY),
	COLUMN("package_no", "package_no", KIND_CODE, KEY),
	COLUMN("snapshot", "snapshot", KIND_WORD, KEY, WORDS("initial", "adjusted", "final")),
	COLUMN("approved_on", "approved_on", KIND_DATE, KEY),
	OCCURRENCE,
	COLUMN("name", "name", KIND_TEXT),
	COLUMN("catalogue_code", "catalogue_code", KIND_CODE),
	COLUMN("class", "class", KIND_WORD, WORDS("goods", "works", "services")),
	COLUMN("budget_fen", "budget_yuan", KIND_FEN, REQUIRED),
	CURRENCY,
	COLUMN("reserve_form", "reserve_form", KIND_WORD, RESERVE_FORMS),
	COLUMN("reserved_for", "reserved_for", KIND_WORD, RESERVED_FOR),
	COLUMN("required_share_ppm", "required_share_percent", KIND_PPM, .flags = KIND_NEGATIVE),
	COLUMN("reserved_fen", "reserved_yuan", KIND_FEN),
	COLUMN("reserved_small_micro_fen", "reserved_small_micro_yuan", KIND_FEN),
	COLUMN("exemption_code", "exemption_code", KIND_CODE),
	COLUMN("exemption_reason", "exemption_reason", KIND_TEXT),
	COLUMN("exemption_approver", "exemption_approver", KIND_TEXT),
	COLUMN("exemption_on", "exemption_on", KIND_DATE),
	COLUMN("withdrawn_on", "withdrawn_on", KIND_DATE),
	COLUMN("planned_month", "planned_month", KIND_MONTH),
	COLUMN("plan_filed_on", "plan_filed_on", KIND_DATE),
	COLUMN("notice_on", "notice_on", KIND_DATE),
	COLUMN("buyer_name", "buyer_name", KIND_TEXT),
};
static const struct kind budget_item_kind = KIND("budget_item", budget_item_columns);

static const struct kind_column notice_columns[] = {
	COLUMN("notice_id", "notice_id", KIND_CODE, KEY_REQUIRED),
	COLUMN("unit_code", "unit_code", KIND_CODE),
	COLUMN("project_code", "project_code", KIND_CODE),
	COLUMN("package_no", "package_no", KIND_CODE),
	COLUMN("kind", "kind", KIND_CODE),
	COLUMN("title", "title", KIND_TEXT),
	COLUMN("published_on", "published_on", KIND_DATE),
	COLUMN("first_published_on", "first_published_on", KIND_DATE),
	COLUMN("budget_fen", "budget_yuan", KIND_FEN),
	COLUMN("ceiling_fen", "ceiling_yuan", KIND_FEN),
	CURRENCY,
	COLUMN("reserve_form", "reserve_form", KIND_WORD, RESERVE_FORMS),
	COLUMN("reserved_for", "reserved_for", KIND_WORD, RESERVED_FOR),
	COLUMN("required_share_ppm", "required_share_percent", KIND_PPM, .flags = KIND_NEGATIVE),
	COLUMN("suitable_for_sme", "suitable_for_sme", KIND_BOOL),
	COLUMN("ended_on", "ended_on", KIND_DATE),
	COLUMN("end_reason", "end_reason", KIND_TEXT),
	COLUMN("corrects", "corrects", KIND_TEXT),
	COLUMN("buyer_name", "buyer_name", KIND_TEXT),
	COLUMN("preference_ppm", "preference_percent", KIND_PPM),
	COLUMN("part_preference_ppm", "part_preference_percent", KIND_PPM),
};
static const struct kind notice_kind = KIND("notice", notice_columns);

static const struct kind_column award_columns[] = {
	COLUMN("award_id", "award_id", KIND_CODE, KEY_REQUIRED),
	COLUMN("process_id", "process_id", KIND_CODE),
	COLUMN("unit_code", "unit_code", KIND_CODE),
	COLUMN("buyer_name", "buyer_name", KIND_TEXT),
	COLUMN("title", "title", KIND_TEXT),
	COLUMN("status", "status", KIND_CODE),
	COLUMN("awarded_on", "awarded_on", KIND_DATE),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN),
	CURRENCY,
};
static const struct kind award_kind = KIND("award", award_columns);

static const struct kind_column contract_columns[] = {
	COLUMN("contract_no", "contract_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("project_code", "project_code", KIND_CODE),
	COLUMN("package_no", "package_no", KIND_CODE),
	COLUMN("unit_code", "unit_code", KIND_CODE),
	COLUMN("supplier_uscc", "supplier_uscc", KIND_CODE),
	COLUMN("signed_on", "signed_on", KIND_DATE),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN, REQUIRED),
	CURRENCY,
	COLUMN("reserve_form", "reserve_form", KIND_WORD, RESERVE_FORMS),
	COLUMN("sme_share_ppm", "sme_share_percent", KIND_PPM, .flags = KIND_NEGATIVE),
	COLUMN("small_micro_share_ppm", "small_micro_share_percent", KIND_PPM,
		.flags = KIND_NEGATIVE),
	COLUMN("reserved_fen", "reserved_yuan", KIND_FEN),
	COLUMN("reserved_small_micro_fen", "reserved_small_micro_yuan", KIND_FEN),
	COLUMN("declared_size", "declared_size", KIND_WORD, WORDS("L", "M", "S", "X")),
	COLUMN("reserved_mark", "reserved_mark", KIND_BOOL),
	COLUMN("agreed_term", "agreed_term", KIND_INT, .flags = KIND_INT32),
	COLUMN("term_unit", "term_unit", KIND_WORD, WORDS("day", "workday")),
	COLUMN("clock_basis", "clock_basis", KIND_WORD,
		WORDS("delivery", "acceptance", "settlement")),
	COLUMN("inspection_days", "inspection_days", KIND_INT, .flags = KIND_INT32),
	COLUMN("late_rate_ppm", "late_rate_percent_per_year", KIND_PPM),
	COLUMN("late_cap_ppm", "late_cap_percent", KIND_PPM),
	COLUMN("day_base", "day_base", KIND_INT, .flags = KIND_INT32),
	COLUMN("status", "status", KIND_WORD, WORDS("active", "cancelled")),
	COLUMN("cancelled_on", "cancelled_on", KIND_DATE),
	COLUMN("supplier_name", "supplier_name", KIND_TEXT),
	COLUMN("buyer_name", "buyer_name", KIND_TEXT),
	COLUMN("project_name", "project_name", KIND_TEXT),
	COLUMN("payment_clause", "payment_clause", KIND_TEXT),
};
static const struct kind contract_kind = KIND("contract", contract_columns, .owner = "unit_code");

static const struct kind_column party_columns[] = {
	COLUMN("parent_kind", "parent_kind", KIND_WORD, KEY_REQUIRED, WORDS("award", "contract")),
	COLUMN("parent_no", "parent_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("seq", "seq", KIND_INT, .flags = KIND_KEY | KIND_REQUIRED | KIND_INT32),
	COLUMN("role", "role", KIND_CODE),
	COLUMN("supplier_id", "supplier_id", KIND_CODE),
	COLUMN("supplier_name", "supplier_name", KIND_TEXT),
	COLUMN("size_word", "size_word", KIND_TEXT),
	COLUMN("size_class", "size_class", KIND_WORD, WORDS("L", "M", "S", "X", "SME")),
	COLUMN("deemed", "deemed", KIND_WORD, DEEMED),
	COLUMN("share_ppm", "share_percent", KIND_PPM),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN),
	COLUMN("related_to_large", "related_to_large", KIND_BOOL),
};
static const struct kind party_kind = KIND("party", party_columns);

static const struct kind_column amendment_columns[] = {
	COLUMN("contract_no", "contract_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("amended_on", "amended_on", KIND_DATE, KEY),
	OCCURRENCE,
	COLUMN("amount_change_fen", "amount_change_yuan", KIND_FEN,
		.flags = KIND_REQUIRED | KIND_NEGATIVE),
	CURRENCY,
};
static const struct kind amendment_kind = KIND("amendment", amendment_columns);

static const struct kind_column event_columns[] = {
	COLUMN("contract_no", "contract_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("instalment", "instalment", KIND_INT, .flags = KIND_KEY | KIND_REQUIRED | KIND_INT32,
		.fallback = "1"),
	COLUMN("kind", "kind", KIND_WORD, KEY_REQUIRED,
		WORDS("delivery", "inspection_request", "acceptance", "settlement", "handover",
			"final_account")),
	COLUMN("seq", "seq", KIND_INT, .flags = KIND_KEY | KIND_REQUIRED | KIND_INT32,
		.fallback = "1"),
	COLUMN("happened_on", "happened_on", KIND_DATE, REQUIRED),
	COLUMN("result", "result", KIND_WORD, WORDS("passed", "failed", "partial")),
	COLUMN("part_ppm", "part_percent", KIND_PPM),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN),
	COLUMN("document", "document", KIND_TEXT),
};
static const struct kind event_kind = KIND("event", event_columns);

static const struct kind_column obligation_columns[] = {
	COLUMN("obligation_no", "obligation_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("contract_no", "contract_no", KIND_CODE),
	COLUMN("kind", "kind", KIND_WORD,
		WORDS("prepayment", "delivery", "progress", "retention", "deposit")),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN, REQUIRED),
	CURRENCY,
	COLUMN("delivered_on", "delivered_on", KIND_DATE),
	COLUMN("accepted_on", "accepted_on", KIND_DATE),
	COLUMN("settled_on", "settled_on", KIND_DATE),
	COLUMN("contract_due_on", "contract_due_on", KIND_DATE),
	COLUMN("disputed_fen", "disputed_yuan", KIND_FEN),
	COLUMN("dispute_opened_on", "dispute_opened_on", KIND_DATE),
	COLUMN("dispute_settled_on", "dispute_settled_on", KIND_DATE),
	COLUMN("unit_code", "unit_code", KIND_CODE),
	COLUMN("creditor_uscc", "creditor_uscc", KIND_CODE),
	COLUMN("creditor_name", "creditor_name", KIND_TEXT),
	COLUMN("outstanding_fen", "outstanding_yuan", KIND_FEN),
	COLUMN("declared_due_on", "declared_due_on", KIND_DATE),
	COLUMN("formed_on", "formed_on", KIND_DATE),
	COLUMN("origin", "origin", KIND_TEXT),
	COLUMN("cause", "cause", KIND_TEXT),
	COLUMN("responsible", "responsible", KIND_TEXT),
	COLUMN("fund_source", "fund_source", KIND_TEXT),
	COLUMN("costs_fen", "costs_yuan", KIND_FEN),
	COLUMN("secured_fen", "secured_yuan", KIND_FEN),
	COLUMN("invoice_on", "invoice_on", KIND_DATE),
	COLUMN("deposit_kind", "deposit_kind", KIND_WORD,
		WORDS("performance", "bid", "quality", "wage")),
};
static const struct kind obligation_kind =
	KIND("obligation", obligation_columns, .owner = "contract_no");

static const struct kind_column payment_columns[] = {
	COLUMN("voucher_no", "voucher_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("contract_no", "contract_no", KIND_CODE),
	COLUMN("obligation_no", "obligation_no", KIND_CODE),
	COLUMN("unit_code", "unit_code", KIND_CODE),
	COLUMN("payee_uscc", "payee_uscc", KIND_CODE),
	COLUMN("payee_name", "payee_name", KIND_TEXT),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN, .flags = KIND_REQUIRED | KIND_NEGATIVE),
	CURRENCY,
	COLUMN("voucher_on", "voucher_on", KIND_DATE),
	COLUMN("cleared_on", "cleared_on", KIND_DATE),
	COLUMN("received_on", "received_on", KIND_DATE),
	COLUMN("instrument", "instrument", KIND_WORD, WORDS("cash", "bill")),
	COLUMN("matures_on", "matures_on", KIND_DATE),
	COLUMN("reverses_voucher_no", "reverses_voucher_no", KIND_CODE),
};
static const struct kind payment_kind = KIND("payment", payment_columns, .owner = "unit_code");

static const struct kind_column dispute_columns[] = {
	COLUMN("dispute_id", "dispute_id", KIND_CODE, KEY_REQUIRED),
	COLUMN("obligation_no", "obligation_no", KIND_CODE, REQUIRED),
	COLUMN("opened_on", "opened_on", KIND_DATE),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN, REQUIRED),
	COLUMN("ground", "ground", KIND_WORD,
		WORDS("quality", "quantity", "price", "audit", "invoice", "other")),
	COLUMN("separable", "separable", KIND_BOOL),
	COLUMN("settled_on", "settled_on", KIND_DATE),
	COLUMN("agreed_fen", "agreed_yuan", KIND_FEN),
	COLUMN("agreed_due_on", "agreed_due_on", KIND_DATE),
};
static const struct kind dispute_kind = KIND("dispute", dispute_columns);

static const struct kind_column complaint_columns[] = {
	COLUMN("complaint_no", "complaint_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("contract_no", "contract_no", KIND_CODE),
	COLUMN("accepted_on", "accepted_on", KIND_DATE),
	COLUMN("handed_over_on", "handed_over_on", KIND_DATE),
	COLUMN("extended", "extended", KIND_BOOL),
	COLUMN("answered_on", "answered_on", KIND_DATE),
	COLUMN("result", "result", KIND_WORD,
		WORDS("paid", "plan", "rejected", "transferred", "not_admitted")),
	COLUMN("not_admitted_ground", "not_admitted_ground", KIND_TEXT),
};
static const struct kind complaint_kind = KIND("complaint", complaint_columns);

static const struct kind_column repayment_plan_columns[] = {
	COLUMN("plan_id", "plan_id", KIND_CODE, KEY_REQUIRED),
	COLUMN("obligation_no", "obligation_no", KIND_CODE, REQUIRED),
	COLUMN("instalment", "instalment", KIND_INT, .flags = KIND_KEY | KIND_REQUIRED | KIND_INT32,
		.fallback = "1"),
	COLUMN("agreed_on", "agreed_on", KIND_DATE),
	COLUMN("due_on", "due_on", KIND_DATE),
	COLUMN("amount_fen", "amount_yuan", KIND_FEN, REQUIRED),
	COLUMN("fund_source", "fund_source", KIND_TEXT),
	COLUMN("final_on", "final_on", KIND_DATE),
	COLUMN("proof", "proof", KIND_TEXT),
};
static const struct kind repayment_plan_kind = KIND("repayment_plan", repayment_plan_columns);

static const struct kind_column year_mark_columns[] = {
	COLUMN("fiscal_year", "fiscal_year", KIND_INT,
		.flags = KIND_KEY | KIND_REQUIRED | KIND_INT32),
	COLUMN("unit_code", "unit_code", KIND_CODE, KEY),
	COLUMN("mark", "mark", KIND_WORD, KEY_REQUIRED,
		WORDS("budget-complete", "closed", "notice-published")),
	COLUMN("marked_on", "marked_on", KIND_DATE, REQUIRED),
	COLUMN("marked_by", "marked_by", KIND_TEXT, REQUIRED),
	COLUMN("reason", "reason", KIND_TEXT),
};
static const struct kind year_mark_kind = KIND("year_mark", year_mark_columns);

static const struct kind_column register_entry_columns[] = {
	COLUMN("entry_no", "entry_no", KIND_CODE, KEY_REQUIRED),
	COLUMN("register", "register", KIND_WORD, REQUIRED,
		WORDS("exemption", "deemed", "size", "correction")),
	COLUMN("fiscal_year", "fiscal_year", KIND_INT, .flags = KIND_INT32),
	COLUMN("unit_code", "unit_code", KIND_CODE),
	COLUMN("project_code", "project_code", KIND_CODE),
	COLUMN("package_no", "package_no", KIND_CODE),
	COLUMN("supplier_uscc", "supplier_uscc", KIND_CODE),
	COLUMN("contract_no", "contract_no", KIND_CODE),
	COLUMN("field", "field", KIND_CODE),
	COLUMN("value", "value", KIND_CODE, REQUIRED),
	COLUMN("reason", "reason", KIND_TEXT, REQUIRED),
	COLUMN("evidence", "evidence", KIND_TEXT),
	COLUMN("approver", "approver", KIND_TEXT, REQUIRED),
	COLUMN("valid_from", "valid_from", KIND_DATE, REQUIRED),
	COLUMN("valid_to", "valid_to", KIND_DATE, .flags = KIND_OPEN),
	COLUMN("recorded_by", "recorded_by", KIND_TEXT, REQUIRED),
	COLUMN("withdrawn_on", "withdrawn_on", KIND_DATE),
	COLUMN("withdrawn_by", "withdrawn_by", KIND_TEXT),
	COLUMN("withdrawn_reason", "withdrawn_reason", KIND_TEXT),
};
static const struct kind register_entry_kind = KIND("register_entry", register_entry_columns);

const struct kind *const kind_table[] = { &unit_kind, &supplier_kind, &budget_item_kind,
	&notice_kind, &award_kind, &contract_kind, &party_kind, &amendment_kind, &event_kind,
	&obligation_kind, &payment_kind, &dispute_kind, &complaint_kind, &repayment_plan_kind,
	&year_mark_kind, &register_entry_kind, NULL };

/* Mostly the names are literals that differ in their first letters. */
static bool same_name(const char *a, const char *b)
{
	return a == b || (a[0] == b[0] && strcmp(a, b) == 0);
}

const struct kind *kind_find(const char *name)
{
	for (int i = 0; kind_table[i] != NULL; i++) {
		if (same_name(kind_table[i]->name, name))
			return kind_table[i];
	}
	return NULL;
}

int kind_number(const struct kind *kind)
{
	int number = 0;

	while (kind_table[number] != NULL && kind_table[number] != kind)
		number++;
	return number;
}

int kind_column_find(const struct kind *kind, const char *name)
{
	for (int i = 0; i < kind->count; i++) {
		if (same_name(kind->columns[i].name, name))
			return i;
	}
	return -1;
}
