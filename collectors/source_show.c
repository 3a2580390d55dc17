/* What a rehearsal tells of single records: what would become what, and what would be refused. */
#include "collectors/source_own.h"

#include <inttypes.h>
#include <string.h>

#include "core/mem.h"
#include "core/text.h"

enum { CELLS_MAX = 64, VALUE_ROOM = 256, CELL_ROOM = 256 };

struct cells {
	int count;
	struct source_shown_cell cell[CELLS_MAX];
	char text[CELLS_MAX][CELL_ROOM];
};

static void add_cell(
	void *arg, const char *header, const struct frame_cell *cell, const char *column)
{
	struct cells *cells = arg;

	if (cells->count == CELLS_MAX || !cell->text || cell->length == 0)
		return;
	char *text = cells->text[cells->count];
	size_t length = text_cut(cell->text, cell->length, CELL_ROOM - 1);
	memcpy(text, cell->text, length);
	text[length] = '\0';
	cells->cell[cells->count++] =
		(struct source_shown_cell){ .header = header, .text = text, .column = column };
}

/* Parts per million as the percent that the profile writes. */
static void share_text(int64_t ppm, char *room, size_t size)
{
	int64_t whole = ppm / 10000, rest = ppm % 10000 < 0 ? -(ppm % 10000) : ppm % 10000;

	snprintf(room, size, "%s%" PRId64 ".%04" PRId64, ppm < 0 && whole == 0 ? "-" : "", whole,
		rest);
}

static int fill_values(
	const struct kind_row *row, struct source_shown_value *value, char room[][VALUE_ROOM])
{
	int count = 0;

	for (int i = 0; i < row->kind->count; i++) {
		const struct kind_column *column = &row->kind->columns[i];
		if (!column->csv)
			continue;
		if (column->type == KIND_PPM && !row->value[i].null)
			share_text(row->value[i].number, room[count], VALUE_ROOM);
		else
			source_value_text(column, &row->value[i], room[count], VALUE_ROOM);
		if (room[count][0] == '\0')
			continue;
		value[count] = (struct source_shown_value){ column->csv, room[count] };
		count++;
	}
	return count;
}

static bool wanted(const struct source_run *run)
{
	return run->options.rehearsal && run->options.show;
}

void source_show_row(struct source_run *run, int file_no, const struct kind_row *row)
{
	struct source_shown_value value[KIND_COLUMNS_MAX];
	char room[KIND_COLUMNS_MAX][VALUE_ROOM];

	if (!wanted(run) || run->shown[kind_number(row->kind)] == SOURCE_SHOW_ROWS)
		return;
	run->shown[kind_number(row->kind)]++;
	struct cells *cells = mem_zero(1, sizeof(*cells));
	if (run->type->cells)
		run->type->cells(run->reader, add_cell, cells);
	struct source_shown shown = { .file = run->files[file_no - 1].name,
		.place = row->place,
		.kind = row->kind,
		.values = fill_values(row, value, room),
		.value = value,
		.cells = cells->count,
		.cell = cells->cell };
	run->options.show(run->options.arg, &shown);
	free(cells);
}

void source_show_remark(
	struct source_run *run, int file_no, int64_t place, const struct mapping_note *note)
{
	char text[CELL_ROOM];

	if (!wanted(run) || run->remarks_shown == SOURCE_SHOW_REMARKS)
		return;
	run->remarks_shown++;
	size_t length = text_cut(note->text, note->length, CELL_ROOM - 1);
	memcpy(text, note->text, length);
	text[length] = '\0';
	struct source_shown shown = { .file = run->files[file_no - 1].name,
		.place = place,
		.remark = true,
		.code = note->code,
		.field = note->field,
		.text = text,
		.reason = note->reason };
	run->options.show(run->options.arg, &shown);
}

void source_show_refusal(struct source_run *run, const struct store_refusal *refusal)
{
	struct source_shown shown = { .file = refusal->file,
		.place = refusal->place,
		.kind = refusal->kind,
		.code = refusal->code,
		.field = refusal->field,
		.text = refusal->value,
		.reason = refusal->reason };

	if (wanted(run))
		run->options.show(run->options.arg, &shown);
}
