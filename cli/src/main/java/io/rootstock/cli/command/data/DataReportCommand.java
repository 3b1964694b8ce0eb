package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.display.VisibleText;
import io.rootstock.tokenizer.v1.CorpusReport;
import io.rootstock.tokenizer.v1.CorpusSource;
import io.rootstock.tokenizer.v1.CorpusSplit;
import io.rootstock.tokenizer.v1.CorpusStep;
import io.rootstock.tokenizer.v1.GetCorpusReportRequest;
import io.rootstock.tokenizer.v1.RefusedRecord;
import io.rootstock.tokenizer.v1.RemovedDocument;
import io.rootstock.tokenizer.v1.TokenizerSample;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock data report}. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        header = "Show the documents and bytes that each step of a corpus removed",
        description =
                "Prints documents and bytes before and after each step with the reasons, tokens of each source, its bytes per token beside"
                        + " those of OpenAI's tokenizers, and records that could not be read. --samples also prints up to ten removed documents of each step.",
        footer = {"", "Examples:", "  rootstock data report web", "  rootstock data report web --samples"})
final class DataReportCommand extends ServiceCommand {
    private static final int EXCERPT = 100;

    @Parameters(paramLabel = "CORPUS", description = "Corpus name")
    private String corpus;

    @Option(names = "--samples", description = "Print samples of removed documents")
    private boolean samples;

    @Override
    protected int run(Clients clients, Console console) {
        CorpusReport report = clients.corpora()
                .getCorpusReport(GetCorpusReportRequest.newBuilder()
                        .setName(Names.of("corpora", corpus))
                        .build())
                .getReport();
        console.printJson(report);
        console.print("%s of %s sources in %s"
                .formatted(
                        Format.counted(report.getDocuments(), "document"),
                        Format.bytes(report.getSourceBytes()),
                        Format.counted(report.getUnits(), "unit")));
        Table table = new Table("step", "in", "out", "text in", "text out", "changes");
        for (CorpusStep step : report.getStepsList()) {
            table.row(
                    step.getStep(),
                    Format.count(step.getDocumentsIn()),
                    Format.count(step.getDocumentsOut()),
                    Format.bytes(step.getBytesIn()),
                    Format.bytes(step.getBytesOut()),
                    changes(step));
        }
        table.print(console);
        printSources(console, report);
        CompressionTable.print(console, report);
        printCounts(console, report);
        if (samples) {
            report.getStepsList().forEach(step -> print(console, step));
        }
        return 0;
    }

    private static void printSources(Console console, CorpusReport report) {
        Table table = new Table("source", "split", "documents", "text", "tokens", "bytes per token");
        for (CorpusSource source : report.getSourcesList()) {
            for (CorpusSplit split : source.getSplitsList()) {
                table.row(
                        source.getName(),
                        split.getSplit(),
                        Format.count(split.getDocuments()),
                        Format.bytes(split.getTextBytes()),
                        split.getTokens() == 0 ? "-" : Format.count(split.getTokens()),
                        split.getTokens() == 0 ? "-" : Format.fixed(source.getBytesPerToken(), 2));
            }
        }
        console.print("");
        table.print(console);
    }

    private static String changes(CorpusStep step) {
        return List.of(counts("removed ", step.getRemovedMap()), counts("", step.getEditsMap())).stream()
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("; "));
    }

    private static String counts(String prefix, Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(count -> prefix + count.getKey() + " " + Format.count(count.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static void printCounts(Console console, CorpusReport report) {
        report.getIgnoredMap().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(count ->
                        console.print("without a document: " + count.getKey() + " " + Format.count(count.getValue())));
        if (report.getRefused() > 0) {
            console.print(Format.counted(report.getRefused(), "record") + " could not be read:");
        }
        report.getFirstRefusedList().forEach(record -> print(console, record));
        if (report.getUnreadableRestsCount() > 0) {
            console.print(Format.counted(report.getUnreadableRestsCount(), "file") + " could not be read to the end:");
        }
        report.getUnreadableRestsList().forEach(record -> print(console, record));
    }

    private static void print(Console console, RefusedRecord record) {
        console.print("  " + VisibleText.of(record.getLocation()) + ": " + VisibleText.of(record.getReason()));
    }

    private static void print(Console console, CorpusStep step) {
        if (step.getSamplesCount() > 0) {
            console.print("");
            console.print(step.getStep());
        }
        for (RemovedDocument sample : step.getSamplesList()) {
            String similar = sample.getDuplicateOf().isEmpty() ? "" : ", as " + sample.getDuplicateOf();
            console.print("  " + VisibleText.of(sample.getLocation() + ": " + sample.getReason() + similar));
            console.print("    " + Format.fit(VisibleText.of(sample.getExcerpt()), EXCERPT));
        }
    }

    /** Prints bytes per token, and tokens per byte, of each source's first documents with several tokenizers. */
    static final class CompressionTable {
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
}
