// Gradient norm, clipping and AdamW (Loshchilov and Hutter 2019) on flat buffers.

// partial[block] = sum of the squares of the block's elements.
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

// total = sum(partial). One block.
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

// Decides whether to update, without the host. settings: maximum gradient norm, maximum mean loss, factor from the summed to
// the mean loss. decision: 1 or 0, and the gradient divisor. One thread.
extern "C" __global__ void decide(
        const double* squares, const double* loss, const double* settings, double* decision) {
    if (threadIdx.x != 0) {
        return;
    }
    double norm = sqrt(*squares);
    double mean = *loss * settings[2];
    // comparisons with NaN are false; the bound is the largest finite double
    bool finite = norm <= 1.7976931348623157e308 && mean >= -1.7976931348623157e308 && mean <= 1.7976931348623157e308;
    decision[0] = finite && mean <= settings[1] ? 1 : 0;
    decision[1] = norm > settings[0] ? norm / settings[0] : 1;
}

// AdamW. settings: learning rate, beta1, beta2, epsilon, weight decay, 1 - beta1^t, 1 - beta2^t. Weight decay applies to the
// elements before matrix_count. compute_weights is the weights' copy in the compute type, or null if the types are equal.
extern "C" __global__ void adamw(
        float* weights, compute_t* compute_weights, const float* gradients, float* first_moments, float* second_moments,
        index_t count, index_t matrix_count, const double* settings, const double* decision) {
    if (decision[0] == 0) {
        return;
    }
    float beta1 = (float) settings[1];
    float beta2 = (float) settings[2];
    float epsilon = (float) settings[3];
    float decay_factor = (float) (1 - settings[0] * settings[4]);
    float step_size = (float) (settings[0] / settings[5]);
    float bias_correction2_sqrt = (float) sqrt(settings[6]);
    float divisor = (float) decision[1];
    for (index_t index = first(); index < count; index += step()) {
        float gradient = gradients[index] / divisor;
        float first_moment = beta1 * first_moments[index] + (1 - beta1) * gradient;
        float second_moment = beta2 * second_moments[index] + (1 - beta2) * gradient * gradient;
        float weight = index < matrix_count ? weights[index] * decay_factor : weights[index];
        weight -= step_size * first_moment / (sqrtf(second_moment) / bias_correction2_sqrt + epsilon);
        first_moments[index] = first_moment;
        second_moments[index] = second_moment;
        weights[index] = weight;
        if (compute_weights != 0) {
            put(compute_weights, index, weight);
        }
    }
}
