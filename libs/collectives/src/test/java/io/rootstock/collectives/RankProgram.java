package io.rootstock.collectives;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * Main class of a process in the tests' groups: {@code RankProgram <folder> <processes> <task>}; writes
 * {@code <rank>.txt}.
 */
final class RankProgram {
    private static final long MANY = 3_000_001;

    private RankProgram() {}

    public static void main(String[] arguments) throws IOException {
        int processes = Integer.parseInt(arguments[1]);
        if (arguments[2].equals("absence") && MpiLauncher.rank() == 1) {
            System.exit(4);
        }
        try (Arena arena = Arena.ofConfined();
                Collectives group = MpiCollectives.join(processes)) {
            String answer = switch (arguments[2]) {
                case "few" -> few(group, arena);
                case "many" -> many(group, arena);
                case "mistakes" -> mistakes(group, arena);
                case "absence" -> "joined without the other";
                case "loss" -> loss(group, arena, Path.of(arguments[0]));
                default -> throw new IllegalArgumentException(arguments[2]);
            };
            Files.writeString(Path.of(arguments[0], group.rank() + ".txt"), answer);
        }
    }

    private static String few(Collectives group, Arena arena) {
        MemorySegment floats = arena.allocateFrom(JAVA_FLOAT, group.rank() + 1f, 0.5f);
        group.sum(floats, Element.FLOAT32);
        MemorySegment doubles = arena.allocateFrom(JAVA_DOUBLE, group.rank() + 1e-12);
        group.sum(doubles, Element.FLOAT64);
        MemorySegment word = arena.allocateFrom("rank " + group.rank());
        group.broadcast(word, group.size() - 1);
        group.barrier();
        return floats.getAtIndex(JAVA_FLOAT, 0) + " " + floats.getAtIndex(JAVA_FLOAT, 1) + " "
                + doubles.get(JAVA_DOUBLE, 0) + " " + word.getString(0) + " of " + group.size();
    }

    /** Sums values that are rounded: the results are equal only if the sums are bitwise identical. */
    private static String many(Collectives group, Arena arena) {
        MemorySegment values = arena.allocate(MANY * Float.BYTES, Float.BYTES);
        for (long index = 0; index < MANY; index++) {
            values.setAtIndex(JAVA_FLOAT, index, 1f / (index + 1) + group.rank() * 1e-3f);
        }
        long half = MANY / 2 * Float.BYTES;
        group.beginSum(values.asSlice(half), Element.FLOAT32);
        group.advanceSums();
        group.beginSum(values.asSlice(0, half), Element.FLOAT32);
        group.finishSums();
        CRC32 bits = new CRC32();
        bits.update(values.asByteBuffer());
        return values.getAtIndex(JAVA_FLOAT, 0) + " " + bits.getValue();
    }

    private static String mistakes(Collectives group, Arena arena) {
        StringBuilder answer = new StringBuilder();
        try {
            group.broadcast(arena.allocate(8), group.size());
        } catch (CollectivesException e) {
            answer.append(e.operation()).append('|').append(e.getMessage());
        }
        Thread other = new Thread(() -> {
            try {
                group.barrier();
            } catch (IllegalStateException e) {
                answer.append('|').append(e.getMessage());
            }
        });
        other.start();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return answer.toString();
    }

    /** Halts the last process in the middle of the task; the others wait for it. */
    private static String loss(Collectives group, Arena arena, Path folder) throws IOException {
        group.barrier();
        Files.writeString(
                folder.resolve(group.rank() + ".pid"),
                Long.toString(ProcessHandle.current().pid()));
        group.barrier();
        if (group.rank() == group.size() - 1) {
            Runtime.getRuntime().halt(137);
        }
        MemorySegment floats = arena.allocateFrom(JAVA_FLOAT, 1f);
        group.sum(floats, Element.FLOAT32);
        return "summed without the last";
    }
}
