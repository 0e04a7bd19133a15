/* SPDX-License-Identifier: MIT */
/* Made up for the test of the comparison: the kernel's header of the uABI tiny. */
#ifndef TINY_H
#define TINY_H

#define TINY_MAX SZ_1K
#define TINY_BROKEN 0x80000001
#define TINY_UNUSED(x) (x)

enum tiny_part { TINY_TEXT = 1, TINY_OPEN, TINY_OPENED };
enum { TINY_FAST_BIT };

struct tiny_head { __u32 type; __u32 len; };
struct tiny_text { struct tiny_head head; __u8 data[]; };
struct tiny_open { struct tiny_head head; __u32 door; __u32 pad; };
struct tiny_opened { struct tiny_head head; __u32 door; __s32 change; };
struct tiny_message { __u32 len; __u32 count; __u64 data; };
struct tiny_make {
	struct { __u32 first; __u16 words[2]; __u64 size; } inner;
	__u32 handle;
	__u32 mode;
	__u64 unused;
};
struct tiny_thing { __u32 handle; __u32 timeout; };
struct tiny_things { struct tiny_head head; __u64 data; };
struct tiny_word {
	__u32 size : 24;
	__u32 part : 8;
	__volatile__ __u8 status;
	union { __u16 level; __u16 height; };
	union {
		__u64 pattern;
		struct { __u32 low; __u32 high; };
		__u8 raw[8];
	};
};
struct tiny_old { __u32 value; };

#define TINY_TYPE 'T'
#define TINY_NR_SEND 1
#define TINY_SEND _IOWR(TINY_TYPE, TINY_NR_SEND, struct tiny_message)
#define TINY_MAKE _IOWR(TINY_TYPE, 2, struct tiny_make)
#define TINY_FREE _IOW(TINY_TYPE, 3, struct tiny_thing)
#define TINY_WAIT _IOW(TINY_TYPE, 4, struct tiny_things)

#endif
