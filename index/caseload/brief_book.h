// Sections of country briefs as offices keep them: records of Family::kMeta.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/survey/brief_section.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

struct KeptSection {
  BriefPart part = BriefPart::kRegistration;
  BriefSection section;
  std::string office;         // that keeps it
  std::uint64_t version = 0;  // counts its changes, from 1
  std::int64_t at = 0;        // of the last one, seconds since 1970, UTC
};

// Nothing: nobody keeps it. kCorrupt.
Result<std::optional<KeptSection>> kept_section(const Store& store, std::string_view country, BriefPart part);
// Of a country (alpha-2), in the order of BriefPart. kCorrupt.
Result<std::vector<KeptSection>> kept_sections(const Store& store, std::string_view country);

// Puts it, or removes it where nothing is given; on disk when this returns, and in the audit log. `expect`: kConflict unless it
// is at this version (0: must not be there). kForbidden: another office keeps it; `office` empty: any may. kNotFound: nothing
// is there to remove. Its version afterwards; 0: removed.
Result<std::uint64_t> keep_section(Store& store, std::string_view country, BriefPart part,
                                   const std::optional<BriefSection>& section, const std::string& office,
                                   std::optional<std::uint64_t> expect, const std::string& who, std::int64_t now);

}  // namespace counterpart::index
