package io.rootstock.bench.encoding;

import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.format.TiktokenFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process of {@code bench/tokenizer/python_peers.py}, which encodes with tiktoken and quicktok. */
final class PythonEncoders implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Path folder;

    /**
     * Result of a round.
     *
     * @param seconds CPU time of encoding
     * @param digest SHA-256 of all ids
     */
    record Round(double seconds, String digest) {}

    PythonEncoders(String python, String script, Path folder) throws IOException {
        this.folder = folder;
        process = new ProcessBuilder(python, script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Loads an encoding; returns whether quicktok has it. */
    boolean load(OpenAiEncoding encoding, Vocabulary vocabulary) throws IOException {
        Path ranks = folder.resolve(encoding + ".tiktoken");
        TiktokenFile.write(vocabulary, ranks);
        Path pattern = Files.writeString(
                folder.resolve(encoding + ".pattern"), encoding.pattern().pattern());
        return Boolean.parseBoolean(ask("load\t" + encoding.type().getName() + "\t" + ranks + "\t" + pattern));
    }

    Round tiktoken(OpenAiEncoding encoding, Path documents) throws IOException {
        return encode("tiktoken", encoding, documents);
    }

    Round quicktok(OpenAiEncoding encoding, Path documents) throws IOException {
        return encode("quicktok", encoding, documents);
    }

    private Round encode(String library, OpenAiEncoding encoding, Path documents) throws IOException {
        String[] answer = ask(library + "\t" + encoding.type().getName() + "\t" + documents)
                .split("\t", -1);
        return new Round(Double.parseDouble(answer[0]), answer[1]);
    }

    private String ask(String command) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).write(command + "\n");
        process.outputWriter(StandardCharsets.UTF_8).flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("Python's process has ended; its error is above");
        }
        return answer;
    }

    @Override
    public void close() {
        try {
            process.outputWriter(StandardCharsets.UTF_8).close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
        }
    }
}
