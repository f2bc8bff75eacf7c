#include "index/model/recent_vectors.h"

#include "tests/support/catch.h"

using namespace counterpart::index;

namespace {

class Counting : public Embedder {
 public:
  const std::string& model() const override { return model_; }
  std::size_t dimensions() const override { return 1; }
  std::string detect(std::string_view) const override { return "en"; }
  std::vector<float> embed(std::string_view text, std::string_view language) const override {
    ++asked;
    return {static_cast<float>(text.size() * 10 + language.size())};
  }
  mutable int asked = 0;

 private:
  std::string model_ = "counting";
};

}  // namespace

TEST_CASE("recent vectors: a text that was embedded lately is not embedded again", "[recent_vectors]") {
  const Counting inner;
  const RecentVectors recent(inner, 2);
  CHECK(recent.embed("solar", "en") == std::vector<float>{52});
  CHECK(recent.embed("solar", "en") == std::vector<float>{52});
  CHECK(inner.asked == 1);
  CHECK(recent.embed("solar", "") == std::vector<float>{50});  // another hint may give another vector
  CHECK(inner.asked == 2);

  // The one that was asked the longest ago makes room.
  recent.embed("solar", "en");
  recent.embed("wind", "en");
  CHECK(inner.asked == 3);
  recent.embed("solar", "en");
  recent.embed("wind", "en");
  CHECK(inner.asked == 3);
  recent.embed("solar", "");
  CHECK(inner.asked == 4);
}
