/* Which network addresses the program may connect to on behalf of configured URLs.
 *
 * The decision is made per resolved address, at connect time, for every hop (see core/fetch.h): a
 * check of the URL's text loses to redirects and to names that change their address. Without an
 * allow-list everything that is not plain public unicast is denied: loopback, private, link-local,
 * shared (CGNAT), multicast, reserved and documentation networks, and IPv4 addresses wrapped in
 * IPv6 are judged as the IPv4 address they reach. An allow-list opens single networks for one
 * source or channel, never for all. A plain value: copy freely. */
#ifndef SETASIDE_CORE_NETGUARD_H
#define SETASIDE_CORE_NETGUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

struct sockaddr;

enum { NETGUARD_ALLOW_MAX = 32, NETGUARD_TEXT_MAX = 64 };

struct netguard_net {
	uint8_t address[16]; /* IPv6, or IPv4 as ::ffff:a.b.c.d */
	int prefix;          /* 0-128 over the 16 bytes */
};

struct netguard {
	struct netguard_net allow[NETGUARD_ALLOW_MAX];
	int count;
};
#define NETGUARD_INIT                                                                              \
	{                                                                                          \
		.count = 0                                                                         \
	}

/* Adds "10.1.0.0/16", "fd00::/8", or one address without a slash. Host bits must be zero. */
int netguard_allow(struct netguard *guard, const char *cidr, struct err *err);

/* guard may be NULL: the default policy. Families other than IPv4 and IPv6 are denied. */
bool netguard_permits(const struct netguard *guard, const struct sockaddr *address);

/* True if connections made under this guard must not be shared with transfers under the default
 * policy. */
bool netguard_is_wider(const struct netguard *guard);

/* Numeric text of an address for error messages. Returns room. */
const char *netguard_text(const struct sockaddr *address, char room[NETGUARD_TEXT_MAX]);

#endif
