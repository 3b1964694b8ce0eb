package io.rootstock.cli.command;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ChatResponse;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import java.util.Iterator;
import java.util.Locale;

/** Prints text as it is made. */
public final class Streams {
    private Streams() {}

    /**
     * A whole answer.
     *
     * @param text its text
     * @param finish how it ended
     */
    public record Answer(String text, Finish finish) {}

    /** Continues a text, which is printed before the first piece of its continuation. */
    public static Answer generate(Clients clients, GenerateRequest request, Console console) {
        StringBuilder text = new StringBuilder();
        Finish finish = Finish.getDefaultInstance();
        Iterator<GenerateResponse> pieces = clients.inference().generate(request);
        if (pieces.hasNext()) {
            console.printPiece(request.getPrompt());
        }
        while (pieces.hasNext()) {
            GenerateResponse piece = pieces.next();
            console.printJson(piece);
            console.printPiece(piece.getText());
            text.append(piece.getText());
            finish = piece.hasFinish() ? piece.getFinish() : finish;
        }
        console.print("");
        return new Answer(text.toString(), finish);
    }

    /** Answers a conversation. */
    public static Answer chat(Clients clients, ChatRequest request, Console console) {
        StringBuilder text = new StringBuilder();
        Finish finish = Finish.getDefaultInstance();
        Iterator<ChatResponse> pieces = clients.inference().chat(request);
        while (pieces.hasNext()) {
            ChatResponse piece = pieces.next();
            console.printJson(piece);
            console.printPiece(piece.getText());
            text.append(piece.getText());
            finish = piece.hasFinish() ? piece.getFinish() : finish;
        }
        console.print("");
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
