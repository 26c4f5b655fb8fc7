// Reading a JSON document that somebody else wrote: a value together with the
// way to it, so that every error can say where it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plumbline/base/json.h"

namespace plumbline::report {

// What error messages call a document, and the command that writes it.
struct DocumentKind {
  const char* file = "audit.json";
  const char* command = "audit";
};

// A value in a document, `audit.json` unless said otherwise. Holds pointers:
// the document and the places above must outlive it.
//
// All readers throw Error(kInvalidInput): `audit.json: has no "groups"; was it
// written by plumbline audit?`, `audit.json: groups[3].n is "many", expected a
// whole number or null`.
class JsonPlace {
 public:
  explicit JsonPlace(const Json& root, DocumentKind kind = {})
      : kind_(kind), value_(&root) {}

  const Json& value() const { return *value_; }
  // "groups[3].metrics", "" for the document.
  std::string Path() const;

  // The member of this name, which must exist.
  JsonPlace At(const char* key) const;
  // False if there is no such member or it is null.
  bool Has(const char* key) const;

  std::string Text(const char* key) const;
  // Cleaned text (utf8.h), or `otherwise` if absent or null.
  std::string TextOr(const char* key, const char* otherwise) const;
  bool Truth(const char* key) const;
  // Null if absent, null or "inf" as some rules give it.
  std::optional<double> Number(const char* key) const;
  std::optional<int64_t> Count(const char* key) const;

  // Calls visit(JsonPlace) for each element of the list `key`, which must be
  // there.
  template <typename Visit>
  void ForEach(const char* key, Visit&& visit) const {
    const JsonPlace list = At(key);
    if (!list.value().is_array()) list.Expected("a list");
    size_t index = 0;
    for (const Json& element : list.value()) {
      visit(JsonPlace(&element, &list, nullptr, index++));
    }
  }

  // Calls visit(name, JsonPlace) for each member of this object.
  template <typename Visit>
  void ForEachMember(Visit&& visit) const {
    if (!value_->is_object()) Expected("an object");
    for (auto it = value_->begin(); it != value_->end(); ++it) {
      visit(it.key(), JsonPlace(&it.value(), this, it.key().c_str(), 0));
    }
  }

  // This value itself as cleaned text.
  std::string AsText() const;
  std::optional<double> AsNumber() const;

  [[noreturn]] void Expected(const char* what) const;

 private:
  JsonPlace(const Json* value, const JsonPlace* parent, const char* key,
            size_t index)
      : kind_(parent->kind_),
        value_(value),
        parent_(parent),
        key_(key),
        index_(index) {}

  DocumentKind kind_;
  const Json* value_;
  const JsonPlace* parent_ = nullptr;
  const char* key_ = nullptr;
  size_t index_ = 0;
};

}  // namespace plumbline::report
