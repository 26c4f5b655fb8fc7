#include "plumbline/report/json_place.h"

#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
std::string JsonPlace::Path() const {
  if (parent_ == nullptr) return "";
  const std::string above = parent_->Path();
  if (key_ == nullptr) return above + '[' + std::to_string(index_) + ']';
  return above.empty() ? key_ : above + '.' + key_;
}

JsonPlace JsonPlace::At(const char* key) const {
  if (!value_->is_object()) Expected("an object");
  const auto found = value_->find(key);
  if (found == value_->end()) {
    const std::string path = Path();
    throw Error(ErrorCode::kInvalidInput, Location{.file = kind_.file},
                "{}has no \"{}\"; was it written by plumbline {}?",
                path.empty() ? path : path + ' ', key, kind_.command);
  }
  return JsonPlace(&*found, this, key, 0);
}

bool JsonPlace::Has(const char* key) const {
  if (!value_->is_object()) Expected("an object");
  const auto found = value_->find(key);
  return found != value_->end() && !found->is_null();
}

std::string JsonPlace::Text(const char* key) const { return At(key).AsText(); }

std::string JsonPlace::TextOr(const char* key, const char* otherwise) const {
  return Has(key) ? Text(key) : otherwise;
}

bool JsonPlace::Truth(const char* key) const {
  const JsonPlace place = At(key);
  if (!place.value().is_boolean()) place.Expected("true or false");
  return place.value().get<bool>();
}

std::optional<double> JsonPlace::Number(const char* key) const {
  if (!Has(key)) return std::nullopt;
  return At(key).AsNumber();
}

std::optional<int64_t> JsonPlace::Count(const char* key) const {
  if (!Has(key)) return std::nullopt;
  const JsonPlace place = At(key);
  if (!place.value().is_number_integer()) {
    place.Expected("a whole number or null");
  }
  return place.value().get<int64_t>();
}

std::string JsonPlace::AsText() const {
  if (!value_->is_string()) Expected("a text");
  return CleanText(value_->get_ref<const std::string&>());
}

std::optional<double> JsonPlace::AsNumber() const {
  if (value_->is_null()) return std::nullopt;
  if (!value_->is_number()) Expected("a number or null");
  const double number = value_->get<double>();
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

void JsonPlace::Expected(const char* what) const {
  const std::string path = Path();
  const std::string found =
      Shorten(CleanText(value_->dump(
                  -1, ' ', false, nlohmann::detail::error_handler_t::replace)),
              60);
  throw Error(ErrorCode::kInvalidInput, Location{.file = kind_.file},
              "{} is {}, expected {}", path.empty() ? "the document" : path,
              found, what);
}

}  // namespace plumbline::report
