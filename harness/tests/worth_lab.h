/* worth_lab.h - requests and answers as steps of client_lab.h: for the tests of conversations. */
#ifndef TESTS_WORTH_LAB_H
#define TESTS_WORTH_LAB_H

#include "client_lab.h"

#define CH(params) "<401\nWWW-Authenticate: " params
#define MD5        CH("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", opaque=\"o\"")
#define PLAIN      ">GET /c/1"
#define USER                                                                                       \
	"username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/c/1\", response=\"?\", opaque=\"o\""
#define AUTH(rest)  ">GET /c/1\nAuthorization: Digest " rest
#define QOP         ", qop=auth, nc=00000001, cnonce=\"abcdefgh\""
#define RIGHT       AUTH(USER QOP)
#define BASIC       ">GET /c/1\nAuthorization: Basic dXNlcjpvcGVuIHNlc2FtZQ=="
#define BASICS      CH("Basic realm=\"r\"")
#define NOT_OFFERED "credentials of a kind that was not asked for"
#define UNKNOWN     "a nonce that was not issued"
#define PASSWORD    "the password (or what proves it) is wrong"

#define SESS_AS    "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", opaque=\"o\", "
#define SESS       CH(SESS_AS "algorithm=MD5-sess")
#define IN_SESS    ", qop=auth, algorithm=MD5-sess, nc="
#define FIRST      AUTH(USER IN_SESS "00000001, cnonce=\"one\"")
#define SECOND     AUTH(USER IN_SESS "00000002, cnonce=\"two\"")
#define INFO(next) "=200\nAuthentication-Info: nextnonce=\"" next "\""
#define NEXT(nonce)                                                                                \
	AUTH("username=\"user\", realm=\"r\", nonce=\"" nonce "\", uri=\"/c/1\", response=\"?\", " \
	     "opaque=\"o\"" QOP)
#define FAULT(code, reason)                                                                        \
	"<400\n\n<s:Envelope xmlns:s='" SOAP_NS_12 "' xmlns:t='" SOAP_NS_TER "'><s:Body><s:Fault>" \
	"<s:Code><s:Value>s:Sender</s:Value>" code "</s:Code><s:Reason><s:Text>" reason            \
	"</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"
#define SUBCODE(name) "<s:Subcode><s:Value>t:" name "</s:Value></s:Subcode>"
#define REFUSED       FAULT(SUBCODE("NotAuthorized"), "x")
#define SOAP(at, head)                                                                             \
	">POST /c/1\n" at "\n<s:Envelope xmlns:s='" SOAP_NS_12 "'><s:Header>" head                 \
	"</s:Header><s:Body><GetUsers xmlns='" SOAP_NS_TDS "'/></s:Body></s:Envelope>"
#define NOW    "2026-09-21T14:13:20Z" /* LAB_WALL */
#define TOKEN  SOAP("", "%nonce-of-16-octet " NOW "%")
#define AT(ms) SOAP("@device: " ms "\n", "%nonce-of-16-octet " NOW "%")

#endif
