/* A payment clause as tokens: the longest word of the lexicon at each place, else one character of no meaning here.
 *
 * The lexicon is data (checks/clause_tokens.c): who pays from above, what arrives, what is only paper about it (付款申请 is no
 * payment), what makes the one wait for the other. Blanks are passed over, also within words. */
#ifndef SETASIDE_CHECKS_CLAUSE_TOKENS_H
#define SETASIDE_CHECKS_CLAUSE_TOKENS_H

#include <stddef.h>

enum clause_token {
	TOKEN_OTHER,
	TOKEN_STOP,         /* 。；: ends a sentence */
	TOKEN_COMMA,        /* ends a part of it */
	TOKEN_BACK_TO_BACK, /* 背靠背 */
	/* Who pays, and who is paid. */
	TOKEN_UPSTREAM, /* 业主, 总包单位, 第三方 */
	TOKEN_OWNER, /* 发包人, 采购人: from above in a subcontract, the debtor in a contract of its own */
	TOKEN_FUNDS,       /* 财政资金, 专项资金 */
	TOKEN_PLAIN_FUNDS, /* 资金: of the debtor, or what the creditor receives */
	TOKEN_TREASURY,    /* 财政, 上级 */
	TOKEN_PAYER,       /* 甲方, 我方 */
	TOKEN_CREDITOR,    /* 乙方, 供应商 */
	TOKEN_CONTRACTOR,  /* 承包人: payer of a subcontract, creditor of the contract */
	/* What arrives. */
	TOKEN_RECEIVE, /* 收到 */
	TOKEN_MONEY,   /* 工程款, 货款 */
	TOKEN_FIRST,   /* 预付款, 首付款, 保证金: before others, or no price */
	TOKEN_PAID,    /* 付款, 拨付, 到位 */
	TOKEN_SETTLED, /* 结算 */
	TOKEN_PAPER,   /* 付款申请, 结算资料, 支付方式 */
	/* What makes it a condition. */
	TOKEN_AFTER,          /* 后, 之日, 再 */
	TOKEN_BEFORE,         /* 前 */
	TOKEN_SUBJECT_TO,     /* 为前提, 为准 */
	TOKEN_PAY_SUBJECT_TO, /* 为付款前提: says itself what waits */
	TOKEN_PREMISE,        /* 前提是: stands before it */
	TOKEN_RATIO,          /* 比例, 进度, 同步 */
	TOKEN_TIME,           /* 时间 */
	TOKEN_LATE,           /* 未, 延迟 */
	TOKEN_TERM,           /* 30, 个工作日 */
	TOKEN_WITHIN,         /* 日内 */
	TOKEN_FILL,           /* of no weight between the others */
	/* What becomes of it. */
	TOKEN_DENY,         /* 不得以, 无论: before */
	TOKEN_DENY_AFTER,   /* 无关, 仍应: behind */
	TOKEN_REFUSE,       /* 不予支付, 无权要求 */
	TOKEN_EXCUSE,       /* 不承担, 顺延 */
	TOKEN_TIME_OF_WORK, /* 工期, 交货期 */
	TOKEN_WAGES         /* 农民工工资, 税 */
};

/* Kinds of the tokens of a text, count of them; to be freed. */
enum clause_token *clause_tokens(const char *text, size_t *ret_count);

#endif
