// Rules about the shared version of an audit: PL130.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

constexpr Rule kRules[] = {
    {"PL130", "Shared version: small cells hidden",
     "This is the version of the audit that is meant to be handed on "
     "(--share). "
     "Counts of 1 to 10 people (or up to what --share-minimum says) are "
     "hidden, and so are other groups, because totals, rates and intervals "
     "would otherwise give the small counts away. A hidden group need not be "
     "small.\n\n"
     "Every hidden count is protected by another set of people that gives "
     "exactly the published figures with another count. Numbers are rounded to "
     "three decimals; curves, file hashes and arguments are left out.\n\n"
     "What to do: read the private version, written without --share, for the "
     "hidden groups; to hide fewer, use fewer attributes, wider bins or "
     "--cross 1."},
};

}  // namespace

std::span<const Rule> ShareRules() { return kRules; }

}  // namespace plumbline
