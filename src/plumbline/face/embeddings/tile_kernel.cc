#include "plumbline/face/embeddings/tile_kernel.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "plumbline/face/embeddings/tile_kernel.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace plumbline::face::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || \
    HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_NEON
// These have a fused multiply-add.
#if HWY_TARGET == HWY_AVX2
constexpr int kRegisterRows = 3;  // 16 registers of 8 floats
#elif HWY_TARGET == HWY_NEON
constexpr int kRegisterRows = 3;  // 32 registers of 4 floats
#else
constexpr int kRegisterRows = 12;  // 32 registers of 16 floats
#endif

template <int kRows>
HWY_INLINE void Block(const float* HWY_RESTRICT left, const float* panel,
                      int64_t dimensions, uint32_t first, float cut,
                      std::vector<TileHit>* hits) {
  // Of the size of a register, 32 floats in all.
  const hn::CappedTag<float, 16> d;
  constexpr int kLanes =
      static_cast<int>(hn::MaxLanes(hn::CappedTag<float, 16>()));
  constexpr int kVectors = static_cast<int>(kPanelRows) / kLanes;
  using V = hn::Vec<decltype(d)>;
  V sums[kRows][kVectors];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) sums[r][v] = hn::Zero(d);
  }
  for (int64_t k = 0; k < dimensions; ++k) {
    V right[kVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      right[v] = hn::LoadU(d, panel + k * kPanelRows + v * kLanes);
    }
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
      const V factor = hn::Set(d, left[k * kTileRows + r]);
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) {
        sums[r][v] = hn::MulAdd(factor, right[v], sums[r][v]);
      }
    }
  }
  const V limit = hn::Set(d, cut);
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      if (HWY_LIKELY(hn::AllFalse(d, hn::Ge(sums[r][v], limit)))) continue;
      float scores[16];
      hn::StoreU(sums[r][v], d, scores);
      for (int lane = 0; lane < kLanes; ++lane) {
        if (scores[lane] >= cut) {
          hits->push_back({scores[lane], first + r,
                           static_cast<uint32_t>(v * kLanes + lane)});
        }
      }
    }
  }
}

void Multiply(const float* left, int64_t rows, const float* panel,
              int64_t dimensions, float cut, std::vector<TileHit>* hits) {
  static_assert(kTileRows % kRegisterRows == 0);
  const size_t before = hits->size();
  for (int64_t row = 0; row < rows; row += kRegisterRows) {
    Block<kRegisterRows>(left + row, panel, dimensions,
                         static_cast<uint32_t>(row), cut, hits);
  }
  // Rows that only fill up.
  hits->erase(
      std::remove_if(hits->begin() + static_cast<long>(before), hits->end(),
                     [rows](const TileHit& hit) { return hit.left >= rows; }),
      hits->end());
}
#else
// Without one, the library's: slow, the same bits.
void Multiply(const float* left, int64_t rows, const float* panel,
              int64_t dimensions, float cut, std::vector<TileHit>* hits) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t lane = 0; lane < kPanelRows; ++lane) {
      float sum = 0;
      for (int64_t k = 0; k < dimensions; ++k) {
        sum = std::fma(left[k * kTileRows + row], panel[k * kPanelRows + lane],
                       sum);
      }
      if (sum >= cut) {
        hits->push_back(
            {sum, static_cast<uint32_t>(row), static_cast<uint32_t>(lane)});
      }
    }
  }
}
#endif

}  // namespace plumbline::face::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace plumbline::face {

HWY_EXPORT(Multiply);

std::vector<float> PackPanels(const float* values, int64_t rows,
                              int64_t dimensions) {
  const int64_t panels = (rows + kPanelRows - 1) / kPanelRows;
  std::vector<float> packed(panels * kPanelRows * dimensions);
  for (int64_t row = 0; row < rows; ++row) {
    float* panel = &packed[row / kPanelRows * kPanelRows * dimensions];
    for (int64_t k = 0; k < dimensions; ++k) {
      panel[k * kPanelRows + row % kPanelRows] = values[row * dimensions + k];
    }
  }
  return packed;
}

void MultiplyPanel(const float* left, int64_t rows, const float* panel,
                   int64_t dimensions, float cut, std::vector<TileHit>* hits) {
  HWY_DYNAMIC_DISPATCH(Multiply)(left, rows, panel, dimensions, cut, hits);
}

void PackTile(const float* values, int64_t rows, int64_t dimensions,
              std::vector<float>* tile) {
  tile->assign(kTileRows * dimensions, 0);
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t k = 0; k < dimensions; ++k) {
      (*tile)[k * kTileRows + row] = values[row * dimensions + k];
    }
  }
}

float InnerProduct(const float* a, const float* b, int64_t dimensions) {
  float sum = 0;
  for (int64_t k = 0; k < dimensions; ++k) sum = std::fma(a[k], b[k], sum);
  return sum;
}

void UseTargets(int64_t mask) {
  hwy::SetSupportedTargetsForTest(mask);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

int64_t SupportedTargetMask() { return hwy::SupportedTargets(); }

}  // namespace plumbline::face
#endif
