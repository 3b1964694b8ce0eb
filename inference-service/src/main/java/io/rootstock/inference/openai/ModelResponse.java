package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A served model.
 *
 * @param id the model's name in requests
 * @param object model
 * @param created creation time of the version, in seconds since 1970
 * @param ownedBy rootstock
 * @param version the version that serves, models/{m}/versions/{n}
 * @param kind base, instruct or classifier
 * @param maxModelLen maximum number of tokens of a request, prompt and answer; vLLM's field
 */
@RegisterForReflection
record ModelResponse(
        String id, String object, long created, String ownedBy, String version, String kind, int maxModelLen) {
    /**
     * All served models.
     *
     * @param object list
     * @param data the models, sorted by name
     */
    @RegisterForReflection
    record All(String object, List<ModelResponse> data) {}
}
