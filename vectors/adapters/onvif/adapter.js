// npm onvif.  Randomness and the clock are put in before the library asks for them.
'use strict';
const crypto = require('crypto');
const {Cam} = require('onvif');
const {getDigestHeaders} = require('onvif/lib/utils');
const jsonl = require('../common/jsonl.js');

function camera(q) {
	return new Cam({hostname: '127.0.0.1', autoconnect: false, username: jsonl.text(q, 'username'),
		password: jsonl.text(q, 'password')});
}

function respond(q) {
	const cam = camera(q);
	const raw = jsonl.challenges(q).flatMap(value => ['WWW-Authenticate', value]);
	const found = getDigestHeaders(raw);
	if (found.length === 0)
		throw new Error('Digest authentication headers not found');
	crypto.randomBytes = () => ({toString: () => jsonl.cnonce(q)});
	cam._nc = parseInt(q.nc, 16) - 1;
	return jsonl.authorization(cam.digestAuth(found, {method: q.method, path: q.uri}));
}

function create(q) {
	if (q.type !== 'PasswordDigest')
		throw new jsonl.Unsupported('knows no PasswordText');
	const nonce = Buffer.from(q.nonce_hex || '', 'hex');
	if (nonce.length !== 16)
		throw new jsonl.Unsupported('takes nonces of 16 octets');
	const created = new Date(q.created);
	if (isNaN(created) || created.toISOString() !== q.created)
		throw new jsonl.Unsupported('writes Created with milliseconds and Z');
	const cam = camera(q);
	let word = 0;
	Math.random = () => nonce.readUInt32LE(4 * word++) / 0x100000000;
	process.uptime = () => 0;
	cam.timeShift = created.getTime();
	return jsonl.token(cam._envelopeHeader() + cam._envelopeFooter());
}

jsonl.serve('onvif', require('onvif/package.json').version,
	{'digest.respond': respond, 'usernametoken.create': create}, ['MD5', 'SHA-256']);
