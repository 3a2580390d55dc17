#include "collectors/fingerprint.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "collectors/occurrence.h"

static struct fingerprint *prints;
static struct err err;

static void setup(void)
{
	prints = fingerprint_new((const uint8_t *)"0123456789abcdef0123456789abcdef", 32);
	err = (struct err)ERR_INIT;
}

static void teardown(void)
{
	fingerprint_free(prints);
}

TestSuite(fingerprint, .init = setup, .fini = teardown);

/* A row of nothing: all numbers null, all texts empty. */
static struct kind_row empty_row(const char *kind)
{
	struct kind_row row = { .kind = kind_find(kind) };

	for (int i = 0; i < row.kind->count; i++)
		row.value[i] = (struct kind_value){ .null = true, .day = DAY_NONE, .text = "" };
	return row;
}

static void set_text(struct kind_row *row, const char *column, const char *text)
{
	struct kind_value *value = &row->value[kind_column_find(row->kind, column)];

	value->text = text;
	value->length = strlen(text);
}

static struct kind_hash key_of(const struct kind_row *row)
{
	struct kind_hash key, print;

	cr_assert_eq(fingerprint_row(prints, row, &key, &print, &err), 0);
	return key;
}

static struct kind_hash print_of(const struct kind_row *row)
{
	struct kind_hash key, print;

	cr_assert_eq(fingerprint_row(prints, row, &key, &print, &err), 0);
	return print;
}

static bool same(struct kind_hash a, struct kind_hash b)
{
	return memcmp(a.byte, b.byte, sizeof(a.byte)) == 0;
}

Test(fingerprint, key_covers_key_columns_only)
{
	struct kind_row row = empty_row("payment");
	set_text(&row, "voucher_no", "ZF1");
	struct kind_hash key = key_of(&row);
	struct kind_hash print = print_of(&row);

	set_text(&row, "payee_name", "甲公司");
	cr_assert(same(key, key_of(&row)));
	cr_assert_not(same(print, print_of(&row)));
	set_text(&row, "voucher_no", "ZF2");
	cr_assert_not(same(key, key_of(&row)));
}

Test(fingerprint, text_cannot_move_between_columns)
{
	struct kind_row a = empty_row("budget_item");
	struct kind_row b = empty_row("budget_item");

	set_text(&a, "unit_code", "0010");
	set_text(&a, "project_code", "01");
	set_text(&b, "unit_code", "001");
	set_text(&b, "project_code", "001");
	cr_assert_not(same(key_of(&a), key_of(&b)));
	cr_assert_not(same(print_of(&a), print_of(&b)));
}

Test(fingerprint, null_is_not_zero_and_extra_and_kind_count)
{
	struct kind_row a = empty_row("amendment");
	struct kind_row b = empty_row("amendment");
	int amount = kind_column_find(a.kind, "amount_change_fen");

	b.value[amount].null = false;
	cr_assert_not(same(print_of(&a), print_of(&b)));
	b = a;
	b.extra = "{\"x\":\"1\"}";
	cr_assert_not(same(print_of(&a), print_of(&b)));
	cr_assert(same(key_of(&a), key_of(&b)));

	struct kind_row award = empty_row("award");
	struct kind_row notice = empty_row("notice");
	cr_assert_not(same(key_of(&award), key_of(&notice)));
}

Test(fingerprint, place_does_not_count_but_the_secret_does)
{
	struct kind_row row = empty_row("payment");
	struct kind_hash before = print_of(&row);

	row.place = 77;
	cr_assert(same(before, print_of(&row)));
	fingerprint_free(prints);
	prints = fingerprint_new((const uint8_t *)"1123456789abcdef0123456789abcdef", 32);
	cr_assert_not(same(before, print_of(&row)));
}

Test(fingerprint, occurrence_can_be_left_out_of_the_key)
{
	struct kind_row row = empty_row("budget_item");
	struct kind_value *occurrence = &row.value[kind_column_find(row.kind, "occurrence")];
	struct kind_hash bare, again;

	*occurrence = (struct kind_value){ .number = 1 };
	struct kind_hash first = key_of(&row);
	cr_assert_eq(fingerprint_key(prints, &row, true, &bare, &err), 0);
	occurrence->number = 2;
	cr_assert_not(same(first, key_of(&row)));
	cr_assert_eq(fingerprint_key(prints, &row, true, &again, &err), 0);
	cr_assert(same(bare, again));
}

Test(fingerprint, a_row_beyond_the_ceiling_is_an_error)
{
	struct kind_row row = empty_row("payment");
	struct kind_hash key;
	struct kind_value *name = &row.value[kind_column_find(row.kind, "payee_name")];

	name->length = FINGERPRINT_ROW_MAX; /* never read: the size is looked at first */
	cr_assert_eq(fingerprint_key(prints, &row, false, &key, &err), -1);
	cr_assert_eq(err.code, ERR_LIMIT);
}

Test(occurrence, counts_each_key_by_itself_through_growth)
{
	struct occurrence *occurrence = occurrence_new(10000);
	struct err fault = ERR_INIT;
	int64_t number;

	for (int round = 1; round <= 3; round++) {
		for (uint32_t i = 0; i < 5000; i++) {
			struct kind_hash key = { { 0 } };
			uint32_t spread = i * 2654435761u;
			memcpy(key.byte, &spread, sizeof(spread));
			memcpy(key.byte + 12, &i, sizeof(i));
			cr_assert_eq(occurrence_next(occurrence, &key, &number, &fault), 0);
			cr_assert_eq(number, round);
		}
	}
	occurrence_reset(occurrence);
	struct kind_hash key = { { 0 } };
	cr_assert_eq(occurrence_next(occurrence, &key, &number, &fault), 0);
	cr_assert_eq(number, 1);
	occurrence_free(occurrence);
}

Test(occurrence, has_a_ceiling)
{
	struct occurrence *occurrence = occurrence_new(2);
	struct err fault = ERR_INIT;
	int64_t number;

	for (uint8_t i = 0; i < 2; i++) {
		struct kind_hash key = { { i } };
		cr_assert_eq(occurrence_next(occurrence, &key, &number, &fault), 0);
	}
	struct kind_hash known = { { 1 } };
	cr_assert_eq(occurrence_next(occurrence, &known, &number, &fault), 0);
	cr_assert_eq(number, 2);
	struct kind_hash third = { { 2 } };
	cr_assert_eq(occurrence_next(occurrence, &third, &number, &fault), -1);
	cr_assert_eq(fault.code, ERR_LIMIT);
	occurrence_free(occurrence);
}
