package io.rootstock.cli.command.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.command.data.DataReportCommand.CompressionTable;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.OutputFormat;
import io.rootstock.cli.display.TerminalWidth;
import io.rootstock.tokenizer.v1.CorpusReport;
import io.rootstock.tokenizer.v1.CorpusSource;
import io.rootstock.tokenizer.v1.TokenizerSample;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class CompressionTableTest {
    @Test
    void tokenizersOfEachSourceAreComparedByBytesPerTokenAndTokensPerByte() {
        String text = printed(CorpusReport.newBuilder()
                .addSources(CorpusSource.newBuilder()
                        .setName("web")
                        .addSamples(sample("tokenizers/prose", 1000, 200))
                        .addSamples(sample("r50k", 1000, 250)))
                .build());
        assertThat(text.lines().map(line -> line.strip().split(" {2,}", -1)).toList())
                .contains(
                        new String[] {"source", "sample", "tokenizer", "tokens", "bytes per token", "tokens per byte"},
                        new String[] {"web", "1.00 kB", "tokenizers/prose", "200", "5.000", "0.200"},
                        new String[] {"web", "1.00 kB", "r50k", "250", "4.000", "0.250"});
    }

    @Test
    void nothingIsPrintedWithoutATokenizer() {
        assertThat(printed(CorpusReport.newBuilder()
                        .addSources(CorpusSource.newBuilder().setName("web"))
                        .build()))
                .isEmpty();
    }

    private static TokenizerSample sample(String tokenizer, long bytes, long tokens) {
        return TokenizerSample.newBuilder()
                .setTokenizer(tokenizer)
                .setBytes(bytes)
                .setTokens(tokens)
                .build();
    }

    private static String printed(CorpusReport report) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        CompressionTable.print(new Console(writer, writer, OutputFormat.TABLE, false, TerminalWidth.UNLIMITED), report);
        writer.flush();
        return out.toString();
    }
}
