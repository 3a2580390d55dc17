#include "lib/fetch_rig.h"

#include <criterion/criterion.h>
#include <event2/event.h>

struct fetch_rig fetch_rig;
static struct buf bodies[64]; /* freed at the end, whatever the test does */
static int body_count;

void fetch_rig_set_up(void)
{
	event_enable_debug_mode();
	fetch_global_init();
	fetch_rig.base = event_base_new();
	fetch_rig.fetch = fetch_new(fetch_rig.base, NULL);
	fetch_rig.guard = (struct netguard)NETGUARD_INIT;
	cr_assert_eq(netguard_allow(&fetch_rig.guard, "127.0.0.0/8", NULL), 0);
}

void fetch_rig_tear_down(void)
{
	for (int i = 0; i < body_count; i++)
		buf_free(&bodies[i]);
	fetch_free(fetch_rig.fetch);
	event_base_free(fetch_rig.base);
	fetch_global_free();
	libevent_global_shutdown();
}

static enum fetch_flow take(
	void *arg, const struct fetch_head *head, const char *bytes, size_t count)
{
	struct seen *seen = arg;

	cr_assert_eq(seen->done, 0, "body after done");
	seen->sinks++;
	seen->status_at_sink = head->status;
	buf_add(seen->body, bytes, count);
	return seen->flow;
}

static void ended(void *arg, const struct fetch_result *result)
{
	struct seen *seen = arg;

	seen->result = *result;
	seen->done++;
	seen->transfer = NULL;
}

struct fetch_request fetch_rig_request(struct seen *seen, const char *url)
{
	*seen = (struct seen){ .flow = FETCH_MORE };
	cr_assert_lt(body_count, 64);
	seen->body = &bodies[body_count++];
	buf_init(seen->body, 16 << 20);
	return (struct fetch_request){ .url = url,
		.guard = &fetch_rig.guard,
		.plain_http = true,
		.body_sink = take,
		.done = ended,
		.arg = seen };
}

void fetch_rig_run(void)
{
	while (fetch_count(fetch_rig.fetch) > 0)
		event_base_loop(fetch_rig.base, EVLOOP_ONCE);
}

void fetch_rig_go(struct seen *seen, const struct fetch_request *request)
{
	struct err err = ERR_INIT;

	seen->transfer = fetch_start(fetch_rig.fetch, request, &err);
	cr_assert_not_null(seen->transfer, "%s", err.text);
	cr_assert_eq(seen->done, 0, "done inside start");
	fetch_rig_run();
	cr_assert_eq(seen->done, 1);
}

/* One GET of one answer. */
void fetch_rig_get(struct seen *seen, const struct httpd_answer *answer)
{
	struct httpd_route routes[] = { { "/", answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct fetch_request request = fetch_rig_request(seen, httpd_url(httpd, "/"));

	request.silence_s = 1;
	request.timeout_ms = 5000;
	request.body_limit = 1 << 20;
	fetch_rig_go(seen, &request);
	httpd_stop(httpd);
}

void fetch_rig_fails(const struct httpd_answer *answer, enum err_code code, enum fetch_fate fate)
{
	struct seen seen;

	fetch_rig_get(&seen, answer);
	cr_expect_eq(seen.result.err.code, code, "%s", seen.result.err.text);
	cr_expect_eq(seen.result.fate, fate, "%s", fetch_fate_name(seen.result.fate));
}
