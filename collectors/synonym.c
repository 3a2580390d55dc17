#include "collectors/synonym.h"

#include <stddef.h>
#include <string.h>

#define HEADERS(...)                                                                               \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}
#define UNIT_CODE                                                                                  \
	HEADERS("预算单位编码", "基层预算单位编码", "单位编码", "单位代码", "采购单位编码",        \
		"采购单位id", "agencycode", "agency_code", "orgcode")
#define BUYER_NAME                                                                                 \
	HEADERS("采购单位", "采购人", "采购人名称", "采购人(甲方)", "甲方", "单位名称",            \
		"预算单位名称", "部门(单位)名称")
#define CONTRACT_NO                                                                                \
	HEADERS("合同编号", "合同编码", "合同号", "采购合同编号", "contract_archive_code")
#define PROJECT_CODE HEADERS("采购项目编号", "项目编号", "招标编号")
#define PACKAGE_NO   HEADERS("包编号", "包号", "标项", "标包", "采购包", "分包编号")
#define CURRENCY     HEADERS("币种", "货币", "currencycode")
#define RESERVE_FORM                                                                               \
	HEADERS("预留形式", "预留选项", "预留份额措施", "中小企业预留份额执行措施",                \
		"是否专门面向中小企业采购", "中小企业政策")
#define RESERVED_FOR HEADERS("面向的企业规模", "面向特定规模供应商采购的范围")
#define SUPPLIER_CODE                                                                              \
	HEADERS("供应商统一社会信用代码", "统一社会信用代码", "社会信用代码", "信用代码",          \
		"供应商代码", "纳税人识别号", "suppliercode")

const struct synonym synonyms[] = {
	{ "unit", "unit_code", UNIT_CODE },
	{ "unit", "uscc",
		HEADERS("统一社会信用代码", "社会信用代码", "信用代码", "机构代码",
			"组织机构代码") },
	{ "unit", "name",
		HEADERS("预算单位名称", "采购单位", "采购人", "采购人名称", "采购人(甲方)", "甲方",
			"单位名称", "部门(单位)名称", "欠款单位", "债务人") },
	{ "unit", "parent_code",
		HEADERS("一级预算单位编码", "主管预算单位编码", "主管部门编码", "上级单位编码") },
	{ "unit", "kind", HEADERS("单位性质", "单位类型", "机构类型", "债务人性质") },
	{ "unit", "valid_from", HEADERS("启用日期", "生效日期") },
	{ "unit", "valid_to", HEADERS("停用日期", "撤销日期", "失效日期") },
	{ "unit", "contact", HEADERS("采购联系人", "联系人", "联系方式") },

	{ "supplier", "uscc", SUPPLIER_CODE },
	{ "supplier", "name",
		HEADERS("供应商名称", "供应商", "供应商(乙方)", "中标供应商", "成交供应商", "乙方",
			"分包供应商/制造商名称", "收款人名称", "收款人全称", "债权企业", "债权人",
			"被拖欠企业", "企业名称") },
	{ "supplier", "size_class",
		HEADERS("供应商规模", "分包供应商/制造商类型", "企业规模", "企业划型", "划型结果",
			"规模类型", "所属规模", "制造商规模") },
	{ "supplier", "industry_code", HEADERS("所属行业", "中小企业划分标准所属行业", "行业") },
	{ "supplier", "employees", HEADERS("从业人员", "从业人数", "职工人数") },
	{ "supplier", "revenue_yuan", HEADERS("营业收入", "主营业务收入") },
	{ "supplier", "assets_yuan", HEADERS("资产总额", "总资产") },
	{ "supplier", "size_year", HEADERS("年度", "上年度", "数据年度") },
	{ "supplier", "size_source", HEADERS("依据", "数据来源") },
	{ "supplier", "deemed", HEADERS("供应商特殊性质", "供应商特性") },

	{ "budget_item", "fiscal_year", HEADERS("年度", "财政年度", "预算年度", "fiscalyear") },
	{ "budget_item", "unit_code", UNIT_CODE },
	{ "budget_item", "project_code",
		HEADERS("采购项目编号", "项目编号", "采购计划编号", "计划流水号",
			"政府采购计划编号", "预算项目编码", "采购计划备案书/标准书编号") },
	{ "budget_item", "package_no", PACKAGE_NO },
	{ "budget_item", "snapshot", HEADERS("预算版本") },
	{ "budget_item", "approved_on", HEADERS("批复日期", "下达日期", "审批时间") },
	{ "budget_item", "name", HEADERS("采购项目名称", "项目名称") },
	{ "budget_item", "catalogue_code", HEADERS("采购品目编码", "品目编码") },
	{ "budget_item", "class", HEADERS("项目所属分类", "项目类型", "采购类别", "项目属性") },
	{ "budget_item", "budget_yuan",
		HEADERS("预算金额", "采购预算", "项目预算", "计划金额", "buyplan_money",
			"项目预算金额") },
	{ "budget_item", "currency", CURRENCY },
	{ "budget_item", "reserve_form", RESERVE_FORM },
	{ "budget_item", "reserved_for", RESERVED_FOR },
	{ "budget_item", "required_share_percent",
		HEADERS("预留比例", "预留给中小企业比例", "联合体中中小企业承担的部分达到_%",
			"分包给中小企业_%") },
	{ "budget_item", "reserved_yuan",
		HEADERS("面向中小企业预留金额", "面向中小企业金额", "面向中小企业采购金额") },
	{ "budget_item", "reserved_small_micro_yuan",
		HEADERS("面向小微企业金额", "面向小微企业采购金额") },
	{ "budget_item", "exemption_code", HEADERS("不预留情形", "不适宜由中小企业提供的情形") },
	{ "budget_item", "exemption_reason", HEADERS("理由", "不预留理由") },
	{ "budget_item", "exemption_approver", HEADERS("审批人") },
	{ "budget_item", "exemption_on", HEADERS("审批日期") },
	{ "budget_item", "withdrawn_on", HEADERS("撤销日期") },
	{ "budget_item", "planned_month", HEADERS("预计采购时间") },
	{ "budget_item", "buyer_name", BUYER_NAME },

	{ "notice", "notice_id", HEADERS("公告标识", "公告链接", "articleid") },
	{ "notice", "unit_code", UNIT_CODE },
	{ "notice", "project_code", PROJECT_CODE },
	{ "notice", "package_no", PACKAGE_NO },
	{ "notice", "kind", HEADERS("公告类型", "公告类别") },
	{ "notice", "title", HEADERS("公告标题", "标题", "采购项目名称", "项目名称") },
	{ "notice", "published_on", HEADERS("公告日期", "发布时间", "publishdate") },
	{ "notice", "first_published_on", HEADERS("首次公告日期") },
	{ "notice", "budget_yuan", HEADERS("预算金额", "预算总金额") },
	{ "notice", "ceiling_yuan", HEADERS("最高限价") },
	{ "notice", "currency", CURRENCY },
	{ "notice", "reserve_form",
		HEADERS("预留形式", "是否专门面向中小企业采购",
			"落实政府采购政策需满足的资格要求") },
	{ "notice", "reserved_for", RESERVED_FOR },
	{ "notice", "required_share_percent", HEADERS("预留比例", "预留给中小企业比例") },
	{ "notice", "preference_percent",
		HEADERS("价格扣除比例", "小微企业报价扣除", "小微企业价格扣除比例") },
	{ "notice", "part_preference_percent",
		HEADERS("联合体或分包价格扣除比例", "联合体价格扣除比例") },
	{ "notice", "end_reason", HEADERS("终止原因", "废标理由", "项目终止的原因") },
	{ "notice", "corrects", HEADERS("更正项") },
	{ "notice", "buyer_name", BUYER_NAME },

	{ "award", "unit_code", UNIT_CODE },
	{ "award", "buyer_name", BUYER_NAME },
	{ "award", "title", HEADERS("采购项目名称", "项目名称") },
	{ "award", "awarded_on", HEADERS("中标日期", "成交日期", "中标(成交)日期") },
	{ "award", "amount_yuan", HEADERS("中标金额", "成交金额", "中标(成交)金额") },
	{ "award", "currency", CURRENCY },

	{ "contract", "contract_no", CONTRACT_NO },
	{ "contract", "project_code", PROJECT_CODE },
	{ "contract", "package_no", PACKAGE_NO },
	{ "contract", "unit_code", UNIT_CODE },
	{ "contract", "supplier_uscc", SUPPLIER_CODE },
	{ "contract", "signed_on",
		HEADERS("合同签订日期", "签订时间", "签订日期", "签约日期", "合同日期") },
	{ "contract", "amount_yuan", HEADERS("合同金额", "合同总金额", "合同价款", "项目金额") },
	{ "contract", "currency", CURRENCY },
	{ "contract", "reserve_form", RESERVE_FORM },
	{ "contract", "reserved_yuan",
		HEADERS("(实际)面向中小企业预留金额", "面向中小企业预留金额") },
	{ "contract", "declared_size", HEADERS("供应商规模", "制造商是否为中小企业") },
	{ "contract", "reserved_mark",
		HEADERS("本合同是否为专门面向中小企业的采购合同(中小企业预留合同)",
			"是否面向中小企业采购") },
	{ "contract", "agreed_term", HEADERS("付款期限", "账期") },
	{ "contract", "term_unit", HEADERS("付款期限单位", "期限单位") },
	{ "contract", "clock_basis", HEADERS("付款起算", "起算依据") },
	{ "contract", "inspection_days", HEADERS("验收期限") },
	{ "contract", "late_cap_percent", HEADERS("违约金上限") },
	{ "contract", "status", HEADERS("合同履行状态", "合同状态") },
	{ "contract", "supplier_name",
		HEADERS("供应商名称", "供应商", "供应商(乙方)", "中标供应商", "成交供应商",
			"乙方") },
	{ "contract", "buyer_name", BUYER_NAME },
	{ "contract", "payment_clause", HEADERS("付款条件", "付款方式", "支付方式") },
	{ "contract", "project_name", HEADERS("采购项目名称", "项目名称") },

	{ "party", "parent_no", CONTRACT_NO },
	{ "party", "supplier_id", SUPPLIER_CODE },
	{ "party", "supplier_name",
		HEADERS("供应商名称", "联合体成员", "分包供应商", "转让/分包供应商") },
	{ "party", "size_word", HEADERS("供应商规模", "企业规模") },
	{ "party", "share_percent", HEADERS("承担比例", "分包比例") },
	{ "party", "amount_yuan", HEADERS("转让/分包金额", "分包金额") },

	{ "amendment", "contract_no", CONTRACT_NO },
	{ "amendment", "amended_on", HEADERS("变更日期") },
	{ "amendment", "amount_change_yuan", HEADERS("增减额", "变更增减额") },
	{ "amendment", "currency", CURRENCY },

	{ "event", "contract_no", CONTRACT_NO },
	{ "event", "instalment", HEADERS("期次", "批次") },
	{ "event", "result", HEADERS("验收结论", "验收意见") },
	{ "event", "amount_yuan", HEADERS("本期验收金额", "结算金额") },
	{ "event", "document", HEADERS("验收单号", "送货单号") },

	{ "obligation", "obligation_no", HEADERS("台账编号", "应付单号", "序号") },
	{ "obligation", "contract_no",
		HEADERS("合同编号", "合同编码", "合同号", "采购合同编号", "合同") },
	{ "obligation", "kind", HEADERS("款项性质", "欠款类型", "款项类别") },
	{ "obligation", "amount_yuan", HEADERS("应付金额", "支付金额") },
	{ "obligation", "currency", CURRENCY },
	{ "obligation", "delivered_on", HEADERS("交货时间", "交付日期", "到货日期", "签收日期") },
	{ "obligation", "accepted_on", HEADERS("验收日期", "验收合格日期") },
	{ "obligation", "settled_on", HEADERS("结算日期", "结算确认日期") },
	{ "obligation", "deposit_kind", HEADERS("保证金种类", "保证金类型", "保证金名称") },
	{ "obligation", "invoice_on", HEADERS("发票日期", "开票日期", "收票日期") },
	{ "obligation", "contract_due_on", HEADERS("计划支付日期", "应付日期", "最晚支付日期") },
	{ "obligation", "disputed_yuan", HEADERS("有分歧金额", "其中有分歧") },
	{ "obligation", "unit_code", UNIT_CODE },
	{ "obligation", "creditor_uscc",
		HEADERS("债权人代码", "债权企业统一社会信用代码", "供应商统一社会信用代码") },
	{ "obligation", "creditor_name", HEADERS("债权企业", "债权人", "被拖欠企业") },
	{ "obligation", "outstanding_yuan", HEADERS("未清偿", "未清偿金额") },
	{ "obligation", "formed_on", HEADERS("形成时间") },
	{ "obligation", "origin", HEADERS("线索来源") },
	{ "obligation", "cause", HEADERS("拖欠原因") },
	{ "obligation", "responsible", HEADERS("责任人", "具体责任人") },
	{ "obligation", "fund_source", HEADERS("资金来源", "偿还资金来源") },

	{ "payment", "voucher_no",
		HEADERS("凭证号", "支付凭证号", "支付令编号", "支付凭证单号", "支付申请号",
			"交易流水号") },
	{ "payment", "contract_no",
		HEADERS("合同编号", "合同编码", "合同号", "采购合同编号", "备案号") },
	{ "payment", "obligation_no", HEADERS("台账编号", "应付单号") },
	{ "payment", "unit_code", UNIT_CODE },
	{ "payment", "payee_uscc",
		HEADERS("收款人统一社会信用代码", "供应商统一社会信用代码", "纳税人识别号") },
	{ "payment", "payee_name", HEADERS("收款人名称", "收款人全称", "供应商名称") },
	{ "payment", "amount_yuan",
		HEADERS("支付金额", "实际支付金额", "xpayamt", "实际使用金额", "useamt") },
	{ "payment", "currency", CURRENCY },
	{ "payment", "voucher_on", HEADERS("凭证日期", "支付令日期") },
	{ "payment", "cleared_on",
		HEADERS("实际支付日期", "xpaydate", "内部清算日期", "财政清算日期") },
	{ "payment", "received_on", HEADERS("到账日期", "收款日期") },
	{ "payment", "instrument", HEADERS("结算方式", "支付方式") },
	{ "payment", "matures_on", HEADERS("到期日", "汇票到期日") },
	{ "payment", "reverses_voucher_no", HEADERS("对照支付凭证号码", "原支付申请序号") },

	{ "complaint", "complaint_no", HEADERS("投诉编号", "转办单号") },
	{ "complaint", "contract_no", CONTRACT_NO },
	{ "complaint", "accepted_on", HEADERS("受理日期", "受理时间") },
	{ "complaint", "handed_over_on", HEADERS("转办日期", "转办时间") },
	{ "complaint", "answered_on", HEADERS("答复日期", "办结日期") },
	{ "complaint", "result", HEADERS("处理结果", "办理结果") },
	{ "complaint", "not_admitted_ground", HEADERS("不予受理理由", "不予受理原因") },

	{ "repayment_plan", "plan_id", HEADERS("还款计划编号", "还款协议编号") },
	{ "repayment_plan", "obligation_no", HEADERS("台账编号", "应付单号") },
	{ "repayment_plan", "instalment", HEADERS("期次") },
	{ "repayment_plan", "fund_source", HEADERS("偿还资金来源") },
	{ "repayment_plan", "final_on", HEADERS("计划偿还完毕日期") },
	{ "repayment_plan", "proof", HEADERS("还款凭证", "还款凭证(银行回单)") },
	{ NULL, NULL, NULL },
};

const char *synonym_find(const char *record, const char *header)
{
	for (const struct synonym *entry = synonyms; entry->record; entry++) {
		if (strcmp(entry->record, record) != 0)
			continue;
		for (size_t i = 0; entry->headers[i]; i++) {
			if (strcmp(entry->headers[i], header) == 0)
				return entry->column;
		}
	}
	return NULL;
}
