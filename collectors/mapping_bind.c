#include "collectors/mapping_bind.h"

#include <string.h>

#include "collectors/synonym.h"
#include "core/mem.h"
#include "core/text.h"

/* What is known of the header cells while they are being bound. */
struct headers {
	const struct frame_row *row;
	struct header *normal;
	bool *claimed;
	size_t count;
};

int mapping_column(const struct kind *kind, const char *csv)
{
	for (int i = 0; i < kind->count; i++) {
		if (kind->columns[i].csv && strcmp(kind->columns[i].csv, csv) == 0)
			return i;
	}
	return -1;
}

bool mapping_value_empty(const struct kind_column *column, const struct kind_value *value)
{
	switch (column->type) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_WORD:
	case KIND_MONTH:
		return value->length == 0;
	case KIND_DATE:
	case KIND_FEN:
	case KIND_PPM:
	case KIND_INT:
	case KIND_BOOL:
		break;
	}
	return value->null;
}

static void fix_value(struct binding *binding, const char *text)
{
	struct frame_cell cell = { .text = text, .length = strlen(text) };

	if (cell_read_canonical(binding->rule.column, &cell, &binding->fixed))
		BUG("the fixed text \"%s\" of %s was not checked", text,
			binding->rule.column->name);
}

static const struct mapping_rule *rule_of(
	const struct mapping *mapping, enum mapping_rule_type type, int column)
{
	for (size_t i = 0; i < mapping->rule_count; i++) {
		const struct mapping_rule *rule = &mapping->rules[i];
		if (rule->type == type && rule->column == column)
			return rule;
	}
	return NULL;
}

void mapping_unbind(struct mapping *mapping)
{
	for (size_t i = 0; i < mapping->width; i++)
		free(mapping->name[i]);
	free(mapping->name);
	free(mapping->extra);
	mapping->name = NULL;
	mapping->extra = NULL;
	mapping->width = mapping->extra_count = 0;
	for (int i = 0; i < mapping->kind->count; i++) {
		struct binding *binding = &mapping->binding[i];
		const struct mapping_rule *constant = rule_of(mapping, MAPPING_RULE_CONSTANT, i);
		*binding = (struct binding){ .cell = BINDING_NONE,
			.constant = constant != NULL,
			.named = rule_of(mapping, MAPPING_RULE_ROW, i) != NULL };
		binding->option = mapping->all;
		binding->rule = (struct cell_rule){ .kind = mapping->kind,
			.column = &mapping->kind->columns[i],
			.option = &binding->option };
		fix_value(binding, constant ? constant->left : "");
	}
}

/* The header as written; a repeated one gets a number, an empty one its place. */
static char *unique_name(const struct mapping *mapping, const struct frame_cell *cell, size_t at)
{
	_cleanup_free_ char *base = mem_text_n(cell->text ? cell->text : "", cell->length);
	int copy = 1;

	text_trim(base);
	if (*base == '\0')
		return mem_format("column %zu", at + 1);
	for (size_t i = 0; i < at; i++) {
		const char *other = mapping->name[i];
		size_t length = strlen(base);
		if (strncmp(other, base, length) == 0 &&
			(other[length] == '\0' || strncmp(other + length, " (", 2) == 0))
			copy++;
	}
	return copy == 1 ? mem_text(base) : mem_format("%s (%d)", base, copy);
}

static void bind_cell(struct mapping *mapping, struct headers *headers, int column, size_t cell,
	struct mapping_rule *configured)
{
	struct binding *binding = &mapping->binding[column];

	binding->cell = (int)cell;
	binding->configured = configured;
	binding->rule.unit = headers->normal[cell].unit;
	binding->rule.canonical_header =
		strcmp(headers->normal[cell].name, mapping->kind->columns[column].csv) == 0;
	headers->claimed[cell] = true;
	if (!configured)
		return;
	binding->option = configured->option;
	mapping_option_inherit(&binding->option, &mapping->all);
}

/* A rule whose header states a unit wants exactly that unit. */
static bool rule_matches(const struct mapping_rule *rule, const struct header *header)
{
	return strcmp(rule->header.name, header->name) == 0 &&
	       (rule->header.unit == HEADER_UNIT_NONE || rule->header.unit == header->unit);
}

static int bind_rule(struct mapping *mapping, struct headers *headers, struct mapping_rule *rule,
	struct err *err)
{
	size_t found = headers->count;

	for (size_t i = 0; i < headers->count; i++) {
		if (!rule_matches(rule, &headers->normal[i]))
			continue;
		if (found < headers->count)
			return err_set(err, ERR_DATA,
				"header-ambiguous: \"%s\" (column %zu) and \"%s\" (column %zu) "
				"both answer the mapping \"%s\"",
				mapping->name[found], found + 1, mapping->name[i], i + 1,
				rule->text);
		found = i;
	}
	if (found == headers->count) {
		if (rule->type == MAPPING_RULE_DROP)
			return 0;
		return err_set(err, ERR_DATA,
			"column-missing: no header answers the mapping \"%s\"", rule->text);
	}
	if (rule->type == MAPPING_RULE_DROP)
		headers->claimed[found] = true;
	else
		bind_cell(mapping, headers, rule->column, found, rule);
	return 0;
}

static int bind_rules(struct mapping *mapping, struct headers *headers, struct err *err)
{
	for (size_t i = 0; i < mapping->rule_count; i++) {
		struct mapping_rule *rule = &mapping->rules[i];
		if (rule->type != MAPPING_RULE_HEADER && rule->type != MAPPING_RULE_DROP)
			continue;
		if (bind_rule(mapping, headers, rule, err) < 0)
			return -1;
	}
	return 0;
}

/* Column for a header that no rule names: canonical name, then synonym; strict knows only exact names. */
static int column_for(const struct mapping *mapping, const struct headers *headers, size_t cell)
{
	const char *name = headers->normal[cell].name;

	if (mapping->strict)
		return mapping_column(mapping->kind,
			headers->row->cell[cell].text ? headers->row->cell[cell].text : "");
	int column = mapping_column(mapping->kind, name);
	if (column >= 0)
		return column;
	const char *synonym = synonym_find(mapping->kind->name, name);
	return synonym ? mapping_column(mapping->kind, synonym) : -1;
}

/* What a rule decided is not in doubt: another header for the same column is only extra. */
static int bind_names(struct mapping *mapping, struct headers *headers, struct err *err)
{
	for (size_t i = 0; i < headers->count; i++) {
		if (headers->claimed[i])
			continue;
		int column = column_for(mapping, headers, i);
		if (column < 0)
			continue;
		const struct binding *binding = &mapping->binding[column];
		if (binding->configured || binding->constant || binding->named)
			continue;
		if (binding->cell != BINDING_NONE)
			return err_set(err, ERR_DATA,
				"header-ambiguous: \"%s\" (column %d) and \"%s\" (column %zu) both "
				"mean %s; a mapping rule has to choose",
				mapping->name[binding->cell], binding->cell + 1, mapping->name[i],
				i + 1, mapping->kind->columns[column].csv);
		bind_cell(mapping, headers, column, i, NULL);
	}
	return 0;
}

static bool stated(const struct binding *binding)
{
	return binding->cell != BINDING_NONE || binding->named ||
	       !mapping_value_empty(binding->rule.column, &binding->fixed);
}

static int check_required(const struct mapping *mapping, struct err *err)
{
	char list[512] = "";
	size_t used = 0;

	for (int i = 0; i < mapping->kind->count; i++) {
		const struct kind_column *column = &mapping->kind->columns[i];
		if (!(column->flags & KIND_REQUIRED) || !column->csv ||
			stated(&mapping->binding[i]))
			continue;
		int wrote = snprintf(
			list + used, sizeof(list) - used, "%s%s", used ? ", " : "", column->csv);
		if (wrote < 0 || (size_t)wrote >= sizeof(list) - used)
			break;
		used += (size_t)wrote;
	}
	if (used == 0)
		return 0;
	return err_set(err, ERR_DATA, "column-missing: no header gives %s, which a %s needs", list,
		mapping->kind->name);
}

/* 付款期限(工作日): the header says what the kind has a column for. */
static void bind_term_unit(struct mapping *mapping)
{
	if (mapping->strict || mapping->term_column < 0 || mapping->term_unit_column < 0)
		return;
	struct binding *unit = &mapping->binding[mapping->term_unit_column];
	enum header_unit stated_unit = mapping->binding[mapping->term_column].rule.unit;
	if (unit->cell != BINDING_NONE || unit->constant)
		return;
	if (stated_unit == HEADER_UNIT_WORKDAY)
		fix_value(unit, "workday");
	else if (stated_unit == HEADER_UNIT_DAY)
		fix_value(unit, "day");
}

/* Amounts in a configured currency must not be recorded as CNY because no column says so. */
static void bind_currency(struct mapping *mapping)
{
	if (mapping->currency[0] == '\0' || mapping->currency_column < 0)
		return;
	struct binding *binding = &mapping->binding[mapping->currency_column];
	if (binding->cell == BINDING_NONE && !binding->constant)
		fix_value(binding, mapping->currency);
}

static void collect_extra(struct mapping *mapping, const struct headers *headers)
{
	mapping->extra = mem_zero(headers->count + 1, sizeof(*mapping->extra));
	for (size_t i = 0; i < headers->count; i++) {
		if (!headers->claimed[i])
			mapping->extra[mapping->extra_count++] = i;
	}
}

static int bind_all(struct mapping *mapping, struct headers *headers, struct err *err)
{
	if (bind_rules(mapping, headers, err) < 0 || bind_names(mapping, headers, err) < 0)
		return -1;
	bind_term_unit(mapping);
	bind_currency(mapping);
	collect_extra(mapping, headers);
	return check_required(mapping, err);
}

int mapping_bind(struct mapping *mapping, const struct frame_row *header, struct err *err)
{
	struct headers headers = { .row = header, .count = header->count };

	headers.normal = mem_zero(header->count + 1, sizeof(*headers.normal));
	headers.claimed = mem_zero(header->count + 1, sizeof(*headers.claimed));
	mapping->name = mem_zero(header->count + 1, sizeof(*mapping->name));
	for (size_t i = 0; i < header->count; i++) {
		const struct frame_cell *cell = &header->cell[i];
		mapping->name[i] = unique_name(mapping, cell, i);
		mapping->width = i + 1;
		if (!header_read(cell->text ? cell->text : "", cell->length, &headers.normal[i]))
			headers.normal[i].name = mem_text("");
	}
	int answer = bind_all(mapping, &headers, err);
	for (size_t i = 0; i < header->count; i++)
		header_free(&headers.normal[i]);
	free(headers.normal);
	free(headers.claimed);
	return answer;
}
