package io.rootstock.tokenizer.dataset;

import static io.rootstock.tokenizer.dataset.DatasetFixture.inOrder;
import static io.rootstock.tokenizer.dataset.DatasetFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.FieldNames;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.RowShape;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shapes that files have: detected and reported, or refused with file, line, reason and remedy. */
class RowShapesTest {
    private static final DatasetKind UNKNOWN = DatasetKind.DATASET_KIND_UNSPECIFIED;
    private static final DatasetKind INSTRUCTION = DatasetKind.DATASET_KIND_INSTRUCTION;
    private static final DatasetKind PREFERENCE = DatasetKind.DATASET_KIND_PREFERENCE;

    @TempDir
    private Path folder;

    private DatasetFixture data;

    @BeforeEach
    void open() {
        data = new DatasetFixture(folder);
    }

    @Test
    void alpacaRowsKeepSystemPromptAndHistory() {
        Dataset dataset = data.prepare(inOrder(UNKNOWN), "a.jsonl", """
                {"instruction": "Add.", "input": "2 and 2", "output": "4", "system": "Be brief.", \
                "history": [["Hi", "Ho"]], "source": "x"}
                {"instruction": "Name a colour.", "output": "red"}
                """);
        assertThat(dataset.getKind()).isEqualTo(INSTRUCTION);
        assertThat(data.shapes())
                .containsExactly("ALPACA: rows 1-2 have the fields instruction, input, output, system, history;"
                        + " not read: source");
        assertThat(data.marked(dataset, "train"))
                .containsExactly(
                        "<|begin_of_text|>" + turn("system", "Be brief.") + turn("user", "Hi") + answer("Ho")
                                + turn("user", "Add.\n\n2 and 2") + answer("4"),
                        "<|begin_of_text|>" + turn("user", "Name a colour.") + answer("red"));
        assertThat(dataset.getShapes(0).getShape()).isEqualTo(RowShape.ROW_SHAPE_ALPACA);
        assertThat(dataset.getShapes(0).getFile()).isEqualTo("a.jsonl");
    }

    @Test
    void messagesMayHaveToolsCallsResultsAndTextParts() {
        Dataset dataset = data.prepare(inOrder(UNKNOWN).setMaxTokens(4000), "a.jsonl", """
                {"messages": [{"role": "developer", "content": "Be brief."}, \
                {"role": "user", "content": [{"type": "text", "text": "Weather"}, {"type": "text", "text": "in Bern?"}]}, \
                {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "type": "function", \
                "function": {"name": "weather", "arguments": "{\\"city\\": \\"Bern\\"}"}}]}, \
                {"role": "tool", "tool_call_id": "c1", "content": "12 C"}, \
                {"role": "assistant", "content": "Cold."}], \
                "tools": [{"type": "function", "function": {"name": "weather", "description": "Looks.", \
                "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}], \
                "parallel_tool_calls": false}
                """);
        assertThat(data.shapes())
                .containsExactly("MESSAGES: row 1 has the fields messages with role and content, tools;"
                        + " not read: parallel_tool_calls");
        assertThat(data.marked(dataset, "train").getFirst())
                .startsWith("<|begin_of_text|><|im_start|>system\nBe brief.\n\nYou may call functions")
                .contains("{\"name\": \"weather\", \"description\": \"Looks.\", \"parameters\": ")
                .contains(turn("user", "Weather\nin Bern?"))
                .contains(answer(
                        "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Bern\"}}\n</tool_call>"))
                .contains(turn("user", "<tool_response>\n12 C\n</tool_response>"))
                .endsWith(answer("Cold."));
        assertThat(dataset.getSplits(0).getBytes())
                .isEqualTo(
                        "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Bern\"}}\n</tool_call>Cold."
                                .length());
    }

    @Test
    void olderFunctionCallsAreToolCalls() {
        Dataset older = data.prepare(inOrder(INSTRUCTION).setMaxTokens(4000), "a.jsonl", """
                {"messages": [{"role": "user", "content": "Now?"}, \
                {"role": "assistant", "function_call": {"name": "clock", "arguments": "{}"}}, \
                {"role": "function", "name": "clock", "content": "noon"}, {"role": "assistant", "content": "Noon."}], \
                "functions": [{"name": "clock", "parameters": {"type": "object", "properties": {}}}]}
                """);
        assertThat(data.marked(older, "train").getFirst())
                .contains(answer("<tool_call>\n{\"name\": \"clock\", \"arguments\": {}}\n</tool_call>"))
                .contains("<tool_response>\nnoon\n</tool_response>");
    }

    @Test
    void shareGptRowsMayHaveFunctionCallsAndObservations() {
        Dataset dataset = data.prepare(inOrder(UNKNOWN).setMaxTokens(4000), "a.json", """
                [{"conversations": [{"from": "human", "value": "Now?"}, \
                {"from": "function_call", "value": "{\\"name\\": \\"clock\\", \\"arguments\\": {\\"zone\\": \\"UTC\\"}}"}, \
                {"from": "observation", "value": "noon"}, {"from": "gpt", "value": "Noon."}], \
                "system": "Be brief.", "tools": "[{\\"name\\": \\"clock\\", \\"description\\": \\"\\", \
                \\"parameters\\": {\\"type\\": \\"object\\"}}]"},
                {"conversations": [{"from": "system", "value": "s"}, {"from": "user", "value": "a"}, \
                {"from": "gpt", "value": "b"}], "tools": ""}]
                """);
        assertThat(data.shapes())
                .containsExactly("SHAREGPT: rows 1-2 have the fields conversations with from and value, system, tools");
        assertThat(data.marked(dataset, "train").getFirst())
                .startsWith("<|begin_of_text|><|im_start|>system\nBe brief.\n\nYou may call functions")
                .contains(
                        answer("<tool_call>\n{\"name\": \"clock\", \"arguments\": {\"zone\": \"UTC\"}}\n</tool_call>"))
                .contains(turn("user", "<tool_response>\nnoon\n</tool_response>"))
                .endsWith(answer("Noon."));
        assertThat(data.marked(dataset, "train").getLast())
                .isEqualTo("<|begin_of_text|>" + turn("system", "s") + turn("user", "a") + answer("b"));
    }

    @Test
    void badMessagesAreBadRowsByFileLineAndReason() {
        String good =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}\n";
        String message = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", %s}]}\n";
        Dataset dataset = data.prepare(
                inOrder(INSTRUCTION).setMaximumRefusedRows(-1),
                "a.jsonl",
                good
                        + message.formatted("\"content\": \"Ho\", \"weight\": 0")
                        + message.formatted("\"content\": [{\"type\": \"image_url\"}]")
                        + message.formatted("\"tool_calls\": [{\"function\": {\"name\": \"f\", \"arguments\": \"{\"}}]")
                        + message.formatted("\"tool_calls\": [{\"id\": \"1\"}]")
                        + "{\"messages\": [{\"role\": \"tool\", \"content\": \"x\"}, {\"role\": \"assistant\", \"content\": \"y\"}]}\n"
                        + good.replace("]}", "], \"tools\": [{\"type\": \"retrieval\"}]}")
                        + "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}\n"
                        + "{\"messages\": \"x\"}\n"
                        + "{\"conversations\": []}\n"
                        + "{\"text\": \"x\"}\n");
        assertThat(dataset.getSplits(0).getRows()).isEqualTo(1);
        assertThat(dataset.getRefusedRowsList().stream()
                        .map(row -> row.getFile() + ":" + row.getLine() + ": " + row.getReason()))
                .containsExactly(
                        "a.jsonl:2: message 2 of field 'messages' has a weight other than 1, which training rows cannot"
                                + " have yet; remove it or the message",
                        "a.jsonl:3: message 2 of field 'messages' has a part of type 'image_url'; training reads text only:"
                                + " remove it or the row",
                        "a.jsonl:4: messages[1].tool_calls[0].arguments must be a JSON object in a text",
                        "a.jsonl:5: message 2 of field 'messages', call 1 has a call without a function name; write"
                                + " {\"name\": ..., \"arguments\": {...}}",
                        "a.jsonl:6: message 1 of field 'messages' is the result of a call, but no call before it lacks one;"
                                + " add the call, or remove the message",
                        "a.jsonl:7: tool 1 of field 'tools' is of type 'retrieval'; only functions can be called",
                        "a.jsonl:8: field 'messages' has no message of role assistant with content, so there is nothing to"
                                + " learn",
                        "a.jsonl:9: has a field 'messages' that is not a list of messages",
                        "a.jsonl:10: has no field 'messages' (it has conversations); name the field in the request",
                        "a.jsonl:11: has no field 'messages' (it has text); name the field in the request");
        assertThat(data.shapes())
                .containsExactly(
                        "MESSAGES: rows 1-11 have the fields messages with role and content, tools, except 3, the"
                                + " first in line 9");
    }

    @Test
    void labelledRowsAreFoundByTheNamesOfTheirColumns() {
        Dataset dataset = data.prepare(inOrder(UNKNOWN), "a.csv", "id,review,sentiment\n1,good,pos\n2,bad,neg\n");
        assertThat(dataset.getKind()).isEqualTo(DatasetKind.DATASET_KIND_CLASSIFICATION);
        assertThat(dataset.getLabelsList()).containsExactly("neg", "pos");
        assertThat(data.shapes())
                .containsExactly("TEXT_LABEL: rows 1-2 have the fields review, sentiment; not read: id");
        open();
        assertThat(data.refusal("sources[0]", inOrder(UNKNOWN), "a.csv", "sentence,category,intent\na,b,c\n"))
                .contains("a.csv:2: the row fits text-label (sentence, category), and text-label (sentence, intent);"
                        + " state the shape of the file or name its fields");
        open();
        data.prepare(
                inOrder(UNKNOWN).setFields(FieldNames.newBuilder().setLabel("intent")),
                "a.csv",
                "sentence,category,intent\na,b,c\nd,b,e\n");
        assertThat(data.shapes().getFirst()).startsWith("TEXT_LABEL: rows 1-2 have the fields sentence, intent");
    }

    @Test
    void otherNamesOfInstructionRowsAreKnown() {
        Dataset dataset = data.prepare(inOrder(UNKNOWN), "dolly.jsonl", """
                {"instruction": "Which?", "context": "a or b", "response": "a", "category": "qa"}
                {"instruction": "Which?", "context": "", "response": "b", "category": "qa"}
                """);
        assertThat(data.shapes())
                .containsExactly("ALPACA: rows 1-2 have the fields instruction, context, response; not read: category");
        assertThat(data.marked(dataset, "train").getFirst())
                .isEqualTo("<|begin_of_text|>" + turn("user", "Which?\n\na or b") + answer("a"));
        open();
        data.prepare(inOrder(UNKNOWN), "trl.jsonl", "{\"prompt\": \"a\", \"completion\": \"b\"}\n");
        assertThat(data.shapes()).containsExactly("ALPACA: row 1 has the fields prompt, completion");
    }

    @Test
    void textsAreDocumentsAndTextFilesHaveNoFields() {
        Dataset dataset = data.prepare(inOrder(UNKNOWN), "a.jsonl", "{\"text\": \"some text\"}\n");
        assertThat(dataset.getKind()).isEqualTo(DatasetKind.DATASET_KIND_PRETRAINING);
        assertThat(data.shapes()).containsExactly("TEXT: row 1 has the field text");
        open();
        data.prepare(inOrder(UNKNOWN), "a.txt", "some text\n");
        assertThat(data.shapes()).containsExactly("TEXT: a text file has no fields");
    }

    @Test
    void preferencesContinueOrRepeatTheirPrompt() {
        Dataset dataset = data.prepare(inOrder(UNKNOWN), "a.jsonl", """
                {"prompt": "Hi", "chosen": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "a"}], \
                "rejected": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "b"}], "score": 1}
                {"prompt": "Hi", "chosen": [{"role": "assistant", "content": "a"}], "rejected": [{"role": "assistant", "content": "b"}]}
                {"prompt": [{"role": "user", "content": "Hi"}], "chosen": [{"role": "assistant", "content": "a"}], \
                "rejected": [{"role": "assistant", "content": "b"}]}
                {"prompt": [{"role": "user", "content": "Hi"}], "chosen": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "a"}], \
                "rejected": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "b"}]}
                {"conversations": [{"from": "human", "value": "Hi"}], "chosen": {"from": "gpt", "value": "a"}, \
                "rejected": {"from": "gpt", "value": "b"}}
                """);
        assertThat(dataset.getKind()).isEqualTo(PREFERENCE);
        assertThat(data.shapes())
                .containsExactly(
                        "PREFERENCE_MESSAGES: rows 1-5 have the fields prompt, chosen, rejected, conversations;"
                                + " not read: score");
        String prompt = "<|begin_of_text|>" + turn("user", "Hi");
        assertThat(data.marked(dataset, "train"))
                .hasSize(5)
                .containsOnly(prompt
                        + answer("a")
                        + prompt
                        + answer("b").replace('[', '{').replace(']', '}'));
    }

    @Test
    void preferencesWithoutOnePromptAreBadRows() {
        String assistant = "[{\"role\": \"assistant\", \"content\": \"%s\"}]";
        String asked = "[{\"role\": \"user\", \"content\": \"%s\"}, {\"role\": \"assistant\", \"content\": \"%s\"}]";
        assertThat(data.refusal(
                        "sources",
                        inOrder(PREFERENCE),
                        "a.jsonl",
                        "{\"prompt\": \"Hi\", \"chosen\": " + asked.formatted("Bye", "a") + ", \"rejected\": "
                                + asked.formatted("Bye", "b") + "}\n{\"chosen\": " + asked.formatted("x", "a")
                                + ", \"rejected\": " + asked.formatted("y", "b") + "}\n{\"chosen\": "
                                + assistant.formatted("a") + ", \"rejected\": " + assistant.formatted("b") + "}\n"))
                .contains(
                        "a.jsonl:1: the text of field 'prompt' is not a message of field 'chosen'; remove one of the prompts")
                .contains("a.jsonl:2: the chosen and the rejected conversation begin with different messages")
                .contains("a.jsonl:3: has no field 'prompt'");
    }

    @Test
    void mixedAndAmbiguousFilesAreRefusedUnlessTheShapeIsStated() {
        String alpaca = "{\"instruction\": \"a\", \"output\": \"b\"}\n";
        String messages =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}, {\"role\": \"assistant\", \"content\": \"b\"}]}\n";
        assertThat(data.refusal("sources[0]", inOrder(INSTRUCTION), "a.jsonl", alpaca + "\n" + messages))
                .contains("a.jsonl:3: the row is of the shape messages (messages), but line 1 is of the shape alpaca"
                        + " (instruction, output); give each shape a file of its own, or state the shape of the file or"
                        + " name its fields");
        open();
        String both = alpaca.replace("}\n", ", ") + messages.substring(1);
        assertThat(data.refusal("sources[0]", inOrder(INSTRUCTION), "a.jsonl", both))
                .contains("a.jsonl:1: the row fits messages (messages), and alpaca (instruction, output); state");
        open();
        PrepareDatasetRequest.Builder stated = inOrder(UNKNOWN);
        data.source(
                stated, data.file("a.jsonl", both), DatasetSource.newBuilder().setShape(RowShape.ROW_SHAPE_ALPACA));
        assertThat(data.prepare(stated).getKind()).isEqualTo(INSTRUCTION);
        assertThat(data.shapes()).containsExactly("ALPACA: the request states it");
        open();
        PrepareDatasetRequest.Builder mixed = inOrder(INSTRUCTION).setMaximumRefusedRows(1);
        data.source(
                mixed,
                data.file("a.jsonl", alpaca + messages),
                DatasetSource.newBuilder().setShape(RowShape.ROW_SHAPE_ALPACA));
        assertThat(data.prepare(mixed).getRefusedRows(0).getReason())
                .isEqualTo(
                        "is of the shape OpenAI messages, but its file is of the shape Alpaca; move it to a file of its own");
    }

    @Test
    void aRowOfAnotherShapeAfterTheFirstHundredIsABadRow() {
        String rows = IntStream.rangeClosed(1, 150)
                .mapToObj(row -> row == 120
                        ? "{\"conversations\": [{\"from\": \"human\", \"value\": \"a\"}, {\"from\": \"gpt\", \"value\": \"b\"}]}\n"
                        : "{\"instruction\": \"a\", \"output\": \"b" + row + "\"}\n")
                .collect(Collectors.joining());
        assertThat(data.refusal("sources", inOrder(INSTRUCTION), "a.jsonl", rows))
                .contains("1 row is refused")
                .contains("a.jsonl:120: is of the shape ShareGPT, but its file is of the shape Alpaca");
        assertThat(data.shapes()).containsExactly("ALPACA: rows 1-100 have the fields instruction, output");
    }

    @Test
    void aKindThatNoRowShowsMustBeStated() {
        assertThat(data.refusal("sources[0]", inOrder(UNKNOWN), "a.jsonl", "{\"a\": 1, \"b\": 2}\n"))
                .contains(
                        "a.jsonl:1: the row fits no shape; its fields are a, b; state the kind, or state the shape of the"
                                + " file or name its fields");
        open();
        assertThat(data.refusal("sources[0]", inOrder(UNKNOWN), "a.jsonl", "\n"))
                .contains("a.jsonl: the file has no row that shows its shape; state the kind");
        open();
        PrepareDatasetRequest.Builder request = inOrder(UNKNOWN);
        data.source(request, data.file("a.jsonl", "{\"text\": \"a\"}\n"), DatasetSource.newBuilder())
                .source(
                        request,
                        data.file("b.jsonl", "{\"instruction\": \"a\", \"output\": \"b\"}\n"),
                        DatasetSource.newBuilder());
        assertThat(data.refusal("sources[1]", request))
                .contains("b.jsonl has rows of kind INSTRUCTION, but a.jsonl has rows of kind PRETRAINING");
        open();
        PrepareDatasetRequest.Builder shape = request(INSTRUCTION);
        data.source(
                shape,
                data.file("c.jsonl", "{}\n"),
                DatasetSource.newBuilder().setShape(RowShape.ROW_SHAPE_TEXT_LABEL));
        assertThat(data.refusal("sources[0].shape", shape))
                .contains("text with label is a shape of CLASSIFICATION rows, the kind is INSTRUCTION");
        open();
        PrepareDatasetRequest.Builder alone = request(INSTRUCTION);
        data.source(
                alone, data.file("d.txt", "a\n"), DatasetSource.newBuilder().setShape(RowShape.ROW_SHAPE_LINE_ALIGNED));
        assertThat(data.refusal("sources[0].shape", alone)).contains("LINE_ALIGNED requires output_digest");
    }

    @Test
    void anOptionOfAnotherKindIsRefusedOnceTheKindIsKnown() {
        assertThat(data.refusal(
                        "balance_classes",
                        inOrder(UNKNOWN).setBalanceClasses(true),
                        "a.jsonl",
                        "{\"instruction\": \"a\", \"output\": \"b\"}\n"))
                .contains("is for CLASSIFICATION only");
    }

    private static String turn(String role, String content) {
        return "<|im_start|>" + role + "\n" + content + "<|im_end|>\n";
    }

    private static String answer(String content) {
        return "<|im_start|>assistant\n[" + content + "][<|im_end|>]\n";
    }
}
