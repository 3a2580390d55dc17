/* The law as data: what is in force here, from where, within which range. */
#include "checks/rule_list.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

#include "checks/findings.h"
#include "core/mem.h"
#include "lib/district_rig.h"
#include "lib/evaluate.h"

TestSuite(rule_list, .init = district_rig_empty, .fini = district_rig_tear_down);

static json_t *explained(const char *id)
{
	struct err err = ERR_INIT;
	_cleanup_free_ char *text =
		evaluate_explain(district.base, district.link, "2026-06-30", id, &err);
	json_t *document = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

	cr_assert(document, "%s", err.text);
	return document;
}

static const json_t *named(const json_t *list, const char *member, const char *value)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (strcmp(json_string_value(json_object_get(item, member)), value) == 0)
			return item;
	}
	return NULL;
}

static const json_t *parameter_of(const json_t *document, const char *rule, const char *name)
{
	const json_t *found = named(json_object_get(document, "rules"), "rule", rule);
	const json_t *parameter =
		found ? named(json_object_get(found, "parameters"), "name", name) : NULL;

	cr_assert(parameter, "%s %s", rule, name);
	return parameter;
}

static void expect_period(const json_t *parameter, size_t place, const char *jurisdiction,
	const char *from, json_int_t value)
{
	const json_t *period = json_array_get(json_object_get(parameter, "periods"), place);

	cr_assert(period);
	cr_expect_str_eq(json_string_value(json_object_get(period, "jurisdiction")), jurisdiction);
	cr_expect_str_eq(json_string_value(json_object_get(period, "valid_from")), from);
	cr_expect_eq(json_integer_value(json_object_get(period, "value")), value);
	cr_expect_neq(*json_string_value(json_object_get(period, "citation")), '\0');
}

Test(rule_list, a_parameter_has_its_range_its_default_and_who_states_it)
{
	json_t *document = explained("rules");
	const json_t *floor = parameter_of(document, "Q-2", "sme_floor_ppm"), *preference;

	cr_expect_str_eq(json_string_value(json_object_get(floor, "unit")), "ppm");
	cr_expect_eq(json_integer_value(json_object_get(floor, "minimum")), 0);
	cr_expect_eq(json_integer_value(json_object_get(floor, "maximum")), 1000000);
	cr_expect_eq(json_integer_value(json_object_get(floor, "default")), 400000);
	expect_period(floor, 0, "beijing", "2020-12-01", 400000);
	expect_period(parameter_of(document, "Q-3", "sme_floor_ppm"), 0, "beijing-xicheng",
		"2025-12-14", 400000);
	expect_period(parameter_of(document, "Q-1", "sme_floor_ppm"), 0, "national", "2018-01-01",
		300000);
	cr_expect(json_is_null(json_object_get(
		parameter_of(document, "Q-5", "goods_services_limit_fen"), "default")));
	preference = parameter_of(document, "Q-10", "goods_services_min_ppm");
	cr_expect_eq(json_array_size(json_object_get(preference, "periods")), 2,
		"before and after July 2022");
	json_decref(document);
}

Test(rule_list, every_parameter_and_every_check_is_listed_under_its_rule)
{
	json_t *document = explained("rules");
	const json_t *rules = json_object_get(document, "rules");
	const struct finding_kind *kinds;
	size_t count;

	for (int i = 0; i < PARAM_COUNT; i++)
		parameter_of(document, parameter_defs[i].rule_id, parameter_defs[i].name);
	kinds = finding_kinds(&count);
	for (size_t i = 0; i < count; i++) {
		const json_t *rule = named(rules, "rule", kinds[i].rule_id);

		cr_assert(rule);
		cr_expect(named(json_object_get(rule, "checks"), "code", kinds[i].code), "%s",
			kinds[i].code);
	}
	for (int number = 1; number <= 14; number++) {
		_cleanup_free_ char *id = mem_format("Q-%d", number);

		cr_expect(named(rules, "rule", id), "%s", id);
	}
	json_decref(document);
}

Test(rule_list, a_districts_own_row_takes_the_place_of_its_parents)
{
	json_t *document;

	pg_exec(district.db,
		"INSERT INTO rule_parameter VALUES ('beijing-xicheng', 'Q-2', 'sme_floor_ppm', "
		"'2026-01-01', NULL, '450000', 'ppm', '示例办法第一条')");
	document = explained("rule/Q-2");
	cr_expect_eq(json_array_size(json_object_get(document, "rules")), 1);
	expect_period(parameter_of(document, "Q-2", "sme_floor_ppm"), 0, "beijing-xicheng",
		"2026-01-01", 450000);
	json_decref(document);
}

Test(rule_list, a_rule_that_is_not_there_is_refused_by_name)
{
	struct err err = ERR_INIT;

	cr_expect_null(
		evaluate_explain(district.base, district.link, "2026-06-30", "rule/Q-99", &err));
	cr_expect_not_null(strstr(err.text, "Q-99"), "%s", err.text);
}

Test(rule_list, the_payment_regulation_is_told_by_version)
{
	json_t *document = explained("rule/P-3");
	const json_t *rule = named(json_object_get(document, "rules"), "rule", "P-3");
	const json_t *provisions = json_object_get(rule, "provisions"), *versions;

	cr_assert_eq(json_array_size(provisions), 4);
	versions = json_object_get(json_array_get(provisions, 3), "versions");
	cr_expect_str_eq(
		json_string_value(json_object_get(json_array_get(versions, 0), "citation")),
		"国务院令第728号第九条第二款");
	cr_expect_str_eq(
		json_string_value(json_object_get(json_array_get(versions, 0), "signed_to")),
		"2025-05-31");
	cr_expect_str_eq(
		json_string_value(json_object_get(json_array_get(versions, 1), "citation")),
		"国务院令第802号第十条第二款");
	cr_expect_str_eq(
		json_string_value(json_object_get(json_array_get(versions, 1), "signed_from")),
		"2025-06-01");
	json_decref(document);
}
