#include "checks/day_names.h"

#include <stdlib.h>

#include "core/mem.h"

struct named {
	day_t day;
	char *name;
};

struct day_names {
	struct named *items;
	size_t count, capacity;
};

struct day_names *day_names_new(void)
{
	return mem_zero(1, sizeof(struct day_names));
}

void day_names_free(struct day_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i].name);
	free(names->items);
	free(names);
}

void day_names_add(struct day_names *names, day_t day, const char *name)
{
	if (!*name)
		return;
	MEM_GROW(names->items, names->count, names->capacity);
	names->items[names->count++] = (struct named){ day, mem_text(name) };
}

static int compare_day(const void *key, const void *item)
{
	day_t day = *(const day_t *)key, other = ((const struct named *)item)->day;

	return (day > other) - (day < other);
}

const char *day_names_of(const struct day_names *names, day_t day)
{
	const struct named *found = names && names->count > 0
					    ? bsearch(&day, names->items, names->count,
						      sizeof(*names->items), compare_day)
					    : NULL;

	if (found)
		return found->name;
	if (day_weekday(day) == 6)
		return "周六";
	return day_weekday(day) == 7 ? "周日" : "法定节假日";
}
