/* 保障中小企业款项支付条例 by versions: decree 728 for contracts signed from 1 September 2020, decree 802 for those signed
 * from 1 June 2025 (P-10). Its articles moved and changed between the two, so whatever is said of a contract cites the
 * version that governs it, and that one alone. The days are parameters (P-1 signed_from, P-10 regulation_802_from); the
 * articles are a table here, read off the two texts. Where a version says nothing, the citation says that.
 *
 * Supervision, complaints and disclosure go by the day of the act, not by this. */
#ifndef SETASIDE_CHECKS_REGULATION_H
#define SETASIDE_CHECKS_REGULATION_H

#include <stddef.h>

#include "checks/coverage.h"
#include "checks/due.h"

enum regulation {
	REGULATION_NONE,    /* signed before the first version came into force */
	REGULATION_UNKNOWN, /* the signing day is not stated */
	REGULATION_728,
	REGULATION_802,
	REGULATION_COUNT
};

/* What the program cites it for. */
enum provision {
	PROVISION_COVERAGE,        /* P-1: organs, institutions, enterprises */
	PROVISION_COVERAGE_GROUP,  /* P-1: 团体组织 */
	PROVISION_SIZE_STATED,     /* Z-5 */
	PROVISION_BUDGET,          /* E-4 */
	PROVISION_PREFINANCED,     /* E-4 */
	PROVISION_FUNDS,           /* P-3: paying when funds arrive */
	PROVISION_TERM_PUBLIC,     /* P-2 */
	PROVISION_TERM_ENTERPRISE, /* P-2 */
	PROVISION_PAY_WHEN_PAID,   /* P-5 */
	PROVISION_SETTLEMENT,      /* P-3: by progress or period */
	PROVISION_ACCEPTANCE,      /* P-3: the day it passed */
	PROVISION_INSPECTION,      /* P-3: the agreed period and its end */
	PROVISION_BILL,            /* P-5 */
	PROVISION_AUDIT,           /* P-5 */
	PROVISION_DEPOSIT,         /* P-9 */
	PROVISION_EXCUSES,         /* P-5 */
	PROVISION_DISPUTE,         /* P-6 */
	PROVISION_INTEREST,        /* P-7 */
	PROVISION_CAP,             /* P-7 */
	PROVISION_COUNT
};

enum regulation regulation_of(const struct law *law, day_t signed_on);
/* "728", "802"; "" where none governs or none can be told. */
const char *regulation_name(enum regulation regulation);
/* zh-CN: the decree, or why there is none. */
const char *regulation_decree(enum regulation regulation);
/* The signing days it governs; DAY_NONE = open, both for what is no version. */
void regulation_days(
	const struct law *law, enum regulation regulation, day_t *ret_from, day_t *ret_to);
/* Signed under the earlier version, and its clock started under the later one (P-10). start may be DAY_NONE. */
bool regulation_transition(const struct law *law, day_t signed_on, day_t start);

/* zh-CN, decree with article; never NULL or empty. */
const char *regulation_article(enum regulation regulation, enum provision provision);
const char *provision_rule(enum provision provision); /* "P-2" */

/* Which provision a debt is judged by. */
enum provision provision_of_coverage(enum debtor_kind debtor);
enum provision provision_of_term(enum debtor_kind debtor);

#endif
