#include "plumbline/cli/cohort_settings.h"

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/log.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/common_options.h"
#include "plumbline/cohort/guess_roles.h"
#include "plumbline/table/output_table.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

using enum OptionKind;

void Override(const Settings& settings, CohortRoles* roles) {
  for (const auto& [option, place] : {std::pair{"subject", &roles->subject},
                                      {"study", &roles->study},
                                      {"image", &roles->image},
                                      {"split", &roles->split},
                                      {"site", &roles->site},
                                      {"device", &roles->device},
                                      {"time", &roles->time},
                                      {"report", &roles->report},
                                      {"folder", &roles->folder},
                                      {"mapping", &roles->mapping}}) {
    if (settings.Has(option)) *place = settings.Text(option);
  }
  for (const auto& [option, place] : {std::pair{"label", &roles->labels},
                                      {"by", &roles->attributes},
                                      {"covariates", &roles->covariates}}) {
    if (settings.Has(option)) *place = settings.List(option);
  }
  for (const std::string& text : settings.List("bins")) {
    BinRule rule = settings.Parsed("bins", [&] { return ParseBinRule(text); });
    std::erase_if(roles->bins, [&](const BinRule& other) {
      return other.column == rule.column;
    });
    roles->bins.push_back(std::move(rule));
  }
}

// Columns of contrasts and references must be attributes, and so on: what
// cohort.toml declares has to fit what it names.
void RequireDeclaredAttributes(const Cohort& cohort) {
  const auto require = [&](const std::string& name, const std::string& group,
                           const char* where) {
    const int index = cohort.AttributeIndex(name);
    if (index < 0) {
      throw Error(ErrorCode::kUsage, "{} names \"{}\", which is no attribute{}",
                  where, name, DidYouMean(name, cohort.roles.attributes));
    }
    const auto& levels = cohort.attributes[index].levels;
    if (std::find(levels.begin(), levels.end(), group) == levels.end()) {
      throw Error(ErrorCode::kUsage,
                  "{} names \"{}\", and {} has no such "
                  "group: there {} {}",
                  where, group, name, levels.size() == 1 ? "is" : "are",
                  JoinWords(levels));
    }
  };
  for (const Contrast& contrast : cohort.roles.contrasts) {
    require(contrast.attribute, contrast.group, "a contrast");
    require(contrast.attribute, contrast.reference, "a contrast");
    if (std::find(cohort.roles.labels.begin(), cohort.roles.labels.end(),
                  contrast.label) == cohort.roles.labels.end()) {
      throw Error(
          ErrorCode::kUsage, "a contrast names \"{}\", which is no label{}",
          contrast.label, DidYouMean(contrast.label, cohort.roles.labels));
    }
  }
  for (const ReferencePopulation& reference : cohort.roles.references) {
    for (const auto& [group, share] : reference.shares) {
      require(reference.attribute, group, "a reference population");
    }
  }
}

// All columns of a table, as they stand there.
std::vector<ColumnRequest> AllColumns(const std::vector<std::string>& header) {
  std::vector<ColumnRequest> requests;
  for (const std::string& name : header) requests.push_back({name});
  return requests;
}

CohortSource ReadPacked(const Settings& settings, const std::string& file,
                        bool whole_table) {
  CohortSource source;
  source.packed = std::make_shared<const PackedCohort>(file);
  const PackedCohort& packed = *source.packed;
  source.roles = ParsePackedRoles(packed.roles_toml(), file);
  Override(settings, &source.roles);
  source.mapping_toml = settings.Has("mapping") ? ReadFile(source.roles.mapping)
                                                : packed.mapping_toml();
  source.maps =
      ParseMappingFile(source.mapping_toml,
                       settings.Has("mapping") ? source.roles.mapping : file);
  const std::string& csv = packed.table_csv();
  CsvOptions options;
  options.delimiter = ',';
  // The columns are known only after the header is read.
  const Table header = ReadCsvText(csv, file, {}, options);
  const std::vector<ColumnRequest> requests =
      CohortColumns(source.roles, source.maps, header.header(), file);
  source.table = ReadCsvText(
      csv, file, whole_table ? AllColumns(header.header()) : requests, options);
  return source;
}

CohortSource ReadTables(const Settings& settings,
                        const std::vector<std::string>& inputs,
                        bool whole_table) {
  CohortSource source;
  std::vector<std::string> tables = inputs;
  if (inputs.size() == 1 && inputs[0].ends_with(".toml")) {
    source.roles = ParseCohortFile(ReadFile(inputs[0]), inputs[0]);
    tables = source.roles.tables;
  } else {
    source.roles.folder = ".";
    const size_t slash = inputs[0].rfind('/');
    if (slash != std::string::npos) {
      source.roles.folder = inputs[0].substr(0, slash);
    }
    for (const std::string& input : inputs) {
      if (input.ends_with(".toml")) {
        throw Error(ErrorCode::kUsage,
                    "{}: a cohort file names its tables itself; give it alone",
                    input);
      }
    }
  }
  Override(settings, &source.roles);
  if (!source.roles.mapping.empty()) {
    source.mapping_toml = ReadFile(source.roles.mapping);
    source.maps = ParseMappingFile(source.mapping_toml, source.roles.mapping);
  }
  CsvOptions options = ReadCsvOptions(settings, tables);
  options.hash_sources = true;
  TableReader reader(tables, options);
  const bool says_nothing =
      source.roles.labels.empty() && source.roles.attributes.empty();
  if (says_nothing) {
    source.guessed = GuessRoles(reader.header(), &source.roles);
  }
  const std::vector<ColumnRequest> requests =
      CohortColumns(source.roles, source.maps, reader.header(), reader.name());
  source.table =
      reader.Read(whole_table ? AllColumns(reader.header()) : requests);
  return source;
}

}  // namespace

OptionGroup CohortOptions() {
  return {
      "Cohort",
      {
          {"label", kList, "COLUMN,...",
           "what is true of a row: 1, 0, -1 (uncertain) or nothing; 'y_*' "
           "takes every column that matches"},
          {"by", kList, "COLUMN,...", "attributes of people: sex, age, race"},
          {"bins", kRepeated, "COLUMN=EDGE,...",
           "intervals of a numeric attribute, such as age=0,40,60,80"},
          {"mapping", kText, "FILE",
           "which groups the values of attributes belong to (mapping.toml)"},
          {"subject", kText, "COLUMN",
           "who a row belongs to: people are counted, not images"},
          {"study", kText, "COLUMN", "which examination a row belongs to"},
          {"image", kText, "COLUMN", "path of the row's image"},
          {"folder", kText, "DIR",
           "where the images lie; else the folder of the table"},
          {"covariates", kList, "COLUMN,...",
           "what else may differ between groups: view, exposure, ward"},
          {"split", kText, "COLUMN", "train, tune, test"},
          {"site", kText, "COLUMN", "hospital"},
          {"device", kText, "COLUMN", "scanner or camera"},
          {"time", kText, "COLUMN", "year or date"},
          {"report", kText, "COLUMN",
           "text that the labels come from, or its length"},
      }};
}

OptionGroup PackingOptions() {
  return {
      "Images",
      {
          {"side", kText, "PIXELS", "side of the packed images, 16 to 4096",
           "256"},
          {"depth", kText, "8|16", "bits of a sample", "8"},
          {"colour", kText, "auto|grey|colour",
           "auto: colours if the first image has some", "auto"},
          {"resize", kText, "fit|crop|stretch",
           "fit: whole picture with black bars; crop: fills the square; "
           "stretch: sides change their proportion",
           "fit"},
          {"window", kText, "NAME",
           "DICOM values that become black and white: default (the file's own "
           "window), minmax, none, or CENTER,WIDTH in modality units",
           "default"},
      }};
}

CohortSource ReadCohort(const Settings& settings,
                        const std::vector<std::string>& inputs,
                        bool whole_table) {
  if (inputs.empty()) {
    throw Error(ErrorCode::kUsage,
                "there is no cohort; name cohort.toml, a packed file or a "
                "table");
  }
  CohortSource source = inputs.size() == 1 && IsPackedFile(inputs[0])
                            ? ReadPacked(settings, inputs[0], whole_table)
                            : ReadTables(settings, inputs, whole_table);
  source.cohort = MakeCohort(source.table, source.roles, source.maps);
  source.roles.labels = source.cohort.roles.labels;
  RequireDeclaredAttributes(source.cohort);
  return source;
}

PackOptions ReadPackOptions(const Settings& settings,
                            const PackOptions& standard) {
  PackOptions options = standard;
  if (settings.Has("side")) {
    options.side = static_cast<int>(
        settings.Integer("side", 16, 4096, "a whole number from 16 to 4096"));
  }
  if (settings.Has("depth")) {
    const std::string depth = settings.Text("depth");
    if (depth != "8" && depth != "16") {
      settings.Fail("depth", depth, "expected 8 or 16");
    }
    options.depth = depth == "8" ? 8 : 16;
  }
  if (settings.Has("colour")) {
    const std::string colour = settings.Text("colour");
    if (colour != "auto" && colour != "grey" && colour != "colour") {
      settings.Fail("colour", colour, "expected auto, grey or colour");
    }
    options.channels = colour == "auto" ? 0 : colour == "grey" ? 1 : 3;
  }
  if (settings.Has("resize")) {
    options.resize = settings.Parsed(
        "resize", [&] { return ParseResizeMode(settings.Text("resize")); });
  }
  if (settings.Has("window")) options.window = settings.Text("window");
  options.threads = ReadThreads(settings);
  return options;
}

PackInput ToPackInput(const CohortSource& source) {
  if (source.roles.image.empty()) {
    throw Error(ErrorCode::kUsage,
                "there are no images to pack; name the column of their paths "
                "(image in cohort.toml, or --image)");
  }
  PackInput input;
  input.folder = source.roles.folder;
  input.mapping_toml = source.mapping_toml;
  input.roles_toml = ToToml(source.roles);
  OutputTable table;
  table.rows = source.table.rows();
  for (const CategoricalColumn& column : source.table.categorical()) {
    table.columns.emplace_back(column);
  }
  input.table_csv = ToCsv(table, ',', CsvOptions().missing);
  // Of the rows that the flow leaves; a blank path is a row without an image.
  input.paths = ImagePaths(source.cohort);
  return input;
}

}  // namespace plumbline
