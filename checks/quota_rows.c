#include "checks/quota_rows.h"

#include <jansson.h>
#include <stdlib.h>

#include "checks/snapshot.h"
#include "core/mem.h"

enum { MEMBER_BYTES_MAX = 16 << 20 };

static json_t *quota_member(
	const struct ledger *ledger, day_t as_of, int fiscal_year, struct err *err)
{
	struct snapshot_options options = {
		.as_of = as_of,
		.fiscal_year = fiscal_year,
		.members = SNAPSHOT_QUOTA,
	};
	struct buf text = { 0 };
	struct json_out out;
	json_error_t fault;
	json_t *root = NULL, *quota = NULL;
	buf_init(&text, MEMBER_BYTES_MAX);
	json_out_init(&out, &text, NULL, NULL);
	if (snapshot_write(&ledger->law, ledger->facts, &options, &out, err) == 0) {
		root = json_loadb(text.data, text.used, JSON_REJECT_DUPLICATES, &fault);
		if (!root)
			BUG("a snapshot that is not JSON: %s", fault.text);
		quota = json_incref(json_object_get(root, "quota"));
		json_decref(root);
	}
	buf_free(&text);
	return quota;
}

static void set_copy(json_t *row, const char *name, const json_t *from, const char *member)
{
	json_t *value = json_object_get(from, member);
	if (!value)
		BUG("a quota figure without %s", member);
	json_object_set(row, name, value);
}

static json_t *row_of(const char *scope, json_t *body)
{
	static const char *const amounts[] = { "strict_base_fen", "adjusted_base_fen", "sme_fen",
		"small_micro_fen", "sme_status", "small_micro_status", "sme_gap_fen" };
	const json_t *plan = json_object_get(body, "plan");
	const char *name = json_string_value(json_object_get(body, "name"));
	json_t *row = json_object();
	json_object_set_new(row, "scope", json_string(scope));
	json_object_set_new(row, "name", json_string(name ? name : ""));
	json_object_set_new(row, "currency", json_string("CNY"));
	set_copy(row, "rule_id", body, "rule");
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
		set_copy(row, amounts[i], plan, amounts[i]);
	json_object_set(row, "body", body);
	return row;
}

int quota_rows_write(const struct ledger *ledger, day_t as_of, int fiscal_year, struct buf *rows,
	struct err *err)
{
	json_t *quota = quota_member(ledger, as_of, fiscal_year, err);
	json_t *list = json_array(), *body;
	const char *scope;
	char *text;
	int result;
	if (!quota) {
		json_decref(list);
		return -1;
	}
	json_array_append_new(list, row_of("district", json_object_get(quota, "district")));
	json_object_foreach(json_object_get(quota, "departments"), scope, body)
		json_array_append_new(list, row_of(scope, body));
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	json_decref(quota);
	if (!text)
		BUG("no memory for the quota figures");
	result = buf_add_text(rows, text);
	free(text);
	if (result < 0)
		return err_set(
			err, ERR_LIMIT, "quota figures of %d above their ceiling", fiscal_year);
	return 0;
}
