/* Who may include whom, which library stays where, and where tables may be named: README.md, "Layers".
 * Reads the source tree; a rule that is broken is reported with file and line. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/mem.h"

static int broken;

static void complain(const char *path, int line, const char *what, const char *detail)
{
	fprintf(stderr, "%s:%d: %s: %s\n", path, line, what, detail);
	broken++;
}

typedef void (*line_fn)(const char *path, int number, const char *line);

/* Calls each for every line of every file below folder whose name ends so. Paths are relative to the root. */
static void each_line(const char *path, line_fn each)
{
	char line[4096];
	_cleanup_free_ char *full = mem_format("%s/%s", SETASIDE_SOURCE_DIR, path);
	FILE *file = fopen(full, "re");
	cr_assert_not_null(file, "%s", full);
	for (int number = 1; fgets(line, sizeof(line), file); number++)
		each(path, number, line);
	fclose(file);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && strcmp(text + length - tail, end) == 0;
}

static int files_seen;

static void walk(const char *folder, const char *end, line_fn each)
{
	_cleanup_free_ char *full = mem_format("%s/%s", SETASIDE_SOURCE_DIR, folder);
	DIR *directory = opendir(full);
	struct dirent *entry;
	cr_assert_not_null(directory, "%s", full);
	while ((entry = readdir(directory))) {
		struct stat status;
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, "node_modules") == 0)
			continue;
		_cleanup_free_ char *path = mem_format("%s/%s", folder, entry->d_name);
		_cleanup_free_ char *whole = mem_format("%s/%s", SETASIDE_SOURCE_DIR, path);
		if (stat(whole, &status) == 0 && S_ISDIR(status.st_mode)) {
			walk(path, end, each);
		} else if (ends_with(path, end)) {
			files_seen++;
			each_line(path, each);
		}
	}
	closedir(directory);
}

static void walk_code(line_fn each)
{
	static const char *const folders[] = { "daemon", "sql", "collectors", "checks", "alerts" };
	for (size_t i = 0; i < 5; i++) {
		walk(folders[i], ".c", each);
		walk(folders[i], ".h", each);
	}
}

enum layer { CORE, SQL, COLLECTORS, CHECKS, ALERTS, API, DAEMON, LAYERS, NO_LAYER = -1 };

/* allowed[who][whom] */
static const bool allowed[LAYERS][LAYERS] = {
	[CORE] = { [CORE] = true },
	[SQL] = { [CORE] = true, [SQL] = true },
	[COLLECTORS] = { [CORE] = true, [SQL] = true, [COLLECTORS] = true },
	[CHECKS] = { [CORE] = true, [SQL] = true, [CHECKS] = true },
	[ALERTS] = { [CORE] = true, [SQL] = true, [ALERTS] = true },
	[API] = { [CORE] = true, [SQL] = true, [API] = true },
	[DAEMON] = { true, true, true, true, true, true, true },
};

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static enum layer layer_of_file(const char *path)
{
	static const struct {
		const char *start;
		enum layer layer;
	} table[] = { { "daemon/core/", CORE }, { "daemon/api/", API }, { "daemon/", DAEMON },
		{ "sql/", SQL }, { "collectors/", COLLECTORS }, { "checks/", CHECKS },
		{ "alerts/", ALERTS } };
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (starts_with(path, table[i].start))
			return table[i].layer;
	return NO_LAYER;
}

static enum layer layer_of_include(const char *include)
{
	if (starts_with(include, "core/"))
		return CORE;
	if (starts_with(include, "api/"))
		return API;
	return layer_of_file(include);
}

/* What the table above does not say: single headers that one layer shows to another. */
static bool is_door(enum layer from, const char *include)
{
	return from == API && (strcmp(include, "checks/check.h") == 0 ||
				      strcmp(include, "daemon/schedule.h") == 0);
}

static void check_include(const char *path, int number, const char *line)
{
	char include[256];
	enum layer from = layer_of_file(path);
	if (sscanf(line, "#include \"%255[^\"]\"", include) != 1)
		return;
	enum layer to = layer_of_include(include);
	if (to == NO_LAYER)
		complain(path, number, "an include is written from the root", include);
	else if (!allowed[from][to] && !is_door(from, include))
		complain(path, number, "this layer may not know that one", include);
}

Test(layering, every_folder_includes_only_what_it_may_know)
{
	walk_code(check_include);
	cr_expect_gt(files_seen, 50, "only %d files seen", files_seen);
	cr_expect_eq(broken, 0);
}

static const struct {
	const char *header;   /* start of what stands between < and > */
	const char *homes[4]; /* starts of the paths that may include it */
} fences[] = {
	{ "libpq-fe.h", { "sql/", "tests/" } },
	{ "curl/", { "daemon/core/fetch", "alerts/" } },
	{ "event2/http", { "daemon/api/" } },
	{ "xxhash.h", { "collectors/", "checks/state_print", "sql/prepared" } },
	{ "yajl/", { "collectors/frame_" } },
	{ "csv.h", { "collectors/frame_" } },
	{ "expat.h", { "collectors/frame_" } },
	{ "zip.h", { "collectors/frame_", "alerts/documents/" } },
	{ "xlsxwriter", { "daemon/api/serialise", "alerts/documents/", "alerts/mail_list",
				"daemon/tabulate_xlsx" } },
	{ "zstd.h", { "daemon/core/worker", "collectors/archive" } },
	{ "systemd/", { "daemon/service", "daemon/core/log" } },
	{ "confuse.h", { "daemon/core/conf_read" } },
};

static void check_fence(const char *path, int number, const char *line)
{
	char include[256];
	if (sscanf(line, "#include <%255[^>]>", include) != 1)
		return;
	for (size_t i = 0; i < sizeof(fences) / sizeof(*fences); i++) {
		bool home = false;
		if (!starts_with(include, fences[i].header))
			continue;
		for (size_t h = 0; h < 4 && fences[i].homes[h]; h++)
			home |= starts_with(path, fences[i].homes[h]);
		if (!home)
			complain(path, number, "this library is fenced elsewhere", include);
	}
}

Test(layering, libraries_stay_behind_their_fences)
{
	walk_code(check_fence);
	cr_expect_gt(files_seen, 50, "only %d files seen", files_seen);
	cr_expect_eq(broken, 0);
}

static char tables[128][64];
static int table_count;

static void note_table(const char *path, int number, const char *line)
{
	(void)path, (void)number;
	char name[64];
	if (sscanf(line, "CREATE TABLE %63[a-z_]", name) != 1)
		return;
	cr_assert_lt(table_count, 128);
	memcpy(tables[table_count++], name, sizeof(name));
}

static regex_t names_a_table;

static void check_table(const char *path, int number, const char *line)
{
	regmatch_t match[3];
	const char *comment = strstr(line, "--");
	for (const char *at = line; regexec(&names_a_table, at, 3, match, 0) == 0;
		at += match[2].rm_eo) {
		size_t length = (size_t)(match[2].rm_eo - match[2].rm_so);
		if (comment && at + match[2].rm_so > comment)
			return;
		for (int t = 0; t < table_count; t++)
			if (strlen(tables[t]) == length &&
				strncmp(tables[t], at + match[2].rm_so, length) == 0)
				complain(path, number, "a table is named outside sql/", tables[t]);
	}
}

Test(layering, tables_are_named_only_under_sql)
{
	cr_assert_eq(regcomp(&names_a_table, "(FROM|JOIN|INTO|UPDATE|TABLE)[ \t]+([a-z_]+)",
			     REG_EXTENDED | REG_ICASE),
		0);
	walk("sql/migrations", ".sql", note_table);
	cr_assert_gt(table_count, 20, "only %d tables found in the migrations", table_count);
	files_seen = 0;
	walk("checks", ".sql", check_table);
	walk("daemon/api", ".sql", check_table);
	cr_expect_gt(files_seen, 5, "only %d statements seen", files_seen);
	cr_expect_eq(broken, 0);
	regfree(&names_a_table);
}

static void check_marks(const char *path, int number, const char *line)
{
	static const char to_do[] = "TO"
				    "DO",
			  fix[] = "FIX"
				  "ME";
	if (strstr(line, to_do) || strstr(line, fix))
		complain(path, number, "an unfinished place", line);
}

Test(layering, nothing_is_marked_as_unfinished)
{
	walk_code(check_marks);
	walk("sql", ".sql", check_marks);
	cr_expect_eq(broken, 0);
}

static void check_own_header(const char *path, int number, const char *line)
{
	/* A .c with a header of its own includes it (or NAME_own.h, which does) before anything else. */
	static char last[512];
	char include[256], own[512];
	if (number == 1)
		last[0] = '\0';
	if (!ends_with(path, ".c") || strcmp(last, path) == 0 ||
		sscanf(line, "#include %*[<\"]%255[^>\"]", include) != 1)
		return;
	snprintf(last, sizeof(last), "%s", path);
	snprintf(own, sizeof(own), "%s/%.*sh", SETASIDE_SOURCE_DIR, (int)strlen(path) - 1, path);
	struct stat status;
	if (stat(own, &status) == 0 && !ends_with(own, include) && !ends_with(include, "_own.h"))
		complain(path, number, "the file's own header comes first", include);
}

Test(layering, every_source_includes_its_own_header_first)
{
	walk_code(check_own_header);
	cr_expect_eq(broken, 0);
}
