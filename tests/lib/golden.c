#include "lib/golden.h"

#include <csv.h>

#include "core/mem.h"

struct golden {
	char **cells;
	size_t used, cap;
	size_t width, column, rows;
};

static void on_cell(void *bytes, size_t length, void *arg)
{
	struct golden *g = arg;

	MEM_GROW(g->cells, g->used, g->cap);
	g->cells[g->used++] = mem_text_n(bytes ? bytes : "", length);
	g->column++;
}

static void on_row(int end, void *arg)
{
	struct golden *g = arg;

	(void)end;
	if (g->rows == 0)
		g->width = g->column;
	if (g->column != g->width) {
		fprintf(stderr, "golden: row %zu has %zu cells, header %zu\n", g->rows, g->column,
			g->width);
		abort();
	}
	g->column = 0;
	g->rows++;
}

/* libcsv trims blanks by default; here every byte counts. */
static int no_space(unsigned char c)
{
	(void)c;
	return 0;
}

struct golden *golden_open(const char *path)
{
	struct golden *g = mem_zero(1, sizeof(*g));
	char *name = mem_format("%s/tests/golden/%s", SETASIDE_SOURCE_DIR, path), chunk[65536];
	FILE *file = fopen(name, "rb");
	struct csv_parser parser;
	size_t n;

	if (!file) {
		fprintf(stderr, "golden: cannot open %s\n", name);
		abort();
	}
	free(name);
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_space_func(&parser, no_space);
	csv_set_blk_size(&parser, 65536);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		if (csv_parse(&parser, chunk, n, on_cell, on_row, g) != n)
			abort();
	if (csv_fini(&parser, on_cell, on_row, g))
		abort();
	csv_free(&parser);
	fclose(file);
	return g;
}

void golden_free(struct golden *golden)
{
	for (size_t i = 0; i < golden->used; i++)
		free(golden->cells[i]);
	free(golden->cells);
	free(golden);
}

size_t golden_rows(const struct golden *golden)
{
	return golden->rows - 1;
}

static size_t column_of(const struct golden *g, const char *column)
{
	for (size_t i = 0; i < g->width; i++)
		if (strcmp(g->cells[i], column) == 0)
			return i;
	return g->width;
}

bool golden_has_column(const struct golden *golden, const char *column)
{
	return column_of(golden, column) < golden->width;
}

const char *golden_cell(const struct golden *golden, size_t row, const char *column)
{
	size_t i = column_of(golden, column);

	if (i == golden->width || row + 1 >= golden->rows) {
		fprintf(stderr, "golden: no column %s or row %zu\n", column, row);
		abort();
	}
	return golden->cells[(row + 1) * golden->width + i];
}
