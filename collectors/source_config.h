/* The configuration of one source: block `source "name" { … }`, and what `import` makes from its arguments. */
#ifndef SETASIDE_COLLECTORS_SOURCE_CONFIG_H
#define SETASIDE_COLLECTORS_SOURCE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/conf.h"

struct source_config {
	char *name;
	const char *kind;   /* "file", "http", "postgres"; static */
	const char *format; /* "canonical", "csv", "json", "ocds", "xlsx"; static */
	char *record; /* record kind of a csv, query result or sheet; "" for canonical and ocds */
	int64_t every_ms; /* 0 = only when asked */
	bool complete;    /* it sends everything each time: vanished rows are closed */

	/* What is told of it (v_source_fault). */
	int64_t late_after_ms;  /* without a good pull; 0 = never late */
	int64_t data_within_ms; /* without a batch that has rows; 0 = not watched */
	int shrink_percent;     /* fewer rows by more than this; 100 = not watched */
	bool may_be_empty;      /* an answer without rows is usual */
	int authority; /* about units and suppliers that several sources describe; 0 = by its place in the file */

	/* file */
	char *path;        /* directory or file */
	int64_t settle_ms; /* of a drop folder (collectors/drop_folder.h) */
	char *marker;      /* "" = none */

	/* http */
	char *url;      /* "" = in the file */
	char *url_path; /* file with the URL, when it holds a secret; NULL = none */
	/* pages (collectors/paging.h); "" = not this way */
	char *next, *cursor, *cursor_param, *page_param, *offset_param, *size_param, *total;
	int first_page, page_size; /* page_size 0 = as the server likes */
	char *token_path;          /* bearer token file; NULL = none */
	char *header_path;         /* file with one "Name: value" request header; NULL = none */
	char *user;                /* basic authentication with password_path; "" = none */
	char *password_path;       /* also of postgres; NULL = none */
	char *ca_path;             /* "" = the system's */
	char **allow; /* CIDR blocks this source may be reached at beside public ones; NULL-terminated */
	bool plain_http;
	int pages_max;
	int64_t bytes_max;  /* of one pull */
	int64_t timeout_ms; /* of one page or one query */

	/* postgres */
	char *dsn;
	char *query_path;                  /* .sql file, one SELECT, $1 = watermark */
	char *watermark;                   /* column of the result; "" = none */
	int64_t overlap_ms, overlap_count; /* how far before the watermark a pull begins */
	int64_t compare_ms; /* with a watermark: time between two pulls of everything; 0 = never */

	/* csv and mapping (collectors/frame_csv.h, collectors/mapping.h) */
	char *encoding;        /* "" = recognise */
	char delimiter;        /* 0 = comma */
	char quote;            /* 0 = the double one */
	int header_row;        /* 0 = first that is not blank */
	char *header_contains; /* "" = none */
	int header_lines;      /* 2 = a header of two lines, at most FRAME_HEADER_LINES_MAX */
	char *split_header;    /* csv: frame_csv_options; "" = no split */
	char *split_pattern;
	char *records; /* json: dotted path of the records; "" = the file's own array, lines or object */
	bool nan_absent; /* json: a bare NaN is no value; otherwise the file is refused */
	char *sheet;     /* xlsx; "" = the first visible, "*" = all */
	bool ragged_pad;
	char **map; /* rules; NULL-terminated */
};

/* Of a drop folder each file is a part of what the source has. */
#define SOURCE_CONFIG_DROP_COMPLETE                                                                \
	"each file of a drop folder would close the rows of all others: remove complete, or give " \
	"path as one file"

extern const struct conf_section source_section;

/* Fills ret (source_config_free afterwards); what is wrong is added to errors, -1. */
int source_config_read(
	const struct conf_block *block, struct source_config *ret, struct conf_errors *errors);
/* What `import DIR` runs: kind file, format canonical, no map. */
void source_config_import(
	struct source_config *ret, const char *name, const char *directory, bool complete);
void source_config_free(struct source_config *config);

#endif
