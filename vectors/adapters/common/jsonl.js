// What the adapters for Node share: the loop over JSON Lines, and reading a UsernameToken.
'use strict';
const readline = require('readline');

class Unsupported extends Error {}

// An input as text; these libraries take nothing else.
function text(request, name) {
	if (!(`${name}_hex` in request))
		return request[name] ?? '';
	const octets = Buffer.from(request[`${name}_hex`], 'hex');
	if (!octets.equals(Buffer.from(octets.toString())))
		throw new Unsupported(`takes text, and ${name} is not UTF-8`);
	return octets.toString();
}

// The vector's cnonce, if the library could have drawn it: hexadecimal.
function cnonce(request) {
	if (/["\\]/.test(request.cnonce))
		throw new Unsupported('draws no cnonce with a quote or a backslash');
	return request.cnonce;
}

// The path and query that a URL can be made of.
function target(request) {
	if (!request.uri.startsWith('/'))
		throw new Unsupported('asks for a path, no other form of target');
	return request.uri;
}

// Field values as Node's HTTP client hands them over: a character for each octet.
function challenges(request) {
	const hex = request.www_authenticate_hex;
	const octets = hex ? hex.map(h => Buffer.from(h, 'hex')) :
		request.www_authenticate.map(v => Buffer.from(v));
	return octets.map(o => o.toString('latin1'));
}

// A field value as it leaves Node's HTTP client, which writes an octet for each character.
function authorization(value) {
	if (/[^\x00-\xff]/.test(value) || /[\x00-\x08\x0a-\x1f\x7f]/.test(value))
		throw new Error('invalid character in the Authorization field');
	const octets = Buffer.from(value, 'latin1');
	return octets.equals(Buffer.from(octets.toString())) ? {authorization: octets.toString()} :
		{authorization_hex: octets.toString('hex')};
}

// The children of the UsernameToken in a piece of XML.
function token(xml) {
	const options = {async: false, explicitCharkey: true, ignoreAttrs: false, includeWhiteChars: true,
		tagNameProcessors: [name => name.replace(/.*:/, '')]};
	let found;
	require('xml2js').parseString(xml, options, (err, root) => {
		if (err)
			throw err;
		const security = root.Security || root.Envelope.Header[0].Security[0];
		const children = security.UsernameToken[0];
		const part = name => children[name] ? children[name][0]._ || '' : '';
		found = {username: part('Username'), password: part('Password'), nonce: part('Nonce'),
			created: part('Created'), type: children.Password[0].$.Type};
	});
	return found;
}

// The algorithms of the challenges, if the library offers none of them: a refusal is no answer then.
function lacks(request, offers) {
	const wanted = challenges(request).map(f =>
		(/algorithm *= *"?([\w-]+)/i.exec(f) || ['', 'MD5'])[1].toUpperCase());
	const known = wanted.every(a => /^(MD5|SHA-256|SHA-512-256)(-SESS)?$/.test(a));
	return known && !wanted.some(a => offers.includes(a)) && `knows no ${wanted}`;
}

function refusal(request, e, offers) {
	if (e instanceof Unsupported)
		return {unsupported: e.message};
	const lack = offers && request.op === 'digest.respond' && lacks(request, offers);
	return lack ? {unsupported: lack} : {error: String(e.message || e)};
}

// offers: the algorithms of Digest that the library implements.
async function serve(name, version, operations, offers) {
	for await (const line of readline.createInterface({input: process.stdin})) {
		const request = JSON.parse(line);
		let reply = {adapter: name, version, operations: Object.keys(operations)};
		if (!('hello' in request)) {
			try {
				reply = {id: request.id, ...await operations[request.op](request)};
			} catch (e) {
				reply = {id: request.id, ...refusal(request, e, offers)};
			}
		}
		process.stdout.write(JSON.stringify(reply) + '\n');
	}
}

module.exports = {Unsupported, authorization, challenges, cnonce, serve, target, text, token};
