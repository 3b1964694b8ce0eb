package io.rootstock.service;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.files.FullDisk;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Converts the exceptions of a method to a status. A status is passed on; a corrupt artifact is DATA_LOSS, a full disk
 * RESOURCE_EXHAUSTED; everything else is a bug: it is logged under an id, and the client receives INTERNAL with that id only.
 */
public final class StrayExceptions {
    private static final Logger LOGGER = Logger.getLogger(StrayExceptions.class);

    private StrayExceptions() {}

    /** Returns the status for a call that failed with this exception. */
    public static StatusRuntimeException toStatus(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException status when isMeant(status.getStatus()) -> status;
            case StatusException status when isMeant(status.getStatus()) -> withoutStack(status);
            case CorruptArtifactException corrupt -> {
                LOGGER.error(corrupt.getMessage());
                yield Errors.dataLoss("ARTIFACT_CORRUPT", corrupt.getMessage());
            }
            case Throwable full
            when FullDisk.isCauseOf(full) -> {
                LOGGER.errorf(full, "the disk is full");
                yield Errors.diskFull();
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

    /** Whether a method set the status itself: gRPC creates UNKNOWN for exceptions that it does not know. */
    private static boolean isMeant(Status status) {
        return status.getCode() != Status.Code.UNKNOWN;
    }

    private static StatusRuntimeException withoutStack(StatusException exception) {
        Metadata trailers = exception.getTrailers() == null ? new Metadata() : exception.getTrailers();
        return exception.getStatus().asRuntimeException(trailers);
    }
}
