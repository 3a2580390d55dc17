/* Whether a payment clause makes the creditor wait for money that somebody else has to pay first (P-3, P-5; the wordings of
 * such clauses are many, so it is read by a grammar over words and not by whole phrases).
 *
 * Found is: who pays from above or which funds, with nothing but filling words before "paid" or "received" (业主将工程款拨付至甲方
 * 账户, 收到总包单位支付的款项); what makes it a condition (后, 为前提, 比例); and our own payment that waits for it in the same
 * part of the sentence or the next. Or the same not done, and an excuse (财政资金未到位的，付款时间顺延). Ruled out by 不得以,
 * 无论, 无关 and the like beside it; papers about payments (付款申请), first instalments (预付款) and what the creditor does
 * with its own money (wages) are no such condition. */
#ifndef SETASIDE_CHECKS_CLAUSE_UPSTREAM_H
#define SETASIDE_CHECKS_CLAUSE_UPSTREAM_H

enum clause_waits {
	WAITS_FOR_PAYER = 1 << 0, /* 背靠背: paid when a third party has paid (P-5) */
	WAITS_FOR_FUNDS =
		1 << 1 /* paid when the treasury or a superior has allotted the money (P-3) */
};
/* Bits of enum clause_waits; 0 = it waits for neither. */
unsigned clause_waits(const char *text);

#endif
