// Gradient norm, clipping and AdamW (Loshchilov and Hutter 2019) on one flat buffer.

// partial[block] = the sum of the block's squares.
extern "C" __global__ void squares(const float* values, double* partial, index_t count) {
    double total = 0;
    for (index_t index = first(); index < count; index += step()) {
        total += (double) values[index] * values[index];
    }
    total = join<Sum>(total, 0.0);
    if (threadIdx.x == 0) {
        partial[blockIdx.x] = total;
    }
}

// total = the sum of the partial sums, one block.
extern "C" __global__ void sum_partials(const double* partial, int count, double* total) {
    double sum = 0;
    for (int index = threadIdx.x; index < count; index += blockDim.x) {
        sum += partial[index];
    }
    sum = join<Sum>(sum, 0.0);
    if (threadIdx.x == 0) {
        *total = sum;
    }
}

// Whether to update and by what the gradient is divided, without the host. settings: the clip, the largest loss that is
// believed, and the factor that makes a mean of the sum of losses. decision: 1 or 0, and the divisor. One thread.
extern "C" __global__ void decide(
        const double* squares, const double* loss, const double* settings, double* decision) {
    if (threadIdx.x != 0) {
        return;
    }
    double norm = sqrt(*squares);
    double mean = *loss * settings[2];
    // a comparison with what is not a number is false, and the largest double is finite
    bool finite = norm <= 1.7976931348623157e308 && mean >= -1.7976931348623157e308 && mean <= 1.7976931348623157e308;
    decision[0] = finite && mean <= settings[1] ? 1 : 0;
    decision[1] = norm > settings[0] ? norm / settings[0] : 1;
}

// settings: rate, beta1, beta2, epsilon, weight decay, 1 - beta1^t, 1 - beta2^t. Values before matrix_count decay. products
// is the weights' copy for matrix products, or null where the weights are that.
extern "C" __global__ void adamw(
        float* weights, product_t* products, const float* gradients, float* first_moments, float* second_moments,
        index_t count, index_t matrix_count, const double* settings, const double* decision) {
    if (decision[0] == 0) {
        return;
    }
    float beta1 = (float) settings[1];
    float beta2 = (float) settings[2];
    float epsilon = (float) settings[3];
    float decay = (float) (1 - settings[0] * settings[4]);
    float pace = (float) (settings[0] / settings[5]);
    float root = (float) sqrt(settings[6]);
    float divisor = (float) decision[1];
    for (index_t index = first(); index < count; index += step()) {
        float gradient = gradients[index] / divisor;
        float momentum = beta1 * first_moments[index] + (1 - beta1) * gradient;
        float variance = beta2 * second_moments[index] + (1 - beta2) * gradient * gradient;
        float weight = index < matrix_count ? weights[index] * decay : weights[index];
        weight -= pace * momentum / (sqrtf(variance) / root + epsilon);
        first_moments[index] = momentum;
        second_moments[index] = variance;
        weights[index] = weight;
        if (products != 0) {
            put(products, index, weight);
        }
    }
}
