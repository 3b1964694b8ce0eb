package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.rootstock.inference.openai.generation.Usage;
import java.util.List;

/**
 * A response of {@code /v1/embeddings}.
 *
 * @param object list
 * @param data one embedding for each text, in order
 * @param model the version that answers
 * @param usage token usage
 */
@RegisterForReflection
record EmbeddingResponse(String object, List<Embedding> data, String model, Usage usage) {
    /**
     * One embedding.
     *
     * @param object embedding
     * @param index index of the text, from 0
     * @param embedding D numbers, or their 4 * D bytes (IEEE 754, little-endian) in base64
     */
    @RegisterForReflection
    record Embedding(String object, int index, Object embedding) {}
}
