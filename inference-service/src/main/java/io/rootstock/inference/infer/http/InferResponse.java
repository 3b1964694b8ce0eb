package io.rootstock.inference.infer.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Json;
import java.util.List;

/**
 * A response to a request for inference.
 *
 * @param tensors outputs in binary form, which follow the JSON
 */
record InferResponse(ObjectNode json, List<ByteString> tensors) {
    void send(HttpReply reply) {
        if (tensors.isEmpty()) {
            reply.send(json);
            return;
        }
        byte[] head = Json.bytes(json);
        ByteString body = ByteString.copyFrom(tensors);
        reply.header(BinaryTensors.JSON_LENGTH, Integer.toString(head.length));
        reply.beginContent((long) head.length + body.size());
        reply.content(head);
        reply.content(body.toByteArray());
        reply.endOfContent();
    }
}
