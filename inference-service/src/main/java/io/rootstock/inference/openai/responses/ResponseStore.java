package io.rootstock.inference.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.http.Json;
import io.rootstock.service.access.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Responses that can be retrieved and continued, in the memory of this process: for {@code response-time}, and up to
 * {@code response-memory}, of which the oldest are dropped.
 */
@ApplicationScoped
class ResponseStore {
    /** Memory of a JSON tree relative to the length of its text, measured with messages of some hundred characters. */
    private static final int MEMORY_PER_BYTE = 4;

    private final Map<String, Kept> responses = new LinkedHashMap<>();
    private final long mostBytes;
    private final Duration time;
    private long bytes;

    @Inject
    ResponseStore(InferenceSettings settings) {
        this(settings.responseMemory().asLongValue(), settings.responseTime());
    }

    ResponseStore(long mostBytes, Duration time) {
        this.mostBytes = mostBytes;
        this.time = time;
    }

    /**
     * A stored response.
     *
     * @param response the response as it was returned
     * @param input the items of its input
     * @param conversation the messages that a following request continues
     */
    record Stored(ObjectNode response, ArrayNode input, ArrayNode conversation) {}

    private record Kept(Stored stored, long bytes, long nanos) {}

    /** Stores a response; one that is larger than the limit is not kept. */
    synchronized void put(String id, Stored stored) {
        long size = (long) MEMORY_PER_BYTE
                * (Json.bytes(stored.response).length
                        + Json.bytes(stored.input).length
                        + Json.bytes(stored.conversation).length);
        if (size > mostBytes) {
            return;
        }
        responses.put(key(id), new Kept(stored, size, System.nanoTime()));
        bytes += size;
        dropOld();
    }

    /** Returns a stored response; empty if it is unknown or was dropped. */
    synchronized Optional<Stored> find(String id) {
        dropOld();
        return Optional.ofNullable(responses.get(key(id))).map(Kept::stored);
    }

    /** Drops a response; returns whether there was one. */
    synchronized boolean delete(String id) {
        dropOld();
        Kept dropped = responses.remove(key(id));
        bytes -= dropped == null ? 0 : dropped.bytes;
        return dropped != null;
    }

    /** Callers see their own responses only. */
    private static String key(String id) {
        return Caller.current().name() + " " + id;
    }

    private void dropOld() {
        long now = System.nanoTime();
        Iterator<Kept> oldest = responses.values().iterator();
        while (oldest.hasNext()) {
            Kept kept = oldest.next();
            if (bytes <= mostBytes && now - kept.nanos < time.toNanos()) {
                return;
            }
            bytes -= kept.bytes;
            oldest.remove();
        }
    }
}
