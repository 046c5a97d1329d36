// npm digest-fetch.  fetch is replaced by a server in memory; cnonce and nc are put in.
'use strict';
const path = require('path');
const url = require('url');
const jsonl = require('../common/jsonl.js');

const main = require.resolve('digest-fetch');
const {version} = require(path.join(path.dirname(main), 'package.json'));
const loaded = import(url.pathToFileURL(main));

// The client does not look at the challenge's algorithm: its user names it beforehand.
function algorithm(fields) {
	const found = /algorithm *= *"?([\w-]+)/i.exec(fields[0]);
	return found ? found[1] : undefined;
}

async function respond(q) {
	if (q.method !== q.method.toUpperCase())
		throw new jsonl.Unsupported('asks in capitals');
	const {DigestClient} = await loaded;
	const fields = jsonl.challenges(q);
	const client = new DigestClient(jsonl.text(q, 'username'), jsonl.text(q, 'password'),
		{algorithm: algorithm(fields)});
	client.makeNonce = () => jsonl.cnonce(q);
	client.digest.nc = parseInt(q.nc, 16) - 1;
	let sent;
	globalThis.fetch = async (_, options) => {
		sent = (options.headers || {}).Authorization;
		return new Response(null, {status: sent ? 200 : 401,
			headers: fields.map(f => ['www-authenticate', f])});
	};
	const body = q.body_hex ? Buffer.from(q.body_hex, 'hex') : undefined;
	await client.fetch('http://127.0.0.1' + jsonl.target(q), {method: q.method, body});
	if (!sent)
		throw new Error('sent no Authorization');
	return jsonl.authorization(sent);
}

async function encode(q) {
	const {DigestClient} = await loaded;
	const client = new DigestClient(jsonl.text(q, 'username'), jsonl.text(q, 'password'),
		{basic: true});
	return jsonl.authorization(client.addBasicAuth({}).headers.Authorization);
}

jsonl.serve('digest-fetch', version, {'basic.encode': encode, 'digest.respond': respond});
