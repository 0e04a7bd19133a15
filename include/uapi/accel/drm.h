/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/* drm: generated from spec/drm.yaml by gen/; do not edit. */
#ifndef _UAPI_ACCEL_DRM_H
#define _UAPI_ACCEL_DRM_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * DOC: drm
 *
 * The ioctls of /dev/accel/accelN that the kernel's DRM core implements for each driver with GEM
 * objects: they free an object or pass one to another device as a dma-buf. A node of any DRM driver
 * returns ENOTTY for an ioctl of another type and EINVAL for an unknown number. The behaviour after
 * removal of the device depends on the driver. One that unplugs its DRM device (drm_dev_unplug)
 * returns ENODEV from every ioctl. One that only unregisters it (drm_dev_unregister), as qaic does,
 * returns ENODEV from its own ioctls, while those of this page keep working. The driver of a node
 * is shown in sysfs; the meaning of the numbers from 0x40 up depends on the driver.
 */

/* Number of the first ioctl of a driver. */
#define ACCEL_DRM_COMMAND_BASE 0x40

/* Number after the last one that an ioctl of a driver can have. */
#define ACCEL_DRM_COMMAND_END 0xa0

/* ACCEL_DRM_EXPORT_FLAGS_*: Flags of the file of an exported object. */
/* The file can be mapped for writing. */
#define ACCEL_DRM_EXPORT_FLAGS_WRITABLE 0x2
/* The file is closed by execve(). */
#define ACCEL_DRM_EXPORT_FLAGS_CLOSE_ON_EXEC 0x80000

/**
 * struct accel_drm_gem_close - Object to free.
 * @handle: The object. A handle(gem).
 * @reserved: Set it to zero. Ignored.
 */
struct accel_drm_gem_close {
	__u32 handle;
	__u32 reserved;
};

/**
 * struct accel_drm_prime_export - Export of an object as a dma-buf.
 * @handle: The object. A handle(gem).
 * @flags: Flags of the file. Bits ACCEL_DRM_EXPORT_FLAGS_*.
 * @fd: File descriptor of the dma-buf; the caller closes it. Written by the kernel.
 */
struct accel_drm_prime_export {
	__u32 handle;
	__u32 flags;
	__s32 fd;
};

/**
 * struct accel_drm_prime_import - Import of a dma-buf as an object.
 * @handle: The object; the existing one if the dma-buf was imported before. Written by the kernel.
 *   A handle(gem).
 * @flags: Set it to zero. Ignored.
 * @fd: File descriptor of the dma-buf.
 */
struct accel_drm_prime_import {
	__u32 handle;
	__u32 flags;
	__s32 fd;
};

/* Free an object. Its memory is freed when neither the device nor a mapping uses it any more. */
#define ACCEL_DRM_IOCTL_GEM_CLOSE _IOW('d', 0x09, struct accel_drm_gem_close)

/* Export an object as a dma-buf. */
#define ACCEL_DRM_IOCTL_PRIME_EXPORT _IOWR('d', 0x2d, struct accel_drm_prime_export)

/* Import a dma-buf as an object. */
#define ACCEL_DRM_IOCTL_PRIME_IMPORT _IOWR('d', 0x2e, struct accel_drm_prime_import)

#ifdef __cplusplus
#define _ACCEL_UAPI_ASSERT static_assert
#else
#define _ACCEL_UAPI_ASSERT _Static_assert
#endif
#define _ACCEL_UAPI_SIZE(type, size) \
	_ACCEL_UAPI_ASSERT(sizeof(struct type) == (size), "size of struct " #type)
#define _ACCEL_UAPI_OFFSET(type, member, offset) \
	_ACCEL_UAPI_ASSERT(__builtin_offsetof(struct type, member) == (offset), #type ", " #member)
_ACCEL_UAPI_SIZE(accel_drm_gem_close, 8);
_ACCEL_UAPI_OFFSET(accel_drm_gem_close, handle, 0);
_ACCEL_UAPI_OFFSET(accel_drm_gem_close, reserved, 4);
_ACCEL_UAPI_SIZE(accel_drm_prime_export, 12);
_ACCEL_UAPI_OFFSET(accel_drm_prime_export, handle, 0);
_ACCEL_UAPI_OFFSET(accel_drm_prime_export, flags, 4);
_ACCEL_UAPI_OFFSET(accel_drm_prime_export, fd, 8);
_ACCEL_UAPI_SIZE(accel_drm_prime_import, 12);
_ACCEL_UAPI_OFFSET(accel_drm_prime_import, handle, 0);
_ACCEL_UAPI_OFFSET(accel_drm_prime_import, flags, 4);
_ACCEL_UAPI_OFFSET(accel_drm_prime_import, fd, 8);
#undef _ACCEL_UAPI_OFFSET
#undef _ACCEL_UAPI_SIZE
#undef _ACCEL_UAPI_ASSERT

#endif
