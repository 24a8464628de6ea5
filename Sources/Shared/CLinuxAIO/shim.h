#pragma once

#include <errno.h>
#include <linux/aio_abi.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// The kernel's asynchronous requests (io_submit(2)), for which the C library has no functions.

static inline int gateway_aio_setup(aio_context_t *context) {
    return (int)syscall(SYS_io_setup, 1, context);
}

static inline int gateway_aio_destroy(aio_context_t context) {
    return (int)syscall(SYS_io_destroy, context);
}

// Asks to be told once, by adding 1 to the event descriptor, that `descriptor` can be read; at once when it can be
// already. Whatever was told before must have been reaped.
static inline int gateway_aio_poll(aio_context_t context, int descriptor, int event) {
    struct iocb request;
    struct iocb *requests[1] = {&request};
    memset(&request, 0, sizeof request);
    request.aio_lio_opcode = IOCB_CMD_POLL;
    request.aio_fildes = (__u32)descriptor;
    request.aio_buf = POLLIN;
    request.aio_flags = IOCB_FLAG_RESFD;
    request.aio_resfd = (__u32)event;
    return (int)syscall(SYS_io_submit, context, 1, requests);
}

// How a context's completions lie in this process's memory, for those who take them without a call
// (struct aio_ring of the kernel's fs/aio.c, as libaio reads it).
struct gateway_aio_ring {
    unsigned id, count, head, tail, magic, compatible, incompatible, header_length;
};

// Throws away what was told; does not wait.
static inline void gateway_aio_reap(aio_context_t context) {
    struct gateway_aio_ring *ring = (struct gateway_aio_ring *)context;
    struct io_event told[1];
    struct timespec none = {0, 0};
    if (ring->magic == 0xa10a10a1u && ring->incompatible == 0) {
        __atomic_store_n(&ring->head, __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE), __ATOMIC_RELEASE);
    } else {
        syscall(SYS_io_getevents, context, 0, 1, told, &none);
    }
}
