#include "engine/panel.h"
#include "tests/support/catch.h"
