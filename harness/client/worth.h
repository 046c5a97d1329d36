/* worth.h - what credentials of a request are worth.  Private to client/. */
#ifndef CLIENT_WORTH_H
#define CLIENT_WORTH_H

#include "client/conversation.h"

/* Fills what struct heard has under "what it says" and "what it is worth".  -1: short of memory. */
int worth_judge(struct conversation *c, struct heard *h, struct err *err) MUST_CHECK;

#endif
