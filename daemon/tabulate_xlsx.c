#include "daemon/tabulate_xlsx.h"

#include <xlsxwriter.h>

#define EXACT_MAX (INT64_C(1) << 53)
enum { SHEET_ROWS_MAX = 1048576, WIDTH = 18, CELL_BYTES_MAX = 32767 };

/* A sheet has only binary fractions: shown at two decimals they are the fen, up to 2^53 of them; a larger sum is a text.
 * Nothing is computed from them here. */
static void put(lxw_worksheet *sheet, lxw_row_t at, lxw_col_t column, const struct tab_column *of,
	const json_t *row, lxw_format *money)
{
	const json_t *value = tab_member(row, of->member);
	int64_t number = json_is_integer(value) ? json_integer_value(value) : 0;
	bool exact = json_is_integer(value) && number < EXACT_MAX && number > -EXACT_MAX;
	char room[TAB_CELL_MAX];

	if (exact && of->type == TAB_FEN) {
		worksheet_write_number(sheet, at, column, (double)number / 100, money);
	} else if (exact && of->type != TAB_SHARE) {
		worksheet_write_number(sheet, at, column, (double)number, NULL);
	} else if (json_is_string(value) && of->type == TAB_TEXT &&
		   json_string_length(value) <= CELL_BYTES_MAX) {
		worksheet_write_string(sheet, at, column, json_string_value(value), NULL);
	} else {
		tab_cell(of, row, true, room);
		worksheet_write_string(sheet, at, column, room, NULL);
	}
}

static int check(const struct tab_part *parts, struct err *err)
{
	for (; parts->caption; parts++)
		if (json_array_size(parts->rows) >= SHEET_ROWS_MAX)
			return err_set(err, ERR_LIMIT, "a sheet holds at most %d rows",
				SHEET_ROWS_MAX - 1);
	return 0;
}

static void put_sheet(lxw_workbook *book, const struct tab_part *part, lxw_format *money)
{
	lxw_worksheet *sheet = workbook_add_worksheet(book, *part->caption ? part->caption : NULL);
	size_t index;
	json_t *row;

	worksheet_set_column(sheet, 0, (lxw_col_t)(part->count - 1), WIDTH, NULL);
	worksheet_freeze_panes(sheet, 1, 0);
	for (int i = 0; i < part->count; i++)
		worksheet_write_string(sheet, 0, (lxw_col_t)i, part->columns[i].title, NULL);
	json_array_foreach(part->rows, index, row)
	{
		for (int i = 0; i < part->count; i++)
			put(sheet, (lxw_row_t)index + 1, (lxw_col_t)i, &part->columns[i], row,
				money);
	}
}

int tab_write_xlsx_parts(const char *path, const struct tab_part *parts, struct err *err)
{
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	lxw_workbook *book;
	lxw_format *money;
	lxw_error failed;

	if (check(parts, err) < 0)
		return -1;
	book = workbook_new_opt(path, &options);
	if (!book)
		return err_set(err, ERR_IO, "%s cannot be written", path);
	money = workbook_add_format(book);
	format_set_num_format(money, "#,##0.00");
	for (; parts->caption; parts++)
		put_sheet(book, parts, money);
	failed = workbook_close(book);
	return failed ? err_set(err, ERR_IO, "%s: %s", path, lxw_strerror(failed)) : 0;
}

int tab_write_xlsx(const char *path, const struct tab_column *columns, int count,
	const json_t *rows, struct err *err)
{
	const struct tab_part parts[] = { { "", columns, count, rows }, { .caption = NULL } };

	return tab_write_xlsx_parts(path, parts, err);
}
