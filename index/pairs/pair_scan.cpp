#include "index/pairs/pair_scan.h"

// Highway compiles this file once for each instruction set and picks one at run time. No product melts into a sum (see
// CMakeLists.txt), so that every set gives the same bits.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "index/pairs/pair_scan.cpp"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace counterpart::index {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, kScanStep>;
using Ints = hn::RebindToSigned<Floats>;

HWY_ATTR inline hn::Vec<Floats> keys_at(const ScanPlane& plane, std::size_t at) {
  const Floats d;
  const Ints whole;
  const auto forward =
      hn::ConvertTo(d, hn::Sub(hn::LoadU(whole, plane.forward + at), hn::LoadU(whole, plane.forward_excess + at)));
  const auto backward =
      hn::ConvertTo(d, hn::Sub(hn::LoadU(whole, plane.backward + at), hn::LoadU(whole, plane.backward_excess + at)));
  const auto sum =
      hn::Add(hn::Mul(hn::Set(d, plane.forward_weight), forward), hn::Mul(hn::Set(d, plane.backward_weight), backward));
  return hn::Mul(sum, hn::LoadU(d, plane.scales + at));
}

// `step`: 1 where each column has a bar of its own, 0 where one holds for all.
HWY_ATTR void scan_impl(const ScanPlane& fast, const ScanPlane* fine, std::size_t count, const float* bars, std::size_t step,
                        std::vector<Scanned>* out) {
  const Floats d;
  auto bar = hn::Set(d, *bars);
  HWY_ALIGN float keys[kScanStep];
  for (std::size_t at = 0; at < count; at += hn::Lanes(d)) {
    auto key = keys_at(fast, at);
    if (fine) key = hn::Add(key, keys_at(*fine, at));
    if (step != 0) bar = hn::LoadU(d, bars + at);
    if (hn::AllFalse(d, hn::Ge(key, bar))) continue;
    hn::Store(key, d, keys);
    for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane)
      if (keys[lane] >= bars[step * (at + lane)]) out->push_back({static_cast<std::uint32_t>(at + lane), keys[lane]});
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace counterpart::index
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace counterpart::index {

HWY_EXPORT(scan_impl);

void scan_columns(const ScanPlane& fast, const ScanPlane* fine, std::size_t count, float least, std::vector<Scanned>& out) {
  HWY_DYNAMIC_DISPATCH(scan_impl)(fast, fine, count, &least, 0, &out);
}

void scan_columns_over(const ScanPlane& fast, const ScanPlane* fine, std::size_t count, const float* bars,
                       std::vector<Scanned>& out) {
  HWY_DYNAMIC_DISPATCH(scan_impl)(fast, fine, count, bars, 1, &out);
}

}  // namespace counterpart::index
#endif
