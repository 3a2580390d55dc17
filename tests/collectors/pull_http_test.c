#include <criterion/criterion.h>
#include <event2/event.h>
#include <unistd.h>

#include "collectors/pull_http.h"
#include "core/fetch.h"
#include "core/mem.h"
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

TestSuite(pull_http, .init = set_up, .fini = tear_down, .timeout = 60);

static void serve(const struct httpd_route *routes, const char *path, const char *next)
{
	httpd = httpd_start(routes);
	url = mem_text(httpd_url(httpd, path));
	config = pulled_config("http");
	config.format = "ocds";
	config.url = url;
	config.next = (char *)next;
	config.allow = loopback;
	config.plain_http = true;
}

static void run(const struct store_cursor *cursor)
{
	cr_assert_eq(
		pulled_run(&pulled, &pull_http, &env, &config, cursor), 0, "%s", pulled.err.text);
}

static void failed(enum err_code code, const char *word)
{
	cr_expect_eq(pulled.err.code, code, "%s", pulled.err.text);
	cr_expect(strstr(pulled.err.text, word), "%s", pulled.err.text);
	cr_expect_not(pulled.has_next);
}

#define PAGE(records, next) "{\"links\":{\"next\":\"" next "\"},\"releases\":[" records "]}"

Test(pull_http, pages_are_followed_until_an_empty_one_that_still_names_a_next)
{
	struct httpd_answer one = { .body = PAGE("{}", "/feed?c=2") };
	struct httpd_answer two = { .body = PAGE("{},{}", "/feed?c=3"), .way = HTTPD_CHUNKED };
	struct httpd_answer three = { .body = PAGE("", "/feed?c=3") };
	struct httpd_route routes[] = { { "/feed", &one, 1 }, { "/feed?c=2", &two, 1 },
		{ "/feed?c=3", &three, 1 }, { NULL, NULL, 0 } };
	char *want = NULL;

	serve(routes, "/feed", "links.next");
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	want = mem_format("<%s>%s</><%s?c=2>%s</><%s?c=3>%s</>", url, one.body, url, two.body, url,
		three.body);
	cr_assert_str_eq(pulled.text.data, want);
	cr_assert_eq(pulled.end, COLLECTOR_DONE);
	cr_assert(pulled.has_next);
	cr_assert_str_empty(pulled.next.next_link);
	cr_assert_eq(httpd_count(httpd, NULL), 3);
	free(want);
}

Test(pull_http, a_page_without_a_link_is_the_last_one)
{
	struct httpd_answer one = { .body = "{\"releases\":[{}]}" };
	struct httpd_route routes[] = { { "/", &one, 1 }, { NULL, NULL, 0 } };

	serve(routes, "/", "links.next");
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_eq(pulled.files, 1);
}

Test(pull_http, a_link_to_another_host_is_followed_at_the_configured_one)
{
	struct httpd_answer one = { .body = PAGE("{}",
					    "https:\\/\\/portal.example:8443\\/next?c=a%3D=") };
	struct httpd_answer two = { .body = PAGE("", "https:\\/\\/portal.example\\/x") };
	struct httpd_route routes[] = { { "/", &one, 1 }, { "/next?c=a%3D=", &two, 1 },
		{ NULL, NULL, 0 } };

	serve(routes, "/", "links.next");
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_eq(httpd_count(httpd, "/next?c=a%3D="), 1);
}

Test(pull_http, a_feed_that_links_back_is_an_error_and_not_an_endless_pull)
{
	struct httpd_answer one = { .body = PAGE("{}", "/b") }, two = { .body = PAGE("{}", "/a") };
	struct httpd_route routes[] = { { "/a", &one, 1 }, { "/b", &two, 1 }, { NULL, NULL, 0 } };

	serve(routes, "/a", "links.next");
	run(NULL);
	failed(ERR_DATA, "page 2: its link leads back");
	cr_assert_eq(httpd_count(httpd, NULL), 2);
}

Test(pull_http, after_the_page_limit_the_next_pull_goes_on_at_the_link)
{
	struct httpd_answer one = { .body = PAGE("{}", "/b"), .headers = "ETag: \"1\"\r\n" };
	struct httpd_answer two = { .body = PAGE("{}", "") };
	struct httpd_route routes[] = { { "/a", &one, 1 }, { "/b", &two, 1 }, { NULL, NULL, 0 } };
	struct store_cursor cursor;

	serve(routes, "/a", "links.next");
	config.pages_max = 1;
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_str_eq(pulled.next.next_link, httpd_url(httpd, "/b"));
	cursor = pulled.next;
	pulled_free(&pulled);
	pulled_init(&pulled);
	run(&cursor);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert(strstr(pulled.text.data, "/b>"));
	cr_assert_str_empty(pulled.next.next_link);
	pulled_free(&pulled);
	pulled_init(&pulled);
	config.complete = true;
	run(NULL);
	failed(ERR_LIMIT, "more than 1 pages");
}

Test(pull_http, a_kept_link_that_the_portal_has_forgotten_starts_the_feed_anew)
{
	struct httpd_answer one = { .body = PAGE("{}", "") };
	struct httpd_route routes[] = { { "/a", &one, 1 }, { NULL, NULL, 0 } };
	struct store_cursor cursor = { 0 };

	serve(routes, "/a", "links.next");
	snprintf(cursor.next_link, sizeof(cursor.next_link), "%s", httpd_url(httpd, "/expired"));
	run(&cursor);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert(strstr(pulled.text.data, "/a>"));
	cr_assert_eq(httpd_count(httpd, NULL), 2);
}

Test(pull_http, a_configuration_that_no_longer_pages_ignores_a_kept_link)
{
	struct httpd_answer one = { .body = PAGE("{}", "/b") };
	struct httpd_route routes[] = { { "/a", &one, 1 }, { NULL, NULL, 0 } };
	struct store_cursor cursor = { 0 };

	serve(routes, "/a", "");
	snprintf(cursor.next_link, sizeof(cursor.next_link), "%s", httpd_url(httpd, "/b"));
	run(&cursor);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_eq(httpd_count(httpd, NULL), 1);
}

Test(pull_http, an_empty_feed_does_not_close_what_a_complete_source_sent_before)
{
	struct httpd_answer none = { .body = PAGE("", "/b") };
	struct httpd_route routes[] = { { "/", &none, 1 }, { NULL, NULL, 0 } };

	serve(routes, "/", "links.next");
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	pulled_free(&pulled);
	pulled_init(&pulled);
	config.complete = true;
	run(NULL);
	failed(ERR_DATA, "cannot be empty");
}

Test(pull_http, an_unchanged_document_is_known_by_its_etag)
{
	struct httpd_answer answers[] = { { .body = "a,b\n1,2\n",
						  .headers = "ETag: \"v1\"\r\nLast-Modified: Mon, "
							     "23 Nov 2026 08:00:00 GMT\r\n" },
		{ .status = 304 } };
	struct httpd_route routes[] = { { "/", answers, 2 }, { NULL, NULL, 0 } };
	struct store_cursor cursor;
	char request[4096];

	serve(routes, "/", "");
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	httpd_last(httpd, request, sizeof(request));
	cr_assert_null(strstr(request, "If-None-Match"), "%s", request);
	cursor = pulled.next;
	pulled_free(&pulled);
	pulled_init(&pulled);
	run(&cursor);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_eq(pulled.end, COLLECTOR_UNCHANGED);
	cr_assert_eq(pulled.files, 0);
	httpd_last(httpd, request, sizeof(request));
	cr_assert(strstr(request, "\r\nIf-None-Match: \"v1\"\r\n"), "%s", request);
	cr_assert(strstr(request, "\r\nIf-Modified-Since: Mon, 23 Nov 2026 08:00:00 GMT\r\n"), "%s",
		request);
}

Test(pull_http, a_feed_of_several_pages_is_never_asked_for_conditionally)
{
	struct httpd_answer one = { .body = PAGE("{}", "/b"), .headers = "ETag: \"1\"\r\n" };
	struct httpd_answer two = { .body = PAGE("{}", "") };
	struct httpd_route routes[] = { { "/a", &one, 1 }, { "/b", &two, 1 }, { NULL, NULL, 0 } };

	serve(routes, "/a", "links.next");
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_str_empty(pulled.next.etag, "a later page may change while the first does not");
}

Test(pull_http, a_busy_server_is_asked_again_after_the_time_it_names)
{
	struct httpd_answer answers[] = {
		{ .status = 429, .headers = "Retry-After: 1\r\n", .body = "slow down" },
		{ .status = 503, .headers = "Retry-After: 0\r\n" }, { .body = "ok" }
	};
	struct httpd_route routes[] = { { "/", answers, 3 }, { NULL, NULL, 0 } };
	struct timeval before, after;

	serve(routes, "/", "");
	event_base_gettimeofday_cached(env.base, &before);
	run(NULL);
	event_base_gettimeofday_cached(env.base, &after);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert(strstr(pulled.text.data, ">ok</>"), "%s", pulled.text.data);
	cr_assert_null(strstr(pulled.text.data, "slow down"), "an error page became data");
	cr_assert_eq(httpd_count(httpd, "/"), 3);
	cr_assert_geq(after.tv_sec * 1000 + after.tv_usec / 1000 - before.tv_sec * 1000 -
			      before.tv_usec / 1000,
		1990);
}

Test(pull_http, a_refusal_ends_the_pull_at_once)
{
	struct httpd_answer one = { .status = 403, .body = "<html>no</html>" };
	struct httpd_route routes[] = { { "/", &one, 1 }, { NULL, NULL, 0 } };

	serve(routes, "/", "links.next");
	run(NULL);
	failed(ERR_IO, "status 403");
	cr_assert_eq(httpd_count(httpd, "/"), 1);
	cr_assert_eq(pulled.files, 0);
}

Test(pull_http, a_feed_that_ends_early_is_a_failure)
{
	struct httpd_answer one = { .body = PAGE("{}", "/b") };
	struct httpd_answer cut = { .body = PAGE("{},{},{},{}", "/c"), .way = HTTPD_EARLY_END };
	struct httpd_answer torn = { .body = "{\"releases\":[{}", .way = HTTPD_UNTIL_CLOSE };
	struct httpd_route routes[] = { { "/a", &one, 1 }, { "/b", &cut, 1 }, { "/torn", &torn, 1 },
		{ NULL, NULL, 0 } };

	serve(routes, "/a", "links.next");
	run(NULL);
	failed(ERR_IO, "ended early");
	cr_assert_eq(pulled.ends, 1, "the cut page was handed over as a file");
	pulled_free(&pulled);
	pulled_init(&pulled);
	free(url);
	config.url = url = mem_text(httpd_url(httpd, "/torn"));
	run(NULL);
	failed(ERR_DATA, "json-torn");
}

Test(pull_http, a_web_page_or_an_error_message_is_no_feed)
{
	struct httpd_answer html = { .body = "\n\n<!DOCTYPE HTML><html></html>" };
	struct httpd_answer message = { .body = "{\"message\":\"maintenance\"}" };
	struct httpd_answer nothing = { .body = "" };
	struct httpd_route routes[] = { { "/html", &html, 1 }, { "/message", &message, 1 },
		{ "/nothing", &nothing, 1 }, { NULL, NULL, 0 } };
	static const char *const paths[][2] = { { "/html", "not-json" },
		{ "/message", "json-shape" }, { "/nothing", "not-json" } };

	serve(routes, "/html", "links.next");
	for (int i = 0; i < 3; i++) {
		pulled_free(&pulled);
		pulled_init(&pulled);
		free(url);
		config.url = url = mem_text(httpd_url(httpd, paths[i][0]));
		run(NULL);
		failed(ERR_DATA, paths[i][1]);
		cr_expect_eq(pulled.ends, 0);
	}
}

Test(pull_http, the_bytes_of_all_pages_together_are_limited)
{
	struct httpd_answer one = { .body = PAGE("{}", "/b") }, two = { .body = PAGE("{}", "/c") };
	struct httpd_route routes[] = { { "/a", &one, 1 }, { "/b", &two, 1 }, { NULL, NULL, 0 } };

	serve(routes, "/a", "links.next");
	config.bytes_max = (int64_t)strlen(one.body) + 10;
	run(NULL);
	failed(ERR_LIMIT, "page 2");
}

Test(pull_http, a_full_sink_holds_the_pages_and_the_bytes_back)
{
	size_t size = 1 << 20;
	char *big = mem_alloc(size + 1);
	struct httpd_answer one = { .body = big, .length = size };
	struct httpd_route routes[] = { { "/", &one, 1 }, { NULL, NULL, 0 } };

	memset(big, 'x', size);
	big[size] = '\0';
	serve(routes, "/", "");
	pulled.full_every = 5;
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_gt(pulled.resumed, 3);
	cr_assert_gt(pulled.text.used, size);
	free(big);
}

Test(pull_http, the_sinks_failure_ends_the_pull_with_its_error)
{
	struct httpd_answer one = { .body = "abc" };
	struct httpd_route routes[] = { { "/", &one, 1 }, { NULL, NULL, 0 } };

	serve(routes, "/", "");
	pulled.fail_bytes_at = 1;
	run(NULL);
	failed(ERR_IO, "the archive is full");
}

Test(pull_http, secrets_come_from_files_and_a_missing_one_is_told)
{
	struct httpd_answer one = { .body = "x" };
	struct httpd_route routes[] = { { "/", &one, 1 }, { NULL, NULL, 0 } };
	char path[] = "/tmp/setaside-token-XXXXXX", request[4096];
	int fd = mkstemp(path);

	cr_assert_eq(write(fd, "t0ken\n", 6), 6);
	close(fd);
	serve(routes, "/", "");
	config.token_path = path;
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	httpd_last(httpd, request, sizeof(request));
	cr_assert(strstr(request, "\r\nAuthorization: Bearer t0ken\r\n"), "%s", request);
	pulled_free(&pulled);
	pulled_init(&pulled);
	config.token_path = NULL;
	config.user = (char *)"reader";
	config.password_path = path;
	run(NULL);
	httpd_last(httpd, request, sizeof(request));
	cr_assert(strstr(request, "\r\nAuthorization: Basic cmVhZGVyOnQwa2Vu\r\n"), "%s", request);
	config.user = (char *)"";
	config.header_path = path;
	pulled_free(&pulled);
	pulled_init(&pulled);
	cr_assert_lt(pulled_run(&pulled, &pull_http, &env, &config, NULL), 0);
	cr_assert(strstr(pulled.err.text, "Name: value"), "%s", pulled.err.text);
	pulled_free(&pulled);
	pulled_init(&pulled);
	unlink(path);
	cr_assert_lt(pulled_run(&pulled, &pull_http, &env, &config, NULL), 0);
	cr_assert(strstr(pulled.err.text, path), "%s", pulled.err.text);
}

Test(pull_http, a_secret_header_never_follows_a_redirect)
{
	struct httpd_answer away = { .status = 302, .headers = "Location: %s/other\r\n" },
			    other = { .body = "x" };
	struct httpd_route routes[] = { { "/", &away, 1 }, { "/other", &other, 1 },
		{ NULL, NULL, 0 } };
	char path[] = "/tmp/setaside-header-XXXXXX", request[4096];
	int fd = mkstemp(path);

	cr_assert_eq(write(fd, "X-Api-Key: k3y\n", 15), 15);
	close(fd);
	serve(routes, "/", "");
	config.header_path = path;
	run(NULL);
	failed(ERR_IO, "status 302");
	httpd_last(httpd, request, sizeof(request));
	cr_assert(strstr(request, "\r\nX-Api-Key: k3y\r\n"), "%s", request);
	cr_assert_eq(httpd_count(httpd, "/other"), 0);
	config.header_path = NULL;
	pulled_free(&pulled);
	pulled_init(&pulled);
	run(NULL);
	cr_assert_eq(pulled.err.code, ERR_NONE, "%s", pulled.err.text);
	cr_assert_eq(httpd_count(httpd, "/other"), 1);
	unlink(path);
}

Test(pull_http, an_address_that_is_not_allowed_is_refused_without_retries)
{
	struct httpd_answer one = { .body = "x" };
	struct httpd_route routes[] = { { "/", &one, 1 }, { NULL, NULL, 0 } };
	static char *none[] = { NULL };

	serve(routes, "/", "");
	config.allow = none;
	run(NULL);
	failed(ERR_REFUSED, "127.0.0.1");
	cr_assert_eq(httpd_count(httpd, NULL), 0);
}

static void never(
	void *arg, enum collector_end end, const struct store_cursor *next, const struct err *err)
{
	(void)arg, (void)end, (void)next, (void)err;
	cr_assert_fail("done after cancel");
}

Test(pull_http, a_cancelled_pull_says_nothing_more)
{
	struct httpd_answer hang = { .way = HTTPD_HANG };
	struct httpd_route routes[] = { { "/", &hang, 1 }, { NULL, NULL, 0 } };
	struct store_cursor none = { .etag = "" };

	serve(routes, "/", "");
	struct collector_pull *pull =
		pull_http.start(&env, &config, &none, &pulled.sink, never, NULL, NULL);
	cr_assert_not_null(pull);
	while (httpd_count(httpd, "/") == 0)
		event_base_loop(env.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	pull_http.cancel(pull);
	pg_loop_for(env.base, 50);
	cr_assert_eq(fetch_count(env.fetch), 0);
}
