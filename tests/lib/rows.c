#include "lib/rows.h"

#include <stdio.h>

#include "core/mem.h"

static void describe_value(
	struct buf *out, const struct kind_column *column, const struct kind_value *value)
{
	char day[DAY_TEXT_MAX];

	switch (column->type) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_WORD:
	case KIND_MONTH:
		if (value->length)
			buf_format(out, " %s=%.*s", column->name, (int)value->length, value->text);
		return;
	case KIND_DATE:
		if (!value->null)
			buf_format(out, " %s=%s", column->name, day_text(value->day, day));
		return;
	case KIND_FEN:
	case KIND_PPM:
	case KIND_INT:
	case KIND_BOOL:
		if (!value->null)
			buf_format(out, " %s=%lld", column->name, (long long)value->number);
		return;
	}
}

static void describe(struct buf *out, const struct kind_row *row)
{
	buf_add_text(out, row->kind->name);
	for (int i = 0; i < row->kind->count; i++)
		describe_value(out, &row->kind->columns[i], &row->value[i]);
}

static int take_row(void *arg, int file_no, struct kind_row *row, struct err *err)
{
	struct rows *rows = arg;
	int kind = kind_number(row->kind);

	(void)file_no;
	(void)err;
	rows->count[kind]++;
	for (int i = 0; i < row->kind->count; i++)
		if (row->kind->columns[i].type == KIND_FEN && !row->value[i].null) {
			rows->sum[kind] += row->value[i].number;
			break;
		}
	describe(&rows->text, row);
	buf_format(&rows->text, " @%lld\n", (long long)row->place);
	return 0;
}

static int take_refusal(
	void *arg, int file_no, const struct reader_refusal *refusal, struct err *err)
{
	struct rows *rows = arg;

	(void)file_no;
	(void)err;
	rows->refused++;
	buf_format(&rows->text, "refused %s %s=%s %s <", refusal->kind ? refusal->kind->name : "-",
		refusal->field, refusal->value, refusal->code);
	if (refusal->row)
		describe(&rows->text, refusal->row);
	buf_add_text(&rows->text, "> ");
	if (rows->type->text)
		rows->type->text(rows->reader, &rows->text);
	buf_format(&rows->text, " @%lld\n", (long long)refusal->place);
	return 0;
}

static void take_skip(void *arg, int file_no, int64_t place)
{
	struct rows *rows = arg;

	(void)file_no;
	(void)place;
	rows->skipped++;
}

void rows_init(struct rows *rows)
{
	*rows = (struct rows){ .refused = 0 };
	buf_init(&rows->text, 64 << 20);
	rows->sink = (struct reader_sink){
		.row = take_row, .refused = take_refusal, .skipped = take_skip, .arg = rows
	};
}

void rows_free(struct rows *rows)
{
	buf_free(&rows->text);
}

int rows_of(const struct rows *rows, const char *kind)
{
	return rows->count[kind_number(kind_find(kind))];
}

int64_t rows_sum(const struct rows *rows, const char *kind)
{
	return rows->sum[kind_number(kind_find(kind))];
}

bool rows_has(const struct rows *rows, const char *line_start)
{
	size_t length = strlen(line_start);

	for (const char *line = rows->text.data; *line; line += strcspn(line, "\n") + 1)
		if (strncmp(line, line_start, length) == 0)
			return true;
	return false;
}

int rows_read(struct rows *rows, const struct reader_type *type, const struct source_config *config,
	const char *bytes, size_t count, size_t piece, struct err *err)
{
	bool more = true;
	int status = -1;

	rows->type = type;
	rows->reader = type->open(config, &rows->sink, err);
	if (!rows->reader)
		return -1;
	status = type->begin(rows->reader, 1, "test", err);
	for (size_t at = 0; status == 0 && at < count; at += piece)
		status = type->feed(
			rows->reader, bytes + at, count - at < piece ? count - at : piece, err);
	if (status == 0)
		status = type->end(rows->reader, err);
	while (status == 0 && type->finish && more)
		status = type->finish(rows->reader, &more, err);
	type->close(rows->reader);
	rows->reader = NULL;
	return status;
}

char *rows_slurp(const char *path, size_t *ret_length)
{
	FILE *file = fopen(path, "re");
	char *bytes = NULL;
	size_t used = 0, got = 0, room = 0;

	if (!file)
		return NULL;
	do {
		room = used + (1 << 20);
		bytes = mem_resize(bytes, room + 1, 1);
		got = fread(bytes + used, 1, room - used, file);
		used += got;
	} while (got > 0);
	fclose(file);
	bytes[used] = '\0';
	*ret_length = used;
	return bytes;
}

char *rows_real(const char *name, size_t *ret_length)
{
	const char *folder = getenv("SETASIDE_REAL_DATA");
	char *path = folder ? mem_format("%s/%s", folder, name)
			    : mem_format("%s/../shared/data/real/%s", SETASIDE_SOURCE_DIR, name);
	char *bytes = rows_slurp(path, ret_length);

	free(path);
	return bytes;
}
