#include "client/conversation.h"
