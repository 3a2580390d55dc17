#include "lib/district_rig.h"

#include <criterion/criterion.h>

#include "lib/district.h"
#include "sql/link.h"

struct district_rig district;

void district_rig_set_up(void)
{
	struct err err = ERR_INIT;

	district.base = pg_loop_new();
	district.db = pg_db_new();
	district.link = sql_link_new(district.base,
		&(struct sql_link_options){ .dsn = pg_db_dsn(district.db), .name = "test" }, &err);
	cr_assert(district.link, "%s", err.text);
	district_load(district.db, "district", true);
}

void district_rig_tear_down(void)
{
	sql_link_free(district.link);
	pg_db_free(district.db);
	pg_loop_free(district.base);
}
