/* Which collectors and readers there are: the only list of them. */
#include <string.h>

#include "collectors/collector.h"
#include "collectors/ocds.h"
#include "collectors/pull_file.h"
#include "collectors/pull_http.h"
#include "collectors/pull_pg.h"
#include "collectors/reader.h"
#include "collectors/reader_csv.h"
#include "collectors/reader_json.h"
#include "collectors/reader_xlsx.h"

const struct collector *const collector_kinds[] = { &pull_file, &pull_http, &pull_pg, NULL };
const struct reader_type *const reader_types[] = { &reader_canonical, &reader_csv, &reader_json,
	&reader_xlsx, &ocds_reader, NULL };

const struct collector *collector_find(const char *kind)
{
	for (int i = 0; collector_kinds[i] != NULL; i++) {
		if (strcmp(collector_kinds[i]->kind, kind) == 0)
			return collector_kinds[i];
	}
	return NULL;
}

const struct reader_type *reader_find(const char *format)
{
	for (int i = 0; reader_types[i] != NULL; i++) {
		if (strcmp(reader_types[i]->format, format) == 0)
			return reader_types[i];
	}
	return NULL;
}
