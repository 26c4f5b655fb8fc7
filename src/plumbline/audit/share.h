// The version of an audit's document that may be handed on: small counts
// hidden, together with whatever would give them away, and numbers rounded.
// docs/share.md says what becomes of each part.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/audit/share_plan.h"

namespace plumbline {

// What a part of the document needs to know to decide what it may say.
class ShareView {
 public:
  // All three must outlive the view.
  ShareView(const AuditInput& input, const AuditResult& result,
            const SharePlan& plan);

  const SharePlan& plan() const { return plan_; }
  const AuditResult& result() const { return result_; }

  // Positions; -1 if there is none.
  // Of what is looked for, by this score; `model` "" where one model looks.
  int Target(const std::string& target, const std::string& model) const;
  // Of an entry of the document by its keys target and, if it is there, model.
  int TargetOf(const nlohmann::ordered_json& entry) const;
  int Group(const std::string& name) const;
  int Grouping(const std::vector<std::string>& by) const;
  // The group in which an attribute is missing, -1 if there is none.
  int MissingGroup(const std::string& attribute) const;

  // Whether what `metric` is made of may be shown of a group; a metric that is
  // not known needs everything.
  bool Shows(int target, int group, const std::string& metric) const;
  // The same of every group of a grouping.
  bool ShowsAll(int target, int grouping, const std::string& metric) const;
  // Whether nothing at all is hidden for a target.
  bool ShowsAllOf(int target) const;

 private:
  const AuditInput& input_;
  const AuditResult& result_;
  const SharePlan& plan_;
  std::map<std::pair<std::string, std::string>, int> targets_;
  std::map<std::string, int> groups_;
};

// What may leave of one key of the document. A key without an entry in
// share.cc does not leave at all.
struct ShareRule {
  const char* key;
  nlohmann::ordered_json (*share)(const nlohmann::ordered_json& document,
                                  const ShareView& view);
};

// The shared version of ToJson(result, input, ...). It has a key `shared` that
// says what was hidden and which keys were removed, and the limitation PL130.
// Throws Error(kUsage) for weighted rows: another set of people that gives the
// same weighted figures need not exist.
nlohmann::ordered_json SharedAudit(const nlohmann::ordered_json& audit,
                                   const AuditInput& input,
                                   const AuditResult& result,
                                   const ShareOptions& options);

// --- For the rules (share.cc, share_verdict.cc).

// Three decimals; null stays null.
nlohmann::ordered_json SharedNumber(const nlohmann::ordered_json& number);
// The members of an object that are named, as they are.
nlohmann::ordered_json OnlyKeys(const nlohmann::ordered_json& object,
                                const std::vector<std::string>& keys);
nlohmann::ordered_json ShareGates(const nlohmann::ordered_json& document,
                                  const ShareView& view);
nlohmann::ordered_json ShareFindings(const nlohmann::ordered_json& document,
                                     const ShareView& view);
nlohmann::ordered_json ShareLimitations(const nlohmann::ordered_json& document,
                                        const ShareView& view);

}  // namespace plumbline
