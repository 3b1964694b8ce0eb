package io.rootstock.trainer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.files.FullDisk;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.trainer.data.Bases;
import io.rootstock.trainer.data.ByteTokenizer;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.RunExport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantExportTest {
    private final List<RunExport> told = new ArrayList<>();

    @TempDir
    Path home;

    private ArtifactStore store;

    @BeforeEach
    void open() {
        store = new DirectoryArtifactStore(home.resolve("artifacts"));
    }

    @Test
    void rowsThatDoNotFitBlocksUseAWiderQuantization() throws IOException {
        VariantExport.Outcome made =
                export(Bases.oddWidths(store), sample(), () -> true).orElseThrow();

        assertThat(made.artifacts())
                .extracting(Artifact::getKind)
                .containsExactly(
                        ArtifactKind.ARTIFACT_KIND_GGUF_F16,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0,
                        ArtifactKind.ARTIFACT_KIND_GGUF_Q4_K_M);
        for (Artifact artifact : made.artifacts()) {
            Path file = store.verified(Digest.parse(artifact.getDigest()));
            assertThat(GgufValidator.validate(file).shape().dimension()).isEqualTo(40);
            assertThat(Files.size(file)).isEqualTo(artifact.getBytes());
        }
        assertThat(made.metrics())
                .containsOnlyKeys("perplexity_f32", "perplexity_f16", "perplexity_q8_0", "perplexity_q4_k_m");
        assertThat(told).isNotEmpty().allSatisfy(progress -> {
            assertThat(progress.getStage()).matches("(quantize|measure) (F32|F16|Q8_0|Q4_K_M)");
            assertThat(progress.getDone()).isBetween(0.0, 1.0);
        });
    }

    @Test
    void theSameModelGivesTheSameFiles() throws IOException {
        Digest exact = Bases.gguf(store);
        VariantExport.Outcome made = export(exact, sample(), () -> true).orElseThrow();
        VariantExport.Outcome again = export(exact, sample(), () -> true).orElseThrow();

        assertThat(again).isEqualTo(made);
        assertThat(home.resolve("variants")).doesNotExist();
    }

    @Test
    void withoutHeldOutRowsQuantizationsAreNotMeasured() throws IOException {
        VariantExport.Outcome made =
                export(Bases.gguf(store), new Sample(List.of()), () -> true).orElseThrow();

        assertThat(made.artifacts()).hasSize(3);
        assertThat(made.metrics()).isEmpty();
        assertThat(made.messages())
                .allSatisfy(message -> assertThat(message).contains("the dataset has no held-out rows"));
    }

    @Test
    void theAnswersToInstructionsAreGenerated() throws IOException {
        Digest exact = Bases.gguf(store);
        List<Sample.Row> rows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int[] tokens = ByteTokenizer.row("Name row " + i + ": yes");
            int[] targets = new int[tokens.length];
            Arrays.fill(targets, LanguageBatch.NO_LOSS);
            for (int position = tokens.length - 4 - i % 2; position < tokens.length - 1; position++) {
                targets[position] = tokens[position + 1];
            }
            rows.add(new Sample.Row(tokens, targets));
        }
        List<int[]> answers = answers(exact, new Sample(rows, true));

        assertThat(answers)
                .hasSize(10)
                .allSatisfy(answer -> assertThat(answer.length).isLessThanOrEqualTo(4));
        // Row 9, in the second group of sequences, has the answer that it has alone.
        assertThat(answers(exact, new Sample(rows.subList(9, 10), true)).getFirst())
                .isEqualTo(answers.get(9));
        assertThat(answers(exact, new Sample(rows))).isEmpty();
    }

    /** Answers of an export that creates no other file than F32, which generates them. */
    private List<int[]> answers(Digest exact, Sample sample) {
        return export(exact, EnumSet.of(GgufFile.F32), sample, () -> true)
                .orElseThrow()
                .answers();
    }

    @Test
    @Tag("fault")
    void anAbortOfLlamaCppOmitsTheQuantizationsWithAMessage() throws IOException {
        VariantExport.Outcome made =
                export(sameTokenTwice(Bases.gguf(store)), sample(), () -> true).orElseThrow();

        assertThat(made.artifacts())
                .as("F32 is stored instead")
                .extracting(Artifact::getKind)
                .containsExactly(ArtifactKind.ARTIFACT_KIND_GGUF_F32);
        assertThat(made.metrics()).isEmpty();
        assertThat(made.messages())
                .hasSize(4)
                .anySatisfy(message -> assertThat(message)
                        .startsWith("F32 could not be measured:")
                        .contains("exit code 134", "GGML_ASSERT"))
                // A quantized file is validated before llama.cpp loads it.
                .contains(
                        "Q8_0 could not be created, the model is stored without it: tokens 64 and 65 are the same: b");
    }

    @Test
    @Tag("fault")
    void aProcessThatIsKilledFromOutsideIsStartedAgain() throws IOException {
        Digest exact = Bases.gguf(store);
        VariantExport.Outcome undisturbed = export(exact, sample(), () -> true).orElseThrow();
        AtomicBoolean killed = new AtomicBoolean();
        VariantExport.Outcome made = export(exact, sample(), () -> {
                    ProcessHandle.current()
                            .children()
                            .filter(child -> killed.compareAndSet(false, true))
                            .forEach(ProcessHandle::destroyForcibly);
                    return true;
                })
                .orElseThrow();

        assertThat(killed).isTrue();
        assertThat(made).isEqualTo(undisturbed);
    }

    @Test
    @Tag("fault")
    void aFullDiskIsAnErrorAndOmitsNoQuantization() throws Exception {
        Path exact = store.verified(Bases.gguf(store));
        Path disk = Files.createDirectories(home.resolve("disk"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + 3 * Files.size(exact) / 2, "tmpfs", disk.toString()))
                .as("permission to mount a file system")
                .isZero();
        try {
            Files.write(disk.resolve("other"), new byte[(int) Files.size(exact)]);
            assertThatThrownBy(() -> new VariantExport(store, 2, SandboxMode.AVAILABLE, () -> true, told::add)
                            .export(exact, List.of(), EnumSet.of(GgufFile.F16), sample(), disk.resolve("variants")))
                    .matches(FullDisk::isCauseOf, "is caused by a full disk");
        } finally {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Test
    void aCancelledExportIsEmpty() throws IOException {
        assertThat(export(Bases.gguf(store), sample(), () -> false)).isEmpty();
        assertThat(home.resolve("variants")).doesNotExist();
    }

    private Optional<VariantExport.Outcome> export(Digest exact, Sample sample, BooleanSupplier wanted) {
        return export(exact, EnumSet.of(GgufFile.F16, GgufFile.Q8_0, GgufFile.Q4_K_M), sample, wanted);
    }

    private Optional<VariantExport.Outcome> export(
            Digest exact, Set<GgufFile> variants, Sample sample, BooleanSupplier wanted) {
        return new VariantExport(store, 2, SandboxMode.AVAILABLE, wanted, told::add)
                .export(store.verified(exact), List.of(), variants, sample, home.resolve("variants"));
    }

    private static Sample sample() {
        int[] tokens = ByteTokenizer.row("The cat and the dog are here.");
        int[] targets = new int[tokens.length];
        System.arraycopy(tokens, 1, targets, 0, tokens.length - 1);
        targets[tokens.length - 1] = LanguageBatch.NO_LOSS;
        return new Sample(List.of(new Sample.Row(tokens, targets)));
    }

    /** Replaces the token "a" by a second "b", which llama.cpp reports as an internal error and aborts. */
    private Digest sameTokenTwice(Digest exact) throws IOException {
        byte[] bytes = Files.readAllBytes(store.verified(exact));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int place = text.indexOf("\1\0\0\0\0\0\0\0a");
        assertThat(place).isPositive();
        bytes[place + 8] = 'b';
        return store.putFile(Files.write(home.resolve("twice.gguf"), bytes));
    }
}
