/* token.h - for soapcpp2: SOAP 1.2 with WS-Security from gSOAP's own import, and nothing else. */
#import "soap12.h"
#import "wsse.h"

//gsoap v service name: token
//gsoap v service namespace: urn:vectors

int v__Nothing(struct v__NothingResponse { int __none; } *out);
