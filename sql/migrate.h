/* Schema migrations: numbered files, forward only, each in one transaction, checksums kept, one
 * advisory lock.
 *
 * A file whose checksum differs from the applied one is an error that names it. The daemon never
 * migrates: it compares sql_schema_version_wanted() with the database's and says which command to
 * run.
 *
 * Views and functions are not migrated: every view and function of schema setaside comes from
 * sql/views, one file each, run in the order of their names. When one of the files has changed, or
 * a migration is to run, the migrator drops them all and makes them anew, and gives the roles their
 * rights again. A view of somebody else that depends on one of ours makes it stop with an error
 * rather than drop what is not its own; read ours from outside, or make such views again after.
 * Migrations therefore create tables only.
 *
 * done is called once, from the loop, never inside the call. */
#ifndef SETASIDE_SQL_MIGRATE_H
#define SETASIDE_SQL_MIGRATE_H

#include <stdbool.h>

#include "core/err.h"

struct sql_link;

int sql_schema_version_wanted(void);

/* done: applied = how many files ran now. */
typedef void (*sql_migrate_done_fn)(void *arg, const struct err *err, int version, int applied);
void sql_migrate(struct sql_link *link, bool with_roles, sql_migrate_done_fn done, void *arg);

/* ok = the version is exactly the wanted one; else err says what to do. version 0 = no schema. */
typedef void (*sql_schema_check_fn)(void *arg, const struct err *err, int version);
void sql_schema_check(struct sql_link *link, sql_schema_check_fn done, void *arg);

#endif
