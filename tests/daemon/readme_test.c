/* README.md says what is true: named files and commands exist. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/mem.h"
#include "daemon/command.h"
#include "lib/source_text.h"

Test(readme, every_command_is_named)
{
	_cleanup_free_ char *text = source_text("README.md");

	for (const struct command *const *c = command_table; *c; c++) {
		_cleanup_free_ char *name = mem_format("`%s", (*c)->name);
		cr_expect(strstr(text, name), "command %s", (*c)->name);
	}
}

Test(readme, every_file_of_the_map_exists)
{
	/* Rows of the map begin with a path in back quotes: | `sql/link.c` | ... */
	int seen = 0;
	_cleanup_free_ char *text = source_text("README.md");
	for (char *row = text; (row = strstr(row, "\n| `")); row += 4) {
		size_t length = strcspn(row + 4, "`");
		_cleanup_free_ char *path =
			mem_format("%s/%.*s", SETASIDE_SOURCE_DIR, (int)length, row + 4);
		struct stat status;
		if (!memchr(row + 4, '/', length))
			continue;
		seen++;
		cr_expect_eq(stat(path, &status), 0, "%s", path);
	}
	cr_expect_gt(seen, 30, "only %d rows of the map seen", seen);
}
