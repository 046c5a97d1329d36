// npm node-onvif: init() asks for the time, the capabilities, and who the device is, then for media
// services, which it need not have here.
'use strict';
const {OnvifDevice} = require('node-onvif');
const it = require('./case.js');

if (it.scheme === 'basic' || it.scheme === 'digest')
	it.cannot('knows UsernameToken only');
if (it.urls.some(url => url !== it.urls[0]))
	it.cannot('a device has one service');
const device = new OnvifDevice({xaddr: it.urls[0], user: it.name, pass: it.password});
let started;
it.run(async () => {
	if (started)
		return Boolean(await device.services.device.getDeviceInformation());
	started = true;
	await device.init().catch(e => console.error(e.message));
	return Boolean(device.getInformation());
});
