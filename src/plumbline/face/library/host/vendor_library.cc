#include "plumbline/face/library/host/vendor_library.h"

#include <cxxabi.h>
#include <dlfcn.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "plumbline/face/library/host/vendor_calls.h"

namespace plumbline::face {
namespace {

constexpr const char* kFactory = "_ZN7FRVT_119Interface17getImplementationEv";

// What each place of the table of virtual functions must be: the method and how
// its parameters begin. The first two are destructors.
struct Slot {
  const char* method;
  const char* parameters;
};
constexpr Slot kSlots4[] = {{"initialize", "std::"},
                            {"createTemplate", "std::vector<FRVT::Image"},
                            {"matchTemplates", "std::vector<unsigned char"}};
constexpr Slot kSlots5[] = {{"initialize", "std::"},
                            {"createTemplate", "std::vector<FRVT::Image"},
                            {"createTemplate", "FRVT::Image const&"},
                            {"matchTemplates", "std::vector<unsigned char"}};
constexpr Slot kSlots6[] = {{"initialize", "std::"},
                            {"createFaceTemplate", "std::vector<FRVT::Image"},
                            {"createIrisTemplate", "std::vector<FRVT::Image"},
                            {"createFaceTemplate", "FRVT::Image const&"},
                            {"matchTemplates", "std::vector<unsigned char"}};

struct Slots {
  const Slot* slot;
  int count;
};
Slots SlotsOf(FrvtInterface interface) {
  switch (interface) {
    case FrvtInterface::kVersion4:
      return {kSlots4, 3};
    case FrvtInterface::kVersion5:
      return {kSlots5, 4};
    case FrvtInterface::kFaceIris:
      break;
  }
  return {kSlots6, 5};
}

int32_t Version(void* library, const char* symbol) {
  const void* place = dlsym(library, symbol);
  if (place == nullptr) return -1;
  uint16_t value = 0;
  memcpy(&value, place, sizeof value);
  return value;
}

// False: the table has another method there.
bool CheckSlot(const void* function, const Slot& slot, int place,
               HostReport* report) {
  Dl_info found{};
  if (dladdr(function, &found) == 0 || found.dli_sname == nullptr ||
      found.dli_saddr != function) {
    return true;  // hidden
  }
  int status = 0;
  char* name = abi::__cxa_demangle(found.dli_sname, nullptr, nullptr, &status);
  if (name == nullptr) return true;
  const char* open = strchr(name, '(');
  const size_t length = strlen(slot.method);
  const bool right =
      open != nullptr && open - name >= static_cast<long>(length) &&
      strncmp(open - length, slot.method, length) == 0 &&
      strncmp(open + 1, slot.parameters, strlen(slot.parameters)) == 0;
  if (right) {
    ++report->slots_verified;
  } else {
    snprintf(report->text, sizeof report->text,
             "its table of functions has %.300s at place %d, where version "
             "%d of the interface has %s(%s...); its version numbers do not "
             "say the truth",
             name, place, static_cast<int>(report->api_major), slot.method,
             slot.parameters);
  }
  free(name);
  return right;
}

bool CheckTable(const void* object, FrvtInterface interface,
                HostReport* report) {
  const auto* table = *static_cast<const void* const* const*>(object);
  const Slots slots = SlotsOf(interface);
  for (int i = 0; i < slots.count; ++i) {
    if (!CheckSlot(table[2 + i], slots.slot[i], 2 + i, report)) return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<VendorLibrary> LoadVendorLibrary(const char* path,
                                                 FrvtInterface interface,
                                                 HostReport* report) {
  void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    snprintf(report->text, sizeof report->text, "cannot be loaded: %s",
             dlerror());
    return nullptr;
  }
  report->api_major = Version(library, "_ZN7FRVT_1117API_MAJOR_VERSIONE");
  report->api_minor = Version(library, "_ZN7FRVT_1117API_MINOR_VERSIONE");
  report->structs_major =
      Version(library, "_ZN4FRVT26FRVT_STRUCTS_MAJOR_VERSIONE");
  report->structs_minor =
      Version(library, "_ZN4FRVT26FRVT_STRUCTS_MINOR_VERSIONE");
  using Factory = std::shared_ptr<void> (*)();
  const auto factory = reinterpret_cast<Factory>(dlsym(library, kFactory));
  if (factory == nullptr) {
    snprintf(report->text, sizeof report->text,
             "has no FRVT_11::Interface::getImplementation()");
    return nullptr;
  }
  std::shared_ptr<void> object = factory();
  if (object == nullptr) {
    snprintf(report->text, sizeof report->text,
             "its getImplementation() gave nothing");
    return nullptr;
  }
  if (!CheckTable(object.get(), interface, report)) return nullptr;
  return MakeVendorCalls(std::move(object), interface);
}

}  // namespace plumbline::face
