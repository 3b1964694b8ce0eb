package io.rootstock.tokenizer.corpus;

import io.rootstock.access.v1.Role;
import io.rootstock.corpus.recipe.CanonicalRecipe;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.storage.Storages;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.plan.StageEstimate;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.service.Errors;
import io.rootstock.service.access.Caller;
import io.rootstock.tokenizer.v1.CorpusEngine;
import io.rootstock.tokenizer.v1.CorpusExecution;
import io.rootstock.tokenizer.v1.CorpusPlan;
import io.rootstock.tokenizer.v1.PlanCorpusRequest;
import io.rootstock.tokenizer.v1.PlannedSource;
import io.rootstock.tokenizer.v1.PlannedStage;
import io.rootstock.tokenizer.v1.Recipe;
import io.rootstock.yaml.InvalidFileException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks and plans recipes. */
@ApplicationScoped
public class CorpusPlanner {
    private static final int MAX_RECIPE = 256 << 10;
    private static final int MAX_NAME_LENGTH = 255;
    private static final int MAX_THREADS = 1024;
    private static final double SECONDS_PER_HOUR = 3600;

    private final CorpusSettings settings;
    private final RecipeTokenizers tokenizers;

    @Inject
    CorpusPlanner(CorpusSettings settings, RecipeTokenizers tokenizers) {
        this.settings = settings;
        this.tokenizers = tokenizers;
    }

    /**
     * Plans a recipe.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT with the line of an invalid recipe, or the file that is refused;
     *     PERMISSION_DENIED if the caller may not use or train the recipe's tokenizer
     */
    public CorpusPlan plan(PlanCorpusRequest request) {
        requireExecution(request.getExecution());
        if (!(request.getDollarsPerCoreHour() >= 0)) {
            throw Errors.invalidArgument("dollars_per_core_hour", "must be at least 0");
        }
        double price =
                request.getDollarsPerCoreHour() > 0 ? request.getDollarsPerCoreHour() : settings.dollarsPerCoreHour();
        RecipePlan plan = plan(request.getRecipe());
        boolean local = request.getExecution().getEngine() != CorpusEngine.CORPUS_ENGINE_SPARK;
        CorpusPlan.Builder message = CorpusPlan.newBuilder()
                .setRecipeDigest(CanonicalRecipe.digest(plan.recipe()))
                .setTokenizer(plan.recipe().tokenizer().orElse(""))
                .setTrainsTokenizer(plan.recipe().training().isPresent())
                .addAllNotes(plan.notes());
        for (int i = 0; i < plan.sources().size(); i++) {
            RecipePlan.PlannedSource source = plan.sources().get(i);
            message.addSources(PlannedSource.newBuilder()
                    .setName(source.name())
                    .setFiles(source.files())
                    .setUnits(source.units())
                    .setBytes(source.bytes())
                    .setTextBytes(source.textBytes())
                    .setTokens(source.estimatedTokens())
                    .setWeight(plan.recipe().share(plan.recipe().sources().get(i))));
        }
        for (StageEstimate stage : StageEstimate.of(plan)) {
            message.addStages(PlannedStage.newBuilder()
                    .setName(stage.name())
                    .setBytes(stage.bytes())
                    .setCoreSeconds(stage.coreSeconds())
                    .setSeconds(local ? stage.coreSeconds() / threads(request.getExecution()) : 0)
                    .setDollars(stage.coreSeconds() / SECONDS_PER_HOUR * price));
        }
        return message.build();
    }

    private RecipePlan plan(Recipe recipe) {
        byte[] text = recipe.getText().getBytes(StandardCharsets.UTF_8);
        if (text.length == 0 || text.length > MAX_RECIPE) {
            throw Errors.invalidArgument("recipe.text", "must have 1 to " + MAX_RECIPE + " bytes, has " + text.length);
        }
        if (recipe.getFileName().length() > MAX_NAME_LENGTH) {
            throw Errors.invalidArgument("recipe.file_name", "must have at most " + MAX_NAME_LENGTH + " characters");
        }
        String file = recipe.getFileName().isEmpty() ? "recipe" : recipe.getFileName();
        try {
            io.rootstock.corpus.recipe.Recipe read =
                    new RecipeReader(RecipeSteps.kinds()).read(file, new ByteArrayInputStream(text));
            InputRoots inputs = InputRoots.parse(base(recipe), roots());
            read.tokenizer()
                    .ifPresent(name -> Caller.current()
                            .require(read.training().isPresent() ? Role.ROLE_TRAINER : Role.ROLE_VIEWER, name));
            return read.tokenizer().isEmpty() || read.training().isPresent()
                    ? RecipePlan.of(file, read, inputs)
                    : tokenizers.with(
                            read.tokenizer().get(),
                            file,
                            tokenizer -> RecipePlan.of(file, read, inputs, Optional.of(tokenizer)));
        } catch (InvalidFileException | RefusedInputException e) {
            throw Errors.invalidArgument("recipe.text", e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks an execution; INVALID_ARGUMENT if this service cannot run it. */
    void requireExecution(CorpusExecution execution) {
        if (execution.getThreads() < 0 || execution.getThreads() > MAX_THREADS) {
            throw Errors.invalidArgument(
                    "execution.threads", "must be 0 to " + MAX_THREADS + ", was " + execution.getThreads());
        }
        switch (execution.getEngine()) {
            case CORPUS_ENGINE_UNSPECIFIED, CORPUS_ENGINE_LOCAL -> {
                if (!execution.getSparkMaster().isEmpty()) {
                    throw Errors.invalidArgument("execution.spark_master", "needs engine SPARK");
                }
            }
            case CORPUS_ENGINE_SPARK -> {
                if (settings.sparkHome().filter(Files::isDirectory).isEmpty()) {
                    throw Errors.invalidArgument(
                            "execution.engine",
                            "this service has no Spark; build it with `mvn package -pl corpus-spark -am` and set"
                                    + " rootstock.corpus.spark-home to corpus-spark/target");
                }
                if (!execution.getSparkMaster().isEmpty()
                        && !settings.sparkMasters().contains(execution.getSparkMaster())) {
                    throw Errors.invalidArgument(
                            "execution.spark_master",
                            "must be one of rootstock.corpus.spark-masters: "
                                    + String.join(", ", settings.sparkMasters()));
                }
            }
            case UNRECOGNIZED -> throw Errors.invalidArgument("execution.engine", "must be LOCAL or SPARK");
        }
    }

    /** Directories and addresses that recipes may read; directories that do not exist are left out. */
    List<String> roots() {
        Stream<String> addresses = settings.roots().stream().filter(Storages::isAddress);
        return Stream.concat(directories().stream().map(Path::toString), addresses)
                .toList();
    }

    private List<Path> directories() {
        return settings.roots().stream()
                .filter(root -> !Storages.isAddress(root))
                .map(root -> Path.of(root).toAbsolutePath().normalize())
                .filter(Files::isDirectory)
                .toList();
    }

    /** Directory that relative paths of a recipe start at. */
    Path base(Recipe recipe) {
        if (roots().isEmpty()) {
            throw Errors.failedPrecondition(
                    "NO_CORPUS_ROOT",
                    "none of the directories that recipes may read exists (" + String.join(", ", settings.roots())
                            + "); create one, or set rootstock.corpus.roots (ROOTSTOCK_CORPUS_ROOTS)");
        }
        if (recipe.getDirectory().isEmpty()) {
            // Without a directory, a recipe can only name addresses.
            return directories().isEmpty()
                    ? settings.workspace()
                    : directories().getFirst();
        }
        Path directory = Path.of(recipe.getDirectory());
        if (!directory.isAbsolute()) {
            throw Errors.invalidArgument("recipe.directory", "must be an absolute path, was " + directory);
        }
        return directory;
    }

    /** Spark master of an execution. */
    String master(CorpusExecution execution) {
        return execution.getSparkMaster().isEmpty() ? settings.sparkMasters().getFirst() : execution.getSparkMaster();
    }

    /** Units that a local job processes at a time. */
    int threads(CorpusExecution execution) {
        return execution.getThreads() > 0
                ? execution.getThreads()
                : settings.threads().orElse(Runtime.getRuntime().availableProcessors());
    }
}
