/* Records that only a name links: proposed, decided by a person, and never merged by themselves. */
#include <criterion/criterion.h>
#include <string.h>

#include "lib/pull_rig.h"
#include "sql/link.h"
#include "sql/store_quarantine.h"

TestSuite(identity, .init = pull_rig_set_up, .fini = pull_rig_tear_down, .timeout = 120);

#define PROPOSALS                                                                                  \
	"SELECT string_agg(concat_ws(':', name, code, because, candidates, records, state), ' ' "  \
	"ORDER BY role, name, code) FROM v_identity_proposal"
#define CODES                                                                                      \
	"SELECT string_agg(concat_ws(':', voucher_no, payee_uscc), ' ' ORDER BY voucher_no) FROM " \
	"payment"

static void load(void)
{
	dir_write(pull.data, "supplier.csv", "uscc,name\nS1,北京(甲)公司\nS2,乙公司\nS3,乙公司\n");
	dir_write(pull.data, "payment.csv",
		"voucher_no,payee_uscc,payee_name,amount_yuan\nV1,,北京（甲）公司,5.00\nV2,,乙 "
		"公司,6.00\n"
		"V3,,丙公司,7.00\nV4,S9,丁公司,8.00\nV5,,北京（甲）公司,1.00\n");
	pull_rig_import(false);
}

struct answer {
	bool done, refused;
};

static void on_decided(void *arg, const struct err *err, int64_t number)
{
	struct answer *answer = arg;

	answer->done = true;
	answer->refused = err && err->code == ERR_REFUSED;
	cr_assert(err == NULL || answer->refused, "%s", err ? err->text : "");
	cr_assert(err != NULL || number > 0);
}

static bool decide(const char *verdict, const char *name, const char *code)
{
	struct store_identity identity = { "supplier", name, code, verdict };
	struct store_decision decision = { "张三", "营业执照" };
	struct answer answer = { .done = false };
	struct err err = ERR_INIT;

	cr_assert_eq(
		store_identity_decide(pull.link, &identity, &decision, on_decided, &answer, &err),
		0, "%s", err.text);
	pg_loop_until(pull.base, &answer.done, 20000);
	return !answer.refused;
}

Test(identity, a_name_that_stands_with_a_code_elsewhere_is_proposed_and_nothing_is_merged)
{
	load();
	EXPECT(PROPOSALS, "乙 公司:S2:register:2:1:proposed 乙 公司:S3:register:2:1:proposed "
			  "北京（甲）公司:S1:register:1:2:proposed");
	EXPECT(CODES, "V1: V2: V3: V4:S9 V5:");
}

Test(identity, an_accepted_name_gets_its_code_with_the_next_collection_also_of_the_same_bytes)
{
	load();
	cr_expect(decide("accepted", "北京（甲）公司", "S1"));
	EXPECT(CODES, "V1: V2: V3: V4:S9 V5:");
	pull_rig_import(false);
	EXPECT(CODES, "V1:S1 V2: V3: V4:S9 V5:S1");
	cr_expect_eq(pull.report.counts.changed, 2);
	EXPECT("SELECT count(*) FROM payment_history", "2");
	EXPECT("SELECT concat_ws(' ', verdict, person, reason) FROM v_identity_decision",
		"accepted 张三 营业执照");
	pull_rig_import(false);
	cr_expect_eq(pull.report.counts.changed, 0, "and only once");
	/* Who was wrong may say so: the next collection takes it back. */
	cr_expect(decide("withdrawn", "北京（甲）公司", "S1"));
	pull_rig_import(false);
	EXPECT(CODES, "V1: V2: V3: V4:S9 V5:");
}

Test(identity, a_name_stands_for_one_code_and_only_for_what_was_proposed)
{
	load();
	cr_expect_not(decide("accepted", "丙公司", "S1"));
	cr_expect_not(decide("withdrawn", "乙 公司", "S2"));
	cr_expect(decide("rejected", "乙 公司", "S3"));
	cr_expect(decide("accepted", "乙 公司", "S2"));
	cr_expect_not(decide("accepted", "乙 公司", "S3"));
	EXPECT("SELECT string_agg(code || state, ' ' ORDER BY code) FROM v_identity_proposal WHERE "
	       "name = '乙 公司'",
		"S2accepted S3rejected");
}

Test(identity, a_decision_without_a_person_or_a_reason_is_no_decision)
{
	struct store_identity identity = { "supplier", "a", "b", "accepted" };
	struct err err = ERR_INIT;

	cr_expect_lt(store_identity_decide(pull.link, &identity,
			     &(struct store_decision){ "", "x" }, on_decided, NULL, &err),
		0);
	cr_expect_lt(store_identity_decide(pull.link, &identity,
			     &(struct store_decision){ "x", NULL }, on_decided, NULL, &err),
		0);
	cr_expect_eq(err.code, ERR_USAGE);
}
