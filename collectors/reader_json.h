/* The "json" format: any JSON page with a list of records somewhere in it, through the mapping of tables.
 *
 * `records` of the source is the dotted path of the list (or of the one object); without it the file is an array, lines,
 * or one object. A page without anything at the path fails ("json-shape"): it is a portal's error message.
 *
 * Headers are the record's member names, and the paths that rules name: "value.amount", "suppliers.0.name" (a number
 * counts the elements of a list from 0). Paths are written exactly as in the page. A rule's member may be missing in a
 * record: then nothing is stated. Lists and objects that no rule names are kept in extra as compact JSON. Numbers pass digit for digit. A
 * member that first appears in a later record is a new column from there on; 512 columns are the limit.
 *
 * place of a row is the byte offset of its record in the file (in UTF-8, when an encoding is configured). */
#ifndef SETASIDE_COLLECTORS_READER_JSON_H
#define SETASIDE_COLLECTORS_READER_JSON_H

#include "collectors/reader.h"

extern const struct reader_type reader_json;

#endif
