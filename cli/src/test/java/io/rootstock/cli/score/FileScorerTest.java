package io.rootstock.cli.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.cli.error.CliException;
import io.rootstock.cli.evaluation.Records;
import io.rootstock.evaluation.statistic.Bootstrap;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileScorerTest {
    private static final Bootstrap BOOTSTRAP = new Bootstrap(500, 1234, 0.95);

    @TempDir
    private Path folder;

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static List<FileScore> fields(Path file, FileMetric... metrics) {
        return scorer(metrics).fields(file, "expected", "predicted");
    }

    private static FileScorer scorer(FileMetric... metrics) {
        return new FileScorer(List.of(metrics), _ -> BOOTSTRAP, _ -> {});
    }

    @Test
    void labelsAreScoredByAccuracyAndMacroF1() throws IOException {
        Path file = file("p.csv", "id,expected,predicted\n1,spam,spam\n2,ham,spam\n3,ham,ham\n4,\"a,b\",ham\n");
        List<FileScore> scores = fields(file, FileMetric.ACCURACY, FileMetric.MACRO_F1);
        assertThat(scores).extracting(FileScore::metric).containsExactly("accuracy", "macro-f1");
        assertThat(scores.getFirst().estimate().value()).isEqualTo(0.5);
        assertThat(scores.getFirst().signature()).isEqualTo("nrefs:1|norm:none");
        assertThat(scores.getFirst().rows()).isEqualTo(4);
        assertThat(scores.getFirst().estimate().interval().contains(0.5)).isTrue();
        // spam 2/3, ham 1/2, "a,b" 0.
        assertThat(scores.getLast().estimate().value()).isEqualTo((2.0 / 3 + 0.5) / 3, within(1e-12));
        assertThat(scores.getLast().signature()).isEqualTo("classes:3");
    }

    @Test
    void columnsKeepTheirTexts() throws IOException {
        Path file = file("p.tsv", "expected\tpredicted\n007\t7\n1.0\t1\n\"a\t\"a\nb\tb\n");
        assertThat(fields(file, FileMetric.ACCURACY).getFirst().estimate().value())
                .isEqualTo(0.5);
    }

    @Test
    void linesAreScoredAgainstSeveralReferences() throws IOException {
        // The example of sacreBLEU's README.
        Path output = file("out.de", "The dog bit the man.\nIt wasn't surprising.\nThe man had just bitten him.\n");
        Path first = file("ref1.de", "The dog bit the man.\nIt was not unexpected.\nThe man bit him first.\n");
        Path second = file("ref2.de", "The dog had bit the man.\nNo one was surprised.\nThe man had bitten the dog.\n");
        List<FileScore> scores = scorer(FileMetric.BLEU, FileMetric.CHRF).lines(output, List.of(first, second));
        assertThat(scores.getFirst().estimate().value()).isEqualTo(48.530827, within(1e-6));
        assertThat(scores.getFirst().signature()).isEqualTo("nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp");
        assertThat(scores.getLast().signature()).isEqualTo("nrefs:2|case:mixed|eff:yes|nc:6|nw:0|space:no");
    }

    @Test
    void answersInJsonHaveListsOfReferences() throws IOException {
        Path file = file("a.jsonl", """
                {"predicted": "The Eiffel tower!", "expected": ["eiffel tower", "tower"]}
                {"predicted": 12, "expected": ["13"]}
                """);
        List<FileScore> scores = fields(file, FileMetric.EM, FileMetric.F1, FileMetric.ROUGE_L);
        assertThat(scores.get(0).estimate().value()).isEqualTo(0.5);
        assertThat(scores.get(1).estimate().value()).isEqualTo(0.5);
        assertThat(scores.get(2).estimate().value()).isEqualTo(0.4, within(1e-12));
        assertThat(scores)
                .extracting(FileScore::signature)
                .containsExactly("nrefs:var|squad:2.0", "nrefs:var|squad:2.0", "nrefs:var|rougeL:f1|stem:no");
    }

    @Test
    void compressedFilesAreRead() throws IOException {
        Path file = folder.resolve("p.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("\uFEFFexpected,predicted\na,a\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(fields(file, FileMetric.ACCURACY).getFirst().estimate().value())
                .isEqualTo(1);
    }

    @Test
    void recordsAreScoredByTheirScoresOrTexts() throws IOException {
        Path file = file(
                "rows.jsonl",
                String.join("\n", Records.WRONG, Records.CORRECT, Records.DOCUMENT, Records.CONTINUATION, ""));
        assertThat(RecordFile.isRecords(file)).isTrue();
        List<FileScore> scores = scorer().records(file);
        assertThat(scores)
                .extracting(score -> score.task() + " " + score.metric())
                .containsExactly("boolq acc", "bits bits_per_byte", "lambada perplexity", "lambada acc");
        assertThat(scores.get(0).estimate().value()).isEqualTo(0.5);
        assertThat(scores.get(0).rows()).isEqualTo(2);
        assertThat(scores.get(1).estimate().value()).isEqualTo(1, within(1e-12));
        assertThat(scores.get(2).estimate().value()).isEqualTo(Math.exp(3.5), within(1e-9));
        Path texts = file("texts.jsonl", Records.TRANSLATION + "\n");
        assertThat(scorer(FileMetric.EM).records(texts).getFirst().task()).isEqualTo("translation");
        assertThat(scorer(FileMetric.EM).records(texts).getFirst().estimate().value())
                .isZero();
        assertThatThrownBy(() -> scorer(FileMetric.EM).records(file))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith(
                        file + ":3: the record of task 'bits' has no generated text and no choice to score");
        assertThatThrownBy(() -> scorer().records(texts))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("hold no scores");
    }

    @Test
    void choicesOfRecordsAreScoredAsClasses() throws IOException {
        Path file = file("choices.jsonl", String.join("\n", Records.WRONG, Records.CORRECT, ""));
        List<FileScore> scores =
                scorer(FileMetric.ACCURACY, FileMetric.MACRO_F1).records(file);
        assertThat(scores)
                .extracting(score -> score.task() + " " + score.metric())
                .containsExactly("boolq accuracy", "boolq macro-f1");
        assertThat(scores.getFirst().estimate().value()).isEqualTo(0.5);
        // yes 2/3, no 0.
        assertThat(scores.getLast().estimate().value()).isEqualTo(1.0 / 3, within(1e-12));
    }

    @Test
    void malformedRowsAreNamedWithFileAndLine() throws IOException {
        Path missing = file("m.jsonl", "{\"expected\": \"a\", \"predicted\": \"b\"}\n\n{\"expected\": \"a\"}\n");
        assertThatThrownBy(() -> fields(missing, FileMetric.CHRF))
                .isInstanceOf(InvalidFileException.class)
                .hasMessage(missing + ":3: the row has no field 'predicted'; its fields: expected\n"
                        + "hint: name the field with --prediction-field FIELD");
        Path none = file("n.jsonl", "{\"expected\": null, \"predicted\": \"b\"}\n");
        assertThatThrownBy(() -> fields(none, FileMetric.CHRF))
                .hasMessageStartingWith(none + ":1: 'expected' is not a text");
        Path empty = file("e.jsonl", "{\"expected\": [], \"predicted\": \"b\"}\n");
        assertThatThrownBy(() -> fields(empty, FileMetric.CHRF))
                .hasMessageStartingWith(empty + ":1: 'expected' is an empty list");
        Path blank = file("blank.tsv", "expected\tpredicted\na\t\n\tb\n");
        assertThatThrownBy(() -> fields(blank, FileMetric.ACCURACY))
                .hasMessageStartingWith(blank + ":3: 'expected' is empty");
        Path broken = file("b.jsonl", "{\"expected\": \"a\", \"predicted\": \"b\"}\n{\n");
        assertThatThrownBy(() -> fields(broken, FileMetric.CHRF)).hasMessageStartingWith(broken + ":2: ");
        Path ragged = file("s.csv", "expected,predicted\na,b\na\n");
        assertThatThrownBy(() -> fields(ragged, FileMetric.CHRF))
                .hasMessageStartingWith(ragged + ":3: the row has 1 values, but the header has 2 columns");
        Path quotes = file("q.csv", "expected,predicted\n\"a,b\n");
        assertThatThrownBy(() -> fields(quotes, FileMetric.CHRF)).hasMessageContaining(quotes + ":2: invalid");
        Path header = file("h.csv", "expected,expected\na,b\n");
        assertThatThrownBy(() -> fields(header, FileMetric.CHRF)).hasMessageStartingWith(header + ":1: column names");
        Path list = file("l.jsonl", "{\"expected\": \"a\", \"predicted\": [\"b\", \"c\"]}\n");
        assertThatThrownBy(() -> fields(list, FileMetric.CHRF))
                .hasMessageStartingWith(list + ":1: 'predicted' is a list");
    }

    @Test
    void unreadableFilesAreRefused() throws IOException {
        assertThatThrownBy(() -> fields(folder.resolve("absent.csv"), FileMetric.CHRF))
                .hasMessage("cannot read " + folder.resolve("absent.csv"));
        Path other = file("x.parquet", "a");
        assertThatThrownBy(() -> fields(other, FileMetric.CHRF)).hasMessage("the format of " + other + " is unknown");
        Path latin = folder.resolve("latin.csv");
        Files.write(latin, "expected,predicted\né,é\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> fields(latin, FileMetric.CHRF)).hasMessage(latin + " is not UTF-8");
        Path empty = file("empty.csv", "");
        assertThatThrownBy(() -> fields(empty, FileMetric.CHRF)).hasMessage(empty + " has no rows");
        Path output = file("two.txt", "a\nb\n");
        Path reference = file("one.txt", "a\n");
        assertThatThrownBy(() -> scorer(FileMetric.CHRF).lines(output, List.of(reference)))
                .hasMessageStartingWith(reference + ":1: the file has 1 lines, but " + output + " has 2");
    }
}
