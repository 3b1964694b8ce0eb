package io.rootstock.cli.command.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.AdapterUse;
import io.rootstock.inference.v1.Choices;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MutuallyExclusiveArgsException;

final class SamplingOptionsTest {
    @Test
    void parsesAdapterWithScale() {
        assertThat(SamplingOptions.parseAdapter("formal"))
                .isEqualTo(AdapterUse.newBuilder().setName("formal").build());
        assertThat(SamplingOptions.parseAdapter("formal:0.5"))
                .isEqualTo(
                        AdapterUse.newBuilder().setName("formal").setScale(0.5f).build());
        assertThatThrownBy(() -> SamplingOptions.parseAdapter("formal:much"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("formal:much");
    }

    @Test
    void leavesOptionsThatAreNotSetUnset() {
        assertThat(options())
                .isEqualTo(GenerationOptions.newBuilder()
                        .setSampling(Sampling.getDefaultInstance())
                        .build());
        assertThat(options(
                        "--n",
                        "3",
                        "--logprobs",
                        "--top-logprobs",
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
                        .setN(3)
                        .setLogprobs(true)
                        .setTopLogprobs(2)
                        .setPriority(-7)
                        .setRequestId("r1")
                        .setAdapter(AdapterUse.newBuilder().setName("formal"))
                        .setConstraint(Constraint.newBuilder()
                                .setChoices(Choices.newBuilder().addTexts("yes").addTexts("no")))
                        .build());
    }

    @Test
    void rejectsTwoConstraints() {
        assertThatThrownBy(() -> options("--choice", "yes", "--regex", "no"))
                .isInstanceOf(MutuallyExclusiveArgsException.class);
    }

    private static GenerationOptions options(String... arguments) {
        return CommandLine.populateCommand(new SamplingOptions(), arguments).toMessage();
    }
}
