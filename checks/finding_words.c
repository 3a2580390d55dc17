/* 提示事项 in words: what the desk that keeps the records is asked to look at. */
#include "checks/findings.h"

#include <string.h>

const char *finding_words(const char *code)
{
	static const char *const words[][2] = {
		{ "budget-approved-on-missing", "预算行缺少批准日期，未计入" },
		{ "plan-share-missing", "预留比例或金额未填，按零计" },
		{ "plan-share-invalid", "预留比例不在0至100%之间，按零计" },
		{ "plan-exemption-incomplete", "不适宜预留的理由、批准人或日期不全（待补依据）" },
		{ "plan-exemption-unknown-code", "不适宜预留的情形代码不在1至5之内（待补依据）" },
		{ "plan-exempt-and-reserved", "既预留又列为不适宜预留，以预留为准" },
		{ "plan-possible-duplicate", "同一采购包在两个单位下以相同金额出现，可能重复计入" },
		{ "reserved-package-ended", "预留采购包已终止而预留未撤销，请核实" },
		{ "award-share-missing", "合同未填中小企业份额，按零计" },
		{ "award-share-invalid", "合同的中小企业份额无效，按零计" },
		{ "award-reserved-to-large", "预留合同的供应商为大型企业，按零计" },
		{ "award-reserved-to-large-controlled",
			"预留合同的供应商与大型企业有控制或管理关系，按零计" },
		{ "award-size-unknown", "预留合同的供应商规模不明" },
		{ "award-possible-duplicate",
			"两份合同的采购包、供应商、日期和金额相同，可能重复计入" },
		{ "declared-size-mismatch", "声明的企业规模与按指标计算的不同" },
		{ "reserved-mark-missing", "预留项目的合同未注明“中小企业预留合同”" },
		{ "signed-on-missing", "合同缺少签订日期" },
		{ "status-not-stated", "合同签订时未说明企业规模" },
		{ "amendment-date-missing", "合同变更缺少日期，未计入" },
		{ "contract-signed-late", "合同签订晚于中标（成交）公告后三十日" },
		{ "contract-published-late", "合同公告晚于签订后两个工作日" },
		{ "supplement-over-limit", "补充合同金额超过原合同的百分之十" },
		{ "deposit-over-limit", "履约保证金超过合同金额的百分之十" },
		{ "subcontract-upward", "预留合同向规模更大的企业分包" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], code) == 0)
			return words[i][1];
	return code;
}
