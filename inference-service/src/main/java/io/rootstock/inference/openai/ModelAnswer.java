package io.rootstock.inference.openai;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * A model that answers.
 *
 * @param id what requests call it
 * @param object model
 * @param created when this service began, in seconds since 1970
 * @param ownedBy rootstock
 * @param version the version that answers now, models/{m}/versions/{n}
 * @param kind base, instruct or classifier
 */
@RegisterForReflection
record ModelAnswer(String id, String object, long created, String ownedBy, String version, String kind) {
    /**
     * All of them.
     *
     * @param object list
     * @param data in order of name
     */
    @RegisterForReflection
    record All(String object, List<ModelAnswer> data) {}
}
