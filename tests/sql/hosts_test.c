#include "sql/hosts.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "lib/pg.h"

enum { PATIENCE_MS = 30000 };

struct answer {
	bool done;
	char host[256], hostaddr[256], port[256];
	struct err err;
};

static void on_answer(void *arg, const struct sql_hosts *hosts, const struct err *err)
{
	struct answer *answer = arg;

	answer->done = true;
	answer->err = *err;
	snprintf(answer->host, sizeof(answer->host), "%s", hosts->host);
	snprintf(answer->hostaddr, sizeof(answer->hostaddr), "%s", hosts->hostaddr);
	snprintf(answer->port, sizeof(answer->port), "%s", hosts->port);
}

static struct answer look_up(const struct sql_hosts *hosts)
{
	struct event_base *base = pg_loop_new();
	struct answer answer = { .err = ERR_INIT };

	cr_assert(sql_lookup_start(base, hosts, on_answer, &answer, &answer.err));
	cr_assert_not(answer.done, "the answer came inside the call");
	pg_loop_until(base, &answer.done, PATIENCE_MS);
	pg_loop_free(base);
	return answer;
}

Test(hosts, only_names_without_an_address_are_looked_up)
{
	cr_assert(sql_hosts_have_names("db.example", ""));
	cr_assert(sql_hosts_have_names("/run/postgresql,db.example", ""));
	cr_assert(sql_hosts_have_names("a,b", "10.0.0.1,"));
	cr_assert(sql_hosts_have_names("localhost", ""));
	cr_assert_not(sql_hosts_have_names("db.example", "10.0.0.1"));
	cr_assert_not(sql_hosts_have_names("a,b", "10.0.0.1,fe80::1"));
	cr_assert_not(sql_hosts_have_names("10.0.0.1,::1,/run/postgresql", ""));
	cr_assert_not(sql_hosts_have_names("", ""));
}

/* How many addresses localhost has is the machine's affair: one or two. */
Test(hosts, a_name_becomes_its_addresses_in_its_place)
{
	struct answer answer = look_up(&(struct sql_hosts){
		.host = "/run/x,localhost,10.0.0.1", .hostaddr = "", .port = "1,2,3" });

	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert(strstr(answer.host, "/run/x,localhost") == answer.host, "%s", answer.host);
	cr_assert(strstr(answer.hostaddr, "127.0.0.1") || strstr(answer.hostaddr, "::1"), "%s",
		answer.hostaddr);
	cr_assert_eq(answer.hostaddr[0], ',', "a socket has no address");
	cr_assert_eq(
		answer.hostaddr[strlen(answer.hostaddr) - 1], ',', "an address is a host already");
	cr_assert(strstr(answer.port, "1,2,") == answer.port, "%s", answer.port);
	cr_assert_eq(answer.port[strlen(answer.port) - 1], '3');
}

Test(hosts, one_port_stands_for_every_host)
{
	struct answer answer = look_up(
		&(struct sql_hosts){ .host = "10.0.0.1,10.0.0.2", .hostaddr = "", .port = "7" });

	cr_assert_str_eq(answer.host, "10.0.0.1,10.0.0.2");
	cr_assert_str_eq(answer.hostaddr, ",");
	cr_assert_str_eq(answer.port, "7,7");
}

Test(hosts, a_name_that_is_not_found_is_left_out)
{
	struct answer answer = look_up(&(struct sql_hosts){
		.host = "no-such-host.invalid,10.0.0.1", .hostaddr = "", .port = "7,8" });

	cr_assert_eq(answer.err.code, ERR_NONE, "%s", answer.err.text);
	cr_assert_str_eq(answer.host, "10.0.0.1");
	cr_assert_str_eq(answer.port, "8");
}

Test(hosts, when_no_name_is_found_the_first_is_named)
{
	struct answer answer = look_up(
		&(struct sql_hosts){ .host = "no-such-host.invalid", .hostaddr = "", .port = "" });

	cr_assert_eq(answer.err.code, ERR_DB_DOWN);
	cr_assert(strstr(answer.err.text, "no-such-host.invalid"), "%s", answer.err.text);
}

Test(hosts, a_lookup_that_is_cancelled_calls_nobody)
{
	struct event_base *base = pg_loop_new();
	struct answer answer = { .err = ERR_INIT };

	sql_lookup_cancel(sql_lookup_start(base,
		&(struct sql_hosts){ .host = "localhost", .hostaddr = "", .port = "" }, on_answer,
		&answer, NULL));
	pg_loop_for(base, 50);
	cr_assert_not(answer.done);
	pg_loop_free(base);
}
