/* Linear probing. A slot is empty when its value is MAP_NONE, so a stored value can never be that
 * number. */
#include "core/map.h"

#include "core/err.h"
#include "core/mem.h"

#include <string.h>

enum { FIRST_ROOM = 16 };

static uint32_t hash_text(uint32_t hash, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		hash = (hash ^ *p) * 16777619u;
	/* A separator keeps ("ab", "c") and ("a", "bc") apart. */
	return (hash ^ 0xffu) * 16777619u;
}

static uint32_t hash_keys(const char *key, const char *key2)
{
	uint32_t hash = hash_text(hash_text(2166136261u, key), key2);

	/* FNV leaves the low bits of similar short keys alike; one round of mixing spreads them. */
	hash ^= hash >> 15;
	hash *= 0x2c1b3c6du;
	return hash ^ hash >> 12;
}

static bool same(const struct map_slot *slot, uint32_t hash, const char *key, const char *key2)
{
	return slot->hash == hash && strcmp(slot->key, key) == 0 && strcmp(slot->key2, key2) == 0;
}

/* The slot of the key, or the empty slot where it belongs. The map has room. */
static struct map_slot *find(
	const struct map *map, uint32_t hash, const char *key, const char *key2)
{
	size_t mask = map->room - 1;

	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		struct map_slot *slot = &map->slots[i];

		if (slot->value == MAP_NONE || same(slot, hash, key, key2))
			return slot;
	}
}

static void resize(struct map *map, size_t room)
{
	struct map old = *map;

	map->slots = mem_zero(room, sizeof(*map->slots));
	map->room = room;
	for (size_t i = 0; i < room; i++)
		map->slots[i].value = MAP_NONE;
	for (size_t i = 0; i < old.room; i++) {
		const struct map_slot *slot = &old.slots[i];

		if (slot->value != MAP_NONE)
			*find(map, slot->hash, slot->key, slot->key2) = *slot;
	}
	free(old.slots);
}

void map_free(struct map *map)
{
	free(map->slots);
	*map = (struct map)MAP_INIT;
}

void map_reserve(struct map *map, size_t count)
{
	size_t room = map->room ? map->room : FIRST_ROOM;

	while (count > room / 3 * 2)
		room *= 2;
	if (room != map->room)
		resize(map, room);
}

uint32_t map_get2(const struct map *map, const char *key, const char *key2)
{
	if (map->room == 0)
		return MAP_NONE;
	return find(map, hash_keys(key, key2), key, key2)->value;
}

uint32_t map_get(const struct map *map, const char *key)
{
	return map_get2(map, key, "");
}

const struct map_slot *map_find(const struct map *map, const char *key)
{
	const struct map_slot *slot;

	if (map->room == 0)
		return NULL;
	slot = find(map, hash_keys(key, ""), key, "");
	return slot->value == MAP_NONE ? NULL : slot;
}

static struct map_slot *slot_for(struct map *map, const char *key, const char *key2)
{
	uint32_t hash = hash_keys(key, key2);
	struct map_slot *slot;

	map_reserve(map, map->count + 1);
	slot = find(map, hash, key, key2);
	if (slot->value == MAP_NONE) {
		slot->key = key;
		slot->key2 = key2;
		slot->hash = hash;
	}
	return slot;
}

uint32_t map_put2(struct map *map, const char *key, const char *key2, uint32_t value)
{
	struct map_slot *slot;

	if (value == MAP_NONE)
		BUG("MAP_NONE cannot be stored");
	slot = slot_for(map, key, key2);
	if (slot->value != MAP_NONE)
		return slot->value;
	slot->value = value;
	map->count++;
	return MAP_NONE;
}

uint32_t map_put(struct map *map, const char *key, uint32_t value)
{
	return map_put2(map, key, "", value);
}

void map_set(struct map *map, const char *key, uint32_t value)
{
	struct map_slot *slot;

	if (value == MAP_NONE)
		BUG("MAP_NONE cannot be stored");
	slot = slot_for(map, key, "");
	map->count += slot->value == MAP_NONE;
	slot->value = value;
}
