/* Imagined changes: new figures, the ledger as it was. */
#include "checks/what_if.h"

#include "lib/small_quota.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

enum { DOCUMENT_MAX = 1024 * 1024 };

static struct law_csv *csv;
static struct facts *facts;

static void set_up(void)
{
	csv = law_csv_read();
	facts = quota_facts();
	quota_reserved(facts, "100", "A", 2500, RESERVED_FOR_SME);
	quota_item(facts, "100", "B", 7500);
	quota_item(facts, "200", "C", 10000);
}

static void tear_down(void)
{
	facts_free(facts);
	law_csv_free(csv);
}

/* The document, or NULL with err set. */
static json_t *ask(const char *json, struct err *err)
{
	struct what_if_question question = { &csv->law, facts, QUOTA_YEAR,
		text_day("2026-04-01", 10) };
	struct what_if what_if;
	struct json_out out;
	struct buf buf;
	json_t *document = NULL;

	buf_init(&buf, DOCUMENT_MAX);
	json_out_init(&out, &buf, NULL, NULL);
	if (what_if_read(json, strlen(json), &what_if, err) == 0 &&
		what_if_write(&question, &what_if, &out, err) == 0)
		document = json_loads(buf.data, JSON_REJECT_DUPLICATES, NULL);
	what_if_free(&what_if);
	buf_free(&buf);
	return document;
}

static json_t *answer(const char *json)
{
	struct err err = ERR_INIT;
	json_t *document = ask(json, &err);

	cr_assert(document, "%s", err.text);
	return document;
}

static json_int_t plan(
	const json_t *document, const char *scope, const char *state, const char *member)
{
	const json_t *pair = json_object_get(json_object_get(document, "scopes"), scope);
	const json_t *basis = json_object_get(json_object_get(pair, state), "plan");

	cr_assert(json_is_integer(json_object_get(basis, member)), "%s %s", scope, member);
	return json_integer_value(json_object_get(basis, member));
}

TestSuite(what_if, .init = set_up, .fini = tear_down);

Test(what_if, nothing_changes_nothing)
{
	json_t *document = answer("{\"changes\": []}");
	const json_t *scopes = json_object_get(document, "scopes");
	const json_t *district = json_object_get(scopes, "district");

	cr_expect_eq(json_object_size(scopes), 1, "no department changed");
	cr_expect(json_equal(
		json_object_get(district, "before"), json_object_get(district, "after")));
	json_decref(document);
}

Test(what_if, reserving_a_project_closes_the_gap_of_its_department_alone)
{
	json_t *document = answer("{\"changes\": [{\"do\": \"reserve\", \"unit_code\": \"100\", "
				  "\"project_code\": \"B\", \"for\": \"small_micro\"}]}");

	cr_expect_eq(plan(document, "100", "before", "sme_gap_fen"), 1500);
	cr_expect_eq(plan(document, "100", "after", "sme_gap_fen"), 0);
	cr_expect_eq(plan(document, "100", "after", "sme_fen"), 10000);
	cr_expect_eq(plan(document, "100", "after", "small_micro_fen"), 7500);
	cr_expect_eq(plan(document, "district", "after", "sme_fen"), 10000);
	cr_expect_null(json_object_get(json_object_get(document, "scopes"), "200"));
	cr_expect_eq(facts->budget_items.items[1].reserve_form, RESERVE_NONE, "untouched");
	json_decref(document);
}

Test(what_if, q7_a_share_counts_as_required)
{
	json_t *document = answer("{\"changes\": [{\"do\": \"reserve\", \"unit_code\": \"200\", "
				  "\"project_code\": \"C\","
				  " \"package_no\": \"\", \"form\": \"subcontract\", "
				  "\"share_percent\": \"33.3333\"}]}");

	cr_expect_eq(plan(document, "200", "after", "sme_fen"), 3333);
	json_decref(document);
}

Test(what_if, q8_an_exemption_leaves_the_adjusted_base)
{
	json_t *document =
		answer("{\"changes\": [{\"do\": \"exempt\", \"unit_code\": \"100\", "
		       "\"project_code\": \"B\","
		       " \"code\": \"2\", \"reason\": \"专利\", \"approver\": \"王芳\"}]}");

	cr_expect_eq(plan(document, "100", "after", "strict_base_fen"), 10000);
	cr_expect_eq(plan(document, "100", "after", "adjusted_base_fen"), 2500);
	json_decref(document);
}

Test(what_if, the_changes_of_one_row_work_one_after_the_other)
{
	json_t *document =
		answer("{\"changes\": [{\"do\": \"budget\", \"unit_code\": \"100\", "
		       "\"project_code\": \"A\","
		       " \"budget_yuan\": \"80.00\"}, {\"do\": \"name\", \"unit_code\": \"100\","
		       " \"project_code\": \"A\"}]}");

	cr_expect_eq(plan(document, "100", "after", "sme_fen"), 8000);
	cr_expect_eq(plan(document, "100", "after", "small_micro_fen"), 8000);
	json_decref(document);
}

Test(what_if, g11_withdrawing_ends_the_reservation)
{
	json_t *document = answer("{\"changes\": [{\"do\": \"withdraw\", \"unit_code\": \"100\","
				  " \"project_code\": \"A\"}]}");

	cr_expect_eq(plan(document, "100", "after", "sme_fen"), 0);
	cr_expect_eq(plan(document, "100", "after", "strict_base_fen"), 10000);
	json_decref(document);
}

Test(what_if, what_is_announced_is_computed_and_marked)
{
	json_t *document;
	const json_t *change;

	facts->budget_items.items[1].notice_on = text_day("2026-04-01", 10);
	document = answer("{\"changes\": [{\"do\": \"reserve\", \"unit_code\": \"100\", "
			  "\"project_code\": \"B\"}, {\"do\": \"name\", \"unit_code\": \"100\", "
			  "\"project_code\": \"A\"}]}");
	change = json_array_get(json_object_get(document, "changes"), 0);
	cr_expect(json_is_false(json_object_get(change, "feasible")));
	change = json_array_get(json_object_get(document, "changes"), 1);
	cr_expect(json_is_true(json_object_get(change, "feasible")));
	cr_expect_eq(plan(document, "100", "after", "sme_fen"), 10000);
	json_decref(document);
}

Test(what_if, what_a_notice_or_a_contract_has_taken_is_not_feasible)
{
	struct notice_fact *notice = facts_add_notice(facts);
	struct contract_fact *contract = quota_contract(facts, "200", "C", 1000);
	json_t *document;

	notice->project_code = "B";
	notice->kind = NOTICE_TENDER;
	notice->published_on = text_day("2026-03-01", 10);
	facts->budget_items.items[2].package_no = "1";
	contract->package_no = "";
	document = answer("{\"changes\": [{\"do\": \"reserve\", \"unit_code\": \"100\", "
			  "\"project_code\": \"B\"}, {\"do\": \"reserve\", \"unit_code\": "
			  "\"200\", \"project_code\": \"C\", \"package_no\": \"1\"}]}");
	for (size_t i = 0; i < 2; i++)
		cr_expect(json_is_false(json_object_get(
			json_array_get(json_object_get(document, "changes"), i), "feasible")));
	json_decref(document);
}

Test(what_if, agreed_shares_of_a_contract_can_be_moved)
{
	json_t *document;
	const json_t *after;
	struct contract_fact *contract = quota_contract(facts, "100", "A", 1000);

	contract->reserve_form = RESERVE_CONSORTIUM;
	contract->sme_share_ppm = 500000;
	document = answer("{\"changes\": [{\"do\": \"contract-share\", \"contract_no\": \"HT-1\","
			  " \"share_percent\": 80, \"small_micro_share_percent\": \"12.5\"}]}");
	after = json_object_get(
		json_object_get(json_object_get(document, "scopes"), "100"), "after");
	after = json_object_get(after, "award");
	cr_expect_eq(json_integer_value(json_object_get(after, "sme_fen")), 800);
	cr_expect_eq(json_integer_value(json_object_get(after, "small_micro_fen")), 125);
	json_decref(document);
}

static void expect_refused(const char *json, const char *text)
{
	struct err err = ERR_INIT;

	cr_expect_null(ask(json, &err));
	cr_expect_not_null(strstr(err.text, text), "%s", err.text);
}

#define ROW "\"unit_code\": \"100\", \"project_code\": \"B\""
Test(what_if, what_cannot_be_read_is_refused_with_its_place)
{
	expect_refused("{", "line 1");
	expect_refused("[]", "must be");
	expect_refused("{\"changes\": [], \"more\": 1}", "must be");
	expect_refused("{\"changes\": [3]}", "change 1 is not an object");
	expect_refused("{\"changes\": [{\"do\": \"wish\", " ROW "}]}", "change 1: \"do\"");
	expect_refused("{\"changes\": [{\"do\": \"name\", \"project_code\": \"B\"}]}",
		"\"unit_code\" is missing");
	expect_refused("{\"changes\": [{\"do\": \"name\", " ROW ", \"form\": \"whole\"}]}",
		"does not know");
	expect_refused("{\"changes\": [{\"do\": \"name\", " ROW "}, {\"do\": \"budget\", " ROW
		       ", \"budget_yuan\": 1.5}]}",
		"change 2: \"budget_yuan\"");
	expect_refused("{\"changes\": [{\"do\": \"budget\", " ROW ", \"budget_yuan\": \"1.005\"}]}",
		"at most two decimals");
	expect_refused("{\"changes\": [{\"do\": \"reserve\", " ROW ", \"form\": \"consortium\"}]}",
		"\"share_percent\" is missing");
	expect_refused(
		"{\"changes\": [{\"do\": \"reserve\", " ROW ", \"for\": \"large\"}]}", "neither");
	expect_refused("{\"changes\": [{\"do\": \"withdraw\", " ROW ", \"on\": \"2026-02-30\"}]}",
		"not a date");
}

Test(what_if, a_change_of_what_is_not_there_is_refused)
{
	expect_refused("{\"changes\": [{\"do\": \"name\", \"unit_code\": \"100\", "
		       "\"project_code\": \"Z\"}]}",
		"no budget row 100/Z/");
	expect_refused("{\"changes\": [{\"do\": \"contract-share\", \"contract_no\": \"HT-9\", "
		       "\"share_percent\": 1}]}",
		"no contract HT-9");
}
