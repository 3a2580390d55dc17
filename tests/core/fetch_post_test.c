/* Requests with a body, kept connections, and endpoints with limits of their own (core/fetch.h). */
#include <criterion/criterion.h>
#include <event2/event.h>

#include "core/fetch.h"
#include "core/mem.h"
#include "lib/fetch_rig.h"

TestSuite(fetch_post, .init = fetch_rig_set_up, .fini = fetch_rig_tear_down, .timeout = 60);

Test(fetch_post, a_post_sends_its_body_headers_and_secret)
{
	static const char *const headers[] = { "Content-Type: application/json", "X-Id: 7", NULL };
	struct httpd_answer answer = { .status = 201 };
	struct httpd_route routes[] = { { "/hook", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen;
	struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/hook"));
	char text[4096];

	request.method = FETCH_POST;
	request.headers = headers;
	request.body = "{\"a\":1}";
	request.body_length = 7;
	request.bearer = "t0ken";
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.head.status, 201);
	httpd_last(httpd, text, sizeof(text));
	cr_assert(strstr(text, "POST /hook HTTP/1.1\r\n"), "%s", text);
	cr_assert(strstr(text, "\r\nContent-Type: application/json\r\n"), "%s", text);
	cr_assert(strstr(text, "\r\nX-Id: 7\r\n"), "%s", text);
	cr_assert(strstr(text, "\r\nAuthorization: Bearer t0ken\r\n"), "%s", text);
	cr_assert(strstr(text, "\r\n\r\n{\"a\":1}"), "%s", text);
	cr_assert_null(strstr(text, "Expect"), "%s", text);
	httpd_stop(httpd);
}

Test(fetch_post, a_post_is_not_repeated_on_a_kept_connection_that_turns_out_dead)
{
	struct httpd_answer answer = { .way = HTTPD_KEEP_THEN_DROP, .body = "ok" };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct seen seen;

	for (int i = 0; i < 3; i++) {
		struct fetch_request request = fetch_rig_request(&seen, httpd_url(httpd, "/"));
		request.method = FETCH_POST;
		request.body = "x";
		request.body_length = 1;
		fetch_rig_go(&seen, &request);
		cr_assert_eq(seen.result.err.code, ERR_NONE, "%s", seen.result.err.text);
	}
	cr_assert_eq(httpd_count(httpd, NULL), 3);
	httpd_stop(httpd);
}

static struct fetch_request post_for(struct seen *seen, const char *url)
{
	struct fetch_request request = fetch_rig_request(seen, url);

	request.method = FETCH_POST;
	request.body = "x";
	request.body_length = 1;
	return request;
}

/* The next request on the connection is read and dropped: nobody knows whether it was heard. */
Test(fetch_post, a_post_on_a_kept_connection_that_turns_out_dead_is_unknown_and_sent_once)
{
	struct httpd_answer answer = { .way = HTTPD_KEEP_THEN_DROP, .body = "ok" };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct fetch *shared = fetch_rig.fetch;
	struct seen seen;
	struct fetch_request request;

	fetch_rig.fetch = fetch_new_endpoint(fetch_rig.base, 4, &fetch_rig.guard, NULL);
	request = post_for(&seen, httpd_url(httpd, "/"));
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_NONE, "%s", seen.result.err.text);
	request = post_for(&seen, httpd_url(httpd, "/"));
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.fate, FETCH_UNKNOWN, "%s", seen.result.err.text);
	cr_assert_eq(httpd_count(httpd, NULL), 1, "repeated on a fresh connection");
	request = post_for(&seen, httpd_url(httpd, "/"));
	request.body_length = 0;
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_NONE, "%s", seen.result.err.text);
	cr_assert_eq(httpd_count(httpd, NULL), 2);
	fetch_free(fetch_rig.fetch);
	fetch_rig.fetch = shared;
	httpd_stop(httpd);
}

Test(fetch_post, an_answer_that_ends_early_is_unknown_and_its_head_is_there)
{
	struct httpd_answer cut = { .way = HTTPD_EARLY_END, .status = 202, .body = "0123456789" };
	struct httpd_answer drop = { .way = HTTPD_DROP };
	struct seen seen;
	struct httpd_answer both[] = { cut, drop };
	struct httpd_route routes[] = { { "/", both, 2 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct fetch_request request = post_for(&seen, httpd_url(httpd, "/"));

	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.fate, FETCH_UNKNOWN, "%s", seen.result.err.text);
	cr_assert(seen.result.head.complete);
	cr_assert_eq(seen.result.head.status, 202);
	request = post_for(&seen, httpd_url(httpd, "/"));
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.fate, FETCH_UNKNOWN);
	cr_assert_not(seen.result.head.complete);
	httpd_stop(httpd);
}

Test(fetch_post, an_endpoint_has_as_many_transfers_at_once_as_it_was_given)
{
	struct httpd_answer hang = { .way = HTTPD_HANG };
	struct httpd_route routes[] = { { "/", &hang, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct fetch *shared = fetch_rig.fetch;
	struct seen seen[6];

	fetch_rig.fetch = fetch_new_endpoint(fetch_rig.base, 5, &fetch_rig.guard, NULL);
	for (int i = 0; i < 6; i++) {
		struct fetch_request request = post_for(&seen[i], httpd_url(httpd, "/"));
		request.timeout_ms = 1500;
		cr_assert_not_null(fetch_start(fetch_rig.fetch, &request, NULL));
	}
	fetch_rig_run();
	cr_assert_eq(httpd_count(httpd, "/"), 5);
	cr_assert_eq(seen[5].result.fate, FETCH_UNSENT);
	fetch_free(fetch_rig.fetch);
	fetch_rig.fetch = shared;
	httpd_stop(httpd);
}

Test(fetch_post, an_endpoint_judges_every_address_by_its_own_guard)
{
	struct httpd_answer answer = { .body = "x" };
	struct httpd_route routes[] = { { "/", &answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct netguard closed = NETGUARD_INIT;
	struct fetch *shared = fetch_rig.fetch;
	struct seen seen;

	fetch_rig.fetch = fetch_new_endpoint(fetch_rig.base, 4, &closed, NULL);
	struct fetch_request request = post_for(&seen, httpd_url(httpd, "/"));
	fetch_rig_go(&seen, &request);
	cr_assert_eq(seen.result.err.code, ERR_REFUSED, "%s", seen.result.err.text);
	cr_assert_eq(httpd_count(httpd, NULL), 0);
	fetch_free(fetch_rig.fetch);
	fetch_rig.fetch = shared;
	httpd_stop(httpd);
}
