#include "plumbline/stats/gate.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr const char* kForm =
    "A gate is: METRIC gap|ratio|worst [of TARGET] by A[xB] <=|>= X, for "
    "example: fnr gap by sex <= 0.05";

struct Token {
  std::string text;
  bool quoted = false;
  bool Is(std::string_view word) const { return !quoted && text == word; }
};

// Reads a gate from left to right. Attribute names are known beforehand, since
// only they tell where to cut "sexxage".
class GateParser {
 public:
  GateParser(const std::string& text, const std::vector<std::string>& metrics,
             const std::vector<std::string>& attributes)
      : text_(text), metrics_(metrics), attributes_(attributes) {
    Tokenize();
  }

  Gate Parse() {
    Gate gate;
    gate.text = text_;
    gate.metric = Metric();
    gate.kind = Kind();
    if (Peek().Is("of")) {
      Next();
      gate.target = Name("the name of a target after \"of\"");
    }
    if (!Peek().Is("by")) {
      Fail("expected \"by\" and attributes, found {}", Shown(Peek()));
    }
    Next();
    gate.by = Attributes();
    gate.relation = Relation();
    gate.limit = Limit();
    if (!AtEnd()) Fail("{} stands after the limit", Shown(Peek()));
    return gate;
  }

 private:
  template <typename... Args>
  [[noreturn]] void Fail(fmt::format_string<Args...> format, Args&&... args) {
    const std::string problem =
        fmt::vformat(format, fmt::make_format_args(args...));
    throw Error(ErrorCode::kUsage, "gate `{}`: {}{} {}", text_, problem,
                problem.ends_with('?') ? "" : ".", kForm);
  }

  static bool IsRelationCharacter(char c) {
    return c == '<' || c == '>' || c == '=' || c == '!';
  }

  void Tokenize() {
    size_t at = 0;
    const auto is_space = [](char c) {
      return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    };
    while (at < text_.size()) {
      const char c = text_[at];
      const size_t begin = at;
      if (is_space(c)) {
        ++at;
      } else if (c == '"') {
        const size_t end = text_.find('"', at + 1);
        if (end == std::string::npos) {
          Fail("the quote before {} is not closed",
               Shown({text_.substr(at + 1)}));
        }
        tokens_.push_back({text_.substr(at + 1, end - at - 1), true});
        at = end + 1;
      } else if (IsRelationCharacter(c)) {
        while (at < text_.size() && IsRelationCharacter(text_[at])) ++at;
        tokens_.push_back({text_.substr(begin, at - begin)});
      } else {
        while (at < text_.size() && !is_space(text_[at]) && text_[at] != '"' &&
               !IsRelationCharacter(text_[at])) {
          ++at;
        }
        tokens_.push_back({text_.substr(begin, at - begin)});
      }
    }
  }

  bool AtEnd() const { return next_ == tokens_.size(); }
  const Token& Peek() const {
    static const Token end;
    return AtEnd() ? end : tokens_[next_];
  }
  Token Next() {
    Token token = Peek();
    if (!AtEnd()) ++next_;
    return token;
  }

  static std::string Shown(const Token& token) {
    return token.text.empty() && !token.quoted ? "the end"
                                               : "\"" + token.text + "\"";
  }

  std::string Name(const char* what) {
    const Token token = Next();
    if (token.text.empty() ||
        (!token.quoted && IsRelationCharacter(token.text[0]))) {
      Fail("expected {}, found {}", what, Shown(token));
    }
    return token.text;
  }

  std::string Metric() {
    std::string name = Name("a metric");
    if (std::find(metrics_.begin(), metrics_.end(), name) == metrics_.end()) {
      const std::string nearest = DidYouMean(name, metrics_);
      if (!nearest.empty()) Fail("\"{}\" is not a metric{}", name, nearest);
      Fail("\"{}\" is not a metric; there are {}", name, JoinWords(metrics_));
    }
    return name;
  }

  GateKind Kind() {
    const Token token = Next();
    if (token.Is("gap")) return GateKind::kGap;
    if (token.Is("ratio")) return GateKind::kRatio;
    if (token.Is("worst")) return GateKind::kWorst;
    Fail("expected gap, ratio or worst, found {}", Shown(token));
  }

  // Cuts "sexxage" where known attributes are joined by an x.
  bool CutAtX(std::string_view word, std::vector<std::string>* parts) const {
    for (const std::string& attribute : attributes_) {
      if (attribute.empty() || !word.starts_with(attribute)) continue;
      const std::string_view rest = word.substr(attribute.size());
      parts->push_back(attribute);
      if (rest.empty()) return true;
      if (rest.front() == 'x' && CutAtX(rest.substr(1), parts)) return true;
      parts->pop_back();
    }
    return false;
  }

  bool IsAttribute(const std::string& name) const {
    return std::find(attributes_.begin(), attributes_.end(), name) !=
           attributes_.end();
  }

  std::vector<std::string> Attributes() {
    std::vector<std::string> by;
    do {
      const bool quoted = Peek().quoted;
      const std::string name = Name("an attribute");
      if (IsAttribute(name)) {
        by.push_back(name);
      } else if (quoted || !CutAtX(name, &by)) {
        FailAttribute(name);
      }
    } while (Peek().Is("x") && (Next(), true));
    for (size_t i = 0; i < by.size(); ++i) {
      if (std::find(by.begin(), by.begin() + i, by[i]) != by.begin() + i) {
        Fail("\"{}\" stands there twice", by[i]);
      }
    }
    return by;
  }

  [[noreturn]] void FailAttribute(const std::string& name) {
    if (attributes_.empty()) {
      Fail("\"{}\" is not an attribute: none is given with --by", name);
    }
    const std::string nearest = DidYouMean(name, attributes_);
    if (!nearest.empty()) {
      Fail("\"{}\" is not an attribute given with --by{}", name, nearest);
    }
    Fail("\"{}\" is not an attribute given with --by ({})", name,
         JoinWords(attributes_));
  }

  GateRelation Relation() {
    const Token token = Next();
    if (token.Is("<=")) return GateRelation::kAtMost;
    if (token.Is(">=")) return GateRelation::kAtLeast;
    Fail("expected <= or >=, found {}", Shown(token));
  }

  double Limit() {
    const Token token = Next();
    double limit = 0;
    if (token.quoted || !ParseNumber(token.text, &limit)) {
      Fail("expected a number after the relation, found {}", Shown(token));
    }
    return limit;
  }

  const std::string& text_;
  const std::vector<std::string>& metrics_;
  const std::vector<std::string>& attributes_;
  std::vector<Token> tokens_;
  size_t next_ = 0;
};

}  // namespace

Gate ParseGate(const std::string& text, const std::vector<std::string>& metrics,
               const std::vector<std::string>& attributes) {
  return GateParser(text, metrics, attributes).Parse();
}

GateOutcome JudgeGate(const Gate& gate, double lo, double hi) {
  if (std::isnan(lo) || std::isnan(hi)) return GateOutcome::kCannotTell;
  if (gate.relation == GateRelation::kAtMost) {
    if (hi <= gate.limit) return GateOutcome::kMet;
    return lo > gate.limit ? GateOutcome::kFailed : GateOutcome::kCannotTell;
  }
  if (lo >= gate.limit) return GateOutcome::kMet;
  return hi < gate.limit ? GateOutcome::kFailed : GateOutcome::kCannotTell;
}

}  // namespace plumbline
