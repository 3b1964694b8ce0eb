package io.rootstock.tokenizer.dataset;

import static io.rootstock.tokenizer.dataset.DatasetFixture.inOrder;
import static io.rootstock.tokenizer.dataset.DatasetFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.LongRowHandling;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms of rows and the options that read them. */
class RowFormsTest {
    private static final DatasetKind INSTRUCTION = DatasetKind.DATASET_KIND_INSTRUCTION;
    private static final DatasetKind CLASSIFICATION = DatasetKind.DATASET_KIND_CLASSIFICATION;
    private static final DatasetKind PREFERENCE = DatasetKind.DATASET_KIND_PREFERENCE;

    @TempDir
    private Path folder;

    private DatasetFixture data;

    @BeforeEach
    void open() {
        data = new DatasetFixture(folder);
    }

    @Test
    void fieldRolesThatTheKindDoesNotUseAreRefusedByName() {
        String rows = "{\"text\": \"a\", \"label\": \"b\", \"input\": \"c\"}\n";
        assertThat(data.refusal(
                        "fields.input",
                        request(CLASSIFICATION)
                                .setFields(FieldNames.newBuilder()
                                        .setInput("question")
                                        .setText("text")),
                        "a.jsonl",
                        rows))
                .contains("is not a role of CLASSIFICATION rows, whose roles are text, label")
                .contains("leave out 'input=question'")
                .doesNotContain("fields.text");
        open();
        assertThat(data.refusal(
                        "fields.label",
                        request(DatasetKind.DATASET_KIND_PRETRAINING)
                                .setFields(FieldNames.newBuilder().setLabel("l").setPrompt("p")),
                        "a.jsonl",
                        rows))
                .contains("fields.prompt: ");
        open();
        data.refusal(
                "fields.output",
                request(PREFERENCE).setFields(FieldNames.newBuilder().setOutput("o")),
                "a.jsonl",
                rows);
        open();
        assertThat(data.refusal(
                        "fields.instruction",
                        request(PREFERENCE)
                                .setFields(
                                        FieldNames.newBuilder().setPrompt("p").setInstruction("i")),
                        "a.jsonl",
                        rows))
                .contains("name prompt or instruction");
    }

    @Test
    void optionsThatNoFileUsesAreRefused() {
        String why = "applies to .csv and .tsv files only";
        assertThat(data.refusal("columns", request(CLASSIFICATION).setColumns("label,text"), "a.jsonl", "{}"))
                .contains(why);
        open();
        assertThat(data.refusal("delimiter", request(CLASSIFICATION).setDelimiter(";"), "a.jsonl", "{}"))
                .contains(why);
        open();
        data.refusal("delimiter", request(CLASSIFICATION).setDelimiter("ab"), "a.csv", "");
        open();
        data.refusal("max_tokens", request(DatasetKind.DATASET_KIND_PRETRAINING).setMaxTokens(64), "a.txt", "a");
        open();
        PrepareDatasetRequest.Builder request = request(CLASSIFICATION);
        data.source(request, data.file("a.txt", "a"), DatasetSource.newBuilder().setEncoding("klingon"));
        assertThat(data.refusal("sources[0].encoding", request)).contains("unknown encoding 'klingon'");
    }

    @Test
    void anAlpacaPreferenceHasInstructionAndInputInItsPrompt() {
        String rows = """
                {"instruction": "Add", "input": "2+2", "chosen": "4", "rejected": "5"}
                {"instruction": "Add", "input": "", "chosen": "4", "rejected": "5"}
                """;
        Dataset dataset = data.prepare(inOrder(PREFERENCE), "a.jsonl", rows);
        assertThat(data.marked(dataset, "train"))
                .first()
                .isEqualTo(chat("Add\n\n2+2", "[4][<|im_end|>]") + chat("Add\n\n2+2", "{5}{<|im_end|>}"));
        assertThat(data.marked(dataset, "train").getLast()).contains("user\nAdd<|im_end|>");
    }

    @Test
    void aNamedPromptKeepsTheInputToo() {
        PrepareDatasetRequest.Builder request = inOrder(PREFERENCE)
                .setFields(FieldNames.newBuilder().setPrompt("instruction").setInput("context"));
        Dataset dataset = data.prepare(
                request,
                "a.jsonl",
                "{\"instruction\": \"Add\", \"context\": \"2+2\", \"chosen\": \"4\", \"rejected\": \"5\"}\n");
        assertThat(data.marked(dataset, "train").getFirst()).contains("user\nAdd\n\n2+2<|im_end|>");
    }

    @Test
    void aPreferenceOfOpenAiContinuesTheMessagesOfItsPrompt() {
        FieldNames.Builder names = FieldNames.newBuilder()
                .setPrompt("input")
                .setChosen("preferred_output")
                .setRejected("non_preferred_output");
        Dataset continued = data.prepare(inOrder(PREFERENCE).setFields(names), "openai.jsonl", """
                {"input": {"messages": [{"role": "user", "content": "Hi"}], "tools": [], "parallel_tool_calls": true}, \
                "preferred_output": [{"role": "assistant", "content": "Ho"}], \
                "non_preferred_output": [{"role": "assistant", "content": "No"}]}
                """);
        assertThat(data.marked(continued, "train"))
                .containsExactly(chat("Hi", "[Ho][<|im_end|>]") + chat("Hi", "{No}{<|im_end|>}"));
    }

    @Test
    void aPreferenceWithTwoQuestionsIsRefused() {
        assertThat(data.refusal(
                        "sources",
                        inOrder(PREFERENCE),
                        "a.jsonl",
                        "{\"prompt\": \"a\", \"instruction\": \"b\", \"chosen\": \"4\", \"rejected\": \"5\"}\n"))
                .contains("a.jsonl:1: has both fields 'prompt' and 'instruction'");
    }

    @Test
    void lineAlignedFilesAreInstructionRows() {
        PrepareDatasetRequest.Builder request = inOrder(INSTRUCTION);
        data.source(
                        request,
                        data.file("en.txt", "a house\n\n").withOutputs(data.file("de.txt", "ein Haus\n\n")),
                        DatasetSource.newBuilder().setOutputDigest("x").setInstruction("Translate."))
                .source(
                        request,
                        data.file("b.txt", "one").withOutputs(data.file("c.txt", "eins")),
                        DatasetSource.newBuilder().setOutputDigest("x"));
        assertThat(data.marked(data.prepare(request), "train"))
                .containsExactly(
                        chat("Translate.\n\na house", "[ein Haus][<|im_end|>]"), chat("one", "[eins][<|im_end|>]"));
    }

    @Test
    void lineAlignedFilesMustHaveEqualLinesAndBeText() {
        PrepareDatasetRequest.Builder request = inOrder(INSTRUCTION).setMaximumRefusedRows(-1);
        DatasetSource.Builder source = DatasetSource.newBuilder().setOutputDigest("x");
        data.source(request, data.file("en.txt", "a\nb\n").withOutputs(data.file("de.txt", "a\n")), source);
        assertThat(data.refusal("sources[0]", request)).contains("en.txt has 2 lines, de.txt has 1");
        open();
        PrepareDatasetRequest.Builder other = request(CLASSIFICATION);
        data.source(other, data.file("en.txt", "a\n").withOutputs(data.file("de.txt", "a\n")), source);
        assertThat(data.refusal("sources[0].output_digest", other)).contains("is for INSTRUCTION only");
        open();
        PrepareDatasetRequest.Builder jsonl = inOrder(INSTRUCTION);
        data.source(jsonl, data.file("en.jsonl", "{}\n").withOutputs(data.file("de.txt", "a\n")), source);
        assertThat(data.refusal("sources[0].output_digest", jsonl)).contains("must be .txt files");
        open();
        PrepareDatasetRequest.Builder alone = inOrder(INSTRUCTION);
        data.source(alone, data.file("en.txt", "a"), DatasetSource.newBuilder().setInstruction("Do"));
        assertThat(data.refusal("sources[0].instruction", alone)).contains("requires output_digest");
    }

    @Test
    void aFilePerClassLabelsItsLines() {
        PrepareDatasetRequest.Builder request = inOrder(CLASSIFICATION);
        data.source(
                        request,
                        data.file("pos.txt", "good\n\nvery good\n"),
                        DatasetSource.newBuilder().setLabel("positive"))
                .source(
                        request,
                        data.file("neg.jsonl", "{\"text\": \"bad\"}\n"),
                        DatasetSource.newBuilder().setLabel("negative"));
        Dataset dataset = data.prepare(request);
        assertThat(dataset.getLabelsList()).containsExactly("negative", "positive");
        assertThat(data.rows(dataset, ReadDatasetRowsRequest.newBuilder().setSplit("train")).stream()
                        .map(row -> row.getLabel() + " " + row.getSegments(1).getText()))
                .containsExactly("positive good", "positive very good", "negative bad");
        open();
        PrepareDatasetRequest.Builder conflict = inOrder(CLASSIFICATION);
        data.source(
                conflict,
                data.file("pos.jsonl", "{\"text\": \"a\", \"label\": \"neg\"}\n"),
                DatasetSource.newBuilder().setLabel("pos"));
        assertThat(data.refusal("sources", conflict)).contains("has the label 'neg', its source has the label 'pos'");
        open();
        PrepareDatasetRequest.Builder instruction = inOrder(INSTRUCTION);
        data.source(
                instruction,
                data.file("pos.txt", "a"),
                DatasetSource.newBuilder().setLabel("pos"));
        data.refusal("sources[0].label", instruction);
    }

    @Test
    void encodingAndDelimiterAreRead() {
        PrepareDatasetRequest.Builder request = inOrder(CLASSIFICATION).setDelimiter(";");
        data.source(
                request,
                data.file("a.csv", "label;text\nja;Käse, alt\nnein;Öl\n".getBytes(StandardCharsets.ISO_8859_1)),
                DatasetSource.newBuilder().setEncoding("ISO-8859-1"));
        assertThat(data.marked(data.prepare(request), "train"))
                .containsExactly("<|begin_of_text|>Käse, alt", "<|begin_of_text|>Öl");
    }

    @Test
    void anUnreadableRestIsRefusedWhateverTheLimit() {
        String rows = "label,text\n" + "ham,row\n".repeat(99) + "ham,\"open\n" + "ham,row\n".repeat(9_900);
        assertThat(data.refusal("sources[0]", inOrder(CLASSIFICATION).setMaximumRefusedRows(-1), "a.csv", rows))
                .contains("a.csv:101: a quoted value of this row is not closed before the end of the file")
                .endsWith("Nothing after this line was read");
    }

    @Test
    void longRowsAreTruncatedOnRequest() {
        String rows = """
                {"instruction": "a", "output": "0123456789012345678901234567890123456789"}
                {"instruction": "a", "output": "b"}
                """;
        int prompt = "[BOS][START]user\na[END]\n[START]assistant\n"
                .replaceAll("\\[[A-Z]+]", "_")
                .length();
        PrepareDatasetRequest.Builder request = inOrder(INSTRUCTION).setMaxTokens(prompt + 5);
        assertThat(data.refusal("sources", request, "a.jsonl", rows))
                .contains("a.jsonl:1: the example has " + (prompt + 42) + " tokens, max_tokens is " + (prompt + 5))
                .contains("1 row is refused");
        open();
        PrepareDatasetRequest.Builder truncating =
                inOrder(INSTRUCTION).setMaxTokens(prompt + 5).setLongRows(LongRowHandling.LONG_ROW_HANDLING_TRUNCATE);
        Dataset dataset = data.prepare(truncating, "a.jsonl", rows);
        assertThat(data.marked(dataset, "train").getFirst()).endsWith("<|im_start|>assistant\n[01234]");
        assertThat(dataset.getSplits(0).getBytes()).isEqualTo(6);
        assertThat(dataset.getWarningsList())
                .containsExactly(
                        "1 row was truncated to max_tokens " + (prompt + 5) + "; raise it to keep the whole text");
        open();
        assertThat(data.refusal("sources", truncating.clearSources().setMaxTokens(prompt - 3), "a.jsonl", rows))
                .contains("the answer begins after max_tokens " + (prompt - 3));
    }

    @Test
    void longPreferencesAndTextsAreTruncatedOrRefused() {
        String pair = "{\"prompt\": \"a\", \"chosen\": \"" + "x".repeat(50) + "1\", \"rejected\": \"" + "x".repeat(50)
                + "2\"}\n";
        PrepareDatasetRequest.Builder request =
                inOrder(PREFERENCE).setMaxTokens(64).setLongRows(LongRowHandling.LONG_ROW_HANDLING_TRUNCATE);
        assertThat(data.refusal("sources", request, "a.jsonl", pair)).contains("are the same after truncation");
        open();
        Dataset kept = data.prepare(
                request.clearSources(), "a.jsonl", pair.replace("\"xx", "\"yx").replaceFirst("\"yx", "\"xx"));
        assertThat(kept.getSplits(0).getRows()).isEqualTo(1);
        assertThat(kept.getSplits(0).getTokens()).isEqualTo(128);
        assertThat(kept.getWarnings(0)).startsWith("1 row was truncated");
        open();
        String texts = "{\"text\": \"ééééééééé\", \"label\": \"a\"}\n{\"text\": \"b\", \"label\": \"b\"}\n";
        Dataset cut = data.prepare(inOrder(CLASSIFICATION).setMaxTokens(9), "a.jsonl", texts);
        assertThat(data.marked(cut, "train").getFirst()).isEqualTo("<|begin_of_text|>éééé");
        assertThat(cut.getWarnings(0)).startsWith("1 row was truncated to max_tokens 9");
        open();
        assertThat(data.refusal(
                        "sources",
                        inOrder(CLASSIFICATION).setMaxTokens(9).setLongRows(LongRowHandling.LONG_ROW_HANDLING_REJECT),
                        "a.jsonl",
                        texts))
                .contains("a.jsonl:1: the example has 19 tokens, max_tokens is 9");
    }

    /** A rendered conversation of one question with its marked answer. */
    private static String chat(String question, String answer) {
        return """
                <|begin_of_text|><|im_start|>user
                %s<|im_end|>
                <|im_start|>assistant
                %s
                """.formatted(question, answer);
    }
}
