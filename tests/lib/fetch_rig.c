#include "lib/fetch_rig.h"

#include <criterion/criterion.h>
#include <event2/event.h>

struct fetch_rig rig;
static struct buf bodies[64]; /* freed at the end, whatever the test does */
static int body_count;

void rig_set_up(void)
{
	event_enable_debug_mode();
	fetch_global_init();
	rig.base = event_base_new();
	rig.fetch = fetch_new(rig.base, NULL);
	rig.guard = (struct netguard)NETGUARD_INIT;
	cr_assert_eq(netguard_allow(&rig.guard, "127.0.0.0/8", NULL), 0);
}

void rig_tear_down(void)
{
	for (int i = 0; i < body_count; i++)
		buf_free(&bodies[i]);
	fetch_free(rig.fetch);
	event_base_free(rig.base);
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

struct fetch_request rig_request(struct seen *seen, const char *url)
{
	*seen = (struct seen){ .flow = FETCH_MORE };
	cr_assert_lt(body_count, 64);
	seen->body = &bodies[body_count++];
	buf_init(seen->body, 16 << 20);
	return (struct fetch_request){ .url = url,
		.guard = &rig.guard,
		.plain_http = true,
		.body_sink = take,
		.done = ended,
		.arg = seen };
}

void rig_run(void)
{
	while (fetch_count(rig.fetch) > 0)
		event_base_loop(rig.base, EVLOOP_ONCE);
}

void rig_go(struct seen *seen, const struct fetch_request *request)
{
	struct err err = ERR_INIT;

	seen->transfer = fetch_start(rig.fetch, request, &err);
	cr_assert_not_null(seen->transfer, "%s", err.text);
	cr_assert_eq(seen->done, 0, "done inside start");
	rig_run();
	cr_assert_eq(seen->done, 1);
}

/* One GET of one answer. */
void rig_get(struct seen *seen, const struct httpd_answer *answer)
{
	struct httpd_route routes[] = { { "/", answer, 1 }, { NULL, NULL, 0 } };
	struct httpd *httpd = httpd_start(routes);
	struct fetch_request request = rig_request(seen, httpd_url(httpd, "/"));

	request.silence_s = 1;
	request.timeout_ms = 5000;
	request.body_limit = 1 << 20;
	rig_go(seen, &request);
	httpd_stop(httpd);
}

void rig_fails(const struct httpd_answer *answer, enum err_code code, enum fetch_fate fate)
{
	struct seen seen;

	rig_get(&seen, answer);
	cr_expect_eq(seen.result.err.code, code, "%s", seen.result.err.text);
	cr_expect_eq(seen.result.fate, fate, "%s", fetch_fate_name(seen.result.fate));
}
