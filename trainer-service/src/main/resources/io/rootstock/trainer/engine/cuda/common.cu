// Definitions shared by all kernels. Arithmetic is float32. The residual stream, gains and gradients of weights have the
// master type, float32; operands of matrix products have the compute type, float32 or bfloat16. The source has no includes,
// because NVRTC finds none where only libtorch is installed. Sums over threads have a fixed order: equal inputs give
// bit-identical results.

#ifdef COMPUTE_BFLOAT16
typedef unsigned short compute_t;
#else
typedef float compute_t;
#endif

typedef long long index_t;

__device__ inline float get(const float* values, index_t index) { return values[index]; }

__device__ inline void put(float* values, index_t index, float value) { values[index] = value; }

__device__ inline float get(const unsigned short* values, index_t index) {
    return __uint_as_float((unsigned int) values[index] << 16);
}

// Rounds to the nearest bfloat16, ties to even, as PyTorch does; NaN stays NaN.
__device__ inline void put(unsigned short* values, index_t index, float value) {
    unsigned int bits = __float_as_uint(value);
    bool is_number = (bits & 0x7fffffffu) <= 0x7f800000u;
    values[index] = (unsigned short) (is_number ? (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16 : 0x7fc0u);
}

struct Sum {
    template <class T> __device__ static T of(T left, T right) { return left + right; }
};

struct Maximum {
    template <class T> __device__ static T of(T left, T right) { return left > right ? left : right; }
};

// Reduces the values of all threads of a block; all threads must call it, and each receives the result.
template <class Join, class T> __device__ T join(T value, T neutral) {
    __shared__ T warps[32];
    for (int distance = 16; distance > 0; distance /= 2) {
        value = Join::of(value, (T) __shfl_xor_sync(0xffffffffu, value, distance));
    }
    __syncthreads(); // another thread may still read the last result
    if (threadIdx.x % 32 == 0) {
        warps[threadIdx.x / 32] = value;
    }
    __syncthreads();
    value = threadIdx.x % 32 < blockDim.x / 32 ? warps[threadIdx.x % 32] : neutral;
    for (int distance = 16; distance > 0; distance /= 2) {
        value = Join::of(value, (T) __shfl_xor_sync(0xffffffffu, value, distance));
    }
    return value;
}

__device__ inline float sum(float value) { return join<Sum>(value, 0.0f); }

// First element and stride of this thread, for grid-stride loops over all elements.
__device__ inline index_t first() { return (index_t) blockIdx.x * blockDim.x + threadIdx.x; }

__device__ inline index_t step() { return (index_t) gridDim.x * blockDim.x; }
