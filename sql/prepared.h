/* Statements that a session knows by name, so that the server neither parses them nor, once it finds that one plan does
 * for all values, plans them again. For sql/ only.
 *
 * A statement is prepared when it comes for the second time in a session, recognised by its text. At most PREPARED_MAX
 * are kept; any more are sent as they are. What is known ends with the session. */
#ifndef SETASIDE_SQL_PREPARED_H
#define SETASIDE_SQL_PREPARED_H

#include <stdbool.h>

enum { PREPARED_MAX = 256, PREPARED_NAME_MAX = 16 };
struct prepared;
struct prepared_statement;

struct prepared *prepared_new(void);
void prepared_free(struct prepared *prepared); /* NULL is fine */

/* Counts one more use of the text; NULL when it is to be sent as it is. */
struct prepared_statement *prepared_find(struct prepared *prepared, const char *text);
/* Whether the server knows the statement; else prepared_made() follows its answer. */
bool prepared_known(const struct prepared_statement *statement);
void prepared_made(struct prepared_statement *statement);
const char *prepared_name(const struct prepared_statement *statement);
/* The server will not have it any more (a table was altered): the next use goes as it is, the one after it makes anew. */
void prepared_forget(struct prepared *prepared, struct prepared_statement *statement);

#endif
