#include "sql/array.h"

#include "core/err.h"

void sql_array_init(struct sql_array *array, size_t ceiling)
{
	buf_init(&array->literal, ceiling);
	array->count = 0;
	array->ended = false;
}

void sql_array_free(struct sql_array *array)
{
	buf_free(&array->literal);
}

static void next_element(struct sql_array *array)
{
	if (array->ended)
		BUG("an array literal is added to after its end");
	buf_add_char(&array->literal, array->count++ == 0 ? '{' : ',');
}

void sql_array_add_int(struct sql_array *array, int64_t value)
{
	next_element(array);
	buf_add_int(&array->literal, value);
}

void sql_array_add_bool(struct sql_array *array, bool value)
{
	next_element(array);
	buf_add_char(&array->literal, value ? 't' : 'f');
}

void sql_array_add_text(struct sql_array *array, const char *value)
{
	next_element(array);
	buf_add_char(&array->literal, '"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_add_char(&array->literal, '\\');
		buf_add_char(&array->literal, *value);
	}
	buf_add_char(&array->literal, '"');
}

const char *sql_array_text(struct sql_array *array)
{
	if (!array->ended)
		buf_add_text(&array->literal, array->count == 0 ? "{}" : "}");
	array->ended = true;
	return array->literal.failed ? NULL : array->literal.data;
}
