/* session_secrets.c - what a run knows and nobody else may read: the redactor learns it. */
#include "cli/session.h"

#include "auth/base64.h"
#include "auth/challenge.h"
#include "auth/hash.h"

#define TAIL_MIN    5 /* octets: a shorter end of a password shreds more than it hides */
#define PAYLOAD_MIN 8 /* characters: the same of a payload of Basic */

static bool has_secret(const struct session *s)
{
	return !s->target.built_in && !s->o->dry_run; /* everybody may know those passwords */
}

/* Some cases send it without the scheme that tells what it is, and a short password is not found in
 * it.
 */
static void mask_payload(struct session *s)
{
	struct arena *a = &s->target.a;
	struct str payload = base64_encode(
		a, arena_fmt(a, "%.*s:%.*s", STR_ARG(s->target.user), STR_ARG(s->target.password)));

	if (payload.n >= PAYLOAD_MIN)
		(void)!redact_add(&s->redactor, payload);
}

/* Wrong passwords are the right one but for its first octet. */
void session_mask_password(struct session *s)
{
	struct str password = s->target.password, tail = str_sub(password, 1, password.n);

	if (!has_secret(s))
		return;
	if (password.n && redact_add(&s->redactor, password))
		fprintf(stderr,
			"countersign: a password of under 3 octets is masked in credentials, "
			"but not where a target repeats it elsewhere\n");
	if (password.n)
		mask_payload(s);
	if (tail.n >= TAIL_MIN && redact_add(&s->redactor, tail))
		fprintf(stderr, "countersign: too many secrets to mask\n");
}

/* H(user:realm:password) opens what the password does: RFC 7616, 3.4.2 and 5.13.  A target that
 * knows it may give it away.
 */
static void register_hashes(struct session *s, struct str realm)
{
	static const enum hash_alg algs[] = { HASH_MD5, HASH_SHA256, HASH_SHA512_256 };
	char hex[HASH_HEX_MAX];
	struct err err = { 0 };

	for (size_t i = 0; i < COUNT(algs); i++) {
		struct str parts[] = { s->target.user, realm, s->target.password };

		if (hash_joined_hex(algs[i], parts, COUNT(parts), hex, &err) ||
		    redact_add(&s->redactor, arena_str(&s->target.a, str(hex))))
			return;
	}
}

void session_mask_realms(struct session *s)
{
	const struct challenge_list *list = &s->r.survey.challenge;
	struct str last = { 0 };

	if (s->realms_known)
		return;
	s->realms_known = true;
	for (size_t i = 0; has_secret(s) && i < list->n; i++) {
		const struct auth_param *realm = challenge_param(&list->v[i], "realm");

		if (!realm || (last.p && str_eq(realm->value, last)))
			continue;
		last = realm->value;
		register_hashes(s, last);
	}
}
