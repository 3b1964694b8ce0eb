// Rotary embedding (Su et al. 2021), rotate-half convention: element i of a head is paired with i + width / 2. The tables
// have width elements per position; the first half of the sines is negated and not read.

// Splits [N,(H+2K)d] into queries, keys and values [B,L,H,d] and rotates queries and keys. Keys and values are repeated for
// the query heads of their group. One block per token.
template <class T> __device__ void rotate(
        const compute_t* in, const float* cosines, const float* sines, T* queries, T* keys, T* values, int length,
        int heads, int kv_heads, int width) {
    int half = width / 2;
    int group = heads / kv_heads;
    index_t token = blockIdx.x;
    index_t angle = (token % length) * width;
    index_t row = token * (heads + 2 * kv_heads) * width;
    index_t out = token * heads * width;
    for (int pair = threadIdx.x; pair < (heads + 2 * kv_heads) * half; pair += blockDim.x) {
        int head = pair / half;
        int place = pair % half;
        float left = get(in, row + head * width + place);
        float right = get(in, row + head * width + place + half);
        if (head >= heads + kv_heads) {
            index_t to = out + (index_t) (head - heads - kv_heads) * group * width + place;
            for (int copy = 0; copy < group; copy++) {
                put(values, to + copy * width, left);
                put(values, to + copy * width + half, right);
            }
            continue;
        }
        float cosine = cosines[angle + place];
        float sine = sines[angle + place + half];
        float first = left * cosine - right * sine;
        float second = right * cosine + left * sine;
        if (head < heads) {
            put(queries, out + head * width + place, first);
            put(queries, out + head * width + place + half, second);
        } else {
            index_t to = out + (index_t) (head - heads) * group * width + place;
            for (int copy = 0; copy < group; copy++) {
                put(keys, to + copy * width, first);
                put(keys, to + copy * width + half, second);
            }
        }
    }
}

// Strides of a tensor [B,H,L,d]; the elements of a head are contiguous.
struct Strides {
    index_t row;
    index_t head;
    index_t position;
};

template <class T> __device__ float sum_heads(const T* gradients, index_t at, index_t stride, int count) {
    float total = 0;
    for (int head = 0; head < count; head++) {
        total += get(gradients, at + head * stride);
    }
    return total;
}

// Gradient of rotate: gradients of heads to [N,(H+2K)d]. One block per token.
template <class T> __device__ void rotate_back(
        const T* d_queries, Strides query, const T* d_keys, Strides key, const T* d_values, Strides value,
        const float* cosines, const float* sines, compute_t* out, int length, int heads, int kv_heads, int width) {
    int half = width / 2;
    int group = heads / kv_heads;
    index_t token = blockIdx.x;
    index_t row = token / length;
    index_t position = token % length;
    index_t angle = position * width;
    for (int pair = threadIdx.x; pair < (heads + 2 * kv_heads) * half; pair += blockDim.x) {
        int head = pair / half;
        int place = pair % half;
        float left;
        float right;
        if (head < heads) {
            index_t at = row * query.row + head * query.head + position * query.position + place;
            left = get(d_queries, at);
            right = get(d_queries, at + half);
        } else {
            bool is_key = head < heads + kv_heads;
            Strides strides = is_key ? key : value;
            const T* gradients = is_key ? d_keys : d_values;
            index_t first_head = (index_t) (head - heads - (is_key ? 0 : kv_heads)) * group;
            index_t at = row * strides.row + first_head * strides.head + position * strides.position + place;
            left = sum_heads(gradients, at, strides.head, group);
            right = sum_heads(gradients, at + half, strides.head, group);
        }
        bool rotated = head < heads + kv_heads;
        float cosine = rotated ? cosines[angle + place] : 1;
        float sine = rotated ? sines[angle + place + half] : 0;
        index_t to = token * (heads + 2 * kv_heads) * width + head * width + place;
        put(out, to, left * cosine + right * sine);
        put(out, to + half, right * cosine - left * sine);
    }
}

#define ROTATION(type, suffix) \
    extern "C" __global__ void rotate_##suffix( \
            const compute_t* in, const float* cosines, const float* sines, type* queries, type* keys, type* values, \
            int length, int heads, int kv_heads, int width) { \
        rotate(in, cosines, sines, queries, keys, values, length, heads, kv_heads, width); \
    } \
    extern "C" __global__ void rotate_back_##suffix( \
            const type* d_queries, index_t query_row, index_t query_head, index_t query_position, \
            const type* d_keys, index_t key_row, index_t key_head, index_t key_position, const type* d_values, \
            index_t value_row, index_t value_head, index_t value_position, const float* cosines, const float* sines, \
            compute_t* out, int length, int heads, int kv_heads, int width) { \
        rotate_back( \
                d_queries, Strides{query_row, query_head, query_position}, d_keys, \
                Strides{key_row, key_head, key_position}, d_values, Strides{value_row, value_head, value_position}, \
                cosines, sines, out, length, heads, kv_heads, width); \
    }

ROTATION(float, master)
ROTATION(compute_t, compute)
