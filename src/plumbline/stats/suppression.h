// Which groups of a lattice must not be shown so that no small count can be
// worked out from what is shown: primary and complementary suppression.
//
// Groups are those of several groupings (everyone, each attribute, pairs, ...)
// of the same people, so that counts add up along many lines at once. Instead
// of solving for the bounds that an attacker could derive, this finds for every
// small count another set of people that gives the very same published figures
// but another count ("witness"): people who change places around a rectangle
// of hidden groups,
//
//     A1 x B1  +k  -k  A1 x B2        or, for one attribute,  A1  +k  -k  A2,
//     A2 x B1  -k  +k  A2 x B2
//
// where those who change places are of the same kind and agree in all other
// attributes. Every group outside the rectangle then holds the same people as
// before, so nothing computed from it changes: no total, rate, interval,
// p-value or curve. A count is protected when such moves reach values at least
// `width` apart. Because a witness is a set of people and not a real-valued
// table, the protection holds for an attacker who solves in integers, too.
//
// Sources: Cox, J. Am. Stat. Assoc. 75 (1980) 377-385 (complementary
// suppression, alternative tables along closed paths of hidden cells); Cox,
// J. Am. Stat. Assoc. 90 (1995) 1453-1462; Fischetti and Salazar, Management
// Science 47 (2001) 1008-1027 (sliding protection: upper minus lower bound);
// Willenborg and de Waal, Elements of Statistical Disclosure Control (2001).
#pragma once

#include <cstdint>
#include <vector>

namespace plumbline {

struct Lattice {
  // Attributes of each grouping, increasing; empty: everyone.
  std::vector<std::vector<int>> groupings;
  struct Group {
    int grouping = 0;
    std::vector<uint32_t> levels;  // one for each attribute of the grouping
  };
  std::vector<Group> groups;
  // Combinations of all attributes that occur: the level of every attribute.
  std::vector<std::vector<uint32_t>> cells;
};

// How many people of each kind there are in each cell, cells x kinds,
// row-major. People of one kind are told apart by nothing that is published of
// a group. People who are in several cells cannot change places and are left
// out.
struct MovablePeople {
  int kinds = 1;
  std::vector<int64_t> count;
  // Rows of a person of each kind. People who change groups take their rows
  // along, so that all tables must move as many people with as many rows.
  std::vector<int> rows;
};

// Two kinds between which a person can be changed, which changes the protected
// count by one.
struct KindExchange {
  int less = 0;
  int more = 0;
  // Changes what the layers above show, too: only among groups that
  // SuppressionLayer::hidden already hides.
  bool changes_above = false;
};

// One count of every group (people; positives; misses) that is either shown or
// hidden.
struct SuppressionLayer {
  // Without exchanges: the count is of people, who change groups; then all
  // tables (one for each target) must allow the same moves. With exchanges:
  // people stay where they are and change kind; one table.
  std::vector<const MovablePeople*> tables;
  std::vector<KindExchange> exchanges;

  std::vector<int64_t> people;     // of each group: what hiding it costs
  std::vector<uint8_t> sensitive;  // groups whose count must not be known
  std::vector<uint8_t> hidden;  // groups that are hidden already; may be empty
  // What the count is a part of, for a group where that is hidden, too: then it
  // is enough that the count can be anything from none to all of it. May be
  // empty.
  std::vector<int64_t> whole;
  int64_t width = 11;  // least distance of the reachable values
};

struct Suppression {
  std::vector<uint8_t> hidden;  // of each group
  // No rectangle protects some count: all groups that have one of its
  // attributes are hidden, or all groups but everyone, or everyone, too.
  bool fell_back = false;
};

// Hides every sensitive group, what lies inside it, and as many others as it
// takes. Deterministic. `lattice.groups[0]` is everyone.
Suppression Suppress(const Lattice& lattice, const SuppressionLayer& layer);

}  // namespace plumbline
