/* http_tls.c - the certificates of a handshake, as libcurl tells them: lines "Name:value". */
#include "wire/http_wire.h"

#include "auth/datetime.h"

static struct str told(const struct curl_slist *lines, const char *name)
{
	const size_t n = strlen(name);

	for (; lines; lines = lines->next)
		if (strncmp(lines->data, name, n) == 0 && lines->data[n] == ':')
			return str(lines->data + n + 1);
	return (struct str){ 0 };
}

/* "Nov  4 16:29:21 2026 GMT"; RFC 5280 4.1.2.5: certificates have no other zone. */
static bool moment(struct arena *a, struct str text, int64_t *ms)
{
	struct str month = str_word(&text), day = str_word(&text), time = str_word(&text),
		   year = str_word(&text);
	struct err ignored = { 0 };

	time = str_cut(&time, '.');
	return datetime_parse_http(arena_fmt(a, "Thu, %s%.*s %.*s %.*s %.*s %.*s",
					     day.n == 1 ? "0" : "", STR_ARG(day), STR_ARG(month),
					     STR_ARG(year), STR_ARG(time), STR_ARG(str_trim(text))),
				   ms, &ignored) == 0;
}

static struct str name_of(struct arena *a, const struct curl_slist *lines, const char *name)
{
	return arena_str(a, str_sub(told(lines, name), 0, TLS_NAME_BYTES));
}

static bool take_one(struct arena *a, const struct curl_slist *lines, struct tls_certificate *c)
{
	const struct str pem = told(lines, "Cert");
	struct err ignored = { 0 };

	if (tls_fingerprint(a, pem, &c->sha256, &ignored))
		return false;
	c->pem = arena_str(a, pem);
	c->subject = name_of(a, lines, "Subject");
	c->issuer = name_of(a, lines, "Issuer");
	c->has_times = moment(a, told(lines, "Start date"), &c->from_ms) &&
		       moment(a, told(lines, "Expire date"), &c->until_ms);
	return true;
}

/* The slot's exchange has none when its connection was there before. */
void http_take_chain(struct slot *s)
{
	struct arena *a = s->x->a;
	const struct curl_certinfo *info = NULL;
	struct tls_chain *chain;
	size_t n;

	if (curl_easy_getinfo(s->easy, CURLINFO_CERTINFO, &info) != CURLE_OK || !info ||
	    info->num_of_certs <= 0)
		return;
	n = (size_t)info->num_of_certs;
	chain = arena_new(a, struct tls_chain);
	if (chain)
		chain->v = arena_array(a, struct tls_certificate, TLS_CERTIFICATES);
	if (!chain || !chain->v)
		return;
	while (chain->n < n && chain->n < TLS_CERTIFICATES &&
	       take_one(a, info->certinfo[chain->n], &chain->v[chain->n]))
		chain->n++;
	chain->left_off = n - chain->n;
	s->x->tls = chain;
	s->w->chain_told = true;
}
