#include "server/api/openapi_members.h"

#include <boost/json.hpp>

#include "engine/casework/case_json.h"
#include "engine/casework/office_json.h"
#include "engine/profile/members.h"
#include "engine/survey/brief_section.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

json::object reference(std::string_view component) { return {{"$ref", "#/components/schemas/" + std::string(component)}}; }

json::object text_of(const ValueShape& shape, std::string_view pattern) {
  return {{"type", "string"}, {"maxLength", shape.max_length}, {"pattern", pattern}};
}

json::object short_name(const ValueShape& shape, std::string_view pattern) {
  json::object schema = text_of(shape, pattern);
  schema["minLength"] = 1;
  return schema;
}

json::object code_of(const ValueShape& shape, const Taxonomy& taxonomy) {
  if (shape.codes == &Taxonomy::sectors) return reference("Sector");
  if (shape.codes == &Taxonomy::products) return {{"type", "string"}, {"pattern", "^[0-9]{2}([0-9]{2}){0,2}$"}};  // too many
  json::array codes;
  for (const CodeList::Entry& entry : (taxonomy.*shape.codes).entries()) codes.emplace_back(entry.code);
  return {{"type", "string"}, {"enum", std::move(codes)}};
}

json::object number_of(const ValueShape& shape) {
  json::object schema{{"type", shape.form == Form::kInteger ? "integer" : "number"},
                      {shape.above_least ? "exclusiveMinimum" : "minimum", shape.least},
                      {"maximum", shape.most}};
  if (shape.otherwise) schema["default"] = *shape.otherwise;
  return schema;
}

json::object properties_of(std::span<const Member> members, const Taxonomy& taxonomy, bool within_private);

json::array required_of(std::span<const Member> members) {
  json::array names;
  for (const Member& member : members)
    if (member.notes.required) names.emplace_back(member.name);
  return names;
}

json::object object_of(const ValueShape& shape, const Taxonomy& taxonomy) {
  if (!shape.object.empty()) return reference(shape.object);
  json::object schema{
      {"type", "object"}, {"additionalProperties", false}, {"properties", properties_of(shape.members, taxonomy, false)}};
  if (json::array required = required_of(shape.members); !required.empty()) schema["required"] = std::move(required);
  return schema;
}

// Of a list: one entry.
json::object value_of(const ValueShape& shape, const Taxonomy& taxonomy) {
  switch (shape.form) {
    case Form::kLine: return text_of(shape, "@line");
    case Form::kText: return text_of(shape, "@text");
    case Form::kEmail: return text_of(shape, "@email");
    case Form::kSlug: return short_name(shape, "^[a-z0-9][a-z0-9_-]*$");
    case Form::kParticipation: return short_name(shape, "^[a-z0-9][a-z0-9_-]*(:[a-z0-9][a-z0-9_-]*)?$");
    case Form::kDate: return {{"type", "string"}, {"format", "date"}};
    case Form::kId: return reference("Id");
    case Form::kLanguage: return reference("Language");
    case Form::kCountry: return reference("Country");
    case Form::kCountryOrGroup: return reference("CountryOrGroup");
    case Form::kCode: return code_of(shape, taxonomy);
    case Form::kWord: return {{"type", "string"}, {"enum", json::array(shape.words.begin(), shape.words.end())}};
    case Form::kInteger:
    case Form::kAmount: return number_of(shape);
    case Form::kFlag: return {{"type", "boolean"}};
    case Form::kObject: return object_of(shape, taxonomy);
  }
  return {};
}

json::object schema_of(const Member& member, const Taxonomy& taxonomy, bool within_private) {
  const ValueShape& shape = member.kind->shape;
  json::object schema = value_of(shape, taxonomy);
  if (!member.notes.help.empty()) schema["description"] = member.notes.help;
  if (shape.is_list())
    schema = {{"type", "array"}, {"maxItems", shape.max_entries}, {"uniqueItems", true}, {"items", std::move(schema)}};
  if (!member.notes.is_private) return schema;
  if (json::value* type = schema.if_contains("type")) *type = json::array{*type, "null"};
  if (!within_private) schema["writeOnly"] = true;
  return schema;
}

json::object properties_of(std::span<const Member> members, const Taxonomy& taxonomy, bool within_private) {
  json::object properties;
  for (const Member& member : members) properties[member.name] = schema_of(member, taxonomy, within_private);
  return properties;
}

// Of a profile that is still being written, whatever stands in them.
json::object draft_properties() {
  json::object properties;
  for (const Member& member : profile_members()) properties[member.name] = json::object();
  return properties;
}

using Schemas = std::map<std::string, json::value, std::less<>>;

void add_object(std::string_view name, std::span<const Member> members, bool within_private, const Taxonomy& taxonomy,
                Schemas& schemas) {
  schemas["@" + std::string(name)] = properties_of(members, taxonomy, within_private);
  schemas["@" + std::string(name) + ".required"] = required_of(members);
}

// An object with those that it is made of.
void add_whole(std::string_view name, std::span<const Member> members, const Taxonomy& taxonomy, Schemas& schemas) {
  add_object(name, members, false, taxonomy, schemas);
  for (const Member& member : members)
    if (const ValueShape& shape = member.kind->shape; !shape.object.empty())
      add_whole(shape.object, shape.members, taxonomy, schemas);
}

}  // namespace

std::map<std::string, json::value, std::less<>> member_schemas(const Taxonomy& taxonomy) {
  Schemas schemas;
  add_object("Profile", profile_members(), false, taxonomy, schemas);
  schemas["@DraftProfile"] = draft_properties();
  for (const MemberPath& path : all_members())
    if (const ValueShape& shape = path.shape(); !shape.object.empty())
      add_object(shape.object, shape.members, path.is_private(), taxonomy, schemas);
  add_whole("Facts", facts_members(), taxonomy, schemas);
  add_whole("Office", office_members(), taxonomy, schemas);
  add_whole("Desk", desk_members(), taxonomy, schemas);
  add_whole("BriefText", brief_section_members(), taxonomy, schemas);
  return schemas;
}

}  // namespace counterpart::server
