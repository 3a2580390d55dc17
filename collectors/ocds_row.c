#include "collectors/ocds_row.h"

#include <string.h>

#include <xxhash.h>

#include "core/err.h"

static bool kind_is_text(const struct kind *kind, int column)
{
	switch (kind->columns[column].type) {
	case KIND_TEXT:
	case KIND_CODE:
	case KIND_WORD:
	case KIND_MONTH:
		return true;
	case KIND_DATE:
	case KIND_FEN:
	case KIND_PPM:
	case KIND_INT:
	case KIND_BOOL:
		return false;
	}
	BUG("column type %d", (int)kind->columns[column].type);
}

void ocds_row_begin(struct kind_row *row, const char *kind, int64_t place)
{
	*row = (struct kind_row){ .kind = kind_find(kind), .place = place };
	if (!row->kind)
		BUG("no record kind %s", kind);
	for (int i = 0; i < row->kind->count; i++)
		row->value[i] = (struct kind_value){
			.null = !kind_is_text(row->kind, i), .day = DAY_NONE, .text = ""
		};
}

static struct kind_value *value_of(struct kind_row *row, const char *column)
{
	int at = kind_column_find(row->kind, column);

	if (at < 0)
		BUG("%s has no column %s", row->kind->name, column);
	row->value[at].null = false;
	return &row->value[at];
}

void ocds_row_text(struct kind_row *row, const char *column, const char *text)
{
	struct kind_value *value = value_of(row, column);

	value->text = text;
	value->length = strlen(text);
}

void ocds_row_number(struct kind_row *row, const char *column, int64_t number)
{
	value_of(row, column)->number = number;
}

void ocds_row_day(struct kind_row *row, const char *column, day_t day)
{
	struct kind_value *value = value_of(row, column);

	value->day = day;
	value->null = day == DAY_NONE;
}

uint64_t ocds_row_key(const struct kind_row *row)
{
	uint64_t key = (uint64_t)kind_number(row->kind);

	for (int i = 0; i < row->kind->count; i++) {
		const struct kind_value *value = &row->value[i];
		if (!(row->kind->columns[i].flags & KIND_KEY))
			continue;
		if (kind_is_text(row->kind, i)) {
			key = XXH3_64bits_withSeed(value->text, value->length, key);
			continue;
		}
		int64_t number =
			row->kind->columns[i].type == KIND_DATE ? value->day : value->number;
		key = XXH3_64bits_withSeed(&number, sizeof(number), key);
	}
	return key;
}
