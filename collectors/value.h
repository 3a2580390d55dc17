/* The three answers a cell can give. Empty is not zero, unknown is not no (fields.md §1.0). */
#ifndef SETASIDE_COLLECTORS_VALUE_H
#define SETASIDE_COLLECTORS_VALUE_H

enum value_state {
	VALUE_GIVEN, /* a value; a code beside it is a remark (unit-suspect) */
	VALUE_NULL, /* no value, the code says why: empty, not-stated, not-applicable, text-date, sentinel, open */
	VALUE_REFUSED /* not understood, the code says what is wrong */
};

/* One English sentence for a code of any cell reader or of a mapping; the code itself if it is not known. Static. */
const char *value_reason(const char *code);

#endif
