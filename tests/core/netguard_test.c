#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/netguard.h"

static bool permits(const struct netguard *guard, const char *text)
{
	struct sockaddr_storage room = { 0 };
	struct sockaddr_in *four = (struct sockaddr_in *)&room;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&room;

	if (strchr(text, ':')) {
		six->sin6_family = AF_INET6;
		cr_assert_eq(inet_pton(AF_INET6, text, &six->sin6_addr), 1, "%s", text);
	} else {
		four->sin_family = AF_INET;
		cr_assert_eq(inet_pton(AF_INET, text, &four->sin_addr), 1, "%s", text);
	}
	return netguard_permits(guard, (struct sockaddr *)&room);
}

Test(netguard, public_addresses_pass_and_all_others_are_denied_by_default)
{
	static const char *const good[] = { "1.1.1.1", "11.0.0.1", "172.15.255.255", "172.32.0.0",
		"192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255", "100.128.0.0",
		"2400:3200::1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101",
		"2002:101:101::1" };
	static const char *const bad[] = { "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1",
		"100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1",
		"198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255",
		"240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1",
		"::ffff:10.1.2.3", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
		"2002:7f00:1::", "2002:a00:1::1", "2001::1", "2001:db8::1", "fc00::1", "fdff::1",
		"fe80::1", "fec0::1", "ff02::1", "100::1" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		cr_expect(permits(NULL, good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_expect_not(permits(NULL, bad[i]), "%s", bad[i]);
}

Test(netguard, an_allow_list_opens_exactly_its_networks)
{
	struct netguard guard = NETGUARD_INIT;

	cr_assert_not(netguard_is_wider(&guard));
	cr_assert_eq(netguard_allow(&guard, "10.1.0.0/20", NULL), 0);
	cr_assert_eq(netguard_allow(&guard, "fd12:3456::/33", NULL), 0);
	cr_assert_eq(netguard_allow(&guard, "127.0.0.1", NULL), 0);
	cr_assert(netguard_is_wider(&guard));
	cr_expect(permits(&guard, "10.1.15.255"));
	cr_expect_not(permits(&guard, "10.1.16.0"));
	cr_expect_not(permits(&guard, "10.0.255.255"));
	cr_expect(permits(&guard, "::ffff:10.1.0.1"), "wrapped IPv4 is that IPv4");
	cr_expect(permits(&guard, "fd12:3456:7fff::1"));
	cr_expect_not(permits(&guard, "fd12:3456:8000::1"));
	cr_expect(permits(&guard, "127.0.0.1"));
	cr_expect_not(permits(&guard, "127.0.0.2"));
	cr_expect(permits(&guard, "1.1.1.1"), "public addresses stay open");
}

Test(netguard, a_network_that_is_not_one_is_refused_with_the_text_named)
{
	static const char *const bad[] = { "", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/",
		"10.0.0.0/8x", "10.0.0.1/8", "::1/129", "localhost", "10.0.0/8", "fd00::1/8",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct netguard guard = NETGUARD_INIT;
		struct err err = ERR_INIT;
		cr_expect_lt(netguard_allow(&guard, bad[i], &err), 0, "%s", bad[i]);
		cr_expect_eq(err.code, ERR_USAGE, "%s", bad[i]);
		cr_expect(strstr(err.text, bad[i]), "%s", err.text);
		cr_expect_eq(guard.count, 0);
	}
}

Test(netguard, the_allow_list_has_a_ceiling)
{
	struct netguard guard = NETGUARD_INIT;
	struct err err = ERR_INIT;

	for (int i = 0; i < NETGUARD_ALLOW_MAX; i++)
		cr_assert_eq(netguard_allow(&guard, "10.0.0.0/8", NULL), 0);
	cr_assert_lt(netguard_allow(&guard, "10.0.0.0/8", &err), 0);
	cr_assert_eq(err.code, ERR_LIMIT);
}

Test(netguard, other_families_are_denied)
{
	struct sockaddr_un local = { .sun_family = AF_UNIX };
	char room[NETGUARD_TEXT_MAX];

	cr_assert_not(netguard_permits(NULL, (struct sockaddr *)&local));
	cr_assert_str_eq(netguard_text((struct sockaddr *)&local, room), "address family 1");
}
