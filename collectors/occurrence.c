#include "collectors/occurrence.h"

#include <string.h>

#include "core/mem.h"

/* An open-addressing table; the keys end in bytes of a hash (collectors/fingerprint.h), so these are the position. */
struct slot {
	struct kind_hash key;
	int64_t count; /* 0 = free */
};

struct occurrence {
	struct slot *slot;
	size_t size; /* a power of two */
	size_t used;
	size_t ceiling;
};

enum { FIRST_SIZE = 1024 };

struct occurrence *occurrence_new(size_t ceiling)
{
	struct occurrence *occurrence = mem_zero(1, sizeof(*occurrence));

	occurrence->ceiling = ceiling;
	occurrence->size = FIRST_SIZE;
	occurrence->slot = mem_zero(occurrence->size, sizeof(*occurrence->slot));
	return occurrence;
}

void occurrence_free(struct occurrence *occurrence)
{
	if (occurrence == NULL)
		return;
	free(occurrence->slot);
	free(occurrence);
}

void occurrence_reset(struct occurrence *occurrence)
{
	memset(occurrence->slot, 0, occurrence->size * sizeof(*occurrence->slot));
	occurrence->used = 0;
}

static struct slot *find(struct slot *slots, size_t size, const struct kind_hash *key)
{
	uint64_t at;

	memcpy(&at, key->byte + sizeof(key->byte) - sizeof(at), sizeof(at));
	for (at &= size - 1; slots[at].count > 0; at = (at + 1) & (size - 1)) {
		if (memcmp(slots[at].key.byte, key->byte, sizeof(key->byte)) == 0)
			break;
	}
	return &slots[at];
}

static void grow(struct occurrence *occurrence)
{
	size_t size = occurrence->size * 2;
	struct slot *slots = mem_zero(size, sizeof(*slots));

	for (size_t i = 0; i < occurrence->size; i++) {
		if (occurrence->slot[i].count > 0)
			*find(slots, size, &occurrence->slot[i].key) = occurrence->slot[i];
	}
	free(occurrence->slot);
	occurrence->slot = slots;
	occurrence->size = size;
}

int occurrence_next(struct occurrence *occurrence, const struct kind_hash *key, int64_t *ret_number,
	struct err *err)
{
	if (occurrence->used * 2 >= occurrence->size)
		grow(occurrence);
	struct slot *slot = find(occurrence->slot, occurrence->size, key);
	if (slot->count == 0) {
		if (occurrence->used >= occurrence->ceiling)
			return err_set(err, ERR_LIMIT,
				"more than %zu different keys in one batch of a kind whose rows "
				"may repeat",
				occurrence->ceiling);
		slot->key = *key;
		occurrence->used++;
	}
	*ret_number = ++slot->count;
	return 0;
}
