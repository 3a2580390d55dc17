/* What the text of a payment clause says, and what it only says to rule it out: 不以开具发票为付款前提 demands no
 * invoice. */
#ifndef SETASIDE_CHECKS_CLAUSE_WORDS_H
#define SETASIDE_CHECKS_CLAUSE_WORDS_H

#include <stdbool.h>

/* Lists end with NULL. */
struct clause_words {
	const char *const *said;
	const char *const *denied_before; /* before the words, within the same part of a sentence */
	const char *const *denied;        /* anywhere in that part */
};
/* Some part of the text, up to a comma, semicolon or full stop, says it and does not deny it. */
bool clause_says(const char *text, const struct clause_words *words);

#endif
