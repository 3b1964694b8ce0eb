package io.rootstock.registry.watch;

import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import io.rootstock.service.PageToken;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Position of a watcher: the newest element of the history that it has. The time proves that the history still is the one
 * that was watched, because a database that was restored from a backup gives sequence numbers again.
 *
 * @param sequence sequence number of the element; 0: none
 * @param micros time of the element, epoch microseconds; 0 without an element
 */
public record ResumeToken(long sequence, long micros) {
    /** Position before the first element. */
    public static final ResumeToken START = new ResumeToken(0, 0);

    /** Creates the token of an element. */
    public static ResumeToken of(long sequence, Instant time) {
        return new ResumeToken(sequence, ChronoUnit.MICROS.between(Instant.EPOCH, time));
    }

    /**
     * Encodes the token.
     *
     * @param watch the watched resource and its filter, to which the token is bound
     */
    public String encode(String watch) {
        return PageToken.encode(watch, sequence + " " + micros);
    }

    /**
     * Decodes a token.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if {@link #encode} did not create it for this watch
     */
    public static ResumeToken decode(String watch, String token) {
        try {
            String[] parts = PageToken.decode(watch, token).orElse("0 0").split(" ", 2);
            return new ResumeToken(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        } catch (StatusRuntimeException e) {
            throw Errors.invalidArgument(
                    "resume_token",
                    "must be a resume_token of this watch, with the other fields unchanged; watch without it to begin anew");
        }
    }
}
