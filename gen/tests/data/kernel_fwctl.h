/* SPDX-License-Identifier: MIT */
/* Made up for the test of the comparison: says of fwctl what spec/fwctl.yaml expects of the kernel. */
#include <linux/ioctl.h>
#include <linux/types.h>

#define FWCTL_DEVICE_TYPE_ERROR 0
#define FWCTL_DEVICE_TYPE_MLX5 1
#define FWCTL_DEVICE_TYPE_CXL 2
#define FWCTL_DEVICE_TYPE_BNXT 3
#define FWCTL_DEVICE_TYPE_PDS 4
#define FWCTL_RPC_CONFIGURATION 0
#define FWCTL_RPC_DEBUG_READ_ONLY 1
#define FWCTL_RPC_DEBUG_WRITE 2
#define FWCTL_RPC_DEBUG_WRITE_FULL 3
#define FWCTL_BNXT_INLINE_COMMANDS 0
#define FWCTL_BNXT_QUERY_COMMANDS 1
#define FWCTL_BNXT_SEND_COMMANDS 2
#define PDS_FWCTL_QUERY_CAP 0
#define PDS_FWCTL_SEND_CAP 1

struct fwctl_info_mlx5 { __u32 uid; __u32 uctx_caps; };
struct fwctl_info_bnxt { __u32 uctx_caps; };
struct fwctl_info_pds { __u32 uctx_caps; };
struct fwctl_rpc_pds {
	struct {
		__u32 op;
		__u32 ep;
		__u32 rsvd;
		__u32 len;
		__aligned_u64 payload;
	} in;
	struct {
		__u32 retval;
		__u32 rsvd[2];
		__u32 len;
		__aligned_u64 payload;
	} out;
};
struct fwctl_info {
	__u32 size;
	__u32 flags;
	__u32 out_device_type;
	__u32 device_data_len;
	__aligned_u64 out_device_data;
};
struct fwctl_rpc {
	__u32 size;
	__u32 scope;
	__u32 in_len;
	__u32 out_len;
	__aligned_u64 in;
	__aligned_u64 out;
};

#define FWCTL_INFO _IO(0x9A, 0)
#define FWCTL_RPC _IO(0x9A, 1)
