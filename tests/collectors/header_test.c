#include "collectors/header.h"

#include <string.h>

#include <criterion/criterion.h>

static void expect_header(const char *text, const char *name, enum header_unit unit)
{
	struct header header = { 0 };
	cr_assert(header_read(text, strlen(text), &header), "%s", text);
	cr_expect_str_eq(header.name, name, "%s: %s", text, header.name);
	cr_expect_eq(header.unit, unit, "%s", text);
	header_free(&header);
}

Test(header, spelling_differences_disappear)
{
	expect_header("采购人（甲方）", "采购人(甲方)", HEADER_UNIT_NONE);
	expect_header(" 采购人 【甲方】：", "采购人(甲方)", HEADER_UNIT_NONE);
	expect_header("*供应商　名称", "供应商名称", HEADER_UNIT_NONE);
	expect_header("Paid Date", "paiddate", HEADER_UNIT_NONE);
	expect_header("ＡｇｅｎｃｙＣｏｄｅ", "agencycode", HEADER_UNIT_NONE);
	expect_header("\xEF\xBB\xBF合同编号", "合同编号", HEADER_UNIT_NONE);
}

Test(header, numbering_is_not_part_of_the_name)
{
	expect_header("一、合同编号", "合同编号", HEADER_UNIT_NONE);
	expect_header("1. 合同编号", "合同编号", HEADER_UNIT_NONE);
	expect_header("（1）合同编号：", "合同编号", HEADER_UNIT_NONE);
	expect_header("12、合同编号", "合同编号", HEADER_UNIT_NONE);
	expect_header("1", "1", HEADER_UNIT_NONE);
	expect_header("2026年预算", "2026年预算", HEADER_UNIT_NONE);
	expect_header("三公经费", "三公经费", HEADER_UNIT_NONE);
}

Test(header, unit_is_split_off)
{
	expect_header("合同金额（万元）", "合同金额", HEADER_UNIT_WAN);
	expect_header("合同金额(元)：", "合同金额", HEADER_UNIT_YUAN);
	expect_header("预留比例（%）", "预留比例", HEADER_UNIT_PERCENT);
	expect_header("付款期限(工作日)", "付款期限", HEADER_UNIT_WORKDAY);
	expect_header("金额（单位：万元）", "金额", HEADER_UNIT_WAN);
	expect_header("（元）", "(元)", HEADER_UNIT_NONE);
}

Test(header, equal_compares_names_without_units)
{
	cr_expect(header_equal("欠款金额(万元)", "欠款金额（元）"));
	cr_expect_not(header_equal("欠款金额", "合同金额"));
	cr_expect_not(header_equal("\xff", "\xff"));
}

Test(header, what_is_no_text_is_refused)
{
	struct header header = { 0 };
	static char long_text[5000];
	memset(long_text, 'a', sizeof(long_text) - 1);
	cr_expect_not(header_read(long_text, strlen(long_text), &header));
	cr_expect_not(header_read("\xC3", 1, &header));
	cr_expect_null(header.name);
}
