package io.rootstock.corpus.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads two line-aligned text files, such as a text and its translation.
 *
 * <p>Line n of both files is a row with the fields {@link #INPUT} and {@link #OUTPUT}. Lines that are blank in both
 * files are skipped; a pair of which one line is blank or cannot be read is refused.
 *
 * @param inputFile name of the file with the inputs
 * @param outputFile name of the file with the outputs
 * @param options encoding of both files
 */
public record ParallelReader(String inputFile, String outputFile, SourceOptions options) {
    /** Field with the line of the first file. */
    public static final String INPUT = "input";

    /** Field with the line of the second file. */
    public static final String OUTPUT = "output";

    /**
     * Reads all pairs.
     *
     * @param inputs bytes of the first file, compressed according to its name; closed by this method
     * @param outputs bytes of the second file; closed by this method
     * @throws UnreadableSourceException if the numbers of lines differ, or the rest of a file cannot be read
     * @throws IOException if the bytes cannot be read at all
     */
    public void read(InputStream inputs, InputStream outputs, RowHandler handler) throws IOException {
        try (inputs;
                outputs) {
            Lines left = new Lines(inputFile, inputs, options);
            Lines right = new Lines(outputFile, outputs, options);
            String input = left.next();
            String output = right.next();
            while (input != null && output != null) {
                accept(left, input, right, output, handler);
                input = left.next();
                output = right.next();
            }
            long inputLines = left.count(input);
            long outputLines = right.count(output);
            if (inputLines != outputLines) {
                throw new UnreadableSourceException(
                        Math.min(inputLines, outputLines),
                        "the files are not line-aligned: " + inputFile + " has " + inputLines + " lines, " + outputFile
                                + " has " + outputLines + "; remove or add the lines without a counterpart");
            }
        }
    }

    private static void accept(Lines left, String input, Lines right, String output, RowHandler handler) {
        long line = left.lines.number();
        if (input.isBlank() && output.isBlank()) {
            return;
        }
        if (left.isMalformed(input)) {
            handler.refused(line, left.reason());
        } else if (right.isMalformed(output)) {
            handler.refused(line, right.name + " " + right.reason());
        } else if (input.isBlank() || output.isBlank()) {
            handler.refused(
                    line,
                    "is blank in " + (input.isBlank() ? left.name : right.name)
                            + "; fill it, or remove the line from both files");
        } else {
            handler.row(new Row(
                    line,
                    JsonNodeFactory.instance.objectNode().put(INPUT, input).put(OUTPUT, output)));
        }
    }

    /** Lines of one file. */
    private static final class Lines {
        private final String name;
        private final SourceDecoder decoder;
        private final LineReader lines;
        private final SourceLimits limits;

        Lines(String name, InputStream bytes, SourceOptions options) throws IOException {
            this.name = name;
            limits = options.limits();
            SourceReader.Characters characters;
            try {
                characters = SourceReader.characters(name, bytes, options);
            } catch (CorruptCompressionException e) {
                throw new UnreadableSourceException(1, name + " " + e.getMessage());
            }
            decoder = characters.decoder();
            lines = new LineReader(characters.reader(), options.limits().maxRowCharacters());
        }

        /** Returns the next line; null at the end. */
        String next() throws IOException {
            try {
                String line = lines.next();
                if (lines.cut()) {
                    throw new UnreadableSourceException(
                            lines.number(), "a line of " + name + " " + limits.tooLong("divide it in both files"));
                }
                return line;
            } catch (CorruptCompressionException e) {
                throw new UnreadableSourceException(lines.number(), name + " " + e.getMessage());
            }
        }

        /** Reads to the end and returns the number of lines; {@code last} is the line read last. */
        long count(String last) throws IOException {
            String line = last;
            while (line != null) {
                line = next();
            }
            return lines.number() - 1;
        }

        boolean isMalformed(String line) {
            return decoder.isMalformed(line);
        }

        String reason() {
            return decoder.reason();
        }
    }
}
