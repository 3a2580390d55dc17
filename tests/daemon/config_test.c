#include "daemon/config.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "collectors/source_config.h"

static const char MINIMAL[] = "database { dsn = \"host=/run/postgresql dbname=setaside\" }\n"
			      "state = \"/var/lib/setaside\"\n"
			      "jurisdiction = \"beijing-xicheng\"\n";

static struct config *parse(const char *text, struct conf_errors *errors)
{
	return config_parse("a.conf", text, strlen(text), errors);
}

static struct config *parse_valid(const char *text)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct config *config = parse(text, &errors);
	cr_assert_not_null(config, "%s", errors.count ? errors.line[0] : "");
	return config;
}

/* One error is expected, and nothing comes out. */
static void expect_error(const char *text, const char *line)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct config *config = parse(text, &errors);
	cr_expect_null(config);
	cr_assert_geq(errors.count, 1);
	cr_expect_str_eq(errors.line[0], line);
	conf_errors_free(&errors);
}

Test(config, first_three_lines_alone_are_valid)
{
	struct config *config = parse_valid(MINIMAL);
	cr_expect_str_eq(config->dsn, "host=/run/postgresql dbname=setaside");
	cr_expect_str_eq(config->state, "/var/lib/setaside");
	cr_expect_str_eq(config->jurisdiction, "beijing-xicheng");
	cr_expect_str_eq(config->api.listen, "127.0.0.1:8870");
	cr_expect_eq(config->source_count, 0);
	cr_expect_null(config->password_path);
	config_unref(config);
}

Test(config, the_shipped_example_is_valid)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct config *config =
		config_load(SETASIDE_SOURCE_DIR "/systemd/setaside.conf.example", &errors);
	cr_assert_not_null(config, "%s", errors.count ? errors.line[0] : "");
	config_unref(config);
}

Test(config, a_file_without_database_says_what_to_write)
{
	expect_error("jurisdiction = \"x\"\nstate = \"/x\"\n",
		"a.conf:1: database: there must be a block database { dsn = \"host=/run/postgresql "
		"dbname=setaside\" }");
}

Test(config, a_password_in_the_dsn_is_refused_without_showing_it)
{
	expect_error("jurisdiction = \"x\"\nstate = \"/x\"\n"
		     "database { dsn = \"dbname=x password=hunter2\" }\n",
		"a.conf:3: database: a password must not stand in the dsn, put it into a file and "
		"name it "
		"in password-file");
	expect_error("jurisdiction = \"x\"\nstate = \"/x\"\n"
		     "database { dsn = \"postgresql://me:hunter2@host/x\" }\n",
		"a.conf:3: database: a password must not stand in the dsn, put it into a file and "
		"name it "
		"in password-file");
}

Test(config, a_relative_state_directory_is_refused)
{
	expect_error("jurisdiction = \"x\"\nstate = \"x\"\ndatabase { dsn = \"dbname=x\" }\n",
		"a.conf:2: state is \"x\", it must be an absolute path");
}

Test(config, sources_are_found_by_their_names)
{
	struct config *config = parse_valid(
		"database { dsn = \"dbname=x\" }\njurisdiction = \"x\"\n"
		"source \"one\" { kind = file  format = canonical  path = \"/a\"  every = 5min }\n"
		"source \"two\" { kind = file  format = canonical  path = \"/b\" }\n");
	cr_assert_eq(config->source_count, 2);
	cr_expect_str_eq(config_source(config, "two")->path, "/b");
	cr_expect_eq(config_source(config, "one")->every_ms, 300000);
	cr_expect_null(config_source(config, "three"));
	config_unref(config);
}

Test(config, an_error_of_any_module_refuses_the_whole)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	cr_expect_null(
		parse("database { dsn = \"dbname=x\" }\njurisdiction = \"x\"\n"
		      "source \"one\" { kind = file  format = canonical }\n"
		      "route \"r\" { rules = {\"*\"} units = {\"*\"} channels = {\"nobody\"} }\n",
			&errors));
	cr_expect_geq(errors.total, 2, "only %d errors", errors.total);
	conf_errors_free(&errors);
}

static char kept[256];

static void on_kept(void *arg, const char *key)
{
	(void)arg;
	size_t used = strlen(kept);
	snprintf(kept + used, sizeof(kept) - used, "%s ", key);
}

Test(config, keys_that_need_a_restart_keep_their_old_values)
{
	struct config *old = parse_valid(MINIMAL);
	struct config *fresh =
		parse_valid("database { dsn = \"dbname=other\" }\n"
			    "state = \"/var/lib/other\"\n"
			    "jurisdiction = \"beijing-xicheng\"\n"
			    "source \"s\" { kind = file  format = canonical  path = \"/a\" }\n");
	config_keep(fresh, old, on_kept, NULL);
	cr_expect_str_eq(kept, "state dsn ");
	cr_expect_str_eq(fresh->dsn, old->dsn);
	cr_expect_str_eq(fresh->state, old->state);
	cr_expect_eq(fresh->source_count, 1, "what needs no restart is taken over");
	config_unref(old);
	cr_expect_str_eq(
		fresh->dsn, "host=/run/postgresql dbname=setaside", "the values are its own");
	config_unref(fresh);
}

Test(config, a_reference_keeps_it_alive)
{
	struct config *config = parse_valid(MINIMAL);
	struct config *pinned = config_ref(config);
	config_unref(config);
	cr_expect_str_eq(pinned->jurisdiction, "beijing-xicheng");
	config_unref(pinned);
	config_unref(NULL);
}

Test(config, the_path_comes_from_the_argument_then_the_environment_then_etc)
{
	setenv("SETASIDE_CONFIG", "/from/environment", 1);
	cr_expect_str_eq(config_path("/from/argument"), "/from/argument");
	cr_expect_str_eq(config_path(NULL), "/from/environment");
	unsetenv("SETASIDE_CONFIG");
	cr_expect_str_eq(config_path(NULL), "/etc/setaside/setaside.conf");
}

Test(config, every_key_has_a_help_text)
{
	for (const struct conf_section *s = config_sections(); s->name; s++)
		for (const struct conf_key *key = s->keys; key->name; key++)
			cr_expect(key->help && *key->help, "%s.%s", s->name, key->name);
}
