#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "index/base/time.h"
#include "index/run/run_archive.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

json::object texts(const std::map<std::string, std::string>& values) {
  json::object out;
  for (const auto& [key, value] : values) out[key] = value;
  return out;
}

json::object assignment_of(const RunManifest& manifest) {
  const Assignment& assignment = manifest.assignment;
  json::array floors;
  for (const FloorResult& floor : assignment.floors)
    floors.push_back(json::object{
        {"group", floor.group}, {"wanted", floor.wanted}, {"reached", floor.reached}, {"short_by", floor.short_by}});
  return {{"proposed", manifest.proposed},
          {"value", assignment.value},
          {"bound", assignment.bound},
          {"gap", assignment.gap},
          {"blocking_pairs", assignment.blocking_pairs},
          {"floors_cost", assignment.floors_cost},
          {"floors", std::move(floors)}};
}

// To twelve digits: Boost.JSON 1.81 reads the last bits of a number imprecisely, so that a manifest would change each time
// it is written and read again. 1e999 is read as infinite, which JSON cannot say.
double number_from(const json::value& value) {
  const double number = value.to_number<double>();
  if (!(std::abs(number) < 1e100)) throw std::range_error("a number is out of range");
  if (std::abs(number) < 1e-100) return 0;
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", number);
  return std::strtod(text, nullptr);
}

Assignment assignment_from(const json::object& from) {
  Assignment assignment;
  assignment.value = from.at("value").to_number<std::int64_t>();
  assignment.bound = from.at("bound").to_number<std::int64_t>();
  assignment.gap = number_from(from.at("gap"));
  assignment.blocking_pairs = from.at("blocking_pairs").to_number<std::uint64_t>();
  assignment.floors_cost = from.at("floors_cost").to_number<std::int64_t>();
  for (const json::value& floor : from.at("floors").as_array())
    assignment.floors.push_back({std::string(floor.at("group").as_string()), number_from(floor.at("wanted")),
                                 number_from(floor.at("reached")), floor.at("short_by").to_number<std::uint64_t>()});
  return assignment;
}

}  // namespace

std::string to_json(const RunManifest& manifest) {
  json::object seconds;
  for (const auto& [phase, spent] : manifest.seconds) seconds[phase] = spent;
  const json::object object{{"format", manifest.format},
                            {"publication", manifest.publication},
                            {"id", manifest.id},
                            {"programme", manifest.programme},
                            {"sequence", manifest.sequence},
                            {"day", iso_time(static_cast<std::uint64_t>(manifest.today * kDay)).substr(0, 10)},
                            {"today", manifest.today},
                            {"started", manifest.started},
                            {"finished", manifest.finished},
                            {"model", manifest.model},
                            {"fine_model", manifest.fine},
                            {"space", manifest.space},
                            {"rules", texts(manifest.rules)},
                            {"parameters",
                             {{"candidates", manifest.settings.candidates},
                              {"listed", manifest.settings.listed},
                              {"spare", manifest.settings.spare},
                              {"threads", manifest.settings.threads.count},
                              {"nice", manifest.settings.threads.nice}}},
                            {"profiles", manifest.profiles},
                            {"matches", manifest.matches},
                            {"changed", manifest.changed},
                            {"taken_over", manifest.taken_over},
                            {"resumed", manifest.resumed},
                            {"work",
                             {{"admissible_pairs", manifest.work.admissible},
                              {"multiplied_pairs", manifest.work.multiplied},
                              {"multiply_adds", manifest.work.multiply_adds}}},
                            {"assignment", assignment_of(manifest)},
                            {"seconds", std::move(seconds)},
                            {"previous", manifest.previous.empty() ? json::value(nullptr) : json::value(manifest.previous)},
                            {"lists_key", manifest.lists_key},
                            {"result_key", manifest.result_key},
                            {"result_hash", manifest.result_hash},
                            {"bytes", manifest.bytes},
                            {"file_hash", manifest.file_hash}};
  return json::serialize(object);
}

Result<RunManifest> parse_run_manifest(std::string_view text) {
  try {
    const json::value value = json::parse(text);
    const json::object& from = value.as_object();
    const auto word = [&](std::string_view key) { return std::string(from.at(key).as_string()); };
    const auto count = [&](std::string_view key) { return from.at(key).to_number<std::uint64_t>(); };
    RunManifest manifest{.format = 1};
    if (from.contains("format")) {
      manifest.format = count("format");
      if (manifest.format > kRunFormat)
        return fail(ErrorCode::kUnsupported, "manifest.json", "the match run has format " + std::to_string(manifest.format),
                    "use the newer program");
    }
    if (manifest.format >= 2) {
      manifest.publication = count("publication");
      manifest.file_hash = word("file_hash");
    }
    manifest.id = word("id");
    manifest.programme = word("programme");
    manifest.sequence = count("sequence");
    manifest.today = from.at("today").to_number<std::int32_t>();
    manifest.started = word("started");
    manifest.finished = word("finished");
    manifest.model = word("model");
    manifest.fine = word("fine_model");
    if (from.contains("space")) manifest.space = word("space");  // not in those of older releases
    for (const auto& [file, hash] : from.at("rules").as_object()) manifest.rules[file] = std::string(hash.as_string());
    const json::object& parameters = from.at("parameters").as_object();
    manifest.settings.candidates = parameters.at("candidates").to_number<std::size_t>();
    manifest.settings.listed = parameters.at("listed").to_number<std::size_t>();
    manifest.settings.spare = parameters.at("spare").to_number<std::size_t>();
    manifest.settings.threads = {parameters.at("threads").to_number<unsigned>(), parameters.at("nice").to_number<int>()};
    manifest.profiles = count("profiles");
    manifest.matches = count("matches");
    manifest.changed = count("changed");
    manifest.taken_over = count("taken_over");
    manifest.resumed = from.at("resumed").as_bool();
    const json::object& work = from.at("work").as_object();
    manifest.work = {work.at("admissible_pairs").to_number<std::uint64_t>(),
                     work.at("multiplied_pairs").to_number<std::uint64_t>(),
                     work.at("multiply_adds").to_number<std::uint64_t>()};
    manifest.assignment = assignment_from(from.at("assignment").as_object());
    manifest.proposed = from.at("assignment").at("proposed").to_number<std::uint64_t>();
    for (const auto& [phase, spent] : from.at("seconds").as_object()) manifest.seconds[phase] = number_from(spent);
    if (from.at("previous").is_string()) manifest.previous = word("previous");
    manifest.lists_key = word("lists_key");
    manifest.result_key = word("result_key");
    manifest.result_hash = word("result_hash");
    manifest.bytes = count("bytes");
    return manifest;
  } catch (const std::exception& error) {
    return fail(ErrorCode::kCorrupt, "manifest.json", error.what(), "start a match run with --full");
  }
}

}  // namespace counterpart::index
