#include "plumbline/cohort/sign_off.h"

#include "plumbline/base/base64.h"
#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/json.h"
#include "plumbline/base/text.h"
#include "plumbline/base/version.h"
#include "plumbline/cohort/toml_reader.h"

namespace plumbline {
namespace {

constexpr const char* kSchema = "plumbline.survey-signature/1";

template <typename T>
std::string HashOf(const std::vector<T>& values) {
  return Sha256({reinterpret_cast<const char*>(values.data()),
                 values.size() * sizeof(T)});
}

// Words as they are; the order of levels is that of the codes.
Json ColumnDigest(const std::string& name,
                  const std::vector<std::string>& levels,
                  const std::vector<int32_t>& codes) {
  return {
      name,
      Sha256(Json(levels).dump(-1, ' ', false, Json::error_handler_t::replace)),
      HashOf(codes)};
}

Json ColumnDigest(const CohortCovariate& column) {
  Json digest = ColumnDigest(column.name, column.levels, column.codes);
  // A missing number is one value, whatever its bits.
  std::vector<double> numbers = column.numbers;
  for (double& x : numbers) {
    if (x != x) x = -1e308;
  }
  digest.push_back(HashOf(numbers));
  return digest;
}

std::string Canonical(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string CohortPart(const Cohort& cohort) {
  CohortRoles roles = cohort.roles;
  roles.contrasts.clear();
  roles.split.clear();
  roles.mapping.clear();
  Json columns = Json::array();
  for (const CohortLabel& label : cohort.labels) {
    columns.push_back({label.name, HashOf(label.values)});
  }
  for (const CohortAttribute& attribute : cohort.attributes) {
    columns.push_back(
        ColumnDigest(attribute.name, attribute.levels, attribute.codes));
  }
  for (const CohortCovariate& covariate : cohort.covariates) {
    columns.push_back(ColumnDigest(covariate));
  }
  for (const CohortCovariate* column :
       {&cohort.site, &cohort.device, &cohort.time, &cohort.study,
        &cohort.image, &cohort.report}) {
    columns.push_back(ColumnDigest(*column));
  }
  return Sha256(
      Canonical({{"roles", ToToml(roles)},
                 {"rows", cohort.rows},
                 {"subjects", HashOf(cohort.subjects)},
                 {"names", Sha256(Canonical(Json(cohort.subject_names)))},
                 {"columns", columns}}));
}

std::string ContrastsPart(const Cohort& cohort) {
  Json list = Json::array();
  for (const Contrast& c : cohort.roles.contrasts) {
    list.push_back(
        {c.attribute, c.group, c.reference, c.label, c.metric, c.margin});
  }
  return Sha256(Canonical(list));
}

Json Unsigned(const SignOff& sign_off, const std::string& public_key) {
  Json answers = Json::array();
  for (const SurveyAnswer& a : sign_off.answers) {
    answers.push_back({{"question", a.question},
                       {"answer", a.answer},
                       {"owner", a.owner},
                       {"evidence", a.evidence}});
  }
  const CohortDigest& digest = sign_off.digest;
  return {{"schema", kSchema},
          {"plumbline", kVersion},
          {"signed_at", sign_off.signed_at},
          {"sha256",
           {{"cohort", digest.cohort},
            {"mapping", digest.mapping},
            {"split", digest.split},
            {"contrasts", digest.contrasts}}},
          {"findings", sign_off.findings},
          {"answers", answers},
          {"public_key", ToBase64(public_key)}};
}

SignOff FromJson(const Json& json) {
  SignOff sign_off;
  const Json& sha = json.at("sha256");
  sign_off.digest = {sha.at("cohort"), sha.at("mapping"), sha.at("split"),
                     sha.at("contrasts")};
  sign_off.signed_at = json.at("signed_at");
  sign_off.findings = json.at("findings").get<std::map<std::string, int>>();
  for (const Json& a : json.at("answers")) {
    sign_off.answers.push_back(
        {a.at("question"), a.at("answer"), a.at("owner"),
         a.at("evidence").get<std::vector<std::string>>()});
  }
  return sign_off;
}

}  // namespace

std::vector<SurveyAnswer> ParseAnswers(std::string_view text,
                                       const std::string& file) {
  const TomlTable document = TomlTable::Parse(text, file);
  std::vector<std::string> keys;
  for (const SurveyQuestion& question : kSurveyQuestions) {
    keys.emplace_back(question.key);
  }
  document.RequireKeys(keys);
  std::vector<SurveyAnswer> answers;
  for (const SurveyQuestion& question : kSurveyQuestions) {
    if (!document.Has(question.key)) {
      throw Error(ErrorCode::kUsage,
                  "{}: [{}] is missing: {} Give it an answer, an owner (a "
                  "role) and evidence (links)",
                  file, question.key, question.text);
    }
    const TomlTable table = document.Table(question.key);
    table.RequireKeys({"answer", "owner", "evidence"});
    SurveyAnswer answer{question.key, std::string(Trim(table.Text("answer"))),
                        std::string(Trim(table.Text("owner"))),
                        table.Texts("evidence")};
    if (answer.answer.empty()) {
      table.Fail("", "[{}] has no answer: {}", question.key, question.text);
    }
    if (answer.owner.empty()) {
      table.Fail("",
                 "[{}] has no owner; name the role that stands for the answer, "
                 "such as owner = \"head of data science\"",
                 question.key);
    }
    std::erase_if(answer.evidence,
                  [](const std::string& link) { return Trim(link).empty(); });
    if (answer.evidence.empty()) {
      table.Fail("",
                 "[{}] has no evidence; name what the answer rests on, such as "
                 "evidence = [\"survey/report.html\"]",
                 question.key);
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

CohortDigest DigestOf(const Cohort& cohort, const std::string& mapping_toml) {
  return {CohortPart(cohort), Sha256(mapping_toml),
          Sha256(Canonical(ColumnDigest(cohort.split))), ContrastsPart(cohort)};
}

std::string WriteSignOff(const SignOff& sign_off, const SigningKey& key) {
  Json json = Unsigned(sign_off, key.public_key);
  json["signature"] = ToBase64(Sign(Canonical(json), key));
  return WriteJson(json);
}

ReadSignOffResult ReadSignOff(std::string_view text, const std::string& file) {
  Json json = ParseJson(text, file);
  ReadSignOffResult result;
  std::string signature;
  bool is_one = json.is_object() && json.value("schema", Json()) == kSchema;
  try {
    if (is_one) {
      signature = FromBase64(json.at("signature").get<std::string>());
      result.public_key = FromBase64(json.at("public_key").get<std::string>());
      result.sign_off = FromJson(json);
    }
  } catch (const Json::exception&) {
    is_one = false;
  }
  if (!is_one) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file},
                "is no signature of a survey; plumbline survey --sign writes "
                "one");
  }
  json.erase("signature");
  if (!IsSignedBy(Canonical(json), signature, result.public_key)) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file},
                "was changed after it was signed; survey the cohort and sign "
                "again");
  }
  return result;
}

std::vector<std::string> ChangedSince(const SignOff& sign_off,
                                      const CohortDigest& now) {
  std::vector<std::string> changed;
  const CohortDigest& then = sign_off.digest;
  if (then.cohort != now.cohort) changed.emplace_back("the cohort");
  if (then.mapping != now.mapping) changed.emplace_back("the mapping");
  if (then.split != now.split) changed.emplace_back("the split");
  if (then.contrasts != now.contrasts) {
    changed.emplace_back("the declared contrasts");
  }
  return changed;
}

}  // namespace plumbline
