#include "collectors/identity.h"

#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "core/err.h"
#include "core/map.h"
#include "core/mem.h"

enum { NAME_MAX_BYTES = 1024, PAIRS_MAX = 2 };

/* Which name column goes with which code column. */
static const struct {
	const char *code, *name, *role;
} pairs[] = {
	{ "supplier_uscc", "supplier_name", "supplier" },
	{ "payee_uscc", "payee_name", "supplier" },
	{ "creditor_uscc", "creditor_name", "supplier" },
	{ "supplier_id", "supplier_name", "supplier" },
	{ "unit_code", "buyer_name", "unit" },
};

struct pair {
	int code, name;
	const char *role;
};

struct identity {
	struct map map; /* role, name -> place in codes */
	char **texts;   /* names and codes, one after the other */
	size_t count, capacity;
	struct pair pair[KIND_COUNT][PAIRS_MAX];
	int pair_count[KIND_COUNT];
	uint64_t print;
};

static void find_pairs(struct identity *identity, const struct kind *kind)
{
	int number = kind_number(kind);

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		int code = kind_column_find(kind, pairs[i].code);
		int name = kind_column_find(kind, pairs[i].name);
		if (code < 0 || name < 0 || (kind->columns[code].flags & KIND_KEY))
			continue;
		if (identity->pair_count[number] == PAIRS_MAX)
			BUG("kind %s has more than %d names with codes", kind->name, PAIRS_MAX);
		identity->pair[number][identity->pair_count[number]++] =
			(struct pair){ code, name, pairs[i].role };
	}
}

struct identity *identity_new(void)
{
	struct identity *identity = mem_zero(1, sizeof(*identity));

	for (const struct kind *const *kind = kind_table; *kind; kind++)
		find_pairs(identity, *kind);
	return identity;
}

void identity_free(struct identity *identity)
{
	if (!identity)
		return;
	for (size_t i = 0; i < identity->count; i++)
		free(identity->texts[i]);
	free(identity->texts);
	map_free(&identity->map);
	free(identity);
}

static char *keep(struct identity *identity, const char *text)
{
	MEM_GROW(identity->texts, identity->count, identity->capacity);
	return identity->texts[identity->count++] = mem_text(text);
}

void identity_add(struct identity *identity, const char *role, const char *name, const char *code)
{
	const char *own_name = keep(identity, name), *own_role = keep(identity, role);

	map_put2(&identity->map, own_name, own_role, (uint32_t)identity->count);
	keep(identity, code);
	identity->print = XXH3_64bits_withSeed(name, strlen(name), identity->print);
	identity->print = XXH3_64bits_withSeed(code, strlen(code), identity->print);
}

uint64_t identity_print(const struct identity *identity)
{
	return identity->print;
}

static void fill(const struct identity *identity, const struct pair *pair, struct kind_row *row)
{
	const struct kind_value *name = &row->value[pair->name];
	char room[NAME_MAX_BYTES];

	if (row->value[pair->code].length > 0 || name->length == 0 || name->length >= sizeof(room))
		return;
	memcpy(room, name->text, name->length);
	room[name->length] = '\0';
	uint32_t at = map_get2(&identity->map, room, pair->role);
	if (at == MAP_NONE)
		return;
	row->value[pair->code].text = identity->texts[at];
	row->value[pair->code].length = strlen(identity->texts[at]);
}

void identity_fill(const struct identity *identity, struct kind_row *row)
{
	if (identity->count == 0)
		return;
	int number = kind_number(row->kind);
	for (int i = 0; i < identity->pair_count[number]; i++)
		fill(identity, &identity->pair[number][i], row);
}
