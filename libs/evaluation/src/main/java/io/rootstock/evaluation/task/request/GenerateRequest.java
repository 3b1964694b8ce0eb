package io.rootstock.evaluation.task.request;

import java.util.List;

/**
 * Greedy generation.
 *
 * @param context prompt
 * @param until stop sequences; the response ends before the first of them
 * @param maxTokens largest number of generated tokens
 */
public record GenerateRequest(String context, List<String> until, int maxTokens) implements Request {
    public GenerateRequest {
        until = List.copyOf(until);
    }
}
