#include "collectors/occurrence.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xxhash.h>

enum { CEILING = 4 * 1000 * 1000, MANY = 1500 * 1000, GROWTH_MAX_KB = 64 * 1024 };

static struct err err;
static struct occurrence *occurrence;

static void setup(void)
{
	err = (struct err)ERR_INIT;
	occurrence = occurrence_new(CEILING);
}

static void teardown(void)
{
	occurrence_free(occurrence);
}

TestSuite(occurrence, .init = setup, .fini = teardown, .timeout = 120);

static int64_t next(uint64_t number)
{
	XXH128_hash_t hash = XXH3_128bits(&number, sizeof(number));
	struct kind_hash key;
	int64_t answer = 0;

	memcpy(key.byte, &hash, sizeof(key.byte));
	return occurrence_next(occurrence, &key, &answer, &err) < 0 ? -1 : answer;
}

/* How many keys below count do not get this number. */
static uint64_t wrong(uint64_t count, int64_t expected)
{
	uint64_t answer = 0;

	for (uint64_t key = 0; key < count; key++)
		answer += next(key) != expected;
	return answer;
}

/* What does not fit into memory is a multiple of what does. */
Test(occurrence, counts_each_of_many_keys_from_one)
{
	cr_assert_eq(wrong(600000, 1), 0, "%s", err.text);
	cr_assert_eq(wrong(600000, 2), 0, "%s", err.text);
	cr_assert_eq(next(600000), 1);
	cr_assert_eq(next(599999), 3);
}

Test(occurrence, forgets_everything_when_it_is_reset)
{
	cr_assert_eq(wrong(250000, 1), 0, "%s", err.text);
	occurrence_reset(occurrence);
	cr_assert_eq(wrong(250000, 1), 0, "%s", err.text);
}

Test(occurrence, refuses_more_different_keys_than_its_ceiling)
{
	occurrence_free(occurrence);
	occurrence = occurrence_new(2);
	cr_assert_eq(next(1), 1);
	cr_assert_eq(next(2), 1);
	cr_assert_eq(next(1), 2);
	cr_assert_eq(next(3), -1);
	cr_assert_eq(err.code, ERR_LIMIT);
	cr_assert_eq(next(2), 2);
}

Test(occurrence, says_when_there_is_no_room_for_a_file)
{
	uint64_t key = 0;

	setenv("TMPDIR", "/nonexistent", 1);
	while (key < CEILING && next(key) == 1)
		key++;
	cr_assert_eq(err.code, ERR_IO, "after %lu keys", (unsigned long)key);
	cr_assert_eq(next(0), -1);
}

static long resident_kb(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

Test(occurrence, takes_no_more_memory_for_more_keys)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		long before = resident_kb();
		if (wrong(MANY, 1) > 0)
			_exit(2);
		_exit(resident_kb() - before <= GROWTH_MAX_KB ? 0 : 1);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0,
		"1 = it grew by more than 64 MiB, 2 = it counted wrongly: %d", status >> 8);
}
