#include "lib/alert_rig.h"

#include <criterion/criterion.h>
#include <stdarg.h>

#include "core/fetch.h"
#include "core/buf.h"

void alert_rig_start(struct alert_rig *rig)
{
	struct err err = ERR_INIT;

	*rig = (struct alert_rig){ .conf = NULL };
	fetch_global_init();
	rig->env.base = pg_loop_new();
	rig->env.fetch = fetch_new(rig->env.base, &err);
	cr_assert_not_null(rig->env.fetch, "%s", err.text);
}

void alert_rig_open(struct alert_rig *rig, const char *format, ...)
{
	const struct conf_block *block;
	struct err err = ERR_INIT;
	char text[4000];
	va_list args;

	va_start(args, format);
	cr_assert_lt((size_t)vsnprintf(text, sizeof(text), format, args), sizeof(text));
	va_end(args);
	rig->conf = alerting_conf("%s", text);
	block = conf_block(rig->conf, "channel", 0);
	rig->channel = alert_kind_of(block)->open(&rig->env, block, &err);
	cr_assert_not_null(rig->channel, "%s", err.text);
}

void alert_rig_close(struct alert_rig *rig)
{
	if (rig->channel)
		alert_channel_head(rig->channel)->kind->close(rig->channel);
	conf_free(rig->conf);
	rig->channel = NULL;
	rig->conf = NULL;
}

struct alert_outcome alert_rig_send(struct alert_rig *rig, const struct alert_message *message)
{
	return alerting_send(rig->env.base, rig->channel, message);
}

void alert_rig_stop(struct alert_rig *rig)
{
	alert_rig_close(rig);
	fetch_free(rig->env.fetch);
	pg_loop_free(rig->env.base);
	fetch_global_free();
	alerting_files_remove();
}

char *alert_rig_arrears(int rows, const char *name)
{
	struct buf text;
	char *result;

	buf_init(&text, 1024 * 1024);
	buf_format(&text,
		"{\"type\":\"sme.arrears.suspected\",\"event\":\"opened\",\"timestamp\":"
		"\"2026-10-06T01:00:00Z\",\"as_of\":\"2026-10-06\",\"case\":\"arrears/026003\","
		"\"severity\":\"notice\",\"rules\":[\"P-1\"],\"unit\":{\"code\":\"026003\","
		"\"name\":\"%s\"},\"findings\":[1],\"arrears\":{\"rows_total\":%d,"
		"\"overdue_fen\":%d00,\"rows\":[",
		name, rows, rows);
	for (int i = 0; i < rows; i++)
		buf_format(&text,
			"%s{\"obligation_no\":\"HT-%d-01\",\"contract_no\":\"HT_%d#1\","
			"\"supplier_name\":\"%s\",\"due_on\":\"2026-09-01\",\"overdue_days\":35,"
			"\"overdue_fen\":100}",
			i > 0 ? "," : "", i, i, name);
	buf_add_text(&text, "]}}");
	cr_assert_not(text.failed);
	result = buf_take(&text);
	buf_free(&text);
	return result;
}
