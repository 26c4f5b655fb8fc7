#include "plumbline/audit/compare/compare_requirement.h"

#include <algorithm>
#include <string_view>

#include "plumbline/audit/metrics.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr const char* kForm =
    "A gate of compare is: METRIC non-inferior [of TARGET] [by A[xB]], for "
    "example: auroc non-inferior by sex";

struct Word {
  std::string text;
  bool quoted = false;
};

class RequirementParser {
 public:
  RequirementParser(const std::string& text,
                    const std::vector<std::string>& metrics,
                    const std::vector<std::string>& attributes)
      : text_(text), metrics_(metrics), attributes_(attributes) {
    Tokenize();
  }

  Requirement Parse() {
    Requirement requirement;
    requirement.text = text_;
    requirement.metric = MetricName();
    const Word word = Next();
    if (word.quoted || word.text != "non-inferior") {
      Fail("expected non-inferior, found {}", Shown(word));
    }
    if (Take("of")) {
      requirement.target = Next().text;
      if (requirement.target.empty()) Fail("a target is missing after \"of\"");
    }
    if (Take("by")) requirement.by = Attributes();
    if (next_ < words_.size()) {
      Fail("{} stands after the end", Shown(words_[next_]));
    }
    return requirement;
  }

 private:
  template <typename... Args>
  [[noreturn]] void Fail(fmt::format_string<Args...> format, Args&&... args) {
    throw Error(ErrorCode::kUsage, "gate `{}`: {}. {}", text_,
                fmt::vformat(format, fmt::make_format_args(args...)), kForm);
  }

  static std::string Shown(const Word& word) {
    return word.text.empty() && !word.quoted ? "the end"
                                             : '"' + word.text + '"';
  }

  void Tokenize() {
    size_t at = 0;
    while (at < text_.size()) {
      if (text_[at] == ' ' || text_[at] == '\t') {
        ++at;
      } else if (text_[at] == '"') {
        const size_t end = text_.find('"', at + 1);
        if (end == std::string::npos) Fail("a quote is not closed");
        words_.push_back({text_.substr(at + 1, end - at - 1), true});
        at = end + 1;
      } else {
        const size_t end =
            std::min(text_.find_first_of(" \t\"", at), text_.size());
        words_.push_back({text_.substr(at, end - at), false});
        at = end;
      }
    }
  }

  Word Next() { return next_ < words_.size() ? words_[next_++] : Word{}; }

  bool Take(std::string_view word) {
    if (next_ == words_.size() || words_[next_].quoted ||
        words_[next_].text != word) {
      return false;
    }
    ++next_;
    return true;
  }

  std::string MetricName() {
    const Word word = Next();
    const Metric* metric = FindMetric(word.text);
    if (metric == nullptr || std::find(metrics_.begin(), metrics_.end(),
                                       metric->name) == metrics_.end()) {
      Fail("{} is not a metric that is compared{}", Shown(word),
           DidYouMean(word.text, metrics_));
    }
    if (metric->direction != MetricDirection::kLowerIsBetter &&
        metric->direction != MetricDirection::kHigherIsBetter) {
      Fail("{} has no worse end", metric->name);
    }
    return metric->name;
  }

  bool IsAttribute(std::string_view name) const {
    return std::find(attributes_.begin(), attributes_.end(), name) !=
           attributes_.end();
  }

  // Cuts "sexxage" where known attributes are joined by an x.
  bool Cut(std::string_view word, std::vector<std::string>* by) const {
    for (const std::string& name : attributes_) {
      if (word == name) {
        by->push_back(name);
        return true;
      }
      if (!word.starts_with(name + "x")) continue;
      by->push_back(name);
      if (Cut(word.substr(name.size() + 1), by)) return true;
      by->pop_back();
    }
    return false;
  }

  std::vector<std::string> Attributes() {
    std::vector<std::string> by;
    do {
      const Word word = Next();
      if (IsAttribute(word.text)) {
        by.push_back(word.text);
      } else if (word.quoted || !Cut(word.text, &by)) {
        Fail("{} is not an attribute given with --by{}", Shown(word),
             DidYouMean(word.text, attributes_));
      }
    } while (Take("x"));
    for (size_t i = 0; i < by.size(); ++i) {
      if (std::find(by.begin(), by.begin() + i, by[i]) != by.begin() + i) {
        Fail("\"{}\" stands there twice", by[i]);
      }
    }
    return by;
  }

  const std::string& text_;
  const std::vector<std::string>& metrics_;
  const std::vector<std::string>& attributes_;
  std::vector<Word> words_;
  size_t next_ = 0;
};

}  // namespace

Requirement ParseRequirement(const std::string& text,
                             const std::vector<std::string>& metrics,
                             const std::vector<std::string>& attributes) {
  return RequirementParser(text, metrics, attributes).Parse();
}

}  // namespace plumbline
