#include "sql/kind.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sql/embed.h"

Test(kind, table_holds_every_kind_once_and_finds_it_by_name)
{
	int count = 0;

	for (; kind_table[count] != NULL; count++) {
		cr_assert_eq(kind_find(kind_table[count]->name), kind_table[count]);
		cr_assert_eq(kind_number(kind_table[count]), count);
		cr_assert_leq(kind_table[count]->count, KIND_COLUMNS_MAX);
	}
	cr_assert_eq(count, KIND_COUNT);
	cr_assert_eq(kind_find("nothing"), NULL);
}

/* Reads "CREATE TABLE name ( ... )" of the schema and copies the column names after the common ones
 * into names. */
static int table_columns(const char *table, char names[KIND_COLUMNS_MAX][64])
{
	char start[96];
	int count = 0;

	snprintf(start, sizeof(start), "\nCREATE TABLE %s (", table);
	const char *at = strstr(sql_migration_0001_ledger, start);
	cr_assert_not_null(at, "no table %s", table);
	at = strstr(at, "extra jsonb,") + strlen("extra jsonb,");
	const char *end = strstr(at, "\n);");
	while (at < end && count < KIND_COLUMNS_MAX) {
		int used = 0;
		if (sscanf(at, " %63[a-z0-9_]%n", names[count], &used) != 1)
			break;
		count++;
		int depth = 0;
		for (at += used; at < end && (*at != ',' || depth > 0); at++)
			depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
		at++;
	}
	return count;
}

Test(kind, columns_are_those_of_the_ledger_table_in_its_order)
{
	for (int i = 0; kind_table[i] != NULL; i++) {
		char names[KIND_COLUMNS_MAX][64];
		int count = table_columns(kind_table[i]->name, names);

		cr_assert_eq(count, kind_table[i]->count, "%s", kind_table[i]->name);
		for (int c = 0; c < count; c++)
			cr_assert_str_eq(names[c], kind_table[i]->columns[c].name, "%s",
				kind_table[i]->name);
	}
}

Test(kind, every_kind_has_a_key_and_words_only_where_the_type_says_so)
{
	for (int i = 0; kind_table[i] != NULL; i++) {
		int keys = 0;

		for (int c = 0; c < kind_table[i]->count; c++) {
			const struct kind_column *column = &kind_table[i]->columns[c];
			keys += (column->flags & KIND_KEY) != 0;
			cr_assert_eq(column->words != NULL, column->type == KIND_WORD, "%s",
				column->name);
			cr_assert_eq(column->csv == NULL, (column->flags & KIND_OCCURRENCE) != 0,
				"%s", column->name);
		}
		cr_assert_gt(keys, 0, "%s", kind_table[i]->name);
	}
}
