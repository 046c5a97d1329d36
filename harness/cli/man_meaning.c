/* man_meaning.c - a sentence for each element and attribute; what they may hold is the grammar's.
 */
#include "cli/man.h"

#include "base/err.h"

static const struct {
	const char *name, *text;
} meanings[] = {
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

const char *man_meaning(struct str element, struct str attribute)
{
	for (size_t i = 0; i < COUNT(meanings); i++) {
		struct str rest = str(meanings[i].name);

		if (str_eq(str_cut(&rest, '.'), element) && str_eq(rest, attribute))
			return meanings[i].text;
	}
	return NULL;
}

size_t man_meanings(void)
{
	return COUNT(meanings);
}
