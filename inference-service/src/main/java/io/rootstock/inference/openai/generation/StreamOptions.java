package io.rootstock.inference.openai.generation;

import io.rootstock.inference.http.Fields;
import java.util.Optional;

/**
 * Streaming options.
 *
 * @param events whether the response is a stream of server-sent events
 * @param usage whether the last event contains the token usage
 * @param continuousUsage whether every event contains it, as with vLLM's {@code continuous_usage_stats}
 */
public record StreamOptions(boolean events, boolean usage, boolean continuousUsage) {
    public static StreamOptions read(Fields body) {
        boolean events = body.flag("stream").orElse(false);
        Optional<Fields> options = body.object("stream_options");
        if (options.isPresent() && !events) {
            throw body.refused("stream_options", "belong to a stream: set stream to true");
        }
        boolean usage = options.flatMap(stated -> stated.flag("include_usage")).orElse(false);
        boolean continuous =
                options.flatMap(stated -> stated.flag("continuous_usage_stats")).orElse(false);
        options.ifPresent(stated -> {
            stated.ignore("include_obfuscation");
            stated.end();
        });
        // As in vLLM: continuous usage is a kind of usage.
        return new StreamOptions(events, usage, usage && continuous);
    }

    /** The field {@code usage} of an event before the last one; null if the client did not request usage. */
    public UsageField usageSoFar(int promptTokens, int completionTokens) {
        if (!usage) {
            return null;
        }
        return continuousUsage ? new UsageField(Usage.soFar(promptTokens, completionTokens)) : UsageField.LATER;
    }
}
