// The closed word lists of the contract: roles, forms of cooperation, stages, and so on. A new word is one row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace counterpart::engine {

// clang-format off
enum class Kind : std::uint8_t { kCompany, kProject, kExpert };

enum class Role : std::uint8_t {
  kTechnologySupplier, kInvestor, kFinancier, kLocalPartner, kProjectSponsor, kBuyer, kAdviser, kMentor, kAccelerator,
  kNetworkMember, kAssociation, kResearch, kGovernment, kBusiness, kLabour, kConsumers, kCivilSociety
};

enum class Gender : std::uint8_t { kFemale, kMale, kOther };

enum class Size : std::uint8_t { kMicro, kSmall, kMedium, kLarge };

enum class Cooperation : std::uint8_t {
  kLicence, kTechnicalCooperation, kTechnicalAssistance, kManufacturing, kJointVenture, kEquity, kLoan, kGuarantee,
  kGrant, kMerger, kAcquisition, kFranchise, kDistribution, kReciprocalProduction, kSubcontracting, kLogistics,
  kBuyBack, kManagementContract, kResearch, kTraining
};

enum class Stage : std::uint8_t {
  kConcept, kLaboratory, kPrototype, kFieldTested, kOnMarket,                        // of a technology
  kIdea, kPreFeasibility, kFeasibility, kFinancing, kImplementation, kOperating      // of a project
};

enum class Ipr : std::uint8_t { kSecretKnowHow, kApplied, kGranted, kCopyright, kExclusiveRights, kNone };
// clang-format on

// clang-format off
// The contract's spelling of each word, in the enumerator's order.
template <class Word>
struct Vocabulary;

template <>
struct Vocabulary<Kind> {
  static constexpr std::array<std::string_view, 3> kNames{"company", "project", "expert"};
};
template <>
struct Vocabulary<Role> {
  static constexpr std::array<std::string_view, 17> kNames{
      "technology_supplier", "investor", "financier", "local_partner", "project_sponsor", "buyer", "adviser", "mentor",
      "accelerator", "network_member", "association", "research", "government", "business", "labour", "consumers",
      "civil_society"};
};
template <>
struct Vocabulary<Gender> {
  static constexpr std::array<std::string_view, 3> kNames{"female", "male", "other"};
};
template <>
struct Vocabulary<Size> {
  static constexpr std::array<std::string_view, 4> kNames{"micro", "small", "medium", "large"};
};
template <>
struct Vocabulary<Cooperation> {
  static constexpr std::array<std::string_view, 20> kNames{
      "licence", "technical_cooperation", "technical_assistance", "manufacturing", "joint_venture", "equity", "loan",
      "guarantee", "grant", "merger", "acquisition", "franchise", "distribution", "reciprocal_production",
      "subcontracting", "logistics", "buy_back", "management_contract", "research", "training"};
};
template <>
struct Vocabulary<Stage> {
  static constexpr std::array<std::string_view, 11> kNames{
      "concept", "laboratory", "prototype", "field_tested", "on_market", "idea", "pre_feasibility", "feasibility",
      "financing", "implementation", "operating"};
};
template <>
struct Vocabulary<Ipr> {
  static constexpr std::array<std::string_view, 6> kNames{"secret_know_how", "applied",          "granted",
                                                          "copyright",       "exclusive_rights", "none"};
};
// clang-format on

template <class Word>
constexpr std::string_view name_of(Word word) {
  return Vocabulary<Word>::kNames[static_cast<std::size_t>(word)];
}

template <class Word>
constexpr std::optional<Word> parse_word(std::string_view text) {
  for (std::size_t i = 0; i < Vocabulary<Word>::kNames.size(); ++i)
    if (Vocabulary<Word>::kNames[i] == text) return static_cast<Word>(i);
  return std::nullopt;
}

template <class Word>
constexpr std::uint32_t bit_of(Word word) {
  return std::uint32_t{1} << static_cast<unsigned>(word);
}

}  // namespace counterpart::engine
