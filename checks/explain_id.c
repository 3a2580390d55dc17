#include "checks/explain_id.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "checks/evidence.h"
#include "checks/explain.h"
#include "checks/explain_calendar.h"
#include "checks/explain_clause.h"
#include "checks/rule_list.h"
#include "core/mem.h"
#include "core/text.h"

enum { FIGURE_BYTES_MAX = 256 << 20, ID_PARTS_MAX = 5, YEAR_MIN = 1990, YEAR_MAX = 2199 };

struct explained {
	const struct ledger *ledger;
	day_t as_of;
	struct facts_index *index;
	struct unit_tree *units;
	struct json_out *out;
	bool legal_order;
	struct err *err;
};

/* "a/b/c" to its parts, in place; a part may be empty. The last one keeps what is left. */
static int split(char *text, char *part[ID_PARTS_MAX], int most)
{
	int count = 0;

	while (text && count < most) {
		char *slash = strchr(text, '/');
		part[count++] = text;
		if (slash && count < most)
			*slash++ = '\0';
		else
			slash = NULL;
		text = slash;
	}
	return count;
}

static bool read_year(const char *text, int *ret)
{
	int64_t year;

	if (!text_to_int64(text, &year) || year < YEAR_MIN || year > YEAR_MAX)
		return false;
	*ret = (int)year;
	return true;
}

static int explain_figure(const struct explained *explained, char *rest)
{
	char *part[ID_PARTS_MAX];
	int year;

	if (split(rest, part, 3) != 3 || !read_year(part[2], &year))
		return err_set(explained->err, ERR_USAGE,
			"a figure is named quota/BASIS/UNIT/YEAR; the bases are %s", explain_bases);
	return explain_quota(&explained->ledger->law, explained->index, explained->units, part[0],
		strcmp(part[1], "district") == 0 ? "" : part[1], year, explained->as_of,
		explained->out, explained->err);
}

/* Rows of the district's figure ---------------------------------------------------------------- */

struct wanted {
	const char *basis;
	int year;
	const char *member[3],
		*value[3]; /* a row is wanted when all of these are equal; NULL ends */
};

static bool row_wanted(const json_t *row, const struct wanted *wanted)
{
	for (int i = 0; i < 3 && wanted->member[i]; i++) {
		const char *value = json_string_value(json_object_get(row, wanted->member[i]));
		if (!value || strcmp(value, wanted->value[i]) != 0)
			return false;
	}
	return true;
}

/* The wanted rows of the explained figure, as a JSON array (owned); NULL with err set. */
static json_t *figure_rows(const struct explained *explained, const struct wanted *wanted)
{
	json_t *root = NULL, *row, *rows = json_array();
	struct buf text = { 0 };
	struct json_out out;
	size_t i;

	buf_init(&text, FIGURE_BYTES_MAX);
	json_out_init(&out, &text, NULL, NULL);
	if (explain_quota(&explained->ledger->law, explained->index, explained->units,
		    wanted->basis, "", wanted->year, explained->as_of, &out, explained->err) == 0) {
		if (json_finish(&out) < 0)
			err_set(explained->err, ERR_LIMIT, "the figure has too many rows");
		else
			root = json_loadb(text.data, text.used, 0, NULL);
	}
	buf_free(&text);
	if (!root) {
		json_decref(rows);
		return NULL;
	}
	json_array_foreach(json_object_get(root, "rows"), i, row)
	{
		if (row_wanted(row, wanted))
			json_array_append(rows, row);
	}
	json_decref(root);
	return rows;
}

static void write_rows(struct json_out *out, const char *key, json_t *rows)
{
	char *text = json_dumps(rows, JSON_COMPACT);

	if (!text)
		BUG("no memory for an explanation");
	json_raw(out, key, text);
	free(text);
	json_decref(rows);
}

static int explain_budget_item(const struct explained *explained, char *rest)
{
	char *part[ID_PARTS_MAX];
	struct wanted wanted = { .basis = "plan",
		.member = { "unit_code", "project_code", "package_no" } };
	json_t *rows;

	if (split(rest, part, 4) != 4 || !read_year(part[0], &wanted.year))
		return err_set(explained->err, ERR_USAGE,
			"a budget row is named budget_item/YEAR/UNIT/PROJECT/PACKAGE");
	for (int i = 0; i < 3; i++)
		wanted.value[i] = part[i + 1];
	rows = figure_rows(explained, &wanted);
	if (!rows)
		return -1;
	if (json_array_size(rows) == 0) {
		json_decref(rows);
		return err_set(explained->err, ERR_DATA, "no budget row %d/%s/%s/%s is known",
			wanted.year, part[1], part[2], part[3]);
	}
	json_object_begin(explained->out, NULL);
	json_int(explained->out, "fiscal_year", wanted.year);
	json_day(explained->out, "as_of", explained->as_of);
	write_rows(explained->out, "rows", rows);
	json_object_end(explained->out);
	return 0;
}

/* Records -------------------------------------------------------------------------------------- */

static struct arrears_question question_of(const struct explained *explained)
{
	return (struct arrears_question){
		.law = &explained->ledger->law,
		.index = explained->index,
		.units = explained->units,
		.as_of = explained->as_of,
		.reversals_known_on = explained->as_of,
		.legal_order = explained->legal_order,
	};
}

static int explain_obligation(const struct explained *explained, const char *number)
{
	struct arrears_question question = question_of(explained);

	return evidence_explain_obligation(
		&question, explained->ledger->reviews, number, explained->out, explained->err);
}

static int explain_year(const struct explained *explained, const char *text)
{
	struct arrears_question question = question_of(explained);
	int year;

	if (!read_year(text, &year))
		return err_set(explained->err, ERR_USAGE, "a calendar is named calendar/YEAR");
	explain_calendar(&question, year, explained->out);
	return 0;
}

static int write_obligations(const struct explained *explained, uint32_t contract)
{
	const struct index_lists *lists = &explained->index->contract_obligations;
	const struct obligation_fact *obligations = explained->ledger->facts->obligations.items;

	json_array_begin(explained->out, "obligations");
	for (uint32_t i = lists->start[contract]; i < lists->start[contract + 1]; i++)
		if (explain_obligation(explained, obligations[lists->items[i]].obligation_no) < 0)
			return -1;
	json_array_end(explained->out);
	return 0;
}

static int explain_contract(const struct explained *explained, const char *number)
{
	uint32_t row = map_get(&explained->index->contracts, number);
	struct wanted wanted = {
		.basis = "award", .member = { "contract_no" }, .value = { number }
	};
	const struct contract_fact *contract;
	json_t *rows = NULL;

	if (row == MAP_NONE)
		return err_set(explained->err, ERR_DATA, "no contract \"%s\" is known", number);
	contract = &explained->ledger->facts->contracts.items[row];
	if (contract->signed_on != DAY_NONE) {
		wanted.year = day_year(contract->signed_on);
		rows = figure_rows(explained, &wanted);
		if (!rows)
			return -1;
	}
	json_object_begin(explained->out, NULL);
	json_text(explained->out, "contract_no", number);
	json_day(explained->out, "as_of", explained->as_of);
	json_text(explained->out, "unit_code", contract->unit_code);
	json_text(explained->out, "supplier_uscc", contract->supplier_uscc);
	json_day(explained->out, "signed_on", contract->signed_on);
	json_fen(explained->out, "amount_fen", contract->amount_fen);
	if (rows)
		write_rows(explained->out, "award", rows);
	explain_clauses(&explained->ledger->law, explained->index, explained->units, row,
		explained->as_of, explained->out);
	if (write_obligations(explained, row) < 0)
		return -1;
	json_object_end(explained->out);
	return 0;
}

bool explain_id_of_law(const char *id)
{
	return strcmp(id, "rules") == 0 || strncmp(id, "rule/", 5) == 0;
}

static int explain_any(const struct explained *explained, char *id)
{
	if (explain_id_of_law(id))
		return rule_list_write(explained->ledger, id[4] == '/' ? id + 5 : NULL,
			explained->out, explained->err);
	if (strncmp(id, "quota/", 6) == 0)
		return explain_figure(explained, id + 6);
	if (strncmp(id, "budget_item/", 12) == 0)
		return explain_budget_item(explained, id + 12);
	if (strncmp(id, "obligation/", 11) == 0)
		return explain_obligation(explained, id + 11);
	if (strncmp(id, "calendar/", 9) == 0)
		return explain_year(explained, id + 9);
	if (strncmp(id, "contract/", 9) == 0)
		return explain_contract(explained, id + 9);
	if (map_get(&explained->index->obligations, id) != MAP_NONE)
		return explain_obligation(explained, id);
	if (map_get(&explained->index->contracts, id) != MAP_NONE)
		return explain_contract(explained, id);
	return err_set(explained->err, ERR_DATA, "nothing has the id \"%s\"", id);
}

int explain_id(const struct ledger *ledger, const struct explain_request *request,
	struct json_out *out, struct err *err)
{
	_cleanup_free_ char *copy = mem_text(request->id);
	struct explained explained = {
		.ledger = ledger,
		.as_of = request->as_of,
		.legal_order = request->legal_order,
		.index = facts_index_new(ledger->facts),
		.units = unit_tree_new(ledger->facts),
		.out = out,
		.err = err,
	};
	int result = explain_any(&explained, copy);

	unit_tree_free(explained.units);
	facts_index_free(explained.index);
	if (result == 0 && json_finish(out) < 0)
		result = err_set(err, ERR_LIMIT, "the explanation is above its ceiling");
	return result;
}
