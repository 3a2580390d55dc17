/* Words of the platforms, and what they stand for. */
#include "checks/words.h"

#include <criterion/criterion.h>

Test(words, notices_are_known_by_the_words_of_the_platforms)
{
	cr_expect_eq(words_notice_kind("中标（成交）结果公告"), NOTICE_AWARD);
	cr_expect_eq(words_notice_kind("成交公告"), NOTICE_AWARD);
	cr_expect_eq(words_notice_kind("中标候选人公示"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("合同公告"), NOTICE_CONTRACT);
	cr_expect_eq(words_notice_kind("合同变更公告"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("废标公告"), NOTICE_TERMINATION);
	cr_expect_eq(words_notice_kind("终止公告"), NOTICE_TERMINATION);
	cr_expect_eq(words_notice_kind("公开招标公告"), NOTICE_TENDER);
	cr_expect_eq(words_notice_kind("采购公告"), NOTICE_TENDER);
	cr_expect_eq(words_notice_kind("竞争性磋商公告"), NOTICE_TENDER);
	cr_expect_eq(words_notice_kind("采购意向公告"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("采购公告更正"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("招标公告变更公告"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind("单一来源公示"), NOTICE_OTHER);
	cr_expect_eq(words_notice_kind(""), NOTICE_OTHER);
}
