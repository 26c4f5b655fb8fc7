#include "plumbline/stats/suppression.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

namespace plumbline {
namespace {

// More candidates for a complement than this are not tried.
constexpr size_t kMostCandidates = 400;

// Stands for people of any kind; more kinds than this there are not.
constexpr int kAllKinds = 99'999;

using Levels = std::vector<uint32_t>;

// How many people of a table's cell and kind a move has used up.
using Used = std::unordered_map<int64_t, int64_t>;

// A set of cells that change places: for each corner of the rectangle the
// cell, -1 if nobody is there. Corner bits say which attributes are turned.
using Corners = std::vector<int>;

bool IsOdd(size_t corner) { return __builtin_popcountll(corner) % 2 == 1; }

class Suppressor {
 public:
  Suppressor(const Lattice& lattice, const SuppressionLayer& layer)
      : lattice_(lattice), layer_(layer) {
    const size_t groups = lattice.groups.size();
    result_.hidden =
        layer.hidden.empty() ? std::vector<uint8_t>(groups, 0) : layer.hidden;
    by_levels_.resize(lattice.groupings.size());
    for (size_t g = 0; g < groups; ++g) {
      const Lattice::Group& group = lattice.groups[g];
      by_levels_[group.grouping][group.levels] = static_cast<int>(g);
    }
    cells_of_.resize(groups);
    kinds_of_.resize(layer.tables.size());
    for (size_t t = 0; t < layer.tables.size(); ++t) {
      for (int kind = 0; kind < layer.tables[t]->kinds; ++kind) {
        kinds_of_[t][layer.tables[t]->rows[kind]].push_back(kind);
      }
    }
    if (!kinds_of_.empty()) {
      for (const auto& [rows, kinds] : kinds_of_[0]) sizes_.push_back(rows);
    }
    for (size_t c = 0; c < lattice.cells.size(); ++c) {
      cell_at_[lattice.cells[c]] = static_cast<int>(c);
      for (size_t k = 0; k < lattice.groupings.size(); ++k) {
        const int group = GroupAt(static_cast<int>(k), lattice.cells[c]);
        if (group >= 0) cells_of_[group].push_back(static_cast<int>(c));
      }
    }
  }

  Suppression Run() {
    const std::vector<int> order = SensitiveByOrder();
    for (const int g : order) Hide(g);
    for (const int g : order) {
      if (stopped_) break;
      if (Attributes(g).empty()) {
        result_.fell_back = true;
        HideAll(true);
      } else {
        Protect(g);
      }
    }
    return std::move(result_);
  }

 private:
  const std::vector<int>& Attributes(int group) const {
    return lattice_.groupings[lattice_.groups[group].grouping];
  }

  // Single attributes before pairs, so that what a pair inherits is known.
  std::vector<int> SensitiveByOrder() const {
    std::vector<int> order;
    for (size_t g = 0; g < lattice_.groups.size(); ++g) {
      if (layer_.sensitive[g]) order.push_back(static_cast<int>(g));
    }
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return Attributes(a).size() < Attributes(b).size();
    });
    return order;
  }

  // The group of a grouping that has a cell's levels, -1 if none is published.
  int GroupAt(int grouping, const Levels& cell) const {
    Levels levels;
    for (const int a : lattice_.groupings[grouping]) levels.push_back(cell[a]);
    return Find(grouping, levels);
  }

  int Find(int grouping, const Levels& levels) const {
    const auto found = by_levels_[grouping].find(levels);
    return found == by_levels_[grouping].end() ? -1 : found->second;
  }

  bool IsWithin(int inner, int outer) const {
    const auto& of_inner = Attributes(inner);
    const auto& of_outer = Attributes(outer);
    for (size_t i = 0; i < of_outer.size(); ++i) {
      const auto at =
          std::lower_bound(of_inner.begin(), of_inner.end(), of_outer[i]);
      if (at == of_inner.end() || *at != of_outer[i] ||
          lattice_.groups[inner].levels[at - of_inner.begin()] !=
              lattice_.groups[outer].levels[i]) {
        return false;
      }
    }
    return true;
  }

  // A hidden group hides what lies inside it: the parts add up to it.
  void Hide(int group) {
    const size_t order = Attributes(group).size();
    for (size_t g = 0; g < lattice_.groups.size(); ++g) {
      const int inner = static_cast<int>(g);
      if (inner == group ||
          (Attributes(inner).size() > order && IsWithin(inner, group))) {
        result_.hidden[g] = 1;
      }
    }
  }

  void HideAll(bool with_everyone) {
    std::fill(result_.hidden.begin() + (with_everyone ? 0 : 1),
              result_.hidden.end(), 1);
    stopped_ = true;
  }

  // Corner groups of `g` and `h`, of one grouping; empty if one of them is not
  // published, which says that nobody is there.
  std::vector<int> CornerGroups(int g, int h) const {
    const Lattice::Group& from = lattice_.groups[g];
    const Lattice::Group& to = lattice_.groups[h];
    const size_t order = from.levels.size();
    std::vector<int> corners;
    for (size_t bits = 0; bits < (size_t{1} << order); ++bits) {
      Levels levels = from.levels;
      for (size_t i = 0; i < order; ++i) {
        if (bits >> i & 1) levels[i] = to.levels[i];
      }
      const int group = Find(from.grouping, levels);
      if (group < 0) return {};
      corners.push_back(group);
    }
    return corners;
  }

  bool DiffersEverywhere(int g, int h) const {
    const Levels& a = lattice_.groups[g].levels;
    const Levels& b = lattice_.groups[h].levels;
    for (size_t i = 0; i < a.size(); ++i) {
      if (a[i] == b[i]) return false;
    }
    return true;
  }

  bool AllHidden(const std::vector<int>& groups) const {
    return std::all_of(groups.begin(), groups.end(),
                       [&](int g) { return result_.hidden[g] != 0; });
  }

  bool IsHiddenAbove(const std::vector<int>& groups) const {
    return !layer_.hidden.empty() &&
           std::all_of(groups.begin(), groups.end(),
                       [&](int g) { return layer_.hidden[g] != 0; });
  }

  int GroupingOf(int group) const { return lattice_.groups[group].grouping; }

  Corners CornerCells(Levels cell, const std::vector<int>& attributes,
                      const Levels& from, const Levels& to) const {
    Corners corners;
    for (size_t bits = 0; bits < (size_t{1} << attributes.size()); ++bits) {
      for (size_t i = 0; i < attributes.size(); ++i) {
        cell[attributes[i]] = bits >> i & 1 ? to[i] : from[i];
      }
      const auto found = cell_at_.find(cell);
      corners.push_back(found == cell_at_.end() ? -1 : found->second);
    }
    return corners;
  }

  int64_t Left(size_t table, int cell, int kind, const Used& used) const {
    if (cell < 0) return 0;
    const MovablePeople& people = *layer_.tables[table];
    const auto found = used.find(Key(table, cell, kind));
    return people.count[static_cast<size_t>(cell) * people.kinds + kind] -
           (found == used.end() ? 0 : found->second);
  }

  int64_t Key(size_t table, int cell, int kind) const {
    return (static_cast<int64_t>(table) * lattice_.cells.size() + cell) *
               (kAllKinds + 1) +
           kind;
  }

  // People of one kind whom all corners of one parity can give, for one table.
  int64_t Movable(size_t table, const Corners& corners, bool odd, int kind,
                  const Used& used) const {
    int64_t least = -1;
    for (size_t c = 0; c < corners.size(); ++c) {
      if (IsOdd(c) != odd) continue;
      const int64_t left = Left(table, corners[c], kind, used);
      least = least < 0 ? left : std::min(least, left);
    }
    return least;
  }

  void Take(size_t table, const Corners& corners, bool odd, int kind,
            int64_t amount, Used* used) const {
    for (size_t c = 0; c < corners.size(); ++c) {
      if (IsOdd(c) == odd) (*used)[Key(table, corners[c], kind)] += amount;
    }
  }

  // Movable people of any kind in a cell.
  int64_t InCell(int cell) const {
    const MovablePeople& people = *layer_.tables[0];
    const auto begin =
        people.count.begin() + static_cast<size_t>(cell) * people.kinds;
    return std::accumulate(begin, begin + people.kinds, int64_t{0});
  }

  // People who change groups: the corners of one parity give them. All tables
  // must give as many with as many rows. Which groups exist is published, so
  // somebody stays in every cell, and nobody moves to an empty one.
  int64_t MovePeople(const Corners& corners, bool odd, int64_t most,
                     Used* used) const {
    for (size_t c = 0; c < corners.size(); ++c) {
      if (corners[c] < 0) return 0;
      if (IsOdd(c) != odd) continue;
      most = std::min(most, InCell(corners[c]) - 1 -
                                (*used)[Key(0, corners[c], kAllKinds)]);
    }
    if (most <= 0) return 0;
    int64_t moved = 0;
    for (const int rows : sizes_) {
      int64_t amount = most - moved;
      for (size_t t = 0; t < layer_.tables.size(); ++t) {
        int64_t all = 0;
        for (const int kind : KindsOf(t, rows)) {
          all += Movable(t, corners, odd, kind, *used);
        }
        amount = std::min(amount, all);
      }
      if (amount <= 0) continue;
      for (size_t t = 0; t < layer_.tables.size(); ++t) {
        int64_t rest = amount;
        for (const int kind : KindsOf(t, rows)) {
          const int64_t take =
              std::min(rest, Movable(t, corners, odd, kind, *used));
          if (take > 0) Take(t, corners, odd, kind, take, used);
          rest -= take;
        }
      }
      moved += amount;
    }
    Take(0, corners, odd, kAllKinds, moved, used);
    return moved;
  }

  const std::vector<int>& KindsOf(size_t table, int rows) const {
    static const std::vector<int> kNone;
    const auto found = kinds_of_[table].find(rows);
    return found == kinds_of_[table].end() ? kNone : found->second;
  }

  // People who change kind: even corners from one to the other, odd ones back.
  int64_t ExchangeKinds(const Corners& corners, bool up, bool above,
                        int64_t most, Used* used) const {
    int64_t moved = 0;
    for (const KindExchange& exchange : layer_.exchanges) {
      if (exchange.changes_above && !above) continue;
      const int even = up ? exchange.less : exchange.more;
      const int odd = up ? exchange.more : exchange.less;
      const int64_t amount =
          std::min({Movable(0, corners, false, even, *used),
                    Movable(0, corners, true, odd, *used), most - moved});
      if (amount <= 0) continue;
      Take(0, corners, false, even, amount, used);
      Take(0, corners, true, odd, amount, used);
      moved += amount;
    }
    return moved;
  }

  // The cells that people leave when the count of `g` goes up or down.
  const std::vector<int>& Givers(int g, const std::vector<int>& attributes,
                                 const Levels& to, bool up) const {
    if (!up || !layer_.exchanges.empty()) return cells_of_[g];
    static const std::vector<int> kNone;
    Levels levels = lattice_.groups[g].levels;
    const auto& all = Attributes(g);
    const auto at = std::find(all.begin(), all.end(), attributes[0]);
    levels[at - all.begin()] = to[0];
    const int group = Find(lattice_.groups[g].grouping, levels);
    return group < 0 ? kNone : cells_of_[group];
  }

  // How far moves between `g` and `h`, which turn all of h's attributes, bring
  // the count of g up or down.
  int64_t Reach(int g, int h, bool up, int64_t most, Used* used) const {
    const std::vector<int>& attributes = Attributes(h);
    Levels from;
    for (const int a : attributes) {
      const auto& all = Attributes(g);
      const auto at = std::find(all.begin(), all.end(), a);
      from.push_back(lattice_.groups[g].levels[at - all.begin()]);
    }
    const Levels& to = lattice_.groups[h].levels;
    const bool above =
        IsHiddenAbove(CornerGroups(Project(g, GroupingOf(h)), h));
    int64_t reach = 0;
    for (const int cell : Givers(g, attributes, to, up)) {
      if (reach >= most) break;
      const Corners corners =
          CornerCells(lattice_.cells[cell], attributes, from, to);
      reach += layer_.exchanges.empty()
                   ? MovePeople(corners, up, most - reach, used)
                   : ExchangeKinds(corners, up, above, most - reach, used);
    }
    return reach;
  }

  // A published group has at least one person, and so do the hidden ones that
  // are listed: they cannot be emptied.
  int64_t MostDown(int g) const {
    return layer_.exchanges.empty()
               ? std::min(layer_.width, layer_.people[g] - 1)
               : layer_.width;
  }

  // Reachable distance by moves that turn the attributes of `grouping` (all of
  // g's, or some of them if those groups are hidden as a whole).
  int64_t Width(int g, int grouping) const {
    Used up_used, down_used;
    int64_t up = 0, down = 0;
    const int self = Project(g, grouping);
    if (self < 0 || !result_.hidden[self]) return 0;
    for (const auto& [levels, h] : by_levels_[grouping]) {
      if (up + down >= layer_.width) break;
      if (!result_.hidden[h] || !DiffersEverywhere(self, h)) continue;
      const std::vector<int> corners = CornerGroups(self, h);
      if (corners.empty() || !AllHidden(corners)) continue;
      up += Reach(g, h, true, layer_.width - up, &up_used);
      down += Reach(g, h, false, MostDown(g) - down, &down_used);
    }
    return up + down;
  }

  int64_t Needed(int g) const {
    return layer_.whole.empty() ? layer_.width
                                : std::min(layer_.width, layer_.whole[g]);
  }

  int Project(int g, int grouping) const {
    Levels levels;
    const auto& all = Attributes(g);
    for (const int a : lattice_.groupings[grouping]) {
      const auto at = std::find(all.begin(), all.end(), a);
      if (at == all.end()) return -1;
      levels.push_back(lattice_.groups[g].levels[at - all.begin()]);
    }
    return Find(grouping, levels);
  }

  // The best of all sets of attributes. Each has to suffice by itself: moves
  // inside hidden groups do not change what all of them have together.
  bool IsProtected(int g) const {
    for (size_t k = 0; k < lattice_.groupings.size(); ++k) {
      const auto& attributes = lattice_.groupings[k];
      if (attributes.empty() || attributes.size() > Attributes(g).size()) {
        continue;
      }
      if (Width(g, static_cast<int>(k)) >= Needed(g)) return true;
    }
    return false;
  }

  // Groups that could be the other end of a rectangle, cheapest first.
  std::vector<int> Candidates(int g) const {
    std::vector<int> candidates;
    for (const auto& [levels, h] : by_levels_[lattice_.groups[g].grouping]) {
      if (DiffersEverywhere(g, h)) candidates.push_back(h);
    }
    std::stable_sort(candidates.begin(), candidates.end(), [&](int a, int b) {
      return layer_.people[a] < layer_.people[b];
    });
    if (candidates.size() > kMostCandidates) {
      // The largest are the surest, so some of them are kept.
      const size_t half = kMostCandidates / 2;
      candidates.erase(candidates.begin() + half, candidates.end() - half);
    }
    return candidates;
  }

  void Protect(int g) {
    const std::vector<int> candidates = Candidates(g);
    while (!IsProtected(g)) {
      std::vector<int> best;
      double best_score = 0;
      for (const int h : candidates) {
        const std::vector<int> corners = CornerGroups(g, h);
        if (corners.empty() || AllHidden(corners)) continue;
        Used up_used, down_used;
        const int64_t reach = std::min(
            layer_.width, Reach(g, h, true, layer_.width, &up_used) +
                              Reach(g, h, false, MostDown(g), &down_used));
        int64_t cost = 1;
        for (const int corner : corners) {
          if (!result_.hidden[corner]) cost += layer_.people[corner] + 1;
        }
        const double score =
            static_cast<double>(reach) / static_cast<double>(cost);
        if (score > best_score) {
          best_score = score;
          best = corners;
        }
      }
      if (best.empty()) return GiveUp(g);
      for (const int corner : best) {
        if (!result_.hidden[corner]) Hide(corner);
      }
    }
  }

  // Without any group that has one of g's attributes, more people can change
  // places. If that does not suffice, only what is known of everyone is left,
  // so that anybody can change with anybody; and then not even that.
  void GiveUp(int g) {
    result_.fell_back = true;
    for (size_t other = 0; other < lattice_.groups.size(); ++other) {
      if (SharesAttribute(g, static_cast<int>(other))) {
        result_.hidden[other] = 1;
      }
    }
    if (IsProtected(g)) return;
    HideAll(false);
    for (size_t g = 0; g < lattice_.groups.size(); ++g) {
      const int group = static_cast<int>(g);
      if (layer_.sensitive[g] && WidthAmongAll(group) < Needed(group) &&
          !IsProtected(group)) {
        return HideAll(true);
      }
    }
  }

  bool SharesAttribute(int g, int other) const {
    const auto& mine = Attributes(g);
    const auto& others = Attributes(other);
    return std::any_of(mine.begin(), mine.end(), [&](int a) {
      return std::find(others.begin(), others.end(), a) != others.end();
    });
  }

  int64_t WidthAmongAll(int g) const {
    if (layer_.exchanges.empty()) return layer_.people[0] - 1;
    if (Attributes(g).empty()) return 0;
    const int kinds = layer_.tables[0]->kinds;
    std::vector<int64_t> inside(kinds, 0), outside(kinds, 0);
    std::vector<uint8_t> is_inside(lattice_.cells.size(), 0);
    for (const int cell : cells_of_[g]) is_inside[cell] = 1;
    for (size_t cell = 0; cell < lattice_.cells.size(); ++cell) {
      for (int kind = 0; kind < kinds; ++kind) {
        (is_inside[cell] ? inside : outside)[kind] +=
            layer_.tables[0]->count[cell * kinds + kind];
      }
    }
    // Up and down are two other worlds: each may use everybody.
    int64_t width = 0;
    for (const bool up : {true, false}) {
      std::vector<int64_t> in = inside, out = outside;
      for (const KindExchange& e : layer_.exchanges) {
        if (e.changes_above) continue;
        const int from = up ? e.less : e.more;
        const int to = up ? e.more : e.less;
        const int64_t amount = std::min(in[from], out[to]);
        in[from] -= amount;
        out[to] -= amount;
        width += amount;
      }
    }
    return width;
  }

  const Lattice& lattice_;
  const SuppressionLayer& layer_;
  Suppression result_;
  bool stopped_ = false;                          // nothing is left to protect
  std::vector<std::map<Levels, int>> by_levels_;  // of each grouping
  std::map<Levels, int> cell_at_;
  std::vector<std::vector<int>> cells_of_;  // of each group
  // Kinds by their rows, of each table; and the numbers of rows.
  std::vector<std::map<int, std::vector<int>>> kinds_of_;
  std::vector<int> sizes_;
};

}  // namespace

Suppression Suppress(const Lattice& lattice, const SuppressionLayer& layer) {
  return Suppressor(lattice, layer).Run();
}

}  // namespace plumbline
