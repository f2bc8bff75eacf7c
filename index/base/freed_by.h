// Owns what a C library made: std::unique_ptr<X509, FreedBy<X509_free>>.
#pragma once

namespace counterpart::index {

template <auto kFree>
struct FreedBy {
  template <class T>
  void operator()(T* one) const {
    kFree(one);
  }
};

}  // namespace counterpart::index
