/* The seven acts of public bodies that article 31 of the regulation punishes (E-3), and the findings that speak of them:
 * "31-1" … "31-7".
 *
 * A finding names the act as a member of its evidence, and only where the debtor is an organ, an institution or a group.
 * It says what was found, not who is to blame: a person decides. No finding speaks of acts 6 and 7: see the table of
 * tests/checks/arrears_rules_covered_test.c. */
#ifndef SETASIDE_CHECKS_ACT_H
#define SETASIDE_CHECKS_ACT_H

#include "checks/facts.h"

enum { ACTS = 7 };
/* zh-CN, as the article names it. act: 1 … ACTS. */
const char *act_words(int act);
/* "31-4" of the finding with that code against such a debtor; NULL: it is no act of the article, or none of theirs. */
const char *act_of_finding(const char *code, enum debtor_kind debtor);

#endif
