/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* fwctl: generated from spec/fwctl.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_FWCTL_H
#define _UAPI_ACCEL_FWCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: fwctl
 *
 * A node /dev/fwctl/fwctlN carries calls between a program and the firmware of one device. The
 * kernel checks the scope of a call, the firmware its content. A structure begins with its size as
 * the caller knows it; what the kernel does not know of it must be zero. Needs Linux 6.15 or newer.
 */

/* Most bytes of a request or an answer that the kernel takes (rpc); not in its header. */
#define ACCEL_FWCTL_MAX_MESSAGE 0x200000

/**
 * enum accel_fwctl_device_type - Who made the format of the messages; what out-device-data holds
 *   depends on it.
 * @ACCEL_FWCTL_DEVICE_TYPE_ERROR: No device has it.
 * @ACCEL_FWCTL_DEVICE_TYPE_MLX5: NVIDIA ConnectX and BlueField.
 * @ACCEL_FWCTL_DEVICE_TYPE_CXL: CXL memory devices: the features of their mailbox.
 * @ACCEL_FWCTL_DEVICE_TYPE_BNXT: Broadcom NetXtreme.
 * @ACCEL_FWCTL_DEVICE_TYPE_PDS: AMD Pensando.
 */
enum accel_fwctl_device_type {
	ACCEL_FWCTL_DEVICE_TYPE_ERROR = 0,
	ACCEL_FWCTL_DEVICE_TYPE_MLX5 = 1,
	ACCEL_FWCTL_DEVICE_TYPE_CXL = 2,
	ACCEL_FWCTL_DEVICE_TYPE_BNXT = 3,
	ACCEL_FWCTL_DEVICE_TYPE_PDS = 4,
};

/**
 * enum accel_fwctl_scope - How far a call may reach. Each scope includes those before it.
 * @ACCEL_FWCTL_SCOPE_CONFIGURATION: Read and change settings; the device stays in a supported
 *   state.
 * @ACCEL_FWCTL_SCOPE_DEBUG_READ: Also read debug state that holds no secrets.
 * @ACCEL_FWCTL_SCOPE_DEBUG_WRITE: Also change debug state, which may leave the supported state;
 *   taints the kernel.
 * @ACCEL_FWCTL_SCOPE_DEBUG_FULL: Also anything else; needs CAP_SYS_RAWIO and taints the kernel.
 */
enum accel_fwctl_scope {
	ACCEL_FWCTL_SCOPE_CONFIGURATION = 0,
	ACCEL_FWCTL_SCOPE_DEBUG_READ = 1,
	ACCEL_FWCTL_SCOPE_DEBUG_WRITE = 2,
	ACCEL_FWCTL_SCOPE_DEBUG_FULL = 3,
};

/* ACCEL_FWCTL_BNXT_CAPABILITY_*: Kinds of commands that the bnxt driver lets through. */
/* Commands whose data lies in the message itself. */
#define ACCEL_FWCTL_BNXT_CAPABILITY_INLINE 0x1
/* Commands that only read. */
#define ACCEL_FWCTL_BNXT_CAPABILITY_QUERY 0x2
/* Commands that change something. */
#define ACCEL_FWCTL_BNXT_CAPABILITY_SEND 0x4

/* ACCEL_FWCTL_PDS_CAPABILITY_*: What the firmware of a pds device can be asked for. */
/* It can be asked what commands it has. */
#define ACCEL_FWCTL_PDS_CAPABILITY_QUERY 0x1
/* It can be sent commands. */
#define ACCEL_FWCTL_PDS_CAPABILITY_SEND 0x2

/**
 * struct accel_fwctl_info_mlx5 - What an mlx5 device says of itself.
 * @uid: User context in the firmware that the open file is bound to; each command gets it.
 * @uctx_caps: Capabilities of that context, as the device's manual has them.
 */
struct accel_fwctl_info_mlx5 {
	__u32 uid;
	__u32 uctx_caps;
};

/**
 * struct accel_fwctl_info_bnxt - What a bnxt device says of itself.
 * @uctx_caps: Commands that it takes. Bits ACCEL_FWCTL_BNXT_CAPABILITY_*.
 */
struct accel_fwctl_info_bnxt {
	__u32 uctx_caps;
};

/**
 * struct accel_fwctl_info_pds - What a pds device says of itself.
 * @uctx_caps: What its firmware can be asked for. Bits ACCEL_FWCTL_PDS_CAPABILITY_*.
 */
struct accel_fwctl_info_pds {
	__u32 uctx_caps;
};

/**
 * struct accel_fwctl_info - What the device is: argument of the ioctl info.
 * @size: Bytes of this structure as the caller knows it. In bytes.
 * @flags: Must be zero. Checked.
 * @out_device_type: Who made the format of the messages. Written by the kernel. One of enum
 *   accel_fwctl_device_type.
 * @device_data_len: Room for out-device-data, may be 0; written: bytes that the kernel has, which
 *   may be more or fewer. In bytes.
 * @out_device_data: Room for what the device says of itself; the kernel fills all of it, with zeros
 *   at the end. The address of @device_data_len bytes.
 */
struct accel_fwctl_info {
	__u32 size;
	__u32 flags;
	__u32 out_device_type;
	__u32 device_data_len;
	__aligned_u64 out_device_data;
};

/**
 * struct accel_fwctl_rpc - One call and its answer: argument of the ioctl rpc.
 * @size: Bytes of this structure as the caller knows it. In bytes.
 * @scope: The scope that the call needs. One of enum accel_fwctl_scope.
 * @in_len: Bytes of the request, at most max-message. In bytes. At most 0x200000.
 * @out_len: Room for the answer, at most max-message; written: bytes of the answer. In bytes. At
 *   most 0x200000.
 * @in: The request, as the device's own specification has it. The address of @in_len bytes.
 * @out: Room for the answer, in which the firmware also says if it failed. The address of @out_len
 *   bytes.
 */
struct accel_fwctl_rpc {
	__u32 size;
	__u32 scope;
	__u32 in_len;
	__u32 out_len;
	__aligned_u64 in;
	__aligned_u64 out;
};

/**
 * struct accel_fwctl_pds_request - What the firmware of a pds device is asked for: the first part
 *   of pds-rpc.
 * @op: The command.
 * @ep: The part of the firmware that it is for.
 * @reserved: Zero.
 * @len: Bytes of the payload. In bytes.
 * @payload: What goes with the command. The address of @len bytes.
 */
struct accel_fwctl_pds_request {
	__u32 op;
	__u32 ep;
	__u32 reserved;
	__u32 len;
	__aligned_u64 payload;
};

/**
 * struct accel_fwctl_pds_answer - Where the answer of a pds device goes: the second part of
 *   pds-rpc.
 * @retval: What the firmware says of the command. Written by the kernel.
 * @reserved: Zero.
 * @len: Room for the payload. In bytes.
 * @payload: Room for what comes back. The address of @len bytes.
 */
struct accel_fwctl_pds_answer {
	__u32 retval;
	__u32 reserved[2];
	__u32 len;
	__aligned_u64 payload;
};

/**
 * struct accel_fwctl_pds_rpc - A command and its answer for a pds device: request and answer of the
 *   ioctl rpc begin with it.
 * @in: The command.
 * @out: The answer. Written by the kernel.
 */
struct accel_fwctl_pds_rpc {
	struct accel_fwctl_pds_request in;
	struct accel_fwctl_pds_answer out;
};

/* Say what the device is. */
#define ACCEL_FWCTL_IOCTL_INFO _IO(0x9A, 0x00) /* struct accel_fwctl_info */

/*
 * Deliver one call to the firmware and return its answer. An errno says that it was not delivered;
 * what the firmware itself thinks of it stands in the answer.
 */
#define ACCEL_FWCTL_IOCTL_RPC _IO(0x9A, 0x01) /* struct accel_fwctl_rpc */

#ifdef __cplusplus
#define _ACCEL_UAPI_ASSERT static_assert
#else
#define _ACCEL_UAPI_ASSERT _Static_assert
#endif
#define _ACCEL_UAPI_SIZE(type, size) \
	_ACCEL_UAPI_ASSERT(sizeof(struct type) == (size), "size of struct " #type)
#define _ACCEL_UAPI_OFFSET(type, member, offset) \
	_ACCEL_UAPI_ASSERT(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
_ACCEL_UAPI_SIZE(accel_fwctl_info_mlx5, 8);
_ACCEL_UAPI_OFFSET(accel_fwctl_info_mlx5, uid, 0);
_ACCEL_UAPI_OFFSET(accel_fwctl_info_mlx5, uctx_caps, 4);
_ACCEL_UAPI_SIZE(accel_fwctl_info_bnxt, 4);
_ACCEL_UAPI_OFFSET(accel_fwctl_info_bnxt, uctx_caps, 0);
_ACCEL_UAPI_SIZE(accel_fwctl_info_pds, 4);
_ACCEL_UAPI_OFFSET(accel_fwctl_info_pds, uctx_caps, 0);
_ACCEL_UAPI_SIZE(accel_fwctl_info, 24);
_ACCEL_UAPI_OFFSET(accel_fwctl_info, size, 0);
_ACCEL_UAPI_OFFSET(accel_fwctl_info, flags, 4);
_ACCEL_UAPI_OFFSET(accel_fwctl_info, out_device_type, 8);
_ACCEL_UAPI_OFFSET(accel_fwctl_info, device_data_len, 12);
_ACCEL_UAPI_OFFSET(accel_fwctl_info, out_device_data, 16);
_ACCEL_UAPI_SIZE(accel_fwctl_rpc, 32);
_ACCEL_UAPI_OFFSET(accel_fwctl_rpc, size, 0);
_ACCEL_UAPI_OFFSET(accel_fwctl_rpc, scope, 4);
_ACCEL_UAPI_OFFSET(accel_fwctl_rpc, in_len, 8);
_ACCEL_UAPI_OFFSET(accel_fwctl_rpc, out_len, 12);
_ACCEL_UAPI_OFFSET(accel_fwctl_rpc, in, 16);
_ACCEL_UAPI_OFFSET(accel_fwctl_rpc, out, 24);
_ACCEL_UAPI_SIZE(accel_fwctl_pds_request, 24);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_request, op, 0);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_request, ep, 4);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_request, reserved, 8);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_request, len, 12);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_request, payload, 16);
_ACCEL_UAPI_SIZE(accel_fwctl_pds_answer, 24);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_answer, retval, 0);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_answer, reserved, 4);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_answer, len, 12);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_answer, payload, 16);
_ACCEL_UAPI_SIZE(accel_fwctl_pds_rpc, 48);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_rpc, in, 0);
_ACCEL_UAPI_OFFSET(accel_fwctl_pds_rpc, out, 24);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
