#include "daemon/monitor.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem.h"
#include "lib/dir.h"
#include "lib/pg.h"

/* Each test writes a configuration into a directory of its own and runs the monitor in a child. */
static char directory[DIR_PATH_MAX];

static void setup(void)
{
	dir_make(directory);
}

static void teardown(void)
{
	dir_remove(directory);
}

static char *write_config(const char *text)
{
	char *path = mem_format("%s/a.conf", directory);
	FILE *file = fopen(path, "we");
	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static char *valid_config(const char *dsn, const char *state)
{
	_cleanup_free_ char *text =
		mem_format("database { dsn = \"%s\"  start-deadline = 1s }\n"
			   "state = \"%s\"\njurisdiction = \"beijing-xicheng\"\n"
			   "api { listen = \"unix:%s/api\" }\n",
			dsn, state, directory);
	return write_config(text);
}

static int exit_status(pid_t child)
{
	int status = 0;
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert(WIFEXITED(status), "killed by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

static pid_t start(const char *path)
{
	pid_t child = fork();
	if (child == 0)
		_exit(monitor_run(path));
	return child;
}

/* The monitor listens once all its parts are there. */
static void wait_for_socket(void)
{
	_cleanup_free_ char *path = mem_format("%s/api", directory);
	struct stat status;
	for (int i = 0; i < 1000; i++) {
		if (stat(path, &status) == 0)
			return;
		usleep(10000);
	}
	cr_assert(false, "no %s", path);
}

TestSuite(monitor, .init = setup, .fini = teardown, .timeout = 60);

Test(monitor, term_ends_it_in_order)
{
	struct pg_db *db = pg_db_new();
	_cleanup_free_ char *path = valid_config(pg_db_dsn(db), directory);
	pid_t child = start(path);
	wait_for_socket();
	kill(child, SIGTERM);
	cr_expect_eq(exit_status(child), 0);
	pg_db_free(db);
}

Test(monitor, a_database_that_is_away_is_no_reason_to_leave)
{
	_cleanup_free_ char *path = valid_config("host=/nonexistent dbname=x", directory);
	pid_t child = start(path);
	wait_for_socket();
	usleep(1500000); /* past its start deadline */
	cr_expect_eq(waitpid(child, NULL, WNOHANG), 0, "it left");
	kill(child, SIGTERM);
	cr_expect_eq(exit_status(child), 0);
}

Test(monitor, a_wrong_configuration_is_status_2)
{
	_cleanup_free_ char *path = write_config("jurisdiction = \"x\"\n");
	cr_expect_eq(exit_status(start(path)), 2);
}

Test(monitor, a_port_that_is_taken_is_told_at_the_start)
{
	_cleanup_free_ char *text =
		mem_format("database { dsn = \"dbname=x\" }\nstate = \"%s\"\n"
			   "jurisdiction = \"x\"\napi { listen = \"unix:/nonexistent/api\" }\n",
			directory);
	_cleanup_free_ char *path = write_config(text);
	cr_expect_eq(exit_status(start(path)), 1);
}
