#include "bundle/dsse.h"

#include "auth/base64.h"

#include <jansson.h>

static void drop_json(json_t **o)
{
	json_decref(*o);
}

struct str dsse_pae(struct arena *a, struct str payload)
{
	struct str head = arena_fmt(a, "DSSEv1 %zu " DSSE_IN_TOTO " %zu ", sizeof(DSSE_IN_TOTO) - 1,
				    payload.n);

	return arena_concat(a, head, payload);
}

/* By hand: nothing in it needs an escape. */
static struct str envelope(struct arena *a, const struct dsse *d)
{
	struct str payload = base64_encode(a, d->payload), sig = base64_encode(a, d->sig);
	struct str head = arena_concat(a, STR("{\"payload\":\""), payload);

	return arena_concat(a, head,
			    arena_fmt(a,
				      "\",\"payloadType\":\"" DSSE_IN_TOTO
				      "\",\"signatures\":[{\"keyid\":\"%.*s\","
				      "\"sig\":\"%.*s\"}]}\n",
				      STR_ARG(d->keyid), STR_ARG(sig)));
}

int dsse_sign(struct arena *a, const struct signer *s, struct str payload, struct str *text,
	      struct err *err)
{
	char keyid[SIGN_KEYID];
	struct dsse d = { .payload = payload };
	struct buf sig;
	int bad;

	buf_init(&sig, SIGN_MAX);
	signer_keyid(s, keyid);
	bad = sign_octets(s, dsse_pae(a, payload), &sig, err);
	d.keyid = str(keyid);
	d.sig = arena_str(a, buf_view(&sig));
	buf_free(&sig);
	*text = envelope(a, &d);
	return bad ? -1 : arena_check(a, err);
}

static bool is_keyid(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (char_hex(s.p[i]) < 0)
			return false;
	return s.n == SIGN_KEYID - 1;
}

static int decode(struct arena *a, json_t *root, struct dsse *out, struct err *err)
{
	const char *payload, *type, *keyid, *sig;
	size_t n_payload, n_keyid, n_sig;

	if (json_unpack(root, "{s:s%, s:s, s:[{s:s%, s:s%}]}", "payload", &payload, &n_payload,
			"payloadType", &type, "signatures", "keyid", &keyid, &n_keyid, "sig", &sig,
			&n_sig))
		return err_set(err, ERR_PARSE, "no DSSE envelope with one signature");
	if (strcmp(type, DSSE_IN_TOTO) != 0)
		return err_set(err, ERR_PARSE, "payloadType is not " DSSE_IN_TOTO);
	out->keyid = arena_str(a, str_n(keyid, n_keyid));
	if (!is_keyid(out->keyid))
		return err_set(err, ERR_PARSE, "keyid is no SHA-256 in hex");
	if (base64_decode(a, str_n(payload, n_payload), &out->payload, err) ||
	    base64_decode(a, str_n(sig, n_sig), &out->sig, err))
		return -1;
	return arena_check(a, err);
}

int dsse_read(struct arena *a, struct str text, struct dsse *out, struct err *err)
{
	json_t *root DEFER(drop_json) = json_loadb(text.p ? text.p : "", text.n, 0, NULL);

	*out = (struct dsse){ .payload = { 0 } };
	if (!root)
		return err_set(err, ERR_PARSE, "no JSON");
	if (decode(a, root, out, err))
		return -1;
	if (!str_eq(envelope(a, out), text))
		return err_set(err, ERR_PARSE, "not in the one form that an envelope has here");
	return 0;
}
