#include "server/wire/offices.h"

#include "engine/casework/office_json.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string_view view_of(const json::string_view& text) { return {text.data(), text.size()}; }

// What stands in an answer beside what a body has: a body that was read and is written back may have it.
json::value without_version(const json::value& value) {
  json::value copy = value;
  if (json::object* object = copy.if_object()) object->erase("version");
  return copy;
}

template <class One>
using ReadOne = Result<One> (*)(const json::value&, const Taxonomy&);

template <class One>
Result<One> read_at(const std::string& place, const json::value& value, const Taxonomy& taxonomy, ReadOne<One> read) {
  return read(without_version(value), taxonomy).map_error([&](Error error) {
    error.place = error.place.empty() ? place : place + "." + error.place;
    return error;
  });
}

template <class One>
Status read_list(const std::string& place, const json::value& value, const Taxonomy& taxonomy, ReadOne<One> read,
                 std::vector<One>& list) {
  if (!value.is_array()) return fail(ErrorCode::kInvalid, place, "not a list", "write [{...}, ...]");
  for (const json::value& entry : value.as_array()) {
    Result<One> one = read_at(place + "[" + std::to_string(list.size()) + "]", entry, taxonomy, read);
    if (!one) return tl::unexpected(std::move(one.error()));
    list.push_back(std::move(*one));
  }
  return {};
}

tl::unexpected<Error> unknown_member(std::string_view name, std::string_view known) {
  return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member", "members are " + std::string(known));
}

json::object versioned(const std::string& text, std::uint64_t version) {
  json::object out = json::parse(text).as_object();
  out["version"] = version;
  return out;
}

}  // namespace

Result<OfficeBody> read_office_body(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  OfficeBody body;
  if (!object->contains("office")) return fail(ErrorCode::kInvalid, "office", "missing", "write {office, desks}");
  for (const auto& [key, value] : *object) {
    const std::string_view name = view_of(key);
    if (name == "office") {
      Result<Office> office = read_at<Office>("office", value, taxonomy, read_office);
      if (!office) return tl::unexpected(std::move(office.error()));
      body.office = std::move(*office);
    } else if (name == "desks") {
      if (Status read = read_list<Desk>("desks", value, taxonomy, read_desk, body.desks); !read)
        return tl::unexpected(std::move(read.error()));
    } else if (name != "version") {
      return unknown_member(name, "office, desks");
    }
  }
  return body;
}

Result<DirectoryBody> read_directory_body(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  DirectoryBody body;
  for (const std::string_view name : {"offices", "desks"})
    if (!object->contains(name)) return fail(ErrorCode::kInvalid, std::string(name), "missing", "write {offices, desks}");
  for (const auto& [key, value] : *object) {
    const std::string_view name = view_of(key);
    Status read;
    if (name == "offices")
      read = read_list<Office>("offices", value, taxonomy, read_office, body.offices);
    else if (name == "desks")
      read = read_list<Desk>("desks", value, taxonomy, read_desk, body.desks);
    else if (name != "version")
      read = unknown_member(name, "offices, desks");
    if (!read) return tl::unexpected(std::move(read.error()));
  }
  return body;
}

Result<Desk> read_desk_body(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  return read_desk(without_version(json::value(*object)), taxonomy);
}

Result<Absence> read_absence_body(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  return read_absence(json::value(*object), taxonomy);
}

json::object write_office(const Office& office, const Offices& offices) {
  return versioned(to_json(office), offices.office_versions.find(office.id)->second);
}
json::object write_desk(const Desk& desk, const Offices& offices) {
  return versioned(to_json(desk), offices.desk_versions.find(desk.id)->second);
}

json::object write_office_with_desks(const Office& office, const Offices& offices) {
  json::array desks;
  for (const Desk& desk : offices.directory.desks())
    if (desk.office == office.id) desks.push_back(write_desk(desk, offices));
  return {{"office", write_office(office, offices)}, {"desks", std::move(desks)}};
}

json::object write_directory(const Offices& offices) {
  json::array all, desks;
  for (const Office& office : offices.directory.offices()) all.push_back(write_office(office, offices));
  for (const Desk& desk : offices.directory.desks()) desks.push_back(write_desk(desk, offices));
  return {{"version", offices.version}, {"offices", std::move(all)}, {"desks", std::move(desks)}};
}

}  // namespace counterpart::server
