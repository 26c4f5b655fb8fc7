// Inner products of a few rows with many, the same bits on every instruction
// set: each is a chain of fused multiply-adds in the order of the columns,
// starting from 0.
#pragma once

#include <cstdint>
#include <vector>

namespace plumbline::face {

// Rows of the right-hand side, 32 side by side, so that 32 products are made at
// once.
inline constexpr int64_t kPanelRows = 32;

// `values`: rows x dimensions. The last panel is filled up with zeros.
std::vector<float> PackPanels(const float* values, int64_t rows,
                              int64_t dimensions);

// Left-hand rows of a call: five times as many as registers hold.
inline constexpr int64_t kTileRows = 60;

// `rows` rows (at most kTileRows) side by side, filled up with zeros.
void PackTile(const float* values, int64_t rows, int64_t dimensions,
              std::vector<float>* tile);

// A product at or above the cut.
struct TileHit {
  float score;
  uint32_t left;   // row of the tile
  uint32_t right;  // row of the panel
};

// Products of the first `rows` of a tile with one panel. Appends those at or
// above `cut`.
void MultiplyPanel(const float* tile, int64_t rows, const float* panel,
                   int64_t dimensions, float cut, std::vector<TileHit>* hits);

// One product, as above.
float InnerProduct(const float* a, const float* b, int64_t dimensions);

// Names of the instruction sets that this machine can run, for tests; and
// whether the last call ran on it.
void UseTargets(int64_t mask);  // 0: all
int64_t SupportedTargetMask();

}  // namespace plumbline::face
