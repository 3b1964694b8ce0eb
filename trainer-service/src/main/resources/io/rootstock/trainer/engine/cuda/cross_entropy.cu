// Softmax cross-entropy of rows of logits; the gradient overwrites the logits. One block per row.

// log(sum(exp(row))) in one pass: each thread keeps its maximum and the sum relative to it (online softmax).
__device__ float log_sum_exp(const compute_t* row, int width) {
    float largest = -__int_as_float(0x7f800000);
    float total = 0;
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float logit = get(row, column);
        if (logit > largest) {
            total *= expf(largest - logit);
            largest = logit;
        }
        total += expf(logit - largest);
    }
    float maximum = join<Maximum>(largest, -__int_as_float(0x7f800000));
    total = total == 0 ? 0 : total * expf(largest - maximum);
    return maximum + logf(sum(total));
}

extern "C" __global__ void cross_entropy(const compute_t* logits, const int* targets, float* losses, int width) {
    const compute_t* row = logits + (index_t) blockIdx.x * width;
    float log_sum = log_sum_exp(row, width);
    if (threadIdx.x == 0) {
        losses[blockIdx.x] = log_sum - get(row, targets[blockIdx.x]);
    }
}

// Writes each row's weighted loss and replaces the logits by the gradient times the scale:
// (softmax * sum of the row's weights - weight of each class) * scale. The scaled_ arrays hold the weights times the scale.
// smoothing_weights may be null.
extern "C" __global__ void cross_entropy_backward(
        compute_t* logits, const int* targets, const float* target_weights, const float* scaled_target_weights,
        const float* smoothing_weights, const float* scaled_smoothing_weights, float* losses, int width) {
    compute_t* row = logits + (index_t) blockIdx.x * width;
    int target = targets[blockIdx.x];
    float log_sum = log_sum_exp(row, width);
    float loss = 0;
    float weights = scaled_target_weights[blockIdx.x];
    if (smoothing_weights != 0) {
        float scaled_sum = 0;
        for (int column = threadIdx.x; column < width; column += blockDim.x) {
            loss += smoothing_weights[column] * (log_sum - get(row, column));
            scaled_sum += scaled_smoothing_weights[column];
        }
        loss = sum(loss);
        weights += sum(scaled_sum);
    }
    float token_loss = log_sum - get(row, target);
    __syncthreads(); // all threads have read the logit of the target
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float value;
        if (smoothing_weights == 0 && column == target) {
            value = (expf(-token_loss) - 1) * weights;
        } else {
            value = expf(get(row, column) - log_sum) * weights;
            value -= smoothing_weights == 0 ? 0 : scaled_smoothing_weights[column];
            value -= column == target ? scaled_target_weights[blockIdx.x] : 0;
        }
        put(row, column, value);
    }
    if (threadIdx.x == 0) {
        losses[blockIdx.x] = target_weights[blockIdx.x] * token_loss + loss;
    }
}

// total += sum(losses). One block.
extern "C" __global__ void add_losses(const float* losses, int count, double* total) {
    double sum = 0;
    for (int row = threadIdx.x; row < count; row += blockDim.x) {
        sum += losses[row];
    }
    sum = join<Sum>(sum, 0.0);
    if (threadIdx.x == 0) {
        *total += sum;
    }
}
