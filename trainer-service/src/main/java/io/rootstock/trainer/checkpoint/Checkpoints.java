package io.rootstock.trainer.checkpoint;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.files.FileTree;
import io.rootstock.files.Fsync;
import io.rootstock.trainer.schedule.SpikeGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The checkpoints of one run: directories {@code step-<n>} of raw float32 files, with a {@code checkpoint.json} that
 * contains the SHA-256 of each file. Supports one writer at a time.
 */
public final class Checkpoints {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    private static final String INDEX = "checkpoint.json";
    private static final int WITHOUT_POSITION = 2;
    private static final String INDEX_DIGEST = "checkpoint.sha256";
    private static final String PREFIX = "step-";
    private static final String UNFINISHED = ".unfinished-";

    private final Path directory;
    private final boolean readOnly;

    /** Opens the checkpoints in a directory, which is created by the first {@link #write}. */
    public Checkpoints(Path directory) {
        this(directory, false);
    }

    private Checkpoints(Path directory, boolean readOnly) {
        this.directory = directory;
        this.readOnly = readOnly;
    }

    /**
     * Returns a read-only view for the other processes of a run: {@link #write} does nothing and corrupt checkpoints
     * are not removed.
     */
    public Checkpoints ofAnotherWriter() {
        return new Checkpoints(directory, true);
    }

    /**
     * Content of {@code checkpoint.json}.
     *
     * @param state training state without tensors
     * @param digests SHA-256 of each tensor file by name
     */
    record Index(TrainingState state, Map<String, String> digests) {}

    /**
     * Writes a checkpoint durably, then removes all but the newest {@code kept} checkpoints and the checkpoint of the
     * state's best step. If the write fails, no checkpoint is removed.
     *
     * @param tensors memory by file name
     * @return bytes on disk
     * @throws UncheckedIOException with the directory, the bytes needed and the free bytes in its message
     */
    public long write(TrainingState state, Map<String, MemorySegment> tensors, int kept) {
        if (readOnly) {
            return 0;
        }
        Path place = directory.resolve(PREFIX + state.step());
        Path unfinished = directory.resolve(UNFINISHED + state.step());
        try {
            FileTree.delete(unfinished);
            Files.createDirectories(unfinished);
            Map<String, String> digests = new TreeMap<>();
            long bytes = 0;
            for (Map.Entry<String, MemorySegment> tensor : tensors.entrySet()) {
                digests.put(tensor.getKey(), SegmentFile.write(unfinished.resolve(tensor.getKey()), tensor.getValue()));
                bytes += tensor.getValue().byteSize();
            }
            bytes += writeIndex(unfinished, new Index(state, digests));
            Fsync.directory(unfinished);
            FileTree.delete(place);
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            Fsync.directory(directory);
            for (long old : steps().stream().skip(kept).toList()) {
                if (old != state.bestStep()) {
                    FileTree.delete(directory.resolve(PREFIX + old));
                }
            }
            return bytes;
        } catch (IOException e) {
            FileTree.delete(unfinished);
            throw new UncheckedIOException(
                    "the checkpoint of step " + state.step() + " cannot be written: " + directory + " needs "
                            + bytes(tensors) + " bytes and has "
                            + directory.toFile().getUsableSpace() + " free (" + e.getMessage() + ")",
                    e);
        }
    }

    /**
     * Adds the newest checkpoint of another run, whose files are linked if the file system can. Its count of validations
     * without a better one becomes 0, so that early stopping does not end the run at once.
     *
     * @param only step of the only checkpoint that is added; 0: any
     * @return its step; empty if the other run has no such readable checkpoint
     */
    public OptionalLong addNewestOf(Checkpoints other, long only) throws IOException {
        for (long step : other.steps()) {
            if (only > 0 && step != only) {
                continue;
            }
            Path source = other.directory.resolve(PREFIX + step);
            Index index;
            try {
                index = index(source);
            } catch (CorruptCheckpointException _) {
                continue;
            }
            Path place = Files.createDirectories(directory.resolve(PREFIX + step));
            for (String file : index.digests().keySet()) {
                FileTree.linkOrCopy(source.resolve(file), place.resolve(file));
            }
            writeIndex(place, new Index(index.state().withoutValidations(), index.digests()));
            Fsync.directory(place);
            Fsync.directory(directory);
            return OptionalLong.of(step);
        }
        return OptionalLong.empty();
    }

    /** Returns the bytes of the index. */
    private static int writeIndex(Path place, Index index) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(index);
        writeDurably(place.resolve(INDEX), bytes);
        writeDurably(place.resolve(INDEX_DIGEST), SegmentFile.digest(bytes).getBytes(StandardCharsets.US_ASCII));
        return bytes.length;
    }

    private static long bytes(Map<String, MemorySegment> tensors) {
        return tensors.values().stream().mapToLong(MemorySegment::byteSize).sum();
    }

    /**
     * Reads the newest valid checkpoint. Corrupt checkpoints are reported, removed and skipped. Directories that a
     * killed writer left incomplete are removed.
     *
     * @param memory supplies the destination of each tensor; its contents are undefined if no checkpoint is read
     * @param report receives a message for each corrupt checkpoint
     */
    public Optional<TrainingState> readNewest(TensorMemory memory, Consumer<String> report) {
        names().stream()
                .filter(name -> name.startsWith(UNFINISHED))
                .forEach(name -> FileTree.delete(directory.resolve(name)));
        for (long step : steps()) {
            Path place = directory.resolve(PREFIX + step);
            try {
                return Optional.of(read(place, memory));
            } catch (CorruptCheckpointException e) {
                report.accept("checkpoint of step " + step + " is corrupt (" + e.getMessage()
                        + "); going back to the one before");
                if (!readOnly) {
                    FileTree.delete(place);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether a checkpoint's directory has a valid index and all files that it names; does not read the files. */
    public static boolean isComplete(Path place) {
        try {
            return index(place).digests().keySet().stream().allMatch(file -> Files.isRegularFile(place.resolve(file)));
        } catch (CorruptCheckpointException _) {
            return false;
        }
    }

    /** Place of a step's checkpoint below a directory of checkpoints. */
    public static Path place(Path checkpoints, long step) {
        return checkpoints.resolve(PREFIX + step);
    }

    /** Supplies the memory into which tensor files are read. */
    @FunctionalInterface
    public interface TensorMemory {
        /** Returns the memory for the file of this name, or empty if the name is unknown. */
        Optional<MemorySegment> of(String name);
    }

    /** Steps of the existing checkpoints, newest first. */
    public List<Long> steps() {
        return names().stream()
                .filter(name -> name.matches(PREFIX + "[0-9]{1,18}"))
                .map(name -> Long.valueOf(name.substring(PREFIX.length())))
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private List<String> names() {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list checkpoints in " + directory, e);
        }
    }

    private static TrainingState read(Path place, TensorMemory memory) throws CorruptCheckpointException {
        Index index = index(place);
        try {
            for (Map.Entry<String, String> file : index.digests().entrySet()) {
                Path path = place.resolve(file.getKey());
                MemorySegment target = memory.of(file.getKey())
                        .orElseThrow(() -> new CorruptCheckpointException(file.getKey() + " is not expected"));
                if (!SegmentFile.read(path, target).equals(file.getValue())) {
                    throw new CorruptCheckpointException(file.getKey() + " does not match its digest");
                }
            }
            return index.state();
        } catch (IOException e) {
            throw new CorruptCheckpointException(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static Index index(Path place) throws CorruptCheckpointException {
        try {
            byte[] bytes = Files.readAllBytes(place.resolve(INDEX));
            if (!SegmentFile.digest(bytes)
                    .equals(Files.readString(place.resolve(INDEX_DIGEST)).strip())) {
                throw new CorruptCheckpointException(INDEX + " does not match its digest");
            }
            Index index = JSON.treeToValue(upgraded(JSON.readTree(bytes)), Index.class);
            if (index.state().formatVersion() != TrainingState.FORMAT_VERSION) {
                throw new CorruptCheckpointException(
                        "format version " + index.state().formatVersion() + " is not known");
            }
            return index;
        } catch (IOException e) {
            throw new CorruptCheckpointException(e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /**
     * Upgrades format version 1, which does not contain the state of {@link SpikeGuard}, and version 2, which does not contain
     * the position in the sources.
     */
    private static JsonNode upgraded(JsonNode index) {
        if (index.path("state") instanceof ObjectNode state) {
            int version = state.path("formatVersion").asInt();
            if (version == 1) {
                state.set("spikes", JSON.valueToTree(SpikeGuard.State.NEW));
            }
            if (version == 1 || version == WITHOUT_POSITION) {
                state.put("formatVersion", TrainingState.FORMAT_VERSION);
                state.putNull("data");
            }
        }
        return index;
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        SegmentFile.write(file, MemorySegment.ofArray(bytes));
    }

    /** Thrown when a checkpoint's files do not match their digests or its format version is unknown. */
    private static final class CorruptCheckpointException extends Exception {
        private static final long serialVersionUID = 1L;

        CorruptCheckpointException(String message) {
            super(message);
        }
    }
}
