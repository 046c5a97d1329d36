#include "cli/command.h"

const struct command commands[COMMANDS] = {
	[CMD_RUN] = {
		.name = "run",
		.operands = "[URL]",
		.most = 1,
		.summary = "judge a device, or the built-in one when there is no URL",
		.about =
			"Asks the target what it offers, then sends correct requests and requests "
			"with one fault each, and says for each whether the target decided as the "
			"specifications ask. A refusal counts only between two accepted "
			"controls.\n\n"
			"Without a URL the built-in reference device is judged, in memory and on "
			"a virtual clock, so that waits cost nothing; --persona and --fault say "
			"how it behaves.\n\n"
			"Only reading operations are sent. Failed logins are capped, since "
			"cameras lock accounts; the plan and its cost are printed before the "
			"first probe. Passwords are never taken from the arguments.",
		.examples = {
			{ "countersign run",
			  "the built-in device: what a good device looks like" },
			{ "countersign run --fault token-ignored-after-http",
			  "the same with a bug: what a finding looks like" },
			{ "countersign run http://192.0.2.10/onvif/device_service --user "
			  "admin --password-file secret.txt --junit report.xml",
			  "a camera, with a report for CI" },
		},
		.run = cmd_run,
	},
	[CMD_DRIVE] = {
		.name = "drive",
		.operands = "[URL]",
		.most = 1,
		.summary = "send what a program asks for, with controls around it",
		.about =
			"For cases that are written in another language, such as Python: "
			"suites/driver/README.md. Each line of standard input is an object of "
			"JSON. {\"send\": {...}} holds what a <send> of a suite file holds, its "
			"attributes as strings and its elements as objects; {\"begin\": NAME} "
			"starts a case anew. Each step is answered by a line on standard output: "
			"the outcome, and the exchanges, controls included. The form of all lines "
			"is reports/events.schema.json.\n\n"
			"A refusal is told only when the controls before and after it were "
			"accepted. What the cap on failed logins does not allow is not sent.",
		.examples = {
			{ "countersign drive --persona sarix < steps.jsonl",
			  "the built-in device" },
		},
		.run = cmd_drive,
	},
	[CMD_SURVEY] = {
		.name = "survey",
		.operands = "[URL]",
		.most = 1,
		.summary = "only find out what a device offers",
		.about =
			"Prints the identity card of a target's authentication: its challenges, "
			"which credentials it accepts, its clock against ours, its features in "
			"the words of the cases. Costs no failed login with the right password.",
		.examples = {
			{ "countersign survey http://192.0.2.10/onvif/device_service "
			  "--netrc-file ~/.netrc",
			  "with the password of netrc" },
			{ "countersign survey --persona sarix",
			  "a persona of the built-in device" },
		},
		.run = cmd_survey,
	},
	[CMD_REPLAY] = {
		.name = "replay",
		.operands = "CASE|FILE [URL]",
		.least = 1,
		.most = 2,
		.summary = "send a finding again: is it fixed?",
		.about =
			"CASE is the id of a case or of one of its variants; FILE is what a run "
			"left: results.json with all its findings, the case.json of one, or the "
			"replay file of a drawn spelling. The case goes again, with its controls "
			"and all that is of one time only made anew, and is said to be fixed, "
			"still failing, or impossible to tell.\n\n"
			"--exact sends the octets of a case.json as they were, without controls. "
			"Those are there when the run kept them unmasked, with --evidence full.\n\n"
			"The exit status is 0 when everything is fixed, 1 when something still "
			"fails, and 6 when nothing fails and something cannot be told.",
		.examples = {
			{ "countersign replay digest.nc.reused http://192.0.2.10/onvif/"
			  "device_service --password-file secret.txt",
			  "a case" },
			{ "countersign replay results/results.json http://192.0.2.10/onvif/"
			  "device_service --password-file secret.txt",
			  "all findings of a run, after an update" },
		},
		.run = cmd_replay,
	},
	[CMD_JUDGE] = {
		.name = "judge",
		.operands = "DIR|FILE",
		.least = 1,
		.most = 1,
		.summary = "judge a run again, or a recorded conversation, without the target",
		.about =
			"FILE is a conversation that somebody recorded: an HTTP Archive (HAR), or "
			"a capture of pcap or pcapng, for which tshark has to be there. What its "
			"client sent and what its device answered is judged, and every response "
			"is recomputed when --user and --password-file are given. Where it is of "
			"countersign client, each case gets the verdict that it had live, but for "
			"what hangs on the exit status of the client; so it does from the folder "
			"of client --results --evidence full, with that, too.\n\n"
			"DIR is a folder of run --results. Each case is judged again, out of its "
			"octets and by the catalogue and profile of today; each verdict that "
			"changes is told, with what differs: the rev of the case, the outcomes "
			"that it lists, what the octets are, the weight under the profile. What "
			"octets alone cannot tell, such as the number of a measure or a check "
			"of what was masked, keeps its verdict, and that is told too.\n\n"
			"The exit status is that of a run with these verdicts. Waivers of the run "
			"are laid over them only when --waivers names their file again.",
		.examples = {
			{ "countersign judge results --junit report.xml",
			  "with a report of what it comes to now" },
			{ "countersign judge wire.pcapng --user admin --password-file secret.txt",
			  "what a recorder and a camera said to each other" },
			{ "countersign judge results --waivers waivers.ini --html report.html",
			  "with what may stand for now, as a page" },
		},
		.run = cmd_judge,
	},
	[CMD_LIST] = {
		.name = "list",
		.operands = "[GLOB...]",
		.most = OPTIONS_OPERAND_MAX,
		.summary = "list cases and how they stand under a profile",
		.about =
			"Prints each case whose id matches one of the globs (all, when there is "
			"none): its id, its strongest level under the profile, and its title. A "
			"level in capitals decides the exit status of a run, one in small letters "
			"is only noted, - means that the profile does not ask.\n\n"
			"With --targets the devices of an inventory are listed instead; GLOB is "
			"then of their names.",
		.examples = {
			{ "countersign list 'digest.*'",
			  "one family" },
			{ "countersign list --json",
			  "for programs" },
			{ "countersign list --coverage 'onvif-core#5.9*' 'ACL-*'",
			  "which cases stand for which sentences and faults" },
			{ "countersign list --features",
			  "what a case may need of a target" },
			{ "countersign list --client 'client-digest.*'",
			  "cases that judge clients" },
		},
		.run = cmd_list,
	},
	[CMD_EXPLAIN] = {
		.name = "explain",
		.operands = "CASE|CAUSE",
		.least = 1,
		.most = 1,
		.summary = "explain one case, or the cause of a run that could not start",
		.about =
			"Prints what a case asks for and why, the sentences that it rests on, how "
			"it counts under each profile, what it costs, and its steps in words. Of a "
			"cause: what is behind it and what to do; \"cause\" lists them.",
		.examples = {
			{ "countersign explain digest.nc.reused",
			  "what a finding means" },
			{ "countersign explain clock-ahead",
			  "what a wrong clock does to tokens" },
		},
		.run = cmd_explain,
	},
	[CMD_DEVICE] = {
		.name = "device",
		.operands = "",
		.summary = "serve the built-in device over HTTP",
		.about =
			"Prints its URL as the first line on standard output and serves until it "
			"is interrupted. Its accounts are admin with password secure, operator "
			"with op-secret, and viewer with view-secret. For trying out clients and "
			"this harness itself; it is no camera.\n\n"
			"With --targets there is a device for each section of an inventory, by its "
			"persona and fault; what is printed, up to the line \"; end\", is an "
			"inventory with their URLs, for countersign run.",
		.examples = {
			{ "countersign device --persona pc-cctv --listen 127.0.0.1:8080",
			  "at a fixed port" },
			{ "countersign device --fault nc-unchecked",
			  "with a bug" },
			{ "countersign device --list-faults",
			  "all bugs that it can be told to have" },
		},
		.run = cmd_device,
	},
	[CMD_CLIENT] = {
		.name = "client",
		.operands = "",
		.summary = "play the device, and judge the client that calls it",
		.about =
			"Serves a device that no client has met in its lab, and judges what comes: "
			"how it reads challenges, how it answers them, and what it does when a "
			"nonce is stale, a password wrong or a clock off.\n\n"
			"With --exec the command is run for each case. It is to call {url} (or all "
			"of {urls}, in one session) as {user} with {password}, by {method}; these "
			"words are replaced, quoted for the shell. The same stands in the "
			"environment, as URL, URLS, USERNAME, PASSWORD, METHOD, SCHEME and CASE, "
			"and a body on its standard input. It exits 0 when the call went well, and "
			"69 when it cannot do what is asked.\n\n"
			"Without --exec somebody points a client or a recorder at the URL that is "
			"printed; the cases come one after the other. What the client never calls "
			"is skipped, with that reason.\n\n"
			"The account is made up, so that no password of yours is needed: "
			"suites/client/README.md says how the cases are written.",
		.examples = {
			{ "countersign client --exec 'curl -s --digest -u {user}:{password} {url}'",
			  "curl, as a client of RFC 7616" },
			{ "countersign client --profile client-onvif --listen 192.0.2.5:8000",
			  "a recorder, by hand" },
			{ "countersign client --exec ./probe.sh --only 'client-digest.nc.*'",
			  "some cases" },
		},
		.run = cmd_client,
	},
	[CMD_SELFTEST] = {
		.name = "selftest",
		.operands = "",
		.summary = "prove the cases on the built-in device and client",
		.about =
			"The clean device must have no finding in any persona; each case must "
			"turn red under each planted fault that it names; each fault must be "
			"named by a case; and faults of the environment must end inconclusive. "
			"The same holds of client cases, on a scripted client and the faults "
			"planted in it.",
		.examples = {
			{ "countersign selftest",
			  "everything" },
			{ "countersign selftest --only 'nc-*'",
			  "some faults" },
		},
		.run = cmd_selftest,
	},
	[CMD_LINT] = {
		.name = "lint",
		.operands = "",
		.summary = "check the cases, requirements and profiles",
		.about =
			"Checks what a schema cannot: ids, clauses and their levels, faults, "
			"costs, features, axes, and that each requirement and each fault from the "
			"field has a case or a reason. "
			"Each finding is a line with file and line number.",
		.examples = {
			{ "countersign lint --suites suites",
			  "the files of a checkout" },
		},
		.run = cmd_lint,
	},
	[CMD_VECTORS] = {
		.name = "vectors",
		.operands = "[FILE...]",
		.most = OPTIONS_OPERAND_MAX,
		.summary = "check an auth library, or our own code, against known answers",
		.about =
			"Without a FILE the built-in vectors are taken: what Basic, Digest and "
			"UsernameToken credentials must be, and which must be refused. With "
			"--adapter a library is asked for its answers through a small program, "
			"which speaks JSON lines on its standard input and output; "
			"vectors/adapters/README.md is the protocol. With --client the library "
			"is a command that asks a server of ours, which recomputes what was "
			"sent.\n\n"
			"Each divergence is one line, with the bug that it points at and what "
			"that leads to. The exit status is 1 when there is one that --expect "
			"does not list, or when a listed one is gone.",
		.examples = {
			{ "countersign vectors",
			  "our own code" },
			{ "countersign vectors --adapter 'python3 adapter.py' --only 'digest.*'",
			  "a library, behind an adapter" },
			{ "countersign vectors --client 'curl -s --digest -u "
			  "\"$USERNAME:$PASSWORD\" \"$URL\"' --only digest.md5.auth-get",
			  "a command line, over the network" },
			{ "countersign vectors --adapter ./adapter --expect known.json --junit "
			  "report.xml",
			  "in CI: red when something changes" },
		},
		.run = cmd_vectors,
	},
	[CMD_DECODE] = {
		.name = "decode",
		.operands = "[FILE|-]",
		.most = 1,
		.summary = "explain a pasted header, exchange or envelope, and what nearly matches",
		.about =
			"FILE (or standard input) holds what was seen on the wire: an "
			"Authorization or WWW-Authenticate line or its value, HTTP requests and "
			"responses, a SOAP envelope, a UsernameToken, or several of them. With a "
			"password each digest is computed again; one that does not match is "
			"compared with what known mistakes give, such as a nonce that was not "
			"decoded, and the mistake is named. Without one only the form is judged. "
			"Nothing that was computed with the password is printed.\n\n"
			"The exit status is 0 when nothing is wrong, 1 when something is, and 4 "
			"when there is nothing to decode.",
		.examples = {
			{ "countersign decode envelope.xml --password-file secret.txt",
			  "why does the camera refuse this token?" },
			{ "countersign decode --user admin < exchange.txt",
			  "a conversation that was copied, with COUNTERSIGN_PASSWORD" },
		},
		.run = cmd_decode,
	},
	[CMD_BUNDLE] = {
		.name = "bundle",
		.operands = "DIR",
		.least = 1,
		.most = 1,
		.summary = "make a signed authentication conformance report of a run",
		.about =
			"DIR is what `countersign run --certify --results DIR` wrote. The bundle "
			"is a tar.gz with all of it, a page about the device and the decision "
			"(bundle.json), SHA256SUMS with a detached CMS signature, and an in-toto "
			"test result in a DSSE envelope. The same input gives the same octets "
			"with an RSA key; ECDSA draws a number for each signature.\n\n"
			"What cannot be certified is refused, each reason named: filters, "
			"waivers, a build whose commit is not known, mandatory cases that were "
			"skipped, cases that came to no end. A device that failed is no such "
			"reason: the report says so.",
		.examples = {
			{ "countersign bundle results -o camera.tar.gz --key lab.key --cert "
			  "lab.pem",
			  "sign the report of a run" },
			{ "countersign bundle results -o camera.tar.gz --key lab.key --cert "
			  "lab.pem --chain ca.pem --operator @statement.txt --firmware fw.bin",
			  "with all that a reader may ask for" },
		},
		.run = cmd_bundle,
	},
	[CMD_VERIFY] = {
		.name = "verify",
		.operands = "FILE",
		.least = 1,
		.most = 1,
		.summary = "check a bundle: hashes, signatures, chain, verdicts",
		.about =
			"Every case is judged again from the evidence, in a folder below TMPDIR "
			"that is gone afterwards; nothing else is written. The exit status is 0 "
			"when every octet is the signed one, the signer is vouched for and the "
			"verdicts are what the evidence gives, 1 when not, with the file that is "
			"wrong; it says nothing of the device, whose result is printed. Without "
			"--ca the certificates of the system are trusted.",
		.examples = {
			{ "countersign verify camera.tar.gz --ca ca.pem",
			  "was it changed, and who signed it?" },
		},
		.run = cmd_verify,
	},
	[CMD_DOCS] = {
		.name = "docs",
		.operands = "PAGE",
		.least = 1,
		.most = 1,
		.summary = "print a page of documentation out of the catalogue and the tables",
		.about =
			"PAGE is catalogue (each case with its clauses, cost and faults), "
			"deviations (what <basic>, <digest> and <token> can be told), features "
			"(what needs can name) or faults (what the reference device can be told "
			"to have). The pages are Markdown; ci/docs keeps those of the repository "
			"current.",
		.examples = {
			{ "countersign docs catalogue > CATALOGUE.md",
			  "what this catalogue asks" },
		},
		.run = cmd_docs,
	},
	[CMD_COMPARE] = {
		.name = "compare",
		.operands = "BEFORE.json AFTER.json",
		.least = 2,
		.most = 2,
		.summary = "compare the results of two runs",
		.about =
			"Both are files that countersign run --json wrote. Prints what regressed, "
			"was fixed, is newly inconclusive, changed, is new or gone, whose case has "
			"another revision, and which measure drifted. The exit status is 1 when "
			"something regressed: a pass that is now a warning or a failure, or a "
			"warning that is now a failure, of the same revision and not waived. A "
			"finding that is waived, new, or of another revision is none.",
		.examples = {
			{ "countersign compare firmware-1.json firmware-2.json",
			  "two builds" },
			{ "countersign run http://192.0.2.10/onvif/device_service --baseline "
			  "firmware-1.json",
			  "the same at the end of a run" },
		},
		.run = cmd_compare,
	},
	[CMD_MERGE] = {
		.name = "merge",
		.operands = "RESULTS.json...",
		.least = 1,
		.most = OPTIONS_OPERAND_MAX,
		.summary = "join the results of several machines",
		.about =
			"The files are those of countersign run --json, or the results.json of "
			"--results folders: of the parts of one device that --shard gave to "
			"several machines, of the devices of an inventory, or both. The joined "
			"counts, reports and exit status are those of one run. A shard or a "
			"device that is missing is told and makes the exit status 6; one that "
			"comes twice, or parts of different runs, are refused.",
		.examples = {
			{ "countersign merge part-1.json part-2.json --json results.json "
			  "--junit report.xml",
			  "one device, judged in two halves" },
			{ "countersign merge results/*/results.json --html fleet.html",
			  "many devices" },
		},
		.run = cmd_merge,
	},
	[CMD_WAIVERS] = {
		.name = "waivers",
		.operands = "suggest RESULTS.json | check FILE.ini",
		.least = 2,
		.most = 2,
		.summary = "write waivers for the findings of a run, or check a file of them",
		.about =
			"A waiver lets one exact finding of one device stand for a while: "
			"countersign run --waivers FILE. It is a section of an INI file with the "
			"entries case (a pattern of ids), device (a pattern of \"MANUFACTURER "
			"MODEL\"), firmware (a pattern), outcome (verdict, reason and outcome, as "
			"results.json has them), reason, ticket, owner and until (its last day, "
			"YYYY-MM-DD); each is mandatory.\n\n"
			"suggest prints a section for each failure of a run. What only a person "
			"knows is a question mark there, and such a file is refused until it is "
			"filled in.",
		.examples = {
			{ "countersign waivers suggest results.json > waivers.ini",
			  "a start" },
			{ "countersign waivers check waivers.ini",
			  "is each complete?" },
		},
		.run = cmd_waivers,
	},
	[CMD_WAIT] = {
		.name = "wait",
		.operands = "URL",
		.least = 1,
		.most = 1,
		.summary = "wait for a device to answer",
		.about =
			"Asks by GET, without credentials, until there is a well-formed HTTP "
			"answer of any status, and says what it saw. For a job that has just "
			"started a device. The exit status is 6 when there was none in time.",
		.examples = {
			{ "countersign wait http://192.0.2.10/onvif/device_service --timeout 5m",
			  "a camera that boots" },
		},
		.run = cmd_wait,
	},
	[CMD_COMPLETION] = {
		.name = "completion",
		.operands = "SHELL|WORDS",
		.least = 1,
		.most = 1,
		.summary = "print what lets bash, zsh or fish complete the command line",
		.about =
			"SHELL is bash, zsh or fish. Packages install the three where the shells "
			"look for them; otherwise bash and fish read the output, and zsh finds it "
			"as a file _countersign in a folder of $fpath.\n\n"
			"WORDS are what the scripts ask for while somebody types: cases, causes, "
			"commands, faults, features, operations, pages, personas or profiles, one "
			"a line.",
		.examples = {
			{ "source <(countersign completion bash)",
			  "in ~/.bashrc" },
			{ "countersign completion fish | source",
			  "in ~/.config/fish/config.fish" },
		},
		.run = cmd_completion,
	},
	[CMD_HELP] = {
		.name = "help",
		.operands = "[COMMAND]",
		.most = 1,
		.summary = "explain a command, or print the manual page",
		.about =
			"Without a command: an overview. With --man the manual page countersign(1) "
			"in roff, and with the word suite behind it countersign-suite(5), which is "
			"about the language of the cases.",
		.examples = {
			{ "countersign help run",
			  "one command" },
			{ "countersign help --man | man -l -",
			  "the manual page" },
		},
		.run = cmd_help,
	},
};
