/* man_meaning.c - a sentence for each element and attribute; what they may hold is the grammar's.
 */
#include "cli/man.h"

#include "base/err.h"

struct meaning {
	const char *name, *text;
};

static const struct meaning meanings[] = {
	{ "suite", "The root of a file of cases." },
	{ "suite.family", "The first part of each id in it." },
	{ "suite.title", "What the family is about." },
	{ "case", "One requirement under test." },
	{ "case.id", "family.topic.variant, never reused." },
	{ "case.rev", "Rises when a verdict may change." },
	{ "case.needs", "Features without which the case is skipped." },
	{ "case.unless", "Features that make the case moot." },
	{ "case.failures", "Failed logins that one variant may cost; 0 when not said." },
	{ "case.risk", "What it may do to the target: safe only reads." },
	{ "case.slow", "A step waits long, or is sent very often." },
	{ "case.kills", "Planted faults under which the case must turn red." },
	{ "case.field", "Faults from the field that it answers." },
	{ "title", "The requirement in one sentence." },
	{ "why", "What goes wrong where it is broken." },
	{ "remedy", "What to change in a target that breaks it." },
	{ "cite", "A sentence of a specification that the case rests on." },
	{ "cite.clause", "The anchor of the sentence in the requirements." },
	{ "cite.level", "How strongly it asks." },
	{ "axis", "Multiplies the case: a variant for each value, and $name stands for the value "
		  "in attributes below." },
	{ "axis.name", "Its name." },
	{ "axis.values", "Its values, parted by blanks." },
	{ "measure", "Searches for the largest $x with which the steps still end as expected: a "
		     "number, never a verdict." },
	{ "measure.property", "The name of the number." },
	{ "measure.unit", "Its unit." },
	{ "measure.low", "Where the search begins." },
	{ "measure.high", "Where it ends." },
	{ "measure.resolution", "How near it is to come." },
	{ "measure.parallel", "Several points at once, for steps that wait." },
	{ "measure.loss", "A connection that is lost twice is the answer \"too much\"." },
	{ "sample", "Goes through the steps in rounds and reckons with the answers." },
	{ "sample.property", "The name of the first number." },
	{ "sample.unit", "Its unit." },
	{ "sample.of", "What is reckoned." },
	{ "sample.n", "How many rounds; 1 when not said." },
	{ "spellings", "Stands in place of the steps: drawn requests, as many as --spellings or "
		       "--hostile says." },
	{ "spellings.of", "The mechanism that is spelt." },
	{ "spellings.kind", "Right credentials, or wrong ones." },
	{ "send", "One request; without children a correct one." },
	{ "send.expect", "Outcomes that conform; accepted when not said." },
	{ "send.operation", "The operation; when not said, the protected one of the survey." },
	{ "send.method", "The method of HTTP." },
	{ "send.query", "Stands behind ? in the request target." },
	{ "send.path", "The target's own path, or the second one that the survey found." },
	{ "send.target", "Another spelling of the request target." },
	{ "send.envelope", "Another SOAP envelope than that of SOAP 1.2, or none." },
	{ "send.wait", "How long to wait first, by the clock of the target." },
	{ "send.connection", "A new connection, or any." },
	{ "send.challenge", "A new challenge first, or the nextnonce of the answer before." },
	{ "send.content", "An empty body." },
	{ "send.cookies", "With the cookies that the answers so far have set." },
	{ "send.repeat", "How often it is sent in a row." },
	{ "send.until", "Outcomes that end the repetition early." },
	{ "send.replay", "The number of an earlier step whose octets go once more." },
	{ "anonymous", "No credentials." },
	{ "basic", "Basic credentials; each attribute is a deviation." },
	{ "digest", "Digest credentials; each attribute is a deviation, but for use." },
	{ "digest.use", "The challenge to answer, by its algorithm." },
	{ "token", "A UsernameToken; each attribute is a deviation." },
	{ "header", "A raw header field." },
	{ "header.name", "Its name." },
	{ "header.value", "Its value." },
	{ "header.length", "Repeats the value up to so many octets." },
	{ "security", "Raw XML for the SOAP Header." },
	{ "check", "What the answer must hold besides its outcome." },
	{ "check.is", "The name of the check." },
	{ "check.value", "A number that some checks compare with." },
	{ "profile", "The root of a profile: which documents and levels decide." },
	{ "profile.id", "Its name for --profile." },
	{ "profile.kind", "The kind of target that it fits." },
	{ "about", "What the profile is for." },
	{ "gate", "Levels of a document that decide the exit status." },
	{ "gate.document", "The first part of anchors; * stands for all." },
	{ "gate.levels", "The levels." },
	{ "note", "Levels of a document that are reported, and decide nothing." },
	{ "note.document", "The first part of anchors; * stands for all." },
	{ "note.levels", "The levels." },
	{ "except", "Cases that the profile leaves out." },
	{ "except.cases", "A pattern of ids." },
	{ "except.reason", "Why; it is told with each." },
};

static const struct meaning client_meanings[] = {
	{ "client-suite", "The root of a file of cases that judge clients." },
	{ "client-suite.family", "The first part of each id in it." },
	{ "client-suite.title", "What the family is about." },
	{ "case", "A device that no client has met, and what has to come back from one." },
	{ "case.id", "client-family.topic.variant, never reused." },
	{ "case.rev", "Rises when a verdict may change." },
	{ "case.needs", "What the client must be able to do, or the case is skipped." },
	{ "case.unless", "What makes the case moot." },
	{ "case.provides", "What a client can do when it passes; such cases are asked first." },
	{ "case.kills", "Planted faults of a client under which the case must turn red." },
	{ "case.field", "Faults from the field that it answers." },
	{ "call", "What the client is told to do." },
	{ "call.times", "How many calls in one session; 1 when not said." },
	{ "call.method", "The method of HTTP." },
	{ "call.path", "Stands behind its URL." },
	{ "call.query", "Stands behind ? in its URL." },
	{ "call.user", "The name of the account." },
	{ "call.password", "The password of device and client; with wrong the client is given "
			   "another one than the device has, and =wrong is the word." },
	{ "call.body", "The content to send." },
	{ "call.length", "Repeats the content up to so many octets." },
	{ "clock", "The clock of the device." },
	{ "clock.offset", "How far it is off." },
	{ "clock.jump", "How far it jumps behind the first grant." },
	{ "clock.time", "How GetSystemDateAndTime is answered." },
	{ "observe", "In place of turns: nothing is served, and the checks see the whole run." },
	{ "observe.of", "What they look at: all that a client sent in the run (when not said), a "
			"recording of strangers, or the device in one." },
	{ "challenge", "The device challenges until right credentials for it have come. Without "
		       "children there is one Digest challenge, as the persona has it." },
	{ "challenge.expect", "What may follow: right credentials must (answered, when not said), "
			      "or may (right), none of any kind (unanswered), or the checks say "
			      "(any)." },
	{ "challenge.repeat", "How often right credentials are challenged anew." },
	{ "challenge.early",
	  "How a request with Expect: 100-continue is answered before its content: by the "
	  "challenge (keep, or close for the connection), by 417 (refused), or by nothing until "
	  "the content comes (never)." },
	{ "challenge.status", "The status; 401 when not said." },
	{ "challenge.fields", "All challenges in one field, or each in one of its own." },
	{ "challenge.connection", "close: the connection ends behind the answer." },
	{ "challenge.body", "What the answer says to people." },
	{ "challenge.fault", "The SOAP fault of the answer." },
	{ "challenge.reason", "The text of that fault." },
	{ "challenge.prefix", "The prefix of the SOAP namespace." },
	{ "digest", "A Digest challenge; omit leaves a parameter out, and =omit is the word." },
	{ "digest.realm", "As the client shall read it; long:N is N characters." },
	{ "digest.nonce", "When not said a fresh one; same is that of the challenge before." },
	{ "digest.opaque", "As the client shall read it." },
	{ "digest.algorithm", "As the client shall read it." },
	{ "digest.qop", "As the client shall read it." },
	{ "digest.stale", "As the client shall read it." },
	{ "digest.domain", "As the client shall read it." },
	{ "digest.charset", "As the client shall read it." },
	{ "digest.userhash", "As the client shall read it." },
	{ "digest.extra", "One more parameter, as raw text." },
	{ "digest.scheme", "The case of the scheme's letters." },
	{ "digest.names", "The case of the letters of names." },
	{ "digest.order", "Another order of the parameters." },
	{ "digest.commas", "What stands around commas, or between them." },
	{ "digest.equals", "White space around the equals sign." },
	{ "digest.quotes", "none: tokens where the values can be; all: what has no quotes too; "
			   "pairs: a backslash before each letter." },
	{ "basic", "A Basic challenge." },
	{ "basic.realm", "As the client shall read it." },
	{ "basic.charset", "As the client shall read it." },
	{ "basic.extra", "One more parameter, as raw text." },
	{ "basic.scheme", "As of <digest>." },
	{ "basic.names", "As of <digest>." },
	{ "basic.order", "As of <digest>." },
	{ "basic.commas", "As of <digest>." },
	{ "basic.equals", "As of <digest>." },
	{ "basic.quotes", "As of <digest>." },
	{ "token", "The SOAP fault ter:NotAuthorized: the device takes UsernameTokens. Alone, the "
		   "status is 400 and there is no WWW-Authenticate." },
	{ "other", "A challenge of another scheme." },
	{ "other.text", "Its text; {nonce} in it is a fresh nonce." },
	{ "grant", "One right request goes through." },
	{ "grant.info", "What Authentication-Info says." },
	{ "grant.status", "Of an answer that refuses right credentials, such as 403." },
	{ "grant.redirect", "307 to another URL." },
	{ "grant.connection", "close: the connection ends behind the answer." },
	{ "check", "What must hold of the whole conversation." },
	{ "check.is", "The name of the check; countersign list --checks --client has them." },
	{ "check.value", "A number that some checks compare with." },
	{ "personas", "The root of a file of personas." },
	{ "persona", "How a maker's devices were reported to challenge; a <challenge> in it has "
		     "neither expect nor repeat." },
	{ "persona.id", "Its name for --persona." },
	{ "persona.title", "Its traits." },
	{ "persona.source", "Where somebody told of it." },
	{ "persona.password", "The password of its account, where that is the trait." },
	{ "persona.time", "How GetSystemDateAndTime is answered." },
};

static const char *find(const struct meaning *m, size_t n, struct str element, struct str attribute)
{
	for (size_t i = 0; i < n; i++) {
		struct str rest = str(m[i].name);

		if (str_eq(str_cut(&rest, '.'), element) && str_eq(rest, attribute))
			return m[i].text;
	}
	return NULL;
}

const char *man_meaning(struct str element, struct str attribute)
{
	return find(meanings, COUNT(meanings), element, attribute);
}

const char *man_client_meaning(struct str element, struct str attribute)
{
	return find(client_meanings, COUNT(client_meanings), element, attribute);
}

size_t man_meanings(void)
{
	return COUNT(meanings);
}

size_t man_client_meanings(void)
{
	return COUNT(client_meanings);
}
