#include "plumbline/face/library/library_file.h"

#include <elf.h>
#include <gelf.h>
#include <libelf.h>

#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "plumbline/base/error.h"

namespace plumbline::face {
namespace {

constexpr const char* kFactory = "_ZN7FRVT_119Interface17getImplementationEv";
constexpr const char* kManyFactory =
    "_ZN7FRVT_1N9Interface17getImplementationEv";

#if defined(__x86_64__)
constexpr int kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr int kMachine = EM_AARCH64;
#else
constexpr int kMachine = EM_NONE;
#endif

struct Closer {
  void operator()(Elf* elf) const { elf_end(elf); }
};
using ElfHandle = std::unique_ptr<Elf, Closer>;

constexpr uint64_t kWord = 2;  // bytes of a version number

// The number that will be at `address` when the library is loaded, or -1.
int NumberAt(Elf* elf, std::string_view bytes, uint64_t address) {
  size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return -1;
  for (size_t i = 0; i < count; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) == nullptr) break;
    if (segment.p_type != PT_LOAD || address < segment.p_vaddr) continue;
    const uint64_t inside = address - segment.p_vaddr;
    if (inside >= segment.p_memsz) continue;
    // What the file does not hold begins as zero.
    if (inside >= segment.p_filesz) return 0;
    if (segment.p_offset > bytes.size() ||
        bytes.size() - segment.p_offset < kWord ||
        inside > bytes.size() - segment.p_offset - kWord) {
      return -1;
    }
    uint16_t value = 0;
    std::memcpy(&value, bytes.data() + segment.p_offset + inside, sizeof value);
    return value;
  }
  return -1;
}

struct Symbols {
  std::map<std::string, GElf_Sym> defined;
  bool new_strings = false;  // some name has the new std::string
  bool old_strings = false;
  bool new_initialize = false;
  bool old_initialize = false;
};

void Note(const std::string& name, const GElf_Sym& symbol, Symbols* symbols) {
  const bool has_new = name.find("__cxx11") != std::string::npos;
  // "Ss" is the mangled name of the old one; in a parameter list after RK.
  const bool has_old = name.find("RKSs") != std::string::npos ||
                       name.starts_with("_ZNSs") || name.starts_with("_ZNKSs");
  symbols->new_strings |= has_new;
  symbols->old_strings |= has_old;
  if (name.find("10initialize") != std::string::npos) {
    symbols->new_initialize |= has_new;
    symbols->old_initialize |=
        name.find("10initializeERKSs") != std::string::npos;
  }
  if (symbol.st_shndx != SHN_UNDEF) symbols->defined[name] = symbol;
}

Symbols ReadSymbols(Elf* elf) {
  Symbols symbols;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr ||
        header.sh_type != SHT_DYNSYM || header.sh_entsize == 0) {
      continue;
    }
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) continue;
    const uint64_t count = data->d_size / sizeof(Elf64_Sym);
    for (uint64_t i = 0; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(data, static_cast<int>(i), &symbol) == nullptr) break;
      const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name != nullptr && *name != 0) Note(name, symbol, &symbols);
    }
  }
  return symbols;
}

int ReadVersion(Elf* elf, std::string_view bytes, const Symbols& symbols,
                const char* name) {
  const auto found = symbols.defined.find(name);
  if (found == symbols.defined.end()) return -1;
  return NumberAt(elf, bytes, found->second.st_value);
}

[[noreturn]] void Refuse(const std::string& name, const char* why) {
  throw Error(ErrorCode::kInvalidInput, "{}: {}", name, why);
}

ElfHandle Open(std::string_view bytes, const std::string& name) {
  if (elf_version(EV_CURRENT) == EV_NONE) {
    throw Error(ErrorCode::kInternal, "libelf is of another version");
  }
  // It does not write to what it is given to read.
  ElfHandle elf(elf_memory(const_cast<char*>(bytes.data()), bytes.size()));
  GElf_Ehdr header;
  if (elf == nullptr || elf_kind(elf.get()) != ELF_K_ELF ||
      gelf_getehdr(elf.get(), &header) == nullptr ||
      gelf_getclass(elf.get()) != ELFCLASS64 || header.e_type != ET_DYN) {
    Refuse(name, "is not a 64-bit shared library (ELF)");
  }
  if (header.e_machine != kMachine) {
    Refuse(name, "is for another kind of processor");
  }
  return elf;
}

FrvtInterface InterfaceOf(const LibraryFile& file, const std::string& name) {
  if (file.structs_major == 3 || file.api_major >= 6) {
    return FrvtInterface::kFaceIris;
  }
  if (file.api_major == 5) return FrvtInterface::kVersion5;
  if (file.api_major == 4) return FrvtInterface::kVersion4;
  throw Error(ErrorCode::kInvalidInput,
              "{}: does not say which version of the interface it has; give it "
              "with --library-interface 4, 5 or face-iris. Libraries of before "
              "2019 (version 3) cannot be loaded",
              name);
}

}  // namespace

LibraryFile ReadLibraryFile(std::string_view bytes, const std::string& name,
                            const std::string& chosen) {
  const ElfHandle elf = Open(bytes, name);
  const Symbols symbols = ReadSymbols(elf.get());
  if (symbols.defined.contains(kManyFactory)) {
    Refuse(name,
           "has NIST's one-to-many interface, which enrols people and searches "
           "for them; Plumbline loads one-to-one libraries alone");
  }
  if (!symbols.defined.contains(kFactory)) {
    Refuse(name,
           "has no FRVT_11::Interface::getImplementation(), so it is not a "
           "library for NIST's one-to-one tests");
  }
  LibraryFile file;
  const auto version = [&](const char* symbol) {
    return ReadVersion(elf.get(), bytes, symbols, symbol);
  };
  file.api_major = version("_ZN7FRVT_1117API_MAJOR_VERSIONE");
  file.api_minor = version("_ZN7FRVT_1117API_MINOR_VERSIONE");
  file.structs_major = version("_ZN4FRVT26FRVT_STRUCTS_MAJOR_VERSIONE");
  file.structs_minor = version("_ZN4FRVT26FRVT_STRUCTS_MINOR_VERSIONE");
  file.new_strings = symbols.new_initialize || symbols.old_initialize
                         ? symbols.new_initialize
                         : symbols.new_strings || !symbols.old_strings;
  file.interface =
      chosen.empty() ? InterfaceOf(file, name) : ParseFrvtInterface(chosen);
  return file;
}

}  // namespace plumbline::face
