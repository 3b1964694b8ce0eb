package io.rootstock.cli.operation;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.LogprobTable;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Streams completions to the console. */
public final class CompletionStream {
    private CompletionStream() {}

    /**
     * A completion.
     *
     * @param text generated text
     * @param finish finish reason, token counts and timing
     */
    public record Completion(String text, Finish finish) {}

    /** Prints the prompt and its completion. */
    public static Completion generate(Clients clients, GenerateStreamRequest request, Console console) {
        StringBuilder text = new StringBuilder();
        List<TokenLogprob> logprobs = new ArrayList<>();
        Finish finish = Finish.getDefaultInstance();
        Iterator<GenerateStreamResponse> deltas = clients.inference().generateStream(request);
        if (deltas.hasNext()) {
            console.printDelta(request.getPrompt());
        }
        while (deltas.hasNext()) {
            GenerateStreamResponse delta = deltas.next();
            console.printJson(delta);
            console.printDelta(delta.getText());
            text.append(delta.getText());
            logprobs.addAll(delta.getLogprobsList());
            finish = delta.hasFinish() ? delta.getFinish() : finish;
        }
        console.print("");
        LogprobTable.print(logprobs, console);
        return new Completion(text.toString(), finish);
    }

    /**
     * Prints the answer to a conversation. When the current context is cancelled, the answer ends early with the text so far.
     */
    public static Completion chat(Clients clients, ChatStreamRequest request, Console console) {
        StringBuilder text = new StringBuilder();
        List<TokenLogprob> logprobs = new ArrayList<>();
        Finish finish = Finish.getDefaultInstance();
        Iterator<ChatStreamResponse> deltas = clients.inference().chatStream(request);
        while (hasNext(deltas)) {
            ChatStreamResponse delta = deltas.next();
            console.printJson(delta);
            console.printDelta(delta.getText());
            text.append(delta.getText());
            logprobs.addAll(delta.getLogprobsList());
            finish = delta.hasFinish() ? delta.getFinish() : finish;
        }
        console.print("");
        LogprobTable.print(logprobs, console);
        return new Completion(text.toString(), finish);
    }

    private static boolean hasNext(Iterator<?> deltas) {
        try {
            return deltas.hasNext();
        } catch (StatusRuntimeException ended) {
            if (Context.current().isCancelled()) {
                return false;
            }
            throw ended;
        }
    }

    /** Token counts, timing and finish reason in one line. */
    public static String summary(Finish finish) {
        return String.format(
                Locale.ROOT,
                "%s: %d completion tokens, %d prompt tokens, first token %.0f ms, total %.0f ms, finish reason: %s",
                Names.brief(finish.getVersion()),
                finish.getCompletionTokens(),
                finish.getPromptTokens(),
                finish.getFirstTokenMilliseconds(),
                finish.getTotalMilliseconds(),
                Labels.of(finish.getReason()));
    }
}
