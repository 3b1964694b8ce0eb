package io.rootstock.inference.infer.http;

import io.rootstock.inference.openinference.ModelInferRequest;
import java.util.Map;

/**
 * A request for inference and the form of its response.
 *
 * @param binaryOutputs by name: whether the output is returned in binary form
 * @param binary whether other outputs are
 */
record InferRequest(ModelInferRequest message, Map<String, Boolean> binaryOutputs, boolean binary) {
    boolean isBinary(String output) {
        return binaryOutputs.getOrDefault(output, binary);
    }
}
