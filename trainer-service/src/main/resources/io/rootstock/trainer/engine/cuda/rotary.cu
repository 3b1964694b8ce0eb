// Rotary positions (Su et al. 2021), rotate-half convention: value i of a head turns with value i + width / 2. Tables have
// a row of width values for each position; the sines of a row's first half are negated and not read.

// [N,(H+2K)d] to queries, keys and values of memory [B,L,H,d], the latter two repeated for the query heads that share
// them. A block for each token.
template <class T> __device__ void rotate(
        const product_t* in, const float* cosines, const float* sines, T* queries, T* keys, T* values, int length,
        int heads, int shared, int width) {
    int half = width / 2;
    int group = heads / shared;
    index_t token = blockIdx.x;
    index_t angle = (token % length) * width;
    index_t row = token * (heads + 2 * shared) * width;
    index_t out = token * heads * width;
    for (int pair = threadIdx.x; pair < (heads + 2 * shared) * half; pair += blockDim.x) {
        int head = pair / half;
        int place = pair % half;
        float left = get(in, row + head * width + place);
        float right = get(in, row + head * width + place + half);
        if (head >= heads + shared) {
            index_t to = out + (index_t) (head - heads - shared) * group * width + place;
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

// Where a tensor [B,H,L,d] has its heads; the values of one are neighbours.
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

// The reverse: gradients of heads to [N,(H+2K)d]. A block for each token.
template <class T> __device__ void rotate_back(
        const T* of_queries, Strides query, const T* of_keys, Strides key, const T* of_values, Strides value,
        const float* cosines, const float* sines, product_t* out, int length, int heads, int shared, int width) {
    int half = width / 2;
    int group = heads / shared;
    index_t token = blockIdx.x;
    index_t row = token / length;
    index_t position = token % length;
    index_t angle = position * width;
    for (int pair = threadIdx.x; pair < (heads + 2 * shared) * half; pair += blockDim.x) {
        int head = pair / half;
        int place = pair % half;
        float left;
        float right;
        if (head < heads) {
            index_t at = row * query.row + head * query.head + position * query.position + place;
            left = get(of_queries, at);
            right = get(of_queries, at + half);
        } else {
            bool is_key = head < heads + shared;
            Strides strides = is_key ? key : value;
            const T* gradients = is_key ? of_keys : of_values;
            index_t first_head = (index_t) (head - heads - (is_key ? 0 : shared)) * group;
            index_t at = row * strides.row + first_head * strides.head + position * strides.position + place;
            left = sum_heads(gradients, at, strides.head, group);
            right = sum_heads(gradients, at + half, strides.head, group);
        }
        bool turned = head < heads + shared;
        float cosine = turned ? cosines[angle + place] : 1;
        float sine = turned ? sines[angle + place + half] : 0;
        index_t to = token * (heads + 2 * shared) * width + head * width + place;
        put(out, to, left * cosine + right * sine);
        put(out, to + half, right * cosine - left * sine);
    }
}

#define ROTATION(type, suffix) \
    extern "C" __global__ void rotate_##suffix( \
            const product_t* in, const float* cosines, const float* sines, type* queries, type* keys, type* values, \
            int length, int heads, int shared, int width) { \
        rotate(in, cosines, sines, queries, keys, values, length, heads, shared, width); \
    } \
    extern "C" __global__ void rotate_back_##suffix( \
            const type* of_queries, index_t query_row, index_t query_head, index_t query_position, \
            const type* of_keys, index_t key_row, index_t key_head, index_t key_position, const type* of_values, \
            index_t value_row, index_t value_head, index_t value_position, const float* cosines, const float* sines, \
            product_t* out, int length, int heads, int shared, int width) { \
        rotate_back( \
                of_queries, Strides{query_row, query_head, query_position}, of_keys, \
                Strides{key_row, key_head, key_position}, of_values, Strides{value_row, value_head, value_position}, \
                cosines, sines, out, length, heads, shared, width); \
    }

ROTATION(float, wide)
ROTATION(product_t, product)
