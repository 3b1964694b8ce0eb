package io.rootstock.bench.training;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import io.rootstock.trainer.engine.model.ParameterView;
import io.rootstock.trainer.engine.model.Tuning;
import io.rootstock.trainer.engine.optimizer.Optimizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Files with the weights, batches and settings of a row for the PyTorch side: little-endian float32 and int32. */
final class SharedFolder {
    private static final long PIECE = 1 << 28;

    private SharedFolder() {}

    static void write(
            Path folder, Row row, Engine engine, List<Batch> batches, Optimizer.Settings settings, double learningRate)
            throws IOException {
        ModelShape shape = engine.shape();
        List<ParameterView> parameters = Stream.concat(
                        engine.parameters().stream(), engine.adapterParameters().stream())
                .toList();
        List<String> lines = new ArrayList<>(List.of(
                "heads " + shape.heads(),
                "key_value_heads " + shape.keyValueHeads(),
                "layers " + shape.layers(),
                "epsilon " + shape.normEpsilon(),
                "theta " + shape.ropeTheta(),
                "length " + row.length(),
                "threads " + row.threads(),
                "precision " + row.precision(),
                "lora_scale " + (row.tuning() instanceof Tuning.LowRank lowRank ? lowRank.scale() : 0.0),
                "learning_rate " + learningRate,
                "beta1 " + settings.beta1(),
                "beta2 " + settings.beta2(),
                "adam_epsilon " + settings.epsilon(),
                "weight_decay " + settings.weightDecay(),
                "gradient_clip " + settings.gradientClip(),
                "batches " + batches.size()));
        write(folder, lines, parameters);
        for (int index = 0; index < batches.size(); index++) {
            write(folder, index, batches.get(index));
        }
    }

    /** Writes {@code description}, with these lines and the parameters' names and shapes, and {@code weights}. */
    static void write(Path folder, List<String> lines, List<ParameterView> parameters) throws IOException {
        List<String> description = new ArrayList<>(lines);
        for (ParameterView parameter : parameters) {
            String sizes = Arrays.toString(parameter.shape()).replaceAll("[\\[\\],]", "");
            description.add("parameter " + parameter.name() + " " + sizes);
        }
        Files.write(folder.resolve("description"), description);
        try (FileChannel file =
                FileChannel.open(folder.resolve("weights"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (ParameterView parameter : parameters) {
                write(file, parameter);
            }
        }
    }

    private static void write(FileChannel file, ParameterView parameter) throws IOException {
        long bytes = parameter.values().byteSize();
        for (long from = 0; from < bytes; from += PIECE) {
            ByteBuffer piece = parameter
                    .values()
                    .asSlice(from, Math.min(PIECE, bytes - from))
                    .asByteBuffer();
            while (piece.hasRemaining()) {
                file.write(piece);
            }
        }
    }

    /** Writes the positions with a loss, as indices into the whole batch. */
    private static void write(Path folder, int index, Batch batch) throws IOException {
        write(folder.resolve("tokens-" + index), batch.tokens());
        int[] positions = switch (batch) {
            case LanguageBatch language ->
                IntStream.range(0, language.targets().length)
                        .filter(at -> language.targets()[at] != LanguageBatch.NO_LOSS)
                        .toArray();
            case ClassificationBatch classes ->
                IntStream.range(0, classes.rows())
                        .map(at -> at * classes.length() + classes.lastPositions()[at])
                        .toArray();
            case PreferenceBatch _ -> throw new IllegalArgumentException("pairs are not compared");
        };
        int[] targets = switch (batch) {
            case LanguageBatch language ->
                IntStream.of(positions).map(at -> language.targets()[at]).toArray();
            case ClassificationBatch classes -> classes.labels();
            case PreferenceBatch _ -> throw new IllegalArgumentException("pairs are not compared");
        };
        write(folder.resolve("positions-" + index), positions);
        write(folder.resolve("targets-" + index), targets);
    }

    static void write(Path file, int[] values) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        Files.write(file, bytes.array());
    }
}
