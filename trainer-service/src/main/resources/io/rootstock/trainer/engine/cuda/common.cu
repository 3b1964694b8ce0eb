// What all kernels share. Numbers are computed in float32; the residual stream, gains and gradients of weights are stored
// as float32 ("wide"), what enters or leaves a matrix product as float32 or bfloat16 ("product"). No includes: NVRTC has
// none where only libtorch is installed. Sums over threads have a fixed order, so that the same input gives the same bits.

#ifdef PRODUCT_BFLOAT16
typedef unsigned short product_t;
#else
typedef float product_t;
#endif

typedef long long index_t;

__device__ inline float get(const float* values, index_t index) { return values[index]; }

__device__ inline void put(float* values, index_t index, float value) { values[index] = value; }

__device__ inline float get(const unsigned short* values, index_t index) {
    return __uint_as_float((unsigned int) values[index] << 16);
}

// To the nearest, ties to even, as PyTorch rounds; what is not a number stays so.
__device__ inline void put(unsigned short* values, index_t index, float value) {
    unsigned int bits = __float_as_uint(value);
    bool number = (bits & 0x7fffffffu) <= 0x7f800000u;
    values[index] = (unsigned short) (number ? (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16 : 0x7fc0u);
}

struct Sum {
    template <class T> __device__ static T of(T left, T right) { return left + right; }
};

struct Maximum {
    template <class T> __device__ static T of(T left, T right) { return left > right ? left : right; }
};

// Joins the values of all threads of a block, which all call it; each has the result.
template <class Join, class T> __device__ T join(T value, T neutral) {
    __shared__ T warps[32];
    for (int distance = 16; distance > 0; distance /= 2) {
        value = Join::of(value, (T) __shfl_xor_sync(0xffffffffu, value, distance));
    }
    __syncthreads(); // the last result may still be read
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

// This thread's first value and its step, for loops over all values with a grid of any size.
__device__ inline index_t first() { return (index_t) blockIdx.x * blockDim.x + threadIdx.x; }

__device__ inline index_t step() { return (index_t) gridDim.x * blockDim.x; }
