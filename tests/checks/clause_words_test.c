/* A clause that rules something out does not say it. */
#include "checks/clause_words.h"

#include <criterion/criterion.h>
#include <string.h>

#include "core/mem.h"

static bool demands(const char *text)
{
	static const char *const said[] = { "发票", NULL };
	static const char *const before[] = { "不以", "无需", NULL };
	static const char *const anywhere[] = { "发票不作为", NULL };

	return clause_says(text, &(struct clause_words){ said, before, anywhere });
}

Test(clause_words, what_is_denied_before_or_beside_the_words_is_not_said)
{
	cr_expect(demands("收到发票后10日内支付"));
	cr_expect_not(demands("付款不以开具发票为前提"));
	cr_expect_not(demands("无需发票"));
	cr_expect_not(demands("发票不作为付款条件"));
	cr_expect_not(demands("验收后支付"));
	cr_expect_not(demands(""));
}

Test(clause_words, a_denial_of_something_else_denies_nothing)
{
	cr_expect(demands("收到发票后支付，不以审计为由拖延"), "of another part");
	cr_expect(demands("凭发票付款且不以审计为由拖延"), "after the words");
	cr_expect(demands("无需担保；收到发票后支付"), "before them, of another part");
	cr_expect(demands("无需担保。\n凭发票支付,无需其他"));
	cr_expect_not(demands("验收后支付，发票不作为付款条件。"));
}

Test(clause_words, a_text_of_commas_takes_no_longer_than_any_other, .timeout = 10)
{
	enum { COMMAS = 300000 };
	_cleanup_free_ char *text = mem_alloc(3 * COMMAS + 64);

	for (int i = 0; i < COMMAS; i++)
		memcpy(text + 3 * i, "，", 3);
	memcpy(text + 3 * COMMAS, "收到发票后支付", sizeof("收到发票后支付"));
	cr_expect(demands(text));
}
