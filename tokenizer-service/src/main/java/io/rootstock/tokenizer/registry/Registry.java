package io.rootstock.tokenizer.registry;

import com.google.protobuf.Timestamp;

/** The registry, as far as deletions need it. */
@FunctionalInterface
public interface Registry {
    /**
     * Releases a dataset or tokenizer for deletion; from then on, jobs and versions cannot refer to it.
     *
     * @param createTime the resource's create_time
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION if a job or version refers to it, UNAVAILABLE if the
     *     registry does not respond
     */
    void release(String name, Timestamp createTime);
}
