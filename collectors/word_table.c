/* Office words of the small vocabularies, to the canonical words of the exchange profile: data, no logic but the look-up.
 * Words that name a size or a reservation have readers of their own (value_words.c, value_reserve.c). */
#include "collectors/value_words.h"

#include <string.h>

struct entry {
	const char *record; /* NULL = in every kind */
	const char *column;
	const char *word; /* normalised */
	const char *canonical;
};

static const struct entry entries[] = {
	{ "unit", "kind", "机关", "organ" },
	{ "unit", "kind", "行政机关", "organ" },
	{ "unit", "kind", "党政机关", "organ" },
	{ "unit", "kind", "政府机关", "organ" },
	{ "unit", "kind", "行政单位", "organ" },
	{ "unit", "kind", "政府部门及其所属机构", "organ" },
	{ "unit", "kind", "事业单位", "institution" },
	{ "unit", "kind", "群众团体", "group" },
	{ "unit", "kind", "人民团体", "group" },
	{ "unit", "kind", "团体组织", "group" },
	{ "unit", "kind", "国有企业", "soe" },
	{ "unit", "kind", "大型国有企业", "soe" },
	{ "unit", "kind", "国企", "soe" },
	{ "unit", "kind", "大型企业", "large_enterprise" },
	{ NULL, "size_source", "声明", "declared" },
	{ NULL, "size_source", "自行声明", "declared" },
	{ NULL, "size_source", "中小企业声明函", "declared" },
	{ NULL, "size_source", "名录", "register" },
	{ NULL, "size_source", "登记", "register" },
	{ NULL, "size_source", "测算", "computed" },
	{ NULL, "deemed", "监狱企业", "prison" },
	{ NULL, "deemed", "监狱企业(含戒毒企业)", "prison" },
	{ NULL, "deemed", "戒毒企业", "prison" },
	{ NULL, "deemed", "残疾人福利性单位", "disabled_welfare" },
	{ NULL, "deemed", "残疾人企业", "disabled_welfare" },
	{ NULL, "deemed", "无", "none" },
	{ NULL, "deemed", "否", "none" },
	{ NULL, "deemed", "其他", "none" },
	{ NULL, "snapshot", "年初预算", "initial" },
	{ NULL, "snapshot", "年初", "initial" },
	{ NULL, "snapshot", "调整预算", "adjusted" },
	{ NULL, "snapshot", "调整", "adjusted" },
	{ NULL, "snapshot", "决算", "final" },
	{ NULL, "class", "货物", "goods" },
	{ NULL, "class", "货物类", "goods" },
	{ NULL, "class", "a", "goods" },
	{ NULL, "class", "工程", "works" },
	{ NULL, "class", "工程类", "works" },
	{ NULL, "class", "b", "works" },
	{ NULL, "class", "服务", "services" },
	{ NULL, "class", "服务类", "services" },
	{ NULL, "class", "c", "services" },
	{ NULL, "reserved_for", "中小企业", "sme" },
	{ NULL, "reserved_for", "中小微企业", "sme" },
	{ NULL, "reserved_for", "小微企业", "small_micro" },
	{ NULL, "reserved_for", "小型和微型企业", "small_micro" },
	{ NULL, "reserved_for", "监狱企业", "small_micro" },
	{ NULL, "reserved_for", "残疾人福利性单位", "small_micro" },
	{ NULL, "term_unit", "天", "day" },
	{ NULL, "term_unit", "日", "day" },
	{ NULL, "term_unit", "日历天", "day" },
	{ NULL, "term_unit", "日历日", "day" },
	{ NULL, "term_unit", "自然日", "day" },
	{ NULL, "term_unit", "工作日", "workday" },
	{ NULL, "term_unit", "个工作日", "workday" },
	{ NULL, "term_unit", "月", "month" },
	{ NULL, "term_unit", "个月", "month" },
	{ NULL, "clock_basis", "交付", "delivery" },
	{ NULL, "clock_basis", "交货", "delivery" },
	{ NULL, "clock_basis", "到货", "delivery" },
	{ NULL, "clock_basis", "货到", "delivery" },
	{ NULL, "clock_basis", "验收", "acceptance" },
	{ NULL, "clock_basis", "验收合格", "acceptance" },
	{ NULL, "clock_basis", "结算", "settlement" },
	{ NULL, "clock_basis", "结算确认", "settlement" },
	/* a contract that is done still stands in the figures of its year */
	{ "contract", "status", "履行中", "active" },
	{ "contract", "status", "执行中", "active" },
	{ "contract", "status", "完成", "active" },
	{ "contract", "status", "已履约", "active" },
	{ "contract", "status", "已办结", "active" },
	{ "contract", "status", "履行完毕", "active" },
	{ "contract", "status", "撤销", "cancelled" },
	{ "contract", "status", "作废", "cancelled" },
	{ "contract", "status", "无效", "cancelled" },
	{ "contract", "status", "终止", "terminated" },
	{ "contract", "status", "解除", "terminated" },
	{ "obligation", "kind", "预付款", "prepayment" },
	{ "obligation", "kind", "货款", "delivery" },
	{ "obligation", "kind", "物资采购款", "delivery" },
	{ "obligation", "kind", "到货款", "delivery" },
	{ "obligation", "kind", "服务费", "delivery" },
	{ "obligation", "kind", "尾款", "delivery" },
	{ "obligation", "kind", "进度款", "progress" },
	{ "obligation", "kind", "工程款", "progress" },
	{ "obligation", "kind", "工程进度款", "progress" },
	{ "obligation", "kind", "质保金", "retention" },
	{ "obligation", "kind", "质量保证金", "retention" },
	{ "obligation", "kind", "保证金", "deposit" },
	{ "obligation", "kind", "履约保证金", "deposit" },
	{ "obligation", "kind", "投标保证金", "deposit" },
	{ "obligation", "kind", "涉企保证金", "deposit" },
	{ "obligation", "deposit_kind", "履约保证金", "performance" },
	{ "obligation", "deposit_kind", "投标保证金", "bid" },
	{ "obligation", "deposit_kind", "质量保证金", "quality" },
	{ "obligation", "deposit_kind", "工程质量保证金", "quality" },
	{ "obligation", "deposit_kind", "农民工工资保证金", "wage" },
	{ NULL, "instrument", "转账", "cash" },
	{ NULL, "instrument", "现金", "cash" },
	{ NULL, "instrument", "信汇", "cash" },
	{ NULL, "instrument", "电汇", "cash" },
	{ NULL, "instrument", "本票", "cash" },
	{ NULL, "instrument", "银行转账", "cash" },
	{ NULL, "instrument", "直接支付", "cash" },
	{ NULL, "instrument", "授权支付", "cash" },
	{ NULL, "instrument", "国库集中支付", "cash" },
	{ NULL, "instrument", "汇票", "bill" },
	{ NULL, "instrument", "承兑汇票", "bill" },
	{ NULL, "instrument", "银行承兑汇票", "bill" },
	{ NULL, "instrument", "商业承兑汇票", "bill" },
	{ "complaint", "result", "已支付", "paid" },
	{ "complaint", "result", "还款计划", "plan" },
	{ "complaint", "result", "不予支持", "rejected" },
	{ "complaint", "result", "移送", "transferred" },
	{ "complaint", "result", "不予受理", "not_admitted" },
	{ NULL, "currency", "人民币", "CNY" },
	{ NULL, "currency", "人民币元", "CNY" },
	{ NULL, "currency", "rmb", "CNY" },
};

const char *value_word_find(const char *record, const char *column, const char *text, size_t length)
{
	char word[VALUE_WORD_MAX];

	if (!value_word_normal(text, length, word))
		return NULL;
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++) {
		const struct entry *entry = &entries[i];
		if ((!entry->record || strcmp(entry->record, record) == 0) &&
			strcmp(entry->column, column) == 0 && strcmp(entry->word, word) == 0)
			return entry->canonical;
	}
	return NULL;
}
