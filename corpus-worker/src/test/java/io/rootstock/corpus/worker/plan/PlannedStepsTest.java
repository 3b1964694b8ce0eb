package io.rootstock.corpus.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.recipe.StepSettings;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.step.DuplicateKinds;
import io.rootstock.corpus.worker.step.Presets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlannedStepsTest {
    @Test
    void theStepsOfEveryPresetAreAtTheirPlaces() throws IOException {
        for (String preset : Presets.names()) {
            List<StepSettings> steps = Recipes.read(Presets.yaml(preset)).steps();
            PlannedSteps planned = planned(preset, steps);
            assertThat(planned.beforeDuplicates().size()
                            + planned.afterDuplicates().size())
                    .isEqualTo(steps.stream()
                            .filter(step -> !DuplicateKinds.has(step))
                            .count());
        }
    }

    @Test
    void fineWebReplacesPersonalDataLast() throws IOException {
        PlannedSteps planned = planned(
                "fineweb-like", Recipes.read(Presets.yaml("fineweb-like")).steps());
        assertThat(planned.afterDuplicates()).extracting(ComponentSpec::name).containsExactly("pii-masking");
    }

    private static PlannedSteps planned(String preset, List<StepSettings> steps) {
        Path folder = Path.of("").toAbsolutePath();
        return PlannedSteps.of(preset, steps, InputRoots.of(folder, List.of(folder)), new ArrayList<>());
    }
}
