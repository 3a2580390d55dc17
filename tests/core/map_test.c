#include "core/map.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { MANY = 20000 };
static char keys[MANY][12];

Test(map, every_key_is_found_again_after_growing)
{
	struct map map = MAP_INIT;

	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(keys[i], sizeof(keys[i]), "K%u", i);
		cr_assert_eq(map_put(&map, keys[i], i), MAP_NONE);
	}
	for (uint32_t i = 0; i < MANY; i++)
		cr_assert_eq(map_get(&map, keys[i]), i);
	cr_expect_eq(map_get(&map, "K20000"), MAP_NONE);
	cr_expect_eq(map.count, MANY);
	map_free(&map);
}

Test(map, an_empty_map_holds_nothing)
{
	struct map map = MAP_INIT;

	cr_expect_eq(map_get(&map, ""), MAP_NONE);
	cr_expect_null(map_find(&map, ""));
	map_free(&map);
}

Test(map, put_keeps_the_first_value_and_set_overwrites)
{
	struct map map = MAP_INIT;

	map_put(&map, "a", 1);
	cr_expect_eq(map_put(&map, "a", 2), 1);
	cr_expect_eq(map_get(&map, "a"), 1);
	map_set(&map, "a", 2);
	cr_expect_eq(map_get(&map, "a"), 2);
	cr_expect_eq(map.count, 1);
	map_free(&map);
}

Test(map, the_two_parts_of_a_key_do_not_run_together)
{
	struct map map = MAP_INIT;

	map_put2(&map, "ab", "c", 1);
	cr_expect_eq(map_get2(&map, "a", "bc"), MAP_NONE);
	map_put2(&map, "a", "bc", 2);
	cr_expect_eq(map_get2(&map, "ab", "c"), 1);
	cr_expect_eq(map_get2(&map, "a", "bc"), 2);
	cr_expect_eq(map_get(&map, "ab"), MAP_NONE);
	map_free(&map);
}
