package io.rootstock.inference.openai.generation;

import io.rootstock.inference.openai.http.Fields;
import java.util.Optional;

/**
 * Streaming options.
 *
 * @param events whether the response is a stream of server-sent events
 * @param usage whether the last event contains the token usage
 */
public record StreamOptions(boolean events, boolean usage) {
    public static StreamOptions read(Fields body) {
        boolean events = body.flag("stream").orElse(false);
        Optional<Fields> options = body.object("stream_options");
        if (options.isPresent() && !events) {
            throw body.refused("stream_options", "belong to a stream: set stream to true");
        }
        boolean usage = options.flatMap(stated -> stated.flag("include_usage")).orElse(false);
        options.ifPresent(stated -> {
            stated.ignore("include_obfuscation");
            stated.acceptNeutral("continuous_usage_stats", false);
            stated.end();
        });
        return new StreamOptions(events, usage);
    }
}
