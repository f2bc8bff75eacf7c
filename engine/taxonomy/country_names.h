// What countries are called: their names in the UN languages and many others, as the Unicode CLDR has them, their alpha-3
// codes, and what people write besides.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace counterpart::engine {

// Names differ by nothing but letters and digits (engine/base/fold.h), a leading article apart. Safe from any thread.
class CountryNames {
 public:
  struct Name {
    std::string name;
    std::vector<std::string> codes;  // alpha-2; several: it may be either
  };
  CountryNames() = default;
  // `codes`: alpha-2, of all countries. `names`: those that go before CLDR's.
  CountryNames(std::vector<std::string> codes, std::vector<Name> names) : codes_(std::move(codes)), names_(std::move(names)) {}

  // The country that is so called, or the several that may be meant; none: no such name.
  std::vector<std::string> find(std::string_view name) const;
  // The code of the one name that `name` is a misspelling of. Empty: there is none, or several.
  std::string nearest(std::string_view name) const;

 private:
  using Table = std::map<std::string, std::vector<std::string>, std::less<>>;
  std::vector<std::string> with_near(std::string_view key, std::vector<std::string> codes) const;
  void make() const;  // 40 languages take some 50 ms, and few ever need them

  std::vector<std::string> codes_;
  std::vector<Name> names_;
  mutable std::once_flag made_;
  mutable Table first_;  // ours, English and the other UN languages
  mutable Table others_;
};

}  // namespace counterpart::engine
