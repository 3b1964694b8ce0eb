package io.rootstock.evaluation.task.request;

import io.rootstock.chat.jinja.value.Python;

/**
 * Log-probability of a continuation. Context and continuation are tokenized as one text and cut at the number of the
 * context's tokens; an empty context is the token that begins a text.
 *
 * @param context text before the continuation, without white space at its end
 * @param continuation scored text
 */
public record LoglikelihoodRequest(String context, String continuation) implements Request {
    /** Creates a request; white space at the context's end moves to the continuation. */
    public static LoglikelihoodRequest of(String context, String continuation) {
        int end = context.length();
        while (end > 0 && Python.isSpace(context.charAt(end - 1))) {
            end--;
        }
        return new LoglikelihoodRequest(context.substring(0, end), context.substring(end) + continuation);
    }
}
