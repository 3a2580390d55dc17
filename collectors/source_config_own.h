/* What the files of source_config share. */
#ifndef SETASIDE_COLLECTORS_SOURCE_CONFIG_OWN_H
#define SETASIDE_COLLECTORS_SOURCE_CONFIG_OWN_H

#include <stdint.h>

enum { SOURCE_KIND_FILE, SOURCE_KIND_HTTP, SOURCE_KIND_POSTGRES };
extern const char *const source_kind_words[], *const source_format_words[],
						      *const source_nan_words[];
enum { SOURCE_NAN_REFUSE, SOURCE_NAN_ABSENT };

enum { SOURCE_DAY_MS = 24 * 60 * 60 * 1000, SOURCE_PAGES_MAX = 100 * 1000 };
#define SOURCE_GIGABYTE (INT64_C(1) << 30)

#endif
