// SPDX-License-Identifier: MIT
// The list of workloads: one line for each provider with a workload.
#include "conform/workload.hpp"

#include "conform/workload_idxd.hpp"
#include "conform/workload_qaic.hpp"
#include "conform/workload_soft.hpp"

#include <cstring>

namespace accel::conform {

namespace {

const Workload *const kWorkloads[] = {&idxd_workload, &qaic_workload, &soft_workload};

} // namespace

const Workload *find_workload(const char *provider)
{
	for (const Workload *workload : kWorkloads)
		if (!std::strcmp(workload->provider, provider))
			return workload;
	return nullptr;
}

} // namespace accel::conform
