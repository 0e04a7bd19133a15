// SPDX-License-Identifier: MIT
// The list of providers. A new one needs a line here and a line in providers/CMakeLists.txt.
#include "capi/providers.hpp"

#include "providers/idxd/idxd.hpp"
#include "providers/null/null.hpp"
#include "providers/qaic/qaic.hpp"
#include "providers/soft/soft.hpp"

namespace accel::core::capi {

namespace {

constexpr const Provider *kProviders[] = {
	&soft::kProvider,
	&idxd::kProvider,
	&qaic::kProvider,
	&null::kProvider,
};

} // namespace

ProviderList providers()
{
	return kProviders;
}

} // namespace accel::core::capi
