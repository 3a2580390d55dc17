#include "lib/district_rig.h"

#include <criterion/criterion.h>

#include "lib/district.h"
#include "lib/evaluate.h"
#include "sql/link.h"

struct district_rig district;

struct sql_link *district_rig_link(const char *name)
{
	struct err err = ERR_INIT;
	struct sql_link *link = sql_link_new(district.base,
		&(struct sql_link_options){ .dsn = pg_db_dsn(district.db), .name = name }, &err);

	cr_assert(link, "%s", err.text);
	return link;
}

void district_rig_empty(void)
{
	district.base = pg_loop_new();
	district.db = pg_db_new();
	district.link = district_rig_link("test");
}

void district_rig_set_up(void)
{
	district_rig_empty();
	district_load(district.db, "district", true);
}

void district_rig_corner(void)
{
	district_rig_empty();
	district_load(district.db, "corner", true);
}

void district_rig_corner_judged(void)
{
	district_rig_corner();
	evaluate(district.base, district.link, CORNER_DAY);
}

void district_rig_hook(void)
{
	pg_exec(district.db, "INSERT INTO channel (name, kind) VALUES ('hook', 'webhook');"
			     "INSERT INTO channel_recipient VALUES ('hook', '');"
			     "INSERT INTO route VALUES ('all', 'hook', '{*}', '{*}')");
}

void district_rig_tear_down(void)
{
	sql_link_free(district.link);
	pg_db_free(district.db);
	pg_loop_free(district.base);
}
