// npm soap: WSSecurity and BasicAuthSecurity.  Randomness and the clock are put in.
'use strict';
const crypto = require('crypto');
const soap = require('soap');
const jsonl = require('../common/jsonl.js');

const RealDate = Date;

function create(q) {
	const now = new RealDate(q.created);
	if (isNaN(now) || now.toISOString().replace(/\.\d+/, '') !== q.created)
		throw new jsonl.Unsupported('writes Created in whole seconds and Z');
	globalThis.Date = class extends RealDate {
		constructor(...given) {
			super(...(given.length ? given : [now.getTime()]));
		}
	};
	crypto.randomBytes = () => Buffer.from(q.nonce_hex || '', 'hex');
	const security = new soap.WSSecurity(jsonl.text(q, 'username'), jsonl.text(q, 'password'),
		{passwordType: q.type, hasNonce: Boolean(q.nonce_hex), hasTimeStamp: false});
	return jsonl.token(security.toXML());
}

function encode(q) {
	const headers = {};
	new soap.BasicAuthSecurity(jsonl.text(q, 'username'), jsonl.text(q, 'password'))
		.addHeaders(headers);
	return jsonl.authorization(headers.Authorization);
}

jsonl.serve('soap', require('soap/package.json').version,
	{'basic.encode': encode, 'usernametoken.create': create});
