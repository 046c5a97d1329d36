/* PasswordDigest values that do not match: UTP 1.1 section 3.1. */
#include "auth/nearly.h"

#include "auth/base64.h"
#include "auth/datetime.h"
#include "auth/username_token.h"

/* One digest under suspicion; failure and a hit are sticky. */
struct attempt {
	struct arena *a;
	const struct nearly_token *n;
	struct err *err;
	struct str nonce, created, sent; /* octets; trimmed; trimmed */
	struct str detail;
	bool hit, failed;
};

static struct str octets_of(struct attempt *t, enum hash_alg alg, const struct str part[static 3])
{
	uint8_t out[HASH_MAX];

	if (t->failed || hash_parts(alg, part, 3, out, t->err)) {
		t->failed = true;
		return STR("");
	}
	return arena_str(t->a, str_n(out, hash_bytes(alg)));
}

static void compare(struct attempt *t, struct str text, struct str detail)
{
	if (t->hit || t->failed || !hash_equal(t->sent, text))
		return;
	t->hit = true;
	t->detail = detail;
}

/* Base64 of a hash over these three. */
static void try_parts(struct attempt *t, enum hash_alg alg, struct str x, struct str y,
		      struct str z, struct str detail)
{
	const struct str part[] = { x, y, z };

	if (!t->hit)
		compare(t, base64_encode(t->a, octets_of(t, alg, part)), detail);
}

static void try_nonce(struct attempt *t, struct str nonce, struct str detail)
{
	try_parts(t, HASH_SHA1, nonce, t->created, t->n->password, detail);
}

static void try_created(struct attempt *t, struct str created, struct str detail)
{
	try_parts(t, HASH_SHA1, t->nonce, created, t->n->password, detail);
}

static struct str right_octets(struct attempt *t)
{
	return octets_of(t, HASH_SHA1, (struct str[]){ t->nonce, t->created, t->n->password });
}

/* --- nonce --- */

static void undecoded(struct attempt *t)
{
	try_nonce(t, str_trim(t->n->nonce), STR(""));
	try_nonce(t, t->n->nonce, STR("with its white space"));
}

static void hex_of_nonce(struct attempt *t)
{
	struct str hex = nearly_hex(t->a, t->nonce);

	try_nonce(t, hex, STR("small letters"));
	try_nonce(t, nearly_case(t->a, hex, true), STR("capitals"));
}

static void nonce_encoded_twice(struct attempt *t)
{
	struct str inner = base64_decode_loosely(t->a, t->nonce);

	if (inner.n)
		try_nonce(t, inner,
			  STR("the element holds Base64 of Base64, and the inner was decoded"));
	try_nonce(t, base64_encode(t->a, str_trim(t->n->nonce)), STR("Base64 of Base64"));
}

/* Functions that stop at the first NUL. */
static void nonce_cut_at_nul(struct attempt *t)
{
	size_t nul = str_chr(t->nonce, '\0');

	if (nul != (size_t)-1)
		try_nonce(t, str_sub(t->nonce, 0, nul), STR(""));
}

static void without_nonce(struct attempt *t)
{
	try_nonce(t, STR(""), STR(""));
}

/* --- Created --- */

static void without_created(struct attempt *t)
{
	try_created(t, STR(""), STR(""));
}

static void password_alone(struct attempt *t)
{
	try_parts(t, HASH_SHA1, STR(""), STR(""), t->n->password, STR(""));
}

static void untrimmed(struct attempt *t)
{
	try_created(t, t->n->created, STR(""));
	try_created(t, arena_concat(t->a, t->created, STR(" ")), STR("a space behind it"));
	try_created(t, arena_concat(t->a, t->created, STR("\n")), STR("a line feed behind it"));
}

/* Forms of the same instant. */
static void other_form(struct attempt *t)
{
	struct str c = t->created, bare = c;
	struct datetime when;
	struct err ignored;

	if (datetime_parse(c, &when, &ignored))
		return;
	for (int digits = 0; digits <= 9; digits++)
		try_created(t, datetime_format(t->a, when.unix_ms, digits),
			    arena_fmt(t->a, "in UTC, with Z and %d digits of a second", digits));
	for (int half_hours = -28; half_hours <= 28; half_hours++)
		try_created(t, datetime_format_offset(t->a, when.unix_ms, half_hours * 30),
			    STR("with the offset of a zone"));
	bare.n = str_ends(c, STR("Z")) ? c.n - 1 : c.n;
	try_created(t, bare, STR("without Z"));
	try_created(t, arena_concat(t->a, c, STR("Z")), STR("with Z"));
	try_created(t, str_sub(c, 0, str_chr(c, '.')), STR("without fraction and zone"));
	try_created(t, arena_fmt(t->a, "%.*s.000Z", STR_ARG(str_sub(c, 0, 19))), STR("with .000Z"));
	try_created(t,
		    arena_fmt(t->a, "%.*s %.*s", STR_ARG(str_sub(c, 0, 10)),
			      STR_ARG(str_sub(c, 11, c.n))),
		    STR("with a space in place of T"));
	try_created(t, arena_fmt(t->a, "%lld", (long long)(when.unix_ms / 1000)),
		    STR("as seconds since 1970"));
	try_created(t, arena_fmt(t->a, "%lld", (long long)when.unix_ms),
		    STR("as milliseconds since 1970"));
}

/* Two mistakes at once: both come of a client that hashes texts. */
static void undecoded_and_other_form(struct attempt *t)
{
	struct str octets = t->nonce;

	t->nonce = str_trim(t->n->nonce);
	untrimmed(t);
	other_form(t);
	t->nonce = octets;
}

/* Local time that calls itself Z, or the reverse; or a clock that was asked twice. */
static void other_time(struct attempt *t)
{
	struct datetime when;
	struct err ignored;

	if (t->n->timestamp_created.p)
		try_created(t, str_trim(t->n->timestamp_created), STR("the Timestamp's"));
	if (datetime_parse(t->created, &when, &ignored))
		return;
	for (int quarter = -56; quarter <= 56; quarter++)
		try_created(t,
			    datetime_format(t->a, when.unix_ms + quarter * (int64_t)900000,
					    when.fraction_digits),
			    arena_fmt(t->a, "%d minutes off", quarter * 15));
	for (int s = -10; s <= 10; s++)
		try_created(t,
			    datetime_format(t->a, when.unix_ms + s * (int64_t)1000,
					    when.fraction_digits),
			    arena_fmt(t->a, "%d seconds off", s));
}

/* --- order, hash, encoding --- */

static void other_order(struct attempt *t)
{
	const struct str n = t->nonce, c = t->created, p = t->n->password;

	try_parts(t, HASH_SHA1, c, n, p, STR("Created, nonce, password"));
	try_parts(t, HASH_SHA1, n, p, c, STR("nonce, password, Created"));
	try_parts(t, HASH_SHA1, c, p, n, STR("Created, password, nonce"));
	try_parts(t, HASH_SHA1, p, n, c, STR("password, nonce, Created"));
	try_parts(t, HASH_SHA1, p, c, n, STR("password, Created, nonce"));
}

static void other_hash(struct attempt *t)
{
	static const struct {
		enum hash_alg alg;
		const char *name;
	} others[] = { { HASH_MD5, "MD5" },
		       { HASH_SHA256, "SHA-256" },
		       { HASH_SHA512_256, "SHA-512/256" } };

	for (size_t i = 0; i < COUNT(others); i++)
		try_parts(t, others[i].alg, t->nonce, t->created, t->n->password,
			  str(others[i].name));
}

static void hex_in_base64(struct attempt *t)
{
	struct str hex = nearly_hex(t->a, right_octets(t));

	compare(t, base64_encode(t->a, hex), STR("small letters"));
	compare(t, base64_encode(t->a, nearly_case(t->a, hex, true)), STR("capitals"));
}

static void hex_as_text(struct attempt *t)
{
	struct str hex = nearly_hex(t->a, right_octets(t));

	compare(t, hex, STR("small letters"));
	compare(t, nearly_case(t->a, hex, true), STR("capitals"));
}

static void other_base64(struct attempt *t)
{
	struct str right = base64_encode(t->a, right_octets(t));
	struct str loose = base64_decode_loosely(t->a, t->sent);

	if (!t->failed && !str_eq(t->sent, right) && str_eq(base64_encode(t->a, loose), right))
		t->hit = true;
}

static void cut_digest(struct attempt *t)
{
	struct str right = base64_encode(t->a, right_octets(t));

	t->hit = !t->failed && t->sent.n >= 8 &&
		 (str_starts(right, t->sent) || str_starts(t->sent, right));
}

/* --- the password --- */

static void hash_of_password(struct attempt *t)
{
	static const struct {
		enum hash_alg alg;
		const char *name;
	} kinds[] = { { HASH_SHA1, "SHA-1" }, { HASH_MD5, "MD5" }, { HASH_SHA256, "SHA-256" } };

	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct str octets = octets_of(t, kinds[i].alg,
					      (struct str[]){ STR(""), STR(""), t->n->password });

		try_parts(t, HASH_SHA1, t->nonce, t->created, octets,
			  arena_fmt(t->a, "octets of %s", kinds[i].name));
		try_parts(t, HASH_SHA1, t->nonce, t->created, base64_encode(t->a, octets),
			  arena_fmt(t->a, "Base64 of %s", kinds[i].name));
		try_parts(t, HASH_SHA1, t->nonce, t->created, nearly_hex(t->a, octets),
			  arena_fmt(t->a, "hex of %s", kinds[i].name));
	}
}

static void user_for_password(struct attempt *t)
{
	try_parts(t, HASH_SHA1, t->nonce, t->created, t->n->user, STR(""));
}

static void with_user(struct attempt *t)
{
	try_parts(t, HASH_SHA1, t->nonce, t->created,
		  arena_concat(t->a, t->n->user, t->n->password), STR(""));
}

static void plain(struct attempt *t)
{
	compare(t, str_trim(t->n->password), STR(""));
	compare(t, base64_encode(t->a, t->n->password), STR("in Base64"));
}

static const struct row {
	struct hypothesis why;
	void (*test)(struct attempt *t);
} rows[] = {
	{ { "nonce-undecoded",
	    "the Base64 text of the nonce was hashed, not its octets: a client that copies the "
	    "element",
	    "UTP 1.1 section 3.1" },
	  undecoded },
	{ { "nonce-hex", "the nonce was hashed as hex digits", "UTP 1.1 section 3.1" },
	  hex_of_nonce },
	{ { "nonce-encoded-twice", "the nonce was encoded to Base64 twice", "UTP 1.1 section 3.1" },
	  nonce_encoded_twice },
	{ { "nonce-cut-at-nul",
	    "the nonce was hashed up to its first NUL: a client in C that "
	    "takes octets for a string",
	    "UTP 1.1 section 3.1" },
	  nonce_cut_at_nul },
	{ { "nonce-missing", "the nonce was not hashed", "UTP 1.1 section 3.1" }, without_nonce },
	{ { "created-missing", "Created was not hashed", "UTP 1.1 section 3.1" }, without_created },
	{ { "password-alone", "only the password was hashed: a digest that never changes",
	    "UTP 1.1 section 3.1" },
	  password_alone },
	{ { "created-untrimmed",
	    "Created was hashed with white space that does not count: the "
	    "receiver trims xsd:dateTime, the client did not",
	    "XML Schema part 2, section 3.2.7" },
	  untrimmed },
	{ { "created-reformatted",
	    "Created was hashed in another form than it was sent: it went "
	    "through a date type on its way",
	    "UTP 1.1 section 3.1" },
	  other_form },
	{ { "created-other",
	    "another time was hashed than was sent: the clock was asked twice, or "
	    "local time was taken for UTC once",
	    "UTP 1.1 section 3.1" },
	  other_time },
	{ { "nonce-undecoded-created-reformatted",
	    "the Base64 text of the nonce was hashed, and Created in another form than it was sent",
	    "UTP 1.1 section 3.1" },
	  undecoded_and_other_form },
	{ { "order-other", "the parts were hashed in another order", "UTP 1.1 section 3.1" },
	  other_order },
	{ { "hash-other", "another hash than SHA-1 was taken", "UTP 1.1 section 3.1" },
	  other_hash },
	{ { "digest-hex-in-base64",
	    "Base64 was made of the hex digits of the digest, not of its "
	    "octets",
	    "UTP 1.1 section 3.1" },
	  hex_in_base64 },
	{ { "digest-hex", "the digest is in hex, not in Base64", "UTP 1.1 section 3.1" },
	  hex_as_text },
	{ { "digest-base64",
	    "the digest is in another Base64: for URLs, wrapped, or with wrong "
	    "padding",
	    "RFC 4648 section 4" },
	  other_base64 },
	{ { "digest-cut", "the digest is a right one, cut short or made longer",
	    "UTP 1.1 section 3.1" },
	  cut_digest },
	{ { "password-plain",
	    "the password itself stands where its digest belongs: change it, for "
	    "it went over the wire",
	    "UTP 1.1 section 3.1" },
	  plain },
	{ { "password-hashed-first",
	    "a hash of the password was hashed, and not the password: "
	    "some vendors agree on that with their own clients",
	    "UTP 1.1 section 3.1" },
	  hash_of_password },
	{ { "user-for-password", "the user name was hashed in place of the password",
	    "UTP 1.1 section 3.1" },
	  user_for_password },
	{ { "user-hashed", "the user name was hashed before the password", "UTP 1.1 section 3.1" },
	  with_user },
};

const struct hypothesis *nearly_token_row(size_t i)
{
	return i < COUNT(rows) ? &rows[i].why : NULL;
}

static int prepare(struct attempt *t)
{
	struct err why;

	t->created = str_trim(t->n->created);
	t->sent = str_trim(t->n->digest);
	if (base64_decode(t->a, str_trim(t->n->nonce), &t->nonce, &why))
		t->nonce = base64_decode_loosely(t->a, str_trim(t->n->nonce));
	return arena_check(t->a, t->err);
}

int nearly_token_right(struct arena *a, const struct nearly_token *n, bool *right, struct err *err)
{
	struct attempt t = { .a = a, .n = n, .err = err };
	struct str base64;

	if (prepare(&t) || ut_password_digest(a, t.nonce, t.created, n->password, &base64, err))
		return -1;
	*right = hash_equal(t.sent, base64);
	return 0;
}

static void try_passwords(struct attempt *t, struct nearly *out)
{
	for (const struct password_slip *s = password_slips; s->make && !t->hit; s++) {
		struct str password = s->make(t->a, t->n->password);

		if (password.p)
			try_parts(t, HASH_SHA1, t->nonce, t->created, password, STR(""));
		if (t->hit)
			out->why = &s->why;
	}
}

int nearly_token(struct arena *a, const struct nearly_token *n, struct nearly *out, struct err *err)
{
	struct attempt t = { .a = a, .n = n, .err = err, .detail = STR("") };

	*out = (struct nearly){ NULL, STR("") };
	if (prepare(&t))
		return -1;
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
