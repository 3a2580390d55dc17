#include "lib/pulled.h"

#include <criterion/criterion.h>
#include <event2/event.h>

#include "lib/pg.h"

static int on_begin(void *arg, const char *name, struct err *err)
{
	struct pulled *pulled = arg;

	(void)err;
	cr_assert_eq(pulled->files, pulled->ends, "a file begins inside another");
	pulled->files++;
	buf_format(&pulled->text, "<%s>", name);
	return 0;
}

static int on_bytes(void *arg, const void *bytes, size_t count, struct err *err)
{
	struct pulled *pulled = arg;

	cr_assert_eq(pulled->files, pulled->ends + 1, "bytes outside of a file");
	if (++pulled->byte_calls == pulled->fail_bytes_at)
		return err_set(err, ERR_IO, "the archive is full");
	return buf_add(&pulled->text, bytes, count);
}

static int on_file_end(void *arg, struct err *err)
{
	struct pulled *pulled = arg;

	(void)err;
	pulled->ends++;
	buf_add_text(&pulled->text, "</>");
	return 0;
}

static bool on_full(void *arg)
{
	struct pulled *pulled = arg;

	if (pulled->full_every && ++pulled->asked % pulled->full_every == 0)
		pulled->full = true;
	return pulled->full;
}

static void on_expect(void *arg, long long bytes)
{
	(void)arg;
	(void)bytes;
}

static void on_done(
	void *arg, enum collector_end end, const struct store_cursor *next, const struct err *err)
{
	struct pulled *pulled = arg;

	pulled->done++;
	pulled->end = end;
	pulled->has_next = next != NULL;
	if (next)
		pulled->next = *next;
	if (err)
		pulled->err = *err;
}

void pulled_init(struct pulled *pulled)
{
	*pulled = (struct pulled){ .files = 0 };
	buf_init(&pulled->text, 256 << 20);
	pulled->sink = (struct collector_sink){ .file_begin = on_begin,
		.file_bytes = on_bytes,
		.file_end = on_file_end,
		.full = on_full,
		.expect = on_expect,
		.arg = pulled };
}

void pulled_free(struct pulled *pulled)
{
	buf_free(&pulled->text);
}

struct run {
	struct pulled *pulled;
	const struct collector *collector;
	struct collector_pull *pull;
};

static bool finished(void *arg)
{
	struct run *run = arg;

	if (run->pulled->full && !run->pulled->done) {
		run->pulled->full = false;
		run->pulled->resumed++;
		run->collector->resume(run->pull);
	}
	return run->pulled->done > 0;
}

int pulled_run(struct pulled *pulled, const struct collector *collector,
	const struct collector_env *env, const struct source_config *config,
	const struct store_cursor *cursor)
{
	static const struct store_cursor none;
	struct run run = { .pulled = pulled, .collector = collector };

	run.pull = collector->start(
		env, config, cursor ? cursor : &none, &pulled->sink, on_done, pulled, &pulled->err);
	if (!run.pull)
		return -1;
	cr_assert_eq(pulled->done, 0, "done inside start");
	pg_loop_until_true(env->base, finished, &run, 30000);
	pg_loop_for(env->base, 20);
	cr_assert_eq(pulled->done, 1, "done more than once");
	return 0;
}

struct source_config pulled_config(const char *kind)
{
	static char *nothing[] = { NULL };

	return (struct source_config){ .name = (char *)"test",
		.kind = kind,
		.format = "csv",
		.record = (char *)"payment",
		.path = (char *)"",
		.marker = (char *)"",
		.url = (char *)"",
		.next = (char *)"",
		.cursor = (char *)"",
		.cursor_param = (char *)"",
		.page_param = (char *)"",
		.offset_param = (char *)"",
		.size_param = (char *)"",
		.total = (char *)"",
		.user = (char *)"",
		.ca_path = (char *)"",
		.allow = nothing,
		.pages_max = 100,
		.bytes_max = 64 << 20,
		.timeout_ms = 5000,
		.dsn = (char *)"",
		.query_path = (char *)"",
		.watermark = (char *)"",
		.encoding = (char *)"",
		.header_contains = (char *)"",
		.map = nothing };
}
