#include "plumbline/train/sampler.h"

#include <map>
#include <numeric>
#include <utility>

#include "plumbline/base/random.h"

namespace plumbline::train {
namespace {

void Shuffle(std::span<int64_t> values, RandomStream* random) {
  for (size_t i = values.size(); i > 1; --i) {
    std::swap(values[i - 1], values[random->NextBelow(i)]);
  }
}

}  // namespace

std::vector<int64_t> ShuffledOrder(int64_t n, uint64_t seed, int epoch) {
  std::vector<int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(seed, "training order", static_cast<uint64_t>(epoch));
  Shuffle(order, &random);
  return order;
}

std::vector<int64_t> BalancedOrder(std::span<const int32_t> strata,
                                   uint64_t seed, int epoch) {
  struct Stratum {
    std::vector<int64_t> rows;
    size_t next = 0;
  };
  std::map<int32_t, Stratum> by_code;
  for (size_t i = 0; i < strata.size(); ++i) {
    by_code[strata[i]].rows.push_back(static_cast<int64_t>(i));
  }
  RandomStream random(seed, "balanced order", static_cast<uint64_t>(epoch));
  std::vector<int64_t> order;
  order.reserve(strata.size());
  while (order.size() < strata.size()) {
    for (auto& [code, stratum] : by_code) {
      if (stratum.next % stratum.rows.size() == 0) {
        Shuffle(stratum.rows, &random);
        stratum.next = 0;
      }
      order.push_back(stratum.rows[stratum.next++]);
    }
  }
  order.resize(strata.size());
  Shuffle(order, &random);
  return order;
}

}  // namespace plumbline::train
