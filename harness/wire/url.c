#include "wire/wire.h"

#include <arpa/inet.h>

#define URL_MAX_BYTES  8192
#define HOST_MAX_BYTES 255

static const struct {
	const char *prefix;
	bool tls;
	int port; /* RFC 9110 4.2 */
} schemes[] = {
	{ "http://", false, 80 },
	{ "https://", true, 443 },
};

/* The URL is quoted only where it cannot hold a password. */
static int bad(struct err *err, struct str url, const char *why)
{
	const struct str shown =
		str_chr(url, '@') == (size_t)-1 ? str_sub(url, 0, 100) : STR("URL");

	return err_set(err, ERR_INPUT, "%.*s: %s: expected http://HOST[:PORT][/PATH]",
		       STR_ARG(shown), why);
}

static bool all_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f)
			return false;
	return true;
}

/* A registered name or IPv4 address (RFC 3986 3.2.2), without percent-encoding. */
static bool is_name(struct str host)
{
	for (size_t i = 0; i < host.n; i++)
		if (!char_is_alpha(host.p[i]) && !char_is_digit(host.p[i]) &&
		    !strchr("-._~", host.p[i]))
			return false;
	return host.n > 0 && host.n <= HOST_MAX_BYTES;
}

/* inet_pton wants a terminated string. */
static bool address(int family, struct str text, void *out)
{
	char copy[INET6_ADDRSTRLEN];

	if (text.n == 0 || text.n >= sizeof(copy))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = '\0';
	return inet_pton(family, copy, out) == 1;
}

/* An IPv6 address, with the zone of a link-local one behind "%25" (RFC 6874). */
static bool is_ipv6(struct str host)
{
	struct in6_addr ip;
	const size_t zone = str_find(host, STR("%25"));

	if (zone == (size_t)-1)
		return address(AF_INET6, host, &ip);
	return address(AF_INET6, str_sub(host, 0, zone), &ip) &&
	       is_name(str_sub(host, zone + 3, host.n));
}

static bool is_loopback(struct str host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (address(AF_INET, host, &v4))
		return ntohl(v4.s_addr) >> 24 == 127;
	if (address(AF_INET6, host, &v6))
		return memcmp(&v6, &in6addr_loopback, sizeof(v6)) == 0;
	return str_ieq(host, STR("localhost"));
}

/* "host", "host:port", "[v6]" or "[v6]:port" */
static int authority_parse(struct str text, struct url_parts *out, const char **why)
{
	const bool bracket = text.n > 0 && text.p[0] == '[';
	const size_t end = str_chr(text, bracket ? ']' : ':');
	struct str port = { 0 };
	uint64_t number = 0;

	*why = "no such form of a host";
	out->host = bracket ? str_sub(text, 1, end - 1) : str_sub(text, 0, end);
	if (bracket ? end == (size_t)-1 || !is_ipv6(out->host) : !is_name(out->host))
		return -1;
	if (end != (size_t)-1)
		port = str_sub(text, end + bracket, text.n);
	if (port.n == 0)
		return 0;
	*why = "a port is 1 to 65535";
	if (port.p[0] != ':' || str_to_u64(str_sub(port, 1, port.n), 65535, &number) || number == 0)
		return -1;
	out->port = (int)number;
	return 0;
}

int url_parse(struct str url, struct url_parts *out, struct err *err)
{
	struct str rest = { 0 }, authority;
	size_t slash;
	const char *why = NULL;

	*out = (struct url_parts){ .target = STR("/") };
	if (url.n > URL_MAX_BYTES)
		return bad(err, url, "longer than 8192 octets");
	if (!all_printable(url))
		return bad(err, url, "a space, control or non-ASCII character");
	for (size_t i = 0; i < COUNT(schemes) && !rest.p; i++) {
		const struct str prefix = str(schemes[i].prefix);

		if (!str_istarts(url, prefix))
			continue;
		rest = str_sub(url, prefix.n, url.n);
		out->tls = schemes[i].tls;
		out->port = schemes[i].port;
	}
	if (!rest.p)
		return bad(err, url, "not an http or https URL");
	slash = str_chr(rest, '/');
	authority = str_sub(rest, 0, slash);
	/* A password on a command line or in a log is a leak. */
	if (str_chr(authority, '@') != (size_t)-1)
		return bad(err, url, "no user or password belongs in it");
	if (authority_parse(authority, out, &why))
		return bad(err, url, why);
	if (slash != (size_t)-1)
		out->target = str_sub(rest, slash, rest.n);
	if (str_chr(out->target, '#') != (size_t)-1)
		return bad(err, url, "a fragment is never sent");
	out->origin = str_sub(url, 0, (size_t)(authority.p + authority.n - url.p));
	out->loopback = is_loopback(out->host);
	return 0;
}
