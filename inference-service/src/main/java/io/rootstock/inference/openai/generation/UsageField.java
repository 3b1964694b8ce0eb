package io.rootstock.inference.openai.generation;

import com.fasterxml.jackson.annotation.JsonValue;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * The field {@code usage} of a response or event, which a client has requested.
 *
 * @param usage token usage; null in events before the last one, where JSON's null is written
 */
@RegisterForReflection
public record UsageField(@JsonValue Usage usage) {
    /** The usage of a later event. */
    public static final UsageField LATER = new UsageField(null);
}
