#include "collectors/reader_json.h"

#include <string.h>

#include "collectors/json_input.h"
#include "collectors/json_write.h"
#include "collectors/mapping_rule.h"
#include "collectors/occurrence.h"
#include "collectors/reader_table.h"
#include "collectors/source_config.h"
#include "core/mem.h"

enum { COLUMNS_MAX = 512, TEXT_MAX = 16 << 20 };

/* One column of the table that the records are read as. */
struct column {
	char *name;
	bool path; /* named by a rule: looked up step by step */
};

struct reader {
	const struct source_config *config;
	struct reader_sink sink;
	struct json_input *input;
	struct occurrence *repeats;
	struct reader_table table; /* of the file that is read */
	struct column *column;
	size_t count, capacity;
	size_t bound; /* columns the mapping knows; 0 = no header yet */
	struct frame_cell cell[COLUMNS_MAX];
	struct buf text;  /* lists and objects of the record, as JSON */
	struct buf whole; /* the record as JSON, when rows are named by it */
	const char *paths[2];
};

static void add_column(struct reader *reader, const char *name, bool path)
{
	MEM_GROW(reader->column, reader->count, reader->capacity);
	reader->column[reader->count++] = (struct column){ .name = mem_text(name), .path = path };
}

static void drop_columns(struct reader *reader)
{
	for (size_t i = 0; i < reader->count; i++)
		free(reader->column[i].name);
	reader->count = reader->bound = 0;
}

static struct column *find_column(const struct reader *reader, const char *name)
{
	for (size_t i = 0; i < reader->count; i++) {
		if (strcmp(reader->column[i].name, name) == 0)
			return &reader->column[i];
	}
	return NULL;
}

/* The members that rules name are columns from the start, so a record without them is no fault. */
static int add_rule_columns(struct reader *reader, struct err *err)
{
	const struct kind *kind = kind_find(reader->config->record);

	for (char **text = reader->config->map; text && *text; text++) {
		struct mapping_rule rule;
		int status = mapping_rule_read(kind, *text, &rule, err);
		bool header = rule.type == MAPPING_RULE_HEADER || rule.type == MAPPING_RULE_DROP;
		if (status == 0 && header && !find_column(reader, rule.left)) {
			if (reader->count == COLUMNS_MAX)
				status = err_set(err, ERR_LIMIT, "too-wide: more than %d columns",
					COLUMNS_MAX);
			else
				add_column(reader, rule.left, true);
		}
		mapping_rule_free(&rule);
		if (status < 0)
			return -1;
	}
	return 0;
}

/* "suppliers.0.name" from the record down; NULL when a step is missing. */
static const struct json_node *follow(const struct json_node *node, const char *path)
{
	char step[256];

	while (node && *path != '\0') {
		size_t length = strcspn(path, ".");
		if (length >= sizeof(step))
			return NULL;
		memcpy(step, path, length);
		step[length] = '\0';
		path += length + (path[length] == '.');
		if (node->type != JSON_ARRAY) {
			node = json_get(node, step);
			continue;
		}
		char *end = NULL;
		unsigned long at = strtoul(step, &end, 10);
		if (end == step || *end != '\0')
			return NULL;
		for (node = node->first; node && at > 0; at--)
			node = node->next;
	}
	return node;
}

/* The column is a member by its exact name, dots included, or a path. */
static const struct json_node *value_of(const struct json_node *record, const struct column *column)
{
	const struct json_node *node = json_get(record, column->name);

	return node || !column->path ? node : follow(record, column->name);
}

/* Lists and objects are written out behind one another; their cells point there once nothing moves any more. */
static void fill_cells(struct reader *reader, const struct json_node *record)
{
	size_t start[COLUMNS_MAX];

	buf_reset(&reader->text);
	for (size_t i = 0; i < reader->count; i++) {
		const struct json_node *node = value_of(record, &reader->column[i]);
		bool scalar = node && node->type != JSON_OBJECT && node->type != JSON_ARRAY;
		reader->cell[i] = (struct frame_cell){ .text = NULL };
		start[i] = SIZE_MAX;
		if (scalar && node->type != JSON_NULL) {
			reader->cell[i].text = node->text;
			reader->cell[i].length = node->length;
		} else if (node && node->first) {
			start[i] = reader->text.used;
			json_write(&reader->text, node);
			reader->cell[i].length = reader->text.used - start[i];
			buf_add_char(&reader->text, '\0');
		}
	}
	for (size_t i = 0; i < reader->count; i++) {
		if (start[i] != SIZE_MAX)
			reader->cell[i].text = reader->text.data + start[i];
	}
}

static int add_members(struct reader *reader, const struct json_node *record, struct err *err)
{
	for (const struct json_node *member = record->first; member; member = member->next) {
		if (find_column(reader, member->key))
			continue;
		if (reader->count == COLUMNS_MAX)
			return err_set(
				err, ERR_LIMIT, "too-wide: more than %d columns", COLUMNS_MAX);
		add_column(reader, member->key, false);
	}
	return 0;
}

static void on_unknown(void *arg, const char *header)
{
	struct reader *reader = arg;

	for (size_t i = 0; i < reader->bound; i++) {
		if (strcmp(reader->column[i].name, header) == 0)
			return; /* told already */
	}
	if (reader->sink.unknown)
		reader->sink.unknown(reader->sink.arg, reader->table.file_no, header);
}

static int bind_header(struct reader *reader, struct err *err)
{
	struct frame_row header = { .cell = reader->cell, .count = reader->count };

	for (size_t i = 0; i < reader->count; i++)
		reader->cell[i] = (struct frame_cell){ .text = reader->column[i].name,
			.length = strlen(reader->column[i].name) };
	if (mapping_header(reader->table.mapping, &header, err) < 0)
		return -1;
	mapping_unknown(reader->table.mapping, on_unknown, reader);
	reader->bound = reader->count;
	return 0;
}

static int refuse(struct reader *reader, const struct json_record *record, const char *code,
	const char *reason, struct err *err)
{
	struct frame_row row = { .number = record->offset };

	return reader_table_handler.refused(&reader->table, &row, code, reason, err);
}

/* The same record has the same name in every source that reads it, whatever columns its rules make. */
static void name_by_record(struct reader *reader, const struct json_node *node)
{
	buf_reset(&reader->whole);
	json_write(&reader->whole, node);
	reader->table.identity = reader->whole.data;
	reader->table.identity_length = reader->whole.used;
}

static int read_record(struct reader *reader, const struct json_record *record,
	const struct json_node *node, struct err *err)
{
	if (node->type != JSON_OBJECT)
		return refuse(reader, record, "json-shape", "the record is no object", err);
	if (record->nul)
		return refuse(
			reader, record, "text-nul", "the record holds the character U+0000", err);
	if (add_members(reader, node, err) < 0)
		return -1;
	if (reader->bound != reader->count && bind_header(reader, err) < 0)
		return -1;
	fill_cells(reader, node);
	if (mapping_wants_name(reader->table.mapping))
		name_by_record(reader, node);
	if (reader->text.failed || reader->whole.failed)
		return err_set(
			err, ERR_LIMIT, "json-large: a record of more than %d bytes", TEXT_MAX);
	struct frame_row row = {
		.number = record->offset, .cell = reader->cell, .count = reader->count
	};
	return reader_table_handler.row(&reader->table, &row, err);
}

static int on_record(void *arg, const struct json_record *record, struct err *err)
{
	struct reader *reader = arg;
	const char *path = reader->paths[0];
	const struct json_node *node = record->root;

	/* Without a list at the path the page itself comes: then one object stands there, or it is no page of ours. */
	if (path && json_input_whole(reader->input, record)) {
		node = json_path(record->root, path);
		if (!node)
			return err_set(err, ERR_DATA, "json-shape: nothing stands at \"%s\"", path);
	}
	return read_record(reader, record, node, err);
}

static void close_reader(struct reader *reader)
{
	if (!reader)
		return;
	drop_columns(reader);
	free(reader->column);
	json_input_free(reader->input);
	reader_table_drop(&reader->table);
	occurrence_free(reader->repeats);
	buf_free(&reader->text);
	buf_free(&reader->whole);
	free(reader);
}

static struct reader *open_reader(
	const struct source_config *config, const struct reader_sink *sink, struct err *err)
{
	struct reader *reader = mem_zero(1, sizeof(*reader));

	(void)err;
	reader->config = config;
	reader->sink = *sink;
	reader->input = json_input_new();
	reader->repeats = occurrence_new(READER_TABLE_REPEATS);
	reader->paths[0] = config->records && config->records[0] != '\0' ? config->records : NULL;
	buf_init(&reader->text, TEXT_MAX);
	buf_init(&reader->whole, TEXT_MAX);
	return reader;
}

static int begin(struct reader *reader, int file_no, const char *name, struct err *err)
{
	struct frame_json_options options = { .paths = reader->paths,
		.nan_absent = reader->config->nan_absent };
	const struct kind *kind = kind_find(reader->config->record);

	(void)name;
	if (!kind)
		return err_set(err, ERR_DATA, "\"%s\" is no record kind", reader->config->record);
	reader_table_drop(&reader->table);
	drop_columns(reader);
	if (reader_table_begin(&reader->table, reader->config, &reader->sink, file_no, kind, false,
		    reader->repeats, err) < 0 ||
		add_rule_columns(reader, err) < 0)
		return -1;
	return json_input_begin(
		reader->input, &options, reader->config->encoding, on_record, reader, err);
}

static int feed(struct reader *reader, const char *bytes, size_t count, struct err *err)
{
	return json_input_feed(reader->input, bytes, count, err);
}

static int end(struct reader *reader, struct err *err)
{
	return json_input_end(reader->input, err);
}

static void text(const struct reader *reader, struct buf *out)
{
	json_input_text(reader->input, out);
}

static void cells(const struct reader *reader, mapping_cell_fn each, void *arg)
{
	reader_table_cells(&reader->table, each, arg);
}

static const struct kind *kind_of(const struct source_config *config, const char *name)
{
	(void)name;
	return kind_find(config->record);
}

const struct reader_type reader_json = {
	.format = "json",
	.open = open_reader,
	.begin = begin,
	.feed = feed,
	.end = end,
	.text = text,
	.cells = cells,
	.kind = kind_of,
	.close = close_reader,
	.find = json_input_find,
};
