package io.rootstock.bench.finetunes;

import io.rootstock.bench.UserCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Runs the recipes of fine-tuning and prints base, fine-tune, paired difference and baselines of each. */
public final class FineTunes {
    private static final double SIGNIFICANT = 0.01;
    private static final String USAGE =
            "usage: bench/quality/finetunes [--task sentiment|translation|intents] [--quick]";

    private record Arguments(Path model, List<Recipe> recipes, boolean quick) {
        static Arguments parse(List<String> given) {
            List<Recipe> recipes = new ArrayList<>();
            boolean quick = false;
            for (int i = 1; i < given.size(); i++) {
                switch (given.get(i)) {
                    case "--quick" -> quick = true;
                    case "--task" -> recipes.add(recipe(given.get(++i)));
                    default -> throw new IllegalArgumentException("unknown argument " + given.get(i));
                }
            }
            return new Arguments(Path.of(given.getFirst()), recipes.isEmpty() ? all() : recipes, quick);
        }

        private static List<Recipe> all() {
            return List.of(new SentimentRecipe(), new TranslationRecipe(), new IntentsRecipe());
        }

        private static Recipe recipe(String name) {
            return all().stream()
                    .filter(recipe -> recipe.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--task " + name));
        }
    }

    private FineTunes() {}

    /** Usage: {@code MODEL_FILE [OPTION]...}, see {@code bench/quality/finetunes}. */
    public static void main(String[] given) throws IOException {
        Arguments arguments;
        try {
            arguments = Arguments.parse(Arrays.asList(given));
        } catch (IllegalArgumentException | IndexOutOfBoundsException wrong) {
            System.err.println("error: " + wrong.getMessage());
            System.err.println(USAGE);
            System.exit(2);
            return;
        }
        List<Comparison> comparisons = new ArrayList<>();
        try (UserCommands commands = Workshop.services("finetunes")) {
            Workshop workshop = new Workshop(commands, arguments.quick);
            workshop.importBase(arguments.model);
            System.out.println(Comparison.HEADER);
            for (Recipe recipe : arguments.recipes) {
                for (Comparison comparison : recipe.run(workshop)) {
                    System.out.println(comparison.row());
                    comparisons.add(comparison);
                }
            }
        }
        System.out.println(
                "difference: fine-tune minus base, with its paired interval of 95 %; p: exact McNemar test of"
                        + " accuracies, else paired bootstrap (10,000 resamples: at least 0.0001)");
        comparisons.forEach(comparison -> System.out.println(comparison.line()));
        long better =
                comparisons.stream().filter(each -> each.isBetter(SIGNIFICANT)).count();
        System.out.printf(Locale.ROOT, "better_with_p_below_0.01=%d_of_%d%n", better, comparisons.size());
    }
}
