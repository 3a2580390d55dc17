/* The host lists of a connection string ("a,b,c" beside hostaddr and port lists), and their names
 * looked up without holding the loop. Inside sql/ only.
 *
 * * libpq resolves names synchronously inside PQconnectStartParams; a slow name server would
 * stop everything. So names go to a short-lived thread of their own, and libpq gets addresses
 * (the name stays beside them for TLS). */
#ifndef SETASIDE_SQL_HOSTS_H
#define SETASIDE_SQL_HOSTS_H

#include <stdbool.h>

#include "core/err.h"

struct event_base;
struct sql_lookup;

/* Some server of the list is not on this machine (neither a socket nor a loopback address). */
bool sql_hosts_remote(const char *host, const char *hostaddr);
/* Some entry is a name without an address beside it. */
bool sql_hosts_have_names(const char *host, const char *hostaddr);

/* Lists of equal length for libpq; a name with several addresses takes several places. */
struct sql_hosts {
	const char *host, *hostaddr, *port;
};
/* Names that cannot be looked up are left out; err is set when nothing is left. Called once,
 * from the loop. */
typedef void (*sql_lookup_fn)(void *arg, const struct sql_hosts *hosts, const struct err *err);
/* NULL when no thread could be started. */
struct sql_lookup *sql_lookup_start(struct event_base *base, const struct sql_hosts *hosts,
	sql_lookup_fn done, void *arg, struct err *err);
/* done is not called any more; the thread ends by itself. */
void sql_lookup_cancel(struct sql_lookup *lookup);

#endif
