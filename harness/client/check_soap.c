/* Envelopes, and the device's time: SOAP 1.2, WS-Addressing 1.0 3.2, ONVIF Core 5.9.4.3. */
#include "client/check_parts.h"

/* --- time --- */

/* The device had not refused to tell the time without a token. */
static bool time_is_open(const struct conversation *c, const struct heard *h)
{
	for (size_t i = check_index(c, h); i-- > 0;)
		if (check_asks_time(c->v[i]) && !c->v[i]->has && c->v[i]->response.status >= 400)
			return false;
	return true;
}

struct check_finding judge_token_none_on_time(const struct check_view *w,
					      const struct conversation *c, const struct heard *h)
{
	if (!check_asks_time(h))
		return check_unseen(NULL);
	if (h->has & HAS_TOKEN && time_is_open(c, h))
		return check_broken(w, h,
				    "expected GetSystemDateAndTime without a token, got it with "
				    "one");
	return check_holds();
}

struct check_finding judge_time_asked(const struct check_view *w)
{
	struct check_finding all = check_unseen("no request had a UsernameToken");

	for (size_t i = 0; i < w->n; i++) {
		bool asked = false;

		for (size_t k = 0; k < w->c[i]->n; k++) {
			const struct heard *h = w->c[i]->v[k];

			asked = asked || check_asks_time(h);
			if (!(h->has & HAS_TOKEN))
				continue;
			if (!asked)
				return check_broken(w, h,
						    "expected GetSystemDateAndTime before the "
						    "first token, got a token first");
			all = check_holds();
		}
	}
	return all;
}

/* A token that the device did not take, of another call than that for the time. */
static bool token_refused(const struct heard *h)
{
	return h->has & HAS_TOKEN && !h->granted && h->response.status >= 400 &&
	       !check_asks_time(h);
}

struct check_finding judge_time_asked_again(const struct check_view *w)
{
	struct check_finding all = check_unseen("no token was refused");

	for (size_t i = 0; i < w->n; i++) {
		const struct heard *refused = NULL;
		bool again = false;

		for (size_t k = 0; k < w->c[i]->n && !again; k++) {
			const struct heard *h = w->c[i]->v[k];

			again = refused && check_asks_time(h);
			refused = !refused && token_refused(h) ? h : refused;
		}
		if (refused && !again)
			return check_broken(w, refused,
					    "expected GetSystemDateAndTime behind this refusal, "
					    "got none");
		if (again)
			all = check_holds();
	}
	return all;
}

/* --- envelopes --- */

/* RFC 3902; SOAP 1.1 has text/xml. */
static bool is_soap_type(const struct heard *h)
{
	struct str type = http_get(&h->request.fields, "Content-Type");

	return str_ieq(str_trim(str_cut(&type, ';')), STR("application/soap+xml"));
}

struct check_finding judge_soap_well_formed(const struct check_view *w,
					    const struct conversation *c, const struct heard *h)
{
	(void)c;
	if (h->soap_problem.p)
		return check_broken(w, h, "expected a well-formed envelope, got %.*s",
				    STR_ARG(check_quoted(w, h->soap_problem)));
	if (!h->is_soap && is_soap_type(h) && h->request.body.n)
		return check_broken(w, h, "expected an envelope, got %.*s",
				    STR_ARG(check_quoted(w, h->request.body)));
	if (!h->is_soap)
		return check_unseen(NULL);
	if (h->soap.version != 12)
		return check_broken(w, h, "expected an Envelope of SOAP 1.2, got one of %s",
				    h->soap.version == 11 ? "SOAP 1.1" : "a foreign namespace");
	return check_holds();
}

/* SOAP 1.2 part 2, 7.1.4. */
struct check_finding judge_soap_content_type(const struct check_view *w,
					     const struct conversation *c, const struct heard *h)
{
	(void)c;
	if (!h->is_soap || h->soap.version != 12)
		return check_unseen(NULL);
	if (is_soap_type(h))
		return check_holds();
	return check_broken(w, h, "expected Content-Type \"application/soap+xml\", got %.*s",
			    STR_ARG(check_quoted(w, http_get(&h->request.fields, "Content-Type"))));
}

static size_t count_leaves(const struct heard *h, const char *parent, const char *grandparent,
			   const char *name)
{
	size_t n = 0;

	for (size_t i = 0; h->is_soap && i < h->soap.n_leaf; i++) {
		const struct soap_leaf *l = &h->soap.leaf[i];

		n += str_eq(l->name, str(name)) && str_eq(l->parent, str(parent)) &&
		     (!grandparent || str_eq(l->grandparent, str(grandparent)));
	}
	return n;
}

/* Those that 3.2 has once at most; RelatesTo may come again. */
struct check_finding judge_soap_addressing_once(const struct check_view *w,
						const struct conversation *c, const struct heard *h)
{
	static const char *const single[] = { "To", "Action", "MessageID" };
	static const char *const endpoint[] = { "From", "ReplyTo", "FaultTo" };
	size_t any = 0;

	(void)c;
	for (size_t i = 0; i < COUNT(single); i++) {
		size_t n = count_leaves(h, "Header", NULL, single[i]);

		if (n > 1)
			return check_broken(w, h, "expected one %s, got %zu", single[i], n);
		any += n;
	}
	for (size_t i = 0; i < COUNT(endpoint); i++) {
		size_t n = count_leaves(h, endpoint[i], "Header", "Address");

		if (n > 1)
			return check_broken(w, h, "expected one %s, got %zu", endpoint[i], n);
		any += n;
	}
	return any ? check_holds() : check_unseen(NULL);
}
