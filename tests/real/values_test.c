/* The readers of single values over published lists. Skipped when the files are not at hand. */
#include <string.h>

#include <criterion/criterion.h>
#include <jansson.h>

#include "collectors/frame_csv.h"
#include "collectors/value_money.h"
#include "core/uscc.h"

static FILE *open_real(const char *name)
{
	const char *base = getenv("SETASIDE_REAL_DATA");
	char path[512];

	if (base)
		snprintf(path, sizeof(path), "%s/%s", base, name);
	else
		snprintf(
			path, sizeof(path), "%s/../shared/data/real/%s", SETASIDE_SOURCE_DIR, name);
	return fopen(path, "rb");
}

struct codes {
	int rows, right;
	char wrong[128];
};

static int on_company(void *arg, const struct frame_row *row, struct err *err)
{
	struct codes *codes = arg;
	struct uscc code;

	(void)err;
	uscc_read(row->cell[1].text, row->cell[1].length, &code);
	codes->rows++;
	codes->right += code.reason == USCC_OK;
	if (code.reason != USCC_OK) {
		size_t used = strlen(codes->wrong);
		snprintf(codes->wrong + used, sizeof(codes->wrong) - used, "%s %s;", code.text,
			uscc_reason_name(code.reason));
	}
	return 0;
}

Test(real_values, two_codes_of_a_published_list_are_wrong)
{
	static const struct frame_handler handler = { .row = on_company };
	FILE *file = open_real("cn/shaanxi-tech-sme-list-part1.csv");
	struct codes codes = { .rows = 0 };
	struct err err = ERR_INIT;
	char bytes[8192];
	size_t count;

	if (!file)
		cr_skip_test("skipped: the published files are not at hand");
	struct frame_csv *csv =
		frame_csv_new(&(struct frame_csv_options){ .delimiter = ',' }, &handler, &codes);
	while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0)
		cr_assert_eq(frame_csv_feed(csv, bytes, count, &err), 0, "%s", err.text);
	cr_assert_eq(frame_csv_finish(csv, &err), 0, "%s", err.text);
	frame_csv_free(csv);
	fclose(file);
	cr_expect_eq(codes.rows, 2191);
	cr_expect_eq(codes.right, 2189);
	cr_expect_str_eq(
		codes.wrong, "91610131MAB0G81583 outer-check;91610626MA6YE599XI alphabet;");
}

Test(real_values, notice_budgets_are_read_with_the_unit_of_each_cell)
{
	static const struct value_money_rule rule = { .column_unit = VALUE_UNIT_NONE };
	FILE *file = open_real("cn/tower-notices.json");
	size_t at, given = 0, not_stated = 0;
	fen_t sum = 0;
	json_t *notice;

	if (!file)
		cr_skip_test("skipped: the published files are not at hand");
	json_t *root = json_loadf(file, 0, NULL);
	fclose(file);
	cr_assert_not_null(root);
	json_array_foreach(json_object_get(root, "notices"), at, notice)
	{
		const char *text = json_string_value(json_object_get(notice, "budget"));
		struct value_money value;
		cr_assert_not_null(text);
		value_money_read(text, strlen(text), &rule, &value);
		cr_expect_neq(value.state, VALUE_REFUSED, "%s: %s", text, value.code);
		given += value.state == VALUE_GIVEN;
		not_stated += strcmp(value.code, "not-stated") == 0;
		if (value.state == VALUE_GIVEN)
			cr_assert(money_add(sum, value.fen, &sum));
	}
	json_decref(root);
	cr_expect_eq(given, 478);
	cr_expect_eq(not_stated, 68);
	cr_expect_eq(sum, 180316061669, "%lld", (long long)sum);
}
