#include "collectors/value_words.h"

#include <string.h>

#include <criterion/criterion.h>

static void expect_size(const char *text, enum value_size size)
{
	enum value_size found = value_size_read(text, strlen(text));
	cr_expect_eq(found, size, "%s: %s", text, value_size_name(found));
}

static void expect_bool(const char *text, enum value_bool3 wanted)
{
	cr_expect_eq(value_bool_read(text, strlen(text)), wanted, "%s", text);
}

static void expect_reserve(
	const char *text, enum value_reserve_form form, enum value_reserve_for whom)
{
	struct value_reserve found;
	value_reserve_read(text, strlen(text), &found);
	cr_expect_eq(found.form, form, "%s: form %d", text, found.form);
	cr_expect_eq(found.whom, whom, "%s: whom %d", text, found.whom);
}

Test(value_words, size_words_give_their_class)
{
	expect_size("大型企业", VALUE_SIZE_LARGE);
	expect_size(" 中型 ", VALUE_SIZE_MEDIUM);
	expect_size("小", VALUE_SIZE_SMALL);
	expect_size("MICRO", VALUE_SIZE_MICRO);
	expect_size("小、微企业", VALUE_SIZE_SMALL_OR_MICRO);
	expect_size("中、小、微型企业", VALUE_SIZE_SME);
	expect_size("监狱企业（含戒毒企业）", VALUE_SIZE_PRISON);
	expect_size("", VALUE_SIZE_EMPTY);
}

Test(value_words, no_to_sme_is_unknown_and_never_large)
{
	expect_size("否", VALUE_SIZE_UNKNOWN);
	expect_size("非中小企业", VALUE_SIZE_UNKNOWN);
	expect_size("是", VALUE_SIZE_SME);
}

Test(value_words, codes_without_a_key_and_other_programmes_are_no_size)
{
	expect_size("1", VALUE_SIZE_UNMAPPED);
	expect_size("L", VALUE_SIZE_UNMAPPED);
	expect_size("CS03", VALUE_SIZE_UNMAPPED);
	expect_size("科技型中小企业", VALUE_SIZE_TAG);
	expect_size("国家级专精特新小巨人", VALUE_SIZE_TAG);
	expect_size("小规模纳税人", VALUE_SIZE_TAG);
	expect_size("50人", VALUE_SIZE_NOT_A_SIZE);
	expect_size("\xff", VALUE_SIZE_NOT_A_SIZE);
}

Test(value_words, yes_and_no_have_words_and_two_needs_a_value_map)
{
	expect_bool("是", VALUE_BOOL_YES);
	expect_bool("Ｙ", VALUE_BOOL_YES);
	expect_bool("TRUE", VALUE_BOOL_YES);
	expect_bool("1", VALUE_BOOL_YES);
	expect_bool("不允许", VALUE_BOOL_NO);
	expect_bool("0", VALUE_BOOL_NO);
	expect_bool("×", VALUE_BOOL_NO);
	expect_bool("", VALUE_BOOL_UNKNOWN);
	expect_bool("2", VALUE_BOOL_REFUSED);
	expect_bool("也许", VALUE_BOOL_REFUSED);
}

Test(value_words, ticked_box_decides_when_exactly_one_is_ticked)
{
	expect_bool("□是 ☑否", VALUE_BOOL_NO);
	expect_bool("☑是 □否", VALUE_BOOL_YES);
	expect_bool("是☑ 否□", VALUE_BOOL_YES);
	expect_bool("□是 □否", VALUE_BOOL_UNKNOWN);
	expect_bool("☑是 ☑否", VALUE_BOOL_UNKNOWN);
	expect_bool("口是 ☑否", VALUE_BOOL_UNKNOWN);
	expect_bool("□是 ☑否 备注", VALUE_BOOL_REFUSED);
}

Test(value_words, reservation_forms_follow_their_wording)
{
	expect_reserve("采购项目整体预留", VALUE_RESERVE_WHOLE, VALUE_FOR_SME);
	expect_reserve("是:整体专门面向中小企业采购（即100%）", VALUE_RESERVE_WHOLE, VALUE_FOR_SME);
	expect_reserve("设置专门采购包", VALUE_RESERVE_PACKAGE, VALUE_FOR_SME);
	expect_reserve("标项1：本项目属于专门面向中小企业采购的项目", VALUE_RESERVE_PACKAGE,
		VALUE_FOR_SME);
	expect_reserve("要求以联合形式参加", VALUE_RESERVE_CONSORTIUM, VALUE_FOR_SME);
	expect_reserve(
		"联合体中中小企业承担的部分达到40%", VALUE_RESERVE_CONSORTIUM, VALUE_FOR_SME);
	expect_reserve("将采购项目中的30%分包给一家或者多家中小企业", VALUE_RESERVE_SUBCONTRACT,
		VALUE_FOR_SME);
	expect_reserve("项目整体或者设置采购包专门面向中小企业", VALUE_RESERVE_WHOLE_OR_PACKAGE,
		VALUE_FOR_SME);
	expect_reserve("本项目专门面向小微企业采购", VALUE_RESERVE_WHOLE, VALUE_FOR_SMALL_MICRO);
	expect_reserve(
		"本采购包专门面向小微企业采购", VALUE_RESERVE_PACKAGE, VALUE_FOR_SMALL_MICRO);
	expect_reserve("专门面向中小微企业采购", VALUE_RESERVE_WHOLE, VALUE_FOR_SME);
	expect_reserve("专门面向监狱企业", VALUE_RESERVE_WHOLE, VALUE_FOR_PRISON);
	expect_reserve("部分预留", VALUE_RESERVE_UNKNOWN_FORM, VALUE_FOR_SME);
	expect_reserve("是", VALUE_RESERVE_UNKNOWN_FORM, VALUE_FOR_SME);
}

Test(value_words, negation_and_preference_are_not_reservation)
{
	expect_reserve("本项目非专门面向中小企业采购", VALUE_RESERVE_NONE, VALUE_FOR_NONE);
	expect_reserve("不专门面向", VALUE_RESERVE_NONE, VALUE_FOR_NONE);
	expect_reserve("本项目落实中小企业政策，给予价格扣除", VALUE_RESERVE_NONE, VALUE_FOR_NONE);
	expect_reserve("否", VALUE_RESERVE_NONE, VALUE_FOR_NONE);
}

Test(value_words, citation_states_nothing)
{
	expect_reserve("根据《政府采购促进中小企业发展管理办法》，专门面向中小企业采购的，应当……",
		VALUE_RESERVE_NOTHING, VALUE_FOR_NONE);
	expect_reserve(
		"根据管理办法，本项目专门面向中小企业采购", VALUE_RESERVE_WHOLE, VALUE_FOR_SME);
	expect_reserve("", VALUE_RESERVE_NOTHING, VALUE_FOR_NONE);
	expect_reserve("按规定执行", VALUE_RESERVE_NOT_UNDERSTOOD, VALUE_FOR_NONE);
}

Test(value_words, column_words_are_those_of_the_record)
{
	cr_expect_str_eq(
		value_word_find("contract", "status", "履行中", strlen("履行中")), "active");
	cr_expect_null(value_word_find("obligation", "status", "履行中", strlen("履行中")));
	cr_expect_str_eq(
		value_word_find("obligation", "kind", "质保金", strlen("质保金")), "retention");
	cr_expect_str_eq(
		value_word_find("contract", "term_unit", "工作日", strlen("工作日")), "workday");
	cr_expect_null(value_word_find("payment", "instrument", "01", 2));
}
