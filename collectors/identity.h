/* Names that stand for a code because a person said so: a record that gives such a name and no code gets the code when it
 * is collected. Names are taken as written; what only looks alike is a proposal (v_identity_proposal), never a match. */
#ifndef SETASIDE_COLLECTORS_IDENTITY_H
#define SETASIDE_COLLECTORS_IDENTITY_H

#include <stdint.h>

#include "sql/kind.h"

struct identity;
struct identity *identity_new(void);
void identity_free(struct identity *identity); /* NULL is fine */
/* role: "supplier" or "unit". Copied. */
void identity_add(struct identity *identity, const char *role, const char *name, const char *code);
/* Of everything that was added, 0 of nothing: other decisions make other rows of the same bytes. */
uint64_t identity_print(const struct identity *identity);
/* Fills codes that are not stated; texts are lent by identity. Key columns stay as the source has them. */
void identity_fill(const struct identity *identity, struct kind_row *row);

#endif
