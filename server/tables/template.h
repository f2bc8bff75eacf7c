// The workbook that an office fills in: headings in its language, a drop-down list wherever there are codes, and at each
// heading a note with an example. As it is, it has no row; filled in, it is what `import` takes.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/bulk/bulk_words.h"
#include "server/layer.h"
#include "server/words/words.h"

namespace counterpart::server {

// `called`: of bulk_words(); what stands in the lists is read by it as the code that is meant. Errors as write_workbook().
Result<std::string> profile_template(const Words& words, const Taxonomy& taxonomy, const BulkWords& called,
                                     std::string_view language);

}  // namespace counterpart::server
