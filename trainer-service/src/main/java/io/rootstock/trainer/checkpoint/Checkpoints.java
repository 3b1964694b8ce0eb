package io.rootstock.trainer.checkpoint;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.trainer.schedule.SpikeGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The checkpoints of one run, {@code step-<n>} folders of raw float32 files and a {@code checkpoint.json} that names
 * their digests. One writer at a time.
 */
public final class Checkpoints {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
    private static final String INDEX = "checkpoint.json";
    private static final String INDEX_DIGEST = "checkpoint.sha256";
    private static final String PREFIX = "step-";
    private static final String UNFINISHED = ".unfinished-";

    private final Path directory;
    private final boolean readOnly;

    /** The checkpoints under a folder, which is created when the first is written. */
    public Checkpoints(Path directory) {
        this(directory, false);
    }

    private Checkpoints(Path directory, boolean readOnly) {
        this.directory = directory;
        this.readOnly = readOnly;
    }

    /** The same as another process writes them: {@link #write} writes nothing here, and corrupt ones are left alone. */
    public Checkpoints ofAnotherWriter() {
        return new Checkpoints(directory, true);
    }

    /**
     * What {@code checkpoint.json} says.
     *
     * @param state the state
     * @param digests SHA-256 of each tensor file by name
     */
    record Index(TrainingState state, Map<String, String> digests) {}

    /**
     * Writes a checkpoint durably, then removes all but the newest {@code kept} and that of the state's best step. Where
     * it cannot be written, those that are there stay.
     *
     * @param tensors memory by file name
     * @return bytes on disk
     * @throws UncheckedIOException that names the folder, the bytes needed and those that are free
     */
    public long write(TrainingState state, Map<String, MemorySegment> tensors, int kept) {
        if (readOnly) {
            return 0;
        }
        Path place = directory.resolve(PREFIX + state.step());
        Path unfinished = directory.resolve(UNFINISHED + state.step());
        try {
            delete(unfinished);
            Files.createDirectories(unfinished);
            Map<String, String> digests = new TreeMap<>();
            long bytes = 0;
            for (Map.Entry<String, MemorySegment> tensor : tensors.entrySet()) {
                digests.put(tensor.getKey(), SegmentFile.write(unfinished.resolve(tensor.getKey()), tensor.getValue()));
                bytes += tensor.getValue().byteSize();
            }
            byte[] index = JSON.writeValueAsBytes(new Index(state, digests));
            writeDurably(unfinished.resolve(INDEX), index);
            writeDurably(
                    unfinished.resolve(INDEX_DIGEST), SegmentFile.digest(index).getBytes(StandardCharsets.US_ASCII));
            sync(unfinished);
            delete(place);
            Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
            for (long old : steps().stream().skip(kept).toList()) {
                if (old != state.bestStep()) {
                    delete(directory.resolve(PREFIX + old));
                }
            }
            return bytes + index.length;
        } catch (IOException e) {
            delete(unfinished);
            throw new UncheckedIOException(
                    "the checkpoint of step " + state.step() + " cannot be written: " + directory + " needs "
                            + bytes(tensors) + " bytes and has "
                            + directory.toFile().getUsableSpace() + " free (" + e.getMessage() + ")",
                    e);
        }
    }

    private static long bytes(Map<String, MemorySegment> tensors) {
        return tensors.values().stream().mapToLong(MemorySegment::byteSize).sum();
    }

    /**
     * Reads the newest checkpoint that is whole. Corrupt ones are reported, removed and passed over; what a killed writer
     * left unfinished is removed.
     *
     * @param memory where the tensors go, by what the state says is kept; contents are undefined when nothing is read
     * @param report told about each corrupt checkpoint
     */
    public Optional<TrainingState> readNewest(TensorMemory memory, Consumer<String> report) {
        names().stream().filter(name -> name.startsWith(UNFINISHED)).forEach(name -> delete(directory.resolve(name)));
        for (long step : steps()) {
            Path place = directory.resolve(PREFIX + step);
            try {
                return Optional.of(read(place, memory));
            } catch (CorruptCheckpointException e) {
                report.accept("checkpoint of step " + step + " is corrupt (" + e.getMessage()
                        + "); going back to the one before");
                if (!readOnly) {
                    delete(place);
                }
            }
        }
        return Optional.empty();
    }

    /** Gives the memory that tensor files are read into. */
    @FunctionalInterface
    public interface TensorMemory {
        /** Memory for a file of this name, or empty if the file is not known. */
        Optional<MemorySegment> of(String name);
    }

    /** Steps that have a checkpoint, newest first. */
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

    /** Version 1 knew nothing of loss spikes. */
    private static JsonNode upgraded(JsonNode index) {
        if (index.path("state") instanceof ObjectNode state
                && state.path("formatVersion").asInt() == 1) {
            state.put("formatVersion", TrainingState.FORMAT_VERSION);
            state.set("spikes", JSON.valueToTree(SpikeGuard.State.NEW));
        }
        return index;
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        SegmentFile.write(file, MemorySegment.ofArray(bytes));
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        } catch (NoSuchFileException none) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
