// npm soap with the service description in device.wsdl: WSSecurity, or Basic.
'use strict';
const path = require('path');
const soap = require('soap');
const it = require('./case.js');

if (it.scheme === 'digest')
	it.cannot('knows no Digest');
const created = soap.createClientAsync(path.join(__dirname, 'device.wsdl'),
	{forceSoap12Headers: true});
it.run(async url => {
	const client = await created;
	client.setEndpoint(url);
	client.setSecurity(it.scheme === 'basic' ? new soap.BasicAuthSecurity(it.name, it.password) :
		new soap.WSSecurity(it.name, it.password, {passwordType: 'PasswordDigest'}));
	await client.GetDeviceInformationAsync({}, {timeout: 20000});
	return true;
});
