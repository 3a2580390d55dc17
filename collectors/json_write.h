/* A JSON tree as compact text: numbers digit for digit, members in their order, UTF-8 as it is. */
#ifndef SETASIDE_COLLECTORS_JSON_WRITE_H
#define SETASIDE_COLLECTORS_JSON_WRITE_H

#include "collectors/json_tree.h"
#include "core/buf.h"

void json_write(struct buf *out, const struct json_node *node);
/* Text of that length as a JSON string, quotes included. */
void json_write_text(struct buf *out, const char *text, size_t length);

#endif
