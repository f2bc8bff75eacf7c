// The route of a request, and the form that its answer is wanted in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/handlers/route.h"
#include "server/layer.h"

namespace counterpart::server {

// What stands for the {…} of a pattern.
struct PathNames {
  std::string id, verb, part;
};

// In what form a list is wanted.
enum class Form : std::uint8_t { kAsItIs, kCsv, kWorkbook };

struct FormRow {
  Form form;
  std::string_view ending, media;
};
inline constexpr FormRow kForms[] = {
    {Form::kCsv, ".csv", kCsvMedia}, {Form::kWorkbook, ".xlsx", kWorkbookMedia}, {Form::kAsItIs, ".json", kJson}};
const FormRow& row_of(Form form);

struct Located {
  const Route* route = nullptr;
  PathNames named;
  Form form = Form::kAsItIs;  // as the end of the path says
  std::size_t ending = 0;     // of the path, characters that say so
  std::string allowed;        // methods of this path, empty: no such path
};

// The row that takes such a call; of a path that no route has, that of the path without the end that says in what form its list
// is wanted.
Located locate(std::string_view method, std::string_view path);

// The row that takes exactly such a call. nullptr: none does.
const Route* find_route(std::string_view method, std::string_view path);

// The form that the end of the path says, else what the caller accepts first.
Form form_wanted(const Located& found, const Request& request);

}  // namespace counterpart::server
