#include "checks/explain_reason.h"

#include <string.h>

#include "checks/due.h"

static const char *const articles[][2] = {
	{ "Q-1", "中小企业促进法（2017年修订）第四十条第二款" },
	{ "Q-2", "北京市促进中小企业发展条例（2020年修订）第二十八条第（二）项" },
	{ "Q-3", "西行规发〔2025〕9号第八条" },
	{ "Q-4", "财库〔2020〕46号第七条、第八条" },
	{ "Q-5", "政府采购法第二条；政府采购法实施条例第二条、第七条" },
	{ "Q-6", "财库〔2020〕46号；口径为本系统约定" },
	{ "Q-7", "财库〔2020〕46号第八条、第十四条" },
	{ "Q-8", "财库〔2020〕46号第六条" },
	{ "Q-9", "中小企业促进法第四十条（本部门）；归属按日期为本系统约定" },
	{ "Q-10", "财库〔2020〕46号第九条；财库〔2022〕19号" },
	{ "Q-11", "财库〔2020〕46号第四条（货物由中小企业制造）" },
	{ "Q-12", "财库〔2020〕46号第二条" },
	{ "Q-13", "财库〔2017〕141号；财库〔2014〕68号" },
	{ "Q-14", "财库〔2020〕46号第十一条、第二十条" },
	{ "Z-1", "工信部联企业〔2011〕300号第二条、第四条" },
	{ "Z-2", "工信部联企业〔2011〕300号；国统字〔2017〕213号" },
	{ "Z-3", "国统字〔2017〕213号；GB/T 4754—2017" },
	{ "Z-4", "工信部联企业〔2011〕300号" },
	{ "Z-5", "国务院令第802号第三条第二款" },
	{ "N-1", "财库〔2020〕46号第十八条" },
	{ "N-2", "政府采购法第四十六条、第四十九条；政府采购法实施条例第四十八条、第五十"
		 "条" },
	{ "DT-1", "民法典第一千二百五十九条" },
};

const char *rule_article(const char *rule_id)
{
	for (size_t i = 0; i < sizeof(articles) / sizeof(articles[0]); i++)
		if (strcmp(articles[i][0], rule_id) == 0)
			return articles[i][1];
	return "本系统约定";
}

const char *rule_with_article(size_t number)
{
	return number < sizeof(articles) / sizeof(articles[0]) ? articles[number][0] : NULL;
}

/* Budget rows --------------------------------------------------------------------------------- */

static const struct reason NO_APPROVAL = { "Q-5", "G-10", "无批准日期，不计入" };
static const struct reason APPROVED_LATER = { "Q-5", "G-01", "批准日期晚于统计日，尚不可知" };
static const struct reason SUPERSEDED = { "Q-5", "G-10", "已被同一采购包的较新预算版本取代" };
static const struct reason OTHER_CURRENCY = { "Q-5", "Q-5", "非人民币，单独统计" };
static const struct reason OTHER_SNAPSHOT = { "Q-5", "Q-5",
	"本预算版本取同一采购包的另一行，不计入" };
static const struct reason CARRIED_FORWARD = { "Q-5", "Q-5", "该采购包无此预算版本，沿用前一版本" };
static const struct reason NOT_RESERVED = { "Q-7", "Q-7", "未预留，只计入基数" };
static const struct reason WITHDRAWN = { "Q-7", "G-11", "预留已撤销，自撤销日起只计入基数" };
static const struct reason RESERVED_WHOLLY = { "Q-7", "Q-7", "整体预留或专门采购包，按全额计" };
static const struct reason RESERVED_BY_SHARE = { "Q-7", "G-13", "联合体或分包预留，按要求比例计" };
static const struct reason RESERVED_AS_GIVEN = { "Q-7", "Q-7", "预留金额按申报数计" };
static const struct reason FOR_SMALL_MICRO = { "Q-6", "Q-6",
	"专门预留给小微企业，同时计入小微部分" };
static const struct reason FOR_SME = { "Q-6", "G-12", "未指明小微企业，只计入中小企业部分" };
static const struct reason EXEMPT = { "Q-8", "G-14", "豁免有效，不计入调整后基数" };
static const struct reason EXEMPT_BY_REGISTER = { "Q-8", "G-14",
	"豁免已登记并经批准，不计入调整后基数" };
static const struct reason CORRECTED = { "Q-7", "Q-7", "按登记的更正计算" };

static const struct reason plan_faults[PLAN_FINDING_COUNT] = {
	{ "Q-7", "G-13", "缺少要求比例，按零计" },
	{ "Q-7", "G-13", "要求比例不在0至100%之间，按零计" },
	{ "Q-8", "G-14", "豁免缺少理由、批准人或日期，视为适宜" },
	{ "Q-8", "G-14", "豁免代码不在1至5之内，视为适宜" },
	{ "Q-8", "G-15", "既预留又豁免：以预留为准" },
};

static const struct reason q4_reasons[] = {
	[Q4_OVER] = { "Q-4", "G-20", "项目预算超过限额，计入该部分基数" },
	[Q4_BELOW_RESERVED] = { "Q-4", "G-20", "项目预算未超过限额，不计入该部分基数" },
	[Q4_BELOW_NOT_RESERVED] = { "Q-4", "G-20", "项目预算未超过限额而未整体预留，列为提示事项" },
	[Q4_EXEMPT] = { "Q-4", "G-20", "不适宜预留，不计入该部分基数" },
};

static void because(struct reasons *reasons, const struct reason *reason)
{
	if (reasons->count == REASONS_MAX)
		BUG("more reasons than a row can have");
	reasons->list[reasons->count++] = reason;
}

static void because_bits(
	struct reasons *reasons, const struct reason *table, int count, unsigned bits)
{
	for (int bit = 0; bit < count; bit++)
		if (bits & 1u << bit)
			because(reasons, &table[bit]);
}

static void of_reservation(struct reasons *reasons, const struct budget_item_fact *item)
{
	bool wholly = item->reserve_form == RESERVE_WHOLE || item->reserve_form == RESERVE_PACKAGE;

	if (item->reserve_form == RESERVE_UNSTATED)
		because(reasons, &RESERVED_AS_GIVEN);
	else
		because(reasons, wholly ? &RESERVED_WHOLLY : &RESERVED_BY_SHARE);
	if (item->reserved_for == RESERVED_FOR_SMALL_MICRO)
		because(reasons, &FOR_SMALL_MICRO);
	else if (item->reserve_form != RESERVE_UNSTATED)
		because(reasons, &FOR_SME);
}

struct reasons reasons_of_item(
	const struct budget_item_fact *item, const struct plan_part *part, day_t as_of)
{
	struct reasons reasons = { .count = 0 };

	if (item->reserve_form == RESERVE_NONE)
		because(&reasons, &NOT_RESERVED);
	else if (day_known(item->withdrawn_on, as_of) != DAY_NONE)
		because(&reasons, &WITHDRAWN);
	else
		of_reservation(&reasons, item);
	if (part->exempt)
		because(&reasons, part->entry ? &EXEMPT_BY_REGISTER : &EXEMPT);
	because_bits(&reasons, plan_faults, PLAN_FINDING_COUNT, part->findings);
	return reasons;
}

struct reasons reasons_of_lost_item(const struct budget_item_fact *item, day_t as_of)
{
	struct reasons reasons = { .count = 0 };

	if (*item->currency && strcmp(item->currency, "CNY") != 0)
		because(&reasons, &OTHER_CURRENCY);
	else if (item->approved_on == DAY_NONE)
		because(&reasons, &NO_APPROVAL);
	else
		because(&reasons, item->approved_on > as_of ? &APPROVED_LATER : &SUPERSEDED);
	return reasons;
}

struct reasons reasons_of_snapshot(const struct budget_item_fact *item,
	const struct plan_part *part, enum snapshot_kind kind, bool chosen, day_t as_of)
{
	struct reasons reasons;

	if (chosen) {
		reasons = reasons_of_item(item, part, as_of);
		if (item->snapshot != kind)
			because(&reasons, &CARRIED_FORWARD);
		return reasons;
	}
	reasons = reasons_of_lost_item(item, as_of);
	if (reasons.list[0] == &SUPERSEDED)
		reasons.list[0] = &OTHER_SNAPSHOT;
	return reasons;
}

void reasons_add_corrected(struct reasons *reasons)
{
	because(reasons, &CORRECTED);
}

void reasons_add_q4(struct reasons *reasons, enum q4_reason reason)
{
	because(reasons, &q4_reasons[reason]);
}

/* Contracts ----------------------------------------------------------------------------------- */

static const struct reason NO_PROJECT = { "Q-5", "G-21", "无采购项目编号，不属于政府采购" };
static const struct reason NOT_PUBLIC = { "Q-5", "G-21", "采购方不是机关、事业单位或团体组织" };
static const struct reason NOT_SIGNED = { "Q-6", "G-21", "无签订日期，不计入" };
static const struct reason SIGNED_LATER = { "Q-6", "G-01", "签订日期晚于统计日，尚不可知" };
static const struct reason CANCELLED = { "Q-7", "G-23", "合同已取消，不计入" };
static const struct reason CONTRACT_NOT_RESERVED = { "Q-6", "G-24",
	"合同未按预留签订，只计入基数" };
static const struct reason BY_SUPPLIER = { "Q-7", "G-25", "整体预留或专门采购包，按供应商规模计" };
static const struct reason BY_AGREEMENT = { "Q-7", "G-26", "联合体或分包，按合同约定比例计" };
static const struct reason AS_GIVEN = { "Q-7", "Q-7", "预留金额按申报数计" };
static const struct reason AMENDED = { "Q-7", "G-22", "金额含统计日前的变更" };
static const struct reason DEEMED_BY_REGISTER = { "Q-13", "G-25",
	"已登记视同小型、微型企业，全额计入小微部分" };
static const struct reason SIZE_BY_AUTHORITY = { "Q-14", "G-25", "按主管部门答复的企业规模计算" };
static const struct reason MAKER_UNKNOWN = { "Q-11", "Q-11",
	"货物缺少制造商声明函，供应商自身规模只计入上限" };

static const struct reason award_faults[AWARD_FINDING_COUNT] = {
	{ "Q-7", "G-26", "缺少中小企业份额，按零计" },
	{ "Q-7", "G-26", "份额无效，按零计" },
	{ "Q-12", "G-25", "供应商为大型企业，按零计" },
	{ "Q-12", "G-25", "供应商与大型企业有控制或管理关系，按零计" },
	{ "Q-7", "G-25", "供应商规模不明，下限按零计，上限按全额计" },
};

static const struct reason *why_not_counted(
	const struct unit_tree *units, const struct contract_fact *contract, day_t as_of)
{
	if (*contract->currency && strcmp(contract->currency, "CNY") != 0)
		return &OTHER_CURRENCY;
	if (!*contract->project_code)
		return &NO_PROJECT;
	if (!debtor_is_public(unit_tree_kind(units, contract->unit_code, contract->signed_on)))
		return &NOT_PUBLIC;
	if (contract->signed_on == DAY_NONE)
		return &NOT_SIGNED;
	return contract->signed_on > as_of ? &SIGNED_LATER : &CANCELLED;
}

static const struct reason *why_of_form(enum reserve_form form)
{
	switch (form) {
	case RESERVE_NONE:
		return &CONTRACT_NOT_RESERVED;
	case RESERVE_WHOLE:
	case RESERVE_PACKAGE:
		return &BY_SUPPLIER;
	case RESERVE_UNSTATED:
		return &AS_GIVEN;
	case RESERVE_CONSORTIUM:
	case RESERVE_SUBCONTRACT:
	default:
		return &BY_AGREEMENT;
	}
}

struct reasons reasons_of_contract(const struct unit_tree *units,
	const struct contract_fact *contract, const struct award_part *part, bool maker_unknown,
	day_t as_of)
{
	struct reasons reasons = { .count = 0 };

	if (!part->counted) {
		because(&reasons, why_not_counted(units, contract, as_of));
		return reasons;
	}
	because(&reasons, why_of_form(contract->reserve_form));
	if (part->amount != contract->amount_fen)
		because(&reasons, &AMENDED);
	if (part->deemed)
		because(&reasons, &DEEMED_BY_REGISTER);
	else if (part->size)
		because(&reasons, &SIZE_BY_AUTHORITY);
	because_bits(&reasons, award_faults, AWARD_FINDING_COUNT, part->findings);
	if (maker_unknown)
		because(&reasons, &MAKER_UNKNOWN);
	return reasons;
}

void reasons_write(struct json_out *out, const struct reasons *reasons)
{
	json_array_begin(out, "because");
	for (int i = 0; i < reasons->count; i++) {
		json_object_begin(out, NULL);
		json_text(out, "rule", reasons->list[i]->rule);
		json_text(out, "reading", reasons->list[i]->reading);
		json_text(out, "article", rule_article(reasons->list[i]->rule));
		json_text(out, "text", reasons->list[i]->text);
		json_object_end(out);
	}
	json_array_end(out);
}
