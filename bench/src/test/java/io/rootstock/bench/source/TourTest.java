package io.rootstock.bench.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TourTest {
    private static final Path PAGES = Path.of("").toAbsolutePath().resolveSibling("docs/architecture");
    private static final int MIN_STEPS = 10;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSources() throws IOException {
        write("Start.java", "@Command class Start { Middle middle; }");
        write("Middle.java", "/** Calls End. */ final class Middle { Object call = new CallRequest(); }");
        write("End.java", "record End(CallServiceGrpc.Stub stub, Detail detail) {} // Middle");
        write("Reader.java", "interface Reader { Middle middle(); }");
        write("Detail.java", "enum Detail {}");
        write("call.proto", "service CallService {\n  rpc Call(stream CallRequest) returns (CallResponse);\n}");
    }

    @Test
    void thePageAgreesWithTheSources() throws IOException {
        Tour tour = Tour.parse(PAGES, Files.readString(PAGES.resolve("tour.md")));
        assertThat(tour.sections())
                .containsOnlyKeys(
                        "A sample: from a text file to a token on the screen",
                        "A job: from CreateJob to a served version")
                .allSatisfy((section, steps) -> assertThat(steps).as(section).hasSizeGreaterThanOrEqualTo(MIN_STEPS));
        assertThat(tour.problems()).isEmpty();
    }

    @Test
    void connectedStepsHaveNoProblem() throws IOException {
        assertThat(problems("""
            1. *Command:* [`Start`](Start.java) begins.
            2. [`Middle`](Middle.java) calls.
            3. [`CallService.Call`](call.proto) is a call.
            4. [`End`](End.java) uses
               [`Detail`](Detail.java).
            5. *Return:* [`Middle`](Middle.java) continues.
            6. *Receiver:* [`Reader`](Reader.java) reads.
            """)).isEmpty();
    }

    @Test
    void aStepThatTheStepBeforeDoesNotReferenceIsFound() throws IOException {
        assertThat(problems("""
            1. *Command:* [`Start`](Start.java) begins.
            2. [`Middle`](Middle.java) calls.
            3. [`End`](End.java) ends.
            """))
                .singleElement()
                .asString()
                .contains("Section", "step 3 End", "End.java", "not referenced", "Middle.java");
    }

    @Test
    void aReceiverThatDoesNotReferenceTheStepBeforeIsFound() throws IOException {
        assertThat(problems("""
            1. *Command:* [`Start`](Start.java) begins.
            2. [`Middle`](Middle.java) calls.
            3. *Receiver:* [`End`](End.java) ends.
            """))
                .singleElement()
                .asString()
                .contains("step 3 End", "does not reference the step before", "Middle.java");
    }

    @Test
    void aCallThatANeighbourDoesNotReferenceIsFound() throws IOException {
        assertThat(problems("""
            1. *Command:* [`Start`](Start.java) begins.
            2. [`CallService.Call`](call.proto) is a call.
            3. [`Reader`](Reader.java) answers.
            """))
                .satisfiesExactly(
                        first -> assertThat(first).contains("step 2 CallService.Call", "call.proto", "Start.java"),
                        second -> assertThat(second)
                                .contains("step 3 Reader", "Reader.java", "CallServiceGrpc", "CallRequest"));
    }

    @Test
    void aMissingTargetIsFound() throws IOException {
        assertThat(problems("""
            1. *Command:* [`Start`](Start.java) begins.
            2. [`Middle`](End.java) is declared elsewhere.
            """)).singleElement().asString().contains("step 2 Middle", "End.java", "does not declare");
        assertThat(problems("""
            1. *Command:* [`Start`](Start.java) begins.
            2. [`CallService.Other`](call.proto) is missing.
            """))
                .singleElement()
                .asString()
                .contains("step 2 CallService.Other", "call.proto", "does not declare");
    }

    @Test
    void wrongLabelsDetailsAndNumbersAreFound() throws IOException {
        assertThat(problems("""
            1. [`Start`](Start.java) begins.
            3. [`Middle`](Middle.java) has [`Detail`](Detail.java).
            3. *Return:* [`End`](End.java) was not named before.
            4. *Command:* [`Detail`](Detail.java) is not a command.
            """))
                .satisfiesExactly(
                        first -> assertThat(first).contains("step 1 Start", "which is a command"),
                        second -> assertThat(second).contains("step 3 Middle", "expected 2"),
                        third -> assertThat(third).contains("step 3 Middle", "does not reference Detail"),
                        fourth -> assertThat(fourth).contains("step 3 End", "no earlier step"),
                        fifth -> assertThat(fifth).contains("step 4 Detail", "@Command"));
    }

    @Test
    void aNumberedLineThatIsNotAStepIsRejected() {
        assertThatIllegalStateException()
                .isThrownBy(() -> problems("1. Start begins.\n"))
                .withMessageContaining("step 1");
        assertThatIllegalStateException()
                .isThrownBy(() -> problems("1. *Reader:* [`Start`](Start.java) begins.\n"))
                .withMessageContaining("Command, Return, Receiver");
    }

    private List<String> problems(String steps) throws IOException {
        return Tour.parse(folder, "# Tour\n\n## Section\n\n" + steps).problems();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text + "\n");
    }
}
