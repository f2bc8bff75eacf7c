// A page's cursor, of a query that says something (first byte odd) or nothing: read and written, it is the same place.
#include "server/service/page_cursor.h"

#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace counterpart::server;
  if (size == 0) return 0;
  SearchCall call;
  if (data[0] % 2 == 1) call.q = "pump";
  // The query's own mark, so that what follows it is read.
  if (data[0] / 2 % 2 == 1) call.cursor = PageCursor{}.text(call).substr(0, 16);
  call.cursor += text_of_input(data + 1, size - 1);
  const Result<PageCursor> cursor = PageCursor::parse(call);
  if (!cursor) {
    must_be_told(cursor.error());
    must(!cursor.error().remedy.empty(), "a refused cursor without a remedy");
    return 0;
  }
  if (call.cursor.empty()) return 0;
  must(!cursor->position || !cursor->before(*cursor->position, cursor->id), "a position that is before itself");
  SearchCall next = call;
  next.cursor = cursor->text(call);
  const Result<PageCursor> again = PageCursor::parse(next);
  must(again && again->id == cursor->id && again->text(call) == next.cursor, "a cursor that moves when written again");
  return 0;
}
