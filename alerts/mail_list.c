#include "alerts/mail_list.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "alerts/clean.h"
#include "alerts/wording_table.h"

enum { CELL_BYTES_MAX = 4000, LINES_ABOVE = 4, WIDE = 28, NARROW = 14 };

struct writer {
	const struct payload *p;
	const struct wording_set *w;
	const struct wording_options *options;
	const char *ref;
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *head, *money, *day;
	lxw_row_t row;
	lxw_col_t column;
};

/* Cells ---------------------------------------------------------------------------------------- */

static void put_text(struct writer *wr, const char *text, lxw_format *format)
{
	char room[CELL_BYTES_MAX];

	clean_line(text, strlen(text), room, sizeof(room));
	worksheet_write_string(wr->sheet, wr->row, wr->column++, room, format);
}

static void put_number(struct writer *wr, int64_t number)
{
	worksheet_write_number(wr->sheet, wr->row, wr->column++, (double)number, NULL);
}

/* A sheet has only binary fractions: shown at two decimals they are the fen up to 2^53. The figure itself is in the text
 * of the message; nothing is computed from this one. */
static void put_money(struct writer *wr, fen_t amount)
{
	char text[MONEY_TEXT_MAX];

	if (amount < (INT64_C(1) << 53) && amount > -(INT64_C(1) << 53))
		worksheet_write_number(
			wr->sheet, wr->row, wr->column++, (double)amount / 100, wr->money);
	else
		put_text(wr, money_text_grouped(amount, text), NULL);
}

static void put_day(struct writer *wr, day_t day)
{
	lxw_datetime date = { .hour = 0 };

	if (day != DAY_NONE) {
		day_to_civil(day, &date.year, &date.month, &date.day);
		worksheet_write_datetime(wr->sheet, wr->row, wr->column, &date, wr->day);
	}
	wr->column++;
}

static void next_row(struct writer *wr)
{
	wr->row++;
	wr->column = 0;
}

/* Sheets --------------------------------------------------------------------------------------- */

static void put_line(struct writer *wr, const char *text)
{
	put_text(wr, text, NULL);
	next_row(wr);
}

static void write_above(struct writer *wr)
{
	char day[DAY_TEXT_MAX];
	char line[400];

	snprintf(line, sizeof(line), wr->w->ref_line, wr->ref);
	put_line(wr, line);
	snprintf(line, sizeof(line), wr->w->rests_on, day_text(wr->p->as_of, day));
	put_line(wr, line);
	put_line(wr, wr->w->disclaimer);
	put_line(wr, wr->p->demonstration ? wr->w->demonstration_line : "");
}

static void begin_sheet(struct writer *wr, int which, const char *const *columns, int count)
{
	wr->sheet = workbook_add_worksheet(wr->book, wr->w->list_sheet[which]);
	wr->row = 0;
	wr->column = 0;
	write_above(wr);
	for (int i = 0; i < count; i++)
		put_text(wr, columns[i], wr->head);
	worksheet_set_column(wr->sheet, 0, 0, NARROW, NULL);
	worksheet_set_column(wr->sheet, 1, (lxw_col_t)(count - 1), WIDE, NULL);
	worksheet_freeze_panes(wr->sheet, LINES_ABOVE + 1, 0);
	next_row(wr);
}

static void end_sheet(struct writer *wr, int count)
{
	worksheet_autofilter(wr->sheet, LINES_ABOVE, 0, wr->row - 1, (lxw_col_t)(count - 1));
}

static void write_arrears_row(struct writer *wr, const struct payload_arrears_row *row)
{
	struct buf state;

	put_number(wr, wr->row - LINES_ABOVE);
	put_text(wr, row->contract_no, NULL);
	put_text(wr, row->obligation_no, NULL);
	put_text(wr, row->supplier_name, NULL);
	put_day(wr, row->due_on);
	put_number(wr, row->overdue_days);
	put_money(wr, row->overdue_fen);
	buf_init(&state, 512);
	wording_row_state(wr->options->language, wr->p, row, &state);
	put_text(wr, state.data, NULL);
	buf_free(&state);
	if (wr->options->interest && row->has_interest)
		put_money(wr, row->interest_fen);
	next_row(wr);
}

static void write_arrears(struct writer *wr)
{
	const char *columns[9];
	int count = wr->options->interest ? 9 : 8;

	memcpy(columns, wr->w->column, sizeof(wr->w->column));
	columns[8] = wr->w->interest_column;
	begin_sheet(wr, 0, columns, count);
	for (int i = 0; i < wr->p->row_count; i++)
		write_arrears_row(wr, &wr->p->rows[i]);
	end_sheet(wr, count);
}

static void write_due(struct writer *wr)
{
	begin_sheet(wr, 1, wr->w->list_due, 6);
	for (int i = 0; i < wr->p->due_count; i++) {
		const struct payload_due_row *row = &wr->p->due_rows[i];

		put_number(wr, wr->row - LINES_ABOVE);
		put_text(wr, row->contract_no, NULL);
		put_text(wr, row->obligation_no, NULL);
		put_text(wr, row->supplier_name, NULL);
		put_day(wr, row->due_on);
		put_money(wr, row->amount_fen);
		next_row(wr);
	}
	end_sheet(wr, 6);
}

static void write_items(struct writer *wr)
{
	begin_sheet(wr, 2, wr->w->list_item, 8);
	for (int i = 0; i < wr->p->item_count; i++) {
		const struct payload_item *item = &wr->p->items[i];
		bool due = item->rows_total == 0 && item->due_total > 0;

		put_number(wr, wr->row - LINES_ABOVE);
		put_text(wr, item->unit_name, NULL);
		put_text(wr, item->unit_code, NULL);
		put_text(wr, wording_item_title(wr->options->language, item), NULL);
		put_text(wr, wr->w->happened[item->event], NULL);
		put_number(wr, due ? item->due_total : item->rows_total);
		put_money(wr, due ? item->due_fen : item->amount_fen);
		put_text(wr, item->ref, NULL);
		next_row(wr);
	}
	end_sheet(wr, 8);
}

/* The workbook --------------------------------------------------------------------------------- */

int mail_list_rows(const struct payload *payload)
{
	return payload->row_count + payload->due_count + payload->item_count;
}

static void set_properties(struct writer *wr, int64_t made_at)
{
	lxw_doc_properties properties = { .title = (char *)(uintptr_t)wr->ref,
		.created = (time_t)made_at };

	workbook_set_properties(wr->book, &properties);
	wr->head = workbook_add_format(wr->book);
	format_set_bold(wr->head);
	wr->money = workbook_add_format(wr->book);
	format_set_num_format(wr->money, "#,##0.00");
	wr->day = workbook_add_format(wr->book);
	format_set_num_format(wr->day, "yyyy-mm-dd");
}

static int build(struct writer *wr, const char *path, int64_t made_at, struct err *err)
{
	lxw_error failed;

	wr->book = workbook_new(path);
	if (!wr->book)
		return err_set(err, ERR_IO, "the list of %s cannot be made", wr->ref);
	set_properties(wr, made_at);
	if (wr->p->row_count > 0)
		write_arrears(wr);
	if (wr->p->due_count > 0)
		write_due(wr);
	if (wr->p->item_count > 0)
		write_items(wr);
	failed = workbook_close(wr->book);
	if (failed)
		return err_set(err, ERR_IO, "the list of %s cannot be made: %s", wr->ref,
			lxw_strerror(failed));
	return 0;
}

static int read_all(int fd, struct buf *out, struct err *err)
{
	char room[16384];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(fd, room, sizeof(room), at)) > 0) {
		if (buf_add(out, room, (size_t)got) < 0)
			return err_set(
				err, ERR_LIMIT, "a list is larger than %zu bytes", out->ceiling);
		at += got;
	}
	return got < 0 ? err_set(err, ERR_IO, "a list cannot be read back: %m") : 0;
}

/* The library writes to a path: that of a file which exists in memory alone. */
int mail_list_write(const struct payload *payload, const char *ref, int64_t made_at,
	const struct wording_options *options, struct buf *out, struct err *err)
{
	struct writer wr = {
		.p = payload, .w = &wording_table[options->language], .options = options, .ref = ref
	};
	int fd = memfd_create("list", MFD_CLOEXEC);
	char path[64];
	int result;

	if (fd < 0)
		return err_set(err, ERR_IO, "no memory for a list: %m");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	result = build(&wr, path, made_at, err);
	if (result == 0)
		result = read_all(fd, out, err);
	close(fd);
	return result;
}
