#include "collectors/source_watch.h"

#include <inttypes.h>
#include <string.h>

#include "collectors/json_write.h"
#include "core/log.h"
#include "sql/store_batch.h"

enum { TEXT_MAX = 4 << 20, WATCH_NOTHING = 100 };

static void add_limit(struct buf *out, const char *name, int64_t value, bool watched)
{
	buf_format(out, ",\"%s\":", name);
	if (watched)
		buf_format(out, "%" PRId64, value);
	else
		buf_add_text(out, "null");
}

/* place: in the file, from 1; 0 = not known */
static void add_source(struct buf *out, const struct source_config *config, int place)
{
	buf_add_text(out, "{\"name\":");
	json_write_text(out, config->name, strlen(config->name));
	buf_format(out, ",\"kind\":\"%s\"", config->kind);
	add_limit(out, "late_after_ms", config->late_after_ms, config->late_after_ms > 0);
	add_limit(out, "data_within_ms", config->data_within_ms, config->data_within_ms > 0);
	add_limit(out, "shrink_percent", config->shrink_percent,
		config->shrink_percent < WATCH_NOTHING);
	int authority = config->authority > 0 ? config->authority : place;
	add_limit(out, "authority", authority, authority > 0);
	buf_format(out, ",\"may_be_empty\":%s}", config->may_be_empty ? "true" : "false");
}

void source_watch(struct sql_link *link, const struct source_config *sources, int count, bool all)
{
	struct buf out;

	buf_init(&out, TEXT_MAX);
	buf_add_char(&out, '[');
	for (int i = 0; i < count; i++) {
		if (i > 0)
			buf_add_char(&out, ',');
		add_source(&out, &sources[i], all ? i + 1 : 0);
	}
	buf_add_char(&out, ']');
	if (out.failed)
		log_warn("collect", "too many sources to be watched");
	else
		store_source_watch(link, out.data, all);
	buf_free(&out);
}
