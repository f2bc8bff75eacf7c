// What was done before, in a search: references raise who offers, and harm nobody.
#include <algorithm>
#include <functional>
#include <numeric>

#include "engine/match/matcher.h"
#include "index/snapshot/evidence.h"
#include "index/snapshot/snapshot.h"
#include "index/text/words.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"

using namespace counterpart::index;

namespace {

const FakeEmbedder kFast("fake-1"), kFine("fine-1");

Reference done(std::string title, std::string text = {}) { return {std::move(title), std::move(text), "KE", 2019, ""}; }

Profile supplier(std::string id, std::vector<Reference> references = {}) {
  Profile profile;
  profile.id = std::move(id);
  profile.title = "Works";
  profile.offers = "turnkey plants planned and built by engineers";
  profile.country = "DE";
  profile.lang = "en";
  profile.references = std::move(references);
  return profile;
}

Profile project(std::string id) {
  Profile profile = supplier(std::move(id));
  profile.kind = Kind::kProject;
  profile.title = "Harbour";
  profile.offers.clear();
  profile.seeks = "ice plant with ammonia compressors wanted at harbour";
  return profile;
}

Embedding vectors_of(const Profile& profile) {
  Embedding vectors = quantise(embed_faces(profile, kFast), kFast.model());
  add_fine(vectors, embed_faces(profile, kFine), kFine.model());
  add_references(vectors, profile, kFine);
  return vectors;
}

Faces asking(const Profile& profile) {
  Faces faces = dequantise(vectors_of(profile));
  add_words(faces, profile);
  return faces;
}

std::shared_ptr<const Segment> segment_of(const std::vector<Profile>& profiles) {
  SegmentBuilder builder(64, 64);
  for (const Profile& one : profiles) builder.add(one, {1, 1}, vectors_of(one), real_taxonomy());
  return builder.build();
}

Snapshot snapshot_of(std::vector<LiveSegment> segments) {
  return {{kFast.model(), 64, kFine.model(), 64}, 1, std::move(segments)};
}

const std::vector<Reference> kFitting{done("School"), done("Ice plant at a harbour", "ammonia compressors and ice plant"),
                                      done("Road")};

}  // namespace

TEST_CASE("references: who did what is sought comes before who did not, and the reference is quoted", "[references]") {
  // Many others, so that words in common are rare.
  std::vector<Profile> profiles{supplier("a"), supplier("b", kFitting)};
  for (int i = 0; i < 30; ++i) profiles.push_back(supplier("z" + std::to_string(i)));
  profiles.push_back(project("own"));
  const Snapshot snapshot = snapshot_of({{segment_of(profiles), nullptr}});
  Programme open;
  open.slug = "open";
  const Seeker seeker{project("own"), asking(project("own"))};
  const auto matches =
      Matcher(real_taxonomy(), open).match(snapshot, seeker, {.where = {}, .limit = 3, .today = 20'000, .plain = true});
  REQUIRE(matches);
  REQUIRE(matches->matches.size() == 3);
  CHECK(matches->matches[0].id == "b");
  CHECK(matches->matches[0].score > matches->matches[1].score);

  const auto evidence = EvidenceFinder(snapshot, seeker).of(profiles[1]);
  REQUIRE(evidence);
  CHECK(evidence->member == "references");
  CHECK(evidence->reference->title == "Ice plant at a harbour");
  CHECK(EvidenceFinder(snapshot, seeker).of(profiles[0])->member == "offers");
}

TEST_CASE("references: the three best count half beside the joined text, and never against their owner", "[references]") {
  std::vector<Reference> many = kFitting;
  many.push_back(done("Court house"));
  many.push_back(done("Ice for a harbour"));
  const std::vector<Reference> other{done("School of music"), done("Court house")};
  const Snapshot snapshot =
      snapshot_of({{segment_of({supplier("plain"), supplier("fits", many), supplier("other", other)}), nullptr}});
  const Faces seeker = asking(project("own"));
  const auto compare = [&](std::string_view id) { return snapshot.compare(seeker, *snapshot.find(id)); };
  const auto raised = [&](float joined, const std::vector<Reference>& references) {
    std::vector<float> cosines;
    for (const Reference& one : references) {
      const std::vector<float> need = kFine.embed("Harbour\n" + project("own").seeks, {}), did = kFine.embed(text_of(one), {});
      cosines.push_back(std::inner_product(need.begin(), need.end(), did.begin(), 0.0F));
    }
    std::ranges::sort(cosines, std::greater{});
    cosines.resize(std::min<std::size_t>(cosines.size(), 3));
    const float mean = std::accumulate(cosines.begin(), cosines.end(), 0.0F) / static_cast<float>(cosines.size());
    return std::max(joined, (joined + mean) / 2);
  };
  const Candidate plain = compare("plain"), fits = compare("fits"), others = compare("other");
  CHECK(fits.fine_forward == Approx(raised(plain.fine_forward, many)).margin(0.01));
  CHECK(fits.fine_forward > plain.fine_forward + 0.1);
  CHECK(others.fine_forward == Approx(raised(plain.fine_forward, other)).margin(0.01));
  CHECK(others.fine_forward >= plain.fine_forward);
  CHECK(fits.reference == 1);
  CHECK(fits.words_forward > plain.words_forward);
  CHECK(others.words_forward == plain.words_forward);
  CHECK(fits.fine_backward == plain.fine_backward);  // they say nothing of what is sought
  CHECK(fits.forward == plain.forward);
}

TEST_CASE("references: the seeker's own speak for its offer", "[references]") {
  const Snapshot snapshot = snapshot_of({{segment_of({project("p"), supplier("s")}), nullptr}});
  const Row row = *snapshot.find("p");
  const Candidate plain = snapshot.compare(asking(supplier("x")), row);
  const Candidate with = snapshot.compare(asking(supplier("x", kFitting)), row);
  CHECK(with.fine_backward > plain.fine_backward);
  CHECK(with.words_backward > plain.words_backward);
  CHECK(with.fine_forward == plain.fine_forward);
  CHECK(with.words_forward == plain.words_forward);
}

TEST_CASE("references: merged segments compare as those they were made of, without the deleted", "[references]") {
  const auto first = segment_of({supplier("a", {done("Dam")}), supplier("b", kFitting), project("p")});
  const auto second = segment_of({supplier("c", {done("Ice plant"), done("Mill")}), supplier("d")});
  auto deleted = std::make_shared<Bitmap>();
  deleted->add(*first->find("a"));
  const std::vector<LiveSegment> parts{{first, deleted}, {second, nullptr}};
  const auto merged = merge_segments(parts, Lists::kNone);
  REQUIRE(merged);
  CHECK((*merged)->references() == 5);
  const Snapshot apart = snapshot_of(parts), whole = snapshot_of({{*merged, nullptr}});
  const Faces seeker = asking(project("own"));
  for (const std::string_view id : {"b", "c", "d", "p"}) {
    CAPTURE(id);
    const Candidate one = apart.compare(seeker, *apart.find(id)), other = whole.compare(seeker, *whole.find(id));
    CHECK(one.fine_forward == other.fine_forward);
    CHECK(one.reference == other.reference);
    CHECK(one.words_forward == other.words_forward);
    CHECK(apart.embedding(*apart.find(id)).references == whole.embedding(*whole.find(id)).references);
  }
}
