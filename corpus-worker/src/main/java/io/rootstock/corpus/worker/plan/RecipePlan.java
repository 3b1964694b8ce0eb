package io.rootstock.corpus.worker.plan;

import io.rootstock.corpus.engine.Sha256;
import io.rootstock.corpus.engine.job.CorpusSpec;
import io.rootstock.corpus.engine.job.CorpusSpec.SourceUnit;
import io.rootstock.corpus.reader.DocumentFields;
import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.recipe.RecipeSource;
import io.rootstock.corpus.unit.InputFormat;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.PlanNote;
import io.rootstock.corpus.unit.Unit;
import io.rootstock.corpus.unit.UnitPlan;
import io.rootstock.corpus.unit.UnitPlanner;
import io.rootstock.corpus.unit.UnitSettings;
import io.rootstock.corpus.worker.step.DuplicateKinds;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.yaml.InvalidFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plan of a recipe: every unit that will be read.
 *
 * @param recipe the recipe
 * @param sources units and bytes of the sources, in the order of the recipe
 * @param spec specification of the job
 * @param tokenizer the tokenizer that the recipe names; empty if it names none, its files are not given, or it is not trained yet
 * @param notes facts for the user, in order
 */
public record RecipePlan(
        Recipe recipe,
        List<PlannedSource> sources,
        CorpusSpec spec,
        Optional<PreparedTokenizer> tokenizer,
        List<String> notes) {
    public RecipePlan {
        sources = List.copyOf(sources);
        notes = List.copyOf(notes);
    }

    /**
     * A source as planned.
     *
     * @param name name of the source
     * @param files number of files
     * @param units number of units
     * @param bytes bytes to read, as stored
     * @param textBytes estimated UTF-8 bytes of text before steps remove documents
     * @param pageBytes the part of them from web pages
     * @param estimatedTokens tokens of their texts; see {@link TokenEstimate}
     */
    public record PlannedSource(
            String name, int files, int units, long bytes, long textBytes, long pageBytes, long estimatedTokens) {}

    /** Plans a recipe without the files of its tokenizer, to show the plan. */
    public static RecipePlan of(String file, Recipe recipe, InputRoots roots) {
        return of(file, recipe, roots, Optional.empty());
    }

    /**
     * Plans a recipe: finds the files of its sources and divides them into units.
     *
     * @param file name of the recipe, for errors
     * @param roots directories that the files may lie in; relative paths start at its base
     * @param tokenizer files of the tokenizer that the recipe names
     * @throws InvalidFileException naming the line of a step whose parameters do not fit together, or that cannot run at its place;
     *     or if a tokenizer is given and the recipe names none
     * @throws io.rootstock.corpus.unit.RefusedInputException if a pattern matches no file, or a file is refused
     */
    public static RecipePlan of(String file, Recipe recipe, InputRoots roots, Optional<PreparedTokenizer> tokenizer) {
        if (tokenizer.isPresent() && recipe.tokenizer().isEmpty()) {
            throw new InvalidFileException(
                    file, 0, "the job has a tokenizer, and the recipe names none", "add 'tokenizer: tokenizers/NAME'");
        }
        if (tokenizer.isPresent() && recipe.training().isPresent()) {
            throw new InvalidFileException(
                    file, 0, "the job has a tokenizer, and the recipe trains one", "remove 'tokenizer' from the job");
        }
        List<String> notes = new ArrayList<>(recipe.notes());
        PlannedSteps steps = PlannedSteps.of(file, recipe.steps(), roots, notes);
        List<PlannedSource> sources = new ArrayList<>();
        List<SourceUnit> units = new ArrayList<>();
        UnitSettings standard = UnitSettings.DEFAULT;
        UnitPlanner planner =
                new UnitPlanner(roots, new UnitSettings(recipe.unitBytes(), standard.text(), standard.encoding()));
        if (recipe.tokenizer().isEmpty() && !recipe.splits().equals(new Recipe.HeldOut(0, 0))) {
            notes.add(
                    "the recipe names no tokenizer: the result is text, and the report counts the documents of each split");
        }
        recipe.training()
                .ifPresent(training -> notes.add(recipe.tokenizer().orElseThrow() + " will be trained on the corpus: "
                        + training.vocabularySize() + " tokens; until then, tokens are estimated"));
        for (RecipeSource source : recipe.sources()) {
            UnitPlan plan = planner.plan(source.files(), source.format().map(InputFormat::named));
            for (Unit unit : plan.units()) {
                units.add(sourceUnit(source, unit));
            }
            for (PlanNote note : plan.notes()) {
                notes.add(note.file() + " " + note.note());
            }
            long files = plan.units().stream().map(Unit::file).distinct().count();
            List<Unit> pages = plan.units().stream()
                    .filter(unit -> unit.file().format() == InputFormat.WARC)
                    .toList();
            sources.add(new PlannedSource(
                    source.name(),
                    (int) files,
                    plan.units().size(),
                    plan.bytes(),
                    TokenEstimate.textBytes(plan.units()),
                    TokenEstimate.textBytes(pages),
                    TokenEstimate.of(
                            plan.units(), fields(source.fields()), tokenizer.map(PreparedTokenizer::tokenizer))));
        }
        CorpusSpec spec = new CorpusSpec(
                units,
                PlannedUnits.describe(),
                steps.beforeDuplicates(),
                DuplicateKinds.of(recipe.steps()),
                steps.afterDuplicates());
        return new RecipePlan(recipe, sources, spec, tokenizer, notes);
    }

    /** Returns this plan with the tokenizer that its recipe trains. */
    public RecipePlan with(PreparedTokenizer trained) {
        return new RecipePlan(recipe, sources, spec, Optional.of(trained), notes);
    }

    /** Throws {@link IllegalStateException} if the recipe names an existing tokenizer whose files are not given. */
    public void requireTokenizer() {
        if (recipe.tokenizer().isPresent() && recipe.training().isEmpty() && tokenizer.isEmpty()) {
            throw new IllegalStateException(
                    "the recipe names " + recipe.tokenizer().get() + "; plan it with the tokenizer's files to run it");
        }
    }

    /** Total number of bytes to read. */
    public long bytes() {
        return sources.stream().mapToLong(PlannedSource::bytes).sum();
    }

    /** Total number of estimated tokens. */
    public long estimatedTokens() {
        return sources.stream().mapToLong(PlannedSource::estimatedTokens).sum();
    }

    private static SourceUnit sourceUnit(RecipeSource source, Unit unit) {
        DocumentFields fields = fields(source.fields());
        UnitDescription description = UnitDescription.of(unit, fields, source.licence());
        String settings = String.join("\n", fields.text(), fields.url(), fields.licence(), source.licence());
        return new SourceUnit(
                source.name() + "/" + unit.name(),
                description.json(),
                new Sha256().add(unit.identity()).add(settings).digest(),
                unit.bytes());
    }

    private static DocumentFields fields(Map<String, String> names) {
        DocumentFields standard = DocumentFields.DEFAULT;
        return new DocumentFields(
                names.getOrDefault("text", standard.text()),
                names.getOrDefault("url", standard.url()),
                names.getOrDefault("licence", standard.licence()));
    }
}
