package io.rootstock.cli.operation;

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

/** Prints text as it is made. */
public final class CompletionStream {
    private CompletionStream() {}

    /**
     * A whole answer.
     *
     * @param text its text
     * @param finish how it ended
     */
    public record Answer(String text, Finish finish) {}

    /** Continues a text, which is printed before the first piece of its continuation. */
    public static Answer generate(Clients clients, GenerateStreamRequest request, Console console) {
        StringBuilder text = new StringBuilder();
        List<TokenLogprob> logprobs = new ArrayList<>();
        Finish finish = Finish.getDefaultInstance();
        Iterator<GenerateStreamResponse> pieces = clients.inference().generateStream(request);
        if (pieces.hasNext()) {
            console.printPiece(request.getPrompt());
        }
        while (pieces.hasNext()) {
            GenerateStreamResponse piece = pieces.next();
            console.printJson(piece);
            console.printPiece(piece.getText());
            text.append(piece.getText());
            logprobs.addAll(piece.getLogprobsList());
            finish = piece.hasFinish() ? piece.getFinish() : finish;
        }
        console.print("");
        LogprobTable.print(logprobs, console);
        return new Answer(text.toString(), finish);
    }

    /** Answers a conversation. */
    public static Answer chat(Clients clients, ChatStreamRequest request, Console console) {
        StringBuilder text = new StringBuilder();
        List<TokenLogprob> logprobs = new ArrayList<>();
        Finish finish = Finish.getDefaultInstance();
        Iterator<ChatStreamResponse> pieces = clients.inference().chatStream(request);
        while (pieces.hasNext()) {
            ChatStreamResponse piece = pieces.next();
            console.printJson(piece);
            console.printPiece(piece.getText());
            text.append(piece.getText());
            logprobs.addAll(piece.getLogprobsList());
            finish = piece.hasFinish() ? piece.getFinish() : finish;
        }
        console.print("");
        LogprobTable.print(logprobs, console);
        return new Answer(text.toString(), finish);
    }

    /** How an answer ended, in one line. */
    public static String line(Finish finish) {
        return String.format(
                Locale.ROOT,
                "%s: %d tokens after %d, first after %.0f ms, %.0f ms in all, ended by %s",
                Names.brief(finish.getVersion()),
                finish.getCompletionTokens(),
                finish.getPromptTokens(),
                finish.getFirstTokenMilliseconds(),
                finish.getTotalMilliseconds(),
                Labels.of(finish.getReason()));
    }
}
