// Runs the unmodified kernel source on the CPU with a host C++ compiler. The threads of a block are coroutines on one
// operating system thread; each runs until its next synchronization point. Blocks run one after the other. Checks only
// results: performance and errors that require concurrent threads are not visible.
#include <algorithm>
#include <bit>
#include <cmath>
#include <ucontext.h>
#include <utility>
#include <vector>

#define __device__
#define __global__
#define __shared__ static

using std::min;

struct Place {
    unsigned int x, y;
};

static Place threadIdx, blockIdx, blockDim, gridDim;

struct Turn {
    ucontext_t context;
    bool done;
    std::vector<char> stack = std::vector<char>(64 << 10);
};

static std::vector<Turn> turns(1024);
static ucontext_t others;
static void (*body)(void**);
static void** arguments_now;
static double exchanged[1024]; // holds a float32 exactly

static void __syncthreads() { swapcontext(&turns[threadIdx.x].context, &others); }

template <class T> T __shfl_xor_sync(unsigned int, T value, int distance) {
    exchanged[threadIdx.x] = value;
    __syncthreads();
    T other = (T) exchanged[threadIdx.x ^ distance];
    __syncthreads();
    return other;
}

static float __uint_as_float(unsigned int bits) { return std::bit_cast<float>(bits); }
static float __int_as_float(int bits) { return std::bit_cast<float>(bits); }
static unsigned int __float_as_uint(float value) { return std::bit_cast<unsigned int>(value); }

static void turn() {
    body(arguments_now);
    turns[threadIdx.x].done = true; // returns to run_block through uc_link
}

static void run_block() {
    for (unsigned int thread = 0; thread < blockDim.x; thread++) {
        Turn& one = turns[thread];
        one.done = false;
        getcontext(&one.context);
        one.context.uc_stack.ss_sp = one.stack.data();
        one.context.uc_stack.ss_size = one.stack.size();
        one.context.uc_link = &others;
        makecontext(&one.context, turn, 0);
    }
    for (bool waiting = true; waiting;) {
        waiting = false;
        for (unsigned int thread = 0; thread < blockDim.x; thread++) {
            if (!turns[thread].done) {
                threadIdx = {thread, 0};
                swapcontext(&others, &turns[thread].context);
                waiting = true;
            }
        }
    }
}

template <class... A, std::size_t... I>
void call(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
    kernel(*(A*) arguments[I]...);
}

template <class... A> void unpack(void (*kernel)(A...), void** arguments) {
    call(kernel, arguments, std::index_sequence_for<A...>());
}

static int launch(void (*kernel)(void**), int grid_x, int grid_y, int threads, void** arguments) {
    gridDim = {(unsigned int) grid_x, (unsigned int) grid_y};
    blockDim = {(unsigned int) threads, 1};
    body = kernel;
    arguments_now = arguments;
    for (unsigned int y = 0; y < gridDim.y; y++) {
        for (unsigned int x = 0; x < gridDim.x; x++) {
            blockIdx = {x, y};
            run_block();
        }
    }
    return 0;
}

#define HOST(kernel) \
    extern "C" int host_##kernel(int grid_x, int grid_y, int threads, void** arguments) { \
        return launch([](void** given) { unpack(kernel, given); }, grid_x, grid_y, threads, arguments); \
    }
