/* The rules as data, for people: every rule with its article, its parameters with unit, range, default and the periods in
 * force here, and what records are asked about under it.
 *
 * {"jurisdiction", "jurisdiction_name", "rules": [{"rule", "article", "provisions": [{"versions": […]}], "parameters": [{"name", "unit", "minimum", "maximum",
 * "default" (null = none), "selected_by", "optional", "citation", "periods": [{"jurisdiction", "valid_from", "valid_to",
 * "value", "citation"}]}], "checks": [{"code", "words", "citation", "versions"}]}]}. versions are the articles of the two
 * versions of the payment regulation, [{"version", "signed_from", "signed_to", "citation"}], where what is said of a contract
 * depends on its signing day (checks/regulation.h). Values are integers in the unit, dates ISO text,
 * switches booleans. A period is stated by the jurisdiction itself or inherited from the one that it names. */
#ifndef SETASIDE_CHECKS_RULE_LIST_H
#define SETASIDE_CHECKS_RULE_LIST_H

#include "checks/json_out.h"
#include "checks/load.h"

/* rule NULL: all. ERR_DATA, with nothing written, for a rule that is not there. */
int rule_list_write(
	const struct ledger *ledger, const char *rule, struct json_out *out, struct err *err);

#endif
