/* Digest responses that do not match: the table of hypotheses, RFC 7616 3.4. */
#include "auth/nearly_digest.h"

static const struct row {
	struct hypothesis why;
	void (*test)(struct digest_attempt *t);
} rows[] = {
	{ { "response-upper-case",
	    "the response is right, but in capitals: a client that prints "
	    "with %X",
	    "RFC 7616 section 3" },
	  digest_way_upper_case },
	{ { "response-cut",
	    "the response is a right one, cut short or made longer: a buffer of "
	    "the wrong size",
	    "RFC 7616 section 3.4.1" },
	  digest_way_cut_or_longer },
	{ { "uri-without-query",
	    "the path was hashed without its query: a client that takes the "
	    "URL apart before it hashes",
	    "RFC 7616 section 3.4.3" },
	  digest_way_without_query },
	{ { "uri-other",
	    "another uri was hashed than the one that was sent: a proxy or a library "
	    "that rewrites the address",
	    "RFC 7616 section 3.4.3" },
	  digest_way_other_uri },
	{ { "uri-decoded", "the uri was percent-decoded before it was hashed",
	    "RFC 7616 section 3.4.3" },
	  digest_way_decoded_uri },
	{ { "method-other",
	    "another method was hashed: a client that answers for GET and sends "
	    "POST",
	    "RFC 7616 section 3.4.3" },
	  digest_way_other_method },
	{ { "body-not-hashed",
	    "qop is auth-int, and the body was not hashed: a library that has "
	    "no body when it answers",
	    "RFC 7616 section 3.4.3" },
	  digest_way_body_not_hashed },
	{ { "body-other", "qop is auth-int, and another body was hashed than was sent",
	    "RFC 7616 section 3.4.3" },
	  digest_way_other_body },
	{ { "body-hashed", "the body was hashed, and qop is not auth-int",
	    "RFC 7616 section 3.4.3" },
	  digest_way_body_hashed },
	{ { "realm-escaped",
	    "a value was hashed with its backslashes: a client that does not take "
	    "quoted pairs apart",
	    "RFC 7616 section 3.4.2" },
	  digest_way_escaped },
	{ { "quotes-hashed", "quotes were hashed with their value", "RFC 7616 section 3.4.2" },
	  digest_way_quotes_hashed },
	{ { "realm-other", "another realm was hashed than the one that was sent",
	    "RFC 7616 section 3.4.2" },
	  digest_way_other_realm },
	{ { "nonce-other", "the challenge's nonce was hashed, and another was sent",
	    "RFC 7616 section 3.4.1" },
	  digest_way_other_nonce },
	{ { "user-case",
	    "the user name was hashed in other letters than it was sent: a client or "
	    "a database that changes its case",
	    "RFC 7616 section 3.4.2" },
	  digest_way_user_in_other_case },
	{ { "user-empty", "an empty user name was hashed", "RFC 7616 section 3.4.2" },
	  digest_way_empty_name },
	{ { "user-other", "another user name was hashed than the one that was sent",
	    "RFC 7616 section 3.4.2" },
	  digest_way_other_user },
	{ { "session-key-missing",
	    "-sess is said, and the session's nonces were not hashed into "
	    "the key: a library that only copies the label",
	    "RFC 7616 section 3.4.2" },
	  digest_way_session_missing },
	{ { "session-key-unsaid", "the key is that of -sess, and the label does not say so",
	    "RFC 7616 section 3.4.2" },
	  digest_way_session_unsaid },
	{ { "session-key-octets", "the key of -sess was made of octets, not of hex digits",
	    "RFC 2617 errata 1649" },
	  digest_way_session_octets },
	{ { "algorithm-other",
	    "another algorithm was hashed than the label says: a client that "
	    "copies the label and knows only MD5",
	    "RFC 7616 section 3.3" },
	  digest_way_other_algorithm },
	{ { "qop-left-out", "qop is sent, and the old hash without it was taken",
	    "RFC 7616 section 3.4.1" },
	  digest_way_qop_left_out },
	{ { "qop-unsaid", "the hash is one with qop, and qop is not sent",
	    "RFC 7616 section 3.4.1" },
	  digest_way_qop_unsaid },
	{ { "qop-list",
	    "the list that was offered was hashed, or qop with its quotes, and not the "
	    "option that was chosen",
	    "RFC 7616 section 3.4.1" },
	  digest_way_qop_of_list },
	{ { "nc-padding",
	    "nc was hashed in another form than it was sent: eight hex digits are "
	    "right in both places",
	    "RFC 7616 section 3.4" },
	  digest_way_unpadded_nc },
	{ { "nc-other",
	    "another nc was hashed than the one that was sent: it was counted between "
	    "the two",
	    "RFC 7616 section 3.4" },
	  digest_way_other_nc },
	{ { "cnonce-missing", "qop is sent, and cnonce was not hashed", "RFC 7616 section 3.4.1" },
	  digest_way_without_cnonce },
	{ { "password-is-a1",
	    "what was given as password is already the hash of name, realm and "
	    "password, as htdigest keeps it",
	    "RFC 7616 section 3.4.2" },
	  digest_way_password_is_a1 },
};

const struct hypothesis *nearly_digest_row(size_t i)
{
	return i < COUNT(rows) ? &rows[i].why : NULL;
}

int nearly_digest_right(const struct nearly_digest *n, bool *right, struct err *err)
{
	char hex[HASH_HEX_MAX];

	if (digest_response(&n->in, hex, err))
		return -1;
	*right = hash_equal(n->response, str(hex));
	return 0;
}

static void try_passwords(struct digest_attempt *t, struct nearly *out)
{
	for (const struct password_slip *s = password_slips; s->make && !t->hit; s++) {
		struct digest_inputs in = t->n->in;

		in.password = s->make(t->a, t->n->in.password);
		if (in.password.p)
			digest_way_try(t, &in, STR(""));
		if (t->hit)
			out->why = &s->why;
	}
}

int nearly_digest(struct arena *a, const struct nearly_digest *n, struct nearly *out,
		  struct err *err)
{
	struct digest_attempt t = { .a = a, .n = n, .err = err, .detail = STR("") };

	*out = (struct nearly){ NULL, STR("") };
	for (size_t i = 0; i < COUNT(rows) && !t.hit && !t.failed; i++) {
		rows[i].test(&t);
		if (t.hit)
			out->why = &rows[i].why;
	}
	if (!t.hit && !t.failed)
		try_passwords(&t, out);
	out->detail = t.detail;
	return t.failed ? -1 : arena_check(a, err);
}
