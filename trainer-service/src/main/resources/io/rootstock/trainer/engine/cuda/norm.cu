// Root-mean-square norm (Zhang and Sennrich 2019) of rows, and of the heads of queries and keys.

// A row's mean of squares to one over its root.
template <class T> __device__ float inverse_rms(const T* row, int width, float epsilon) {
    float squares = 0;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float value = get(row, column);
        squares += value * value;
    }
    return 1 / sqrtf(sum(squares) / width + epsilon);
}

template <class T> __device__ float norm_row(const T* row, const float* gain, product_t* out, int width, float epsilon) {
    float inverse = inverse_rms(row, width, epsilon);
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        put(out, column, get(row, column) * inverse * gain[column]);
    }
    return inverse;
}

// (gradient * gain - normed * mean(gradient * gain * normed)) / rms, and what came past the norm.
template <class T> __device__ void norm_row_backward(
        const product_t* given, const T* row, float inverse, const float* gain, const float* past, T* out, int width) {
    float along = 0;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        along += get(given, column) * gain[column] * get(row, column) * inverse;
    }
    float mean = sum(along) / width;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float value = (get(given, column) * gain[column] - get(row, column) * inverse * mean) * inverse;
        put(out, column, past == 0 ? value : value + past[column]);
    }
}

// A block for each row.
extern "C" __global__ void norm_forward(
        const float* rows, const float* gain, product_t* out, float* inverses, int width, float epsilon) {
    index_t row = (index_t) blockIdx.x * width;
    float inverse = norm_row(rows + row, gain, out + row, width, epsilon);
    if (threadIdx.x == 0) {
        inverses[blockIdx.x] = inverse;
    }
}

// A block for each row; past may be null.
extern "C" __global__ void norm_backward(
        const product_t* given, const float* rows, const float* inverses, const float* gain, const float* past,
        float* out, int width) {
    index_t row = (index_t) blockIdx.x * width;
    norm_row_backward(
            given + row, rows + row, inverses[blockIdx.x], gain, past == 0 ? past : past + row, out + row, width);
}

// partial[chunk] = the sum over the chunk's rows of gradient * normed; a thread for each column of each chunk.
extern "C" __global__ void norm_gain(
        const product_t* given, const float* rows, const float* inverses, float* partial, int count, int width,
        int chunk) {
    index_t column = first();
    if (column >= width) {
        return;
    }
    int end = min(count, ((int) blockIdx.y + 1) * chunk);
    float total = 0;
    for (int row = blockIdx.y * chunk; row < end; row++) {
        index_t at = (index_t) row * width + column;
        total += get(given, at) * rows[at] * inverses[row];
    }
    partial[(index_t) blockIdx.y * width + column] = total;
}

// A block for each head of each token, heads of values last: those are copied.
extern "C" __global__ void head_norm_forward(
        const product_t* in, const float* query_gain, const float* key_gain, product_t* out, float* inverses,
        int heads, int shared, int width, float epsilon) {
    int all = heads + 2 * shared;
    int token = blockIdx.x / all;
    int head = blockIdx.x % all;
    index_t row = (index_t) blockIdx.x * width;
    if (head < heads + shared) {
        float inverse = norm_row(in + row, head < heads ? query_gain : key_gain, out + row, width, epsilon);
        if (threadIdx.x == 0) {
            inverses[(index_t) token * (heads + shared) + head] = inverse;
        }
    } else {
        for (int column = threadIdx.x; column < width; column += blockDim.x) {
            out[row + column] = in[row + column];
        }
    }
}

// A block for each head of each token.
extern "C" __global__ void head_norm_backward(
        const product_t* given, const product_t* in, const float* inverses, const float* query_gain,
        const float* key_gain, product_t* out, int heads, int shared, int width) {
    int all = heads + 2 * shared;
    int token = blockIdx.x / all;
    int head = blockIdx.x % all;
    index_t row = (index_t) blockIdx.x * width;
    if (head < heads + shared) {
        float inverse = inverses[(index_t) token * (heads + shared) + head];
        const float* gain = head < heads ? query_gain : key_gain;
        norm_row_backward(given + row, in + row, inverse, gain, (const float*) 0, out + row, width);
    } else {
        for (int column = threadIdx.x; column < width; column += blockDim.x) {
            out[row + column] = given[row + column];
        }
    }
}

// As norm_gain, over the tokens of a chunk and these of their heads.
extern "C" __global__ void head_norm_gain(
        const product_t* given, const product_t* in, const float* inverses, float* partial, int tokens, int first_head,
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
            total += get(given, at) * get(in, at) * inverses[(index_t) token * normed + head];
        }
    }
    partial[(index_t) blockIdx.y * width + column] = total;
}
