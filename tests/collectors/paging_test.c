/* Feeds of many pages, in the ways that portals have. */
#include "collectors/paging.h"

#include <criterion/criterion.h>
#include <event2/event.h>
#include <string.h>

#include "collectors/pull_http.h"
#include "core/fetch.h"
#include "core/mem.h"
#include "lib/dir.h"
#include "lib/httpd.h"
#include "lib/pg.h"
#include "lib/pulled.h"

static struct collector_env env;
static struct pulled pulled;
static struct source_config config;
static struct httpd *httpd;
static char *url;
static char *loopback[] = { (char *)"127.0.0.0/8", NULL };

static void set_up(void)
{
	fetch_global_init();
	env.base = pg_loop_new();
	env.fetch = fetch_new(env.base, NULL);
	pulled_init(&pulled);
}

static void tear_down(void)
{
	fetch_free(env.fetch);
	pg_loop_free(env.base);
	fetch_global_free();
	if (httpd)
		httpd_stop(httpd);
	free(url);
	pulled_free(&pulled);
}

TestSuite(paging, .init = set_up, .fini = tear_down, .timeout = 60);

static void serve(const struct httpd_route *routes)
{
	httpd = httpd_start(routes);
	url = mem_text(httpd_url(httpd, "/feed"));
	config = pulled_config("http");
	config.format = "json";
	config.records = (char *)"data.items";
	config.url = url;
	config.allow = loopback;
	config.plain_http = true;
}

static void run(void)
{
	pulled_free(&pulled);
	pulled_init(&pulled);
	cr_assert_eq(
		pulled_run(&pulled, &pull_http, &env, &config, NULL), 0, "%s", pulled.err.text);
}

static void came(int files)
{
	cr_expect_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_expect_eq(pulled.ends, files, "%d", pulled.ends);
}

static void failed(enum err_code code, const char *word)
{
	cr_expect_eq(pulled.err.code, code, "%s", pulled.err.text);
	cr_expect(strstr(pulled.err.text, word), "%s", pulled.err.text);
	cr_expect_not(pulled.has_next, "a part is not taken for the whole");
}

#define ITEMS(rest, items) "{\"data\":{" rest "\"items\":[" items "]}}"

Test(paging, numbered_pages_are_read_up_to_one_without_records)
{
	struct httpd_answer one = { .body = ITEMS("", "{\"a\":1},{\"a\":2}") };
	struct httpd_answer two = { .body = ITEMS("", "{\"a\":3}") },
			    none = { .body = ITEMS("", "") };
	struct httpd_route routes[] = { { "/feed?size=2&page=1", &one, 1 },
		{ "/feed?size=2&page=2", &two, 1 }, { "/feed?size=2&page=3", &none, 1 },
		{ NULL, NULL, 0 } };

	serve(routes);
	config.page_param = (char *)"page";
	config.first_page = 1;
	config.size_param = (char *)"size";
	config.page_size = 2;
	run();
	came(3);
	cr_expect_eq(
		httpd_count(httpd, NULL), 3, "a short page is not the last: servers cap sizes");
}

Test(paging, offsets_count_the_records_that_came_and_a_total_saves_the_last_request)
{
	struct httpd_answer one = { .body = ITEMS("\"total\":3,", "{\"a\":1},{\"a\":2}") };
	struct httpd_answer two = { .body = ITEMS("\"total\":\"3\",", "{\"a\":3}") };
	struct httpd_route routes[] = { { "/feed?offset=0", &one, 1 },
		{ "/feed?offset=2", &two, 1 }, { NULL, NULL, 0 } };

	serve(routes);
	config.offset_param = (char *)"offset";
	config.total = (char *)"data.total";
	run();
	came(2);
	cr_expect_eq(httpd_count(httpd, NULL), 2);
}

Test(paging, a_mark_goes_into_the_query_encoded_until_none_comes)
{
	struct httpd_answer one = { .body = ITEMS("\"cursor\":\"a+b/ü=\",", "{\"a\":1}") };
	struct httpd_answer two = { .body = ITEMS("\"cursor\":null,", "{\"a\":2}") };
	struct httpd_route routes[] = { { "/feed", &one, 1 },
		{ "/feed?after=a%2bb%2f%c3%bc%3d", &two, 1 }, { NULL, NULL, 0 } };

	serve(routes);
	config.cursor = (char *)"data.cursor";
	config.cursor_param = (char *)"after";
	run();
	came(2);
}

Test(paging, links_are_followed_in_pages_of_any_shape)
{
	struct httpd_answer one = { .body = ITEMS("\"next\":\"/feed?p=2\",", "{\"a\":1}") };
	struct httpd_answer two = { .body = ITEMS("\"next\":\"\",", "{\"a\":2}") };
	struct httpd_route routes[] = { { "/feed", &one, 1 }, { "/feed?p=2", &two, 1 },
		{ NULL, NULL, 0 } };

	serve(routes);
	config.next = (char *)"data.next";
	run();
	came(2);
}

Test(paging, a_feed_that_ends_before_its_total_is_an_error)
{
	struct httpd_answer one = { .body = ITEMS("\"total\":5,", "{\"a\":1},{\"a\":2}") };
	struct httpd_answer none = { .body = ITEMS("\"total\":5,", "") };
	struct httpd_route routes[] = { { "/feed?page=1", &one, 1 }, { "/feed?page=2", &none, 1 },
		{ NULL, NULL, 0 } };

	serve(routes);
	config.page_param = (char *)"page";
	config.first_page = 1;
	config.total = (char *)"data.total";
	run();
	failed(ERR_DATA, "ends after 2 records and says it has 5");
	config.total = (char *)"data.sum";
	run();
	failed(ERR_DATA, "does not say at \"data.sum\"");
}

Test(paging, a_server_that_ignores_the_page_number_is_an_error_and_no_endless_pull)
{
	struct httpd_answer same = { .body = ITEMS("", "{\"a\":1}") };
	struct httpd_route routes[] = { { "/feed?page=0", &same, 1 }, { "/feed?page=1", &same, 1 },
		{ NULL, NULL, 0 } };

	serve(routes);
	config.page_param = (char *)"page";
	run();
	failed(ERR_DATA, "the same as the page before");
	cr_expect_eq(httpd_count(httpd, NULL), 2);
}

Test(paging, a_numbered_feed_goes_on_where_the_page_limit_stopped_it)
{
	struct httpd_answer one = { .body = ITEMS("", "{\"a\":1}") };
	struct httpd_answer two = { .body = ITEMS("", "{\"a\":2}") },
			    none = { .body = ITEMS("", "") };
	struct httpd_route routes[] = { { "/feed?page=1", &one, 1 }, { "/feed?page=2", &two, 1 },
		{ "/feed?page=3", &none, 1 }, { NULL, NULL, 0 } };

	serve(routes);
	config.page_param = (char *)"page";
	config.first_page = 1;
	config.pages_max = 1;
	run();
	came(1);
	cr_assert_str_eq(pulled.next.next_link, httpd_url(httpd, "/feed?page=2"));
	struct store_cursor cursor = pulled.next;
	config.pages_max = 9;
	pulled_free(&pulled);
	pulled_init(&pulled);
	cr_assert_eq(pulled_run(&pulled, &pull_http, &env, &config, &cursor), 0);
	came(2);
	cr_expect_eq(httpd_count(httpd, "/feed?page=1"), 1);
	cr_expect_eq(httpd_count(httpd, "/feed?page=3"), 1);
}

Test(paging, of_a_url_with_a_secret_only_the_host_is_shown_and_no_link_is_kept)
{
	struct httpd_answer one = { .body = ITEMS("\"next\":\"/feed?appkey=SECRET&p=2\",", "{}") };
	struct httpd_answer gone = { .status = 403 };
	struct httpd_route routes[] = { { "/feed?appkey=SECRET", &one, 1 },
		{ "/feed?appkey=SECRET&p=2", &gone, 1 }, { NULL, NULL, 0 } };
	char dir[DIR_PATH_MAX], path[DIR_PATH_MAX + 8];

	serve(routes);
	dir_make(dir);
	char *secret = mem_format("%s?appkey=SECRET\n", url);
	dir_write(dir, "url", secret);
	snprintf(path, sizeof(path), "%s/url", dir);
	config.url = (char *)"";
	config.url_path = path;
	config.next = (char *)"data.next";
	run();
	failed(ERR_IO, "status 403");
	cr_expect_not(strstr(pulled.err.text, "SECRET"), "%s", pulled.err.text);
	cr_expect_not(strstr(pulled.text.data, "appkey=SECRET>"), "%s", pulled.text.data);
	cr_expect(strstr(pulled.text.data, " page 1>"), "%s", pulled.text.data);
	config.pages_max = 1;
	run();
	failed(ERR_LIMIT, "hold a secret and are not kept");
	free(secret);
	dir_remove(dir);
}

static struct source_config described(void)
{
	struct source_config it = pulled_config("http");

	it.format = "json";
	return it;
}

Test(paging, what_does_not_fit_together_is_named)
{
	struct source_config one = described();

	cr_expect_null(paging_complaint(&one));
	one.next = one.page_param = (char *)"x";
	cr_expect(strstr(paging_complaint(&one), "exclude"));
	one = described();
	one.cursor = (char *)"x";
	cr_expect(strstr(paging_complaint(&one), "cursor-param"));
	one = described();
	one.total = (char *)"x";
	cr_expect(strstr(paging_complaint(&one), "total"));
	one.next = (char *)"x";
	cr_expect_null(paging_complaint(&one));
	one.page_size = 5;
	cr_expect(strstr(paging_complaint(&one), "size-param"));
	one.page_size = 0;
	one.format = "csv";
	cr_expect(strstr(paging_complaint(&one), "json or ocds"));
}
