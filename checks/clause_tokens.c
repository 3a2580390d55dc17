#include "checks/clause_tokens.h"

#include <pthread.h>
#include <string.h>

#include "core/err.h"
#include "core/mem.h"

/* One string per kind, words parted by blanks. */
/* clang-format off: words, as many as fit a line */
static const struct {
	enum clause_token kind;
	const char *words;
} lexicon[] = {
	{ TOKEN_STOP, "。 ； ; \n" },
	{ TOKEN_COMMA, "， , ： :" },
	{ TOKEN_BACK_TO_BACK, "背靠背 背对背" },
	{ TOKEN_UPSTREAM,
		"业主 业主方 业主单位 项目业主 总包 总包方 总包人 总包单位 总包商 总承包 总承包方 "
		"总承包人 总承包单位 总承包商 上游 上游方 上游客户 上游单位 上游企业 上家 最终用户 "
		"最终客户 终端客户 客户 第三方 第三人 开发商 投资方 投资人 丙方" },
	{ TOKEN_OWNER,
		"发包人 发包方 发包单位 建设单位 建设方 采购方 采购人 采购单位 招标人 招标方 "
		"用户单位 使用单位 委托人 买受人" },
	{ TOKEN_FUNDS,
		"财政资金 财政性资金 财政专项资金 财政补助 财政补助资金 财政预算资金 财政款 "
		"专项资金 "
		"专项款 专项债 专项债券 专项债资金 专项债券资金 债券资金 国债资金 上级资金 "
		"上级补助 "
		"上级补助资金 上级专项资金 上级财政资金 中央资金 市级资金 区级资金 补助资金 补助款 "
		"预算资金 预算指标 国库资金 配套资金 融资款 贷款资金" },
	{ TOKEN_PLAIN_FUNDS, "资金 经费 项目资金 建设资金 工程资金 项目经费" },
	{ TOKEN_TREASURY,
		"财政 财政部门 财政局 区财政 市财政 县财政 区财政局 市财政局 县财政局 上级财政 "
		"上级财政部门 本级财政 国库 上级 上级部门 上级单位 上级主管部门 主管部门" },
	{ TOKEN_PAYER, "甲方 我方 我司 买方 需方 付款方 发包方（甲方） 总承包人（甲方）" },
	{ TOKEN_CREDITOR,
		"乙方 供应商 卖方 供方 分包人 分包方 分包商 分包单位 受托人 受托方 中标人 "
		"成交供应商 服务方 服务商 施工单位 中标供应商" },
	{ TOKEN_CONTRACTOR, "承包人 承包方 承包单位 承包商" },
	{ TOKEN_RECEIVE, "收到 收讫 收取 取得 获得 收到了 收回" },
	{ TOKEN_MONEY,
		"工程款 工程价款 工程进度款 进度款 结算款 款项 货款 合同款 合同价款 服务费 项目款 "
		"价款 费用 款 的款 转付款项 工程尾款 项目回款 设备款 采购款" },
	{ TOKEN_FIRST,
		"预付款 首付款 首期款 第一笔款 定金 订金 首笔款 启动资金 工程预付款 备料款 "
		"履约保证金 投标保证金 保证金 质保金 质量保证金 押金 安全文明施工费 退还款" },
	{ TOKEN_PAID,
		"付款 支付 拨付 拨款 拨款到账 拨款到位 到位 到账 到帐 入账 入帐 回款 划拨 划款 "
		"下达 拨入 付清 付讫 打款 汇款 转款 付 拨 兑付 结清 落实到位 拨付到位 支付到位 "
		"支付到账 付款到账 到达 下拨 清偿" },
	{ TOKEN_SETTLED, "结算 结算完成 结算完毕 办理结算" },
	{ TOKEN_PAPER,
		"付款申请 付款申请书 付款申请单 支付申请 支付申请单 付款通知 付款通知书 付款资料 "
		"付款材料 付款凭证 支付凭证 付款证明 付款证书 支付证书 付款单据 付款手续 付款审批 "
		"支付审批 付款条件 支付条件 付款方式 支付方式 结算方式 付款日 付款日期 支付日 "
		"支付日期 付款账户 付款账号 付款信息 付款计划 支付计划 付款承诺 支付担保 付款担保 "
		"付款保函 支付保函 付款保证 支付平台 第三方支付平台 支付系统 支付系统支付 支付流程 "
		"付款流程 结算资料 结算书 结算单 结算报告 结算文件 结算审核 结算审计 结算材料 "
		"结算价 "
		"结算金额 结算证明 款项申请 请款 请款单 请款报告 应付款 应付款项 未付款 未付款项 "
		"已付款 已付款项 逾期付款违约金 付款节点 直接支付 集中支付 授权支付 国库集中支付 "
		"国库直接支付 财政直接支付 财政授权支付 财政集中支付 资金来源 支付能力 付款能力 "
		"付款义务 付款责任 支付令 财政评审 资金安排 资金计划 资金监管 资金监管账户 "
		"资金支付 "
		"预付资金 客户服务 客户端 客户经理 财政票据 财政发票 第三方支付机构 第三方支付方式 "
		"第三方支付渠道" },
	{ TOKEN_AFTER,
		"后 之后 以后 之日 之日起 起 时 之时 前提下 的前提下 才 方 方可 再 再行 后再 "
		"后方 后才 后方可 时方 时再 时才 同时" },
	{ TOKEN_BEFORE, "前 之前 以前" },
	{ TOKEN_SUBJECT_TO,
		"为前提 为条件 为准 为依据 为基础 为限 作为前提 作为条件 为前提条件 为先决条件" },
	{ TOKEN_PAY_SUBJECT_TO,
		"作为付款前提 作为付款条件 作为支付条件 作为支付前提 为付款前提 为付款条件 "
		"为支付前提 "
		"为支付条件 为付款依据 为付款前提条件 为支付前提条件 为甲方付款的前提 "
		"为甲方支付的前提 "
		"为付款的前提 为支付的前提 为付款的条件 为支付的条件 作为付款的前提 作为支付的前提 "
		"作为付款的条件 为甲方付款前提 为甲方付款条件 为甲方付款的条件 作为甲方付款的前提 "
		"作为甲方付款的条件 作为支付依据 为支付依据" },
	{ TOKEN_PREMISE, "前提是 的前提是 前提为 的前提为 条件是 的条件是 前提条件是 的前提条件是 "
			 "的前提条件为 "
			 "的条件为" },
	{ TOKEN_RATIO,
		"比例 同比例 同等比例 相同比例 进度 情况 节点 同步 同期 同等进度 金额 数额 额度 "
		"的比例 的进度 的情况" },
	{ TOKEN_TIME, "时间 实际时间 的时间 周期" },
	{ TOKEN_LATE,
		"未 未能 未按时 未按期 未及时 未足额 未按约定 未依约 未予 没有 尚未 延迟 延期 "
		"迟延 逾期 拖延 拖欠 滞后 不及时 不 不能 无法 不足 不足额 迟迟未 延误 原因" },
	{ TOKEN_TERM, "0 1 2 3 4 5 6 7 8 9 一 二 三 四 五 六 七 八 九 十 百 个 日 "
		      "天 工作日 个工作日 个月 ( ) （ ） 、 自然日 日历天" },
	{ TOKEN_WITHIN, "日内 天内 工作日内 个工作日内 个月内 月内 内 以内 日以内 日之内" },
	{ TOKEN_FILL,
		"的 将 向 对 已 已经 实际 相应 对应 本期 当期 每期 各期 该 该笔 此笔 全部 "
		"全额 相关 工程 项目 本项目 本工程 本合同 该项目 给 至 到 账户 帐户 账上 银行 "
		"银行账户 指定 指定账户 按时 按期 及时 足额 并 完成 完毕 所 同意 因 由 由于 若 "
		"如 待 俟 等 自 从 以 按 按照 根据 依据 依 参照 与 同 视 凭 当 经 方面 "
		"首次 每次 的相应 季度 年度 合同 支付的 拨付的 单位 其" },
	{ TOKEN_DENY,
		"不得 不得以 不以 不能以 不可以 不采用 不采取 不适用 不实行 不设 不存在 不要求 "
		"不需 不因 不约定 无需 无须 禁止 严禁 取消 不论 无论 不管 即使 即便 纵使 不受 "
		"非以 并非 并不以 不应以 不应因 不与" },
	{ TOKEN_DENY_AFTER,
		"无关 不影响 不作为 与否 是否 仍应 仍须 仍需 仍然应 也应 均应 亦应 均须 依然应 "
		"不构成付款前提 不是 不免除 不得免除" },
	{ TOKEN_REFUSE,
		"不予支付 不支付 不付款 暂不支付 暂不付款 暂不予支付 无付款义务 无支付义务 "
		"没有付款义务 不负有付款义务 不负付款义务 无权要求 不得要求 不得催要 不得催款 "
		"有权不支付 有权不予支付 有权暂不支付 有权拒绝支付 有权拒绝付款 不承担付款义务 "
		"不承担付款责任 不承担支付义务 有权暂不 有权不 可暂不 暂不向 有权暂停支付 "
		"有权暂停付款 "
		"有权延期支付 有权延期付款 有权迟延支付 有权延迟支付 有权延迟付款 有权顺延 "
		"可延期支付 "
		"可延期付款 可顺延 有权相应顺延" },
	{ TOKEN_EXCUSE,
		"不承担 不视为 不构成 免责 免除 不负 暂缓 顺延 相应顺延 延后 延缓 推迟 同步延期 "
		"相应延期 不计 不属于" },
	{ TOKEN_TIME_OF_WORK,
		"工期 交货期 交付期 履行期 服务期 施工期 竣工日期 交货时间 开工日期" },
	{ TOKEN_WAGES, "农民工工资 工人工资 工资 社保 税款 税费 分包款 材料商" },
};
/* clang-format on */

static const char blanks[][4] = { " ", "\t", "\r", "　" };

static size_t blank_at(const char *text)
{
	for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++)
		if (strncmp(text, blanks[i], strlen(blanks[i])) == 0)
			return strlen(blanks[i]);
	return 0;
}

static char *without_blanks(const char *text)
{
	char *bare = mem_text(text), *end = bare;

	while (*text) {
		size_t blank = blank_at(text);

		if (blank == 0)
			*end++ = *text++;
		text += blank;
	}
	*end = 0;
	return bare;
}

static size_t character_at(const char *text)
{
	size_t width = 1;

	while ((text[width] & 0xC0) == 0x80)
		width++;
	return width;
}

/* The words by a hash of their first character, so that a text is compared with few of them. */
enum { WORDS_MAX = 1024, BUCKETS = 256 };
struct word {
	const char *text; /* up to the next blank */
	size_t length;
	enum clause_token kind;
	const struct word *next;
};
static struct word words[WORDS_MAX];
static const struct word *buckets[BUCKETS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t bucket_of(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;

	return byte[0] < 0x80 ? byte[0] : (byte[1] * 31U + byte[2]) % BUCKETS;
}

static size_t add_words(size_t count, enum clause_token kind, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, " "), bucket = bucket_of(list);

		if (count == WORDS_MAX)
			BUG("more than %d words", WORDS_MAX);
		words[count] = (struct word){ list, length, kind, buckets[bucket] };
		buckets[bucket] = &words[count++];
		list += length;
		list += *list == ' ';
	}
	return count;
}

static void index_words(void)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(lexicon) / sizeof(lexicon[0]); i++)
		count = add_words(count, lexicon[i].kind, lexicon[i].words);
}

static enum clause_token token_at(const char *text, size_t *ret_length)
{
	const struct word *longest = NULL;

	for (const struct word *word = buckets[bucket_of(text)]; word; word = word->next)
		if ((!longest || word->length > longest->length) &&
			strncmp(word->text, text, word->length) == 0)
			longest = word;
	*ret_length = longest ? longest->length : character_at(text);
	return longest ? longest->kind : TOKEN_OTHER;
}

enum clause_token *clause_tokens(const char *text, size_t *ret_count)
{
	_cleanup_free_ char *bare = without_blanks(text);
	enum clause_token *tokens = mem_zero(strlen(bare) + 1, sizeof(*tokens));
	size_t count = 0, length;

	pthread_once(&once, index_words);
	for (const char *at = bare; *at; at += length)
		tokens[count++] = token_at(at, &length);
	*ret_count = count;
	return tokens;
}
