/* Parameters on the way out and rows on the way back: PostgreSQL's text format, read strictly. */
#include <inttypes.h>

#include "core/text.h"
#include "sql/internal.h"

static int next_place(struct sql_params *params)
{
	if (params->count >= SQL_PARAMS_MAX)
		BUG("more than %d parameters", SQL_PARAMS_MAX);
	return params->count++;
}

void sql_param_text(struct sql_params *params, const char *value)
{
	params->value[next_place(params)] = value;
}

void sql_param_int(struct sql_params *params, int64_t value)
{
	int place = next_place(params);

	snprintf(params->room[place], sizeof(params->room[place]), "%" PRId64, value);
	params->value[place] = params->room[place];
}

void sql_param_bool(struct sql_params *params, bool value)
{
	params->value[next_place(params)] = value ? "t" : "f";
}

void sql_param_day(struct sql_params *params, day_t day)
{
	int place = next_place(params);

	params->value[place] = day == DAY_NONE ? NULL : day_text(day, params->room[place]);
}

void sql_param_null(struct sql_params *params)
{
	params->value[next_place(params)] = NULL;
}

int sql_row_columns(const struct sql_row *row)
{
	return PQnfields(row->result);
}

static void check_column(const struct sql_row *row, int column)
{
	if (column < 0 || column >= PQnfields(row->result))
		BUG("column %d of a row with %d columns", column, PQnfields(row->result));
}

const char *sql_row_name(const struct sql_row *row, int column)
{
	check_column(row, column);
	return PQfname(row->result, column);
}

bool sql_row_null(const struct sql_row *row, int column)
{
	check_column(row, column);
	return PQgetisnull(row->result, row->index, column);
}

const char *sql_row_text(const struct sql_row *row, int column)
{
	check_column(row, column);
	return PQgetvalue(row->result, row->index, column);
}

size_t sql_row_length(const struct sql_row *row, int column)
{
	check_column(row, column);
	return (size_t)PQgetlength(row->result, row->index, column);
}

static _Noreturn void not_a(const char *type, const struct sql_row *row, int column)
{
	BUG("column %s holds %s\"%.60s\", which is not %s", PQfname(row->result, column),
		PQgetisnull(row->result, row->index, column) ? "null " : "",
		PQgetvalue(row->result, row->index, column), type);
}

int64_t sql_row_int(const struct sql_row *row, int column)
{
	int64_t value;

	if (!text_to_int64(sql_row_text(row, column), &value))
		not_a("a 64-bit integer", row, column);
	return value;
}

int64_t sql_row_int_or(const struct sql_row *row, int column, int64_t fallback)
{
	return sql_row_null(row, column) ? fallback : sql_row_int(row, column);
}

bool sql_row_bool(const struct sql_row *row, int column)
{
	const char *text = sql_row_text(row, column);

	if ((text[0] != 't' && text[0] != 'f') || text[1] != '\0')
		not_a("a boolean", row, column);
	return text[0] == 't';
}

day_t sql_row_day(const struct sql_row *row, int column)
{
	day_t day;

	if (sql_row_null(row, column))
		return DAY_NONE;
	if (!day_parse(sql_row_text(row, column), sql_row_length(row, column), &day))
		not_a("a date", row, column);
	return day;
}
