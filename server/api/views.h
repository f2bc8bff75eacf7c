// The addresses of the page's views as data: what a view shows at /matches/A/B, /matches/A/B.json answers, and where it is a
// list .csv and .xlsx as well. THE table of these is in views.cpp: each row names the call whose answer it is, so that an
// address gives nobody more than the call does.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "server/api/located.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

struct View {
  std::string_view address;       // "/matches/{a}/{b}": a {…} is one part of the path
  std::string_view method, call;  // "GET", "/v1/explain?a={a}&b={b}"; a call of POST takes the address's query as its body
  // What the address calls by another name than the call, "against=since", joined by commas; "=": it is of the page alone.
  std::string_view names = {};
};
std::span<const View> views();

// A view's address with an ending, as its call; nullopt: it is none.
struct ViewCall {
  Request request;
  Form form = Form::kAsItIs;
};
std::optional<ViewCall> call_of_view(const Request& request);

}  // namespace counterpart::server
