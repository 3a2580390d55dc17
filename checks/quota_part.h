/* What one unit adds to the set-aside of one department: sums as integers, and the questions that narrow its bands most.
 *
 * A year's figures of every scope are the sums of its parts, whoever computed them when: so a run computes those of the
 * units that a batch touched, and reads the others from where the last run stored them. Pure; amounts are fen. */
#ifndef SETASIDE_CHECKS_QUOTA_PART_H
#define SETASIDE_CHECKS_QUOTA_PART_H

#include "checks/json_out.h"
#include "checks/outlook.h"
#include "checks/unit_split.h"

struct quota_part {
	const char *unit_code;
	struct scope_figures figures; /* its scope is the department */
	struct band plan, award, paid;
	struct scope_prospect prospect;
	struct band_question *questions; /* of the part, in their order */
	size_t question_count;           /* at most BAND_QUESTIONS_SHOWN */
};
struct quota_parts {
	struct quota_part *items;
	size_t count, capacity;
};
void quota_parts_free(struct quota_parts *parts);
/* An empty part, the caller's to fill; good until the next one. */
struct quota_part *quota_parts_add(struct quota_parts *parts, const char *unit_code);

/* What all parts of a year have in common. */
struct quota_frame {
	const struct law *law;
	const struct facts *facts;     /* units and the year's marks */
	const struct unit_tree *units; /* of these facts */
	int fiscal_year;
	day_t as_of;
};
/* Adds the parts of one unit; most units have one. Texts are those of rows and units. */
void quota_parts_judge(
	struct quota_parts *parts, const struct quota_frame *frame, const struct unit_rows *rows);

struct quota_year {
	struct year_figures figures;
	struct year_outlook outlook; /* without the list of open items; questions: those shown */
};
/* Release with quota_year_free. Texts are the parts'. */
void quota_parts_total(
	const struct quota_parts *parts, const struct quota_frame *frame, struct quota_year *ret);
void quota_year_free(struct quota_year *year);

/* As text: the numbers in a lasting order, and the questions as a JSON array. */
enum { QUOTA_PART_NUMBERS = FIGURES_NUMBERS + 15 + 2 * (PROSPECT_MONTHS + 1) + 4 };
void quota_part_numbers(struct quota_part *part, int64_t *ret_at[QUOTA_PART_NUMBERS]);
void quota_part_write(struct json_out *out, const struct quota_part *part);
/* Adds a part from what was written. Texts are copied into facts. 0, or -1 and err for what nothing here has written. */
int quota_parts_read(struct quota_parts *parts, struct facts *facts, const char *unit_code,
	const char *department, const char *numbers, const char *questions, struct err *err);

#endif
