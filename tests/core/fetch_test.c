#include <criterion/criterion.h>
#include <event2/event.h>

#include "core/fetch.h"
#include "core/mem.h"
#include "lib/fetch_rig.h"

TestSuite(fetch, .init = fetch_rig_set_up, .fini = fetch_rig_tear_down, .timeout = 60);

Test(fetch, a_plain_answer_comes_with_body_and_head)
{
	struct httpd_answer answer = { .body = "hello",
		.headers = "ETag: \"a1\"\r\nLast-Modified: Mon, 23 Nov 2026 08:00:00 GMT\r\n"
			   "Content-Type: text/plain\r\nRetry-After: 17\r\n" };
	struct seen seen;

	fetch_rig_get(&seen, &answer);
	cr_assert_eq(seen.result.err.code, ERR_NONE, "%s", seen.result.err.text);
	cr_assert_eq(seen.result.fate, FETCH_ANSWERED);
	cr_assert_eq(seen.result.head.status, 200);
	cr_assert_eq(seen.status_at_sink, 200, "the sink must know the status");
	cr_assert_str_eq(seen.body->data, "hello");
	cr_assert_eq(seen.result.body_bytes, 5);
	cr_assert_str_eq(seen.result.head.etag, "\"a1\"");
	cr_assert_str_eq(seen.result.head.last_modified, "Mon, 23 Nov 2026 08:00:00 GMT");
	cr_assert_str_eq(seen.result.head.content_type, "text/plain");
	cr_assert_eq(seen.result.head.retry_after_s, 17);
	cr_assert_eq(seen.result.head.date_unix, 1795507200);
}

Test(fetch, retry_after_may_be_a_date_and_nonsense_is_absent)
{
	struct httpd_answer past = { .status = 503,
		.headers = "Retry-After: Mon, 03 Jan 2000 00:00:00 GMT\r\n" };
	struct httpd_answer odd = { .status = 429, .headers = "Retry-After: soon\r\n" };
	struct seen seen;

	fetch_rig_get(&seen, &past);
	cr_assert_eq(seen.result.head.status, 503);
	cr_assert_eq(seen.result.head.retry_after_s, 0);
	fetch_rig_get(&seen, &odd);
	cr_assert_eq(seen.result.head.status, 429);
	cr_assert_eq(seen.result.fate, FETCH_ANSWERED, "an error status is an answer");
	cr_assert_eq(seen.result.head.retry_after_s, -1);
}

Test(fetch, chunked_and_unframed_bodies_are_complete)
{
	struct httpd_answer chunked = { .way = HTTPD_CHUNKED, .body = "0123456789" };
	struct httpd_answer closed = { .way = HTTPD_UNTIL_CLOSE, .body = "0123456789" };
	struct seen seen;

	fetch_rig_get(&seen, &chunked);
	cr_assert_str_eq(seen.body->data, "0123456789");
	cr_assert_eq(seen.result.err.code, ERR_NONE);
	fetch_rig_get(&seen, &closed);
	cr_assert_str_eq(seen.body->data, "0123456789");
	cr_assert_eq(seen.result.err.code, ERR_NONE);
}

Test(fetch, an_answer_that_ends_early_is_a_failure)
{
	fetch_rig_fails(&(struct httpd_answer){ .way = HTTPD_EARLY_END, .body = "0123456789" },
		ERR_IO, FETCH_UNKNOWN);
	fetch_rig_fails(&(struct httpd_answer){ .way = HTTPD_CHUNKED_CUT, .body = "0123456789" },
		ERR_IO, FETCH_UNKNOWN);
	fetch_rig_fails(&(struct httpd_answer){ .way = HTTPD_DROP }, ERR_IO, FETCH_UNKNOWN);
}

Test(fetch, a_server_that_trickles_or_says_nothing_runs_into_a_limit)
{
	fetch_rig_fails(&(struct httpd_answer){ .way = HTTPD_TRICKLE, .body = "x" }, ERR_TIMEOUT,
		FETCH_UNKNOWN);
	fetch_rig_fails(&(struct httpd_answer){ .way = HTTPD_HANG }, ERR_TIMEOUT, FETCH_UNKNOWN);
}

Test(fetch, decoded_bytes_count_and_not_those_on_the_wire)
{
	struct httpd_answer bomb = { .way = HTTPD_BOMB, .bomb = 50 << 20 };
	struct seen seen;

	fetch_rig_get(&seen, &bomb);
	cr_assert_eq(seen.result.err.code, ERR_LIMIT, "%s", seen.result.err.text);
	cr_assert_leq(seen.body->used, (size_t)1 << 20);
	cr_assert_gt(seen.body->used, 0, "nothing was decoded: the bomb was not one");
}

Test(fetch, a_body_over_the_limit_and_a_flood_of_headers_are_refused)
{
	size_t size = (1 << 20) + 1;
	char *big = mem_zero(1, size);

	fetch_rig_fails(
		&(struct httpd_answer){ .body = big, .length = size }, ERR_LIMIT, FETCH_UNKNOWN);
	fetch_rig_fails(&(struct httpd_answer){ .way = HTTPD_CHUNKED, .body = big, .length = size },
		ERR_LIMIT, FETCH_UNKNOWN);
	fetch_rig_fails(&(struct httpd_answer){ .way = HTTPD_HEADERS }, ERR_LIMIT, FETCH_UNKNOWN);
	free(big);
}

Test(fetch, an_address_outside_the_policy_is_never_contacted)
{
	struct httpd_answer answer = { .body = "secret" };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/"));

	request.guard = NULL;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_REFUSED, "%s", seen.result.err.text);
	cr_assert(strstr(seen.result.err.text, "127.0.0.1"), "%s", seen.result.err.text);
	cr_assert_eq(seen.result.fate, FETCH_UNSENT);
	cr_assert_eq(httpd_count(httpd, NULL), 0);
	httpd_stop(httpd);
}

Test(fetch, a_redirect_inward_is_denied_at_the_second_hop)
{
	struct httpd_answer away = { .status = 302,
		.headers = "Location: http://127.0.0.2:9/metadata\r\n" };
	struct httpd_route routes[] = { { "/", &away, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct netguard one = NETGUARD_INIT;
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/"));

	netguard_allow(&one, "127.0.0.1", NULL);
	request.guard = &one;
	request.redirects = 3;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_REFUSED, "%s", seen.result.err.text);
	cr_assert(strstr(seen.result.err.text, "127.0.0.2"), "%s", seen.result.err.text);
	httpd_stop(httpd);
}

Test(fetch, redirects_are_followed_up_to_the_limit_and_only_when_asked)
{
	struct httpd_answer hop = { .status = 302, .headers = "ETag: hop\r\nLocation: %s/end\r\n" };
	struct httpd_answer loop = { .status = 302, .headers = "Location: %s/loop\r\n" };
	struct httpd_answer file = { .status = 302,
		.headers = "Location: file:///etc/hostname\r\n" };
	struct httpd_answer end = { .body = "end" };
	struct httpd_route routes[] = { { "/hop", &hop, 1 }, { "/loop", &loop, 1 },
		{ "/file", &file, 1 }, { "/end", &end, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/hop"));

	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.head.status, 302, "a redirect is an answer when none is followed");
	request = fetch_rig_request(&seen, httpd_url(httpd, "/hop"));
	request.redirects = 3;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.head.status, 200, "%s", seen.result.err.text);
	cr_assert_str_eq(seen.body->data, "end");
	cr_assert_str_empty(seen.result.head.etag, "a header of an earlier hop was kept");
	request = fetch_rig_request(&seen, httpd_url(httpd, "/loop"));
	request.redirects = 3;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_REFUSED, "%s", seen.result.err.text);
	cr_assert_eq(httpd_count(httpd, "/loop"), 4);
	request = fetch_rig_request(&seen, httpd_url(httpd, "/file"));
	request.redirects = 3;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_REFUSED, "%s", seen.result.err.text);
	httpd_stop(httpd);
}

Test(fetch, back_pressure_holds_the_rest_back_until_resumed)
{
	size_t size = 4 << 20;
	char *big = mem_zero(1, size);
	struct httpd_answer answer = { .body = big, .length = size };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/"));
	struct timeval quiet = { .tv_usec = 200000 };

	seen.flow = FETCH_PAUSE;
	seen.transfer = fetch_start(fetch_rig.fetch, &request, NULL);
	while (seen.sinks == 0)
		event_base_loop(fetch_rig.base, EVLOOP_ONCE);
	event_base_loopexit(fetch_rig.base, &quiet);
	event_base_dispatch(fetch_rig.base);
	cr_assert_eq(seen.sinks, 1, "%d pieces came through a pause", seen.sinks);
	cr_assert_eq(seen.done, 0);
	for (int rounds = 0; !seen.done; rounds++) {
		int before = seen.sinks;
		cr_assert_lt(rounds, 10000);
		fetch_resume(seen.transfer);
		while (seen.sinks == before && !seen.done)
			event_base_loop(fetch_rig.base, EVLOOP_ONCE);
	}
	cr_assert_eq(seen.result.err.code, ERR_NONE, "%s", seen.result.err.text);
	cr_assert_eq(seen.body->used, size);
	httpd_stop(httpd);
	free(big);
}

Test(fetch, a_receiver_may_have_enough_or_reject)
{
	size_t size = 1 << 20;
	char *big = mem_zero(1, size);
	struct httpd_answer answer = { .body = big, .length = size };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/"));

	seen.flow = FETCH_ENOUGH;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_NONE);
	cr_assert_eq(seen.result.fate, FETCH_ANSWERED);
	cr_assert_eq(seen.sinks, 1);
	request = fetch_rig_request(&seen, httpd_url(httpd, "/"));
	seen.flow = FETCH_REJECT;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_REFUSED);
	cr_assert_eq(seen.sinks, 1);
	httpd_stop(httpd);
	free(big);
}

static enum fetch_flow cancel_inside(
	void *arg, const struct fetch_head *head, const char *bytes, size_t count)
{
	struct seen *seen = arg;

	(void)head;
	(void)bytes;
	(void)count;
	seen->sinks++;
	fetch_cancel(seen->transfer);
	return FETCH_MORE;
}

Test(fetch, a_cancelled_transfer_calls_nothing_any_more)
{
	struct httpd_answer hang = { .way = HTTPD_HANG };
	struct httpd_answer trickle = { .way = HTTPD_TRICKLE, .body = "x" };
	struct httpd_route routes[] = { { "/hang", &hang, 1 }, { "/trickle", &trickle, 1 },
		{ NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen waiting, running, inside;
	struct fetch_request request = fetch_rig_request(&waiting, httpd_url(httpd, "/hang"));

	fetch_cancel(fetch_start(fetch_rig.fetch, &request, NULL));
	cr_assert_eq(fetch_count(fetch_rig.fetch), 0);
	request = fetch_rig_request(&running, httpd_url(httpd, "/hang"));
	struct fetch_transfer *transfer = fetch_start(fetch_rig.fetch, &request, NULL);
	while (httpd_count(httpd, "/hang") == 0)
		event_base_loop(fetch_rig.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	fetch_cancel(transfer);
	fetch_rig_run();
	request = fetch_rig_request(&inside, httpd_url(httpd, "/trickle"));
	request.body_sink = cancel_inside;
	inside.transfer = fetch_start(fetch_rig.fetch, &request, NULL);
	fetch_rig_run();
	cr_assert_eq(inside.sinks, 1);
	cr_assert_eq(waiting.done + running.done + inside.done, 0);
	httpd_stop(httpd);
}

Test(fetch, freeing_the_fetcher_ends_every_transfer_as_cancelled)
{
	struct httpd_answer hang = { .way = HTTPD_HANG };
	struct httpd_route routes[] = { { "/", &hang, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen[5];

	for (int i = 0; i < 5; i++) {
		struct fetch_request request = fetch_rig_request(&seen[i], httpd_url(httpd, "/"));
		cr_assert_not_null(fetch_start(fetch_rig.fetch, &request, NULL));
	}
	while (httpd_count(httpd, "/") < 2)
		event_base_loop(fetch_rig.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	cr_assert_eq(httpd_count(httpd, "/"), 2, "more than two transfers to one origin");
	fetch_free(fetch_rig.fetch);
	for (int i = 0; i < 5; i++) {
		cr_assert_eq(seen[i].done, 1);
		cr_assert_eq(seen[i].result.err.code, ERR_CANCELLED);
	}
	httpd_stop(httpd);
	fetch_rig.fetch = NULL;
}

Test(fetch, many_transfers_share_the_slots_and_all_end)
{
	struct httpd_answer answer = { .body = "x" };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen[40];

	for (int i = 0; i < 40; i++) {
		struct fetch_request request = fetch_rig_request(&seen[i], httpd_url(httpd, "/"));
		cr_assert_not_null(fetch_start(fetch_rig.fetch, &request, NULL));
	}
	fetch_rig_run();
	for (int i = 0; i < 40; i++) {
		cr_assert_eq(seen[i].done, 1);
		cr_assert_eq(seen[i].result.err.code, ERR_NONE, "%s", seen[i].result.err.text);
	}
	cr_assert_eq(httpd_count(httpd, "/"), 40);
	httpd_stop(httpd);
}

Test(fetch, waiting_for_a_slot_has_a_deadline_too)
{
	struct httpd_answer hang = { .way = HTTPD_HANG };
	struct httpd_route routes[] = { { "/", &hang, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen slow[2], late;

	for (int i = 0; i < 2; i++) {
		struct fetch_request request = fetch_rig_request(&slow[i], httpd_url(httpd, "/"));
		request.timeout_ms = 1500;
		cr_assert_not_null(fetch_start(fetch_rig.fetch, &request, NULL));
	}
	struct fetch_request request = fetch_rig_request(&late, httpd_url(httpd, "/"));
	request.timeout_ms = 200;
	fetch_rig_go(&late, &request);
	cr_assert_eq(late.result.err.code, ERR_TIMEOUT);
	cr_assert_eq(late.result.fate, FETCH_UNSENT);
	cr_assert_eq(httpd_count(httpd, "/"), 2);
	httpd_stop(httpd);
}
Test(fetch, the_environments_proxy_is_ignored)
{
	struct httpd_answer answer = { .body = "direct" };
	struct seen seen;

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	fetch_rig_get(&seen, &answer);
	cr_assert_eq(seen.result.err.code, ERR_NONE, "%s", seen.result.err.text);
}

Test(fetch, a_refused_connection_is_unsent)
{
	struct httpd_route routes[] = { { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	char *url = mem_text(httpd_url(httpd, "/"));
	struct seen seen;

	httpd_stop(httpd);
	struct fetch_request request = fetch_rig_request(&seen, url);
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_IO, "%s", seen.result.err.text);
	cr_assert_eq(seen.result.fate, FETCH_UNSENT);
	free(url);
}

Test(fetch, a_wrong_request_is_refused_before_it_starts)
{
	static const char *const urls[] = { "", "not a url", "ftp://host/", "file:///etc/passwd",
		"http://user:pw@127.0.0.1/", "//host/" };
	static const char *const split[] = { "X-A: b\r\nX-C: d", NULL };
	struct seen seen;
	struct fetch_request request;

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct err err = ERR_INIT;
		request = fetch_rig_request(&seen, urls[i]);
		cr_expect_null(fetch_start(fetch_rig.fetch, &request, &err), "%s", urls[i]);
		cr_expect_eq(err.code, ERR_USAGE, "%s", urls[i]);
	}
	request = fetch_rig_request(&seen, "http://127.0.0.1/");
	request.plain_http = false;
	cr_expect_null(
		fetch_start(fetch_rig.fetch, &request, NULL), "plain http without permission");
	request = fetch_rig_request(&seen, "http://127.0.0.1/");
	request.headers = split;
	cr_expect_null(fetch_start(fetch_rig.fetch, &request, NULL), "header with a line break");
	request = fetch_rig_request(&seen, "http://127.0.0.1/");
	request.bearer = "a\r\nX: y";
	cr_expect_null(fetch_start(fetch_rig.fetch, &request, NULL), "token with a line break");
	request = fetch_rig_request(&seen, "http://127.0.0.1/");
	request.method = FETCH_POST;
	request.redirects = 1;
	cr_expect_null(fetch_start(fetch_rig.fetch, &request, NULL), "POST with redirects");
	cr_assert_eq(fetch_count(fetch_rig.fetch), 0);
}

Test(fetch, a_certificate_must_be_trusted)
{
	struct httpd_answer answer = { .body = "sealed" };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start_tls(routes);
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/"));

	request.plain_http = false;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_IO, "%s", seen.result.err.text);
	cr_assert(strstr(seen.result.err.text, "certificate"), "%s", seen.result.err.text);
	cr_assert_eq(seen.result.fate, FETCH_UNSENT, "a request went to a stranger");
	request = fetch_rig_request(&seen, httpd_url(httpd, "/"));
	request.plain_http = false;
	request.ca_file = httpd_ca(httpd);
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_NONE, "%s", seen.result.err.text);
	cr_assert_str_eq(seen.body->data, "sealed");
	cr_assert_eq(httpd_count(httpd, NULL), 1);
	httpd_stop(httpd);
}

Test(fetch, a_redirect_from_https_to_http_is_not_followed)
{
	struct httpd_answer inner = { .body = "plain" };
	struct httpd_route plain_routes[] = { { "/", &inner, 1 }, { NULL, NULL, 0 } };
	struct httpd *plain = httpd_start(plain_routes);
	char *location = mem_format("Location: %s\r\n", httpd_url(plain, "/"));
	struct httpd_answer away = { .status = 302, .headers = location };
	struct httpd_route routes[] = { { "/", &away, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start_tls(routes);
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/"));

	request.ca_file = httpd_ca(httpd);
	request.redirects = 3;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_REFUSED, "%s", seen.result.err.text);
	cr_assert_eq(httpd_count(plain, NULL), 0);
	httpd_stop(httpd);
	httpd_stop(plain);
	free(location);
}
