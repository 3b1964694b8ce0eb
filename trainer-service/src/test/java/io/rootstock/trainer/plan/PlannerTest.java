package io.rootstock.trainer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.trainer.schedule.Budget;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.ClassWeighting;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.LoraSettings;
import io.rootstock.trainer.v1.Optimizer;
import io.rootstock.trainer.v1.Precision;
import io.rootstock.trainer.v1.Recompute;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TuningMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlannerTest {
    private static final Machine MACHINE = new Machine("test, 2 cores", 2, false);
    private static final DataFacts DATA = new DataFacts(4096, 0, 1000, 2_000_000, Long.MAX_VALUE, 0);

    @Test
    void depthDecidesTheShape() {
        Architecture shape =
                pretrain(spec -> spec.getArchitectureBuilder().setDepth(4)).architecture();
        assertThat(shape.getDimension()).isEqualTo(256);
        assertThat(shape.getHeads()).isEqualTo(8);
        assertThat(shape.getKeyValueHeads()).isEqualTo(4);
        assertThat(shape.getFeedForward()).isEqualTo(672);
        assertThat(shape.getContextLength()).isEqualTo(256);
        assertThat(shape.getTiedEmbeddings()).isTrue();
        assertThat(pretrain(spec -> spec.getArchitectureBuilder().setDepth(12))
                        .architecture()
                        .getDimension())
                .isEqualTo(768);
    }

    @Test
    void explicitFieldsOverrideDefaults() {
        Plan plan = pretrain(spec -> {
            spec.getArchitectureBuilder()
                    .setDepth(3)
                    .setDimension(96)
                    .setHeads(3)
                    .setKeyValueHeads(1);
            spec.getHyperparametersBuilder()
                    .setLearningRate(0.01)
                    .setBatchRows(5)
                    .setSeed(9);
        });
        assertThat(plan.architecture().getHeads()).isEqualTo(3);
        assertThat(plan.architecture().getKeyValueHeads()).isEqualTo(1);
        assertThat(plan.hyperparameters().getLearningRate()).isEqualTo(0.01);
        assertThat(plan.hyperparameters().getBatchRows()).isEqualTo(5);
        assertThat(plan.hyperparameters().getSeed()).isEqualTo(9);
    }

    @Test
    void everyHyperparameterIsResolved() {
        Hyperparameters values = pretrain(spec -> {}).hyperparameters();
        assertThat(Hyperparameters.getDescriptor().getFields())
                .filteredOn(field ->
                        !List.of("seconds", "epochs", "lora", "class_weights").contains(field.getName()))
                .allMatch(values::hasField);
    }

    @Test
    void precisionDependsOnTheProcessor() {
        assertThat(pretrain(spec -> {}).hyperparameters().getPrecision()).isEqualTo(Precision.PRECISION_FLOAT32);
        Machine zen4 = Machine.parse(List.of("model name\t: EPYC", "flags\t\t: fpu avx512f avx512_bf16"), 2);
        assertThat(zen4.bfloat16()).isTrue();
        assertThat(zen4.name()).isEqualTo("EPYC, 2 cores");
        Plan plan =
                Planner.plan(RunSpec.newBuilder().setTask(Task.TASK_PRETRAIN).build(), DATA, Optional.empty(), zen4);
        assertThat(plan.hyperparameters().getPrecision()).isEqualTo(Precision.PRECISION_BFLOAT16);
    }

    @Test
    void epochCapsEndAPretraining() {
        DataFacts capped = new DataFacts(4096, 0, 1000, 2_000_000, 3_000_000, 0);
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setHyperparameters(
                        Hyperparameters.newBuilder().setTokens(1L << 40).setBatchRows(8))
                .build();
        Plan plan = Planner.plan(spec, capped, Optional.empty(), MACHINE);
        assertThat(plan.budget()).isEqualTo(new Budget.Steps(3_000_000 / 2048));
    }

    @Test
    void eachAnswerOfAPairMayFillTheContext() {
        Architecture base = ArchitectureRule.resolve(Architecture.getDefaultInstance(), 4096);
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PREFERENCE)
                .setBaseDigest("sha256:base")
                .build();
        int longest = 2 * base.getContextLength();
        DataFacts fitting = new DataFacts(4096, 0, 1000, 50_000, Long.MAX_VALUE, longest);
        assertThat(Planner.plan(spec, fitting, Optional.of(base), MACHINE).task())
                .isEqualTo(Task.TASK_PREFERENCE);
        DataFacts longer = new DataFacts(4096, 0, 1000, 50_000, Long.MAX_VALUE, longest + 2);
        assertThatThrownBy(() -> Planner.plan(spec, longer, Optional.of(base), MACHINE))
                .hasMessageContaining("has a row of " + (base.getContextLength() + 1) + " tokens");
    }

    @Test
    void epochsBecomeSteps() {
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_INSTRUCTION)
                .setBaseDigest("sha256:base")
                .setHyperparameters(Hyperparameters.newBuilder().setEpochs(2.5).setBatchRows(16))
                .build();
        Architecture base = ArchitectureRule.resolve(Architecture.getDefaultInstance(), 4096);
        Plan plan = Planner.plan(spec, DATA, Optional.of(base), MACHINE);
        assertThat(plan.budget()).isEqualTo(new Budget.Steps(157));
    }

    @Test
    void aResumedRunKeepsItsValuesOnAnotherMachine() {
        Plan first = pretrain(spec -> {});
        Plan again = Planner.of(Task.TASK_PRETRAIN, first.architecture(), 0, first.hyperparameters(), DATA);
        assertThat(again).isEqualTo(first);
    }

    @Test
    void processesShareTheMachinesCoresAndTheBatch() {
        Plan one = pretrain(spec -> {});
        assertThat(one.hyperparameters().getRanks()).isEqualTo(1);
        assertThat(one.hyperparameters().getThreads()).isEqualTo(2);
        Plan two = pretrain(spec -> spec.getHyperparametersBuilder().setRanks(2));
        assertThat(two.hyperparameters().getThreads()).isEqualTo(1);
        assertThat(two.hyperparameters().getBatchRows())
                .isEqualTo(one.hyperparameters().getBatchRows());
        assertThat(two.budget()).isEqualTo(one.budget());
        assertThat(MemoryRule.parts(two, DATA).get("optimizer"))
                .isEqualTo(2 * MemoryRule.parts(one, DATA).get("optimizer"));
        assertThat(MemoryRule.parts(two, DATA).get("gradients"))
                .isEqualTo(MemoryRule.parts(one, DATA).get("gradients"));
        assertThatThrownBy(
                        () -> pretrain(spec -> spec.getHyperparametersBuilder().setRanks(0)))
                .hasMessageContaining("hyperparameters.ranks: must be 1 to 1024, was 0");
    }

    @Test
    void changingTheNumberOfProcessesChangesAutomaticThreadsOnly() {
        Hyperparameters first = pretrain(spec -> {}).hyperparameters();
        Hyperparameters nothing = Hyperparameters.getDefaultInstance();
        assertThat(Planner.withRanks(first, nothing, 1, MACHINE)).isEqualTo(first);
        assertThat(Planner.withRanks(first, nothing, 2, MACHINE))
                .isEqualTo(first.toBuilder().setRanks(2).setThreads(1).build());
        Hyperparameters four = Hyperparameters.newBuilder().setThreads(4).build();
        assertThat(Planner.withRanks(first.toBuilder().setThreads(4).build(), four, 3, MACHINE))
                .isEqualTo(first.toBuilder().setRanks(3).setThreads(4).build());
    }

    @Test
    void adaptersAreResolvedAndLearnFaster() {
        Plan plan =
                tune(Task.TASK_INSTRUCTION, values -> values.getLoraBuilder().setRank(4));
        assertThat(plan.hyperparameters().getMethod()).isEqualTo(TuningMethod.TUNING_METHOD_LORA);
        assertThat(plan.hyperparameters().getLora().getAlpha()).isEqualTo(8);
        assertThat(plan.hyperparameters().getLora().getTargetsList()).hasSize(7);
        Plan full = tune(Task.TASK_INSTRUCTION, values -> {});
        assertThat(plan.hyperparameters().getLearningRate())
                .isGreaterThan(full.hyperparameters().getLearningRate());
        assertThat(plan.trainedParameters()).isLessThan(full.trainedParameters() / 10);
        Map<String, Long> memory = MemoryRule.parts(plan, DATA);
        Map<String, Long> fullMemory = MemoryRule.parts(full, DATA);
        for (String part : List.of("gradients", "optimizer", "best_weights")) {
            assertThat(memory.get(part)).as(part).isLessThan(fullMemory.get(part) / 10);
        }
    }

    @Test
    void memoryForProductsGrowsWithTheNumberOfRowSpans() {
        Plan plan = tune(Task.TASK_INSTRUCTION, values -> values.setPrecision(Precision.PRECISION_BFLOAT16));
        DataFacts varied = new DataFacts(
                1000,
                0,
                1000,
                100_000,
                Long.MAX_VALUE,
                160,
                IntStream.rangeClosed(1, 160).boxed().toList());
        DataFacts equal = new DataFacts(1000, 0, 1000, 100_000, Long.MAX_VALUE, 160, List.of(100));
        assertThat(MemoryRule.parts(plan, equal)).containsEntry("products", 5_600_000L);
        assertThat(MemoryRule.parts(plan, varied).get("products")).isBetween(100_000_000L, 280_000_000L);
        Plan lora = tune(
                Task.TASK_INSTRUCTION,
                values -> values.setPrecision(Precision.PRECISION_BFLOAT16).setMethod(TuningMethod.TUNING_METHOD_LORA));
        assertThat(MemoryRule.parts(lora, equal)).containsEntry("products", 11_200_000L);
        Plan float32 = tune(Task.TASK_INSTRUCTION, values -> values.setPrecision(Precision.PRECISION_FLOAT32));
        assertThat(MemoryRule.parts(float32, varied)).containsEntry("products", 0L);
    }

    /** A step that holds the longest row and many tokens, not one of longest rows only. */
    @Test
    void theLargestStepIsTheLargestSampledOneWithTheLongestRow() {
        DataFacts rows = new DataFacts(1000, 0, 1000, 25_000, Long.MAX_VALUE, 256, List.of(10, 20, 30, 40));
        int[] largest = rows.largestStep(16);
        int most = rows.someSteps(16).stream()
                .mapToInt(step -> IntStream.of(step).sum())
                .max()
                .orElseThrow();
        assertThat(largest).isSorted().hasSize(16).endsWith(40, 256);
        assertThat(IntStream.of(largest).sum()).isEqualTo(most - 40 + 256);
    }

    @Test
    void aPretrainedBaseGetsFewerEpochsAndALowerLearningRate() {
        Hyperparameters full = tuneSmolLm(6920, values -> {});
        assertThat(full.getEpochs()).isEqualTo(3);
        assertThat(full.getLearningRate()).isEqualTo(1e-4);
        assertThat(full.getWarmupFraction()).isEqualTo(0.1);
        assertThat(full.getPatience()).isEqualTo(4);
        Hyperparameters lora = tuneSmolLm(6920, values -> values.setMethod(TuningMethod.TUNING_METHOD_LORA));
        assertThat(lora.getEpochs()).isEqualTo(3);
        assertThat(lora.getLearningRate()).isEqualTo(5e-4);
    }

    @Test
    void fewLabelledRowsGetMoreEpochs() {
        assertThat(tuneSmolLm(1500, values -> {}).getEpochs()).isEqualTo(6);
        assertThat(tuneSmolLm(100, values -> {}).getEpochs()).isEqualTo(8);
        assertThat(tuneSmolLm(100, values -> values.setEpochs(2)).getEpochs()).isEqualTo(2);
    }

    @Test
    void aClassifierOfASmallBaseLearnsFromEveryToken() {
        Hyperparameters full = tune(Task.TASK_CLASSIFICATION, values -> {}).hyperparameters();
        assertThat(full.getPrefixLoss()).isEqualTo(0.3);
        assertThat(full.getTokenReplacement()).isEqualTo(0.3);
        assertThat(full.getPatience()).isEqualTo(6);
        assertThat(tune(Task.TASK_CLASSIFICATION, values -> values.setPrefixLoss(0))
                        .hyperparameters()
                        .getPrefixLoss())
                .isZero();
        assertThat(tune(Task.TASK_CLASSIFICATION, values -> values.setLabelSmoothing(0.1))
                        .hyperparameters()
                        .getPrefixLoss())
                .isZero();
        assertThat(tune(Task.TASK_INSTRUCTION, values -> {}).hyperparameters().getPrefixLoss())
                .isZero();
        assertThat(tuneSmolLm(1500, values -> {}).getPrefixLoss()).isZero();
        assertThat(tuneSmolLm(1500, values -> {}).getTokenReplacement()).isZero();
        assertThat(tune(Task.TASK_CLASSIFICATION, values -> values.setEpochs(2))
                        .hyperparameters()
                        .getTokenReplacement())
                .isZero();
        assertThat(tune(Task.TASK_CLASSIFICATION, values -> values.setSeconds(50))
                        .hyperparameters()
                        .getTokenReplacement())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"100, 96, 2e-3", "1500, 48, 1.4142e-3", "3000, 24, 1e-3", "12000, 24, 5e-4", "100000, 24, 5e-4"})
    void aClassifierOfASmallBaseNeedsMoreEpochsAndAHigherRateForFewRows(long rows, double epochs, double rate) {
        Architecture shape =
                pretrain(spec -> spec.getArchitectureBuilder().setDepth(4)).architecture();
        FineTuningDefaults defaults = FineTuningDefaults.of(
                Task.TASK_CLASSIFICATION, shape, ModelSize.of(Shapes.shape(shape, 2)), rows, false);
        assertThat(defaults.epochs()).isEqualTo(epochs);
        assertThat(defaults.learningRate()).isCloseTo(rate, within(1e-7));
    }

    @Test
    void defaultsOfFineTuningAreExplained() {
        Plan plan = tune(Task.TASK_CLASSIFICATION, values -> {});
        long rows = DATA.trainRows();
        List<String> reasons = DefaultReasons.of(Hyperparameters.getDefaultInstance(), plan, rows);
        assertThat(reasons)
                .satisfiesExactly(
                        epochs -> assertThat(epochs)
                                .matches("epochs 72: small base \\(2\\.9M parameters outside the embedding\\), " + rows
                                        + " rows"),
                        rate -> assertThat(rate)
                                .startsWith("learning rate 0.00173: small base (")
                                .endsWith(", width 256, all weights, 1000 rows"),
                        prefix -> assertThat(prefix).startsWith("prefix loss 0.3: small base ("),
                        replacement -> assertThat(replacement).startsWith("token replacement 0.3: small base ("),
                        patience -> assertThat(patience)
                                .startsWith("early stopping: after 6 validations (")
                                .endsWith(" epochs) without a higher accuracy; the best weights are exported"));
        Hyperparameters given = Hyperparameters.newBuilder()
                .setEpochs(2)
                .setLearningRate(1e-3)
                .setMethod(TuningMethod.TUNING_METHOD_LORA)
                .build();
        assertThat(DefaultReasons.of(given, tune(Task.TASK_INSTRUCTION, values -> values.mergeFrom(given)), rows))
                .singleElement()
                .asString()
                .contains("without a lower loss");
    }

    /** SmolLM2-135M on machines with 24 GB, 4 GB and 2 GB. */
    @Test
    void thePlanIsTheFastestThatFitsIntoMemory() {
        DataFacts rows = new DataFacts(49152, 0, 1000, 80_000, Long.MAX_VALUE, 256, List.of(24, 60, 80, 100, 256));
        Hyperparameters large = smollm(rows, 24L << 30, values -> {});
        assertThat(large.getBackgroundCheckpoints()).isTrue();
        assertThat(large.getRecompute()).isEqualTo(Recompute.RECOMPUTE_NONE);
        Hyperparameters middle = smollm(rows, 5L << 30, values -> {});
        assertThat(middle.getBackgroundCheckpoints()).isFalse();
        assertThat(middle.getRecompute()).isEqualTo(Recompute.RECOMPUTE_NONE);
        Hyperparameters small = smollm(rows, 2L << 30, values -> {});
        assertThat(small.getMicroBatchTokens()).isLessThan(large.getMicroBatchTokens());
        assertThat(small.getRecompute()).isEqualTo(Recompute.RECOMPUTE_BLOCK);
        Hyperparameters asked = smollm(
                rows,
                2L << 30,
                values -> values.setMicroBatchTokens(999)
                        .setBackgroundCheckpoints(true)
                        .setRecompute(Recompute.RECOMPUTE_NONE));
        assertThat(asked.getMicroBatchTokens()).isEqualTo(999);
        assertThat(asked.getBackgroundCheckpoints()).isTrue();
        assertThat(asked.getRecompute()).isEqualTo(Recompute.RECOMPUTE_NONE);
    }

    private static Hyperparameters smollm(DataFacts rows, long memory, Consumer<Hyperparameters.Builder> change) {
        Architecture shape = Architecture.newBuilder()
                .setDepth(30)
                .setDimension(576)
                .setHeads(9)
                .setKeyValueHeads(3)
                .setFeedForward(1536)
                .setContextLength(8192)
                .setTiedEmbeddings(true)
                .setRopeTheta(100_000)
                .setVocabularySize(49152)
                .build();
        RunSpec.Builder spec =
                RunSpec.newBuilder().setTask(Task.TASK_INSTRUCTION).setBaseDigest("sha256:base");
        change.accept(spec.getHyperparametersBuilder());
        Machine machine = new Machine("m", 2, true, false, memory);
        return Planner.plan(spec.build(), rows, Optional.of(shape), machine).hyperparameters();
    }

    static Stream<Arguments> settingsThatDoNotFit() {
        return Stream.of(
                refused("lora.rank", values -> values.getLoraBuilder().setRank(100_000)),
                refused("lora.alpha", values -> values.getLoraBuilder().setAlpha(0)),
                refused("lora.targets", values -> values.getLoraBuilder().addTargets("lm_head")),
                refused(
                        "lora",
                        values -> values.setMethod(TuningMethod.TUNING_METHOD_FULL)
                                .setLora(LoraSettings.getDefaultInstance())),
                refused("train_last_blocks", values -> values.setTrainLastBlocks(99)),
                refused(
                        "train_last_blocks",
                        values -> values.setTrainLastBlocks(1).setMethod(TuningMethod.TUNING_METHOD_LORA)),
                refused("label_smoothing", values -> values.setLabelSmoothing(0.1)),
                refused("prefix_loss", values -> values.setPrefixLoss(0.5)),
                refused("token_replacement", values -> values.setTokenReplacement(0.5)),
                refused("class_weighting", values -> values.setClassWeighting(ClassWeighting.CLASS_WEIGHTING_BALANCED)),
                refused("class_weights", values -> values.putClassWeights("a", 2)),
                refused(
                        "optimizer",
                        values -> values.setOptimizer(Optimizer.OPTIMIZER_MUON)
                                .setMethod(TuningMethod.TUNING_METHOD_LORA)),
                refused("spike_threshold", values -> values.setSpikeThreshold(-1)),
                refused("preference_beta", values -> values.setPreferenceBeta(0.2)),
                refused("patience", values -> values.setPatience(-1)));
    }

    @Test
    void fineTuningPacksRowsByDefault() {
        assertThat(tune(Task.TASK_INSTRUCTION, values -> {}).execution().packed())
                .isTrue();
        assertThat(tune(Task.TASK_INSTRUCTION, values -> values.setPacking(false))
                        .execution()
                        .packed())
                .isFalse();
        assertThat(pretrain(spec -> {}).execution().packed()).isFalse();
        assertThatThrownBy(
                        () -> pretrain(spec -> spec.getHyperparametersBuilder().setPacking(true)))
                .isInstanceOfSatisfying(
                        RefusedSpecException.class, e -> assertThat(e.field()).isEqualTo("hyperparameters.packing"));
    }

    @Test
    void runsPlannedBeforePackingExistedKeepPaddedRows() {
        Plan packed = tune(Task.TASK_INSTRUCTION, values -> values.setPacking(true));
        Hyperparameters before =
                packed.hyperparameters().toBuilder().clearPacking().build();
        assertThat(Planner.of(Task.TASK_INSTRUCTION, packed.architecture(), 0, before, DATA)
                        .execution()
                        .packed())
                .isFalse();
    }

    private static Arguments refused(String field, Consumer<Hyperparameters.Builder> change) {
        return Arguments.of("hyperparameters." + field, change);
    }

    @ParameterizedTest
    @MethodSource("settingsThatDoNotFit")
    void invalidTuningSettingsAreRejected(String field, Consumer<Hyperparameters.Builder> change) {
        assertThatThrownBy(() -> tune(Task.TASK_INSTRUCTION, change))
                .isInstanceOfSatisfying(
                        RefusedSpecException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    private static Plan tune(Task task, Consumer<Hyperparameters.Builder> change) {
        return tune(task, ArchitectureRule.resolve(Architecture.getDefaultInstance(), 4096), DATA, change);
    }

    /** Hyperparameters of a classification with a base of the shape of SmolLM2-135M. */
    private static Hyperparameters tuneSmolLm(long rows, Consumer<Hyperparameters.Builder> change) {
        Architecture shape = Architecture.newBuilder()
                .setDepth(30)
                .setDimension(576)
                .setHeads(9)
                .setKeyValueHeads(3)
                .setFeedForward(1536)
                .setContextLength(2048)
                .setTiedEmbeddings(true)
                .setRopeTheta(100_000)
                .build();
        DataFacts data = new DataFacts(49_152, 2, rows, 30 * rows, Long.MAX_VALUE, 64);
        return tune(Task.TASK_CLASSIFICATION, ArchitectureRule.resolve(shape, 49_152), data, change)
                .hyperparameters();
    }

    private static Plan tune(Task task, Architecture base, DataFacts data, Consumer<Hyperparameters.Builder> change) {
        RunSpec.Builder spec = RunSpec.newBuilder().setTask(task).setBaseDigest("sha256:base");
        change.accept(spec.getHyperparametersBuilder());
        return Planner.plan(spec.build(), data, Optional.of(base), MACHINE);
    }

    @ParameterizedTest
    @CsvSource({
        "architecture.depth, 300",
        "architecture.heads, 7",
        "architecture.key_value_heads, 3",
        "hyperparameters.learning_rate, -1",
        "hyperparameters.batch_rows, 0",
        "hyperparameters.beta1, 1",
        "hyperparameters.warmup_fraction, 2",
        "hyperparameters.seconds, -3",
        "hyperparameters.tokens, 0",
        "hyperparameters.threads, 0",
        "dollars_per_hour, -1"
    })
    void errorsNameTheField(String field, int value) {
        assertThatThrownBy(() -> pretrain(spec -> set(spec, field, value)))
                .isInstanceOfSatisfying(
                        RefusedSpecException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void continuedPreTrainingUsesTheShapeOfItsBaseAndALowerRate() {
        Architecture base = ArchitectureRule.resolve(
                Architecture.newBuilder().setDepth(2).setContextLength(64).build(), 4096);
        RunSpec spec = RunSpec.newBuilder()
                .setTask(Task.TASK_PRETRAIN)
                .setBaseDigest("sha256:base")
                .build();
        Planner.checkTask(spec);
        Plan plan = Planner.plan(spec, DATA, Optional.of(base), MACHINE);
        assertThat(plan.architecture()).isEqualTo(base);
        assertThat(plan.hyperparameters().getLearningRate()).isEqualTo(0.3 * FineTuningDefaults.pretrainingRate(base));
        assertThat(plan.hyperparameters().getTokens()).isEqualTo(DATA.trainTokens());
        DataFacts other = new DataFacts(8192, 0, 1000, 50_000, Long.MAX_VALUE, 0);
        assertThatThrownBy(() -> Planner.plan(spec, other, Optional.of(base), MACHINE))
                .hasMessageContaining("a tokenizer of 8192 tokens");
        RunSpec shaped = spec.toBuilder()
                .setArchitecture(Architecture.newBuilder().setDepth(2))
                .build();
        assertThatThrownBy(() -> Planner.checkTask(shaped)).hasMessageContaining("architecture");
    }

    @Test
    void fineTuningRequiresABaseAndUsesItsShape() {
        RunSpec noBase = RunSpec.newBuilder().setTask(Task.TASK_CLASSIFICATION).build();
        assertThatThrownBy(() -> Planner.checkTask(noBase)).hasMessageContaining("base_digest");
        RunSpec ownShape = noBase.toBuilder()
                .setBaseDigest("sha256:base")
                .setArchitecture(Architecture.newBuilder().setDepth(2))
                .build();
        assertThatThrownBy(() -> Planner.checkTask(ownShape)).hasMessageContaining("architecture");
    }

    private static void set(RunSpec.Builder spec, String field, int value) {
        switch (field) {
            case "architecture.depth" -> spec.getArchitectureBuilder().setDepth(value);
            case "architecture.heads" -> spec.getArchitectureBuilder().setHeads(value);
            case "architecture.key_value_heads" -> spec.getArchitectureBuilder().setKeyValueHeads(value);
            case "hyperparameters.learning_rate" ->
                spec.getHyperparametersBuilder().setLearningRate(value);
            case "hyperparameters.batch_rows" ->
                spec.getHyperparametersBuilder().setBatchRows(value);
            case "hyperparameters.beta1" -> spec.getHyperparametersBuilder().setBeta1(value);
            case "hyperparameters.warmup_fraction" ->
                spec.getHyperparametersBuilder().setWarmupFraction(value);
            case "hyperparameters.seconds" -> spec.getHyperparametersBuilder().setSeconds(value);
            case "hyperparameters.tokens" -> spec.getHyperparametersBuilder().setTokens(value);
            case "hyperparameters.threads" -> spec.getHyperparametersBuilder().setThreads(value);
            case "dollars_per_hour" -> spec.setDollarsPerHour(value);
            default -> throw new IllegalArgumentException(field);
        }
    }

    private static Plan pretrain(Consumer<RunSpec.Builder> change) {
        RunSpec.Builder spec = RunSpec.newBuilder().setTask(Task.TASK_PRETRAIN);
        change.accept(spec);
        return Planner.plan(spec.build(), DATA, Optional.empty(), MACHINE);
    }
}
