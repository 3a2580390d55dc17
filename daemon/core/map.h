/* A hash map from text to a number: the index of a row in somebody's array.
 *
 * Open addressing, power-of-two room, grows at two thirds. Keys are borrowed: the caller keeps the
 * bytes alive and unchanged as long as the map holds them. No removal. A two-part key (unit,
 * supplier) is looked up without building a joined string. Not shared between threads. */
#ifndef SETASIDE_CORE_MAP_H
#define SETASIDE_CORE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAP_NONE UINT32_MAX

struct map_slot {
	const char *key;
	const char *key2;
	uint32_t hash;
	uint32_t value; /* MAP_NONE = empty slot */
};

struct map {
	struct map_slot *slots;
	size_t count;
	size_t room; /* 0 or a power of two */
};

#define MAP_INIT                                                                                   \
	{                                                                                          \
		NULL, 0, 0                                                                         \
	}

void map_free(struct map *map);
/* Makes room for count keys at once. */
void map_reserve(struct map *map, size_t count);
/* The value under key, or MAP_NONE. */
uint32_t map_get(const struct map *map, const char *key);
uint32_t map_get2(const struct map *map, const char *key, const char *key2);
/* The slot of a key that is there (its key is the copy the map holds), else NULL; good until the
 * next put. */
const struct map_slot *map_find(const struct map *map, const char *key);
/* Puts value (not MAP_NONE) under a key that is absent and returns MAP_NONE; or returns the value
 * already there and changes nothing. */
uint32_t map_put(struct map *map, const char *key, uint32_t value);
uint32_t map_put2(struct map *map, const char *key, const char *key2, uint32_t value);
/* Puts or overwrites. */
void map_set(struct map *map, const char *key, uint32_t value);

#endif
