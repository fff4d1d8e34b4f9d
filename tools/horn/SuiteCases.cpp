// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tools/horn/SuiteCases.h"

#include "frontend/saving/Json.h"
#include "tools/horn/Files.h"

#include <nlohmann/json.hpp>

namespace horn::cli {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

std::string_view status_name(Status status) {
  switch (status) {
  case Status::passed:
    return "passed";
  case Status::failed:
    return "failed";
  case Status::unsupported:
    return "unsupported";
  }
  return "";
}

/// Files stay in the suite's folder, whatever the index says.
static fs::path inside(const fs::path &folder, const std::string &name) {
  fs::path path = fs::path(name).lexically_normal();
  if (path.is_absolute() || path.empty() || *path.begin() == "..")
    throw Error({.where = folder.string(), .what = "a file outside of the suite", .found = name});
  return folder / path;
}

static void set_file(SuiteCase &test, const fs::path &folder, const std::string &name) {
  fs::path path = inside(folder, name);
  if (name.ends_with(".keras") || name.ends_with(".h5"))
    test.model = path;
  else if (name.ends_with(".safetensors"))
    test.tensors = path;
  else
    test.config = path;
}

static SuiteCase read_case(const fs::path &folder, const Json &entry) {
  SuiteCase test;
  test.name = entry.at("name");
  test.group = entry.at("group");
  test.kind = entry.at("kind");
  test.tolerance = {entry.at("rtol"), entry.at("atol")};
  // The README says so of group recurrent, too, but some of its cases were written without masks.
  test.masks_are_listed = test.group == "masking";
  const Json &files = entry.at("files");
  for (auto it = files.begin(); it != files.end(); ++it)
    set_file(test, folder, files.is_object() ? it.key() : it->get<std::string>());
  return test;
}

/// Each file of a trained model with each of its data files.
static void read_trained(const fs::path &folder, const Json &entry, std::vector<SuiteCase> &cases) {
  std::string group = entry.at("name");
  for (const Json &file : entry.at("files"))
    for (const Json &data : entry.at("cases")) {
      SuiteCase test;
      test.group = group;
      test.kind = "inference";
      std::string tensors = data.at("data"), stem = fs::path(tensors).stem();
      test.name = (fs::path(group) / file.get<std::string>() / stem).string();
      test.model = inside(folder, file);
      test.tensors = inside(folder, tensors);
      test.inputs = data.at("inputs");
      test.outputs = data.at("outputs");
      test.tolerance = {data.at("rtol"), data.at("atol")};
      if (stem.ends_with("_test") && entry.contains("metrics") &&
          entry["metrics"].contains("test_accuracy"))
        test.accuracy = entry["metrics"]["test_accuracy"];
      cases.push_back(std::move(test));
    }
}

std::vector<SuiteCase> read_suite(const fs::path &folder) {
  bool is_trained = !fs::exists(folder / "cases.json");
  fs::path index = folder / (is_trained ? "manifest.json" : "cases.json");
  if (!fs::exists(index))
    throw Error({.where = folder.string(),
                 .what = "not a suite",
                 .expected = "a folder with cases.json or manifest.json"});
  std::vector<SuiteCase> cases;
  try {
    Json json = saving::parse_json(read_text(index), index.string());
    if (is_trained)
      for (const Json &entry : json.at("models"))
        read_trained(folder, entry, cases);
    else
      for (const Json &entry : json.at("cases"))
        cases.push_back(read_case(folder, entry));
  } catch (const Json::exception &error) {
    throw Error(
        {.where = index.string(), .what = "not the index of a suite", .found = error.what()});
  }
  return cases;
}

} // namespace horn::cli
