/* Entries of the registers in the ledger: what two people do at the same time, and what a foreign file may bring. */
#include "daemon/registering.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>

#include "lib/pull_rig.h"

enum { WAIT_MS = 30000 };

static void set_up(void)
{
	pull_rig_set_up();
	dir_write(pull.data, "supplier.csv", "uscc,name\nS1,甲\n");
	pull_rig_import(false);
}

TestSuite(registering, .init = set_up, .fini = pull_rig_tear_down, .timeout = 120);

struct answer {
	bool done;
	struct err err;
	int64_t batch;
	char entry_no[64];
};

static void on_done(void *arg, const struct err *err, const struct registered *registered)
{
	struct answer *answer = arg;

	answer->done = true;
	if (err)
		answer->err = *err;
	if (registered) {
		answer->batch = registered->batch;
		snprintf(answer->entry_no, sizeof(answer->entry_no), "%s", registered->entry_no);
	}
}

static struct register_wish wish(void)
{
	return (struct register_wish){ .name = "deemed",
		.supplier_uscc = "S1",
		.value = "prison",
		.reason = "\"证明\", 1号",
		.approver = "王芳",
		.valid_from = "2026-01-01",
		.person = "李明" };
}

static void start(const struct register_wish *wanted, struct answer *answer)
{
	struct err err = ERR_INIT;

	*answer = (struct answer){ .done = false };
	cr_assert(registering_start(&pull.env, wanted, on_done, answer, &err), "%s", err.text);
}

static struct answer await(const struct register_wish *wanted)
{
	struct answer answer;

	start(wanted, &answer);
	pg_loop_until(pull.base, &answer.done, WAIT_MS);
	return answer;
}

Test(registering, an_entry_comes_as_a_batch_of_the_registers_with_its_bytes)
{
	struct register_wish wanted = wish();
	struct answer answer = await(&wanted);

	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_expect_str_eq(
		pg_text(pull.db,
			"SELECT concat_ws('|', source, register, supplier_uscc, value, "
			"reason, approver, recorded_by, valid_from, valid_to) FROM v_register "
			"JOIN v_batch USING (batch_id)"),
		"registers|deemed|S1|prison|\"证明\", 1号|王芳|李明|2026-01-01");
	cr_expect_eq(pg_int(pull.db, "SELECT count(*) FROM v_batch_file WHERE kind = "
				     "'register_entry' AND sha256 <> ''"),
		1);
}

Test(registering, of_two_overlapping_entries_in_the_same_instant_one_is_refused)
{
	struct register_wish wanted = wish();
	struct answer first, second;

	start(&wanted, &first);
	start(&wanted, &second);
	pg_loop_until(pull.base, &first.done, WAIT_MS);
	pg_loop_until(pull.base, &second.done, WAIT_MS);
	cr_expect_eq((first.err.code == ERR_NONE) + (second.err.code == ERR_NONE), 1, "%s; %s",
		first.err.text, second.err.text);
	cr_expect_eq((first.err.code == ERR_REFUSED) + (second.err.code == ERR_REFUSED), 1);
	cr_expect_eq(pg_int(pull.db, "SELECT count(*) FROM v_register"), 1);
}

Test(registering, of_two_withdrawals_in_the_same_instant_one_is_refused)
{
	struct register_wish wanted = wish();
	struct answer entry = await(&wanted), first, second;

	wanted = (struct register_wish){
		.withdraw = entry.entry_no, .approver = "张伟", .reason = "错误"
	};
	start(&wanted, &first);
	start(&wanted, &second);
	pg_loop_until(pull.base, &first.done, WAIT_MS);
	pg_loop_until(pull.base, &second.done, WAIT_MS);
	cr_expect_eq((first.err.code == ERR_NONE) + (second.err.code == ERR_NONE), 1, "%s; %s",
		first.err.text, second.err.text);
	cr_expect_eq((first.err.code == ERR_REFUSED) + (second.err.code == ERR_REFUSED), 1);
	cr_expect_eq(pg_int(pull.db, "SELECT count(*) FROM v_register"), 2, "two versions");
	cr_expect_eq(pg_int(pull.db, "SELECT count(*) FROM v_register_entry WHERE withdrawn_by = "
				     "'张伟'"),
		1);
}

Test(registering, what_is_refused_is_no_fault_of_the_source_and_no_row_of_quarantine)
{
	struct register_wish wanted = wish();
	struct answer answer;

	await(&wanted);
	answer = await(&wanted);
	cr_expect_eq(answer.err.code, ERR_REFUSED);
	cr_expect_not_null(strstr(answer.err.text, "overlaps with entry"), "%s", answer.err.text);
	wanted.approver = "";
	wanted.supplier_uscc = "S2";
	answer = await(&wanted);
	cr_expect_eq(answer.err.code, ERR_REFUSED);
	cr_expect_not_null(strstr(answer.err.text, "approver"), "%s", answer.err.text);
	cr_expect_eq(pg_int(pull.db, "SELECT count(*) FROM v_quarantine"), 0);
	cr_expect_eq(pg_int(pull.db, "SELECT count(*) FROM v_source WHERE name = 'registers' AND "
				     "last_failure <> ''"),
		0);
}

static struct register_wish correction(const char *contract_no, const char *valid_from)
{
	return (struct register_wish){ .name = "correction",
		.contract_no = contract_no,
		.field = "reserve_form",
		.value = "whole",
		.reason = "合同为预留合同",
		.approver = "王芳",
		.valid_from = valid_from,
		.person = "李明" };
}

static struct register_wish correction_of_item(const char *project_code, const char *valid_from)
{
	struct register_wish wanted = correction(NULL, valid_from);

	wanted.fiscal_year = "2026";
	wanted.unit_code = "U1";
	wanted.project_code = project_code;
	return wanted;
}

static void expect_changes_nothing(struct register_wish wanted, const char *why)
{
	struct answer answer = await(&wanted);

	cr_expect_eq(answer.err.code, ERR_REFUSED, "%s", why);
	cr_expect_not_null(
		strstr(answer.err.text, "it would change nothing"), "%s", answer.err.text);
	cr_expect_not_null(strstr(answer.err.text, why), "%s", answer.err.text);
}

static void expect_taken(struct register_wish wanted)
{
	struct answer answer = await(&wanted);

	cr_expect_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
}

/* The day that decides is the record's own, not the day of the decision. */
Test(registering, a_correction_that_corrects_nothing_is_refused_with_the_day_it_would_need)
{
	dir_write(pull.data, "unit.csv", "unit_code,name,kind\nU1,教育局,organ\n");
	dir_write(pull.data, "contract.csv",
		"contract_no,unit_code,supplier_uscc,signed_on,amount_yuan\n"
		"C1,U1,S1,2026-03-01,100\nC2,U1,S1,,100\n");
	dir_write(pull.data, "budget_item.csv",
		"fiscal_year,unit_code,project_code,package_no,snapshot,approved_on,budget_yuan\n"
		"2026,U1,P1,1,initial,2026-01-15,100\n2026,U1,P1,2,adjusted,2026-06-20,100\n"
		"2026,U1,P2,,initial,,100\n");
	pull_import(&pull, false);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_assert_eq(pull.report.counts.refused, 0, "%s", pull.report.sample[0]);
	expect_changes_nothing(
		correction("C1", "2026-03-02"), "contract C1 was signed on 2026-03-01");
	expect_changes_nothing(correction("C2", "2020-01-01"), "states no day of its own");
	expect_changes_nothing(correction_of_item("P1", "2026-06-21"),
		"this budget row was approved on 2026-06-20");
	expect_changes_nothing(correction_of_item("P2", "2020-01-01"), "states no day of its own");
	cr_expect_eq(pg_int(pull.db, "SELECT count(*) FROM v_register"), 0);
	expect_taken(correction("C1", "2026-03-01"));
	expect_taken(correction_of_item("P1", "2026-02-01"));
}

/* Withdrawn, a correction without effect goes as any other. */
Test(registering, a_correction_from_a_file_that_corrects_nothing_can_be_withdrawn)
{
	struct register_wish wanted = { .withdraw = "X1", .approver = "张伟", .reason = "无效" };

	dir_write(pull.data, "unit.csv", "unit_code,name,kind\nU1,教育局,organ\n");
	dir_write(pull.data, "contract.csv",
		"contract_no,unit_code,supplier_uscc,signed_on,amount_yuan\nC1,U1,S1,2026-03-01,"
		"100\n");
	dir_write(pull.data, "register_entry.csv",
		"entry_no,register,contract_no,field,value,reason,approver,valid_from,recorded_by\n"
		"X1,correction,C1,reserve_form,whole,更正,王芳,2026-05-01,李明\n");
	pull_import(&pull, false);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	expect_taken(wanted);
}

Test(registering, an_entry_under_way_can_be_let_go_at_any_moment)
{
	struct register_wish wanted = wish();
	struct err err = ERR_INIT;

	for (int turns = 0; turns < 60; turns += 4) {
		struct answer answer = { .done = false };
		struct registering *work =
			registering_start(&pull.env, &wanted, on_done, &answer, &err);

		for (int i = 0; i < turns && !answer.done; i++)
			event_base_loop(pull.base, EVLOOP_ONCE);
		if (answer.done)
			break;
		registering_cancel(work);
		cr_expect_not(answer.done);
	}
	cr_expect_leq(pg_int(pull.db, "SELECT count(*) FROM v_register"), 1);
}

Test(registering, a_file_of_entries_passes_row_by_row)
{
	dir_write(pull.data, "register_entry.csv",
		"entry_no,register,supplier_uscc,value,reason,approver,valid_from,recorded_by\n"
		"A1,size,S1,S,答复,经济促进局,2026-01-01,李明\n"
		"A2,size,S1,small,答复,经济促进局,2026-01-01,李明\n"
		"A3,size,S1,S,答复,,2026-01-01,李明\n");
	pull_import(&pull, false);
	cr_assert_not(pull.failed, "%s", pull.err.text);
	cr_expect_eq(pull.report.counts.refused, 2);
	cr_expect_str_eq(
		pg_text(pull.db, "SELECT string_agg(entry_no, ' ') FROM v_register_entry"), "A1");
}
