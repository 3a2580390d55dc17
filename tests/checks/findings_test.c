/* Findings of single records: each where it speaks and where it does not. */
#include "checks/findings.h"

#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <string.h>

static struct law_csv *csv;
static struct facts *facts;
static struct contract_fact *contract;
static struct supplier_fact *supplier;
static struct budget_item_fact *item;

static void set_up(void)
{
	csv = law_csv_read();
	facts = quota_facts();
	item = quota_reserved(facts, "100", "A", 1000000, RESERVED_FOR_SME);
	contract = quota_contract(facts, "100", "A", 1000000);
	contract->reserve_form = RESERVE_WHOLE;
	contract->reserved_mark = TRI_YES;
	contract->declared_size = SIZE_SMALL;
	supplier = facts_add_supplier(facts);
	supplier->uscc = contract->supplier_uscc = "91110102MA0000001X";
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

TestSuite(findings, .init = set_up, .fini = tear_down);

struct found {
	const char *code;
	int count;
	struct data_finding last;
};

static void on_finding(void *arg, const struct data_finding *finding)
{
	struct found *found = arg;

	if (strcmp(finding->code, found->code) != 0)
		return;
	found->count++;
	found->last = *finding;
}

static struct found find(const char *code)
{
	struct facts_index *index = facts_index_new(facts);
	struct unit_tree *units = unit_tree_new(facts);
	struct found found = { .code = code };

	findings_of_records(&csv->law, index, units, QUOTA_YEAR,
		text_day("2026-06-30", strlen("2026-06-30")), on_finding, &found);
	unit_tree_free(units);
	facts_index_free(index);
	return found;
}

#define SPEAKS(code)    cr_expect_eq(find(code).count, 1)
#define IS_SILENT(code) cr_expect_eq(find(code).count, 0)

Test(findings, q7_a_reserved_contract_says_that_it_is_one)
{
	IS_SILENT("reserved-mark-missing");
	contract->reserved_mark = TRI_NO;
	SPEAKS("reserved-mark-missing");
	contract->reserved_mark = TRI_UNKNOWN;
	SPEAKS("reserved-mark-missing");
	contract->reserve_form = RESERVE_NONE;
	IS_SILENT("reserved-mark-missing");
}

Test(findings, q7_consortium_and_subcontract_state_their_share)
{
	IS_SILENT("plan-share-missing");
	item->reserve_form = RESERVE_CONSORTIUM;
	SPEAKS("plan-share-missing");
	item->required_share_ppm = 400000;
	IS_SILENT("plan-share-missing");
	item->required_share_ppm = 0;
	SPEAKS("plan-share-invalid");
	IS_SILENT("award-share-missing");
	contract->reserve_form = RESERVE_SUBCONTRACT;
	SPEAKS("award-share-missing");
	contract->sme_share_ppm = 400000;
	IS_SILENT("award-share-missing");
	contract->small_micro_share_ppm = 500000;
	SPEAKS("award-share-invalid");
}

Test(findings, q8_an_exclusion_needs_reason_approver_and_day)
{
	item->reserve_form = RESERVE_NONE;
	item->exemption_code = "3";
	item->exemption_reason = "供应不足";
	item->exemption_approver = "张三";
	item->exemption_on = item->approved_on;
	IS_SILENT("plan-exemption-incomplete");
	item->exemption_approver = "";
	SPEAKS("plan-exemption-incomplete");
	item->exemption_approver = "张三";
	item->exemption_reason = "";
	SPEAKS("plan-exemption-incomplete");
	item->exemption_reason = "供应不足";
	item->exemption_on = DAY_NONE;
	SPEAKS("plan-exemption-incomplete");
	item->exemption_on = item->approved_on;
	item->exemption_code = "6";
	SPEAKS("plan-exemption-unknown-code");
	item->exemption_code = "3";
	item->reserve_form = RESERVE_WHOLE;
	SPEAKS("plan-exempt-and-reserved");
	item->exemption_code = "";
	IS_SILENT("plan-exempt-and-reserved");
}

/* Software: employees and revenue count. 200 people and 50 million yuan are medium (Z-1). */
Test(findings, q14_a_declaration_is_compared_with_the_figures_of_the_year_before)
{
	struct found found;

	supplier->industry_code = "65";
	supplier->employees = 200;
	supplier->revenue_fen = INT64_C(5000000000);
	supplier->size_year = 2024;
	IS_SILENT("declared-size-mismatch");
	supplier->size_year = 2025;
	found = find("declared-size-mismatch");
	cr_assert_eq(found.count, 1);
	cr_expect_str_eq(found.last.values[0].text, "S");
	cr_expect_str_eq(found.last.values[1].text, "M");
	contract->declared_size = SIZE_MEDIUM;
	IS_SILENT("declared-size-mismatch");
	contract->declared_size = SIZE_BLANK;
	IS_SILENT("declared-size-mismatch");
	SPEAKS("status-not-stated");
}

static void all_units_are(enum debtor_kind kind)
{
	for (size_t i = 0; i < facts->units.count; i++)
		facts->units.items[i].kind = kind;
}

Test(findings, e3_an_audit_clause_of_a_public_body_is_act_4_and_of_an_enterprise_none)
{
	struct found found;

	contract->payment_clause = "以审计结果作为结算依据";
	supplier->size_class = SIZE_SMALL;
	all_units_are(DEBTOR_ORGAN);
	found = find("clause-audit-basis");
	cr_assert_eq(found.count, 1);
	cr_assert_not_null(found.last.values[0].name);
	cr_expect_str_eq(found.last.values[0].name, "act");
	cr_expect_str_eq(found.last.values[0].text, "31-4");
	all_units_are(DEBTOR_LARGE_ENTERPRISE);
	found = find("clause-audit-basis");
	cr_assert_eq(found.count, 1);
	cr_expect_null(found.last.values[0].name);
}

Test(findings, q12_q7_what_a_reserved_contract_must_not_be)
{
	IS_SILENT("award-reserved-to-large");
	contract->declared_size = SIZE_LARGE;
	SPEAKS("award-reserved-to-large");
	contract->declared_size = SIZE_SMALL;
	supplier->large_controlled = TRI_YES;
	SPEAKS("award-reserved-to-large-controlled");
	supplier->large_controlled = TRI_NO;
	IS_SILENT("award-reserved-to-large-controlled");
	contract->declared_size = SIZE_BLANK;
	SPEAKS("award-size-unknown");
}

Test(findings, q5_g10_rows_without_their_day_are_named)
{
	struct amendment_fact *amendment = facts_add_amendment(facts);

	amendment->contract_no = contract->contract_no;
	amendment->amended_on = contract->signed_on;
	IS_SILENT("amendment-date-missing");
	amendment->amended_on = DAY_NONE;
	SPEAKS("amendment-date-missing");
	IS_SILENT("budget-approved-on-missing");
	item->approved_on = DAY_NONE;
	SPEAKS("budget-approved-on-missing");
	IS_SILENT("signed-on-missing");
	contract->signed_on = DAY_NONE;
	SPEAKS("signed-on-missing");
}

Test(findings, each_has_a_rule_words_and_a_citation_of_its_own)
{
	size_t count;
	const struct finding_kind *kinds = finding_kinds(&count);

	for (size_t i = 0; i < count; i++) {
		cr_expect(*kinds[i].rule_id && *kinds[i].words, "%s", kinds[i].code);
		cr_expect(*finding_citation(&kinds[i], REGULATION_728), "%s", kinds[i].code);
		for (size_t j = 0; j < i; j++)
			cr_expect_str_neq(kinds[i].code, kinds[j].code);
	}
	cr_expect_str_eq(finding_words("no-such-code"), "no-such-code");
}

static const char *cited(const char *code, const char *signed_on)
{
	struct found found;

	contract->signed_on = text_day(signed_on, strlen(signed_on));
	found = find(code);
	cr_assert_eq(found.count, 1, "%s", code);
	return finding_citation(finding_kind_find(code), found.last.regulation);
}

Test(findings, a_clause_is_a_fault_under_the_version_that_governs_its_contract)
{
	static const struct {
		const char *code, *earlier, *later;
	} expected[] = {
		{ "clause-term-over-cap", "国务院令第728号第八条第一款",
			"国务院令第802号第九条第一款" },
		{ "clause-no-inspection-period", "国务院令第728号第九条第二款",
			"国务院令第802号第十条第二款" },
		{ "clause-pay-when-paid", "国务院令第728号第六条第一款、第八条；法释〔2024〕11号",
			"国务院令第802号第九条第二款；法释〔2024〕11号；民营经济促进法第六十八条" },
		{ "clause-contractor-finances", "国务院令第728号第七条第二款、第二十六条第（二）项",
			"国务院令第802号第八条第二款、第三十二条第（二）项" },
		{ "clause-rate-below-floor", "国务院令第728号第十五条", "国务院令第802号第十七条" },
		{ "status-not-stated", "国务院令第728号第三条第二款",
			"国务院令第802号第三条第二款" },
	};

	contract->agreed_term = 90;
	contract->clock_basis = CLOCK_ACCEPTANCE;
	contract->payment_clause = "收到业主付款后支付，由施工单位垫资";
	contract->late_rate_ppm = 1000;
	contract->declared_size = SIZE_BLANK;
	supplier->size_class = SIZE_SMALL;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		cr_expect_str_eq(cited(expected[i].code, "2025-05-31"), expected[i].earlier);
		cr_expect_str_eq(cited(expected[i].code, "2025-06-01"), expected[i].later);
	}
}
