// Gather, scatter, conversion and addition of rows.

// out[row] = in[index[row]]. One block per row.
extern "C" __global__ void gather_rows(const float* in, const int* index, float* out, int width) {
    index_t from = (index_t) index[blockIdx.x] * width;
    index_t to = (index_t) blockIdx.x * width;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        out[to + column] = in[from + column];
    }
}

// out[index[row]] = in[row]; indices are distinct. One block per row.
extern "C" __global__ void scatter_rows(const float* in, const int* index, float* out, int width) {
    index_t from = (index_t) blockIdx.x * width;
    index_t to = (index_t) index[blockIdx.x] * width;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        out[to + column] = in[from + column];
    }
}

// out[tokens[row]] += in[row], deterministically. order sorts the rows by token. One block per entry of order: the block of a
// token's first entry adds all rows of that token in order, so that no two blocks write to one row.
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

extern "C" __global__ void to_compute(const float* master, compute_t* compute, index_t count) {
    for (index_t index = first(); index < count; index += step()) {
        put(compute, index, master[index]);
    }
}

extern "C" __global__ void to_master(const compute_t* compute, float* master, index_t count) {
    for (index_t index = first(); index < count; index += step()) {
        master[index] = get(compute, index);
    }
}

extern "C" __global__ void add(const float* master, const compute_t* compute, float* out, index_t count) {
    for (index_t index = first(); index < count; index += step()) {
        out[index] = master[index] + get(compute, index);
    }
}

// partial[chunk] = sum of the chunk's rows. One thread per column and chunk.
extern "C" __global__ void sum_rows(const compute_t* rows, float* partial, int count, int width, int chunk) {
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

// out += sum of the chunks. One thread per column.
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
