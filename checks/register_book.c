/* Entries of one subject (supplier, contract, project) are a chain; a map finds its head. */
#include "checks/register_book.h"

#include <string.h>

#include "checks/words.h"
#include "core/map.h"
#include "core/mem.h"

struct kept {
	struct register_entry entry;
	uint32_t next; /* of the same subject; MAP_NONE = last */
};

struct register_book {
	struct kept *items;
	size_t count, capacity;
	struct map by_supplier, by_contract, by_project; /* each entry is in one of them */
	struct facts *texts;                             /* its pool keeps them */
};

static const char *const words[] = { "", "exemption", "deemed", "size", "correction" };

enum register_name register_name_of(const char *word)
{
	for (int i = REGISTER_EXEMPTION; i <= REGISTER_CORRECTION; i++)
		if (strcmp(words[i], word) == 0)
			return (enum register_name)i;
	return REGISTER_UNKNOWN;
}

const char *register_word(enum register_name name)
{
	return words[name];
}

struct register_book *register_book_new(void)
{
	struct register_book *book = mem_zero(1, sizeof(*book));

	book->texts = facts_new();
	return book;
}

void register_book_free(struct register_book *book)
{
	if (!book)
		return;
	map_free(&book->by_supplier);
	map_free(&book->by_contract);
	map_free(&book->by_project);
	facts_free(book->texts);
	free(book->items);
	free(book);
}

/* Adding -------------------------------------------------------------------------------------- */

static void keep_texts(struct register_book *book, struct register_entry *entry)
{
	const char **texts[] = { &entry->entry_no, &entry->unit_code, &entry->project_code,
		&entry->package_no, &entry->supplier_uscc, &entry->contract_no, &entry->field,
		&entry->value, &entry->reason, &entry->evidence, &entry->approver };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = facts_text(book->texts, *texts[i]);
}

static uint32_t head_for(struct register_book *book, const struct register_entry *entry)
{
	uint32_t place = (uint32_t)book->count;

	if (*entry->contract_no)
		return map_put(&book->by_contract, entry->contract_no, place);
	if (*entry->supplier_uscc)
		return map_put(&book->by_supplier, entry->supplier_uscc, place);
	return map_put2(&book->by_project, entry->unit_code, entry->project_code, place);
}

void register_book_add(struct register_book *book, const struct register_entry *entry)
{
	struct kept *kept;
	uint32_t head;

	MEM_GROW(book->items, book->count, book->capacity);
	kept = &book->items[book->count];
	*kept = (struct kept){ .entry = *entry, .next = MAP_NONE };
	keep_texts(book, &kept->entry);
	head = head_for(book, &kept->entry);
	if (head != MAP_NONE) {
		kept->next = book->items[head].next;
		book->items[head].next = (uint32_t)book->count;
	}
	book->count++;
}

/* Finding ------------------------------------------------------------------------------------- */

static bool in_force(const struct register_entry *entry, day_t day, day_t as_of)
{
	return day != DAY_NONE && entry->valid_from <= day &&
	       (entry->valid_to == DAY_NONE || day <= entry->valid_to) &&
	       (entry->withdrawn_on == DAY_NONE || entry->withdrawn_on > as_of);
}

/* Of two that hold, the one that counts. */
static const struct register_entry *better(
	const struct register_entry *a, const struct register_entry *b)
{
	if (!a)
		return b;
	if (!*a->package_no != !*b->package_no)
		return *a->package_no ? a : b;
	if (a->valid_from != b->valid_from)
		return a->valid_from > b->valid_from ? a : b;
	return strcmp(a->entry_no, b->entry_no) > 0 ? a : b;
}

static bool is_of_item(const struct register_entry *entry, const struct budget_item_fact *item)
{
	return entry->fiscal_year == item->fiscal_year &&
	       (!*entry->package_no || strcmp(entry->package_no, item->package_no) == 0);
}

static uint32_t head_of_item(const struct register_book *book, const struct budget_item_fact *item)
{
	return book && book->count > 0
		       ? map_get2(&book->by_project, item->unit_code, item->project_code)
		       : MAP_NONE;
}

/* The day on which an exemption must hold: of the notice, else of the contract, else the latest day of the year that has
 * come. A lapse at the end of the year or after signing takes nothing back. */
static day_t day_of_exemption(const struct budget_item_fact *item, day_t as_of)
{
	day_t day = day_known(item->notice_on, as_of), last = as_of;

	if (day == DAY_NONE)
		day = day_known(item->first_signed_on, as_of);
	if (day != DAY_NONE)
		return day;
	return day_from_civil(item->fiscal_year, 12, 31, &last) && last < as_of ? last : as_of;
}

const struct register_entry *register_exemption(
	const struct register_book *book, const struct budget_item_fact *item, day_t as_of)
{
	const struct register_entry *found = NULL;
	day_t day = day_of_exemption(item, as_of);

	for (uint32_t at = head_of_item(book, item); at != MAP_NONE; at = book->items[at].next) {
		const struct register_entry *entry = &book->items[at].entry;

		if (entry->name == REGISTER_EXEMPTION && is_of_item(entry, item) &&
			in_force(entry, day, as_of))
			found = better(found, entry);
	}
	return found;
}

static const struct register_entry *find_in_chain(const struct register_book *book, uint32_t at,
	enum register_name name, day_t day, day_t as_of)
{
	const struct register_entry *found = NULL;

	for (; at != MAP_NONE; at = book->items[at].next)
		if (book->items[at].entry.name == name &&
			in_force(&book->items[at].entry, day, as_of))
			found = better(found, &book->items[at].entry);
	return found;
}

const struct register_entry *register_supplier(const struct register_book *book,
	enum register_name name, const char *supplier, day_t day, day_t as_of)
{
	if (!book || book->count == 0 || !*supplier)
		return NULL;
	return find_in_chain(book, map_get(&book->by_supplier, supplier), name, day, as_of);
}

static const struct register_entry *of_contract(const struct register_book *book,
	enum register_name name, const struct contract_fact *contract, day_t as_of)
{
	const struct register_entry *found;

	if (!book || book->count == 0)
		return NULL;
	found = find_in_chain(book, map_get(&book->by_contract, contract->contract_no), name,
		contract->signed_on, as_of);
	return found ? found
		     : register_supplier(
			       book, name, contract->supplier_uscc, contract->signed_on, as_of);
}

const struct register_entry *register_deemed(
	const struct register_book *book, const struct contract_fact *contract, day_t as_of)
{
	return of_contract(book, REGISTER_DEEMED, contract, as_of);
}

const struct register_entry *register_size(
	const struct register_book *book, const struct contract_fact *contract, day_t as_of)
{
	return of_contract(book, REGISTER_SIZE, contract, as_of);
}

struct size_verdict register_size_verdict(const struct law *law,
	const struct contract_fact *contract, const struct supplier_fact *supplier, day_t as_of)
{
	const struct register_entry *entry = register_size(law->registers, contract, as_of);

	return entry ? size_of_class(words_size_class(entry->value))
		     : size_at_declaration(law->sizes, contract->declared_size, supplier);
}

/* Corrections --------------------------------------------------------------------------------- */

static bool corrects(const struct register_entry *entry, day_t day)
{
	return entry->name == REGISTER_CORRECTION && entry->withdrawn_on == DAY_NONE &&
	       in_force(entry, day, day);
}

static uint32_t after(const struct register_book *book, const struct register_entry *from)
{
	/* An entry is the first member of what is kept. */
	const struct kept *kept = (const struct kept *)from;

	return kept >= book->items && kept < book->items + book->count ? kept->next : MAP_NONE;
}

/* A correction of a record holds; among several of one field the better one is it. */
struct corrected {
	const struct register_book *book;
	uint32_t head;                       /* of the entries of the record's subject */
	const struct budget_item_fact *item; /* NULL: a contract */
	day_t day;                           /* the record's own */
};

static bool holds(const struct corrected *record, const struct register_entry *entry)
{
	return corrects(entry, record->day) && (!record->item || is_of_item(entry, record->item));
}

static bool is_best_of_its_field(const struct corrected *record, const struct register_entry *entry)
{
	const struct kept *items = record->book->items;

	for (uint32_t at = record->head; at != MAP_NONE; at = items[at].next) {
		const struct register_entry *other = &items[at].entry;

		if (other != entry && holds(record, other) &&
			strcmp(other->field, entry->field) == 0 && better(entry, other) == other)
			return false;
	}
	return true;
}

static const struct register_entry *next_correction(
	const struct corrected *record, const struct register_entry *from)
{
	uint32_t at = from ? after(record->book, from) : record->head;

	for (; at != MAP_NONE; at = record->book->items[at].next) {
		const struct register_entry *entry = &record->book->items[at].entry;

		if (holds(record, entry) && is_best_of_its_field(record, entry))
			return entry;
	}
	return NULL;
}

const struct register_entry *register_correction_of_item(const struct register_book *book,
	const struct budget_item_fact *item, const struct register_entry *from)
{
	struct corrected record = { .book = book,
		.head = head_of_item(book, item),
		.item = item,
		.day = item->approved_on };

	return next_correction(&record, from);
}

const struct register_entry *register_correction_of_contract(const struct register_book *book,
	const struct contract_fact *contract, const struct register_entry *from)
{
	struct corrected record = { .book = book, .day = contract->signed_on };

	if (!book || book->count == 0)
		return NULL;
	record.head = map_get(&book->by_contract, contract->contract_no);
	return next_correction(&record, from);
}

static void correct_item(const struct register_entry *entry, struct budget_item_fact *item)
{
	if (strcmp(entry->field, "reserve_form") == 0)
		item->reserve_form = words_reserve_form(entry->value);
	else if (strcmp(entry->field, "reserved_for") == 0)
		item->reserved_for = words_reserved_for(entry->value);
	else if (strcmp(entry->field, "required_share_percent") == 0)
		item->required_share_ppm = entry->value_ppm;
}

static void correct_contract(const struct register_entry *entry, struct contract_fact *contract)
{
	if (strcmp(entry->field, "reserve_form") == 0)
		contract->reserve_form = words_reserve_form(entry->value);
	else if (strcmp(entry->field, "declared_size") == 0)
		contract->declared_size = words_size_class(entry->value);
	else if (strcmp(entry->field, "sme_share_percent") == 0)
		contract->sme_share_ppm = entry->value_ppm;
	else if (strcmp(entry->field, "small_micro_share_percent") == 0)
		contract->small_micro_share_ppm = entry->value_ppm;
}

/* When exempted projects were signed --------------------------------------------------------------- */

static bool is_exempted(const struct register_book *book, const struct budget_item_fact *item)
{
	for (uint32_t at = head_of_item(book, item); at != MAP_NONE; at = book->items[at].next)
		if (book->items[at].entry.name == REGISTER_EXEMPTION)
			return true;
	return false;
}

/* Signed for this budget row: in its fiscal year (G-21), or before it but after the row was approved. Codes may be used
 * again in another year. A cancelled contract was no purchase. */
static bool is_contract_of(
	const struct contract_fact *contract, const struct budget_item_fact *item)
{
	day_t first, last;

	if (contract->cancelled || contract->signed_on == DAY_NONE ||
		!fact_span(item->fiscal_year, item->approved_on, &first, &last))
		return false;
	return contract->signed_on >= first && contract->signed_on <= last &&
	       (!*contract->package_no || !*item->package_no ||
		       strcmp(contract->package_no, item->package_no) == 0);
}

/* The exempted rows of each project, as chains: next[row], MAP_NONE = last. */
static void chain_exempted(const struct register_book *book, const struct facts *facts,
	struct map *heads, uint32_t *next)
{
	for (uint32_t row = 0; row < facts->budget_items.count; row++) {
		const struct budget_item_fact *item = &facts->budget_items.items[row];
		uint32_t head;

		next[row] = MAP_NONE;
		if (!is_exempted(book, item))
			continue;
		head = map_put2(heads, item->unit_code, item->project_code, row);
		if (head != MAP_NONE) {
			next[row] = next[head];
			next[head] = row;
		}
	}
}

static void note_signings(const struct register_book *book, struct facts *facts)
{
	struct map heads = MAP_INIT;
	uint32_t *next = mem_zero(facts->budget_items.count + 1, sizeof(*next));

	chain_exempted(book, facts, &heads, next);
	for (size_t i = 0; heads.count > 0 && i < facts->contracts.count; i++) {
		const struct contract_fact *contract = &facts->contracts.items[i];
		uint32_t at = map_get2(&heads, contract->unit_code, contract->project_code);

		for (; at != MAP_NONE; at = next[at]) {
			struct budget_item_fact *item = &facts->budget_items.items[at];
			if (is_contract_of(contract, item) &&
				(item->first_signed_on == DAY_NONE ||
					contract->signed_on < item->first_signed_on))
				item->first_signed_on = contract->signed_on;
		}
	}
	map_free(&heads);
	free(next);
}

void register_book_correct(const struct register_book *book, struct facts *facts)
{
	const struct register_entry *entry = NULL;

	if (!book || book->count == 0)
		return;
	note_signings(book, facts);
	for (size_t i = 0; i < facts->budget_items.count; i++) {
		struct budget_item_fact *item = &facts->budget_items.items[i];

		while ((entry = register_correction_of_item(book, item, entry)))
			correct_item(entry, item);
	}
	for (size_t i = 0; i < facts->contracts.count; i++) {
		struct contract_fact *contract = &facts->contracts.items[i];

		while ((entry = register_correction_of_contract(book, contract, entry)))
			correct_contract(entry, contract);
	}
}
