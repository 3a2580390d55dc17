/* Parts as an earlier run stored them: the array literal of the numbers, the JSON array of the questions. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "checks/quota_part.h"
#include "core/mem.h"

enum { QUESTION_MEMBERS = 7 };

static int broken(struct err *err, const struct quota_part *part, const char *what)
{
	return err_set(err, ERR_DATA,
		"the stored sums of unit %s in department %s: %s is not readable", part->unit_code,
		part->figures.scope, what);
}

/* "{1,2,3}", exactly so many. */
static bool read_numbers(const char *text, int64_t *at[QUOTA_PART_NUMBERS])
{
	if (*text++ != '{')
		return false;
	for (int i = 0; i < QUOTA_PART_NUMBERS; i++) {
		char *end;

		errno = 0;
		*at[i] = strtoll(text, &end, 10);
		if (errno || end == text || *end != (i + 1 < QUOTA_PART_NUMBERS ? ',' : '}'))
			return false;
		text = end + 1;
	}
	return *text == '\0';
}

static bool kind_of_name(const char *name, enum band_question_kind *ret)
{
	for (int kind = 0; kind < BAND_QUESTION_KINDS; kind++) {
		if (strcmp(band_question_name(kind), name) == 0) {
			*ret = kind;
			return true;
		}
	}
	return false;
}

static bool read_question(struct facts *facts, const struct quota_part *part, const json_t *row,
	struct band_question *ret)
{
	const char *text[QUESTION_MEMBERS] = { NULL };

	if (json_array_size(row) != QUESTION_MEMBERS)
		return false;
	for (size_t i = 0; i < QUESTION_MEMBERS; i++) {
		const json_t *member = json_array_get(row, i);
		bool amount = i == 1 || i == 2;

		if (amount ? !json_is_integer(member) : !json_is_string(member))
			return false;
		text[i] = amount ? NULL : facts_text(facts, json_string_value(member));
	}
	*ret = (struct band_question){ .scope = part->figures.scope,
		.unit_code = part->unit_code,
		.project_code = text[3],
		.package_no = text[4],
		.contract_no = text[5],
		.supplier_uscc = text[6],
		.sme = json_integer_value(json_array_get(row, 1)),
		.small_micro = json_integer_value(json_array_get(row, 2)) };
	return kind_of_name(text[0], &ret->kind);
}

static bool read_questions(struct facts *facts, const char *text, struct quota_part *part)
{
	json_t *rows = json_loads(text, 0, NULL);
	size_t count = json_array_size(rows);
	bool good = json_is_array(rows) && count <= BAND_QUESTIONS_SHOWN;

	part->questions = mem_zero(BAND_QUESTIONS_SHOWN, sizeof(*part->questions));
	for (size_t i = 0; good && i < count; i++) {
		good = read_question(facts, part, json_array_get(rows, i), &part->questions[i]);
		part->question_count = i + 1;
	}
	json_decref(rows);
	return good;
}

int quota_parts_read(struct quota_parts *parts, struct facts *facts, const char *unit_code,
	const char *department, const char *numbers, const char *questions, struct err *err)
{
	struct quota_part *part = quota_parts_add(parts, facts_text(facts, unit_code));
	int64_t *at[QUOTA_PART_NUMBERS];

	part->figures.scope = facts_text(facts, department);
	quota_part_numbers(part, at);
	if (!read_numbers(numbers, at))
		return broken(err, part, "a number");
	if (!read_questions(facts, questions, part))
		return broken(err, part, "a question");
	return 0;
}
