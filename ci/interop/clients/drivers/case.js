// What the drivers for Node share: the case, as the environment and standard input tell it.
'use strict';
const fs = require('fs');

const env = process.env;
const urls = (env.URLS || env.URL).split(/\s+/).filter(Boolean);

function body() {
	const octets = fs.readFileSync(0);
	return octets.length ? octets : undefined;
}

function cannot(why) {
	console.error(why);
	process.exit(69);
}

// Calls all URLs in turn; call(url) says whether it went well, and the last one counts.
async function run(call) {
	let good = false;
	for (const url of urls) {
		try {
			good = await call(url);
		} catch (e) {
			console.error(String(e.message || e));
			good = false;
		}
	}
	process.exit(good ? 0 : 1);
}

module.exports = {body, cannot, run, urls, method: env.METHOD || 'GET', name: env.USERNAME,
	password: env.PASSWORD, scheme: env.SCHEME || 'any'};
