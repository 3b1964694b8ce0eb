package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.worker.step.Presets;
import io.rootstock.corpus.worker.step.RecipeSteps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PresetsTest {
    @Test
    void everyPresetIsARecipe() throws IOException {
        for (String name : Presets.names()) {
            assertThat(read(name).steps()).isNotEmpty();
        }
    }

    /** Table 2.2 of the paper: 60, 22, 8, 8 and 3 percent. */
    @Test
    void theMixOfGpt3SumsTo101Percent() throws IOException {
        Recipe recipe = read("gpt-3");
        assertThat(recipe.notes()).containsExactly("weights sum to 101; each is divided by this sum");
        assertThat(recipe.share(recipe.sources().getFirst())).isEqualTo(60.0 / 101);
    }

    @Test
    void anUnknownPresetNamesTheKnownOnes() {
        assertThatThrownBy(() -> Presets.yaml("gpt-4"))
                .hasMessage("unknown preset 'gpt-4'; choose from gpt-3, fineweb-like, books");
    }

    private static Recipe read(String name) throws IOException {
        return new RecipeReader(RecipeSteps.kinds())
                .read(
                        name + ".yaml",
                        new ByteArrayInputStream(Presets.yaml(name).getBytes(StandardCharsets.UTF_8)));
    }
}
