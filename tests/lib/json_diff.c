#include "lib/json_diff.h"

#include "core/mem.h"

#include <stdbool.h>
#include <string.h>

struct diffing {
	const struct json_diff_rules *rules;
	FILE *to;
	int count;
};

static void report(struct diffing *d, const char *path, const json_t *expected, const json_t *found)
{
	if (d->count++ < d->rules->limit) {
		char *e = expected ? json_dumps(expected, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
		char *f = found ? json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

		fprintf(d->to, "%s: expected %.200s, found %.200s\n", path, e ? e : "nothing",
			f ? f : "nothing");
		free(e);
		free(f);
	}
}

static void compare(
	struct diffing *d, const char *path, const json_t *expected, const json_t *found);

static void compare_objects(
	struct diffing *d, const char *path, const json_t *expected, const json_t *found)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)expected, key, value)
	{
		_cleanup_free_ char *below = mem_format("%s/%s", path, key);
		const json_t *other = json_object_get(found, key);

		if (!other)
			report(d, below, value, NULL);
		else
			compare(d, below, value, other);
	}
}

static const char *row_name(const struct diffing *d, const json_t *row)
{
	const char *name = d->rules->id_members
				   ? json_string_value(json_object_get(row, d->rules->id_members))
				   : NULL;

	return name ? name : "";
}

static void compare_arrays(
	struct diffing *d, const char *path, const json_t *expected, const json_t *found)
{
	size_t count = json_array_size(expected);

	if (count != json_array_size(found)) {
		_cleanup_free_ char *below = mem_format(
			"%s (%zu and %zu elements)", path, count, json_array_size(found));

		report(d, below, NULL, NULL);
	}
	for (size_t i = 0; i < count && i < json_array_size(found); i++) {
		const json_t *row = json_array_get(expected, i);
		_cleanup_free_ char *below = mem_format("%s[%zu %s]", path, i, row_name(d, row));

		compare(d, below, row, json_array_get(found, i));
	}
}

static bool holds(const json_t *set, const json_t *element)
{
	for (size_t i = 0; i < json_array_size(set); i++) {
		if (json_equal(json_array_get(set, i), element))
			return true;
	}
	return false;
}

static void compare_sets(
	struct diffing *d, const char *path, const json_t *expected, const json_t *found)
{
	bool same = json_array_size(expected) == json_array_size(found);

	for (size_t i = 0; same && i < json_array_size(expected); i++)
		same = holds(found, json_array_get(expected, i));
	if (!same)
		report(d, path, expected, found);
}

static bool ends_with(const char *path, const char *member)
{
	size_t length = strlen(path), tail = member ? strlen(member) : 0;

	return tail && length > tail && path[length - tail - 1] == '/' &&
	       strcmp(path + length - tail, member) == 0;
}

static void compare(
	struct diffing *d, const char *path, const json_t *expected, const json_t *found)
{
	if (json_is_object(expected) && json_is_object(found))
		compare_objects(d, path, expected, found);
	else if (json_is_array(expected) && json_is_array(found) &&
		 ends_with(path, d->rules->set_member))
		compare_sets(d, path, expected, found);
	else if (json_is_array(expected) && json_is_array(found))
		compare_arrays(d, path, expected, found);
	else if (!json_equal(expected, found))
		report(d, path, expected, found);
}

int json_diff(
	const json_t *expected, const json_t *found, const struct json_diff_rules *rules, FILE *to)
{
	struct diffing d = { rules, to, 0 };

	compare(&d, "", expected, found);
	return d.count;
}
