#include "lib/alerting.h"

#include <criterion/criterion.h>
#include <stdarg.h>
#include <unistd.h>

#include "core/mem.h"
#include "lib/pg.h"

static const struct conf_section sections[] = {
	{ "channel", true, alert_channel_keys, "A channel." },
	{ "route", true, alert_route_keys, "A route." },
	{ NULL, false, NULL, NULL },
};

static struct conf *parse(struct conf_errors *errors, const char *format, va_list args)
{
	char *text = NULL;
	struct conf *conf;

	cr_assert_geq(vasprintf(&text, format, args), 0);
	conf = conf_parse("test.conf", text, strlen(text), sections, errors);
	if (conf)
		alert_config_validate(conf, errors);
	free(text);
	return conf;
}

struct conf *alerting_conf(const char *format, ...)
{
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf;
	va_list args;

	va_start(args, format);
	conf = parse(&errors, format, args);
	va_end(args);
	cr_assert_eq(errors.total, 0, "%s", errors.total ? errors.line[0] : "");
	conf_errors_free(&errors);
	return conf;
}

const char *alerting_complaint(const char *format, ...)
{
	static char room[2000];
	struct conf_errors errors = CONF_ERRORS_INIT;
	struct conf *conf;
	va_list args;

	va_start(args, format);
	conf = parse(&errors, format, args);
	va_end(args);
	snprintf(room, sizeof(room), "%s", errors.total ? errors.line[0] : "");
	conf_errors_free(&errors);
	conf_free(conf);
	return room;
}

static char *files[16];
static int file_count;

const char *alerting_file(const char *text)
{
	char path[] = "/tmp/setaside-test-XXXXXX";
	int fd = mkstemp(path);

	cr_assert_geq(fd, 0);
	cr_assert_lt(file_count, 16);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	files[file_count] = mem_text(path);
	return files[file_count++];
}

void alerting_files_remove(void)
{
	while (file_count > 0) {
		unlink(files[--file_count]);
		free(files[file_count]);
	}
}

struct waiting {
	struct alert_outcome outcome;
	bool done;
};

static void on_done(void *arg, const struct alert_outcome *outcome)
{
	struct waiting *waiting = arg;

	cr_assert_not(waiting->done, "told twice");
	waiting->outcome = *outcome;
	waiting->done = true;
}

struct alert_outcome alerting_send(
	struct event_base *base, struct alert_channel *channel, const struct alert_message *message)
{
	const struct alert_kind *kind = alert_channel_head(channel)->kind;
	struct waiting waiting = { .done = false };
	struct err err = ERR_INIT;
	struct alert_draft *draft = kind->prepare(channel, message, &err);

	cr_assert_not_null(draft, "%s", err.text);
	cr_assert_not_null(kind->send(channel, draft, on_done, &waiting, &err), "%s", err.text);
	cr_assert_not(waiting.done, "told inside send");
	pg_loop_until(base, &waiting.done, 20000);
	return waiting.outcome;
}

struct alert_message alerting_message(const char *ref, const char *recipient, const char *payload)
{
	return (struct alert_message){ .message_id = 1,
		.ref = ref,
		.case_key = "case/1",
		.recipient = recipient,
		.payload = payload,
		.payload_length = strlen(payload),
		.first_try_at = 1772413205 };
}
