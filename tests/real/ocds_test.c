/* The OCDS samples that publishers ship, with the counts and sums that were established for them. */
#include <criterion/criterion.h>

#include "collectors/frame_json.h"
#include "collectors/ocds.h"
#include "collectors/ocds_release.h"
#include "collectors/source_config.h"
#include "core/mem.h"
#include "lib/rows.h"

static struct source_config config = {
	.name = (char *)"test", .next = (char *)"", .encoding = (char *)""
};

/* Everything every release says, before the newest is chosen. */
struct said {
	struct ocds_release *release;
	int count[KIND_COUNT];
	int64_t sum[KIND_COUNT];
	int amounts[KIND_COUNT], refused, parties;
};

static int said_group(void *arg, const char *name, int64_t instant, struct err *err)
{
	(void)arg, (void)name, (void)instant, (void)err;
	return 1;
}

static int said_row(void *arg, const struct kind_row *row, struct err *err)
{
	struct said *said = arg;
	int kind = kind_number(row->kind);

	(void)err;
	said->count[kind]++;
	for (int i = 0; i < row->kind->count; i++)
		if (row->kind->columns[i].type == KIND_FEN && !row->value[i].null) {
			said->sum[kind] += row->value[i].number;
			said->amounts[kind]++;
		}
	return 0;
}

static int said_refused(void *arg, const struct reader_refusal *refusal, struct err *err)
{
	(void)err;
	((struct said *)arg)->refused++;
	printf("refused: %s %s %s\n", refusal->field, refusal->value, refusal->code);
	return 0;
}

static int said_record(void *arg, const struct json_record *record, struct err *err)
{
	struct said *said = arg;
	const struct json_node *parties = json_get(record->root, "parties");

	said->parties += parties ? parties->count : 0;
	return ocds_release_read(said->release, record->root, record->offset, err);
}

static const char *const paths[] = { "releases", "records", NULL };

static bool say_all(struct said *said, const char *name)
{
	struct frame_json_options options = { .paths = paths };
	struct ocds_sink sink = {
		.group = said_group, .row = said_row, .refused = said_refused, .arg = said
	};
	size_t length = 0;
	char *bytes = rows_real(name, &length);

	if (!bytes) {
		printf("skipped: no real data (%s)\n", name);
		return false;
	}
	*said = (struct said){ .release = ocds_release_new(&sink) };
	struct frame_json *frame = frame_json_new(&options, said_record, said);
	struct err err = ERR_INIT;
	cr_assert_eq(frame_json_feed(frame, bytes, length, &err), 0, "%s", err.text);
	cr_assert_eq(frame_json_finish(frame, &err), 0, "%s", err.text);
	frame_json_free(frame);
	ocds_release_free(said->release);
	free(bytes);
	return true;
}

static int at(const char *kind)
{
	return kind_number(kind_find(kind));
}

static bool read_file(struct rows *rows, const char *name)
{
	struct err err = ERR_INIT;
	size_t length = 0;
	char *bytes = rows_real(name, &length);

	if (!bytes) {
		printf("skipped: no real data (%s)\n", name);
		return false;
	}
	rows_init(rows);
	cr_assert_eq(rows_read(rows, &ocds_reader, &config, bytes, length, 65536, &err), 0, "%s",
		err.text);
	free(bytes);
	return true;
}

Test(real_ocds, uk_page_says_what_was_counted)
{
	struct said said;

	if (!say_all(&said, "ocds/uk-contracts-finder-page.json"))
		return;
	cr_expect_eq(said.refused, 0);
	cr_expect_eq(said.count[at("notice")], 100);
	cr_expect_eq(said.amounts[at("notice")], 76);
	cr_expect_eq(said.sum[at("notice")], 139029359754);
	cr_expect_eq(said.count[at("award")], 59);
	cr_expect_eq(said.sum[at("award")], 12200269340);
	cr_expect_eq(said.parties, 172);
	cr_expect_eq(said.count[at("unit")], 100);
	cr_expect_eq(said.count[at("supplier")], 72);
}

Test(real_ocds, uk_lines_say_it_with_one_repeat)
{
	struct said said;

	if (!say_all(&said, "ocds/uk-contracts-finder-releases.jsonl"))
		return;
	cr_expect_eq(said.count[at("notice")], 101);
	cr_expect_eq(said.sum[at("notice")], 139066562954);
	cr_expect_eq(said.count[at("award")], 60);
	cr_expect_eq(said.sum[at("award")], 12209570040);
}

/* Two awards stand in two releases each; the ledger holds an award once, as its newest release has it. */
Test(real_ocds, uk_page_and_lines_give_the_same_ledger_rows)
{
	struct rows page, lines;

	if (!read_file(&page, "ocds/uk-contracts-finder-page.json") ||
		!read_file(&lines, "ocds/uk-contracts-finder-releases.jsonl"))
		return;
	cr_expect_eq(page.refused + lines.refused, 0);
	cr_expect_eq(rows_of(&page, "award"), 57);
	cr_expect_eq(rows_sum(&page, "award"), 12186925640);
	cr_expect_eq(rows_of(&page, "party"), 70);
	cr_expect_eq(rows_of(&page, "unit"), 75);
	cr_expect_eq(rows_of(&page, "supplier"), 70);
	cr_expect_eq(rows_of(&page, "notice"), 100);
	cr_expect_eq(rows_sum(&page, "notice"), 139029359754);
	cr_expect_eq(page.skipped, 2);
	cr_expect_eq(lines.skipped, 4, "the repeated release: its notice and its award");
	for (int i = 0; i < KIND_COUNT; i++) {
		cr_expect_eq(lines.count[i], page.count[i], "%s", kind_table[i]->name);
		cr_expect_eq(lines.sum[i], page.sum[i], "%s", kind_table[i]->name);
	}
	rows_free(&page);
	rows_free(&lines);
}

Test(real_ocds, the_empty_page_is_no_fault)
{
	struct rows rows;

	if (!read_file(&rows, "ocds/uk-contracts-finder-page-empty.json"))
		return;
	cr_expect_str_empty(rows.text.data);
	rows_free(&rows);
}

Test(real_ocds, colombia_wraps_numbers_and_keeps_every_digit)
{
	struct rows rows;

	if (!read_file(&rows, "ocds/colombia-compra-page.json"))
		return;
	cr_expect_eq(rows.refused, 0, "%s", rows.text.data);
	cr_expect_eq(rows_of(&rows, "award"), 100);
	cr_expect_eq(rows_sum(&rows, "award"), 4871828657900);
	cr_expect_eq(rows_of(&rows, "contract"), 100);
	cr_expect_eq(rows_sum(&rows, "contract"), 4871828657900);
	rows_free(&rows);
}

Test(real_ocds, mexico_keeps_currencies_apart_and_counts_the_compiled_release_once)
{
	struct rows rows;

	if (!read_file(&rows, "ocds/mexico-city-finanzas-records.json"))
		return;
	cr_expect_eq(rows_of(&rows, "contract"), 2);
	cr_expect_eq(rows_of(&rows, "payment"), 12);
	cr_expect_eq(rows_sum(&rows, "payment"), 131126400 + 7546496);
	cr_expect(strstr(rows.text.data, "amount_fen=7546496 currency=USD"), "%s", rows.text.data);
	cr_expect(strstr(rows.text.data, "amount_fen=131126400 currency=MXN"));
	rows_free(&rows);
}

Test(real_ocds, mexico_in_latin_1_needs_its_encoding_configured)
{
	struct rows rows;

	config.encoding = (char *)"ISO-8859-1";
	if (!read_file(&rows, "ocds/mexico-city-finanzas-release-iso8859-1.json"))
		return;
	cr_expect_eq(rows_of(&rows, "contract"), 1);
	cr_expect_eq(rows_sum(&rows, "contract"), 19381735);
	cr_expect_eq(rows_of(&rows, "payment"), 4);
	cr_expect_eq(rows_sum(&rows, "payment"), 19381735);
	cr_expect_eq(rows_sum(&rows, "notice"), 58145217);
	rows_free(&rows);
}

Test(real_ocds, paraguay_has_old_names_and_linked_releases)
{
	struct rows rows;

	if (!read_file(&rows, "ocds/paraguay-dncp-contract-1_0-transaction.json"))
		return;
	cr_expect_eq(rows_sum(&rows, "contract"), 1787500000);
	cr_expect_eq(rows_sum(&rows, "payment"), 237250900);
	rows_free(&rows);
	if (!read_file(&rows, "ocds/paraguay-dncp-record-155220.json"))
		return;
	cr_expect_eq(rows_sum(&rows, "award"), 62695330000);
	cr_expect_eq(rows_sum(&rows, "contract"), 62695328400);
	cr_expect_eq(rows_of(&rows, "contract"), 7);
	rows_free(&rows);
}

Test(real_ocds, the_standards_milestones_become_obligations_and_deliveries)
{
	struct rows rows;

	if (!read_file(&rows, "ocds/standard-payment-milestones-example.json"))
		return;
	cr_expect_eq(rows_sum(&rows, "contract"), 23086500);
	cr_expect_eq(rows_of(&rows, "obligation"), 2);
	cr_expect_eq(rows_sum(&rows, "obligation"), 11695500);
	cr_expect_eq(rows_sum(&rows, "payment"), 7695500);
	cr_expect(strstr(rows.text.data, "happened_on=2018-10-05"), "%s", rows.text.data);
	rows_free(&rows);
}

Test(real_ocds, a_web_page_is_refused_before_any_row)
{
	struct rows rows;
	struct err err = ERR_INIT;
	size_t length = 0;
	char *bytes = rows_real("feeds/failure-html-page-saved-as-csv.csv", &length);

	if (!bytes) {
		printf("skipped: no real data\n");
		return;
	}
	rows_init(&rows);
	cr_expect_lt(rows_read(&rows, &ocds_reader, &config, bytes, length, 100, &err), 0);
	cr_expect(strstr(err.text, "not-json"), "%s", err.text);
	cr_expect_str_empty(rows.text.data);
	rows_free(&rows);
	free(bytes);
}
