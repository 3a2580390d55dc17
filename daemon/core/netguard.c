#include "core/netguard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/text.h"

static const uint8_t mapped_prefix[12] = { [10] = 0xff, [11] = 0xff };

/* Not plain public unicast (IANA special-purpose registries). IPv4 networks are written as such and
 * compared after the unwrapping below. */
static const char *const denied[] = {
	"0.0.0.0/8",
	"10.0.0.0/8",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"172.16.0.0/12",
	"192.0.0.0/24",
	"192.0.2.0/24",
	"192.88.99.0/24",
	"192.168.0.0/16",
	"198.18.0.0/15",
	"198.51.100.0/24",
	"203.0.113.0/24",
	"224.0.0.0/4",
	"240.0.0.0/4",
	"::/96", /* unspecified, loopback, IPv4-compatible */
	"64:ff9b:1::/48",
	"100::/64",
	"2001::/23",
	"2001:db8::/32",
	"3fff::/20",
	"5f00::/16",
	"fc00::/7",
	"fe80::/10",
	"fec0::/10",
	"ff00::/8",
};

static bool net_holds(const struct netguard_net *net, const uint8_t address[16])
{
	int whole = net->prefix / 8, rest = net->prefix % 8;

	if (memcmp(net->address, address, (size_t)whole) != 0)
		return false;
	if (rest == 0)
		return true;
	int mask = 0xff << (8 - rest) & 0xff;
	return (net->address[whole] & mask) == (address[whole] & mask);
}

static bool host_bits_zero(const struct netguard_net *net)
{
	for (int bit = net->prefix; bit < 128; bit++)
		if (net->address[bit / 8] & (0x80 >> bit % 8))
			return false;
	return true;
}

/* "address[/prefix]" to 16 bytes; IPv4 as mapped IPv6. */
static bool net_parse(const char *cidr, struct netguard_net *ret_net)
{
	char text[INET6_ADDRSTRLEN + 1];
	struct netguard_net net = { .prefix = 0 };
	const char *slash = strchr(cidr, '/');
	size_t length = slash ? (size_t)(slash - cidr) : strlen(cidr);

	if (length == 0 || length >= sizeof(text))
		return false;
	memcpy(text, cidr, length);
	text[length] = '\0';
	bool four = inet_pton(AF_INET, text, net.address + 12) == 1;
	if (four)
		memcpy(net.address, mapped_prefix, sizeof(mapped_prefix));
	else if (inet_pton(AF_INET6, text, net.address) != 1)
		return false;
	int64_t prefix = four ? 32 : 128;
	if (slash &&
		(!text_to_int64(slash + 1, &prefix) || prefix < 0 || prefix > (four ? 32 : 128)))
		return false;
	net.prefix = (int)prefix + (four ? 96 : 0);
	*ret_net = net;
	return true;
}

int netguard_allow(struct netguard *guard, const char *cidr, struct err *err)
{
	struct netguard_net net;

	if (guard->count == NETGUARD_ALLOW_MAX)
		return err_set(err, ERR_LIMIT, "more than %d allowed networks", NETGUARD_ALLOW_MAX);
	if (!net_parse(cidr, &net))
		return err_set(err, ERR_USAGE,
			"\"%s\" is not a network such as 10.1.0.0/16 or fd00::/8", cidr);
	if (!host_bits_zero(&net))
		return err_set(err, ERR_USAGE, "network %s has bits set after its prefix", cidr);
	guard->allow[guard->count++] = net;
	return 0;
}

/* The 16 bytes that are judged: an IPv4 address inside NAT64 or 6to4 is judged as that IPv4
 * address. */
static bool address_bytes(const struct sockaddr *address, uint8_t ret[16])
{
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	static const uint8_t six_to_four[2] = { 0x20, 0x02 };

	memcpy(ret, mapped_prefix, sizeof(mapped_prefix));
	if (address->sa_family == AF_INET) {
		struct sockaddr_in four;
		memcpy(&four, address, sizeof(four));
		memcpy(ret + 12, &four.sin_addr, 4);
		return true;
	}
	if (address->sa_family != AF_INET6)
		return false;
	struct sockaddr_in6 six;
	memcpy(&six, address, sizeof(six));
	const uint8_t *raw = six.sin6_addr.s6_addr;
	if (memcmp(raw, nat64, sizeof(nat64)) == 0)
		memcpy(ret + 12, raw + 12, 4);
	else if (memcmp(raw, six_to_four, sizeof(six_to_four)) == 0)
		memcpy(ret + 12, raw + 2, 4);
	else
		memcpy(ret, raw, 16);
	return true;
}

bool netguard_permits(const struct netguard *guard, const struct sockaddr *address)
{
	uint8_t bytes[16];

	if (!address_bytes(address, bytes))
		return false;
	for (int i = 0; guard && i < guard->count; i++)
		if (net_holds(&guard->allow[i], bytes))
			return true;
	for (size_t i = 0; i < sizeof(denied) / sizeof(denied[0]); i++) {
		struct netguard_net net;
		if (!net_parse(denied[i], &net))
			BUG("denied network %s does not parse", denied[i]);
		if (net_holds(&net, bytes))
			return false;
	}
	return true;
}

bool netguard_is_wider(const struct netguard *guard)
{
	return guard && guard->count > 0;
}

const char *netguard_text(const struct sockaddr *address, char room[NETGUARD_TEXT_MAX])
{
	const void *bytes = NULL;

	if (address->sa_family == AF_INET)
		bytes = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
	else if (address->sa_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
	if (!bytes || !inet_ntop(address->sa_family, bytes, room, NETGUARD_TEXT_MAX))
		snprintf(room, NETGUARD_TEXT_MAX, "address family %d", address->sa_family);
	return room;
}
