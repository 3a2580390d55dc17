#include "checks/size.h"

#include "checks/words.h"
#include "lib/facts_csv.h"
#include "lib/golden.h"

#include <criterion/criterion.h>
#include <string.h>

static void flags_text(unsigned flags, char *room, size_t size)
{
	static const char *const names[] = { "missing-indicator", "uncovered-industry",
		"negative-revenue", "negative-assets" };

	room[0] = 0;
	for (int bit = 0; bit < 4; bit++) {
		size_t used = strlen(room);

		if (flags & 1u << bit)
			snprintf(room + used, size - used, "%s%s", used ? ";" : "", names[bit]);
	}
}

Test(size, every_golden_row)
{
	struct law_csv *csv = law_csv_read();
	struct golden *golden = golden_open("size_class.csv");

	cr_assert_gt(golden_rows(golden), 300);
	for (size_t i = 0; i < golden_rows(golden); i++) {
		const char *id = golden_cell(golden, i, "case_id");
		struct size_verdict size = size_compute(csv->law.sizes,
			golden_cell(golden, i, "industry_code"), cell_int(golden, i, "employees"),
			cell_yuan(golden, i, "revenue_yuan"), cell_yuan(golden, i, "assets_yuan"));
		char flags[128];

		flags_text(size.flags, flags, sizeof(flags));
		cr_expect_str_eq(words_of_size_class(size.class),
			golden_cell(golden, i, "expected_class"), "%s", id);
		cr_expect_str_eq(words_of_size_class(size.upper),
			golden_cell(golden, i, "expected_upper_class"), "%s", id);
		cr_expect_str_eq(flags, golden_cell(golden, i, "expected_flags"), "%s", id);
	}
	golden_free(golden);
	law_csv_free(csv);
}

Test(size, at_most_medium_is_surely_sme_but_not_surely_small)
{
	struct size_verdict size = size_of_class(SIZE_SME);

	cr_expect(size_is_sme(size));
	cr_expect_not(size_is_small_micro(size));
	cr_expect_not(size_is_large(size));
	cr_expect_not(size_is_sme(size_of_class(SIZE_BLANK)));
}

Test(size, declaration_goes_before_register_and_register_before_figures)
{
	struct law_csv *csv = law_csv_read();
	struct supplier_fact supplier = { .industry_code = "other-unlisted",
		.employees = 300,
		.revenue_fen = NUMBER_NONE,
		.assets_fen = NUMBER_NONE,
		.size_class = SIZE_SMALL };

	cr_expect_eq(
		size_at_declaration(csv->law.sizes, SIZE_MEDIUM, &supplier).class, SIZE_MEDIUM);
	cr_expect_eq(size_at_declaration(csv->law.sizes, SIZE_BLANK, &supplier).class, SIZE_SMALL);
	supplier.size_class = SIZE_BLANK;
	cr_expect_eq(size_at_declaration(csv->law.sizes, SIZE_BLANK, &supplier).class, SIZE_LARGE);
	cr_expect_eq(size_at_declaration(csv->law.sizes, SIZE_BLANK, NULL).class, SIZE_UNKNOWN);
	law_csv_free(csv);
}

Test(size, unknown_indicator_is_refused)
{
	struct size_standard *standard = size_standard_new();
	struct err err = ERR_INIT;

	cr_expect_eq(size_standard_add(standard, SIZE_STANDARD_VERDICT, "industry", "B;C;D",
			     "turnover", 1, 2, 3, &err),
		-1);
	cr_expect_eq(err.code, ERR_DATA);
	size_standard_free(standard);
}

/* Construction (section E, 47 to 50) goes by revenue and assets alone, industry (B, C, D) by employees and revenue. */
static struct size_verdict class_of(const struct law_csv *csv, const char *industry)
{
	return size_compute(csv->law.sizes, industry, 12000, 299999900, 299999900);
}

Test(size, g61_the_longest_listed_prefix_decides_else_the_section_of_the_division)
{
	struct law_csv *csv = law_csv_read();

	cr_expect_eq(class_of(csv, "E4710").class, SIZE_MICRO);
	cr_expect_eq(class_of(csv, "4710").class, class_of(csv, "E4710").class,
		"with or without letter");
	cr_expect_eq(
		class_of(csv, "3911").class, class_of(csv, "C39").class, "a division of section C");
	cr_expect(class_of(csv, "59").flags & SIZE_FLAG_UNCOVERED, "59 alone decides nothing");
	cr_expect_not(class_of(csv, "591").flags & SIZE_FLAG_UNCOVERED, "transport");
	cr_expect_not(class_of(csv, "592").flags & SIZE_FLAG_UNCOVERED, "warehousing");
	cr_expect(
		class_of(csv, "6620").flags & SIZE_FLAG_UNCOVERED, "finance has its own standard");
	law_csv_free(csv);
}

Test(size, z4_verdicts_go_by_the_standard_of_2011_whatever_a_later_one_says)
{
	struct law_csv *csv = law_csv_read();
	struct size_standard *sizes = size_standard_new();
	struct err err = ERR_INIT;

	cr_assert_eq(size_standard_add(sizes, SIZE_STANDARD_VERDICT, "X", "", "employees", 20, 300,
			     1000, &err),
		0, "%s", err.text);
	cr_assert_eq(size_standard_add(
			     sizes, "CN-SME-2031", "X", "", "employees", 200, 3000, 10000, &err),
		0, "%s", err.text);
	cr_expect_eq(size_compute(sizes, "X", 300, NUMBER_NONE, NUMBER_NONE).class, SIZE_MEDIUM);
	size_standard_free(sizes);
	law_csv_free(csv);
}
