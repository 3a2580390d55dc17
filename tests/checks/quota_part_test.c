/* Sums of units, kept as text and read again, are the district: over the made-up districts of the property tests. */
#include "checks/quota_part.h"
#include "checks/snapshot_parts.h"

#include "lib/made_quota.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { DISTRICTS = 1000, DOCUMENT_MAX = 4 << 20 };

static struct law_csv *csv;
static struct register_book *book;

static void set_up(void)
{
	csv = law_csv_read();
}

static void tear_down(void)
{
	register_book_free(book);
	law_csv_free(csv);
}

TestSuite(quota_part, .init = set_up, .fini = tear_down, .timeout = 120);

/* A district in which departments had budgets the year before, and budgets wait for their approval. */
static struct facts *district_of(uint64_t number)
{
	struct facts *facts = made_quota(number, number % 10 ? MADE_SMALL : MADE_LARGE);
	struct year_mark_fact *mark;

	register_book_free(book);
	book = number % 2 ? made_registers(number, facts) : NULL;
	csv->law.registers = book;
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		struct budget_item_fact *item = &facts->budget_items.items[i];

		if ((i + number) % 7 == 3)
			item->fiscal_year = QUOTA_YEAR - 1;
		else if ((i + number) % 11 == 5)
			item->approved_on = DAY_NONE;
	}
	if (number % 3 == 0) {
		mark = facts_add_year_mark(facts);
		mark->fiscal_year = QUOTA_YEAR;
		mark->mark = MARK_BUDGET_COMPLETE;
		mark->marked_on = text_day("2026-02-01", 10);
		mark->marked_by = "王芳";
	}
	return facts;
}

static fen_t *paid_in(const struct facts *facts, uint64_t number)
{
	fen_t *paid = calloc(facts->contracts.count + 1, sizeof(fen_t));

	for (size_t i = 0; i < facts->contracts.count; i++)
		paid[i] = (fen_t)((i * 7919 + number) % 5 * 12345);
	return paid;
}

static void write_document(const struct quota_view *view, struct buf *ret)
{
	struct json_out out;

	buf_init(ret, DOCUMENT_MAX);
	json_out_init(&out, ret, NULL, NULL);
	json_object_begin(&out, NULL);
	write_quota(&out, "quota", view);
	write_notice(&out, "notice", view->figures);
	json_object_end(&out);
	cr_assert_eq(json_finish(&out), 0);
}

/* As the database would hand it back. */
static void read_again(
	struct quota_parts *parts, const struct quota_part *part, struct facts *texts)
{
	struct json_out out;
	struct buf text;
	struct err err = ERR_INIT;
	json_t *object;
	char *numbers, *questions;

	buf_init(&text, DOCUMENT_MAX);
	json_out_init(&out, &text, NULL, NULL);
	quota_part_write(&out, part);
	cr_assert_eq(json_finish(&out), 0);
	object = json_loads(text.data, 0, NULL);
	cr_assert(object);
	numbers = json_dumps(json_object_get(object, "numbers"), JSON_COMPACT);
	questions = json_dumps(json_object_get(object, "questions"), JSON_COMPACT);
	numbers[0] = '{';
	numbers[strlen(numbers) - 1] = '}';
	cr_assert_eq(quota_parts_read(parts, texts,
			     json_string_value(json_object_get(object, "unit_code")),
			     json_string_value(json_object_get(object, "department")), numbers,
			     questions, &err),
		0, "%s", err.text);
	free(numbers);
	free(questions);
	json_decref(object);
	buf_free(&text);
}

/* Judges every unit alone; those whose number is odd come from what was kept of them. */
static void judge_parts(struct quota_parts *parts, const struct quota_frame *frame,
	const struct ledger *ledger, struct facts *texts)
{
	struct unit_split *split = unit_split_new(ledger);

	for (size_t unit = 0; unit < unit_split_count(split); unit++) {
		struct quota_parts own = { 0 };
		struct unit_rows rows;

		unit_split_take(split, unit, &rows);
		if (unit % 2 == 0) {
			quota_parts_judge(parts, frame, &rows);
		} else {
			quota_parts_judge(&own, frame, &rows);
			for (size_t i = 0; i < own.count; i++)
				read_again(parts, &own.items[i], texts);
			quota_parts_free(&own);
		}
		unit_rows_free(&rows);
	}
	unit_split_free(split);
}

static int64_t questions_asked;

static void expect_equal_district(uint64_t number)
{
	struct facts *facts = district_of(number), *texts = facts_new();
	struct ledger ledger = { .facts = facts, .law = csv->law };
	struct unit_tree *units = unit_tree_new(facts);
	struct facts_index *index = facts_index_new(facts);
	struct quota_frame frame = { &csv->law, facts, units, QUOTA_YEAR,
		text_day(number % 4 ? "2026-09-30" : "2027-02-01", 10) };
	struct quota_parts parts = { 0 };
	struct quota_year whole = { 0 }, total;
	struct buf want, got;

	ledger.paid_of_contract = paid_in(facts, number);
	figures_judge(&csv->law, index, units, QUOTA_YEAR, frame.as_of, ledger.paid_of_contract,
		&whole.figures);
	outlook_judge(
		&csv->law, index, units, &whole.figures, ledger.paid_of_contract, &whole.outlook);
	write_document(
		&(struct quota_view){ &csv->law, facts, &whole.figures, &whole.outlook }, &want);
	questions_asked += (int64_t)whole.outlook.bands.question_count;

	judge_parts(&parts, &frame, &ledger, texts);
	quota_parts_total(&parts, &frame, &total);
	write_document(
		&(struct quota_view){ &csv->law, facts, &total.figures, &total.outlook }, &got);
	cr_assert_str_eq(got.data, want.data, "district %lu", (unsigned long)number);

	buf_free(&want);
	buf_free(&got);
	quota_year_free(&whole);
	quota_year_free(&total);
	quota_parts_free(&parts);
	free(ledger.paid_of_contract);
	facts_index_free(index);
	unit_tree_free(units);
	facts_free(texts);
	facts_free(facts);
}

Test(quota_part, units_judged_alone_or_read_again_add_up_to_the_district)
{
	for (uint64_t number = 0; number < DISTRICTS; number++)
		expect_equal_district(number);
	cr_expect_gt(questions_asked, DISTRICTS, "there was something to find out");
}

Test(quota_part, what_was_not_written_here_is_refused)
{
	struct facts *texts = facts_new();
	struct quota_parts parts = { 0 };
	struct err err = ERR_INIT;

	cr_expect_eq(quota_parts_read(&parts, texts, "100", "100", "{1,2}", "[]", &err), -1);
	cr_expect(strstr(err.text, "unit 100"), "%s", err.text);
	quota_parts_free(&parts);
	facts_free(texts);
}
