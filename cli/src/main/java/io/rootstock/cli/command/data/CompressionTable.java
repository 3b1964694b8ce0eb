package io.rootstock.cli.command.data;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.tokenizer.v1.CorpusReport;
import io.rootstock.tokenizer.v1.CorpusSource;
import io.rootstock.tokenizer.v1.TokenizerSample;

/** Prints bytes per token, and tokens per byte, of each source's first documents with several tokenizers. */
final class CompressionTable {
    private CompressionTable() {}

    static void print(Console console, CorpusReport report) {
        if (report.getSourcesList().stream().allMatch(source -> source.getSamplesCount() == 0)) {
            return;
        }
        Table table = new Table("source", "sample", "tokenizer", "tokens", "bytes per token", "tokens per byte");
        for (CorpusSource source : report.getSourcesList()) {
            for (TokenizerSample sample : source.getSamplesList()) {
                table.row(
                        source.getName(),
                        Format.bytes(sample.getBytes()),
                        sample.getTokenizer(),
                        Format.count(sample.getTokens()),
                        ratio(sample.getBytes(), sample.getTokens()),
                        ratio(sample.getTokens(), sample.getBytes()));
            }
        }
        console.print("");
        table.print(console);
    }

    private static String ratio(long amount, long divisor) {
        return divisor == 0 ? "-" : Format.fixed((double) amount / divisor, 3);
    }
}
