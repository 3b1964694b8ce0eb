package io.rootstock.cli.chat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.keymap.KeyMap;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * Reads messages from a terminal: editing keys, history across sessions, several lines (after a backslash, in triple quotes,
 * by Alt-Enter or pasted), and completion of slash commands.
 */
public final class LineEditor implements AutoCloseable {
    private static final String PROMPT = "> ";
    private static final String CONTINUATION = ". ";
    private static final int HISTORY_LINES = 1000;

    private final Terminal terminal;
    private final LineReader reader;

    /**
     * @param terminal terminal; closed with the editor
     * @param history file with the messages of earlier sessions; created if it does not exist
     */
    LineEditor(Terminal terminal, Path history) {
        this.terminal = terminal;
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("rootstock")
                .parser(new MessageParser())
                .completer((_, line, candidates) -> ChatInput.COMMANDS.stream()
                        .filter(command -> command.name().startsWith(line.line()))
                        .forEach(command -> candidates.add(new Candidate(command.name()))))
                .variable(LineReader.HISTORY_FILE, history)
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, CONTINUATION)
                // A message may hold exclamation marks.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                .build();
        Widget newLine = () -> {
            reader.getBuffer().write("\n");
            return true;
        };
        reader.getKeyMaps().get(LineReader.MAIN).bind(newLine, KeyMap.alt('\r'), KeyMap.alt('\n'));
    }

    /**
     * Opens the editor of this process's terminal.
     *
     * @param home data directory, which holds the history
     */
    public static LineEditor open(Path home) {
        try {
            Files.createDirectories(home);
            return new LineEditor(
                    TerminalBuilder.builder().system(true).nativeSignals(true).build(), home.resolve("chat_history"));
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open the terminal", failure);
        }
    }

    /**
     * Reads a message. Ctrl-C discards the entered text.
     *
     * @return the message; empty at the end of the input (Ctrl-D)
     */
    Optional<String> read() {
        try {
            return Optional.of(MessageParser.message(reader.readLine(PROMPT)));
        } catch (UserInterruptException discarded) {
            return Optional.of("");
        } catch (EndOfFileException end) {
            return Optional.empty();
        }
    }

    /** A period in which Ctrl-C runs an action; closing ends it. */
    interface Interruptible extends AutoCloseable {
        @Override
        void close();
    }

    /** Lets Ctrl-C run the action instead of ending the program. */
    Interruptible onInterrupt(Runnable action) {
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, _ -> action.run());
        return () -> terminal.handle(Terminal.Signal.INT, before);
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot close the terminal", failure);
        }
    }
}
