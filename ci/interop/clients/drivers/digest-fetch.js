// npm digest-fetch; its user says which scheme.
'use strict';
const it = require('./case.js');

if (it.scheme === 'usernametoken')
	it.cannot('writes no UsernameToken');
const body = it.body();
// From where NODE_PATH points to, which import() does not look at.
const loaded = import(require('url').pathToFileURL(require.resolve('digest-fetch')));
let client;
it.run(async url => {
	const {DigestClient} = await loaded;
	client = client || new DigestClient(it.name, it.password, {basic: it.scheme === 'basic'});
	return (await client.fetch(url, {method: it.method, body})).ok;
});
