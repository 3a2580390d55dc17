/* 提示事项 in words, with the article each rests on: what the desk that keeps the records is asked to look at. */
#include "checks/findings.h"

#include <string.h>

#include "core/err.h"

#define RULES_46 "财库〔2020〕46号《政府采购促进中小企业发展管理办法》"
#define OWN      "本系统约定："

/* clang-format off: one finding, one block */
static const struct finding_kind kinds[] = {
	{ "budget-approved-on-missing", "Q-5", "预算行缺少批准日期，未计入",
		OWN "以批准日期确定生效的预算行" },
	{ "plan-possible-duplicate", "Q-5", "同一采购包在两个单位下以相同金额出现，可能重复计入",
		OWN "同一采购包只计入一次" },
	{ "small-project-not-reserved", "Q-4",
		"项目预算达到采购限额而未超过整体预留的限额，适宜而未整体预留", RULES_46 "第七条" },
	{ "plan-share-missing", "Q-7", "预留比例或金额未填，按零计", RULES_46 "第八条" },
	{ "plan-share-invalid", "Q-7", "预留比例不在0至100%之间，按零计", RULES_46 "第八条" },
	{ "award-share-missing", "Q-7", "合同未填中小企业份额，按零计", RULES_46 "第八条" },
	{ "award-share-invalid", "Q-7", "合同的中小企业份额无效，按零计", RULES_46 "第八条" },
	{ "award-reserved-to-large", "Q-7", "预留合同的供应商为大型企业，按零计",
		RULES_46 "第八条" },
	{ "award-size-unknown", "Q-7", "预留合同的供应商规模不明", RULES_46 "第八条" },
	{ "amendment-date-missing", "Q-7", "合同变更缺少日期，未计入", OWN "变更自其日期起计入" },
	{ "reserved-mark-missing", "Q-7", "预留项目的合同未注明“中小企业预留合同”",
		RULES_46 "第十四条" },
	{ "fewer-than-three-qualified", "Q-7",
		"预留采购包因符合条件的中小企业不足三家而终止，预留尚未撤销", RULES_46 "第十条" },
	{ "reserved-package-ended", "Q-7", "预留采购包已终止而预留未撤销，请核实",
		RULES_46 "第十条" },
	{ "subcontract-upward", "Q-7", "预留合同向规模更大的企业分包", RULES_46 },
	{ "plan-exemption-incomplete", "Q-8", "不适宜预留的理由、批准人或日期不全（待补依据）",
		RULES_46 "第六条" },
	{ "plan-exemption-unknown-code", "Q-8", "不适宜预留的情形代码不在1至5之内（待补依据）",
		RULES_46 "第六条" },
	{ "plan-exempt-and-reserved", "Q-8", "既预留又列为不适宜预留，以预留为准",
		RULES_46 "第六条" },
	{ "preference-in-reserved-package", "Q-10",
		"预留采购包的公告载有价格扣除：预留与价格扣除不同时适用", RULES_46 "第九条" },
	{ "preference-outside-band", "Q-10", "公告的价格扣除比例不在规定幅度之内",
		RULES_46 "第九条；财库〔2022〕19号" },
	{ "award-reserved-to-large-controlled", "Q-12",
		"预留合同的供应商与大型企业有控制或管理关系，按零计", RULES_46 "第二条" },
	{ "award-possible-duplicate", "Q-13",
		"两份合同的采购包、供应商、日期和金额相同，可能重复计入",
		OWN "一份合同只计入一次" },
	{ "declared-size-mismatch", "Q-14", "声明的企业规模与按指标计算的不同",
		"工信部联企业〔2011〕300号；" RULES_46 "第二十条" },
	{ "yearly-notice-late", "N-1", "上年度中小企业预留执行情况尚未登记公告",
		RULES_46 "第十八条；期限为本系统约定" },
	{ "contract-not-signed", "N-2", "中标（成交）公告后三十日内未见合同",
		"政府采购法第四十六条" },
	{ "contract-signed-late", "N-2", "合同签订晚于中标（成交）公告后三十日",
		"政府采购法第四十六条" },
	{ "contract-not-published", "N-2", "签订后两个工作日内未见合同公告",
		"政府采购法实施条例第五十条" },
	{ "contract-published-late", "N-2", "合同公告晚于签订后两个工作日",
		"政府采购法实施条例第五十条" },
	{ "supplement-over-limit", "N-2", "补充合同金额超过原合同的百分之十",
		"政府采购法第四十九条" },
	{ "deposit-over-limit", "N-2",
		"履约保证金（或未注明种类的一笔保证金）超过合同金额的百分之十",
		"政府采购法实施条例第四十八条" },
	{ "bid-deposit-over-limit", "N-2", "投标保证金超过采购项目预算金额的百分之二",
		"政府采购法实施条例第三十三条" },
	{ "status-not-stated", "Z-5", "合同签订时未说明企业规模", NULL },
	{ "clause-term-over-cap", "P-2", "合同约定的付款期限超过六十日", NULL },
	{ "clause-term-calendar-missing", "P-2",
		"合同付款期限按工作日约定，缺少该年度工作日历，暂不能判断是否超过六十日", NULL },
	{ "clause-no-inspection-period", "P-3", "合同以验收为付款条件而未约定验收期限", NULL },
	{ "clause-pay-when-paid", "P-5", "合同约定收到第三方款项后支付（背靠背条款）", NULL },
	{ "clause-fund-arrival", "P-3",
		"合同约定财政资金、上级拨款等到位后支付：付款期限视为没有约定，不从资金到位起算",
		NULL },
	{ "clause-audit-basis", "P-5", "合同以审计结果作为结算或付款依据", NULL },
	{ "clause-contractor-finances", "E-4", "合同约定由承包人垫资", NULL },
	{ "contract-without-budget", "E-4",
		"项目预算已登记，而合同的采购包不在其中（可能无预算采购）", NULL },
	{ "contracts-over-budget", "E-4", "同一采购包的合同金额合计超过其预算（可能超预算采购）",
		NULL },
	{ "clause-rate-below-floor", "P-7", "合同约定的逾期利率低于签订时的一年期LPR", NULL },
	{ "signed-on-missing", "P-10", "合同缺少签订日期", OWN "签订日期决定适用的规定" },
};
/* clang-format on */

const struct finding_kind *finding_kinds(size_t *ret_count)
{
	*ret_count = sizeof(kinds) / sizeof(kinds[0]);
	return kinds;
}

const struct finding_kind *finding_kind_find(const char *code)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].code, code) == 0)
			return &kinds[i];
	return NULL;
}

/* The version of the regulation that governs the contract says which article. */
static const struct {
	const char *code;
	enum provision provision;
} of_regulation[] = {
	{ "status-not-stated", PROVISION_SIZE_STATED },
	{ "clause-term-over-cap", PROVISION_TERM_PUBLIC },
	{ "clause-term-calendar-missing", PROVISION_TERM_PUBLIC },
	{ "clause-no-inspection-period", PROVISION_INSPECTION },
	{ "clause-pay-when-paid", PROVISION_PAY_WHEN_PAID },
	{ "clause-fund-arrival", PROVISION_FUNDS },
	{ "clause-audit-basis", PROVISION_AUDIT },
	{ "clause-contractor-finances", PROVISION_PREFINANCED },
	{ "contract-without-budget", PROVISION_BUDGET },
	{ "contracts-over-budget", PROVISION_BUDGET },
	{ "clause-rate-below-floor", PROVISION_INTEREST },
};

const char *finding_citation(const struct finding_kind *kind, enum regulation regulation)
{
	if (kind->citation)
		return kind->citation;
	for (size_t i = 0; i < sizeof(of_regulation) / sizeof(of_regulation[0]); i++)
		if (strcmp(of_regulation[i].code, kind->code) == 0)
			return regulation_article(regulation, of_regulation[i].provision);
	BUG("the finding %s rests on nothing", kind->code);
}

const char *finding_words(const char *code)
{
	const struct finding_kind *kind = finding_kind_find(code);

	return kind ? kind->words : code;
}
