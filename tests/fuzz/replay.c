/* Runs a fuzz target over files and directories of files given as arguments; fails if there are none. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

#include "core/mem.h"

enum { INPUT_MAX = 1 << 20 };

static int replay_file(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file) {
		perror(path);
		return -1;
	}
	_cleanup_free_ uint8_t *room = mem_alloc(INPUT_MAX);
	size_t count = fread(room, 1, INPUT_MAX, file);
	fclose(file);
	/* an exact copy, so that a read past the end is seen */
	_cleanup_free_ uint8_t *bytes = mem_alloc(count ? count : 1);
	memcpy(bytes, room, count);
	LLVMFuzzerTestOneInput(bytes, count);
	return 1;
}

static int replay(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int ran = 0;

	if (!directory)
		return replay_file(path);
	while (ran >= 0 && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		_cleanup_free_ char *child = mem_format("%s/%s", path, entry->d_name);
		int one = replay(child);
		ran = one < 0 ? -1 : ran + one;
	}
	closedir(directory);
	return ran;
}

int main(int argc, char **argv)
{
	int ran = 0;

	for (int i = 1; i < argc; i++) {
		int one = replay(argv[i]);
		if (one < 0)
			return 1;
		ran += one;
	}
	printf("%d inputs\n", ran);
	return ran == 0;
}
