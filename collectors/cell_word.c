#include "collectors/cell_reading.h"

#include <string.h>

#include "collectors/value_text.h"

/* The first of the spellings that the column knows, or NULL. */
static const char *allowed(const struct cell_reading *reading, const char *const *spellings)
{
	const char *const *words = reading->rule->column->words;

	for (; *spellings; spellings++) {
		for (size_t i = 0; words[i]; i++) {
			if (strcmp(words[i], *spellings) == 0)
				return words[i];
		}
	}
	return NULL;
}

static void read_size(struct cell_reading *reading)
{
	static const char *const spellings[][3] = {
		[VALUE_SIZE_LARGE] = { "L" },
		[VALUE_SIZE_MEDIUM] = { "M" },
		[VALUE_SIZE_SMALL] = { "S" },
		[VALUE_SIZE_MICRO] = { "X" },
		[VALUE_SIZE_SMALL_OR_MICRO] = { "small_or_micro", "SME" },
		[VALUE_SIZE_SME] = { "SME" },
		[VALUE_SIZE_NOT_A_SIZE] = { NULL },
	};
	enum value_size size = value_size_read(reading->cell->text, reading->cell->length);

	if (size == VALUE_SIZE_UNMAPPED || size == VALUE_SIZE_NOT_A_SIZE) {
		cell_refuse(reading,
			size == VALUE_SIZE_UNMAPPED ? "size-code-unmapped" : "word-unknown");
		return;
	}
	const char *word = allowed(reading, spellings[size]);
	if (word)
		cell_give_static(reading, word);
	else
		cell_nothing(reading, size == VALUE_SIZE_EMPTY || size == VALUE_SIZE_UNKNOWN
					      ? "empty"
					      : "size-not-a-class");
}

static void read_reserve(struct cell_reading *reading)
{
	static const char *const forms[][2] = {
		[VALUE_RESERVE_NOTHING] = { NULL },
		[VALUE_RESERVE_NONE] = { "none" },
		[VALUE_RESERVE_WHOLE] = { "whole" },
		[VALUE_RESERVE_PACKAGE] = { "package" },
		[VALUE_RESERVE_WHOLE_OR_PACKAGE] = { "whole" }, /* the row decides, see mapping.c */
		[VALUE_RESERVE_CONSORTIUM] = { "consortium" },
		[VALUE_RESERVE_SUBCONTRACT] = { "subcontract" },
		[VALUE_RESERVE_UNKNOWN_FORM] = { "unstated" },
		[VALUE_RESERVE_NOT_UNDERSTOOD] = { NULL },
	};
	struct value_reserve *reserve = &reading->answer->reserve;

	value_reserve_read(reading->cell->text, reading->cell->length, reserve);
	if (reserve->form == VALUE_RESERVE_NOT_UNDERSTOOD) {
		cell_refuse(reading, "reserve-not-understood");
		return;
	}
	const char *word = allowed(reading, forms[reserve->form]);
	if (!word) {
		cell_nothing(reading, "not-stated");
		return;
	}
	cell_give_static(reading, word);
	if (reserve->form == VALUE_RESERVE_UNKNOWN_FORM)
		reading->answer->code = "reserve-form-unstated";
}

static bool is_size_column(const struct cell_reading *reading)
{
	return cell_is_column(reading, "size_class") || cell_is_column(reading, "declared_size");
}

void cell_read_word(struct cell_reading *reading)
{
	static const char *const blanks[] = { "-", "--", "—", "/", "无", "未知", "n/a", NULL };
	const struct cell_rule *rule = reading->rule;
	char word[VALUE_WORD_MAX], other[VALUE_WORD_MAX];
	bool bare_letters = is_size_column(reading) && !rule->canonical_header;

	if (!value_word_normal(reading->cell->text, reading->cell->length, word)) {
		cell_refuse(reading, "word-unknown");
		return;
	}
	for (size_t i = 0; !bare_letters && rule->column->words[i]; i++) {
		const char *known = rule->column->words[i];
		if (value_word_normal(known, strlen(known), other) && strcmp(word, other) == 0) {
			cell_give_static(reading, known);
			return;
		}
	}
	const char *found = value_word_find(
		rule->kind->name, rule->column->csv ? rule->column->csv : "", word, strlen(word));
	const char *known = found ? allowed(reading, (const char *const[]){ found, NULL }) : NULL;
	if (known)
		cell_give_static(reading, known);
	else if (is_size_column(reading))
		read_size(reading);
	else if (cell_is_column(reading, "reserve_form"))
		read_reserve(reading);
	else if (value_one_of(word, blanks))
		cell_nothing(reading, "not-applicable");
	else
		cell_refuse(reading, "word-unknown");
}
