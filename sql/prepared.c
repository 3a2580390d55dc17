#include "sql/prepared.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "core/mem.h"

enum { SLOTS = 2 * PREPARED_MAX }; /* of an open table: never more than half full */

struct prepared_statement {
	XXH128_hash_t key;
	int uses; /* 0 = the slot is free */
	bool made;
	char name[PREPARED_NAME_MAX];
};

struct prepared {
	struct prepared_statement slots[SLOTS];
	int count, last_number;
};

struct prepared *prepared_new(void)
{
	return mem_zero(1, sizeof(struct prepared));
}

void prepared_free(struct prepared *prepared)
{
	free(prepared);
}

/* A name is never given twice: the server may still hold what was forgotten here. */
static void name_anew(struct prepared *prepared, struct prepared_statement *statement)
{
	snprintf(statement->name, sizeof(statement->name), "s%d", ++prepared->last_number);
}

struct prepared_statement *prepared_find(struct prepared *prepared, const char *text)
{
	XXH128_hash_t key = XXH3_128bits(text, strlen(text));
	size_t at = (size_t)(key.low64 % SLOTS);
	struct prepared_statement *slot;

	while (prepared->slots[at].uses > 0 && !XXH128_isEqual(prepared->slots[at].key, key))
		at = (at + 1) % SLOTS;
	slot = &prepared->slots[at];
	if (slot->uses == 0 && prepared->count == PREPARED_MAX)
		return NULL;
	if (slot->uses == 0) {
		prepared->count++;
		slot->key = key;
		name_anew(prepared, slot);
	}
	slot->uses += slot->uses < 2;
	return slot->uses < 2 ? NULL : slot;
}

bool prepared_known(const struct prepared_statement *statement)
{
	return statement->made;
}

void prepared_made(struct prepared_statement *statement)
{
	statement->made = true;
}

const char *prepared_name(const struct prepared_statement *statement)
{
	return statement->name;
}

void prepared_forget(struct prepared *prepared, struct prepared_statement *statement)
{
	statement->made = false;
	statement->uses = 1;
	name_anew(prepared, statement);
}
