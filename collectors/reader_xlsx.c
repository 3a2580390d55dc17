#include "collectors/reader_xlsx.h"

#include "collectors/frame_xlsx.h"
#include "collectors/occurrence.h"
#include "collectors/reader_table.h"
#include "collectors/source_config.h"
#include "core/mem.h"

enum { HELD_MAX = 256 << 20 };

/* A workbook whose rows are not read yet. */
struct waiting {
	struct waiting *next;
	struct reader_table table;
	struct frame_xlsx *xlsx;
	char *name;
};

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	struct waiting *first, *last; /* in the order of the files; last is the one being fed */
	size_t held;
	struct occurrence *repeats;
};

static void waiting_free(struct waiting *waiting)
{
	frame_xlsx_free(waiting->xlsx);
	reader_table_drop(&waiting->table);
	free(waiting->name);
	free(waiting);
}

static struct reader *open_reader(
	const struct source_config *config, const struct reader_sink *sink, struct err *err)
{
	struct reader *reader = mem_zero(1, sizeof(*reader));

	(void)err;
	reader->config = config;
	reader->sink = *sink;
	reader->repeats = occurrence_new(READER_TABLE_REPEATS);
	return reader;
}

static void close_reader(struct reader *reader)
{
	if (reader == NULL)
		return;
	while (reader->first != NULL) {
		struct waiting *gone = reader->first;
		reader->first = gone->next;
		waiting_free(gone);
	}
	occurrence_free(reader->repeats);
	free(reader);
}

static const struct kind *kind_of(const struct source_config *config, const char *name)
{
	(void)name;
	return kind_find(config->record);
}

static void on_unread(void *arg, const char *sheet)
{
	const struct reader_table *table = arg;

	if (table->sink->unread)
		table->sink->unread(table->sink->arg, table->file_no, table->kind, sheet);
}

static int begin(struct reader *reader, int file_no, const char *name, struct err *err)
{
	const struct source_config *config = reader->config;
	const struct kind *kind = kind_find(config->record);
	struct frame_xlsx_options options = {
		.table = { .header_row = config->header_row,
			.header_lines = config->header_lines,
			.header_contains =
				config->header_contains[0] != 0 ? config->header_contains : NULL },
		.sheet = config->sheet,
		.unread = on_unread,
	};

	if (kind == NULL)
		return err_set(err, ERR_DATA, "\"%s\" is no record kind", config->record);
	struct waiting *waiting = mem_zero(1, sizeof(*waiting));
	waiting->name = mem_text(name);
	if (reader_table_begin(&waiting->table, config, &reader->sink, file_no, kind, false,
		    reader->repeats, err) < 0) {
		waiting_free(waiting);
		return -1;
	}
	waiting->xlsx = frame_xlsx_new(&options, &reader_table_handler, &waiting->table);
	if (reader->last != NULL)
		reader->last->next = waiting;
	else
		reader->first = waiting;
	reader->last = waiting;
	return 0;
}

static int feed(struct reader *reader, const char *bytes, size_t count, struct err *err)
{
	reader->held += count;
	if (reader->held > HELD_MAX)
		return err_set(err, ERR_LIMIT,
			"too-large: the workbooks of one pull have more than %d MiB",
			HELD_MAX >> 20);
	return frame_xlsx_feed(reader->last->xlsx, bytes, count, err);
}

static int end(struct reader *reader, struct err *err)
{
	return frame_xlsx_open(reader->last->xlsx, err);
}

static int finish(struct reader *reader, bool *ret_more, struct err *err)
{
	struct waiting *waiting = reader->first;
	bool more = false;

	if (waiting == NULL) {
		*ret_more = false;
		return 0;
	}
	if (frame_xlsx_step(waiting->xlsx, &more, err) < 0)
		return err_prefix(err, "%s", waiting->name);
	if (!more) {
		reader->first = waiting->next;
		if (reader->first == NULL)
			reader->last = NULL;
		waiting_free(waiting);
	}
	*ret_more = reader->first != NULL;
	return 0;
}

static void text(const struct reader *reader, struct buf *out)
{
	if (reader->first != NULL)
		reader_table_text(&reader->first->table, ',', out);
}

static void cells(const struct reader *reader, mapping_cell_fn each, void *arg)
{
	if (reader->first != NULL)
		reader_table_cells(&reader->first->table, each, arg);
}

const struct reader_type reader_xlsx = {
	.format = "xlsx",
	.open = open_reader,
	.begin = begin,
	.feed = feed,
	.end = end,
	.finish = finish,
	.text = text,
	.cells = cells,
	.kind = kind_of,
	.close = close_reader,
};
