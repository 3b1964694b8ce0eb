// SwiGLU (Shazeer 2020): silu(gate) * up. A row of gate_up holds its gates, then its ups.

__device__ inline float sigmoid(float value) { return 1 / (1 + expf(-value)); }

extern "C" __global__ void swiglu_forward(const compute_t* gate_up, compute_t* hidden, index_t count, int width) {
    for (index_t index = first(); index < count; index += step()) {
        index_t at = index / width * width + index; // 2 * width * row + column
        float gate = get(gate_up, at);
        put(hidden, index, gate * sigmoid(gate) * get(gate_up, at + width));
    }
}

// Gradient of gate_up; recomputes the output of the forward pass.
extern "C" __global__ void swiglu_backward(
        const compute_t* d_hidden, const compute_t* gate_up, compute_t* d_gate_up, compute_t* hidden, index_t count,
        int width) {
    for (index_t index = first(); index < count; index += step()) {
        index_t at = index / width * width + index;
        float gradient = get(d_hidden, index);
        float gate = get(gate_up, at);
        float up = get(gate_up, at + width);
        float gate_sigmoid = sigmoid(gate);
        float silu = gate * gate_sigmoid;
        put(d_gate_up, at, gradient * up * (gate_sigmoid + silu * (1 - gate_sigmoid)));
        put(d_gate_up, at + width, gradient * silu);
        put(hidden, index, silu * up);
    }
}
