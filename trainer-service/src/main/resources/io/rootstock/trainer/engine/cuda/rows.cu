// Moving, converting and adding rows.

// out[row] = in[index[row]]; a block for each row.
extern "C" __global__ void gather_rows(const float* in, const int* index, float* out, int width) {
    index_t from = (index_t) index[blockIdx.x] * width;
    index_t to = (index_t) blockIdx.x * width;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        out[to + column] = in[from + column];
    }
}

// out[index[row]] = in[row], no row twice; a block for each row.
extern "C" __global__ void scatter_rows(const float* in, const int* index, float* out, int width) {
    index_t from = (index_t) blockIdx.x * width;
    index_t to = (index_t) index[blockIdx.x] * width;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        out[to + column] = in[from + column];
    }
}

// out[tokens[row]] += in[row]. A block for each place in the order of tokens; the first of a token's places adds all of
// its rows, in their order, so that no two blocks write to one row and the sum does not depend on timing.
extern "C" __global__ void add_rows_by_token(
        const float* in, const int* tokens, const int* order, float* out, int count, int width) {
    int place = blockIdx.x;
    int token = tokens[order[place]];
    if (place > 0 && tokens[order[place - 1]] == token) {
        return;
    }
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float total = out[(index_t) token * width + column];
        for (int same = place; same < count && tokens[order[same]] == token; same++) {
            total += in[(index_t) order[same] * width + column];
        }
        out[(index_t) token * width + column] = total;
    }
}

extern "C" __global__ void clear(float* values, index_t count) {
    for (index_t index = first(); index < count; index += step()) {
        values[index] = 0;
    }
}

extern "C" __global__ void narrow(const float* wide, product_t* product, index_t count) {
    for (index_t index = first(); index < count; index += step()) {
        put(product, index, wide[index]);
    }
}

extern "C" __global__ void widen(const product_t* product, float* wide, index_t count) {
    for (index_t index = first(); index < count; index += step()) {
        wide[index] = get(product, index);
    }
}

extern "C" __global__ void add(const float* wide, const product_t* product, float* out, index_t count) {
    for (index_t index = first(); index < count; index += step()) {
        out[index] = wide[index] + get(product, index);
    }
}

// partial[chunk] = the sum of the chunk's rows; a thread for each column of each chunk.
extern "C" __global__ void sum_rows(const product_t* rows, float* partial, int count, int width, int chunk) {
    index_t column = first();
    if (column >= width) {
        return;
    }
    int end = min(count, ((int) blockIdx.y + 1) * chunk);
    float total = 0;
    for (int row = blockIdx.y * chunk; row < end; row++) {
        total += get(rows, (index_t) row * width + column);
    }
    partial[(index_t) blockIdx.y * width + column] = total;
}

// out += the sum of the chunks; a thread for each column.
extern "C" __global__ void add_chunks(const float* partial, float* out, int chunks, int width) {
    index_t column = first();
    if (column >= width) {
        return;
    }
    float total = 0;
    for (int chunk = 0; chunk < chunks; chunk++) {
        total += partial[(index_t) chunk * width + column];
    }
    out[column] += total;
}
