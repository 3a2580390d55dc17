/* Pulls that bring last time's file again, a little changed: whatever is left unread, the ledger must be the one that
 * reading everything gives. Beside each pull the same bytes go into a second database by rules that are new every time,
 * so that everything is read there. */
#include "collectors/source.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"
#include "lib/pg.h"
#include "lib/pull.h"

enum { ROWS_MAX = 400, ROUNDS = 14 };

struct line {
	int number;
	int amount;
	int look; /* 0 plain, 1 refused, 2 quoted over two lines, 3 CR LF */
};

static struct pull pull, whole;
static struct line line[ROWS_MAX];
static int lines, round_no;
static uint64_t chance_state;
static char rule[32];

static void setup(void)
{
	pull_setup(&pull);
	pull_setup(&whole);
	lines = round_no = 0;
	chance_state = 88172645463325252u;
}

static void teardown(void)
{
	pull_teardown(&pull);
	pull_teardown(&whole);
}

TestSuite(source_delta, .init = setup, .fini = teardown, .timeout = 300);

static int chance(int below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (int)(chance_state % (uint64_t)below);
}

static void add_line(struct buf *out, const struct line *one)
{
	buf_format(out, "PZ%05d,HT%d,", one->number, one->number / 3);
	if (one->look == 2)
		buf_format(out, "\"北京, \"\"第%d\"\"\n公司\"", one->number);
	else
		buf_format(out, "第%d公司", one->number);
	buf_format(out, one->look == 1 ? ",%d元整" : ",%d.00", one->amount);
	buf_add_text(out, one->look == 3 ? "\r\n" : "\n");
}

static void write_file(const char *head, const char *tail)
{
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_add_text(&text, head);
	for (int i = 0; i < lines; i++)
		add_line(&text, &line[i]);
	buf_add_text(&text, tail);
	dir_write(pull.data, "payment.csv", text.data);
	dir_write(whole.data, "payment.csv", text.data);
	buf_free(&text);
}

#define HEAD "voucher_no,contract_no,payee_name,amount_yuan\n"

static const char *const sums[] = {
	"SELECT md5(string_agg(concat_ws('|', batch_id, place, voucher_no, payee_name, "
	"amount_fen), E'\\n' "
	"ORDER BY voucher_no)) FROM payment",
	"SELECT md5(string_agg(concat_ws('|', batch_id, to_batch, place, voucher_no, amount_fen), "
	"E'\\n' "
	"ORDER BY to_batch, voucher_no)) FROM payment_history",
	"SELECT string_agg(concat_ws('|', batch_id, place, field, value, code, row_text, "
	"resolved_batch), E'\\n' "
	"ORDER BY quarantine_id) FROM quarantine",
	"SELECT string_agg(concat_ws('|', rows_read, rows_new, rows_changed, rows_unchanged, "
	"rows_closed, "
	"rows_refused, rows_duplicate, rows_skipped), E'\\n' ORDER BY batch_id) FROM batch",
	"SELECT string_agg(profile::text, E'\\n' ORDER BY batch_id) FROM batch",
};

static void run(struct pull *one, bool complete, bool everything)
{
	struct source_config config;
	char *map[] = { rule, NULL };

	source_config_import(&config, "treasury", one->data, complete);
	snprintf(rule, sizeof(rule), "round %d", round_no);
	char **own = config.map;
	config.map = everything ? map : own;
	pull_run(one, &config, NULL);
	config.map = own;
	source_config_free(&config);
}

static void both(bool complete)
{
	round_no++;
	run(&pull, complete, false);
	run(&whole, complete, true);
	cr_assert_eq(pull.failed, whole.failed);
	cr_assert_str_eq(pull.err.text, whole.err.text);
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		_cleanup_free_ char *mine = mem_text(pg_text(pull.db, sums[i]));
		cr_assert_str_eq(
			mine, pg_text(whole.db, sums[i]), "round %d, sum %zu", round_no, i);
	}
}

static void first_file(int count)
{
	for (lines = 0; lines < count; lines++)
		line[lines] = (struct line){ .number = lines + 1, .amount = 100 + lines };
}

static int64_t known(void)
{
	return pull.report.known;
}

static void insert_at(int at, struct line one)
{
	memmove(&line[at + 1], &line[at], (size_t)(lines - at) * sizeof(line[0]));
	line[at] = one;
	lines++;
}

static void remove_at(int at)
{
	lines--;
	memmove(&line[at], &line[at + 1], (size_t)(lines - at) * sizeof(line[0]));
}

static void edit(void)
{
	int at = chance(lines);

	switch (chance(9)) {
	case 0:
		remove_at(at);
		break;
	case 1:
		insert_at(at, (struct line){ .number = 1000 + chance(50000), .amount = 7 });
		break;
	case 2:
		line[at].look = chance(4);
		break;
	case 3: {
		int other = chance(lines);
		struct line kept = line[at];
		line[at] = line[other];
		line[other] = kept;
		break;
	}
	case 4:
		if (chance(8) == 0)
			insert_at(chance(lines), line[at]); /* a number twice, or a line twice */
		break;
	default:
		line[at].amount = chance(100000);
	}
}

Test(source_delta, whatever_changes_the_ledger_is_that_of_reading_everything)
{
	int64_t left_out = 0;

	first_file(220);
	write_file(HEAD, "");
	both(true);
	for (int i = 0; i < ROUNDS; i++) {
		for (int edits = chance(5); edits >= 0; edits--)
			edit();
		write_file(HEAD, "");
		both(true);
		left_out += known();
	}
	cr_assert_gt(left_out, 220 * ROUNDS / 4, "%lld rows were left out", (long long)left_out);
}

Test(source_delta, lines_that_stand_as_they_stood_are_not_read)
{
	first_file(100);
	write_file(HEAD, "");
	both(false);
	cr_assert_eq(known(), 0);
	line[50].amount = 9;
	insert_at(20, (struct line){ .number = 777, .amount = 1 });
	write_file(HEAD, "");
	both(false);
	cr_assert_geq(known(), 97);
	cr_assert_eq(pull.report.counts.unchanged, 99);
	/* Seen from outside: a row that is compared would come back. */
	pg_exec(pull.db, "DELETE FROM payment WHERE voucher_no = 'PZ00099'");
	line[10].amount = 9;
	write_file(HEAD, "");
	run(&pull, false, false);
	cr_assert_str_eq(pg_text(pull.db, "SELECT count(*) FROM payment"), "100");
}

Test(source_delta, a_number_that_an_unread_line_has_as_well_is_refused)
{
	first_file(60);
	write_file(HEAD, "");
	both(true);
	insert_at(5, (struct line){ .number = 40, .amount = 1 });
	write_file(HEAD, "");
	both(true);
	cr_assert_eq(pull.report.counts.refused, 1);
	cr_assert_eq(known(), 0);
	remove_at(5);
	write_file(HEAD, "");
	both(true);
}

Test(source_delta, a_refusal_is_settled_when_its_line_is_corrected_and_others_stay_open)
{
	first_file(60);
	line[3].look = line[30].look = 1;
	write_file(HEAD, "");
	both(true);
	line[12].amount = 1;
	write_file(HEAD, "");
	both(true);
	cr_assert_gt(known(), 50);
	cr_assert_eq(pull.report.counts.refused, 2);
	line[30].look = 0;
	write_file(HEAD, "");
	both(true);
	cr_assert_str_eq(
		pg_text(pull.db, "SELECT count(*) FROM quarantine WHERE resolved_batch IS NULL"),
		"1");
}

Test(source_delta, what_another_source_did_meanwhile_is_not_overlooked)
{
	first_file(60);
	write_file(HEAD, "");
	both(true);
	struct pull *each[] = { &pull, &whole };
	for (int i = 0; i < 2; i++) {
		struct source_config config;
		dir_write(each[i]->data, "payment.csv", HEAD "PZ00050,HT1,甲,1.00\n");
		source_config_import(&config, "other", each[i]->data, false);
		pull_run(each[i], &config, NULL);
		source_config_free(&config);
		cr_assert_eq(each[i]->report.counts.changed, 1);
	}
	line[10].amount = 5;
	write_file(HEAD, "");
	both(true);
	cr_assert_eq(known(), 0);
	cr_assert_eq(pull.report.counts.changed, 2);
}

Test(source_delta, another_header_or_a_torn_end_is_met_as_always)
{
	first_file(60);
	write_file(HEAD, "");
	both(true);
	write_file("voucher_no,payee_name,contract_no,amount_yuan\n", "");
	both(true);
	write_file("voucher_no,payee_name,contract_no,amount_yuan\n", "PZ9,HT1");
	both(true);
	cr_assert(pull.failed);
	write_file("voucher_no,payee_name,contract_no,amount_yuan\n", "PZ9,甲,HT1,\"5.00");
	both(true);
	cr_assert(pull.failed);
	write_file("voucher_no,payee_name,contract_no,amount_yuan\n", "PZ9,甲,HT1,5.00");
	both(true);
	cr_assert_not(pull.failed);
	cr_assert_gt(known(), 50);
}
