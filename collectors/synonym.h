/* Office headers that are understood without configuration (fields.md §1): data only.
 *
 * Headers stand in normal form (collectors/header.h) without unit. Within one record kind a header leads to one column;
 * a header that means different things at different offices is left out on purpose and needs a mapping rule. */
#ifndef SETASIDE_COLLECTORS_SYNONYM_H
#define SETASIDE_COLLECTORS_SYNONYM_H

struct synonym {
	const char *record;         /* kind name */
	const char *column;         /* header of the canonical profile */
	const char *const *headers; /* NULL-terminated */
};

extern const struct synonym synonyms[]; /* ends with record == NULL */

/* Canonical column for a normalised header, NULL if there is none. */
const char *synonym_find(const char *record, const char *header);

#endif
