#include "server/client/table_file.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <sstream>

#include "index/base/files.h"
#include "index/bulk/bulk_reader.h"
#include "server/api/located.h"
#include "server/api/openapi.h"
#include "server/api/tables.h"
#include "server/client/terminal.h"
#include "server/client/told.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// What goes to standard output while it lives.
class Captured {
 public:
  Captured() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~Captured() { std::cout.rdbuf(before_); }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

// Of the last call that answers with the lists that `printed` has.
const TableShape* shape_of(const Tables& tables, const std::vector<CommandContext::Called>& calls,
                           const json::object& printed) {
  for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
    const Route* route = find_route(call->method, call->target.substr(0, call->target.find('?')));
    const TableShape* shape = route ? tables.of(*route) : nullptr;
    if (shape && std::ranges::all_of(shape->lists, [&](const std::string& list) { return printed.contains(list); }))
      return shape;
  }
  return nullptr;
}

}  // namespace

int write_table(const CommandContext& context, const std::string& file,
                const std::function<int(const CommandContext&)>& action) {
  const Result<BulkFormat> format = format_of(file);
  if (!format || !is_table(*format))
    return report({ErrorCode::kInvalid, "--table", "its ending names no table", "name a .csv or .xlsx file"}, kWrongUsage);
  CommandContext noting = context;
  noting.json = true;
  noting.calls = std::make_shared<std::vector<CommandContext::Called>>();
  std::string printed;
  int status = kDone;
  {
    const Captured captured;
    status = action(noting);
    printed = captured.text();
  }
  if (status != kDone && printed.empty()) return status;
  boost::system::error_code failed;
  const json::value value = json::parse(printed, failed);
  const Result<LoadedWords> loaded = LoadedWords::load(context.service.datasets);
  if (!loaded) return report(loaded.error());
  const Tables tables(openapi_of(*loaded->taxonomy));
  const TableShape* shape = failed || !value.is_object() ? nullptr : shape_of(tables, *noting.calls, value.as_object());
  if (!shape)
    return report({ErrorCode::kInvalid, "--table", "this verb's answer is no list", "leave it out, or use --json"},
                  kWrongUsage);
  Table table = table_of(value.as_object(), *shape);
  put_into_words(table, *loaded->words, context.language);
  const Result<std::string> bytes = *format == BulkFormat::kCsv ? to_csv(table) : to_workbook(table);
  if (!bytes) return report(bytes.error());
  AtomicFile out(file);
  out.write(*bytes);
  if (const Status written = out.finish(); !written) return report(written.error());
  std::printf("%s: %s rows\n", file.c_str(), grouped(table.rows.size()).c_str());
  return status;
}

}  // namespace counterpart::server
