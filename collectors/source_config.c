#include "collectors/source_config.h"

#include <string.h>

#include "collectors/collector.h"
#include "collectors/mapping.h"
#include "collectors/reader.h"
#include "core/mem.h"
#include "core/text.h"
#include "sql/kind.h"

enum { KIND_WORD_FILE, KIND_WORD_HTTP, KIND_WORD_POSTGRES };
static const char *const kind_words[] = { "file", "http", "postgres", NULL };
static const char *const format_words[] = { "canonical", "csv", "json", "ocds", "xlsx", NULL };
enum { NAN_REFUSE, NAN_ABSENT };
static const char *const nan_words[] = { "refuse", "absent", NULL };

enum { LATE_PERIODS = 3 };
enum { MINUTE_MS = 60 * 1000, DAY_MS = 24 * 60 * MINUTE_MS, PAGES_MAX = 100 * 1000 };
#define GIGABYTE (INT64_C(1) << 30)

static const struct conf_key source_keys[] = {
	{ .name = "kind",
		.type = CONF_WORD,
		.words = kind_words,
		.flags = CONF_REQUIRED,
		.help = "Where it comes from." },
	{ .name = "format",
		.type = CONF_WORD,
		.words = format_words,
		.help = "What the bytes are; postgres needs none." },
	{ .name = "record",
		.type = CONF_TEXT,
		.help = "Record kind of the rows: payment, contract, obligation …" },
	{ .name = "every",
		.type = CONF_DURATION,
		.fallback = "10min",
		.min = 1000,
		.max = 31 * (int64_t)DAY_MS,
		.help = "Time between two pulls." },
	{ .name = "complete",
		.type = CONF_BOOL,
		.fallback = "no",
		.help = "It sends everything each time: what is missing is closed." },
	{ .name = "late-after",
		.type = CONF_DURATION,
		.min = 1000,
		.max = 400 * (int64_t)DAY_MS,
		.help = "Without a good pull for so long it is late (three times every)." },
	{ .name = "data-within",
		.type = CONF_DURATION,
		.min = 1000,
		.max = 400 * (int64_t)DAY_MS,
		.help = "New rows must come within this time; none = not watched." },
	{ .name = "shrink",
		.type = CONF_INT,
		.fallback = "30",
		.min = 0,
		.max = 100,
		.help = "Of a complete source: fewer rows by more than this percentage are told; "
			"100 = never." },
	{ .name = "may-be-empty",
		.type = CONF_BOOL,
		.fallback = "no",
		.help = "An answer without rows is usual (feeds of changes)." },
	{ .name = "authority",
		.type = CONF_INT,
		.fallback = "0",
		.min = 0,
		.max = 10000,
		.help = "Of units and suppliers that several sources describe the one with the "
			"smaller "
			"number is believed; 0 = in the order of this file." },
	{ .name = "path", .type = CONF_TEXT, .help = "file: a directory or a file." },
	{ .name = "url", .type = CONF_TEXT, .help = "http: the first page." },
	{ .name = "next",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "http: where the next page's URL stands, links.next." },
	{ .name = "token-file", .type = CONF_SECRET, .help = "http: bearer token." },
	{ .name = "header-file",
		.type = CONF_SECRET,
		.help = "http: one request header, such as X-Api-Key: …; redirects are not "
			"followed then." },
	{ .name = "user",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "http: user of basic authentication." },
	{ .name = "password-file", .type = CONF_SECRET, .help = "Password of http or postgres." },
	{ .name = "ca-file",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "http: certificates to trust instead of the system's." },
	{ .name = "allow",
		.type = CONF_LIST,
		.fallback = "",
		.max = 64,
		.help = "http: address blocks allowed beside public ones." },
	{ .name = "plain-http",
		.type = CONF_BOOL,
		.fallback = "no",
		.help = "http: permits a URL without TLS." },
	{ .name = "pages",
		.type = CONF_INT,
		.fallback = "10000",
		.min = 1,
		.max = PAGES_MAX,
		.help = "http: most pages of one pull." },
	{ .name = "bytes",
		.type = CONF_SIZE,
		.fallback = "4GiB",
		.min = 1024,
		.max = 1024 * GIGABYTE,
		.help = "Most bytes of one pull." },
	{ .name = "timeout",
		.type = CONF_DURATION,
		.fallback = "2min",
		.min = 1000,
		.max = DAY_MS,
		.help = "Longest wait for one page or query." },
	{ .name = "dsn",
		.type = CONF_TEXT,
		.help = "postgres: connection string of the source database." },
	{ .name = "query-file",
		.type = CONF_TEXT,
		.help = "postgres: file with one SELECT, $1 is the watermark." },
	{ .name = "watermark",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "postgres: result column that grows with every change." },
	{ .name = "overlap",
		.type = CONF_DURATION,
		.fallback = "1h",
		.min = 0,
		.max = 31 * (int64_t)DAY_MS,
		.help = "postgres: $1 is so much before the watermark, for changes committed "
			"late." },
	{ .name = "overlap-count",
		.type = CONF_INT,
		.fallback = "1000",
		.min = 0,
		.max = INT32_MAX,
		.help = "postgres: the same for a watermark that is a number." },
	{ .name = "compare",
		.type = CONF_DURATION,
		.fallback = "1d",
		.min = 0,
		.max = 366 * (int64_t)DAY_MS,
		.help = "postgres: with a watermark, time after which $1 is null again, so that "
			"what "
			"was deleted is found missing; 0s = never." },
	{ .name = "encoding",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "csv: encoding as iconv names it; recognised when not given." },
	{ .name = "delimiter",
		.type = CONF_TEXT,
		.fallback = ",",
		.min = 1,
		.max = 1,
		.help = "csv: one character." },
	{ .name = "header-row",
		.type = CONF_INT,
		.fallback = "0",
		.min = 0,
		.max = 1000,
		.help = "csv: number of the header row; 0 = the first that is not blank." },
	{ .name = "header-contains",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "csv: a cell that the header row holds." },
	{ .name = "header-lines",
		.type = CONF_INT,
		.fallback = "1",
		.min = 1,
		.max = 2,
		.help = "csv, xlsx: 2 when the header has two lines." },
	{ .name = "split",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "csv: \"HEADER: 99/99/9999\"; the cell of a row that lacks one, cut behind "
			"the "
			"pattern (9 = any digit)." },
	{ .name = "records",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "json: where the records stand, data.items; none = an array, lines or one "
			"object." },
	{ .name = "nan",
		.type = CONF_WORD,
		.words = nan_words,
		.fallback = "refuse",
		.help = "json: what a bare NaN is; absent = no value, otherwise the file is "
			"refused." },
	{ .name = "sheet",
		.type = CONF_TEXT,
		.fallback = "",
		.help = "xlsx: name of the sheet; none = the first that is not hidden." },
	{ .name = "ragged-pad",
		.type = CONF_BOOL,
		.fallback = "no",
		.help = "csv: short rows are filled up instead of refused." },
	{ .name = "map",
		.type = CONF_LIST,
		.fallback = "",
		.max = 500,
		.help = "Rules: \"source header -> canonical column options\"." },
	{ .name = NULL },
};

const struct conf_section source_section = {
	.name = "source",
	.titled = true,
	.keys = source_keys,
	.help = "A source of records.",
};

static char *text_of(const struct conf_block *block, const char *key)
{
	const char *value = conf_text(block, key);

	return mem_text(value != NULL ? value : "");
}

static char *secret_of(const struct conf_block *block, const char *key)
{
	const char *path = conf_secret_path(block, key);

	return path != NULL ? mem_text(path) : NULL;
}

static char **list_of(const struct conf_block *block, const char *key)
{
	int count = conf_list_count(block, key);
	char **list = mem_zero((size_t)count + 1, sizeof(*list));

	for (int i = 0; i < count; i++)
		list[i] = mem_text(conf_list_item(block, key, i));
	return list;
}

/* The header may hold a colon itself: the last one divides. Without one both stay empty, and check_split complains. */
static void read_split(const struct conf_block *block, struct source_config *ret)
{
	const char *text = conf_text(block, "split");
	const char *colon = strrchr(text, ':');

	ret->split_header = colon ? mem_text_n(text, (size_t)(colon - text)) : mem_text("");
	ret->split_pattern = mem_text(colon ? colon + 1 : "");
	text_trim(ret->split_header);
	text_trim(ret->split_pattern);
}

static void read_watch(const struct conf_block *block, struct source_config *ret)
{
	ret->late_after_ms = conf_given(block, "late-after") ? conf_int(block, "late-after")
							     : LATE_PERIODS * ret->every_ms;
	ret->data_within_ms = conf_given(block, "data-within") ? conf_int(block, "data-within") : 0;
	ret->shrink_percent = (int)conf_int(block, "shrink");
	ret->may_be_empty = conf_bool(block, "may-be-empty");
	ret->authority = (int)conf_int(block, "authority");
}

static void read_values(const struct conf_block *block, struct source_config *ret)
{
	int format = conf_word(block, "format");

	ret->name = mem_text(conf_block_title(block));
	ret->kind = kind_words[conf_word(block, "kind")];
	ret->format = format >= 0 ? format_words[format] : "csv";
	ret->record = text_of(block, "record");
	ret->every_ms = conf_int(block, "every");
	ret->complete = conf_bool(block, "complete");
	read_watch(block, ret);
	ret->path = text_of(block, "path");
	ret->url = text_of(block, "url");
	ret->next = text_of(block, "next");
	ret->token_path = secret_of(block, "token-file");
	ret->header_path = secret_of(block, "header-file");
	ret->user = text_of(block, "user");
	ret->password_path = secret_of(block, "password-file");
	ret->ca_path = text_of(block, "ca-file");
	ret->allow = list_of(block, "allow");
	ret->plain_http = conf_bool(block, "plain-http");
	ret->pages_max = (int)conf_int(block, "pages");
	ret->bytes_max = conf_int(block, "bytes");
	ret->timeout_ms = conf_int(block, "timeout");
	ret->dsn = text_of(block, "dsn");
	ret->query_path = text_of(block, "query-file");
	ret->watermark = text_of(block, "watermark");
	ret->overlap_ms = conf_int(block, "overlap");
	ret->overlap_count = conf_int(block, "overlap-count");
	ret->compare_ms = conf_int(block, "compare");
	ret->encoding = text_of(block, "encoding");
	ret->delimiter = conf_text(block, "delimiter")[0];
	ret->header_row = (int)conf_int(block, "header-row");
	ret->header_contains = text_of(block, "header-contains");
	ret->header_lines = (int)conf_int(block, "header-lines");
	read_split(block, ret);
	ret->records = text_of(block, "records");
	ret->nan_absent = conf_word(block, "nan") == NAN_ABSENT;
	ret->sheet = text_of(block, "sheet");
	ret->ragged_pad = conf_bool(block, "ragged-pad");
	ret->map = list_of(block, "map");
}

static int need(const struct conf_block *block, const char *key, const char *why,
	struct conf_errors *errors)
{
	if (conf_given(block, key))
		return 0;
	return conf_complain(errors, block, key, "%s is missing: %s", key, why);
}

/* A format whose rows are of one kind needs to know which, and its rules must be right. */
static int check_record(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	if (strcmp(config->format, "canonical") == 0 || strcmp(config->format, "ocds") == 0)
		return 0;
	if (need(block, "record", "say which record kind the rows are, for example payment",
		    errors) < 0)
		return -1;
	const struct kind *kind = kind_find(config->record);
	if (kind == NULL)
		return conf_complain(
			errors, block, "record", "there is no record kind \"%s\"", config->record);
	struct mapping_options options = { .kind = kind,
		.rules = (const char *const *)config->map };
	struct err err = ERR_INIT;
	struct mapping *mapping = mapping_new(&options, &err);
	if (mapping == NULL)
		return conf_complain(errors, block, "map", "%s", err.text);
	mapping_free(mapping);
	return 0;
}

static int check_split(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	if (conf_text(block, "split")[0] == 0 ||
		(config->split_header[0] != 0 && strchr(config->split_pattern, '9') != NULL))
		return 0;
	return conf_complain(errors, block, "split",
		"split \"%s\" is not of the form \"HEADER: 99/99/9999\"",
		conf_text(block, "split"));
}

static int check_nan(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	if (!config->nan_absent || strcmp(config->format, "json") == 0)
		return 0;
	return conf_complain(errors, block, "nan", "nan = absent is for format json, this is %s",
		config->format);
}

/* Rows of an equal key are numbered in the order of the whole list: a part of it would number them anew. */
static int check_numbered(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	const struct kind *kind = kind_find(config->record);

	for (int i = 0; config->watermark[0] && kind && i < kind->count; i++) {
		if (kind->columns[i].flags & KIND_OCCURRENCE)
			return conf_complain(errors, block, "watermark",
				"%s rows of one key are told apart by their order in the whole "
				"list, "
				"which a query from a watermark on does not send: remove watermark "
				"and set complete = yes",
				kind->name);
	}
	return 0;
}

static int check(const struct conf_block *block, const struct source_config *config,
	struct conf_errors *errors)
{
	int result = check_record(block, config, errors) | check_split(block, config, errors) |
		     check_nan(block, config, errors);

	switch (conf_word(block, "kind")) {
	case KIND_WORD_FILE:
		result |= need(block, "path", "name the directory or file to read", errors);
		break;
	case KIND_WORD_HTTP:
		result |= need(block, "url", "name the page to fetch", errors);
		result |= need(block, "format", "say what the pages are, for example ocds", errors);
		break;
	default:
		result |= need(block, "dsn", "name the database to read", errors);
		result |= need(block, "query-file", "name the file with the query", errors);
		if (config->complete && config->watermark[0] != 0)
			result |= conf_complain(errors, block, "complete",
				"a query from a watermark on sends what changed, not everything: "
				"all "
				"other rows would be closed; remove complete or watermark");
		result |= check_numbered(block, config, errors);
	}
	if (reader_find(config->format) == NULL)
		result |= conf_complain(errors, block, "format",
			"this build does not read format %s", config->format);
	if (collector_find(config->kind) == NULL)
		result |= conf_complain(errors, block, "kind",
			"this build has no collector of kind %s", config->kind);
	return result;
}

int source_config_read(
	const struct conf_block *block, struct source_config *ret, struct conf_errors *errors)
{
	*ret = (struct source_config){ 0 };
	read_values(block, ret);
	if (check(block, ret, errors) == 0)
		return 0;
	source_config_free(ret);
	return -1;
}

void source_config_import(
	struct source_config *ret, const char *name, const char *directory, bool complete)
{
	*ret = (struct source_config){
		.name = mem_text(name),
		.kind = kind_words[KIND_WORD_FILE],
		.format = format_words[0],
		.record = mem_text(""),
		.complete = complete,
		.path = mem_text(directory),
		.url = mem_text(""),
		.next = mem_text(""),
		.user = mem_text(""),
		.ca_path = mem_text(""),
		.allow = mem_zero(1, sizeof(char *)),
		.pages_max = PAGES_MAX,
		.bytes_max = 1024 * GIGABYTE,
		.timeout_ms = DAY_MS,
		.dsn = mem_text(""),
		.query_path = mem_text(""),
		.watermark = mem_text(""),
		.encoding = mem_text(""),
		.header_contains = mem_text(""),
		.header_lines = 1,
		.split_header = mem_text(""),
		.split_pattern = mem_text(""),
		.records = mem_text(""),
		.sheet = mem_text(""),
		.map = mem_zero(1, sizeof(char *)),
	};
}

static void list_free(char **list)
{
	for (char **item = list; item != NULL && *item != NULL; item++)
		free(*item);
	free(list);
}

void source_config_free(struct source_config *config)
{
	char *texts[] = { config->name, config->record, config->path, config->url, config->next,
		config->token_path, config->header_path, config->user, config->password_path,
		config->ca_path, config->dsn, config->query_path, config->watermark,
		config->encoding, config->header_contains, config->split_header,
		config->split_pattern, config->records, config->sheet };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]);
	list_free(config->allow);
	list_free(config->map);
	*config = (struct source_config){ 0 };
}
