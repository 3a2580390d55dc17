/* A person's correction of a refused row, carried out: rehearsed first, then put on record, then sent through the same way
 * as every batch, as the source "corrections". */
#ifndef SETASIDE_DAEMON_CORRECTING_H
#define SETASIDE_DAEMON_CORRECTING_H

#include <stdint.h>

#include "daemon/session.h"

struct correcting {
	int64_t quarantine_id;
	const char *person, *reason;
	char **assignments; /* "field=value" */
	int count;
};
/* On an open session; the exit status, after what became of it was told. STATUS_REFUSED: the row would be refused again,
 * and nothing was kept. */
int correcting_run(struct session *session, const struct correcting *correcting);

#endif
