/* Inside of a mapping: how the header of a file is bound to the columns of a kind. For collectors/mapping*.c only. */
#ifndef SETASIDE_COLLECTORS_MAPPING_BIND_H
#define SETASIDE_COLLECTORS_MAPPING_BIND_H

#include "collectors/cell.h"
#include "collectors/mapping.h"
#include "collectors/mapping_rule.h"

enum { BINDING_NONE = -1 }; /* the column has no cell: its fixed value holds */

struct binding {
	int cell; /* index in the row, or BINDING_NONE */
	bool constant;
	bool named; /* by mapping_name */
	struct cell_rule rule;
	struct mapping_option
		option;          /* of the column's rule and the rule for all; words are borrowed */
	struct kind_value fixed; /* constant, fallback of the kind, or "not stated" */
	struct mapping_rule *configured; /* the explicit rule, NULL = found by name */
};

struct mapping {
	const struct kind *kind;
	bool strict;
	struct mapping_rule *rules;
	size_t rule_count;
	struct mapping_option all;
	char currency[4]; /* that of the rules, "" = none says one */
	struct binding binding[KIND_COLUMNS_MAX];
	struct buf text[KIND_COLUMNS_MAX]; /* texts of the latest row */

	char **name; /* of every header cell, as written, made unique */
	size_t width;
	size_t *extra; /* cells that no column wants */
	size_t extra_count;
	char *extra_text; /* JSON of the latest row */

	const char *row_name; /* of the next row */
	/* columns with a part of their own; -1 = the kind has none */
	int currency_column, package_column, reserve_column, reserved_for_column;
	int outstanding_column, amount_column, term_column, term_unit_column;
};

/* Forgets the file before: constants and fallbacks stay. */
void mapping_unbind(struct mapping *mapping);
int mapping_bind(struct mapping *mapping, const struct frame_row *header, struct err *err);
bool mapping_value_empty(const struct kind_column *column, const struct kind_value *value);
int mapping_column(const struct kind *kind, const char *csv); /* -1 = none */

#endif
