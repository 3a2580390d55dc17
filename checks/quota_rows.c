#include "checks/quota_rows.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks/observe.h"
#include "checks/snapshot_parts.h"
#include "core/map.h"
#include "core/mem.h"

enum { FIGURES_BYTES_MAX = 64 << 20, ROW_BYTES_MAX = 1 << 20, PRINT_MAX = 33 };

/* What is on record of one scope. */
struct known {
	char *scope;
	char print[PRINT_MAX];
};

struct quota_rows {
	struct known *known;
	size_t known_count, known_capacity;
	struct map places;       /* scope -> place in known; made by the write */
	struct buf row, figures; /* one row; those that differ */
	struct sql_array scopes;
	size_t count;
};

struct quota_rows *quota_rows_new(void)
{
	struct quota_rows *rows = mem_zero(1, sizeof(*rows));

	buf_init(&rows->row, ROW_BYTES_MAX);
	buf_init(&rows->figures, FIGURES_BYTES_MAX);
	sql_array_init(&rows->scopes, FIGURES_BYTES_MAX);
	return rows;
}

void quota_rows_free(struct quota_rows *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < rows->known_count; i++)
		free(rows->known[i].scope);
	free(rows->known);
	map_free(&rows->places);
	buf_free(&rows->row);
	buf_free(&rows->figures);
	sql_array_free(&rows->scopes);
	free(rows);
}

void quota_rows_known(void *arg, const char *scope, const char *print)
{
	struct quota_rows *rows = arg;
	struct known *known;

	MEM_GROW(rows->known, rows->known_count, rows->known_capacity);
	known = &rows->known[rows->known_count++];
	known->scope = mem_text(scope);
	snprintf(known->print, sizeof(known->print), "%s", print);
}

/* Rows ----------------------------------------------------------------------------------------- */

/* Name of the department's unit on the as-of day, else the last one it had; "" for "?". */
static const char *scope_name(const struct ledger *ledger, const struct unit_tree *units,
	const struct scope_figures *scope, day_t as_of)
{
	const struct unit_fact *unit = unit_tree_row(units, scope->scope, as_of);
	const struct facts *facts = ledger->facts;

	for (size_t i = facts->units.count; !unit && i-- > 0;)
		if (strcmp(facts->units.items[i].unit_code, scope->scope) == 0)
			unit = &facts->units.items[i];
	return unit ? unit->name : "";
}

static void write_row(const struct quota_view *view, const struct scope_figures *scope,
	const char *name, struct json_out *out)
{
	bool district = !*scope->scope;
	struct quota_floor floor = quota_floor_of(view->law, view->figures->fiscal_year, district);
	struct quota_verdict verdict = quota_judge(floor, scope->plan);

	json_text(out, "scope", district ? UNIT_DISTRICT : scope->scope);
	json_text_cut(out, "name", name, JSON_NAME_MAX);
	json_text(out, "rule_id", floor.rule_id);
	json_text(out, "currency", "CNY");
	json_fen(out, "strict_base_fen", scope->plan.strict_base);
	json_fen(out, "adjusted_base_fen", scope->plan.adjusted_base);
	json_fen(out, "sme_fen", scope->plan.sme);
	json_fen(out, "small_micro_fen", scope->plan.small_micro);
	json_text(out, "sme_status", quota_status_name(verdict.sme));
	json_text(out, "small_micro_status", quota_status_name(verdict.small_micro));
	json_fen(out, "sme_gap_fen", verdict.sme_gap);
	write_scope(out, "body", view, scope);
}

static void print_of(const struct buf *row, char ret[PRINT_MAX])
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_Digest(row->data, row->used, digest, NULL, EVP_sha256(), NULL) != 1)
		BUG("no print for a row of %zu bytes", row->used);
	for (int i = 0; i < (PRINT_MAX - 1) / 2; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
}

static bool is_known(const struct quota_rows *rows, const char *scope, const char *print)
{
	uint32_t place = map_get(&rows->places, scope);

	return place != MAP_NONE && strcmp(rows->known[place].print, print) == 0;
}

/* The row, with its print as last member, when it differs from what is on record. */
static void add_row(struct quota_rows *rows, const char *scope)
{
	char print[PRINT_MAX];

	print_of(&rows->row, print);
	sql_array_add_text(&rows->scopes, scope);
	if (is_known(rows, scope, print))
		return;
	buf_add_char(&rows->figures, rows->count++ == 0 ? '[' : ',');
	buf_add(&rows->figures, rows->row.data, rows->row.used - 1); /* without its end */
	buf_format(&rows->figures, ",\"print\":\"%s\"}", print);
}

static int write_one(struct quota_rows *rows, const struct quota_view *view,
	const struct scope_figures *scope, const char *name, struct err *err)
{
	struct json_out out;

	buf_reset(&rows->row);
	json_out_init(&out, &rows->row, NULL, NULL);
	json_object_begin(&out, NULL);
	write_row(view, scope, name, &out);
	json_object_end(&out);
	if (json_finish(&out) < 0 || out.out_of_range)
		return err_set(err, ERR_LIMIT,
			"the quota figures of %d do not fit: an amount past the range",
			view->figures->fiscal_year);
	add_row(rows, *scope->scope ? scope->scope : UNIT_DISTRICT);
	return 0;
}

int quota_rows_write(struct quota_rows *rows, const struct ledger *ledger,
	const struct unit_tree *units, const struct quota_year *year, struct err *err)
{
	const struct year_figures *figures = &year->figures;
	struct quota_view view = { &ledger->law, ledger->facts, figures, &year->outlook };

	for (size_t i = 0; i < rows->known_count; i++)
		map_put(&rows->places, rows->known[i].scope, (uint32_t)i);
	if (write_one(rows, &view, &figures->district, ledger->jurisdiction_name, err) < 0)
		return -1;
	for (size_t i = 0; i < figures->department_count; i++) {
		const struct scope_figures *scope = &figures->departments[i];

		if (write_one(rows, &view, scope, scope_name(ledger, units, scope, figures->as_of),
			    err) < 0)
			return -1;
	}
	buf_add_text(&rows->figures, rows->count == 0 ? "[]" : "]");
	if (rows->figures.failed || !sql_array_text(&rows->scopes))
		return err_set(err, ERR_LIMIT,
			"the quota figures of %d do not fit: too many scopes",
			figures->fiscal_year);
	return 0;
}

const char *quota_rows_figures(const struct quota_rows *rows)
{
	return rows->figures.data;
}

const char *quota_rows_scopes(struct quota_rows *rows)
{
	return sql_array_text(&rows->scopes);
}
