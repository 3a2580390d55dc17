#include "lib/source_text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"

char *source_text(const char *path)
{
	_cleanup_free_ char *full = mem_format("%s/%s", SETASIDE_SOURCE_DIR, path);
	FILE *file = fopen(full, "rbe");
	struct buf buf;
	char piece[8192], *text;
	size_t count;

	cr_assert_not_null(file, "%s", full);
	buf_init(&buf, 16 << 20);
	while ((count = fread(piece, 1, sizeof(piece), file)) > 0)
		buf_add(&buf, piece, count);
	fclose(file);
	text = buf_take(&buf);
	buf_free(&buf);
	return text;
}

void source_text_expect_in_readme(const char *text)
{
	_cleanup_free_ char *readme = source_text("README.md");

	cr_assert_str_not_empty(text);
	cr_expect_not_null(strstr(readme, text), "README.md should hold:\n%s", text);
}
