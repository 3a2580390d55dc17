/* The one pull of a test (lib/pull.h): init and fini of suites about what a source brings, and what these expect of it.
 * For tests only. */
#ifndef SETASIDE_TESTS_PULL_RIG_H
#define SETASIDE_TESTS_PULL_RIG_H

#include "lib/pg.h"
#include "lib/pull.h"
#include "lib/pulled.h"

extern struct pull pull;

void pull_rig_set_up(void);
/* With a fetcher, for sources over HTTP. */
void pull_rig_over_http(void);
void pull_rig_tear_down(void);

/* Imports pull.data as a canonical directory, which must not fail and counts each row that it read once. */
void pull_rig_import(bool complete);
/* The same, not complete, as the source of that name. */
void pull_rig_import_as(const char *source);
/* What the last pull counted; it did not fail. */
void pull_rig_expect(
	int64_t fresh, int64_t changed, int64_t unchanged, int64_t closed, int64_t refused);
/* The first column of the ledger's answer to a query. */
#define EXPECT(sql_text, expected) cr_expect_str_eq(pg_text(pull.db, sql_text), expected)

/* A feed of releases whose pages name the next one, at a server on the loopback. The texts are lent. */
struct source_config pull_rig_feed(const char *url);

#endif
