package io.rootstock.registry.model;

import com.google.protobuf.Timestamp;
import java.util.Optional;

/** The tokenizers of the tokenizer service. */
@FunctionalInterface
public interface Tokenizers {
    /**
     * Returns the create_time of a tokenizer; empty if it does not exist.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE if the tokenizer service does not respond
     */
    Optional<Timestamp> createTime(String name);
}
