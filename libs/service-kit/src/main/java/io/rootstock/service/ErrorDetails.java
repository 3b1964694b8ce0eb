package io.rootstock.service;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;

/** Extracts the details of {@link Errors} from a failed call. */
public final class ErrorDetails {
    private ErrorDetails() {}

    /** Returns the reason of the {@code ErrorInfo}, if the failure has one. */
    public static Optional<String> reason(Throwable failure) {
        return find(failure, ErrorInfo.class).map(ErrorInfo::getReason);
    }

    /** Returns the delay before a retry, if the failure states one. */
    public static Optional<Duration> retryAfter(Throwable failure) {
        return find(failure, RetryInfo.class)
                .map(RetryInfo::getRetryDelay)
                .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
    }

    /** Returns the first detail of a type, if the failure has one. */
    public static <M extends Message> Optional<M> find(Throwable failure, Class<M> type) {
        Status status = StatusProto.fromThrowable(failure);
        if (status == null) {
            return Optional.empty();
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(type)) {
                try {
                    return Optional.of(detail.unpack(type));
                } catch (InvalidProtocolBufferException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
