/* The verdict standard gives the bounds of each industry, the code standard the GB/T 4754—2017
 * prefixes. */
#include "checks/size.h"

#include "core/map.h"
#include "core/mem.h"

#include <ctype.h>
#include <string.h>

enum indicator { EMPLOYEES, REVENUE, ASSETS, INDICATORS };
enum { CODE_MAX = 32 };

struct bound {
	bool listed;
	int64_t lower[3]; /* small, medium, large; persons or fen */
};
struct industry {
	char code[CODE_MAX];
	struct bound bounds[INDICATORS];
};
struct prefix {
	char text[8];
	char industry[CODE_MAX];
};
struct size_standard {
	struct industry *industries;
	size_t industry_count, industry_capacity;
	struct prefix *prefixes;
	size_t prefix_count, prefix_capacity;
};

struct size_standard *size_standard_new(void)
{
	return mem_zero(1, sizeof(struct size_standard));
}

void size_standard_free(struct size_standard *standard)
{
	if (!standard)
		return;
	free(standard->industries);
	free(standard->prefixes);
	free(standard);
}

static const struct industry *find_industry(const struct size_standard *standard, const char *code)
{
	for (size_t i = 0; i < standard->industry_count; i++) {
		if (strcmp(standard->industries[i].code, code) == 0)
			return &standard->industries[i];
	}
	return NULL;
}

static struct industry *industry_for(struct size_standard *standard, const char *code)
{
	struct industry *industry = (struct industry *)find_industry(standard, code);

	if (industry)
		return industry;
	MEM_GROW(standard->industries, standard->industry_count, standard->industry_capacity);
	industry = &standard->industries[standard->industry_count++];
	*industry = (struct industry){ 0 };
	snprintf(industry->code, sizeof(industry->code), "%s", code);
	return industry;
}

static void add_prefixes(
	struct size_standard *standard, const char *industry_code, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, ";");

		MEM_GROW(standard->prefixes, standard->prefix_count, standard->prefix_capacity);
		snprintf(standard->prefixes[standard->prefix_count].text,
			sizeof(standard->prefixes[0].text), "%.*s", (int)length, list);
		snprintf(standard->prefixes[standard->prefix_count].industry,
			sizeof(standard->prefixes[0].industry), "%s", industry_code);
		standard->prefix_count++;
		list += length + (list[length] == ';');
	}
}

static int indicator_of(const char *word)
{
	static const char *const words[] = { "employees", "revenue", "assets" };

	for (int i = 0; i < INDICATORS; i++) {
		if (strcmp(words[i], word) == 0)
			return i;
	}
	return -1;
}

int size_standard_add(struct size_standard *standard, const char *standard_id,
	const char *industry_code, const char *gbt4754, const char *indicator, int64_t small_lower,
	int64_t medium_lower, int64_t large_lower, struct err *err)
{
	int which = indicator_of(indicator);
	int64_t lower[3] = { small_lower, medium_lower, large_lower };

	if (which < 0)
		return err_set(err, ERR_DATA, "size standard: unknown indicator \"%s\"", indicator);
	if (strlen(industry_code) >= CODE_MAX)
		return err_set(err, ERR_DATA, "size standard: industry code \"%s\" is too long",
			industry_code);
	for (int i = 0; i < 3 && which != EMPLOYEES; i++) {
		if (!money_mul(lower[i], 100, &lower[i]))
			return err_set(err, ERR_DATA, "size standard: bound of %s is too large",
				industry_code);
	}
	if (strcmp(standard_id, SIZE_STANDARD_CODES) == 0)
		add_prefixes(standard, industry_code, gbt4754);
	if (strcmp(standard_id, SIZE_STANDARD_VERDICT) == 0) {
		struct bound *bound = &industry_for(standard, industry_code)->bounds[which];

		bound->listed = true;
		memcpy(bound->lower, lower, sizeof(lower));
	}
	return 0;
}

static const struct industry *by_prefix(
	const struct size_standard *standard, const char *code, size_t length)
{
	for (size_t i = 0; i < standard->prefix_count; i++) {
		const struct prefix *prefix = &standard->prefixes[i];

		if (strlen(prefix->text) == length && strncmp(prefix->text, code, length) == 0)
			return find_industry(standard, prefix->industry);
	}
	return NULL;
}

/* The section letter of a division of GB/T 4754—2017; 0 if there is no such division. */
static char section_of(int division)
{
	static const struct {
		int first, last;
		char section;
	} sections[] = {
		{ 1, 5, 'A' },
		{ 6, 12, 'B' },
		{ 13, 43, 'C' },
		{ 44, 46, 'D' },
		{ 47, 50, 'E' },
		{ 51, 52, 'F' },
		{ 53, 60, 'G' },
		{ 61, 62, 'H' },
		{ 63, 65, 'I' },
		{ 66, 69, 'J' },
		{ 70, 70, 'K' },
		{ 71, 72, 'L' },
		{ 73, 75, 'M' },
		{ 76, 79, 'N' },
		{ 80, 82, 'O' },
		{ 83, 83, 'P' },
		{ 84, 85, 'Q' },
		{ 86, 90, 'R' },
		{ 91, 96, 'S' },
		{ 97, 97, 'T' },
	};

	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (division >= sections[i].first && division <= sections[i].last)
			return sections[i].section;
	}
	return 0;
}

/* G-61: our own industry code, else the longest listed prefix, else the section of the division. */
static const struct industry *resolve(const struct size_standard *standard, const char *code)
{
	const struct industry *industry = find_industry(standard, code);
	const char *digits = isupper((unsigned char)*code) ? code + 1 : code;
	size_t length = strlen(digits);
	char section;

	if (industry)
		return industry;
	if (length == 0 && digits != code)
		return by_prefix(standard, code, 1);
	if (length < 2 || length > 4 || strspn(digits, "0123456789") != length)
		return NULL;
	for (size_t n = length; n >= 2; n--) {
		industry = by_prefix(standard, digits, n);
		if (industry)
			return industry;
	}
	section = section_of((digits[0] - '0') * 10 + (digits[1] - '0'));
	return section ? by_prefix(standard, &section, 1) : NULL;
}

static int level_of(const struct bound *bound, int64_t value)
{
	int level = 0;

	while (level < 3 && value >= bound->lower[level])
		level++;
	return level;
}

struct size_verdict size_compute(const struct size_standard *standard, const char *industry_code,
	int64_t employees, fen_t revenue_fen, fen_t assets_fen)
{
	static const enum size_class of_level[] = { SIZE_MICRO, SIZE_SMALL, SIZE_MEDIUM,
		SIZE_LARGE };
	const struct industry *industry = resolve(standard, industry_code);
	const int64_t values[INDICATORS] = { employees, revenue_fen, assets_fen };
	const unsigned negative[INDICATORS] = { 0, SIZE_FLAG_NEGATIVE_REVENUE,
		SIZE_FLAG_NEGATIVE_ASSETS };
	struct size_verdict verdict = { SIZE_UNKNOWN, SIZE_BLANK, 0 };
	int min = 4;

	if (!industry) {
		verdict.flags = SIZE_FLAG_UNCOVERED;
		return verdict;
	}
	for (int i = 0; i < INDICATORS; i++) {
		const struct bound *bound = &industry->bounds[i];
		int level;

		if (!bound->listed)
			continue;
		if (values[i] == NUMBER_NONE) {
			verdict.flags |= SIZE_FLAG_MISSING;
			continue;
		}
		if (values[i] < 0)
			verdict.flags |= negative[i];
		level = level_of(bound, values[i]);
		if (level < min)
			min = level;
	}
	if (min < 4)
		verdict.upper = of_level[min];
	/* A known micro indicator decides, whatever the missing ones are. */
	if (min == 0 || (min < 4 && !(verdict.flags & SIZE_FLAG_MISSING)))
		verdict.class = verdict.upper;
	return verdict;
}

struct size_verdict size_of_class(enum size_class class)
{
	switch (class) {
	case SIZE_MICRO:
	case SIZE_SMALL:
	case SIZE_MEDIUM:
	case SIZE_LARGE:
		return (struct size_verdict){ class, class, 0 };
	case SIZE_SME:
		return (struct size_verdict){ SIZE_UNKNOWN, SIZE_MEDIUM, 0 };
	default:
		return (struct size_verdict){ SIZE_UNKNOWN, SIZE_BLANK, 0 };
	}
}

static bool stated(enum size_class class)
{
	return class != SIZE_BLANK && class != SIZE_UNKNOWN;
}

struct size_verdict size_at_declaration(const struct size_standard *standard,
	enum size_class declared, const struct supplier_fact *supplier)
{
	if (stated(declared))
		return size_of_class(declared);
	if (!supplier)
		return size_of_class(SIZE_BLANK);
	if (stated(supplier->size_class))
		return size_of_class(supplier->size_class);
	return size_compute(standard, supplier->industry_code, supplier->employees,
		supplier->revenue_fen, supplier->assets_fen);
}

bool size_is_sme(struct size_verdict size)
{
	return size.upper != SIZE_BLANK && size.upper <= SIZE_MEDIUM;
}

bool size_is_small_micro(struct size_verdict size)
{
	return size.upper != SIZE_BLANK && size.upper <= SIZE_SMALL;
}

bool size_is_large(struct size_verdict size)
{
	return size.class == SIZE_LARGE;
}
