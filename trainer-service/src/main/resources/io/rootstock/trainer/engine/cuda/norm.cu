// Root-mean-square norm (Zhang and Sennrich 2019) of rows and of query and key heads.

// 1 / sqrt(mean(row^2) + epsilon).
template <class T> __device__ float inverse_rms(const T* row, int width, float epsilon) {
    float squares = 0;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float value = get(row, column);
        squares += value * value;
    }
    return 1 / sqrtf(sum(squares) / width + epsilon);
}

template <class T> __device__ float norm_row(const T* row, const float* gain, compute_t* out, int width, float epsilon) {
    float inverse = inverse_rms(row, width, epsilon);
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        put(out, column, get(row, column) * inverse * gain[column]);
    }
    return inverse;
}

// out = (d_out * gain - normed * mean(d_out * gain * normed)) / RMS + d_residual; d_residual may be null.
template <class T> __device__ void norm_row_backward(
        const compute_t* d_out, const T* row, float inverse, const float* gain, const float* d_residual, T* out,
        int width) {
    float along = 0;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        along += get(d_out, column) * gain[column] * get(row, column) * inverse;
    }
    float mean = sum(along) / width;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float value = (get(d_out, column) * gain[column] - get(row, column) * inverse * mean) * inverse;
        put(out, column, d_residual == 0 ? value : value + d_residual[column]);
    }
}

// One block per row.
extern "C" __global__ void norm_forward(
        const float* rows, const float* gain, compute_t* out, float* inverses, int width, float epsilon) {
    index_t row = (index_t) blockIdx.x * width;
    float inverse = norm_row(rows + row, gain, out + row, width, epsilon);
    if (threadIdx.x == 0) {
        inverses[blockIdx.x] = inverse;
    }
}

// One block per row; d_residual may be null.
extern "C" __global__ void norm_backward(
        const compute_t* d_out, const float* rows, const float* inverses, const float* gain, const float* d_residual,
        float* out, int width) {
    index_t row = (index_t) blockIdx.x * width;
    norm_row_backward(
            d_out + row, rows + row, inverses[blockIdx.x], gain, d_residual == 0 ? d_residual : d_residual + row,
            out + row, width);
}

// partial[chunk] = sum of d_out * normed over the chunk's rows. One thread per column and chunk.
extern "C" __global__ void norm_gain(
        const compute_t* d_out, const float* rows, const float* inverses, float* partial, int count, int width,
        int chunk) {
    index_t column = first();
    if (column >= width) {
        return;
    }
    int end = min(count, ((int) blockIdx.y + 1) * chunk);
    float total = 0;
    for (int row = blockIdx.y * chunk; row < end; row++) {
        index_t at = (index_t) row * width + column;
        total += get(d_out, at) * rows[at] * inverses[row];
    }
    partial[(index_t) blockIdx.y * width + column] = total;
}

// One block per token and head. Value heads come last and are copied.
extern "C" __global__ void head_norm_forward(
        const compute_t* in, const float* query_gain, const float* key_gain, compute_t* out, float* inverses,
        int heads, int kv_heads, int width, float epsilon) {
    int all = heads + 2 * kv_heads;
    int token = blockIdx.x / all;
    int head = blockIdx.x % all;
    index_t row = (index_t) blockIdx.x * width;
    if (head < heads + kv_heads) {
        float inverse = norm_row(in + row, head < heads ? query_gain : key_gain, out + row, width, epsilon);
        if (threadIdx.x == 0) {
            inverses[(index_t) token * (heads + kv_heads) + head] = inverse;
        }
    } else {
        for (int column = threadIdx.x; column < width; column += blockDim.x) {
            out[row + column] = in[row + column];
        }
    }
}

// One block per token and head.
extern "C" __global__ void head_norm_backward(
        const compute_t* d_out, const compute_t* in, const float* inverses, const float* query_gain,
        const float* key_gain, compute_t* out, int heads, int kv_heads, int width) {
    int all = heads + 2 * kv_heads;
    int token = blockIdx.x / all;
    int head = blockIdx.x % all;
    index_t row = (index_t) blockIdx.x * width;
    if (head < heads + kv_heads) {
        float inverse = inverses[(index_t) token * (heads + kv_heads) + head];
        const float* gain = head < heads ? query_gain : key_gain;
        norm_row_backward(d_out + row, in + row, inverse, gain, (const float*) 0, out + row, width);
    } else {
        for (int column = threadIdx.x; column < width; column += blockDim.x) {
            out[row + column] = d_out[row + column];
        }
    }
}

// norm_gain for heads: sums over the tokens of a chunk and the heads first_head..first_head+head_count-1.
extern "C" __global__ void head_norm_gain(
        const compute_t* d_out, const compute_t* in, const float* inverses, float* partial, int tokens, int first_head,
        int head_count, int all, int normed, int width, int chunk) {
    index_t column = first();
    if (column >= width) {
        return;
    }
    int end = min(tokens, ((int) blockIdx.y + 1) * chunk);
    float total = 0;
    for (int token = blockIdx.y * chunk; token < end; token++) {
        for (int head = first_head; head < first_head + head_count; head++) {
            index_t at = ((index_t) token * all + head) * width + column;
            total += get(d_out, at) * get(in, at) * inverses[(index_t) token * normed + head];
        }
    }
    partial[(index_t) blockIdx.y * width + column] = total;
}
