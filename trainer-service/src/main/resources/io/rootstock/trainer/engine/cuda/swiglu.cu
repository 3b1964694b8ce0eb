// silu(gate) * up (Shazeer 2020); a row of gate_up has its gates first, then its ups.

__device__ inline float sigmoid(float value) { return 1 / (1 + expf(-value)); }

extern "C" __global__ void swiglu_forward(const product_t* gate_up, product_t* hidden, index_t count, int width) {
    for (index_t index = first(); index < count; index += step()) {
        index_t at = index / width * width + index; // 2 * width * row + column
        float gate = get(gate_up, at);
        put(hidden, index, gate * sigmoid(gate) * get(gate_up, at + width));
    }
}

// The gradient of gate_up, and the forward's output again.
extern "C" __global__ void swiglu_backward(
        const product_t* given, const product_t* gate_up, product_t* of_gate_up, product_t* hidden, index_t count,
        int width) {
    for (index_t index = first(); index < count; index += step()) {
        index_t at = index / width * width + index;
        float gradient = get(given, index);
        float gate = get(gate_up, at);
        float up = get(gate_up, at + width);
        float open = sigmoid(gate);
        float silu = gate * open;
        put(of_gate_up, at, gradient * up * (open + silu * (1 - open)));
        put(of_gate_up, at + width, gradient * silu);
        put(hidden, index, silu * up);
    }
}
