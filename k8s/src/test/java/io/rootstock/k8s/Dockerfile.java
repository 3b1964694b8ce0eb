package io.rootstock.k8s;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Instructions of a Dockerfile; an unknown instruction is an error. */
record Dockerfile(Path file, List<Instruction> instructions) {
    private static final Set<String> KNOWN =
            Set.of("FROM", "WORKDIR", "COPY", "ENV", "RUN", "USER", "VOLUME", "EXPOSE", "ENTRYPOINT");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /**
     * An instruction.
     *
     * @param stage index of its build stage, from 0
     * @param word instruction, such as COPY
     * @param text arguments, with continued lines joined
     */
    record Instruction(int stage, String word, String text) {
        /** Returns the words after the options. */
        List<String> arguments() {
            return Stream.of(SPACE.split(text))
                    .filter(part -> !part.startsWith("--"))
                    .toList();
        }

        /** Returns the value of an option; empty if it is absent. */
        String option(String name) {
            return Stream.of(SPACE.split(text))
                    .filter(part -> part.startsWith("--" + name + "="))
                    .map(part -> part.substring(name.length() + 3))
                    .findFirst()
                    .orElse("");
        }
    }

    static Dockerfile read(Path file) throws IOException {
        List<Instruction> instructions = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        int stage = -1;
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            boolean goesOn = line.endsWith("\\");
            open.append(goesOn ? line.substring(0, line.length() - 1) : line);
            if (goesOn) {
                continue;
            }
            String[] parts = SPACE.split(open.toString().strip(), 2);
            open.setLength(0);
            if (parts.length < 2 || !KNOWN.contains(parts[0])) {
                throw new IOException(file + ": " + parts[0] + " is not an expected instruction");
            }
            stage += parts[0].equals("FROM") ? 1 : 0;
            instructions.add(new Instruction(stage, parts[0], parts[1]));
        }
        if (!open.isEmpty() || stage < 0) {
            throw new IOException(file + " ends in the middle, or has no stage");
        }
        return new Dockerfile(file, List.copyOf(instructions));
    }

    /** Returns all instructions of a kind. */
    List<Instruction> all(String word) {
        return instructions.stream().filter(each -> each.word().equals(word)).toList();
    }

    /** Returns the instructions of a kind in the final stage. */
    List<Instruction> ofImage(String word) {
        int last = instructions.getLast().stage();
        return all(word).stream().filter(each -> each.stage() == last).toList();
    }

    /** Returns the only instruction of a kind in the final stage. */
    String onlyOfImage(String word) {
        List<Instruction> found = ofImage(word);
        if (found.size() != 1) {
            throw new IllegalStateException(file + " has " + found.size() + " " + word + " in its last stage");
        }
        return found.getFirst().text();
    }

    /** Names of the build stages. */
    List<String> stages() {
        return all("FROM").stream()
                .map(Instruction::text)
                .filter(text -> text.contains(" AS "))
                .map(text -> text.substring(text.indexOf(" AS ") + 4))
                .toList();
    }
}
