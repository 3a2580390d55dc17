/* Sentences and words of reservation, fields.md §5. The order of the tests is the law of this file: a negation is looked
 * for before the words it negates, and a sentence that only quotes the rules states nothing. */
#include "collectors/value_words.h"

#include <string.h>

#include "collectors/value_text.h"

static const char *const words_negation[] = { "非专门", "不专门", "非预留", "不预留", "未预留",
	"不属于专门", "不是专门", NULL };
static const char *const words_no[] = { "否", "无", "no", "n", "0", "none", "不适用", "/", "-",
	NULL };
static const char *const words_yes[] = { "是", "yes", "y", "1", "部分预留", "预留份额", "预留",
	"有", NULL };
static const char *const words_citation[] = { "政府采购法", "管理办法", "第二十二条", "46号",
	NULL };
static const char *const words_this[] = { "本项目", "本采购项目", "本包", "本采购包", "本标项",
	"该项目", "本次采购", NULL };
static const char *const words_preference[] = { "价格扣除", "评审优惠", "落实中小企业",
	"落实政府采购政策", "扶持政策", NULL };

struct form_word {
	const char *text;
	enum value_reserve_form form;
};

/* The whole cell is this word. */
static const struct form_word exact_forms[] = {
	{ "whole", VALUE_RESERVE_WHOLE },
	{ "package", VALUE_RESERVE_PACKAGE },
	{ "consortium", VALUE_RESERVE_CONSORTIUM },
	{ "subcontract", VALUE_RESERVE_SUBCONTRACT },
	{ "联合体", VALUE_RESERVE_CONSORTIUM },
	{ "联合体形式", VALUE_RESERVE_CONSORTIUM },
	{ "联合体预留", VALUE_RESERVE_CONSORTIUM },
	{ "合同分包", VALUE_RESERVE_SUBCONTRACT },
	{ "分包", VALUE_RESERVE_SUBCONTRACT },
	{ "分包预留", VALUE_RESERVE_SUBCONTRACT },
};

/* The cell says this somewhere; the first that is found counts. */
static const struct form_word inner_forms[] = {
	{ "整体或者设置", VALUE_RESERVE_WHOLE_OR_PACKAGE },
	{ "整体或设置", VALUE_RESERVE_WHOLE_OR_PACKAGE },
	{ "以联合体形式", VALUE_RESERVE_CONSORTIUM },
	{ "以联合形式", VALUE_RESERVE_CONSORTIUM },
	{ "联合体中中小企业", VALUE_RESERVE_CONSORTIUM },
	{ "联合体中小微企业", VALUE_RESERVE_CONSORTIUM },
	{ "要求合同分包", VALUE_RESERVE_SUBCONTRACT },
	{ "分包给", VALUE_RESERVE_SUBCONTRACT },
	{ "整体预留", VALUE_RESERVE_WHOLE },
	{ "整体专门", VALUE_RESERVE_WHOLE },
	{ "整体面向", VALUE_RESERVE_WHOLE },
	{ "专门采购包", VALUE_RESERVE_PACKAGE },
	{ "采购包专门", VALUE_RESERVE_PACKAGE },
	{ "采购包预留", VALUE_RESERVE_PACKAGE },
	{ "本包专门", VALUE_RESERVE_PACKAGE },
};

static const char *const words_package[] = { "标项", "采购包", "本包", "标包", NULL };
static const char *const words_reserved[] = { "专门面向", "应为中", "须为中", "应为小", "须为小",
	"应为微", "须为微", NULL };

/* 小微企业 is also the tail of 中小微企业, which is another group. */
static bool names_small_micro(const char *word)
{
	static const char *const smalls[] = { "小微企业", "小微型企业", "小型、微型", "小、微企业",
		"小型和微型", "small_micro", NULL };

	if (strstr(word, "中小企业") || strstr(word, "中小微") || strstr(word, "中、小"))
		return false;
	return value_contains(word, smalls);
}

static enum value_reserve_for read_whom(const char *word)
{
	if (strstr(word, "监狱"))
		return VALUE_FOR_PRISON;
	if (strstr(word, "残疾人"))
		return VALUE_FOR_DISABLED;
	return names_small_micro(word) ? VALUE_FOR_SMALL_MICRO : VALUE_FOR_SME;
}

static enum value_reserve_form read_form(const char *word)
{
	for (size_t i = 0; i < sizeof(exact_forms) / sizeof(*exact_forms); i++) {
		if (strcmp(word, exact_forms[i].text) == 0)
			return exact_forms[i].form;
	}
	for (size_t i = 0; i < sizeof(inner_forms) / sizeof(*inner_forms); i++) {
		if (strstr(word, inner_forms[i].text))
			return inner_forms[i].form;
	}
	if (value_contains(word, words_reserved))
		return value_contains(word, words_package) ? VALUE_RESERVE_PACKAGE
							   : VALUE_RESERVE_WHOLE;
	if (value_one_of(word, words_yes))
		return VALUE_RESERVE_UNKNOWN_FORM;
	return value_contains(word, words_preference) ? VALUE_RESERVE_NONE
						      : VALUE_RESERVE_NOT_UNDERSTOOD;
}

void value_reserve_read(const char *text, size_t length, struct value_reserve *ret)
{
	char word[VALUE_WORD_MAX];

	*ret = (struct value_reserve){ VALUE_RESERVE_NOT_UNDERSTOOD, VALUE_FOR_NONE };
	if (!value_word_normal(text, length, word))
		return;
	if (*word == '\0' ||
		(value_contains(word, words_citation) && !value_contains(word, words_this)))
		ret->form = VALUE_RESERVE_NOTHING;
	else if (value_one_of(word, words_no) || value_contains(word, words_negation))
		ret->form = VALUE_RESERVE_NONE;
	else
		ret->form = read_form(word);
	if (ret->form >= VALUE_RESERVE_WHOLE && ret->form <= VALUE_RESERVE_UNKNOWN_FORM)
		ret->whom = read_whom(word);
}
