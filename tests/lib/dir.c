#include "lib/dir.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

void dir_make(char room[DIR_PATH_MAX])
{
	snprintf(room, DIR_PATH_MAX, "/tmp/setaside-test-XXXXXX");
	cr_assert_not_null(mkdtemp(room));
}

static int drop(const char *path, const struct stat *info, int what, struct FTW *at)
{
	(void)info;
	(void)what;
	(void)at;
	return remove(path);
}

void dir_remove(const char *path)
{
	cr_assert_eq(nftw(path, drop, 16, FTW_DEPTH | FTW_PHYS), 0, "%s", path);
}

void dir_write(const char *directory, const char *name, const char *text)
{
	char path[2 * DIR_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "we");
	cr_assert_not_null(file, "%s", path);
	cr_assert_geq(fputs(text, file), 0);
	cr_assert_eq(fclose(file), 0);
}

static void copy_file(const char *from, const char *to)
{
	char bytes[65536];
	size_t count;
	FILE *in = fopen(from, "re");
	FILE *out = fopen(to, "we");

	cr_assert(in != NULL && out != NULL, "%s to %s", from, to);
	while ((count = fread(bytes, 1, sizeof(bytes), in)) > 0)
		cr_assert_eq(fwrite(bytes, 1, count, out), count);
	fclose(in);
	cr_assert_eq(fclose(out), 0);
}

void dir_copy(const char *from, const char *to)
{
	DIR *dir = opendir(from);

	cr_assert_not_null(dir, "%s", from);
	for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
		char source[2 * DIR_PATH_MAX], target[2 * DIR_PATH_MAX];
		if (entry->d_type != DT_REG)
			continue;
		snprintf(source, sizeof(source), "%s/%s", from, entry->d_name);
		snprintf(target, sizeof(target), "%s/%s", to, entry->d_name);
		copy_file(source, target);
	}
	closedir(dir);
}
