package io.rootstock.inference.infer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.Json;
import io.rootstock.service.Errors;
import java.util.Arrays;

/**
 * A body of JSON that tensors in binary form follow, in the order of the inputs (extension {@code binary_tensor_data} of the
 * protocol). Without the header {@link #JSON_LENGTH} the whole body is JSON.
 */
final class BinaryTensors {
    /** Header with the length of the JSON in bytes. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";
    /** Parameter of a tensor: its size in bytes. */
    static final String SIZE = "binary_data_size";

    private final byte[] body;
    private final int jsonLength;
    private int position;

    private BinaryTensors(byte[] body, int jsonLength) {
        this.body = body;
        this.jsonLength = jsonLength;
        position = jsonLength;
    }

    /**
     * Splits a body.
     *
     * @param jsonLength value of the header; null if absent
     * @throws StatusRuntimeException INVALID_ARGUMENT if the header is not a length within the body
     */
    static BinaryTensors of(byte[] body, String jsonLength) {
        if (jsonLength == null) {
            return new BinaryTensors(body, body.length);
        }
        int length = jsonLength.matches("[0-9]{1,9}") ? Integer.parseInt(jsonLength) : -1;
        if (length < 0 || length > body.length) {
            throw Errors.invalidArgument(
                    JSON_LENGTH, "must be 0 to the size of the body, " + body.length + " bytes, was " + jsonLength);
        }
        return new BinaryTensors(body, length);
    }

    /**
     * The JSON.
     *
     * @throws JsonProcessingException if it is not exactly one object
     */
    ObjectNode json() throws JsonProcessingException {
        return Json.object(Arrays.copyOf(body, jsonLength));
    }

    /**
     * Reads the next tensor.
     *
     * @param field field of the size, named in the error
     * @throws StatusRuntimeException INVALID_ARGUMENT if fewer bytes follow
     */
    ByteString next(String field, long size) {
        if (size < 0 || size > body.length - position) {
            throw Errors.invalidArgument(
                    field, "must be 0 to " + (body.length - position) + ", the bytes that follow, was " + size);
        }
        ByteString tensor = ByteString.copyFrom(body, position, (int) size);
        position += (int) size;
        return tensor;
    }

    /** Refuses bytes that belong to no tensor. */
    void end() {
        if (position < body.length) {
            throw Errors.invalidArgument(
                    "inputs",
                    (body.length - position) + " bytes follow the tensors; each input in binary form has the parameter "
                            + SIZE);
        }
    }
}
