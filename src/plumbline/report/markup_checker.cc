#include "plumbline/report/markup_checker.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <vector>

namespace plumbline::report {
namespace {

const std::set<std::string, std::less<>> kVoid = {"meta", "br", "link",
                                                  "img",  "hr", "input"};

class Checker {
 public:
  explicit Checker(std::string_view markup) : markup_(markup) {}

  std::string Run() {
    while (fault_.empty() && at_ < markup_.size()) {
      if (markup_[at_] == '<') {
        ReadTag();
      } else {
        ReadText();
      }
    }
    if (fault_.empty() && !open_.empty()) Fail("never closed: " + open_.back());
    for (const std::string& reference : references_) {
      if (fault_.empty() && !ids_.contains(reference)) {
        Fail("reference to no id: " + reference);
      }
    }
    return fault_;
  }

 private:
  void Fail(const std::string& what) {
    const size_t start = at_ > 60 ? at_ - 60 : 0;
    fault_ = what + " near: " + std::string(markup_.substr(start, 120));
  }

  void ReadText() {
    const size_t end = std::min(markup_.find('<', at_), markup_.size());
    // The style sheet is raw text.
    if (open_.empty() || open_.back() != "style") {
      CheckText(markup_.substr(at_, end - at_));
    }
    at_ = end;
  }

  void CheckText(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '>') return Fail("bare >");
      if (text[i] != '&') continue;
      const size_t end = text.find(';', i);
      if (end == std::string_view::npos || end - i > 8) return Fail("bare &");
    }
  }

  void ReadTag() {
    if (markup_.substr(at_).starts_with("<!DOCTYPE html>")) {
      at_ += 15;
      return;
    }
    if (markup_.substr(at_).starts_with("</")) return ReadEndTag();
    ++at_;
    const std::string name = ReadName();
    if (name.empty()) return Fail("bare <");
    while (fault_.empty()) {
      while (at_ < markup_.size() && std::isspace(Byte())) ++at_;
      if (at_ >= markup_.size()) return Fail("tag without end");
      if (markup_[at_] == '>') {
        ++at_;
        if (!kVoid.contains(name)) open_.push_back(name);
        return;
      }
      if (markup_.substr(at_).starts_with("/>")) {
        at_ += 2;
        return;
      }
      ReadAttribute();
    }
  }

  void ReadEndTag() {
    at_ += 2;
    const std::string name = ReadName();
    if (at_ >= markup_.size() || markup_[at_] != '>') return Fail("end tag");
    ++at_;
    if (open_.empty() || open_.back() != name) {
      return Fail("</" + name + "> closes " +
                  (open_.empty() ? "nothing" : open_.back()));
    }
    open_.pop_back();
  }

  void ReadAttribute() {
    const std::string name = ReadName();
    if (name.empty()) return Fail("attribute name");
    if (at_ >= markup_.size() || markup_[at_] != '=') {
      if (name != "open") Fail("attribute without value: " + name);
      return;
    }
    ++at_;
    if (at_ >= markup_.size() || markup_[at_] != '"') {
      return Fail("value without quotes: " + name);
    }
    const size_t end = markup_.find('"', at_ + 1);
    if (end == std::string_view::npos) return Fail("value without end");
    const std::string value(markup_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    if (value.find('<') != std::string::npos) return Fail("< in value");
    if (name == "id" && !ids_.insert(value).second) Fail("id twice: " + value);
    if (name == "aria-labelledby" || name == "aria-describedby") {
      references_.push_back(value);
    }
    if (name == "href" && value.starts_with('#')) {
      references_.push_back(value.substr(1));
    }
    if (value.starts_with("url(#")) {
      references_.push_back(value.substr(5, value.size() - 6));
    }
  }

  std::string ReadName() {
    const size_t start = at_;
    while (at_ < markup_.size() &&
           (std::isalnum(Byte()) || markup_[at_] == '-')) {
      ++at_;
    }
    return std::string(markup_.substr(start, at_ - start));
  }

  unsigned char Byte() const { return markup_[at_]; }

  std::string_view markup_;
  size_t at_ = 0;
  std::vector<std::string> open_;
  std::set<std::string> ids_;
  std::vector<std::string> references_;
  std::string fault_;
};

}  // namespace

std::string MarkupFault(std::string_view markup) {
  return Checker(markup).Run();
}

int Occurrences(std::string_view text, std::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

}  // namespace plumbline::report
