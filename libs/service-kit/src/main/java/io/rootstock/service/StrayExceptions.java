package io.rootstock.service;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.CorruptArtifactException;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Turns whatever a method threw into an answer. A status passes as it is; a corrupt artifact is DATA_LOSS; anything
 * else is a defect: it is logged under an id and the client gets INTERNAL with that id and nothing else.
 */
public final class StrayExceptions {
    private static final Logger LOGGER = Logger.getLogger(StrayExceptions.class);

    private StrayExceptions() {}

    /** The answer to a call that ended with this failure. */
    public static StatusRuntimeException toStatus(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException status when isMeant(status.getStatus()) -> status;
            case StatusException status when isMeant(status.getStatus()) -> withoutStack(status);
            case CorruptArtifactException corrupt -> {
                LOGGER.error(corrupt.getMessage());
                yield Errors.dataLoss("ARTIFACT_CORRUPT", corrupt.getMessage());
            }
            case null -> internal(new IllegalStateException("a call failed without a cause"));
            default -> internal(failure);
        };
    }

    private static StatusRuntimeException internal(Throwable failure) {
        String id = UUID.randomUUID().toString();
        LOGGER.errorf(failure, "internal error %s", id);
        return Errors.internal(id);
    }

    /** Nobody answers UNKNOWN on purpose: gRPC makes it from an exception that it does not know. */
    private static boolean isMeant(Status status) {
        return status.getCode() != Status.Code.UNKNOWN;
    }

    private static StatusRuntimeException withoutStack(StatusException exception) {
        Metadata trailers = exception.getTrailers() == null ? new Metadata() : exception.getTrailers();
        return exception.getStatus().asRuntimeException(trailers);
    }
}
