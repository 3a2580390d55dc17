#include "collectors/mapping.h"

#include <string.h>

#include <criterion/criterion.h>

#include "collectors/header.h"
#include "collectors/synonym.h"
#include "core/buf.h"

enum { CELLS_MAX = 32 };

/* A record from one text with | between the cells; room keeps the pieces. */
struct record {
	char room[4096];
	struct frame_cell cell[CELLS_MAX];
	struct frame_row row;
};

static const struct frame_row *make(struct record *record, const char *text)
{
	char *at = record->room;

	snprintf(record->room, sizeof(record->room), "%s", text);
	record->row = (struct frame_row){ .number = 7, .cell = record->cell };
	for (;;) {
		char *end = strchrnul(at, '|');
		bool last = *end == '\0';
		*end = '\0';
		cr_assert_lt(record->row.count, CELLS_MAX);
		record->cell[record->row.count++] =
			(struct frame_cell){ .text = at, .length = (size_t)(end - at) };
		if (last)
			return &record->row;
		at = end + 1;
	}
}

static struct mapping *open_mapping(const char *kind, const char *const *rules, const char *header)
{
	struct err err = ERR_INIT;
	struct record record;
	struct mapping_options options = { .kind = kind_find(kind), .rules = rules };
	struct mapping *mapping = mapping_new(&options, &err);

	cr_assert_not_null(mapping, "%s", err.text);
	cr_assert_eq(mapping_header(mapping, make(&record, header), &err), 0, "%s", err.text);
	return mapping;
}

static struct mapping *open_strict(const char *kind, const char *header)
{
	struct err err = ERR_INIT;
	struct record record;
	struct mapping_options options = { .kind = kind_find(kind), .strict = true };
	struct mapping *mapping = mapping_new(&options, &err);

	cr_assert_eq(mapping_header(mapping, make(&record, header), &err), 0, "%s", err.text);
	return mapping;
}

static const struct kind_value *value_of(const struct mapping_result *result, const char *csv)
{
	for (int i = 0; i < result->row.kind->count; i++) {
		const char *name = result->row.kind->columns[i].csv;
		if (name && strcmp(name, csv) == 0)
			return &result->row.value[i];
	}
	cr_assert(false, "no column %s", csv);
	return NULL;
}

static void expect_text(const struct mapping_result *result, const char *csv, const char *text)
{
	const struct kind_value *value = value_of(result, csv);
	cr_expect_eq(value->length, strlen(text), "%s", csv);
	cr_expect_eq(strncmp(value->text, text, value->length), 0, "%s: %.*s", csv,
		(int)value->length, value->text);
}

static void expect_number(const struct mapping_result *result, const char *csv, int64_t number)
{
	const struct kind_value *value = value_of(result, csv);
	cr_expect_not(value->null, "%s", csv);
	cr_expect_eq(value->number, number, "%s: %lld", csv, (long long)value->number);
}

static void expect_day(const struct mapping_result *result, const char *csv, const char *text)
{
	char room[DAY_TEXT_MAX];
	cr_expect_str_eq(day_text(value_of(result, csv)->day, room), text, "%s", csv);
}

static void expect_refused(
	struct mapping *mapping, const char *text, const char *field, const char *code)
{
	struct record record;
	struct mapping_result result;
	cr_assert_eq(
		mapping_row(mapping, make(&record, text), &result), MAPPING_REFUSED, "%s", text);
	cr_expect_str_eq(result.refusal.field, field, "%s", text);
	cr_expect_str_eq(result.refusal.code, code, "%s: %s", text, result.refusal.code);
	cr_expect_str_neq(result.refusal.reason, code, "%s has no sentence", code);
}

/* What mapping_new or mapping_header says of a configuration that is wrong. */
static void expect_error(const char *kind, const char *rule, const char *header, const char *part)
{
	const char *const rules[] = { rule, NULL };
	struct err err = ERR_INIT;
	struct record record;
	struct mapping_options options = { .kind = kind_find(kind), .rules = rule ? rules : NULL };
	struct mapping *mapping = mapping_new(&options, &err);

	if (mapping && header)
		cr_expect_lt(mapping_header(mapping, make(&record, header), &err), 0, "%s", header);
	else
		cr_expect_null(mapping, "%s", rule);
	cr_expect(strstr(err.text, part), "%s", err.text);
	mapping_free(mapping);
}

Test(mapping, the_kind_of_a_deposit_is_read_and_an_unknown_one_is_refused)
{
	struct mapping *mapping = open_mapping(
		"obligation", NULL, "台账编号|合同编号|应付金额（元）|款项性质|保证金种类");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "K1|HT-001|100.00|保证金|农民工工资保证金"),
			     &result),
		MAPPING_ROW, "%s", result.refusal.reason);
	expect_text(&result, "kind", "deposit");
	expect_text(&result, "deposit_kind", "wage");
	cr_assert_eq(mapping_row(mapping, make(&record, "K2|HT-001|100.00|保证金|"), &result),
		MAPPING_ROW);
	expect_text(&result, "deposit_kind", "");
	expect_refused(mapping, "K3|HT-001|100.00|保证金|押金", "deposit_kind", "word-unknown");
	mapping_free(mapping);
}

Test(mapping, the_day_of_an_invoice_is_read_and_a_bad_one_is_refused)
{
	struct mapping *mapping = open_mapping(
		"obligation", NULL, "台账编号|合同编号|应付金额（元）|交付日期|收票日期");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping,
			     make(&record, "K1|HT-001|100.00|2026-03-02|2026年3月20日"), &result),
		MAPPING_ROW, "%s", result.refusal.reason);
	expect_day(&result, "invoice_on", "2026-03-20");
	cr_assert_eq(mapping_row(mapping, make(&record, "K2|HT-001|100.00|2026-03-02|"), &result),
		MAPPING_ROW);
	cr_expect(value_of(&result, "invoice_on")->null, "not stated");
	expect_refused(
		mapping, "K3|HT-001|100.00|2026-03-02|2026-02-30", "invoice_on", "date-impossible");
	mapping_free(mapping);
}

Test(mapping, office_table_is_read_by_synonyms_and_header_units)
{
	struct mapping *mapping = open_mapping("contract", NULL,
		"序号|采购合同编号：|采购人（甲方）|供应商(乙方)|合同签订日期|合同金额（万元）|"
		"供应商规模|付款期限(工作日)");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping,
			     make(&record, "1| HT-001 |某局|某公司|2026年3月2日|12.5|小型企业|30"),
			     &result),
		MAPPING_ROW, "%s", result.refusal.reason);
	expect_text(&result, "contract_no", "HT-001");
	expect_text(&result, "buyer_name", "某局");
	expect_text(&result, "supplier_name", "某公司");
	expect_day(&result, "signed_on", "2026-03-02");
	expect_number(&result, "amount_yuan", 12500000);
	expect_text(&result, "declared_size", "S");
	expect_number(&result, "agreed_term", 30);
	expect_text(&result, "term_unit", "workday");
	expect_text(&result, "currency", "CNY");
	cr_expect_str_eq(result.row.extra, "{\"序号\":\"1\"}");
	cr_expect_eq(result.row.place, 7);
	expect_refused(
		mapping, "1|HT-002|||2026-03-02|12,34.5||", "amount_yuan", "amount-grouping");
	expect_refused(mapping, "1|HT-002|||02/03/2026|1||", "signed_on", "date-order-unknown");
	expect_refused(mapping, "1|HT-002|||||小型企业|", "amount_yuan", "value-missing");
	expect_refused(mapping, "1|HT-002||||1|L|", "declared_size", "size-code-unmapped");
	expect_refused(mapping, "1|HT-002||||1||30个工作日", "agreed_term", "int-not-number");
	mapping_free(mapping);
}

Test(mapping, foreign_spend_file_needs_configuration_only)
{
	static const char *const rules[] = { "Trans No -> voucher_no",
		"Paid Date -> voucher_on order=dmy", "Amount -> amount_yuan unit=yuan",
		"Supplier Name -> payee_name", "= GBP -> currency", "Supplier ID -> -", NULL };
	struct mapping *mapping = open_mapping(
		"payment", rules, "Client|Paid Date|Trans No|Amount|Supplier ID|Supplier Name");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(
		mapping_row(mapping, make(&record, "OCC|09/01/2018|46296351 - 1|£5,000.00|2|HMRC"),
			&result),
		MAPPING_ROW, "%s", result.refusal.reason);
	expect_text(&result, "voucher_no", "46296351 - 1");
	expect_text(&result, "currency", "GBP");
	expect_text(&result, "payee_name", "HMRC");
	expect_day(&result, "voucher_on", "2018-01-09");
	expect_number(&result, "amount_yuan", 500000);
	cr_expect_str_eq(result.row.extra, "{\"Client\":\"OCC\"}");
	expect_refused(mapping, "OCC|09/01/2018|1|¥5|2|x", "amount_yuan", "currency");
	expect_refused(mapping, "OCC|09/01/2018|1||2|x", "amount_yuan", "value-missing");
	mapping_free(mapping);
}

Test(mapping, options_for_all_columns_hold_where_a_rule_is_silent)
{
	static const char *const rules[] = { "* -> * unit=wan order=dmy currency=EUR",
		"a -> voucher_no", "b -> amount_yuan", "c -> voucher_on order=mdy",
		"d -> cleared_on", NULL };
	struct mapping *mapping = open_mapping("payment", rules, "a|b|c|d");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "1|€ 2|02/03/2026|02/03/2026"), &result),
		MAPPING_ROW);
	expect_number(&result, "amount_yuan", 2000000);
	expect_day(&result, "voucher_on", "2026-02-03");
	expect_day(&result, "cleared_on", "2026-03-02");
	expect_text(&result, "currency", "EUR");
	mapping_free(mapping);
}

Test(mapping, the_row_names_its_currency)
{
	static const char *const rules[] = { "金额 -> amount_yuan unit=yuan", NULL };
	struct mapping *mapping = open_mapping("payment", rules, "凭证号|金额|币种");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "1|$5|usd"), &result), MAPPING_ROW);
	expect_text(&result, "currency", "USD");
	cr_assert_eq(mapping_row(mapping, make(&record, "1|5元|人民币"), &result), MAPPING_ROW);
	expect_text(&result, "currency", "CNY");
	cr_assert_eq(mapping_row(mapping, make(&record, "1|5|"), &result), MAPPING_ROW);
	expect_text(&result, "currency", "CNY");
	expect_refused(mapping, "1|$5|", "amount_yuan", "currency");
	expect_refused(mapping, "1|5|元元", "currency", "currency-unknown");
	mapping_free(mapping);
}

Test(mapping, value_map_translates_number_codes)
{
	static const char *const rules[] = { "规模 -> size_class values=1:L,2:M,3:S,4:X,9:", NULL };
	struct mapping *mapping =
		open_mapping("supplier", rules, "统一社会信用代码|规模|资产总额(万元)");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "12100000400002259p|３|"), &result),
		MAPPING_ROW);
	expect_text(&result, "uscc", "12100000400002259P");
	expect_text(&result, "size_class", "S");
	cr_expect_eq(result.notes, 0);
	cr_expect(value_of(&result, "assets_yuan")->null);
	cr_assert_eq(mapping_row(mapping, make(&record, "12100000400002295P|9|-1"), &result),
		MAPPING_ROW);
	expect_text(&result, "size_class", "");
	cr_expect_eq(result.notes, 1);
	cr_expect_str_eq(result.note[0].code, "uscc-outer-check");
	expect_refused(mapping, "12100000400002259P|5|", "size_class", "word-unknown");
	mapping_free(mapping);
}

Test(mapping, what_is_not_stated_is_kept_and_remarked)
{
	struct mapping *mapping =
		open_mapping("obligation", NULL, "台账编号|应付金额(元)|应付日期|有分歧金额(元)");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(
		mapping_row(mapping, make(&record, "A1|100|另行通知|待定"), &result), MAPPING_ROW);
	cr_expect_eq(value_of(&result, "contract_due_on")->day, DAY_NONE);
	cr_expect(value_of(&result, "contract_due_on")->null);
	cr_expect(value_of(&result, "disputed_yuan")->null);
	cr_expect_eq(result.notes, 2);
	cr_expect_str_eq(
		result.row.extra, "{\"应付日期\":\"另行通知\",\"有分歧金额(元)\":\"待定\"}");
	cr_assert_eq(mapping_row(mapping, make(&record, "A2|100||/"), &result), MAPPING_ROW);
	cr_expect_null(result.row.extra);
	mapping_free(mapping);
}

Test(mapping, reservation_needs_the_whole_row)
{
	struct mapping *mapping = open_mapping(
		"budget_item", NULL, "年度|采购项目编号|包号|预算金额(万元)|预留形式|预留比例(%)");
	struct record record;
	struct mapping_result result;
	static const char both[] = "2026|P1|01|10|项目整体或者设置采购包专门面向小微企业|100";

	cr_assert_eq(mapping_row(mapping, make(&record, both), &result), MAPPING_ROW, "%s",
		result.refusal.code);
	expect_text(&result, "reserve_form", "package");
	expect_text(&result, "reserved_for", "small_micro");
	expect_number(&result, "required_share_percent", 1000000);
	expect_number(&result, "fiscal_year", 2026);
	cr_assert_eq(
		mapping_row(mapping, make(&record, "2026年|P1||10|是|40.5"), &result), MAPPING_ROW);
	expect_text(&result, "reserve_form", "unstated");
	expect_text(&result, "reserved_for", "sme");
	cr_expect_str_eq(result.note[0].code, "reserve-form-unstated");
	expect_refused(mapping, "2026|P1||10|按规定|", "reserve_form", "reserve-not-understood");
	expect_refused(
		mapping, "2026|P1||10||40.00001", "required_share_percent", "share-too-precise");
	expect_refused(mapping, "2026.5|P1||10||", "fiscal_year", "int-not-number");
	expect_refused(mapping, "99999999999|P1||10||", "fiscal_year", "int-out-of-range");
	mapping_free(mapping);
}

Test(mapping, share_without_a_unit_is_not_guessed)
{
	struct mapping *mapping = open_mapping("budget_item", NULL, "年度|预算金额(元)|预留比例");
	struct record record;
	struct mapping_result result;

	expect_refused(mapping, "2026|10|0.4", "required_share_percent", "share-unit-unknown");
	cr_assert_eq(mapping_row(mapping, make(&record, "2026|10|40%"), &result), MAPPING_ROW);
	expect_number(&result, "required_share_percent", 400000);
	mapping_free(mapping);
	static const char *const rules[] = { "预留比例 -> required_share_percent unit=fraction",
		NULL };
	mapping = open_mapping("budget_item", rules, "年度|预算金额(元)|预留比例");
	cr_assert_eq(mapping_row(mapping, make(&record, "2026|10|0.4"), &result), MAPPING_ROW);
	expect_number(&result, "required_share_percent", 400000);
	mapping_free(mapping);
}

Test(mapping, outstanding_sum_fills_both_columns)
{
	static const char *const rules[] = { "欠款金额(万元) -> amount_yuan outstanding=yes",
		NULL };
	struct mapping *mapping = open_mapping("obligation", rules, "台账编号|欠款金额（万元）");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "A1|1.5"), &result), MAPPING_ROW);
	expect_number(&result, "amount_yuan", 1500000);
	expect_number(&result, "outstanding_yuan", 1500000);
	mapping_free(mapping);
}

Test(mapping, total_line_without_the_word_is_not_a_record)
{
	struct mapping *mapping = open_mapping("payment", NULL, "凭证号|支付金额(元)|收款人名称");
	struct record record;
	struct mapping_result result;

	cr_expect_eq(mapping_row(mapping, make(&record, "|12345.00|　"), &result), MAPPING_TOTAL);
	expect_refused(mapping, "|12345.00|某公司", "voucher_no", "value-missing");
	mapping_free(mapping);
}

Test(mapping, a_line_that_says_more_than_a_total_is_a_record_without_its_key)
{
	struct mapping *mapping =
		open_mapping("contract", NULL, "序号|合同编号|事由|合同金额(元)|数量");
	struct record record;
	struct mapping_result result;

	expect_refused(mapping, "||物业服务采购（补签中）|700000|", "contract_no", "value-missing");
	expect_refused(mapping, "2|||700000|", "contract_no", "value-missing");
	cr_expect_eq(mapping_row(mapping, make(&record, "|||700000|12"), &result), MAPPING_TOTAL);
	cr_expect_eq(mapping_row(mapping, make(&record, "||合计|700000|"), &result), MAPPING_TOTAL);
	mapping_free(mapping);
}

Test(mapping, a_sum_merged_over_several_rows_is_not_the_sum_of_each)
{
	struct mapping *mapping = open_mapping("payment", NULL, "凭证号|支付金额(元)|收款人名称");
	struct record record;
	struct mapping_result result;

	make(&record, "V2|500.00|甲");
	record.cell[1].merged = record.cell[2].merged = true;
	cr_assert_eq(mapping_row(mapping, &record.row, &result), MAPPING_REFUSED);
	cr_expect_str_eq(result.refusal.field, "amount_yuan");
	cr_expect_str_eq(result.refusal.code, "value-missing");
	expect_text(&result, "payee_name", "甲");
	mapping_free(mapping);
}

Test(mapping, a_code_in_scientific_notation_is_damaged)
{
	struct mapping *mapping =
		open_mapping("payment", NULL, "凭证号|支付金额(元)|收款人统一社会信用代码");
	struct record record;
	struct mapping_result result;

	expect_refused(mapping, "V1|1.00|1.1E+17", "payee_uscc", "code-digits-lost");
	expect_refused(mapping, "9.1E+17|1.00|", "voucher_no", "code-digits-lost");
	cr_expect_eq(mapping_row(mapping, make(&record, "2024E5|1.00|"), &result), MAPPING_ROW);
	mapping_free(mapping);
}

Test(mapping, a_remark_says_what_stands_in_the_cell)
{
	const char *rules[] = { "清算日期 -> cleared_on", NULL };
	struct mapping *mapping = open_mapping("payment", rules, "凭证号|支付金额(元)|清算日期");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "V1|1.00|三月五日"), &result), MAPPING_ROW);
	cr_assert_eq(result.notes, 1);
	cr_expect_str_eq(result.note[0].code, "text-date");
	cr_expect_str_eq(result.note[0].reason, "this is text and not a date");
	cr_expect_str_eq(result.note[0].text, "三月五日");
	mapping_free(mapping);
}

Test(mapping, refusal_says_whether_the_key_can_be_read)
{
	struct mapping *mapping = open_mapping("payment", NULL, "凭证号|支付金额(元)");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "A1|x"), &result), MAPPING_REFUSED);
	cr_expect(result.key_readable);
	expect_text(&result, "voucher_no", "A1");
	cr_expect_str_eq(result.refusal.value, "x");
	cr_assert_eq(mapping_row(mapping, make(&record, " |x|"), &result), MAPPING_REFUSED);
	cr_expect_not(result.key_readable);
	mapping_free(mapping);
}

Test(mapping, number_cells_that_lost_digits_are_no_codes)
{
	struct mapping *mapping = open_mapping("payment", NULL, "凭证号|支付金额(元)");
	struct record record;
	struct mapping_result result;
	const struct frame_row *row = make(&record, "1.2E+18|5");

	record.cell[0].number = true;
	cr_assert_eq(mapping_row(mapping, row, &result), MAPPING_REFUSED);
	cr_expect_str_eq(result.refusal.code, "code-digits-lost");
	row = make(&record, "1001|1234.5600000000001");
	record.cell[0].number = record.cell[1].number = true;
	cr_assert_eq(mapping_row(mapping, row, &result), MAPPING_ROW);
	expect_number(&result, "amount_yuan", 123456);
	mapping_free(mapping);
}

Test(mapping, headers_in_doubt_refuse_the_file)
{
	expect_error("payment", NULL, "凭证号|支付凭证号|支付金额(元)",
		"header-ambiguous: \"凭证号\" (column 1) and \"支付凭证号\" (column 2)");
	expect_error("payment", NULL, "voucher_no|voucher_no|amount_yuan", "header-ambiguous");
	expect_error("payment", "金额 -> amount_yuan", "凭证号|金额|金额", "header-ambiguous");
	expect_error("payment", NULL, "凭证号|备注", "column-missing: no header gives amount_yuan");
	expect_error("payment", "金额(万元) -> amount_yuan", "凭证号|金额(元)",
		"column-missing: no header answers");
}

Test(mapping, a_rule_settles_what_names_leave_in_doubt)
{
	static const char *const rules[] = { "支付凭证号 -> voucher_no", NULL };
	struct mapping *mapping = open_mapping("payment", rules, "凭证号|支付凭证号|支付金额(元)");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "x|y|1"), &result), MAPPING_ROW);
	expect_text(&result, "voucher_no", "y");
	cr_expect_str_eq(result.row.extra, "{\"凭证号\":\"x\"}");
	mapping_free(mapping);
}

Test(mapping, wrong_rules_are_told_with_what_would_be_right)
{
	expect_error("payment", "金额", NULL, "write it as");
	expect_error("payment", "金额 -> ", NULL, "no column behind");
	expect_error("payment", " -> amount_yuan", NULL, "no header before");
	expect_error("payment", "金额 -> sum", NULL, "a payment has no column \"sum\"");
	expect_error("payment", "金额 -> amount_yuan unit=mile", NULL, "right would be yuan");
	expect_error("payment", "金额 -> amount_yuan units=yuan", NULL, "no option \"units\"");
	expect_error("payment", "金额 -> amount_yuan yuan", NULL, "name=value");
	expect_error("payment", "金额 -> amount_yuan outstanding=yes", NULL, "outstanding");
	expect_error("payment", "日期 -> voucher_on order=ymd", NULL, "dmy or mdy");
	expect_error("payment", "方式 -> instrument values=1:money", NULL,
		"\"money\" does not fit instrument");
	expect_error("payment", "= 1.234 -> amount_yuan", NULL, "does not fit amount_yuan");
	expect_error("payment", "* -> amount_yuan", NULL, "can only lead to");
	expect_error("payment", "金额 -> amount_yuan currency=euro", NULL, "three capital letters");
}

static void collect_name(void *arg, const char *header)
{
	buf_format(arg, "%s;", header);
}

Test(mapping, unknown_headers_are_reported_with_names_of_their_own)
{
	struct mapping *mapping = open_mapping("payment", NULL, "凭证号|支付金额(元)|备注|备注|");
	struct record record;
	struct mapping_result result;
	struct buf names;

	buf_init(&names, 4096);
	mapping_unknown(mapping, collect_name, &names);
	cr_expect_str_eq(names.data, "备注;备注 (2);column 5;");
	buf_free(&names);
	cr_assert_eq(mapping_row(mapping, make(&record, "1|2|a|b|c"), &result), MAPPING_ROW);
	cr_expect_str_eq(
		result.row.extra, "{\"备注\":\"a\",\"备注 (2)\":\"b\",\"column 5\":\"c\"}");
	mapping_free(mapping);
}

Test(mapping, canonical_profile_is_exact)
{
	struct mapping *mapping = open_strict(
		"payment", "amount_yuan|voucher_no|voucher_on|instrument|note|currency");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "-12.5|ZF1|2026-03-02|bill||"), &result),
		MAPPING_ROW);
	expect_number(&result, "amount_yuan", -1250);
	expect_text(&result, "voucher_no", "ZF1");
	expect_text(&result, "currency", "CNY");
	expect_day(&result, "voucher_on", "2026-03-02");
	cr_expect_null(result.row.extra);
	cr_assert_eq(mapping_row(mapping, make(&record, "1|ZF1|||x\"y|GBP"), &result), MAPPING_ROW);
	cr_expect_str_eq(result.row.extra, "{\"note\":\"x\\\"y\"}");
	expect_text(&result, "currency", "GBP");
	expect_refused(mapping, "1,000|ZF1||||", "amount_yuan", "amount-not-number");
	expect_refused(mapping, "1.005|ZF1||||", "amount_yuan", "amount-too-precise");
	expect_refused(mapping, "1|ZF1|2026/3/2|||", "voucher_on", "date-not-iso");
	expect_refused(mapping, "1|ZF1|2026-02-30|||", "voucher_on", "date-impossible");
	expect_refused(mapping, "1|ZF1||Bill||", "instrument", "word-unknown");
	expect_refused(mapping, "1|||cash||", "voucher_no", "value-missing");
	mapping_free(mapping);
}

Test(mapping, canonical_profile_reads_every_type)
{
	struct mapping *mapping =
		open_strict("contract", "contract_no|amount_yuan|sme_share_percent|reserved_mark|"
					"agreed_term|late_rate_percent_per_year");
	struct record record;
	struct mapping_result result;

	cr_assert_eq(mapping_row(mapping, make(&record, "C1|1|40.0001|1|30|18.25"), &result),
		MAPPING_ROW);
	expect_number(&result, "sme_share_percent", 400001);
	expect_number(&result, "reserved_mark", 1);
	expect_number(&result, "agreed_term", 30);
	cr_assert_eq(mapping_row(mapping, make(&record, "C1|1||||"), &result), MAPPING_ROW);
	cr_expect(value_of(&result, "reserved_mark")->null);
	cr_expect(value_of(&result, "agreed_term")->null);
	expect_refused(mapping, "C1|1|40.00001|||", "sme_share_percent", "share-too-precise");
	expect_refused(mapping, "C1|1||yes||", "reserved_mark", "bool-unknown");
	expect_refused(mapping, "C1|1|||3e1|", "agreed_term", "int-not-number");
	expect_refused(mapping, "C1|-1||||", "amount_yuan", "amount-negative");
	mapping_free(mapping);
	struct err err = ERR_INIT;
	struct mapping_options options = { .kind = kind_find("payment"), .strict = true };
	mapping = mapping_new(&options, &err);
	cr_expect_lt(mapping_header(mapping, make(&record, "Voucher_No|amount_yuan"), &err), 0);
	cr_expect(strstr(err.text, "column-missing: no header gives voucher_no"), "%s", err.text);
	mapping_free(mapping);
}

Test(synonym, every_entry_is_normal_unique_and_leads_to_a_column)
{
	for (const struct synonym *entry = synonyms; entry->record; entry++) {
		const struct kind *kind = kind_find(entry->record);
		bool found = false;
		cr_assert_not_null(kind, "%s", entry->record);
		for (int i = 0; i < kind->count; i++)
			found |= kind->columns[i].csv &&
				 strcmp(kind->columns[i].csv, entry->column) == 0;
		cr_expect(found, "%s has no %s", entry->record, entry->column);
		for (size_t i = 0; entry->headers[i]; i++) {
			struct header header = { 0 };
			const char *text = entry->headers[i];
			cr_assert(header_read(text, strlen(text), &header));
			cr_expect_str_eq(header.name, text, "%s", text);
			cr_expect_str_eq(synonym_find(entry->record, text), entry->column,
				"%s: \"%s\" leads to two columns", entry->record, text);
			header_free(&header);
		}
	}
}
