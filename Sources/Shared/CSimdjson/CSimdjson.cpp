#include "CSimdjson.h"
#include <simdjson.h>
int csimdjson_placeholder(void) { return 0; }
