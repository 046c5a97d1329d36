// npm onvif: a camera is connected to, then asked who it is.  It answers Digest when that is asked
// for, and sends a UsernameToken with all but GetSystemDateAndTime unless it is told not to.
'use strict';
const {Cam} = require('onvif');
const it = require('./case.js');

const {hostname, port, pathname, search} = new URL(it.urls[0]);
const path = pathname + search;
if (it.scheme === 'basic')
	it.cannot('knows no Basic');
if (it.urls.some(url => url !== it.urls[0]))
	it.cannot('a camera has one device service');
const cam = new Cam({hostname, port: port || 80, path, username: it.name, password: it.password,
	autoconnect: false, timeout: 20000, useWSSecurity: it.scheme !== 'digest'});
const done = (resolve, reject) => err => err ? reject(err) : resolve(true);
const connected = new Promise((resolve, reject) => cam.connect(done(resolve, reject)));
connected.catch(() => {});
it.run(async () => {
	await connected;
	cam.uri.device = new URL(it.urls[0]); // not the address that the camera has for itself
	return new Promise((resolve, reject) => cam.getDeviceInformation(done(resolve, reject)));
});
