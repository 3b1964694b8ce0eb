package io.rootstock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.client.AdapterReference;
import io.rootstock.cli.command.dataset.SourceArgument;
import io.rootstock.cli.command.inference.SamplingOptions;
import io.rootstock.cli.command.training.CountConverter;
import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.Choices;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine;

/** Arguments with a grammar of their own. */
final class ArgumentsTest {
    @Test
    void aSourceHasANameAFileAndPerhapsAWeightAndAnEpochCap() {
        assertThat(SourceArgument.parse("wiki=data/wiki.jsonl.gz:0.7:2"))
                .isEqualTo(new SourceArgument("wiki", Path.of("data/wiki.jsonl.gz"), 0.7, 2));
        assertThat(SourceArgument.parse("wiki=wiki.txt:3"))
                .isEqualTo(new SourceArgument("wiki", Path.of("wiki.txt"), 3, 0));
        assertThat(SourceArgument.parse("wiki=C:/wiki.txt"))
                .isEqualTo(new SourceArgument("wiki", Path.of("C:/wiki.txt"), 0, 0));
    }

    @Test
    void aSourceWithoutANameIsRefusedWithAnExample() {
        assertThatThrownBy(() -> SourceArgument.parse("wiki.txt"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("wiki=wiki.jsonl.gz:0.7:2");
    }

    @Test
    void countsMayCarryASuffix() {
        CountConverter converter = new CountConverter();
        assertThat(converter.convert("250000")).isEqualTo(250_000);
        assertThat(converter.convert("300k")).isEqualTo(300_000);
        assertThat(converter.convert("1.5B")).isEqualTo(1_500_000_000L);
        assertThat(converter.convert("174.6G")).isEqualTo(174_600_000_000L);
        assertThatThrownBy(() -> converter.convert("ten")).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> converter.convert("0.5")).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void anAdapterMayHaveAScale() {
        assertThat(SamplingOptions.adapterUse("formal"))
                .isEqualTo(AdapterUse.newBuilder().setName("formal").build());
        assertThat(SamplingOptions.adapterUse("formal:0.5"))
                .isEqualTo(
                        AdapterUse.newBuilder().setName("formal").setScale(0.5f).build());
        assertThatThrownBy(() -> SamplingOptions.adapterUse("formal:much"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("formal:much");
    }

    @Test
    void aVersionStandsForItsAdapterOfTheKindThatIsNeeded() {
        List<Artifact> artifacts = List.of(
                artifact(ArtifactKind.ARTIFACT_KIND_GGUF_F32, "sha256:a"),
                artifact(ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER, "sha256:b"),
                artifact(ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER, "sha256:c"));
        assertThat(AdapterReference.digest("m:1", artifacts, ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER))
                .isEqualTo("sha256:c");
        assertThatThrownBy(() ->
                        AdapterReference.digest("m:1", artifacts.subList(0, 1), ArtifactKind.ARTIFACT_KIND_GGUF_ADAPTER))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("m:1 has no adapter");
    }

    @Test
    void onlyWhatIsAskedForIsInARequestsOptions() {
        assertThat(options())
                .isEqualTo(GenerationOptions.newBuilder()
                        .setSampling(Sampling.getDefaultInstance())
                        .build());
        assertThat(options(
                        "--count",
                        "3",
                        "--logprobs",
                        "--alternatives",
                        "2",
                        "--priority",
                        "-7",
                        "--request-id",
                        "r1",
                        "--presence-penalty",
                        "0.5",
                        "--frequency-penalty",
                        "-0.5",
                        "--adapter",
                        "formal",
                        "--choice",
                        "yes",
                        "--choice",
                        "no"))
                .isEqualTo(GenerationOptions.newBuilder()
                        .setSampling(
                                Sampling.newBuilder().setPresencePenalty(0.5f).setFrequencyPenalty(-0.5f))
                        .setCount(3)
                        .setLogprobs(true)
                        .setAlternatives(2)
                        .setPriority(-7)
                        .setRequestId("r1")
                        .setAdapter(AdapterUse.newBuilder().setName("formal"))
                        .setConstraint(Constraint.newBuilder()
                                .setChoices(Choices.newBuilder().addTexts("yes").addTexts("no")))
                        .build());
    }

    @Test
    void aTextMustBeOneThingOnly() {
        assertThatThrownBy(() -> options("--choice", "yes", "--regex", "no"))
                .isInstanceOf(MutuallyExclusiveArgsException.class);
    }

    private static Artifact artifact(ArtifactKind kind, String digest) {
        return Artifact.newBuilder().setKind(kind).setDigest(digest).build();
    }

    private static GenerationOptions options(String... arguments) {
        return CommandLine.populateCommand(new SamplingOptions(), arguments).toMessage();
    }
}
