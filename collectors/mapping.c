#include "collectors/mapping.h"

#include <string.h>

#include <jansson.h>

#include "collectors/header.h"
#include "collectors/mapping_bind.h"
#include "collectors/value_money.h"
#include "core/mem.h"
#include "core/text.h"

enum { RULES_MAX = 256, TEXT_CEILING = 4 << 20 };

static const struct frame_cell no_cell = { .text = "" };

static void find_columns(struct mapping *mapping)
{
	mapping->currency_column = mapping_column(mapping->kind, "currency");
	mapping->package_column = mapping_column(mapping->kind, "package_no");
	mapping->reserve_column = mapping_column(mapping->kind, "reserve_form");
	mapping->reserved_for_column = mapping_column(mapping->kind, "reserved_for");
	mapping->outstanding_column = mapping_column(mapping->kind, "outstanding_yuan");
	mapping->amount_column = mapping_column(mapping->kind, "amount_yuan");
	mapping->term_column = mapping_column(mapping->kind, "agreed_term");
	mapping->term_unit_column = mapping_column(mapping->kind, "term_unit");
}

/* Texts that stand for values must be canonical: they are checked once, here. */
static int check_canonical(const struct mapping *mapping, const struct mapping_rule *rule,
	const char *text, struct err *err)
{
	struct frame_cell cell = { .text = text, .length = strlen(text) };
	struct kind_value value;
	const char *code =
		cell_read_canonical(&mapping->kind->columns[rule->column], &cell, &value);

	if (!code)
		return 0;
	return err_set(err, ERR_USAGE, "mapping \"%s\": \"%s\" does not fit %s: %s", rule->text,
		text, mapping->kind->columns[rule->column].csv, value_reason(code));
}

static int check_words(
	const struct mapping *mapping, const struct mapping_rule *rule, struct err *err)
{
	const struct mapping_option *option = &rule->option;

	if (option->word_count > 0 && rule->type != MAPPING_RULE_HEADER)
		return err_set(err, ERR_USAGE, "mapping \"%s\": values= belongs to one column",
			rule->text);
	for (size_t i = 0; i < option->word_count; i++) {
		if (check_canonical(mapping, rule, option->words[i].to, err) < 0)
			return -1;
	}
	if (option->outstanding &&
		(rule->column != mapping->amount_column || mapping->outstanding_column < 0))
		return err_set(err, ERR_USAGE,
			"mapping \"%s\": outstanding=yes belongs to amount_yuan of a record that "
			"has outstanding_yuan",
			rule->text);
	return rule->type == MAPPING_RULE_CONSTANT ? check_canonical(mapping, rule, rule->left, err)
						   : 0;
}

/* One record has one currency, whichever rule names it. */
static int take_currency(struct mapping *mapping, const struct mapping_rule *rule, struct err *err)
{
	const char *named = rule->option.currency;

	if (named[0] == '\0')
		return 0;
	if (mapping->currency[0] != '\0' && strcmp(mapping->currency, named) != 0)
		return err_set(err, ERR_USAGE, "mapping \"%s\": another rule names the currency %s",
			rule->text, mapping->currency);
	memcpy(mapping->currency, named, sizeof(mapping->currency));
	return 0;
}

/* A rule against the ones before it. */
static int check_against(
	const struct mapping *mapping, const struct mapping_rule *rule, struct err *err)
{
	for (size_t i = 0; i < mapping->rule_count; i++) {
		const struct mapping_rule *other = &mapping->rules[i];
		if (rule->column >= 0 && rule->column == other->column)
			return err_set(err, ERR_USAGE,
				"header-ambiguous: mappings \"%s\" and \"%s\" lead to one column",
				other->text, rule->text);
		if (rule->header.name && other->header.name &&
			strcmp(rule->header.name, other->header.name) == 0 &&
			rule->header.unit == other->header.unit)
			return err_set(err, ERR_USAGE,
				"header-ambiguous: mappings \"%s\" and \"%s\" start from one "
				"header",
				other->text, rule->text);
		if (rule->type == MAPPING_RULE_ALL && other->type == MAPPING_RULE_ALL)
			return err_set(err, ERR_USAGE,
				"mapping \"%s\": there is another rule for all columns",
				rule->text);
	}
	return 0;
}

static int add_rule(struct mapping *mapping, const char *text, struct err *err)
{
	struct mapping_rule rule;

	if (mapping->rule_count == RULES_MAX)
		return err_set(err, ERR_USAGE, "there are more than %d mapping rules", RULES_MAX);
	if (mapping_rule_read(mapping->kind, text, &rule, err) < 0 ||
		check_against(mapping, &rule, err) < 0 || check_words(mapping, &rule, err) < 0 ||
		take_currency(mapping, &rule, err) < 0) {
		mapping_rule_free(&rule);
		return -1;
	}
	if (rule.type == MAPPING_RULE_ALL)
		mapping->all = rule.option; /* it has no words, so nothing is shared */
	mapping->rules[mapping->rule_count++] = rule;
	return 0;
}

struct mapping *mapping_new(const struct mapping_options *options, struct err *err)
{
	struct mapping *mapping = mem_zero(1, sizeof(*mapping));
	size_t count = 0;

	mapping->kind = options->kind;
	mapping->strict = options->strict;
	mapping_option_init(&mapping->all);
	find_columns(mapping);
	for (int i = 0; i < mapping->kind->count; i++)
		buf_init(&mapping->text[i], TEXT_CEILING);
	while (options->rules && options->rules[count])
		count++;
	mapping->rules =
		mem_zero((count < RULES_MAX ? count : RULES_MAX) + 1, sizeof(*mapping->rules));
	if (options->strict && count > 0) {
		err_set(err, ERR_USAGE, "the canonical profile takes no mapping rules");
		mapping_free(mapping);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		if (add_rule(mapping, options->rules[i], err) < 0) {
			mapping_free(mapping);
			return NULL;
		}
	}
	mapping_unbind(mapping);
	return mapping;
}

void mapping_free(struct mapping *mapping)
{
	if (!mapping)
		return;
	for (size_t i = 0; i < mapping->width; i++)
		free(mapping->name[i]);
	free(mapping->name);
	free(mapping->extra);
	free(mapping->extra_text);
	for (size_t i = 0; i < mapping->rule_count; i++)
		mapping_rule_free(&mapping->rules[i]);
	free(mapping->rules);
	for (int i = 0; i < mapping->kind->count; i++)
		buf_free(&mapping->text[i]);
	free(mapping);
}

int mapping_header(struct mapping *mapping, const struct frame_row *header, struct err *err)
{
	mapping_unbind(mapping);
	return mapping_bind(mapping, header, err);
}

void mapping_unknown(
	const struct mapping *mapping, void (*each)(void *arg, const char *header), void *arg)
{
	for (size_t i = 0; i < mapping->extra_count; i++)
		each(arg, mapping->name[mapping->extra[i]]);
}

void mapping_cells(
	const struct mapping *mapping, const struct frame_row *row, mapping_cell_fn each, void *arg)
{
	for (size_t i = 0; i < mapping->width && i < row->count; i++) {
		const char *column = "";
		for (int k = 0; k < mapping->kind->count; k++) {
			if (mapping->binding[k].cell == (int)i)
				column = mapping->kind->columns[k].csv;
		}
		each(arg, mapping->name[i], &row->cell[i], column);
	}
}

bool mapping_wants_name(const struct mapping *mapping)
{
	for (int i = 0; i < mapping->kind->count; i++) {
		if (mapping->binding[i].named)
			return true;
	}
	return false;
}

void mapping_name(struct mapping *mapping, const char *name)
{
	mapping->row_name = name;
}

static const struct frame_cell *cell_at(const struct frame_row *row, int cell)
{
	return cell >= 0 && (size_t)cell < row->count ? &row->cell[cell] : &no_cell;
}

static bool cell_blank(const struct frame_cell *cell)
{
	struct frame_row alone = { .cell = cell, .count = 1 };
	return frame_row_is_blank(&alone);
}

/* The first fault of a row is the one that is told. */
static void refuse(struct mapping_result *ret, const struct kind_column *column,
	const struct frame_cell *cell, const char *code)
{
	struct mapping_refusal *refusal = &ret->refusal;

	ret->key_readable = ret->key_readable && !(column->flags & KIND_KEY);
	if (refusal->code)
		return;
	size_t length = cell->text ? text_cut(cell->text, cell->length, MAPPING_VALUE_MAX - 1) : 0;
	refusal->field = column->csv ? column->csv : column->name;
	if (length > 0)
		memcpy(refusal->value, cell->text, length);
	refusal->value[length] = '\0';
	refusal->code = code;
	snprintf(refusal->reason, sizeof(refusal->reason), "%s", value_reason(code));
}

static void remark(struct mapping_result *ret, const struct kind_column *column,
	const struct frame_cell *cell, const char *code)
{
	if (ret->notes < MAPPING_NOTES_MAX)
		ret->note[ret->notes++] = (struct mapping_note){ .field = column->csv,
			.code = code,
			.reason = value_reason(code),
			.text = cell->text ? cell->text : "",
			.length = cell->length };
}

/* Reasons for "no value" that are complete in themselves: nothing to remark, nothing to keep. */
static bool plain_null(const char *code)
{
	return *code == '\0' || strcmp(code, "empty") == 0 || strcmp(code, "not-applicable") == 0 ||
	       strcmp(code, "open") == 0;
}

static json_t *kept(json_t **object)
{
	if (!*object)
		*object = json_object();
	return *object;
}

static void keep_cell(json_t **object, const char *name, const struct frame_cell *cell)
{
	json_t *text = json_stringn(cell->text, cell->length);
	if (text)
		json_object_set_new(kept(object), name, text);
}

static void keep_unknown(
	const struct mapping *mapping, const struct frame_row *row, json_t **object)
{
	for (size_t i = 0; i < mapping->extra_count; i++) {
		const struct frame_cell *cell = cell_at(row, (int)mapping->extra[i]);
		if (cell->text && cell->length > 0)
			keep_cell(object, mapping->name[mapping->extra[i]], cell);
	}
}

static void give_extra(struct mapping *mapping, json_t *object, struct mapping_result *ret)
{
	free(mapping->extra_text);
	mapping->extra_text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	json_decref(object);
	ret->row.extra = mapping->extra_text;
}

static void check_missing(
	const struct mapping *mapping, const struct frame_row *row, struct mapping_result *ret)
{
	for (int i = 0; i < mapping->kind->count; i++) {
		const struct kind_column *column = &mapping->kind->columns[i];
		if ((column->flags & KIND_REQUIRED) && column->csv &&
			mapping_value_empty(column, &ret->row.value[i]))
			refuse(ret, column, cell_at(row, mapping->binding[i].cell),
				"value-missing");
	}
}

static void row_strict(
	struct mapping *mapping, const struct frame_row *row, struct mapping_result *ret)
{
	for (int i = 0; i < mapping->kind->count; i++) {
		const struct binding *binding = &mapping->binding[i];
		ret->row.value[i] = binding->fixed;
		if (binding->cell == BINDING_NONE)
			continue;
		const struct frame_cell *cell = cell_at(row, binding->cell);
		const char *code =
			cell_read_canonical(&mapping->kind->columns[i], cell, &ret->row.value[i]);
		if (code)
			refuse(ret, &mapping->kind->columns[i], cell, code);
	}
	check_missing(mapping, row, ret);
	if (mapping->extra_count > 0) {
		json_t *object = NULL;
		keep_unknown(mapping, row, &object);
		give_extra(mapping, object, ret);
	}
}

static bool counts(enum kind_type type)
{
	return type == KIND_FEN || type == KIND_INT || type == KIND_PPM || type == KIND_BOOL;
}

static bool is_amount(const struct frame_cell *cell)
{
	static const struct value_money_rule rule = { .column_unit = VALUE_UNIT_YUAN,
		.negative_ok = true };
	struct value_money money;

	value_money_read(cell->text ? cell->text : "", cell->length, &rule, &money);
	return money.state == VALUE_GIVEN;
}

static bool numbers_rows(const char *header)
{
	static const char *const names[] = { "序号", "行号", "编号", "no", "no.", "#" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (header_equal(header, names[i]))
			return true;
	}
	return false;
}

/* Whether a totals line may have this cell in a column that nobody maps: a sum or a word for it, but no number of the row. */
static bool fits_total(const struct mapping *mapping, const struct frame_row *row, size_t at)
{
	struct frame_row alone = { .cell = &row->cell[at], .count = 1 };

	if (frame_row_is_blank(&alone) || frame_row_is_total(&alone))
		return true;
	return is_amount(&row->cell[at]) && at < mapping->width && !numbers_rows(mapping->name[at]);
}

static bool is_bound(const struct mapping *mapping, size_t at)
{
	for (int i = 0; i < mapping->kind->count; i++) {
		if (mapping->binding[i].cell == (int)at)
			return true;
	}
	return false;
}

static bool others_fit_total(const struct mapping *mapping, const struct frame_row *row)
{
	for (size_t i = 0; i < row->count; i++) {
		if (!fits_total(mapping, row, i) && !is_bound(mapping, i))
			return false;
	}
	return true;
}

/* A total line without the word: an amount, and nothing that says what, whose or when. */
static bool is_total(const struct mapping *mapping, const struct frame_row *row)
{
	bool key = false, amount = false;

	for (int i = 0; i < mapping->kind->count; i++) {
		const struct kind_column *column = &mapping->kind->columns[i];
		if (mapping->binding[i].cell == BINDING_NONE)
			continue;
		const struct frame_cell *cell = cell_at(row, mapping->binding[i].cell);
		if (!counts(column->type) && !cell_blank(cell))
			return false;
		key |= column->type == KIND_CODE && (column->flags & KIND_KEY);
		amount |= column->type == KIND_FEN && is_amount(cell);
	}
	return key && amount && others_fit_total(mapping, row);
}

void mapping_total(struct mapping *mapping, const struct frame_row *row,
	void (*each)(void *arg, int column, fen_t fen), void *arg)
{
	struct kind_value value;
	struct cell_answer answer = { .state = VALUE_GIVEN };

	for (int i = 0; i < mapping->kind->count; i++) {
		const struct binding *binding = &mapping->binding[i];
		const struct kind_column *column = &mapping->kind->columns[i];
		if (column->type != KIND_FEN || binding->cell == BINDING_NONE)
			continue;
		const struct frame_cell *cell = cell_at(row, binding->cell);
		if (cell_blank(cell))
			continue;
		value = binding->fixed;
		if (!mapping->strict)
			cell_read_free(&binding->rule, cell,
				binding->option.currency[0] ? binding->option.currency : NULL,
				&mapping->text[i], &value, &answer);
		else if (cell_read_canonical(column, cell, &value))
			continue;
		if (answer.state == VALUE_GIVEN && !value.null)
			each(arg, i, value.number);
	}
}

/* Which currency the amounts of a column may name. */
static const char *column_currency(
	const struct mapping *mapping, int column, const struct kind_row *row)
{
	const char *configured = mapping->binding[column].option.currency;

	if (configured[0] != '\0')
		return configured;
	if (mapping->currency_column < 0 || row->value[mapping->currency_column].length == 0)
		return NULL;
	return row->value[mapping->currency_column].text;
}

static void set_word(struct kind_row *row, int column, const char *word)
{
	row->value[column].text = word;
	row->value[column].length = strlen(word);
}

static void read_column(struct mapping *mapping, int at, const struct frame_row *row,
	struct mapping_result *ret, struct value_reserve *reserve, json_t **extra)
{
	const struct binding *binding = &mapping->binding[at];
	const struct kind_column *column = &mapping->kind->columns[at];
	struct cell_answer answer;

	ret->row.value[at] = binding->fixed;
	if (binding->named && mapping->row_name)
		set_word(&ret->row, at, mapping->row_name);
	if (binding->cell == BINDING_NONE)
		return;
	const struct frame_cell *cell = cell_at(row, binding->cell);
	/* A sum that stands once for several rows is not the sum of each. */
	if (cell->merged && column->type == KIND_FEN)
		cell = &no_cell;
	cell_read_free(&binding->rule, cell, column_currency(mapping, at, &ret->row),
		&mapping->text[at], &ret->row.value[at], &answer);
	if (at == mapping->reserve_column)
		*reserve = answer.reserve;
	if (answer.state == VALUE_REFUSED) {
		refuse(ret, column, cell, answer.code);
	} else if (!plain_null(answer.code)) {
		remark(ret, column, cell, answer.code);
		if (answer.state == VALUE_NULL)
			keep_cell(extra, mapping->name[binding->cell], cell);
	}
}

/* What needs more than one column: forms of reservation, and a sum that is the rest. */
static void settle_row(
	const struct mapping *mapping, const struct value_reserve *reserve, struct kind_row *row)
{
	int amount = mapping->amount_column, rest = mapping->outstanding_column;
	int whom = mapping->reserved_for_column;

	if (reserve->form == VALUE_RESERVE_WHOLE_OR_PACKAGE && mapping->package_column >= 0 &&
		row->value[mapping->package_column].length > 0)
		set_word(row, mapping->reserve_column, "package");
	if (whom >= 0 && reserve->whom != VALUE_FOR_NONE && row->value[whom].length == 0)
		set_word(row, whom, reserve->whom == VALUE_FOR_SME ? "sme" : "small_micro");
	if (amount >= 0 && rest >= 0 && mapping->binding[amount].option.outstanding &&
		mapping->binding[rest].cell == BINDING_NONE)
		row->value[rest] = row->value[amount];
}

static void row_free(
	struct mapping *mapping, const struct frame_row *row, struct mapping_result *ret)
{
	struct value_reserve reserve = { VALUE_RESERVE_NOTHING, VALUE_FOR_NONE };
	json_t *extra = NULL;

	/* amounts may only name the row's currency: it is read first */
	if (mapping->currency_column >= 0)
		read_column(mapping, mapping->currency_column, row, ret, &reserve, &extra);
	for (int i = 0; i < mapping->kind->count; i++) {
		if (i != mapping->currency_column)
			read_column(mapping, i, row, ret, &reserve, &extra);
	}
	settle_row(mapping, &reserve, &ret->row);
	check_missing(mapping, row, ret);
	keep_unknown(mapping, row, &extra);
	give_extra(mapping, extra, ret);
}

enum mapping_answer mapping_row(
	struct mapping *mapping, const struct frame_row *row, struct mapping_result *ret)
{
	ret->row.kind = mapping->kind;
	ret->row.place = row->number;
	ret->row.extra = NULL;
	ret->notes = 0;
	ret->key_readable = true;
	ret->refusal.code = NULL;
	if (mapping->strict) {
		row_strict(mapping, row, ret);
	} else {
		if (is_total(mapping, row))
			return MAPPING_TOTAL;
		row_free(mapping, row, ret);
	}
	return ret->refusal.code ? MAPPING_REFUSED : MAPPING_ROW;
}
