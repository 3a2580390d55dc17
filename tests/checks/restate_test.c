/* What changed a published figure: the rows listed make up the difference, no more and no less. */
#include "checks/restate.h"

#include "lib/made_quota.h"
#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

enum { DISTRICTS = 200, DOCUMENT_MAX = 4 << 20 };

static struct law_csv *csv;

static void set_up(void)
{
	csv = law_csv_read();
}

static void tear_down(void)
{
	law_csv_free(csv);
}

TestSuite(restate, .init = set_up, .fini = tear_down);

static json_t *compare(const struct facts *before, const struct facts *after)
{
	struct restate_question question = { { &csv->law, before, 1, "a" },
		{ &csv->law, after, 2, "b" }, QUOTA_YEAR, text_day("2026-06-30", 10) };
	struct err err = ERR_INIT;
	struct json_out out;
	struct buf buf;
	json_t *document;

	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(restate_write(&question, &out, &err), 0, "%s", err.text);
	document = json_loads(buf.data, JSON_REJECT_DUPLICATES, NULL);
	buf_free(&buf);
	cr_assert(document);
	return document;
}

static const char *text(const json_t *object, const char *member)
{
	const char *value = json_string_value(json_object_get(object, member));

	cr_assert(value, "%s", member);
	return value;
}

static json_int_t sum(const json_t *object, const char *state, const char *member)
{
	return json_integer_value(json_object_get(json_object_get(object, state), member));
}

static bool is_of(const json_t *row, const char *member, const char *scope)
{
	return strcmp(scope, "district") == 0 || strcmp(text(row, member), scope) == 0;
}

static void expect_made_up(const json_t *document, const json_t *scope)
{
	static const char *const members[] = { "strict_base_fen", "adjusted_base_fen", "sme_fen",
		"small_micro_fen" };
	const json_t *rows = json_object_get(document, "rows");

	for (int m = 0; m < 4; m++) {
		json_int_t difference = 0;

		for (size_t i = 0; i < json_array_size(rows); i++) {
			const json_t *row = json_array_get(rows, i);

			if (strcmp(text(row, "basis"), text(scope, "basis")) != 0)
				continue;
			if (is_of(row, "scope", text(scope, "scope")))
				difference += sum(row, "after", members[m]);
			if (is_of(row, "scope_before", text(scope, "scope")))
				difference -= sum(row, "before", members[m]);
		}
		cr_assert_eq(difference, sum(scope, "difference", members[m]), "%s %s %s",
			text(scope, "scope"), text(scope, "basis"), members[m]);
	}
}

static void expect_all_made_up(const json_t *document)
{
	const json_t *scopes = json_object_get(document, "scopes");

	cr_assert_geq(json_array_size(scopes), 2);
	for (size_t i = 0; i < json_array_size(scopes); i++)
		expect_made_up(document, json_array_get(scopes, i));
}

Test(restate, the_same_ledger_gives_no_row)
{
	struct facts *facts = made_quota(7, MADE_LARGE);
	json_t *document = compare(facts, facts);

	cr_expect_eq(json_array_size(json_object_get(document, "rows")), 0);
	cr_expect_eq(
		json_array_size(json_object_get(document, "scopes")), 3, "the district's three");
	cr_expect_eq(json_array_size(json_object_get(document, "parameters")), 0);
	json_decref(document);
	facts_free(facts);
}

Test(restate, the_rows_of_any_two_ledgers_make_up_every_difference)
{
	for (uint64_t number = 0; number < DISTRICTS; number++) {
		struct facts *before = made_quota(number, MADE_SMALL);
		struct facts *after = made_quota(number + DISTRICTS, MADE_SMALL);
		json_t *document = compare(before, after);

		expect_all_made_up(document);
		json_decref(document);
		facts_free(before);
		facts_free(after);
	}
}

static const json_t *only_row(const json_t *document)
{
	const json_t *rows = json_object_get(document, "rows");

	cr_assert_eq(json_array_size(rows), 1);
	return json_array_get(rows, 0);
}

static void expect_field(
	const json_t *row, size_t place, const char *field, const char *before, const char *after)
{
	const json_t *found = json_array_get(json_object_get(row, "fields"), place);

	cr_expect_str_eq(text(found, "field"), field);
	cr_expect_str_eq(text(found, "before"), before);
	cr_expect_str_eq(text(found, "after"), after);
}

Test(restate, a_revised_budget_row_is_named_with_its_fields)
{
	struct facts *before = quota_facts(), *after = quota_facts();
	struct budget_item_fact *item;
	json_t *document;
	const json_t *row;

	quota_item(before, "101", "A", 100000);
	item = quota_item(after, "101", "A", 100000);
	item->reserve_form = RESERVE_SUBCONTRACT;
	item->required_share_ppm = 455000;
	document = compare(before, after);
	row = only_row(document);
	cr_expect_str_eq(text(row, "change"), "changed");
	cr_expect_str_eq(text(row, "key"), "101/A/");
	cr_expect_eq(sum(row, "difference", "sme_fen"), 45500);
	expect_field(row, 0, "reserve_form", "none", "subcontract");
	expect_field(row, 1, "required_share_percent", "", "45.5000");
	expect_all_made_up(document);
	json_decref(document);
	facts_free(before);
	facts_free(after);
}

Test(restate, a_contract_found_cancelled_later_is_removed_and_says_why)
{
	struct facts *before = quota_facts(), *after = quota_facts();
	json_t *document;
	const json_t *row;

	quota_contract(before, "100", "A", 700);
	quota_contract(after, "100", "A", 700)->cancelled_on = text_day("2026-05-01", 10);
	document = compare(before, after);
	row = only_row(document);
	cr_expect_str_eq(text(row, "basis"), "award");
	cr_expect_str_eq(text(row, "change"), "removed");
	cr_expect_eq(sum(row, "difference", "strict_base_fen"), -700);
	expect_field(row, 0, "cancelled_on", "", "2026-05-01");
	json_decref(document);
	facts_free(before);
	facts_free(after);
}

Test(restate, a_supplier_found_to_be_large_is_named_on_its_contracts)
{
	struct facts *before = quota_facts(), *after = quota_facts();
	json_t *document;

	for (int i = 0; i < 2; i++) {
		struct facts *facts = i ? after : before;
		struct contract_fact *contract = quota_contract(facts, "100", "A", 700);
		struct supplier_fact *supplier = facts_add_supplier(facts);

		contract->reserve_form = RESERVE_WHOLE;
		contract->supplier_uscc = supplier->uscc = "91110000000000000X";
		supplier->size_class = i ? SIZE_LARGE : SIZE_SMALL;
	}
	document = compare(before, after);
	cr_expect_eq(sum(only_row(document), "difference", "sme_fen"), -700);
	expect_field(only_row(document), 0, "supplier.size_class", "S", "L");
	json_decref(document);
	facts_free(before);
	facts_free(after);
}

/* A contract of 700 whose supplier is small, and a debt on it. */
static struct facts *with_a_debt(void)
{
	struct facts *facts = quota_facts();
	struct contract_fact *contract = quota_contract(facts, "100", "A", 700);
	struct obligation_fact *debt = facts_add_obligation(facts);

	contract->reserve_form = RESERVE_WHOLE;
	contract->declared_size = SIZE_SMALL;
	debt->obligation_no = "O";
	debt->contract_no = contract->contract_no;
	debt->kind = KIND_DELIVERY;
	debt->amount_fen = 700;
	debt->accepted_on = text_day("2026-03-10", 10);
	return facts;
}

static void pay(struct facts *facts, const char *voucher, fen_t amount)
{
	struct payment_fact *payment = facts_add_payment(facts);

	payment->voucher_no = voucher;
	payment->contract_no = facts->contracts.items[0].contract_no;
	payment->obligation_no = "O";
	payment->unit_code = "100";
	payment->amount_fen = amount;
	payment->received_on = text_day("2026-04-01", 10);
}

Test(restate, a_payment_that_came_later_is_named_on_the_paid_basis)
{
	struct facts *before = with_a_debt(), *after = with_a_debt();
	json_t *document;
	const json_t *row;
	size_t fields;

	pay(before, "V1", 200);
	pay(after, "V1", 200);
	pay(after, "V2", 300);
	document = compare(before, after);
	row = only_row(document);
	cr_expect_str_eq(text(row, "basis"), "paid");
	cr_expect_str_eq(text(row, "change"), "changed");
	cr_expect_eq(sum(row, "before", "strict_base_fen"), 200);
	cr_expect_eq(sum(row, "difference", "strict_base_fen"), 300);
	cr_expect_eq(sum(row, "difference", "small_micro_fen"), 300);
	fields = json_array_size(json_object_get(row, "fields"));
	cr_assert_gt(fields, 0);
	expect_field(row, fields - 1, "paid_yuan", "2.00", "5.00");
	expect_all_made_up(document);
	json_decref(document);
	facts_free(before);
	facts_free(after);
}

Test(restate, a_size_found_later_moves_what_was_paid_too)
{
	struct facts *before = with_a_debt(), *after = with_a_debt();
	json_t *document;

	pay(before, "V1", 200);
	pay(after, "V1", 200);
	after->contracts.items[0].declared_size = SIZE_LARGE;
	document = compare(before, after);
	cr_assert_eq(json_array_size(json_object_get(document, "rows")), 2, "award and paid");
	expect_all_made_up(document);
	json_decref(document);
	facts_free(before);
	facts_free(after);
}

Test(restate, a_changed_parameter_is_named)
{
	struct facts *facts = quota_facts();
	struct law_csv *other = law_csv_read();
	struct restate_question question = { { &csv->law, facts, 1, "a" },
		{ &other->law, facts, 2, "b" }, QUOTA_YEAR, text_day("2026-06-30", 10) };
	struct err err = ERR_INIT;
	struct json_out out;
	struct buf buf;

	other->parameters.of[PARAM_Q4_WORKS_THRESHOLD].periods[0].value = 1;
	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	cr_assert_eq(restate_write(&question, &out, &err), 0);
	cr_expect_not_null(strstr(buf.data, "works_threshold_fen"));
	buf_free(&buf);
	law_csv_free(other);
	facts_free(facts);
}
