/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* fwctl: generated from spec/fwctl.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_FWCTL_H
#define _UAPI_ACCEL_FWCTL_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: fwctl
 *
 * A node /dev/fwctl/fwctlN passes calls of a program to the firmware of one device. The kernel
 * validates the scope of a call, the firmware its content. A structure begins with its size as the
 * caller knows it; the part that the kernel does not know must be zero. Needs Linux 6.15 or newer.
 */

/* Most bytes of a request or an answer that the kernel accepts (rpc); not in its header. */
#define ACCEL_FWCTL_MAX_MESSAGE 0x200000

/**
 * enum accel_fwctl_device_type - Format of the messages; it determines the content of
 *   out-device-data.
 * @ACCEL_FWCTL_DEVICE_TYPE_ERROR: Not used by any device.
 * @ACCEL_FWCTL_DEVICE_TYPE_MLX5: NVIDIA ConnectX and BlueField.
 * @ACCEL_FWCTL_DEVICE_TYPE_CXL: Features of the mailbox of CXL memory devices.
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
 * enum accel_fwctl_scope - What a call may access. Each scope includes the narrower ones before it.
 * @ACCEL_FWCTL_SCOPE_CONFIGURATION: Read and change settings; the device stays in a supported
 *   state.
 * @ACCEL_FWCTL_SCOPE_DEBUG_READ: Also read debug state that contains no secrets.
 * @ACCEL_FWCTL_SCOPE_DEBUG_WRITE: Also change debug state, after which the device may be in an
 *   unsupported state; taints the kernel.
 * @ACCEL_FWCTL_SCOPE_DEBUG_FULL: Also access anything else; needs CAP_SYS_RAWIO and taints the
 *   kernel.
 */
enum accel_fwctl_scope {
	ACCEL_FWCTL_SCOPE_CONFIGURATION = 0,
	ACCEL_FWCTL_SCOPE_DEBUG_READ = 1,
	ACCEL_FWCTL_SCOPE_DEBUG_WRITE = 2,
	ACCEL_FWCTL_SCOPE_DEBUG_FULL = 3,
};

/* ACCEL_FWCTL_BNXT_CAPABILITY_*: Kinds of commands that the bnxt driver accepts. */
/* Commands with their data in the message. */
#define ACCEL_FWCTL_BNXT_CAPABILITY_INLINE 0x1
/* Commands that only read. */
#define ACCEL_FWCTL_BNXT_CAPABILITY_QUERY 0x2
/* Commands that change something. */
#define ACCEL_FWCTL_BNXT_CAPABILITY_SEND 0x4

/* ACCEL_FWCTL_PDS_CAPABILITY_*: Capabilities of the firmware of a pds device. */
/* It can report its commands. */
#define ACCEL_FWCTL_PDS_CAPABILITY_QUERY 0x1
/* It accepts commands. */
#define ACCEL_FWCTL_PDS_CAPABILITY_SEND 0x2

/**
 * struct accel_fwctl_info_mlx5 - Device data of an mlx5 device.
 * @uid: User context in the firmware that belongs to the open file; the driver adds it to each
 *   command.
 * @uctx_caps: Capabilities of that context, as defined in the manual of the device.
 */
struct accel_fwctl_info_mlx5 {
	__u32 uid;
	__u32 uctx_caps;
};

/**
 * struct accel_fwctl_info_bnxt - Device data of a bnxt device.
 * @uctx_caps: Commands that it accepts. Bits ACCEL_FWCTL_BNXT_CAPABILITY_*.
 */
struct accel_fwctl_info_bnxt {
	__u32 uctx_caps;
};

/**
 * struct accel_fwctl_info_pds - Device data of a pds device.
 * @uctx_caps: Capabilities of its firmware. Bits ACCEL_FWCTL_PDS_CAPABILITY_*.
 */
struct accel_fwctl_info_pds {
	__u32 uctx_caps;
};

/**
 * struct accel_fwctl_info - Identity of the device; argument of the ioctl info.
 * @size: Bytes of this structure as the caller knows it. In bytes.
 * @flags: Must be zero. Checked.
 * @out_device_type: Format of the messages. Written by the kernel. One of enum
 *   accel_fwctl_device_type.
 * @device_data_len: Room for out-device-data, may be 0; written: bytes of the kernel's data, which
 *   may be more or fewer. In bytes.
 * @out_device_data: Room for the device data; the kernel fills all of it, with zeros at the end.
 *   The address of @device_data_len bytes.
 */
struct accel_fwctl_info {
	__u32 size;
	__u32 flags;
	__u32 out_device_type;
	__u32 device_data_len;
	__aligned_u64 out_device_data;
};

/**
 * struct accel_fwctl_rpc - One call and its answer; argument of the ioctl rpc.
 * @size: Bytes of this structure as the caller knows it. In bytes.
 * @scope: Scope of the call. One of enum accel_fwctl_scope.
 * @in_len: Bytes of the request, at most max-message. In bytes. At most 0x200000.
 * @out_len: Room for the answer, at most max-message; written: bytes of the answer. In bytes. At
 *   most 0x200000.
 * @in: The request, in the format of the specification of the device. The address of @in_len bytes.
 * @out: Room for the answer, which includes the firmware's report of a failure. The address of
 *   @out_len bytes.
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
 * struct accel_fwctl_pds_request - Request to the firmware of a pds device; the first part of
 *   pds-rpc.
 * @op: The command.
 * @ep: Endpoint of the firmware that executes it.
 * @reserved: Zero.
 * @len: Bytes of the payload. In bytes.
 * @payload: Payload of the command. The address of @len bytes.
 */
struct accel_fwctl_pds_request {
	__u32 op;
	__u32 ep;
	__u32 reserved;
	__u32 len;
	__aligned_u64 payload;
};

/**
 * struct accel_fwctl_pds_answer - Answer of a pds device; the second part of pds-rpc.
 * @retval: Result of the command from the firmware. Written by the kernel.
 * @reserved: Zero.
 * @len: Room for the payload. In bytes.
 * @payload: Room for the payload of the answer. The address of @len bytes.
 */
struct accel_fwctl_pds_answer {
	__u32 retval;
	__u32 reserved[2];
	__u32 len;
	__aligned_u64 payload;
};

/**
 * struct accel_fwctl_pds_rpc - A command and its answer for a pds device; request and answer of the
 *   ioctl rpc begin with it.
 * @in: The command.
 * @out: The answer. Written by the kernel.
 */
struct accel_fwctl_pds_rpc {
	struct accel_fwctl_pds_request in;
	struct accel_fwctl_pds_answer out;
};

/* Return the identity of the device. */
#define ACCEL_FWCTL_IOCTL_INFO _IO(0x9A, 0x00) /* struct accel_fwctl_info */

/*
 * Deliver one call to the firmware and return its answer. An errno means that the call was not
 * delivered; the firmware reports its own failures in the answer.
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
