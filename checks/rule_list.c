#include "checks/rule_list.h"

#include <string.h>

#include "checks/explain_reason.h"
#include "checks/findings.h"
#include "checks/regulation.h"
#include "core/text.h"

enum { RULES_MAX = 128 };

/* Rules in the order of their first mention: articles, parameters, checks. */
struct rule_ids {
	const char *id[RULES_MAX];
	int count;
};

static bool has_rule(const struct rule_ids *rules, const char *id)
{
	for (int i = 0; i < rules->count; i++)
		if (strcmp(rules->id[i], id) == 0)
			return true;
	return false;
}

static void add_rule(struct rule_ids *rules, const char *id)
{
	if (has_rule(rules, id))
		return;
	if (rules->count == RULES_MAX)
		BUG("more than %d rules", RULES_MAX);
	rules->id[rules->count++] = id;
}

static void gather(struct rule_ids *rules)
{
	size_t count;
	const struct finding_kind *kinds = finding_kinds(&count);

	for (size_t i = 0; rule_with_article(i); i++)
		add_rule(rules, rule_with_article(i));
	for (int i = 0; i < PARAM_COUNT; i++)
		add_rule(rules, parameter_defs[i].rule_id);
	for (size_t i = 0; i < count; i++)
		add_rule(rules, kinds[i].rule_id);
}

static void write_value(
	struct json_out *out, const char *key, enum parameter_unit unit, int64_t value)
{
	if (unit == PARAM_UNIT_DATE)
		json_day(out, key, (day_t)value);
	else if (unit == PARAM_UNIT_SWITCH)
		json_bool(out, key, value != 0);
	else
		json_int(out, key, value);
}

static void write_default(struct json_out *out, const struct parameter_def *def)
{
	int64_t value;

	if (!*def->value)
		json_null_value(out, "default");
	else if (def->unit == PARAM_UNIT_DATE)
		json_text(out, "default", def->value);
	else if (def->unit == PARAM_UNIT_SWITCH)
		json_bool(out, "default", strcmp(def->value, "on") == 0);
	else if (text_to_int64(def->value, &value))
		json_int(out, "default", value);
	else
		BUG("default of %s %s", def->rule_id, def->name);
}

static void write_periods(
	const struct ledger *ledger, enum parameter parameter, struct json_out *out)
{
	const struct parameter_def *def = &parameter_defs[parameter];
	const struct parameters *all = ledger->law.parameters;

	json_array_begin(out, "periods");
	for (int i = 0; i < all->of[parameter].count; i++) {
		const struct parameter_period *period = &all->of[parameter].periods[i];
		const char *place, *citation = ledger_source(
					   ledger, def->rule_id, def->name, period->from, &place);

		json_object_begin(out, NULL);
		json_text(out, "jurisdiction", place);
		json_day(out, "valid_from", period->from);
		json_day(out, "valid_to", period->to);
		write_value(out, "value", def->unit, period->value);
		json_text(out, "citation", citation);
		json_object_end(out);
	}
	json_array_end(out);
}

static void write_parameters(const struct ledger *ledger, const char *rule, struct json_out *out)
{
	json_array_begin(out, "parameters");
	for (int i = 0; i < PARAM_COUNT; i++) {
		const struct parameter_def *def = &parameter_defs[i];

		if (strcmp(def->rule_id, rule) != 0)
			continue;
		json_line(out);
		json_object_begin(out, NULL);
		json_text(out, "name", def->name);
		json_text(out, "unit", parameter_unit_name(def->unit));
		write_value(out, "minimum", def->unit, def->min);
		write_value(out, "maximum", def->unit, def->max);
		write_default(out, def);
		json_text(out, "selected_by", def->selected_by);
		json_bool(out, "optional", def->optional);
		json_text(out, "citation", def->citation);
		write_periods(ledger, (enum parameter)i, out);
		json_object_end(out);
	}
	json_array_end(out);
}

static void write_version(const struct law *law, enum regulation regulation, const char *citation,
	struct json_out *out)
{
	day_t from, to;

	regulation_days(law, regulation, &from, &to);
	json_object_begin(out, NULL);
	json_text(out, "version", regulation_name(regulation));
	json_day(out, "signed_from", from);
	json_day(out, "signed_to", to);
	json_text(out, "citation", citation);
	json_object_end(out);
}

/* P-10: which article it is depends on the day on which the contract was signed. */
static void write_versions(
	const struct law *law, const char *of_728, const char *of_802, struct json_out *out)
{
	json_array_begin(out, "versions");
	write_version(law, REGULATION_728, of_728, out);
	write_version(law, REGULATION_802, of_802, out);
	json_array_end(out);
}

static bool is_of(int provision, const char *rule)
{
	return strcmp(provision_rule((enum provision)provision), rule) == 0;
}

static const char *article_of(const char *rule)
{
	for (int i = 0; i < PROVISION_COUNT; i++)
		if (is_of(i, rule))
			return "保障中小企业款项支付条例，按合同签订日期适用国务院令第728号或者第80"
			       "2号";
	return rule_article(rule);
}

static void write_provisions(const struct law *law, const char *rule, struct json_out *out)
{
	json_array_begin(out, "provisions");
	for (int i = 0; i < PROVISION_COUNT; i++) {
		if (!is_of(i, rule))
			continue;
		json_line(out);
		json_object_begin(out, NULL);
		write_versions(law, regulation_article(REGULATION_728, (enum provision)i),
			regulation_article(REGULATION_802, (enum provision)i), out);
		json_object_end(out);
	}
	json_array_end(out);
}

static void write_checks(const struct law *law, const char *rule, struct json_out *out)
{
	size_t count;
	const struct finding_kind *kinds = finding_kinds(&count);

	json_array_begin(out, "checks");
	for (size_t i = 0; i < count; i++) {
		if (strcmp(kinds[i].rule_id, rule) != 0)
			continue;
		json_line(out);
		json_object_begin(out, NULL);
		json_text(out, "code", kinds[i].code);
		json_text(out, "words", kinds[i].words);
		json_text(out, "citation", finding_citation(&kinds[i], REGULATION_802));
		if (!kinds[i].citation)
			write_versions(law, finding_citation(&kinds[i], REGULATION_728),
				finding_citation(&kinds[i], REGULATION_802), out);
		json_object_end(out);
	}
	json_array_end(out);
}

static void write_rule(const struct ledger *ledger, const char *rule, struct json_out *out)
{
	json_line(out);
	json_object_begin(out, NULL);
	json_text(out, "rule", rule);
	json_text(out, "article", article_of(rule));
	write_provisions(&ledger->law, rule, out);
	write_parameters(ledger, rule, out);
	write_checks(&ledger->law, rule, out);
	json_object_end(out);
}

int rule_list_write(
	const struct ledger *ledger, const char *rule, struct json_out *out, struct err *err)
{
	struct rule_ids rules = { .count = 0 };

	gather(&rules);
	if (rule && !has_rule(&rules, rule))
		return err_set(err, ERR_DATA, "there is no rule \"%s\"", rule);
	json_object_begin(out, NULL);
	json_text(out, "jurisdiction", ledger->jurisdiction);
	json_text(out, "jurisdiction_name", ledger->jurisdiction_name);
	json_array_begin(out, "rules");
	for (int i = 0; i < rules.count; i++)
		if (!rule || strcmp(rules.id[i], rule) == 0)
			write_rule(ledger, rules.id[i], out);
	json_array_end(out);
	json_object_end(out);
	return 0;
}
