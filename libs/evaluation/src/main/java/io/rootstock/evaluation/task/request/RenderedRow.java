package io.rootstock.evaluation.task.request;

import io.rootstock.evaluation.task.data.Row;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Requests of a row.
 *
 * @param row the row
 * @param requests requests in lm-evaluation-harness' order; with mutual information, the choices without context follow
 *     the choices
 * @param expected comparison of the responses
 * @param decontaminationQuery text that a contamination check searches for: the task's query, or else the document, the
 *     sentence or the question that the row is about, without examples
 */
public record RenderedRow(Row row, List<Request> requests, Expected expected, Optional<String> decontaminationQuery) {
    public RenderedRow {
        requests = List.copyOf(requests);
    }

    /** SHA-256 of the requests in hexadecimal: equal for equal texts and options. */
    public String requestHash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Request request : requests) {
                switch (request) {
                    case LoglikelihoodRequest(String context, String continuation) -> {
                        add(digest, "loglikelihood");
                        add(digest, context);
                        add(digest, continuation);
                    }
                    case RollingRequest(String text) -> {
                        add(digest, "loglikelihood_rolling");
                        add(digest, text);
                    }
                    case GenerateRequest(String context, List<String> until, int maxTokens) -> {
                        add(digest, "generate_until");
                        add(digest, context);
                        add(digest, Integer.toString(until.size()));
                        until.forEach(stop -> add(digest, stop));
                        add(digest, Integer.toString(maxTokens));
                    }
                    case ChatLoglikelihoodRequest(List<ChatMessage> messages, String continuation) -> {
                        add(digest, "chat loglikelihood");
                        add(digest, messages);
                        add(digest, continuation);
                    }
                    case ChatGenerateRequest(List<ChatMessage> messages, List<String> until, int maxTokens) -> {
                        add(digest, "chat generate_until");
                        add(digest, messages);
                        add(digest, Integer.toString(until.size()));
                        until.forEach(stop -> add(digest, stop));
                        add(digest, Integer.toString(maxTokens));
                    }
                    case ClassifyRequest(String text, String choice, String label) -> {
                        add(digest, "classify");
                        add(digest, text);
                        add(digest, choice);
                        add(digest, label);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(MessageDigest digest, List<ChatMessage> messages) {
        add(digest, Integer.toString(messages.size()));
        for (ChatMessage message : messages) {
            add(digest, message.role());
            add(digest, message.content());
        }
    }

    private static void add(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
        digest.update(bytes);
    }
}
