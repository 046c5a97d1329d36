/* decide.c - who is asking, and may they: the order of the layers in ONVIF Core 5.9.1. */
#include "device/internal.h"

/* ONVIF Core 5.9.4.3, default access policy: the lowest level that may. */
static enum user_level lowest_level(enum access_class access)
{
	switch (access) {
	case ACCESS_PRE_AUTH:
	case ACCESS_READ_SYSTEM:
	case ACCESS_READ_MEDIA:
		return LEVEL_USER;
	case ACCESS_READ_SYSTEM_SENSITIVE:
	case ACCESS_ACTUATE:
		return LEVEL_OPERATOR;
	case ACCESS_READ_SYSTEM_SECRET:
	case ACCESS_WRITE_SYSTEM:
	case ACCESS_UNRECOVERABLE:
		break;
	}
	return LEVEL_ADMINISTRATOR;
}

static bool open_to_all(const struct call *c)
{
	if (c->d->anonymous || quirk_open(c))
		return true;
	if (c->d->on[ANONYMOUS_GETUSERS] && c->op && strcmp(c->op->name, "GetUsers") == 0)
		return true;
	/* The survey ends at a device whose GetDeviceInformation is open: that is another fault. */
	if (c->d->on[ANONYMOUS_CLASS] && c->op &&
	    (int64_t)c->access == c->d->value[ANONYMOUS_CLASS] &&
	    strcmp(c->op->name, "GetDeviceInformation") != 0)
		return true;
	if (quirk_soap_magic(c) ||
	    (c->d->on[SECURITY_IS_ENOUGH] && c->soap.n_security && !c->soap.n_token))
		return true;
	return c->access == ACCESS_PRE_AUTH && !c->d->on[PRE_AUTH_CLOSED];
}

static enum decision refuse(struct call *c, enum decision decision, struct str user, bool unknown)
{
	c->user = user;
	c->user_unknown = unknown;
	if (c->d->on[USER_TIMING] && !unknown)
		c->d->delay_ms = c->d->value[USER_TIMING];
	return decision;
}

/* A fault may let an unknown name pass; it then acts as the administrator. */
static const struct account *whose(const struct device *d, const struct account *account)
{
	return account ? account : &d->account[LEVEL_ADMINISTRATOR];
}

static enum decision decide_http(struct call *c)
{
	struct http_judgement *j = &c->http;

	if (judge_http(c))
		return BROKEN;
	if (quirk_present_enough(c)) {
		c->account = &c->d->account[LEVEL_ADMINISTRATOR];
		return GRANTED;
	}
	if (environment_locked(c, j->v.user))
		return refuse(c, LOCKED, j->v.user, false);
	if (!defects_any(&j->left)) {
		judge_http_accept(c);
		c->account = whose(c->d, j->v.account);
		return GRANTED;
	}
	/* Credentials of yesterday's nonce are right ones: they are no failed login. */
	if (!j->stale)
		environment_failed(c, j->v.user);
	return refuse(c, HTTP_REFUSED, j->v.user, defect_has(&j->left, DEFECT_USER_UNKNOWN));
}

static enum decision decide_token(struct call *c)
{
	struct token_judgement j = { 0 };

	if (judge_token(c, &j))
		return BROKEN;
	if (!c->soap.must_understand_security && c->d->on[TOKEN_OPTIONAL_IGNORED])
		return refuse(c, TOKEN_REFUSED, j.v.user, false);
	if (environment_locked(c, j.v.user))
		return refuse(c, LOCKED, j.v.user, false);
	/* Only what was accepted is remembered, or a stranger could use up nonces of others. */
	if (j.v.nonce_octets.n && (!defects_any(&j.left) || c->d->on[TOKEN_NONCE_BURNT]))
		token_remember(c->d, j.v.nonce_octets, j.v.created_unix_ms);
	if (!defects_any(&j.left)) {
		const struct account *who = whose(c->d, j.v.account);

		/* Two layers, two names: the lesser of them. */
		if (!c->account || who->level > c->account->level)
			c->account = who;
		return GRANTED;
	}
	environment_failed(c, j.v.user);
	c->token_left = j.left;
	return refuse(c, TOKEN_REFUSED, j.v.user, defect_has(&j.left, DEFECT_USER_UNKNOWN));
}

static enum decision decide_credentials(struct call *c)
{
	bool token = c->is_soap && token_present(c);
	bool http = device_offers_http(c->d) && http_count(&c->in->fields, "Authorization") > 0;
	enum decision decision = NO_CREDENTIALS;

	if (quirk_bare_limit(c, http || token))
		return refuse(c, HTTP_REFUSED, (struct str){ 0 }, false);
	if (http && token && c->d->on[HTTP_WITH_TOKEN_IGNORED])
		http = false;
	if (http && token && c->d->on[TOKEN_AFTER_HTTP_IGNORED])
		token = false;
	if (http)
		decision = decide_http(c);
	/* "If this validation was successful, the server shall finally validate the authentication
	 * credentials provided on the WS layer."
	 */
	if (token && (!http || decision == GRANTED))
		decision = decide_token(c);
	if (decision == NO_CREDENTIALS)
		environment_bare(c);
	return decision;
}

/* A device that looks at credentials where none are needed. */
static enum decision judge_all_the_same(struct call *c)
{
	enum decision decision = decide_credentials(c);

	if (decision == NO_CREDENTIALS)
		return GRANTED;
	return decision == GRANTED && c->d->value[PRE_AUTH_JUDGES] ? NO_CREDENTIALS : decision;
}

/* SOAP 1.2 part 1, 2.4.  A device that reads Security of any namespace takes it for known. */
static bool not_understood(const struct call *c)
{
	const struct str block = STR("urn:example:routing\" s:mustUnderstand");

	if (c->d->on[MUST_UNDERSTAND_IGNORED])
		return false;
	if (c->d->on[MUST_UNDERSTAND_OF_OTHERS] && str_find(c->in->body, block) != (size_t)-1)
		return c->is_soap;
	return c->is_soap && c->soap.must_understand_unknown &&
	       !(c->d->on[TOKEN_ANY_NAMESPACE] && c->soap.security_foreign);
}

void decide(struct call *c)
{
	if (not_understood(c)) {
		c->decision = NOT_UNDERSTOOD;
		return;
	}
	if (open_to_all(c)) {
		c->decision = c->d->on[PRE_AUTH_JUDGES] ? judge_all_the_same(c) : GRANTED;
		return;
	}
	c->decision = decide_credentials(c);
	if (c->decision != GRANTED)
		return;
	c->d->opened = c->connection;
	environment_succeeded(c, c->account);
	if (c->is_soap && c->account->level > (int)lowest_level(c->access))
		c->decision = FORBIDDEN;
}
