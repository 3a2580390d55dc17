#include "collectors/profile.h"

#include <inttypes.h>
#include <string.h>

#include "collectors/frame_json.h"
#include "collectors/json_write.h"
#include "collectors/mapping.h"
#include "core/mem.h"
#include "core/text.h"

enum {
	POWERS = 64,
	TOTALS_MAX = 10,
	FILE_MAX = 200,
	VALUE_MAX = 100,
	HEADER_CELLS_MAX = 200,
	HEADER_CELL_MAX = 200,
	TEXT_MAX = 256 * 1024
};

struct profile_column {
	int at;                   /* in the kind */
	int64_t count, zeros;     /* codes; count of amounts as well */
	int64_t power[POWERS];    /* amounts, by the place of their highest bit */
	fen_t file_sum, part_sum; /* of the file, and since its last totals line */
	bool overflow;            /* of a sum: nothing is said about totals of the file */
};

struct profile_line {
	char file[FILE_MAX];
	int64_t row;
	int column;
	fen_t stated, taken;
};

struct profile_remark {
	const char *column, *code; /* static */
	int64_t count, row;        /* row: the first one */
	char file[FILE_MAX], value[VALUE_MAX];
};

struct profile_part {
	char file[FILE_MAX], part[FILE_MAX];
};

struct profile_kind {
	char *header; /* JSON array, NULL = none seen */
	int file_no;  /* that the sums belong to */
	int amounts, codes;
	struct profile_column amount[KIND_COLUMNS_MAX];
	struct profile_column code[KIND_COLUMNS_MAX];
	struct profile_line total[TOTALS_MAX];
	int totals;
	struct profile_remark remark[PROFILE_REMARKS];
	int remarks;
	struct profile_part unread[PROFILE_UNREAD];
	int unreads;
};

struct profile {
	struct profile_kind *kind[KIND_COUNT];
	struct buf text;
};

struct profile *profile_new(void)
{
	struct profile *profile = mem_zero(1, sizeof(*profile));

	buf_init(&profile->text, TEXT_MAX);
	return profile;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (int i = 0; i < KIND_COUNT; i++) {
		if (profile->kind[i])
			free(profile->kind[i]->header);
		free(profile->kind[i]);
	}
	buf_free(&profile->text);
	free(profile);
}

static struct profile_kind *part_of(struct profile *profile, const struct kind *kind)
{
	struct profile_kind **part = &profile->kind[kind_number(kind)];

	if (*part)
		return *part;
	*part = mem_zero(1, sizeof(**part));
	for (int i = 0; i < kind->count; i++) {
		if (kind->columns[i].type == KIND_FEN)
			(*part)->amount[(*part)->amounts++].at = i;
		else if (kind->columns[i].type == KIND_CODE && !kind->columns[i].fallback)
			(*part)->code[(*part)->codes++].at = i;
	}
	return *part;
}

void profile_header(
	struct profile *profile, const struct kind *kind, const struct frame_row *header)
{
	struct profile_kind *part = part_of(profile, kind);

	if (part->header)
		return;
	buf_reset(&profile->text);
	buf_add_char(&profile->text, '[');
	for (size_t i = 0; i < header->count && i < HEADER_CELLS_MAX; i++) {
		const struct frame_cell *cell = &header->cell[i];
		size_t length = cell->length < HEADER_CELL_MAX
					? cell->length
					: text_cut(cell->text, cell->length, HEADER_CELL_MAX);
		if (i > 0)
			buf_add_char(&profile->text, ',');
		/* A database text holds no NUL. */
		bool writable = cell->text && !memchr(cell->text, 0, length);
		json_write_text(&profile->text, writable ? cell->text : "", writable ? length : 0);
	}
	buf_add_char(&profile->text, ']');
	part->header = mem_text(profile->text.data);
}

static int power_of(fen_t amount)
{
	uint64_t size = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;

	return size == 0 ? 0 : 63 - __builtin_clzll(size);
}

static void start_file(struct profile_kind *part, int file_no)
{
	part->file_no = file_no;
	for (int i = 0; i < part->amounts; i++) {
		part->amount[i].file_sum = part->amount[i].part_sum = 0;
		part->amount[i].overflow = false;
	}
}

/* Adds the row to what is counted, or takes it away. */
static void count_row(struct profile_kind *part, const struct kind_row *row, int64_t step)
{
	for (int i = 0; i < part->amounts; i++) {
		struct profile_column *column = &part->amount[i];
		const struct kind_value *value = &row->value[column->at];
		if (value->null)
			continue;
		column->count += step;
		column->power[power_of(value->number)] += step;
	}
	for (int i = 0; i < part->codes; i++) {
		const struct kind_value *value = &row->value[part->code[i].at];
		if (value->length == 0)
			continue;
		part->code[i].count += step;
		part->code[i].zeros += value->text[0] == '0' ? step : 0;
	}
}

void profile_row_gone(struct profile *profile, const struct kind_row *row)
{
	count_row(part_of(profile, row->kind), row, -1);
}

void profile_row(struct profile *profile, int file_no, const struct kind_row *row)
{
	struct profile_kind *part = part_of(profile, row->kind);

	if (part->file_no != file_no)
		start_file(part, file_no);
	for (int i = 0; i < part->amounts; i++) {
		struct profile_column *column = &part->amount[i];
		const struct kind_value *value = &row->value[column->at];
		if (value->null)
			continue;
		column->overflow |=
			__builtin_add_overflow(column->file_sum, value->number, &column->file_sum);
		column->overflow |=
			__builtin_add_overflow(column->part_sum, value->number, &column->part_sum);
	}
	count_row(part, row, 1);
}

void profile_total(
	struct profile *profile, const struct kind *kind, const struct profile_total *total)
{
	struct profile_kind *part = part_of(profile, kind);
	struct profile_column *column = NULL;

	if (part->file_no != total->file_no)
		start_file(part, total->file_no);
	for (int i = 0; i < part->amounts && !column; i++)
		column = part->amount[i].at == total->column ? &part->amount[i] : NULL;
	if (!column || column->overflow)
		return;
	bool right = total->fen == column->file_sum || total->fen == column->part_sum;
	/* The next part begins. A wrong subtotal is one line, not also the grand total's fault. */
	column->part_sum = 0;
	if (right || part->totals == TOTALS_MAX)
		return;
	struct profile_line *line = &part->total[part->totals++];
	*line = (struct profile_line){ .row = total->row,
		.column = total->column,
		.stated = total->fen,
		.taken = column->file_sum };
	text_copy(line->file, sizeof(line->file), total->file);
}

/* As text ---------------------------------------------------------------------------------------------------------- */

static int median_power(const struct profile_column *column)
{
	int64_t passed = 0;

	for (int i = 0; i < POWERS; i++) {
		passed += column->power[i];
		if (passed * 2 >= column->count)
			return i;
	}
	return POWERS - 1;
}

static void write_powers(struct buf *out, const struct profile_column *column)
{
	int used = POWERS;

	while (used > 0 && column->power[used - 1] == 0)
		used--;
	for (int i = 0; i < used; i++)
		buf_format(out, "%s%" PRId64, i ? "," : ",\"powers\":[", column->power[i]);
	buf_add_text(out, used > 0 ? "]" : "");
}

static void write_amounts(struct buf *out, const struct kind *kind, const struct profile_kind *part)
{
	const char *comma = "";

	buf_add_text(out, ",\"amounts\":{");
	for (int i = 0; i < part->amounts; i++) {
		const struct profile_column *column = &part->amount[i];
		if (column->count == 0)
			continue;
		buf_format(out, "%s\"%s\":{\"n\":%" PRId64 ",\"log2\":%d", comma,
			kind->columns[column->at].name, column->count, median_power(column));
		write_powers(out, column);
		buf_add_char(out, '}');
		comma = ",";
	}
	buf_add_char(out, '}');
}

static void write_codes(struct buf *out, const struct kind *kind, const struct profile_kind *part)
{
	const char *comma = "";

	buf_add_text(out, ",\"codes\":{");
	for (int i = 0; i < part->codes; i++) {
		const struct profile_column *column = &part->code[i];
		if (column->count == 0)
			continue;
		buf_format(out, "%s\"%s\":{\"n\":%" PRId64 ",\"zeros\":%" PRId64 "}", comma,
			kind->columns[column->at].name, column->count, column->zeros);
		comma = ",";
	}
	buf_add_char(out, '}');
}

static void write_totals(struct buf *out, const struct kind *kind, const struct profile_kind *part)
{
	buf_add_text(out, ",\"totals\":[");
	for (int i = 0; i < part->totals; i++) {
		const struct profile_line *line = &part->total[i];
		buf_add_text(out, i ? ",{\"file\":" : "{\"file\":");
		json_write_text(out, line->file, strlen(line->file));
		buf_format(out,
			",\"row\":%" PRId64 ",\"column\":\"%s\",\"stated_fen\":%" PRId64
			",\"taken_fen\":%" PRId64 "}",
			line->row, kind->columns[line->column].name, line->stated, line->taken);
	}
	buf_add_char(out, ']');
}

void profile_remark(struct profile *profile, const struct kind *kind, const char *file, int64_t row,
	const struct mapping_note *note)
{
	struct profile_kind *part = part_of(profile, kind);
	int at = 0;

	while (at < part->remarks && (strcmp(part->remark[at].column, note->field) != 0 ||
					     strcmp(part->remark[at].code, note->code) != 0))
		at++;
	if (at == PROFILE_REMARKS)
		return;
	struct profile_remark *remark = &part->remark[at];
	remark->count++;
	if (at < part->remarks)
		return;
	part->remarks++;
	remark->column = note->field;
	remark->code = note->code;
	remark->row = row;
	text_copy(remark->file, sizeof(remark->file), file);
	size_t length = text_cut(note->text, note->length, VALUE_MAX - 1);
	if (!memchr(note->text, 0, length))
		memcpy(remark->value, note->text, length);
}

void profile_unread(
	struct profile *profile, const struct kind *kind, const char *file, const char *part)
{
	struct profile_kind *own = part_of(profile, kind);

	if (own->unreads == PROFILE_UNREAD)
		return;
	struct profile_part *unread = &own->unread[own->unreads++];
	text_copy(unread->file, sizeof(unread->file), file);
	text_copy(unread->part, sizeof(unread->part), part);
}

static void write_remarks(struct buf *out, const struct profile_kind *part)
{
	buf_add_text(out, ",\"remarks\":[");
	for (int i = 0; i < part->remarks; i++) {
		const struct profile_remark *remark = &part->remark[i];
		buf_format(out,
			"%s{\"column\":\"%s\",\"code\":\"%s\",\"n\":%" PRId64 ",\"row\":%" PRId64
			",\"file\":",
			i ? "," : "", remark->column, remark->code, remark->count, remark->row);
		json_write_text(out, remark->file, strlen(remark->file));
		buf_add_text(out, ",\"value\":");
		json_write_text(out, remark->value, strlen(remark->value));
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void write_unread(struct buf *out, const struct profile_kind *part)
{
	buf_add_text(out, ",\"unread\":[");
	for (int i = 0; i < part->unreads; i++) {
		const struct profile_part *unread = &part->unread[i];
		buf_add_text(out, i ? ",{\"file\":" : "{\"file\":");
		json_write_text(out, unread->file, strlen(unread->file));
		buf_add_text(out, ",\"part\":");
		json_write_text(out, unread->part, strlen(unread->part));
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

const char *profile_text(struct profile *profile)
{
	struct buf *out = &profile->text;
	const char *comma = "";

	buf_reset(out);
	buf_add_char(out, '{');
	for (int i = 0; i < KIND_COUNT; i++) {
		const struct profile_kind *part = profile->kind[i];
		if (!part)
			continue;
		buf_format(out, "%s\"%s\":{\"header\":", comma, kind_table[i]->name);
		buf_add_text(out, part->header ? part->header : "[]");
		write_amounts(out, kind_table[i], part);
		write_codes(out, kind_table[i], part);
		write_totals(out, kind_table[i], part);
		write_remarks(out, part);
		write_unread(out, part);
		buf_add_char(out, '}');
		comma = ",";
	}
	buf_add_char(out, '}');
	return out->failed ? "{}" : out->data;
}

/* From text again -------------------------------------------------------------------------------------------------- */

static int64_t number_at(const struct json_node *node, const char *key)
{
	return strtoll(json_text_at(node, key), NULL, 10);
}

static bool load_amounts(
	const struct kind *kind, struct profile_kind *part, const struct json_node *amounts)
{
	for (int i = 0; i < part->amounts; i++) {
		struct profile_column *column = &part->amount[i];
		const struct json_node *one = json_get(amounts, kind->columns[column->at].name);
		const struct json_node *powers = json_get(one, "powers");
		int at = 0;
		if (one == NULL)
			continue;
		if (powers == NULL || powers->count > POWERS)
			return false;
		column->count = number_at(one, "n");
		for (const struct json_node *power = powers->first; power; power = power->next)
			column->power[at++] = strtoll(power->text, NULL, 10);
	}
	return true;
}

static bool load_kind(
	struct profile *profile, const struct kind *kind, const struct json_node *from)
{
	struct profile_kind *part = part_of(profile, kind);
	const struct json_node *header = json_get(from, "header"),
			       *totals = json_get(from, "totals");

	if (header == NULL || totals == NULL || totals->count > 0)
		return false;
	if (header->count > 0) {
		buf_reset(&profile->text);
		json_write(&profile->text, header);
		part->header = mem_text(profile->text.data);
	}
	for (int i = 0; i < part->codes; i++) {
		const struct json_node *one =
			json_get(json_get(from, "codes"), kind->columns[part->code[i].at].name);
		part->code[i].count = number_at(one, "n");
		part->code[i].zeros = number_at(one, "zeros");
	}
	return load_amounts(kind, part, json_get(from, "amounts"));
}

static int load_kinds(void *arg, const struct json_record *record, struct err *err)
{
	for (const struct json_node *one = record->root->first; one; one = one->next) {
		const struct kind *kind = kind_find(one->key);
		if (kind == NULL || !load_kind(arg, kind, one))
			return err_set(err, ERR_DATA, "not a profile that can be gone on from");
	}
	return 0;
}

bool profile_load(struct profile *profile, const char *text)
{
	struct frame_json_options options = { 0 };
	struct err err = ERR_INIT;
	struct frame_json *frame = frame_json_new(&options, load_kinds, profile);
	bool read = frame_json_feed(frame, text, strlen(text), &err) == 0 &&
		    frame_json_finish(frame, &err) == 0;

	frame_json_free(frame);
	return read;
}
