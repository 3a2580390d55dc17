#include "collectors/ocds_hold.h"

#include <string.h>

#include <xxhash.h>

#include "core/mem.h"

enum { SLOTS_FIRST = 64, ROWS_MAX = 64 << 20, HEAD_NUMBERS = 3 };

struct group {
	int64_t instant;
	uint32_t name_length, rows_length;
	uint32_t kinds; /* bit n: holds rows of kind_table[n] */
	char *bytes;    /* the name, then the packed rows */
};

struct ocds_hold {
	struct group *groups; /* in order of first appearance */
	int64_t count, capacity;
	int64_t *slots; /* index + 1 into groups, 0 = free; a power of two of them */
	uint64_t slot_count;
	size_t used, ceiling;
	int64_t open; /* group that rows are added to, -1 = none */
	bool fresh;   /* nothing was added to it yet */
	int64_t open_instant;
};

struct ocds_hold *ocds_hold_new(size_t ceiling)
{
	struct ocds_hold *hold = mem_zero(1, sizeof(*hold));

	hold->slot_count = SLOTS_FIRST;
	hold->slots = mem_zero(hold->slot_count, sizeof(*hold->slots));
	hold->ceiling = ceiling;
	hold->open = -1;
	return hold;
}

void ocds_hold_reset(struct ocds_hold *hold)
{
	for (int64_t i = 0; i < hold->count; i++)
		free(hold->groups[i].bytes);
	if (hold->count > 0)
		memset(hold->slots, 0, hold->slot_count * sizeof(*hold->slots));
	hold->count = 0;
	hold->used = 0;
	hold->open = -1;
}

void ocds_hold_free(struct ocds_hold *hold)
{
	if (!hold)
		return;
	for (int64_t i = 0; i < hold->count; i++)
		free(hold->groups[i].bytes);
	free(hold->groups);
	free(hold->slots);
	free(hold);
}

int64_t ocds_hold_groups(const struct ocds_hold *hold)
{
	return hold->count;
}

bool ocds_hold_group(const struct ocds_hold *hold, int64_t at, const char **ret_name,
	size_t *ret_length, int64_t *ret_instant)
{
	const struct group *group = &hold->groups[at];

	*ret_name = group->bytes;
	*ret_length = group->name_length;
	*ret_instant = group->instant;
	return group->rows_length > 0;
}

/* The slot that holds the name, or the free one where it belongs. */
static int64_t *find_slot(struct ocds_hold *hold, const char *name, size_t length)
{
	uint64_t at = XXH3_64bits(name, length);

	for (;; at++) {
		int64_t *slot = &hold->slots[at & (hold->slot_count - 1)];
		if (*slot == 0)
			return slot;
		const struct group *group = &hold->groups[*slot - 1];
		if (group->name_length == length && memcmp(group->bytes, name, length) == 0)
			return slot;
	}
}

static void grow_slots(struct ocds_hold *hold)
{
	if ((uint64_t)hold->count * 2 < hold->slot_count)
		return;
	free(hold->slots);
	hold->slot_count *= 2;
	hold->slots = mem_zero(hold->slot_count, sizeof(*hold->slots));
	for (int64_t i = 0; i < hold->count; i++)
		*find_slot(hold, hold->groups[i].bytes, hold->groups[i].name_length) = i + 1;
}

bool ocds_hold_begin(struct ocds_hold *hold, const char *name, int64_t instant, bool *ret_replaced)
{
	size_t length = strlen(name);

	grow_slots(hold);
	int64_t *slot = find_slot(hold, name, length);
	*ret_replaced = *slot != 0;
	if (*slot == 0) {
		MEM_GROW(hold->groups, hold->count, hold->capacity);
		hold->groups[hold->count] = (struct group){ .instant = INT64_MIN,
			.name_length = (uint32_t)length,
			.bytes = mem_text_n(name, length) };
		*slot = ++hold->count;
		hold->used += length + sizeof(struct group) + 2 * sizeof(int64_t);
	}
	hold->open = -1;
	struct group *group = &hold->groups[*slot - 1];
	*ret_replaced = group->rows_length > 0;
	if (group->rows_length > 0 && group->instant > instant)
		return false;
	hold->open = *slot - 1;
	hold->open_instant = instant;
	hold->fresh = true;
	return true;
}

static bool is_text(enum kind_type type)
{
	return type == KIND_TEXT || type == KIND_CODE || type == KIND_WORD || type == KIND_MONTH;
}

static char *pack_number(char *at, int64_t number)
{
	memcpy(at, &number, sizeof(number));
	return at + sizeof(number);
}

static size_t packed_size(const struct kind_row *row)
{
	size_t size = HEAD_NUMBERS * sizeof(int64_t);

	for (int i = 0; i < row->kind->count; i++)
		size += sizeof(int64_t) + 1 +
			(is_text(row->kind->columns[i].type) ? row->value[i].length : 0);
	return size;
}

/* kind, file, place, then each value: texts as length, bytes and a NUL, others as a presence byte and eight bytes. */
static void pack(char *at, int file_no, const struct kind_row *row)
{
	at = pack_number(at, kind_number(row->kind));
	at = pack_number(at, file_no);
	at = pack_number(at, row->place);
	for (int i = 0; i < row->kind->count; i++) {
		const struct kind_value *value = &row->value[i];
		if (is_text(row->kind->columns[i].type)) {
			at = pack_number(at, (int64_t)value->length);
			memcpy(at, value->text, value->length);
			at += value->length;
			*at++ = '\0';
			continue;
		}
		*at++ = value->null ? 1 : 0;
		at = pack_number(
			at, row->kind->columns[i].type == KIND_DATE ? value->day : value->number);
	}
}

static int64_t unpack_number(const char **at)
{
	int64_t number = 0;

	memcpy(&number, *at, sizeof(number));
	*at += sizeof(number);
	return number;
}

/* Texts point into the packed bytes. Returns the place behind the row. */
static const char *unpack(const char *at, struct kind_row *row, int *ret_file_no)
{
	*row = (struct kind_row){ .kind = kind_table[unpack_number(&at)] };
	*ret_file_no = (int)unpack_number(&at);
	row->place = unpack_number(&at);
	for (int i = 0; i < row->kind->count; i++) {
		struct kind_value *value = &row->value[i];
		*value = (struct kind_value){ .text = "", .day = DAY_NONE };
		if (is_text(row->kind->columns[i].type)) {
			value->length = (size_t)unpack_number(&at);
			value->text = at;
			at += value->length + 1;
			continue;
		}
		value->null = *at++ != 0;
		int64_t number = unpack_number(&at);
		if (row->kind->columns[i].type == KIND_DATE)
			value->day = (day_t)number;
		else
			value->number = number;
	}
	return at;
}

int ocds_hold_row(struct ocds_hold *hold, int file_no, const struct kind_row *row, struct err *err)
{
	size_t size = packed_size(row);

	if (hold->open < 0)
		BUG("a row outside of any group");
	struct group *group = &hold->groups[hold->open];
	size_t before = hold->fresh ? 0 : group->rows_length;
	size_t after = before + size;
	if (size > ROWS_MAX || after > UINT32_MAX / 2 ||
		hold->used - group->rows_length + after > hold->ceiling) {
		return err_set(err, ERR_LIMIT,
			"more than %zu MiB of releases in one batch: lower the pages per pull",
			hold->ceiling >> 20);
	}
	hold->used = hold->used - group->rows_length + after;
	group->bytes = mem_resize(group->bytes, group->name_length + after, 1);
	pack(group->bytes + group->name_length + before, file_no, row);
	group->rows_length = (uint32_t)after;
	group->kinds = (hold->fresh ? 0 : group->kinds) | 1u << kind_number(row->kind);
	group->instant = hold->open_instant;
	hold->fresh = false;
	return 0;
}

static int hand_out(const struct group *group, const struct kind *kind, ocds_hold_fn each,
	void *arg, struct err *err)
{
	const char *at = group->bytes + group->name_length, *end = at + group->rows_length;

	if (!(group->kinds & 1u << kind_number(kind)))
		return 0;
	while (at < end) {
		struct kind_row row;
		int file_no = 0;
		at = unpack(at, &row, &file_no);
		if (row.kind == kind && each(arg, file_no, &row, err) < 0)
			return -1;
	}
	return 0;
}

bool ocds_hold_each(struct ocds_hold *hold, const struct kind *kind, int64_t *cursor, int budget,
	ocds_hold_fn each, void *arg, int *ret_status, struct err *err)
{
	*ret_status = 0;
	for (; *cursor < hold->count && budget > 0; (*cursor)++, budget--)
		if (hand_out(&hold->groups[*cursor], kind, each, arg, err) < 0) {
			*ret_status = -1;
			return false;
		}
	return *cursor < hold->count;
}
