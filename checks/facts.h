/* Facts: the records the law is applied to, typed, and nothing else. No SQL, no clock, no files.
 *
 * Whoever fills them (checks/load from the views, a test from CSV files) keeps the order of rows:
 * "the later row of the file" decides in G-10 and same-day amendments are added as given (G-22). A
 * struct facts may hold the whole district or any closed part of it (an allocation group: the
 * contracts of one (unit, supplier) with their amendments, obligations and payments, plus the units
 * and suppliers they name).
 *
 * Units: amounts in fen (1/100 of the row's currency), shares and rates in parts per million, days
 * as day_t. "Not stated" is "" for text, DAY_NONE for days, NUMBER_NONE for numbers and amounts,
 * TRI_UNKNOWN for yes/no. Texts are borrowed from the facts' own pool (facts_text) and live as long
 * as the facts. */
#ifndef SETASIDE_CHECKS_FACTS_H
#define SETASIDE_CHECKS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/day.h"
#include "core/money.h"

#define NUMBER_NONE INT64_MIN

enum tri { TRI_UNKNOWN, TRI_NO, TRI_YES };
enum debtor_kind {
	DEBTOR_UNKNOWN,
	DEBTOR_ORGAN,
	DEBTOR_INSTITUTION,
	DEBTOR_GROUP,
	DEBTOR_SOE,
	DEBTOR_LARGE_ENTERPRISE,
	DEBTOR_KINDS
};
/* MICRO < SMALL < MEDIUM < LARGE is relied on. SME = "small, medium or micro, not known which"
 * (OCDS parties). */
enum size_class {
	SIZE_BLANK,
	SIZE_MICRO,
	SIZE_SMALL,
	SIZE_MEDIUM,
	SIZE_LARGE,
	SIZE_SME,
	SIZE_UNKNOWN
};
enum deemed { DEEMED_NONE, DEEMED_DISABLED_WELFARE, DEEMED_PRISON };
enum snapshot_kind {
	SNAPSHOT_INITIAL,
	SNAPSHOT_ADJUSTED,
	SNAPSHOT_FINAL
}; /* rising rank of G-10 */
enum { SNAPSHOT_KINDS = 3 };
enum procurement_class { CLASS_UNKNOWN, CLASS_GOODS, CLASS_WORKS, CLASS_SERVICES };
enum reserve_form {
	RESERVE_NONE,
	RESERVE_WHOLE,
	RESERVE_PACKAGE,
	RESERVE_CONSORTIUM,
	RESERVE_SUBCONTRACT,
	RESERVE_UNSTATED /* amounts given as such: reserved_fen, reserved_small_micro_fen */
};
enum reserved_for { RESERVED_FOR_BLANK, RESERVED_FOR_SME, RESERVED_FOR_SMALL_MICRO };
enum term_unit { TERM_DAY, TERM_WORKDAY }; /* blank unit = calendar days (G-37) */
enum clock_basis { CLOCK_DELIVERY, CLOCK_ACCEPTANCE, CLOCK_SETTLEMENT };
enum obligation_kind {
	KIND_PREPAYMENT,
	KIND_DELIVERY,
	KIND_PROGRESS,
	KIND_RETENTION,
	KIND_DEPOSIT
};
enum deposit_kind {
	DEPOSIT_UNSTATED,
	DEPOSIT_PERFORMANCE,
	DEPOSIT_BID,
	DEPOSIT_QUALITY,
	DEPOSIT_WAGE /* of migrant workers */
};
enum instrument {
	INSTRUMENT_CASH,
	INSTRUMENT_BILL,
	INSTRUMENT_UNSTATED
}; /* unstated counts as cash (G-40) */

struct unit_fact {
	const char *unit_code, *uscc, *name, *parent_code;
	enum debtor_kind kind;
	day_t valid_from, valid_to; /* both ends included; DAY_NONE = open */
	const char *contact;        /* who answers for procurement there */
};

struct supplier_fact {
	const char *uscc, *name, *industry_code;
	enum size_class size_class;
	int64_t employees;
	fen_t revenue_fen, assets_fen;
	int size_year; /* of the figures; 0 = not stated */
	enum deemed deemed;
	enum tri large_controlled;
	/* A supplier whose size was told more than once has, beside its own row, one for each state of its size
	 * (checks/supplier_rows.h): */
	bool one_size;     /* this is such a row */
	day_t size_from;   /* the first day of signing it speaks for; DAY_NONE = not known */
	int64_t size_told; /* batch that told this state first */
};

struct budget_item_fact {
	int fiscal_year;
	const char *unit_code, *project_code, *package_no, *name;
	enum snapshot_kind snapshot;
	day_t approved_on;
	enum procurement_class class;
	fen_t budget_fen;
	const char *currency;
	enum reserve_form reserve_form;
	enum reserved_for reserved_for;
	int64_t required_share_ppm; /* may lie outside 0 … 1000000 (G-13) */
	fen_t reserved_fen, reserved_small_micro_fen;
	const char *exemption_code, *exemption_reason, *exemption_approver;
	day_t exemption_on, withdrawn_on;
	day_t planned_on; /* first day of the planned month */
	day_t plan_filed_on, notice_on;
	/* Of its earliest contract, where a register exempts it: set by register_book_correct(), no column. */
	day_t first_signed_on;
};

/* A published notice, as far as it bears on a contract or a reservation. */
enum notice_kind {
	NOTICE_OTHER,
	NOTICE_TENDER, /* invites suppliers: from then on the conditions are fixed */
	NOTICE_AWARD,
	NOTICE_CONTRACT,
	NOTICE_TERMINATION
};
struct notice_fact {
	const char *notice_id, *unit_code, *project_code, *package_no; /* package "": all of them */
	enum notice_kind kind;
	day_t published_on;
	const char *end_reason; /* of a termination, as published */
	/* Price preference of small and micro bidders, and of consortia with or subcontracts to them. */
	int64_t preference_ppm, part_preference_ppm;
};

/* A party of a contract (consortium member, subcontractor, maker). */
enum party_role { ROLE_OTHER, ROLE_LEAD, ROLE_MEMBER, ROLE_SUBCONTRACTOR, ROLE_MANUFACTURER };
struct contract_party_fact {
	const char *contract_no, *supplier_id;
	enum party_role role;
	enum size_class size_class; /* at signing; BLANK = unknown */
};

/* A debt that a unit declares from its ledger, without a contract (申报欠款). */
struct declared_fact {
	const char *obligation_no, *unit_code, *creditor_uscc, *creditor_name;
	fen_t amount_fen, outstanding_fen; /* outstanding: as declared */
	day_t declared_due_on, formed_on;
	const char *origin, *cause; /* 线索来源, 拖欠原因 */
};

/* What else the records say of a debt under a contract, for people and for the legal order of payments. Sorted by number;
 * debts of which nothing of it is stated are not there. */
struct debt_note_fact {
	const char *obligation_no;
	const char *project_name;
	const char *origin, *cause, *responsible,
		*fund_source;         /* 线索来源, 拖欠原因, 责任人, 资金来源 */
	fen_t costs_fen, secured_fen; /* costs of collecting; what secures the debt; NUMBER_NONE */
};

/* One row of a repayment plan (还款计划). It is a promise: it moves no due day, and interest runs on (P-5). Sorted by debt. */
struct plan_fact {
	const char *plan_id, *obligation_no;
	int64_t instalment;
	day_t agreed_on; /* DAY_NONE: not stated, known always */
	day_t due_on, final_on;
	fen_t amount_fen;
	const char *fund_source, *proof; /* 偿还资金来源, 还款凭证 */
};

/* What a person declared about a fiscal year (register year_mark). */
enum year_mark {
	MARK_UNKNOWN,
	MARK_BUDGET_COMPLETE, /* the scope's budget is in, also if it is empty */
	MARK_CLOSED,          /* the final snapshot is closed */
	MARK_NOTICE_PUBLISHED /* N-1: the scope's execution was published */
};
struct year_mark_fact {
	int fiscal_year;
	const char *unit_code; /* department; "" = the whole district */
	enum year_mark mark;
	day_t marked_on;
	const char *marked_by;
};

struct contract_fact {
	const char *contract_no, *project_code, *package_no, *unit_code, *supplier_uscc;
	day_t signed_on;
	fen_t amount_fen;
	const char *currency;
	enum reserve_form reserve_form;
	int64_t sme_share_ppm, small_micro_share_ppm;
	fen_t reserved_fen, reserved_small_micro_fen;
	enum size_class declared_size;
	enum tri reserved_mark;
	int64_t agreed_term; /* in term_unit */
	enum term_unit term_unit;
	enum clock_basis clock_basis;
	int64_t inspection_days;
	int64_t late_rate_ppm; /* per year; NUMBER_NONE = none agreed, 0 = agreed at 0 */
	int64_t late_cap_ppm;  /* of the contract amount */
	int64_t day_base;
	bool cancelled; /* status */
	day_t cancelled_on;
	const char *payment_clause; /* the contract's words on when it is paid */
};

struct amendment_fact {
	const char *contract_no;
	day_t amended_on;
	fen_t amount_change_fen;
};

/* What happened under a contract; which debt's clock it bears on is read in checks/clock_days.h. */
enum event_kind {
	EVENT_DELIVERY,
	EVENT_INSPECTION_REQUEST,
	EVENT_ACCEPTANCE,
	EVENT_SETTLEMENT, /* both sides confirmed the amount */
	EVENT_HANDOVER,
	EVENT_FINAL_ACCOUNT /* handed in by the contractor */
};
enum event_result { EVENT_UNSTATED, EVENT_PASSED, EVENT_FAILED, EVENT_PARTIAL };
struct event_fact {
	const char *contract_no;
	int64_t instalment;
	enum event_kind kind;
	enum event_result result;
	day_t happened_on;
	int64_t part_ppm; /* of the instalment; NUMBER_NONE = not stated */
	fen_t amount_fen; /* NUMBER_NONE = not stated */
	const char *document;
};

struct obligation_fact {
	const char *obligation_no, *contract_no;
	enum obligation_kind kind;
	fen_t amount_fen;
	day_t delivered_on, accepted_on, settled_on, contract_due_on;
	fen_t disputed_fen; /* as the row itself says; records of disputes are facts of their own */
	day_t dispute_opened_on, dispute_settled_on;
	enum deposit_kind deposit_kind;
	day_t invoice_on; /* starts no clock (P-3); a late one may make the debt contested (P-5) */
};

/* A record of a dispute of an obligation (P-6). */
struct dispute_fact {
	const char *dispute_id, *obligation_no, *ground;
	day_t opened_on; /* DAY_NONE = always */
	day_t settled_on, agreed_due_on;
	fen_t amount_fen, agreed_fen; /* agreed: NUMBER_NONE = not stated */
	enum tri separable;           /* the rest of the obligation from what is in dispute */
};

struct payment_fact {
	const char *voucher_no, *contract_no, *obligation_no, *unit_code, *payee_uscc;
	fen_t amount_fen;
	const char *currency;
	day_t voucher_on, cleared_on, received_on;
	enum instrument instrument;
	day_t matures_on;
	const char *reverses_voucher_no;
};

struct complaint_fact {
	const char *complaint_no, *contract_no;
	day_t accepted_on, handed_over_on, answered_on;
	bool extended;
	/* result: "paid", "plan", "rejected", "transferred", "not_admitted"; "" = not stated */
	const char *result, *not_admitted_ground;
};

/* An award of a feed (OCDS), before or without a contract. Its parties lie together in
 * facts.parties. */
struct award_fact {
	const char *award_id, *unit_code,
		*buyer_name; /* unit_code "" = no code known: grouped by the name */
	day_t awarded_on;
	fen_t amount_fen;
	const char *currency;
	uint32_t first_party, party_count;
};
struct party_fact {
	const char *supplier_id, *name;
	enum size_class size_class; /* BLANK = unknown */
	enum deemed deemed;
	enum tri related_to_large;
};

/* An event dated after the as-of day is not known (G-01). */
static inline day_t day_known(day_t day, day_t as_of)
{
	return day != DAY_NONE && day <= as_of ? day : DAY_NONE;
}

/* The days on which what a year's budget buys is announced and signed: of the fiscal year, from the approval on when
 * that was in the year before. Codes may be used again in another year. false: no such year. */
bool fact_span(int fiscal_year, day_t approved_on, day_t *ret_first, day_t *ret_last);

/* strcmp() that knows that equal texts of one pool are one copy: quick for sorting. */
int fact_text_order(const char *a, const char *b);

#define FACT_LIST(type)                                                                            \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count, capacity;                                                            \
	}

struct facts_pool;
struct facts {
	FACT_LIST(struct unit_fact) units;
	FACT_LIST(struct supplier_fact) suppliers;
	FACT_LIST(struct budget_item_fact) budget_items;
	FACT_LIST(struct contract_fact) contracts;
	FACT_LIST(struct amendment_fact) amendments;
	FACT_LIST(struct event_fact) events;
	FACT_LIST(struct obligation_fact) obligations;
	FACT_LIST(struct payment_fact) payments;
	FACT_LIST(struct dispute_fact) disputes;
	FACT_LIST(struct complaint_fact) complaints;
	FACT_LIST(struct award_fact) awards;
	FACT_LIST(struct party_fact) parties;
	FACT_LIST(struct year_mark_fact) year_marks;
	FACT_LIST(struct declared_fact) declared;
	FACT_LIST(struct debt_note_fact) debt_notes;
	FACT_LIST(struct plan_fact) plans;
	FACT_LIST(struct notice_fact) notices;
	FACT_LIST(struct contract_party_fact) contract_parties;
	struct facts_pool *pool;
};

/* NULL: the records say nothing more of the debt. */
const struct debt_note_fact *facts_debt_note(const struct facts *facts, const char *obligation_no);

/* The plan rows of a debt, *ret_count of them; good until a row is added. */
const struct plan_fact *facts_plans(
	const struct facts *facts, const char *obligation_no, size_t *ret_count);

struct facts *facts_new(void);
void facts_free(struct facts *facts);

/* A copy of text (NULL gives "") in the pool; equal texts share one copy, so a repeated code costs
 * nothing. */
const char *facts_text(struct facts *facts, const char *text);
/* The same of a text that hardly any other row has, as the number of a record: looking for an equal one would cost more
 * than it saves. */
const char *facts_number(struct facts *facts, const char *text);

/* Each appends one row with every field "not stated" (currency "CNY") and returns it; the pointer
 * is good until the next row of the same kind is appended. */
struct unit_fact *facts_add_unit(struct facts *facts);
struct supplier_fact *facts_add_supplier(struct facts *facts);
struct budget_item_fact *facts_add_budget_item(struct facts *facts);
struct contract_fact *facts_add_contract(struct facts *facts);
struct amendment_fact *facts_add_amendment(struct facts *facts);
struct event_fact *facts_add_event(struct facts *facts);
struct obligation_fact *facts_add_obligation(struct facts *facts);
struct payment_fact *facts_add_payment(struct facts *facts);
struct dispute_fact *facts_add_dispute(struct facts *facts);
struct complaint_fact *facts_add_complaint(struct facts *facts);
struct award_fact *facts_add_award(struct facts *facts);
struct year_mark_fact *facts_add_year_mark(struct facts *facts);
struct declared_fact *facts_add_declared(struct facts *facts);
struct debt_note_fact *facts_add_debt_note(struct facts *facts);
struct plan_fact *facts_add_plan(struct facts *facts);
struct notice_fact *facts_add_notice(struct facts *facts);
struct contract_party_fact *facts_add_contract_party(struct facts *facts);
/* Belongs to the award appended last. */
struct party_fact *facts_add_party(struct facts *facts);

#endif
