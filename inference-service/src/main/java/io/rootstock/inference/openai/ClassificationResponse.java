package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.openai.generation.Usage;
import java.util.List;

/**
 * A response of {@code /v1/classify}.
 *
 * @param id of the response
 * @param object list
 * @param created time of the response, in seconds since 1970
 * @param model the version that answers
 * @param data one class for each text, in order
 * @param labels all labels, in the order of {@code probs}; not in vLLM's response
 * @param usage token usage
 */
@RegisterForReflection
record ClassificationResponse(
        String id, String object, long created, String model, List<TextClass> data, List<String> labels, Usage usage) {
    /**
     * The class of one text.
     *
     * @param index index of the text, from 0
     * @param label the most probable label
     * @param probs probability of each label
     * @param numClasses number of labels
     * @param truncated true if only the beginning was read, because the text exceeds the context; not in vLLM's response
     */
    @RegisterForReflection
    record TextClass(int index, String label, List<Double> probs, int numClasses, boolean truncated) {}
}
