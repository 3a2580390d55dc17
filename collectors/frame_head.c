#include "collectors/frame_head.h"

#include <string.h>

#include "collectors/header.h"
#include "core/mem.h"

struct frame_head {
	struct frame_csv_options options;
	struct frame_handler handler;
	void *arg;
	struct line {
		char **text;
		size_t count;
	} line[FRAME_HEADER_LINES_MAX]; /* of the header, as they stand in the file */
	int lines;                      /* so far */
	int repeats;                    /* how many of them the records just before repeat */
	char **name;                    /* the header, joined; NULL before */
	size_t width;
	struct frame_cell *padded; /* width cells, for FRAME_RAGGED_PAD and split */
	size_t split_at;           /* column of split_header */
	char *split_text;          /* the front part of the latest cell that was cut */
};

struct frame_head *frame_head_new(
	const struct frame_csv_options *options, const struct frame_handler *handler, void *arg)
{
	struct frame_head *head = mem_zero(1, sizeof(*head));

	head->options = *options;
	if (options->header_contains)
		head->options.header_contains = mem_text(options->header_contains);
	head->options.split_pattern = NULL;
	if (options->split_header) {
		head->options.split_header = mem_text(options->split_header);
		head->options.split_pattern = mem_text(options->split_pattern);
		head->split_text = mem_text(options->split_pattern);
	}
	head->handler = *handler;
	head->arg = arg;
	return head;
}

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; names && i < count; i++)
		free(names[i]);
	free(names);
}

void frame_head_free(struct frame_head *head)
{
	if (!head)
		return;
	for (int i = 0; i < head->lines; i++)
		free_names(head->line[i].text, head->line[i].count);
	free_names(head->name, head->width);
	free(head->padded);
	free((char *)(uintptr_t)head->options.header_contains);
	free((char *)(uintptr_t)head->options.split_header);
	free((char *)(uintptr_t)head->options.split_pattern);
	free(head->split_text);
	free(head);
}

bool frame_head_found(const struct frame_head *head)
{
	return head->name != NULL;
}

static bool starts_header(const struct frame_head *head, const struct frame_row *row)
{
	const char *wanted = head->options.header_contains;

	if (head->options.header_row > 0)
		return row->number == head->options.header_row;
	if (!wanted)
		return !frame_row_is_blank(row);
	for (size_t i = 0; i < row->count; i++) {
		if (row->cell[i].text && header_equal(row->cell[i].text, wanted))
			return true;
	}
	return false;
}

static char **copy_names(const struct frame_row *row)
{
	char **names = mem_zero(row->count + 1, sizeof(*names));

	for (size_t i = 0; i < row->count; i++)
		names[i] = mem_text(row->cell[i].text ? row->cell[i].text : "");
	return names;
}

/* One more line under a merged header: 金额 over 合同 | 已付 gives 金额/合同 and 金额/已付. A blank upper cell belongs to
 * the last filled one on its left, as merged cells are stored. Takes `top`. */
static char **join_line(char **top, size_t top_count, const struct line *lower, size_t width)
{
	char **names = mem_zero(width + 1, sizeof(*names));
	const char *above = "";

	for (size_t i = 0; i < width; i++) {
		const char *upper = i < top_count ? top[i] : "";
		const char *below = i < lower->count ? lower->text[i] : "";
		if (*upper != '\0')
			above = upper;
		if (*below == '\0')
			names[i] = mem_text(upper);
		else if (*above == '\0')
			names[i] = mem_text(below);
		else
			names[i] = mem_format("%s/%s", above, below);
	}
	free_names(top, top_count);
	return names;
}

static void join_lines(struct frame_head *head)
{
	size_t width = 0;

	for (int i = 0; i < head->lines; i++) {
		const struct line *line = &head->line[i];
		size_t wider = line->count > width ? line->count : width;
		head->name = join_line(head->name, width, line, wider);
		width = wider;
	}
	head->width = width;
}

static int find_split(struct frame_head *head, struct err *err)
{
	const char *wanted = head->options.split_header;

	if (!wanted)
		return 0;
	for (size_t i = 0; i < head->width; i++) {
		if (header_equal(head->name[i], wanted)) {
			head->split_at = i;
			return 0;
		}
	}
	return err_set(err, ERR_DATA, "column-missing: no header answers the split \"%s\"", wanted);
}

static int take_header(struct frame_head *head, const struct frame_row *row, struct err *err)
{
	head->line[head->lines++] = (struct line){ copy_names(row), row->count };
	if (head->lines < head->options.header_lines && head->lines < FRAME_HEADER_LINES_MAX)
		return 0;
	join_lines(head);
	head->padded = mem_zero(head->width + 1, sizeof(*head->padded));
	for (size_t i = 0; i < head->width; i++)
		head->padded[i] = (struct frame_cell){ .text = head->name[i],
			.length = strlen(head->name[i]) };
	if (find_split(head, err) < 0)
		return -1;
	struct frame_row joined = { .number = row->number,
		.offset = row->offset,
		.cell = head->padded,
		.count = head->width };
	return head->handler.header ? head->handler.header(head->arg, &joined, err) : 0;
}

/* Empty cells at the end make no difference. */
static bool repeats_line(const struct line *line, const struct frame_row *row)
{
	size_t width = row->count > line->count ? row->count : line->count;

	for (size_t i = 0; i < width; i++) {
		const char *text = i < row->count && row->cell[i].text ? row->cell[i].text : "";
		if (strcmp(text, i < line->count ? line->text[i] : "") != 0)
			return false;
	}
	return true;
}

/* The header again, as on every printed page: its first line, and the others behind it. */
static bool repeats_header(struct frame_head *head, const struct frame_row *row)
{
	if (head->repeats < head->lines && repeats_line(&head->line[head->repeats], row)) {
		head->repeats++;
		return true;
	}
	head->repeats = repeats_line(&head->line[0], row);
	return head->repeats > 0;
}

static int skip(
	struct frame_head *head, const struct frame_row *row, enum frame_skip why, struct err *err)
{
	return head->handler.skipped ? head->handler.skipped(head->arg, row, why, err) : 0;
}

static bool tail_is_blank(const struct frame_head *head, const struct frame_row *row)
{
	struct frame_row tail = { .cell = row->cell + head->width,
		.count = row->count - head->width };
	return frame_row_is_blank(&tail);
}

static int deliver(struct frame_head *head, const struct frame_row *row, struct err *err)
{
	return head->handler.row ? head->handler.row(head->arg, row, err) : 0;
}

/* Length of the front part if the cell begins with the pattern and goes on behind it, else 0. */
static size_t split_length(const char *pattern, const struct frame_cell *cell)
{
	size_t length = strlen(pattern);

	if (!cell->text || cell->length <= length)
		return 0;
	for (size_t i = 0; i < length; i++) {
		bool digit = cell->text[i] >= '0' && cell->text[i] <= '9';
		if (pattern[i] == '9' ? !digit : cell->text[i] != pattern[i])
			return 0;
	}
	return length;
}

/* The record with its glued cell cut in two, in `padded`; false if it is not one of that kind. */
static bool split_record(
	struct frame_head *head, const struct frame_row *row, struct frame_row *ret)
{
	size_t at = head->split_at;

	if (!head->options.split_header || row->count + 1 != head->width || at >= row->count)
		return false;
	const struct frame_cell *glued = &row->cell[at];
	size_t length = split_length(head->options.split_pattern, glued);
	if (length == 0)
		return false;
	memcpy(head->padded, row->cell, at * sizeof(*row->cell));
	memcpy(head->split_text, glued->text, length);
	head->padded[at] = (struct frame_cell){ .text = head->split_text, .length = length };
	head->padded[at + 1] = (struct frame_cell){ .text = glued->text + length,
		.length = glued->length - length };
	memcpy(head->padded + at + 2, row->cell + at + 1,
		(row->count - at - 1) * sizeof(*row->cell));
	*ret = *row;
	ret->cell = head->padded;
	ret->count = head->width;
	return true;
}

/* A record of another width than the header. */
static int ragged(struct frame_head *head, const struct frame_row *row, struct err *err)
{
	char reason[128];
	struct frame_row fixed = *row;
	bool longer = row->count > head->width;

	if (split_record(head, row, &fixed))
		return deliver(head, &fixed, err);
	if (head->options.ragged == FRAME_RAGGED_PAD && (!longer || tail_is_blank(head, row))) {
		size_t given = longer ? head->width : row->count;
		memcpy(head->padded, row->cell, given * sizeof(*row->cell));
		for (size_t i = given; i < head->width; i++)
			head->padded[i] = (struct frame_cell){ .text = "" };
		fixed.cell = head->padded;
		fixed.count = head->width;
		return deliver(head, &fixed, err);
	}
	snprintf(reason, sizeof(reason), "the record has %zu cells, the header %zu", row->count,
		head->width);
	return head->handler.refused
		       ? head->handler.refused(head->arg, row, "row-width", reason, err)
		       : 0;
}

int frame_head_record(
	struct frame_head *head, const struct frame_row *row, bool last_open, struct err *err)
{
	if (last_open && head->options.last == FRAME_LAST_REFUSE)
		return err_set(err, ERR_DATA,
			"torn: record %lld ends with the file, not with a line end",
			(long long)row->number);
	if (!head->name)
		return head->lines > 0 || starts_header(head, row) ? take_header(head, row, err)
								   : 0;
	if (frame_row_is_blank(row))
		return 0;
	if (last_open && row->count < head->width)
		return err_set(err, ERR_DATA,
			"torn: the file ends in record %lld after %zu of %zu cells",
			(long long)row->number, row->count, head->width);
	if (repeats_header(head, row))
		return skip(head, row, FRAME_SKIP_HEADER, err);
	if (!head->options.keep_totals && frame_row_is_total(row))
		return skip(head, row, FRAME_SKIP_TOTAL, err);
	return row->count == head->width ? deliver(head, row, err) : ragged(head, row, err);
}

int frame_head_finish(const struct frame_head *head, struct err *err)
{
	const struct frame_csv_options *options = &head->options;

	if (head->name)
		return 0;
	if (head->lines > 0)
		return err_set(err, ERR_DATA,
			"header-not-found: the file ends inside a header of several lines");
	if (options->header_row > 0)
		return err_set(err, ERR_DATA, "header-not-found: the file ends before record %d",
			options->header_row);
	if (options->header_contains)
		return err_set(err, ERR_DATA, "header-not-found: no record has the cell \"%s\"",
			options->header_contains);
	return err_set(err, ERR_DATA, "header-not-found: the file is empty");
}
