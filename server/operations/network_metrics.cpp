#include "server/operations/network_metrics.h"

#include <cstdint>
#include <string_view>

namespace counterpart::server {
namespace {

void head(std::string& out, std::string_view name, std::string_view help) {
  out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" gauge\n");
}

void figure(std::string& out, std::string_view name, std::string_view help, std::uint64_t value) {
  head(out, name, help);
  out.append(name).append(" ").append(std::to_string(value)).append("\n");
}

}  // namespace

std::string network_metrics(const NetworkFigures& network) {
  std::string out;
  figure(out, "counterpart_network_epoch", "Beyond 1: how often this office lost operations and told everything anew.",
         network.epoch);
  figure(out, "counterpart_network_operations_kept", "Own operations that some office has not confirmed.", network.kept);
  figure(out, "counterpart_network_oldest_kept_timestamp_seconds", "When the oldest of those was made; 0: there is none.",
         network.oldest_kept);
  const auto each = [&](std::string_view name, std::string_view help, std::uint64_t OfficeFigures::*member) {
    head(out, name, help);
    for (const OfficeFigures& office : network.offices)  // no id of an office has a character that would have to be quoted
      out.append(name)
          .append("{office=\"")
          .append(office.office)
          .append("\"} ")
          .append(std::to_string(office.*member))
          .append("\n");
  };
  each("counterpart_network_behind", "Own operations that the office has not confirmed.", &OfficeFigures::behind);
  each("counterpart_network_as_of_timestamp_seconds", "What the office had published then, by its clock, is here.",
       &OfficeFigures::as_of);
  each("counterpart_network_heard_timestamp_seconds", "When a bundle of the office came last; 0: none did.",
       &OfficeFigures::heard_at);
  each("counterpart_network_parked", "Operations of the office that are set aside.", &OfficeFigures::parked);
  each("counterpart_network_erasures_pending", "Erasures of the office that are not through all files here.",
       &OfficeFigures::erasures_pending);
  return out;
}

}  // namespace counterpart::server
