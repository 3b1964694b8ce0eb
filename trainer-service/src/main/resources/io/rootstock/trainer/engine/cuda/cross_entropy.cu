// Softmax cross-entropy of rows of logits, in place: the gradient takes the logits' memory. A block for each row.

// log of the sum of the row's exponentials, in one pass: each thread keeps its largest logit and its sum relative to that.
__device__ float log_sum_exp(const product_t* row, int width) {
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

extern "C" __global__ void cross_entropy(const product_t* logits, const int* targets, float* losses, int width) {
    const product_t* row = logits + (index_t) blockIdx.x * width;
    float log_sum = log_sum_exp(row, width);
    if (threadIdx.x == 0) {
        losses[blockIdx.x] = log_sum - get(row, targets[blockIdx.x]);
    }
}

// The row's weighted loss; leaves (softmax * weight of the row - weights of the classes) * scale in the logits. A target's
// own weight is own[row], scaled[row] is that times the scale; everywhere may be null.
extern "C" __global__ void cross_entropy_backward(
        product_t* logits, const int* targets, const float* own, const float* scaled, const float* everywhere,
        const float* everywhere_scaled, float* losses, int width) {
    product_t* row = logits + (index_t) blockIdx.x * width;
    int target = targets[blockIdx.x];
    float log_sum = log_sum_exp(row, width);
    float loss = 0;
    float weights = scaled[blockIdx.x];
    if (everywhere != 0) {
        float scaled_sum = 0;
        for (int column = threadIdx.x; column < width; column += blockDim.x) {
            loss += everywhere[column] * (log_sum - get(row, column));
            scaled_sum += everywhere_scaled[column];
        }
        loss = sum(loss);
        weights += sum(scaled_sum);
    }
    float surprise = log_sum - get(row, target);
    __syncthreads(); // all have read the target's logit
    for (int column = threadIdx.x; column < width; column += blockDim.x) {
        float value;
        if (everywhere == 0 && column == target) {
            value = (expf(-surprise) - 1) * weights;
        } else {
            value = expf(get(row, column) - log_sum) * weights;
            value -= everywhere == 0 ? 0 : everywhere_scaled[column];
            value -= column == target ? scaled[blockIdx.x] : 0;
        }
        put(row, column, value);
    }
    if (threadIdx.x == 0) {
        losses[blockIdx.x] = own[blockIdx.x] * surprise + loss;
    }
}

// total += the sum of the losses, one block.
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
