// The one place that names Catch2's header: Debian 12 ships version 2.13.
#pragma once

#include <catch2/catch.hpp>
